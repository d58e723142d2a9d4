// SPDX-License-Identifier: Apache-2.0
// Owns the question whose fault a failure is, which decides what a batch does next.
#pragma once

#include "personalize/issue/issuance.hpp"

namespace personalize {

enum class Blame : std::uint8_t {
  order,    // held: no card could do better
  blank,    // unfit before anything was written: into the reject bin, and the order takes the next one
  chip,     // torn, or it answers wrongly: tried again
  link,     // card, reader or service did not answer: connected again
  verdict,  // the finished card is not what it should be: its order is voided
  station,  // keys, certificates, ledger: every other order would fail alike
};
Blame blame_of(const IssuanceFailure& failure);

}  // namespace personalize
