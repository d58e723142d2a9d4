// SPDX-License-Identifier: Apache-2.0
// Owns the reader that is none of ours: a card played by patent-card, put into a virtual reader of a real PC/SC service
// by the sample's feed program. Its card loses its power when the process that plays it is killed.
#pragma once

#include "personalize/floor/card_feed.hpp"
#include "tests/interop/pcsc/private_service.hpp"
#include "tests/kill/fate.hpp"

namespace kill_test {

// The service, for as long as cases need it. The program ends here (75) where this machine has none.
class RealReader {
public:
  RealReader();

private:
  interop::PrivateService service_;
};
std::unique_ptr<personalize::CardFeed> real_feed(const std::filesystem::path& cards, Reaper& reaper);

}  // namespace kill_test
