// SPDX-License-Identifier: Apache-2.0
// Owns a genuine card with fingerprints in a test, and the terminals that may read them or may not.
#pragma once

#include "tests/terminal_rig.hpp"
#include "tests/unit/patent/finger_images.hpp"
#include "tests/unit/reader/keyed_card.hpp"

namespace testing {

// Images that are found again wherever they go.
inline patent::Fingers two_fingers() {
  using enum patent::FingerPosition;
  patent::Fingers fingers{{finger(right_index, patent::FingerFormat::wsq, 300, 400),
                           finger(left_index, patent::FingerFormat::jpeg2000, 300, 400)},
                          {}};
  constexpr std::size_t kRidges = 600;
  auto& image = fingers.images.front().image;
  image = wsq(300, 400, kRidges);
  for (std::size_t i = 0; i < kRidges; ++i)
    image[image.size() - 2 - kRidges + i] = static_cast<crypto::Byte>(1 + i * 37 % 250);
  return fingers;
}

template <auto& Way>
void with_fingers(Files& files, const ChipKeys& keys) {
  Way(files, keys);
  files[FileId::dg3] = patent::encode_dg3(two_fingers());
}

inline const rig::CvTree& tree() {
  static const rig::CvTree kTree;
  return kTree;
}

// A card that trusts this CVCA.
inline KeyedCard trusting(const Announce& announce, const Bytes& cvca = tree().cvca()) {
  return KeyedCard(MakeContent([&](const ChipKeys& keys) {
    Specimen specimen;
    specimen.before_signing = [&](Files& files) { announce(files, keys); };
    auto content = content_of(specimen, 2000);
    content.cvca = cvca;
    return content;
  }));
}
template <auto& Way>
KeyedCard& guarded() {
  static auto kCard = trusting(with_fingers<Way>);
  return kCard;
}

inline reader::TerminalIdentity identity(std::vector<Bytes> certificates, const crypto::SigningKey& key) {
  return {std::move(certificates), [&key](crypto::ByteView digest) -> std::optional<Bytes> {
            auto signature = key.sign_digest(digest);
            return signature ? std::optional(*std::move(signature)) : std::nullopt;
          }};
}
inline reader::TerminalIdentity identity_of(const rig::CvTree& of) {
  return identity({of.terminal(), of.dv()}, of.terminal_key);
}

inline reader::Evidence inspect_as(const reader::TerminalIdentity& terminal, wire::Channel& card,
                                   const reader::ReadPlan& plan = {.fingers = true}, wire::ApduLimits link = kFast) {
  return reader::inspect(rig::engine(), card, can_key(), plan, {.link = link, .terminal = &terminal},
                         at("2026-03-10T09:00:00Z"));
}

}  // namespace testing
