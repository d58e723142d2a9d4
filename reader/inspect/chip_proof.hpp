// SPDX-License-Identifier: Apache-2.0
// Owns how a chip is asked, inside secure messaging, to prove that it owns a private key (ICAO Doc 9303-11, 6). What it
// answers is evidence: whether that proves anything is for the judge.
#pragma once

#include <optional>

#include "card/patent/data_groups.hpp"
#include "card/wire/channel.hpp"
#include "reader/inspect/evidence.hpp"

namespace reader {

struct ChipAuthenticationOffer {
  crypto::AesKey key{};
  patent::ChipPublicKey static_key;
  std::optional<crypto::Byte> key_id{};  // sent as object 84
  crypto::SmCipher cipher = crypto::SmCipher::aes;
};
// The strongest that DG14 offers and this reader speaks; nothing when there is none.
std::optional<ChipAuthenticationOffer> choose_chip_authentication(ByteView dg14);

template <class T>
using ChipAnswer = crypto::Result<T, wire::LinkError>;
struct Agreed {
  crypto::SessionKeys keys;  // to go on under
  crypto::Point terminal_key;
};
// MSE:SET AT and GENERAL AUTHENTICATE (6.2.4.2), or with 3DES the MSE:SET KAT of old chips (6.2.4.1); nothing when the
// chip refused.
ChipAnswer<std::optional<Agreed>> agree_with_chip(crypto::Engine& engine, wire::Channel& secure,
                                                  const ChipAuthenticationOffer& offer);

// Whether EF.COM names this data group.
bool announces(ByteView com, layout::FileId data_group);
// INTERNAL AUTHENTICATE (6.1.4) with a challenge of its own.
ChipAnswer<ChallengeAnswer> challenge_chip(crypto::Engine& engine, wire::Channel& secure);

}  // namespace reader
