// SPDX-License-Identifier: Apache-2.0
// Owns the proof that a finished card is what was meant: the shipped reader opens it, reads it and judges it.
#pragma once

#include <optional>
#include <vector>

#include "personalize/issue/card_image.hpp"
#include "reader/inspect/session.hpp"
#include "reader/judge/verify.hpp"

namespace personalize {

// What the reader says of a card with this image, but for the chip's own proof: an image has no private key. The issuer
// asks before it is written.
reader::Reason judge_image(const CardImage& image, const reader::Trust& trust, const reader::Policy& policy,
                           std::chrono::sys_seconds at);

// VALID, or NOT_ACTIVE where the holder's copy is activated at handover; nothing else leaves the station.
bool acceptable(reader::Reason headline, bool activate_at_handover);

// Why a finished card is not handed out.
struct Rejection {
  reader::Reason reason{};                  // what the reader said
  std::vector<layout::FileId> differences;  // files that are not the image's, octet for octet
  bool terminated = false;                  // the chip is dead; else it must be destroyed by hand
};
struct ReadBack {
  reader::Reason reason{};
  std::optional<Rejection> rejection;
  std::optional<wire::LinkError> link_error;  // the session broke: nothing is known of the card
};

// Over a freshly reset card. `terminal`: as whom fingerprints are read; without, an image that has them is rejected.
ReadBack read_back(crypto::Engine& engine, wire::Channel& card, wire::ApduLimits link, const CardImage& image,
                   const crypto::Secret& can, const reader::TerminalIdentity* terminal, const reader::Trust& trust,
                   const reader::Policy& policy, bool activate_at_handover, std::chrono::sys_seconds at);

}  // namespace personalize
