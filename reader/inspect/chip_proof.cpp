// SPDX-License-Identifier: Apache-2.0
#include "reader/inspect/chip_proof.hpp"

#include <algorithm>
#include <tuple>

#include "crypto/active_authentication.hpp"
#include "crypto/chip_authentication.hpp"
#include "crypto/tlv.hpp"

namespace reader {
namespace {

// True when the chip took the command.
ChipAnswer<bool> accepts(wire::Channel& secure, const wire::Command& command) {
  PATENT_TRY(const auto response, secure.transmit(command));
  return response.ok();
}

struct Protocol {
  crypto::AesKey key;
  crypto::SmCipher cipher;
  std::optional<int> key_id;
};

std::vector<Protocol> protocols_of(const patent::SecurityInfos& infos) {
  using crypto::SmCipher;
  constexpr auto kTwoKeys = crypto::AesKey::aes128;  // as long as 3DES's
  std::vector<Protocol> protocols;
  for (const auto& info : infos.chip_authentication) {
    if (const auto key = patent::supported(info)) protocols.push_back({*key, SmCipher::aes, info.key_id});
    if (std::ranges::equal(info.protocol_oid, crypto::triple_des_ca_oid()))
      protocols.push_back({kTwoKeys, SmCipher::triple_des, info.key_id});
  }
  // The oldest documents name a key and no protocol (TR-03110-3, A.1.1.2).
  if (infos.chip_authentication.empty())
    for (const auto& info : infos.chip_keys) protocols.push_back({kTwoKeys, SmCipher::triple_des, info.key_id});
  return protocols;
}

// False when the chip refused.
ChipAnswer<bool> send_key(wire::Channel& secure, const ChipAuthenticationOffer& offer, ByteView ephemeral_key) {
  if (offer.cipher == crypto::SmCipher::triple_des) {
    const auto data = crypto::key_agreement_template(ephemeral_key, offer.key_id);
    if (!data) return false;
    return accepts(secure, {.ins = 0x22, .p1 = 0x41, .p2 = 0xA6, .data = *data});
  }
  Bytes reference = crypto::tlv(0x80, crypto::ca_oid(offer.key));
  if (offer.key_id) crypto::append_tlv(reference, 0x84, {&*offer.key_id, 1});
  PATENT_TRY(const bool chosen, accepts(secure, {.ins = 0x22, .p1 = 0x41, .p2 = 0xA4, .data = reference}));
  if (!chosen) return false;
  const Bytes dynamic = crypto::tlv(0x7C, crypto::tlv(0x80, ephemeral_key));
  return accepts(secure, {.ins = 0x86, .data = dynamic, .le = wire::kMaxShortLe});
}

}  // namespace

std::optional<ChipAuthenticationOffer> choose_chip_authentication(ByteView dg14) {
  const auto inside = patent::decode_dg14(dg14);
  if (!inside) return std::nullopt;
  const auto infos = patent::decode_security_infos(*inside);
  if (!infos) return std::nullopt;
  const auto strength = [](const ChipAuthenticationOffer& offer) {
    return std::tuple(offer.cipher == crypto::SmCipher::aes, crypto::octets(offer.key),
                      crypto::field_size(offer.static_key.curve));
  };
  std::optional<ChipAuthenticationOffer> best;
  for (const auto& protocol : protocols_of(*infos)) {
    for (const auto& info : infos->chip_keys) {
      const auto static_key = patent::supported(info);
      if (!static_key || info.key_id != protocol.key_id) continue;
      ChipAuthenticationOffer offer{protocol.key, *static_key, std::nullopt, protocol.cipher};
      if (info.key_id) offer.key_id = static_cast<crypto::Byte>(*info.key_id);
      if (!best || strength(offer) > strength(*best)) best = offer;
    }
  }
  return best;
}

ChipAnswer<std::optional<Agreed>> agree_with_chip(crypto::Engine& engine, wire::Channel& secure,
                                                  const ChipAuthenticationOffer& offer) {
  crypto::ChipAuthenticationTerminal terminal(engine, offer.static_key.curve, offer.key, offer.cipher);
  const auto ephemeral_key = terminal.start(offer.static_key.point);
  if (!ephemeral_key) return std::nullopt;
  PATENT_TRY(const bool agreed, send_key(secure, offer, *ephemeral_key));
  if (!agreed) return std::nullopt;
  auto keys = terminal.finish();
  if (!keys) return std::nullopt;
  return Agreed{*std::move(keys), *ephemeral_key};
}

bool announces(ByteView com, layout::FileId data_group) {
  const auto decoded = patent::decode_com(com);
  return decoded && std::ranges::find(decoded->tags, layout::file(data_group).tag) != decoded->tags.end();
}

ChipAnswer<ChallengeAnswer> challenge_chip(crypto::Engine& engine, wire::Channel& secure) {
  ChallengeAnswer out{Bytes(crypto::kActiveChallengeSize), {}};
  if (!engine.random(out.challenge)) return crypto::unexpected(wire::LinkError::internal);
  PATENT_TRY(const auto response, secure.transmit({.ins = 0x88, .data = out.challenge, .le = wire::kMaxShortLe}));
  if (response.ok()) out.answer.assign(response.data.begin(), response.data.end());
  return out;
}

}  // namespace reader
