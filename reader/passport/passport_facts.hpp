// SPDX-License-Identifier: Apache-2.0
// Owns the reading of what a holder's own document says, with the centuries that its machine readable zone leaves out.
#pragma once

#include "reader/passport/passport.hpp"

namespace reader {

struct PassportGroups {
  ByteView dg1, dg2;
  const Bytes *dg11, *dg12;  // or nullptr: few states fill them
};
// An error when DG1 or the portrait do not decode, or the zone's dates are none. `today` decides the centuries: nobody
// is born tomorrow, and no document is good for fifty years.
patent::Decoded<PassportFacts> passport_facts(const PassportGroups& groups, patent::Date today);

}  // namespace reader
