// SPDX-License-Identifier: Apache-2.0
// Owns the way into a chip: PACE as the terminal runs it over a Channel (ICAO Doc 9303-11, 4.4), and Basic Access
// Control for documents that know no better (4.3).
#pragma once

#include <optional>

#include "card/wire/channel.hpp"
#include "crypto/engine.hpp"
#include "crypto/pace.hpp"
#include "reader/inspect/evidence.hpp"
#include "reader/inspect/session.hpp"

namespace reader {

// One PACEInfo that this reader speaks.
struct PaceOffer {
  crypto::PaceParameters parameters;
  // Sent as object 84 when EF.CardAccess offers more than one PACEInfo, for then the protocol alone is ambiguous.
  std::optional<crypto::Byte> parameter_id;
};
// The strongest that EF.CardAccess offers and this reader speaks, and of two equals the one that proves the chip too;
// nothing when there is none.
std::optional<PaceOffer> choose_pace(ByteView card_access);

struct AccessFailure {
  AccessOutcome outcome = AccessOutcome::refused;
  std::optional<wire::LinkError> link_error{};
};
struct Opened {
  crypto::SessionKeys keys;
  std::optional<crypto::ChipMapping> chip_mapping{};  // of PACE-CAM, when the chip gave one
  TerminalBinding binding{};
};
// MSE:SET AT and the four GENERAL AUTHENTICATE.
crypto::Result<Opened, AccessFailure> open_with_pace(crypto::Engine& engine, wire::Channel& channel,
                                                     const PaceOffer& offer, const AccessKey& key);

// GET CHALLENGE and EXTERNAL AUTHENTICATE, with the eMRTD application selected. The key must be the MRZ's.
crypto::Result<Opened, AccessFailure> open_with_bac(crypto::Engine& engine, wire::Channel& channel,
                                                    const AccessKey& key);

}  // namespace reader
