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

}  // namespace

std::optional<ChipAuthenticationOffer> choose_chip_authentication(ByteView dg14) {
  const auto inside = patent::decode_dg14(dg14);
  if (!inside) return std::nullopt;
  const auto infos = patent::decode_security_infos(*inside);
  if (!infos) return std::nullopt;
  const auto strength = [](const ChipAuthenticationOffer& offer) {
    return std::tuple(crypto::octets(offer.key), crypto::field_size(offer.static_key.curve));
  };
  std::optional<ChipAuthenticationOffer> best;
  for (const auto& protocol : infos->chip_authentication) {
    const auto key = patent::supported(protocol);
    for (const auto& info : infos->chip_keys) {
      const auto static_key = patent::supported(info);
      if (!key || !static_key || info.key_id != protocol.key_id) continue;
      ChipAuthenticationOffer offer{*key, *static_key, std::nullopt};
      if (info.key_id) offer.key_id = static_cast<crypto::Byte>(*info.key_id);
      if (!best || strength(offer) > strength(*best)) best = offer;
    }
  }
  return best;
}

ChipAnswer<std::optional<Agreed>> agree_with_chip(crypto::Engine& engine, wire::Channel& secure,
                                                  const ChipAuthenticationOffer& offer) {
  crypto::ChipAuthenticationTerminal terminal(engine, offer.static_key.curve, offer.key);
  const auto ephemeral_key = terminal.start(offer.static_key.point);
  if (!ephemeral_key) return std::nullopt;
  Bytes reference = crypto::tlv(0x80, crypto::ca_oid(offer.key));
  if (offer.key_id) crypto::append_tlv(reference, 0x84, {&*offer.key_id, 1});
  PATENT_TRY(const bool chosen, accepts(secure, {.ins = 0x22, .p1 = 0x41, .p2 = 0xA4, .data = reference}));
  if (!chosen) return std::nullopt;
  const Bytes dynamic = crypto::tlv(0x7C, crypto::tlv(0x80, *ephemeral_key));
  PATENT_TRY(const bool agreed, accepts(secure, {.ins = 0x86, .data = dynamic, .le = wire::kMaxShortLe}));
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
