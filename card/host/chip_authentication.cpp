// SPDX-License-Identifier: Apache-2.0
#include "card/host/chip_authentication.hpp"

#include "card/host/access_control.hpp"
#include "card/host/chip_key.hpp"
#include "crypto/chip_authentication.hpp"

namespace host {

using wire::StatusWord;

namespace {

std::optional<crypto::AesKey> key_length_of(crypto::ByteView oid) {
  for (const auto key : {crypto::AesKey::aes128, crypto::AesKey::aes192, crypto::AesKey::aes256})
    if (std::ranges::equal(oid, crypto::ca_oid(key))) return key;
  return std::nullopt;
}

// Of the field's size (TR-03111, 4.1.1); ActiveAuthenticationInfo in DG14 says so.
crypto::HashAlgorithm hash_of(crypto::Curve curve) {
  if (crypto::field_size(curve) <= 32) return crypto::HashAlgorithm::sha256;
  return crypto::field_size(curve) <= 48 ? crypto::HashAlgorithm::sha384 : crypto::HashAlgorithm::sha512;
}

}  // namespace

Answer<> ChipAuthentication::require_session() const { return require(layout::Access::pace, platform_.security); }

Answer<> ChipAuthentication::set(const SetChipAuthentication& command) {
  reset();
  PATENT_TRY_VOID(require_session());
  const auto key_length = key_length_of(command.oid);
  if (!key_length) return refuse(StatusWord::wrong_data);
  if (!has_chip_key(platform_.store, ChipKeyUse::chip_authentication))
    return refuse(StatusWord::referenced_data_not_found);
  key_length_ = key_length;
  return {};
}

Answer<> ChipAuthentication::authenticate(const AuthenticateChip& command, wire::Reply& reply) {
  constexpr std::array<crypto::Byte, 2> kNoDynamicData{0x7C, 0x00};
  PATENT_TRY_VOID(require_session());
  if (!key_length_) return refuse(StatusWord::conditions_not_satisfied);
  TerminalSession terminal;
  auto keys = agree(*key_length_, command.ephemeral_key);
  reset();
  const bool done = keys && reply.append(kNoDynamicData) &&
                    terminal.chip_id.assign(platform_.security.terminal().chip_id) &&
                    terminal.terminal_key.assign(crypto::compressed(command.ephemeral_key));
  if (!done) {
    platform_.security.end_with_answer();
    return refuse(keys ? StatusWord::wrong_length : keys.error());
  }
  platform_.security.stage(*std::move(keys), terminal);
  return {};
}

Answer<crypto::SessionKeys> ChipAuthentication::agree(crypto::AesKey key_length, crypto::ByteView ephemeral_key) {
  PATENT_TRY(const ChipKey key, load_chip_key(platform_.store, ChipKeyUse::chip_authentication));
  auto keys = crypto::chip_agree(platform_.engine, key.curve, key_length, key.scalar, ephemeral_key);
  if (!keys) return refuse(refusal_of(keys.error()));
  return *std::move(keys);
}

// 6.1.2.2: a plain signature over the challenge alone.
Answer<> ChipAuthentication::answer_challenge(const InternalAuthenticate& command, wire::Reply& reply) {
  PATENT_TRY_VOID(require_session());
  PATENT_TRY(const ChipKey key, load_chip_key(platform_.store, ChipKeyUse::active_authentication));
  const auto hash = hash_of(key.curve);
  std::array<crypto::Byte, crypto::kMaxHashSize> memory{};
  const auto digest = std::span(memory).first(crypto::hash_size(hash));
  PATENT_TRY_VOID(answer_of(platform_.engine.hash(hash, std::array{command.challenge}, digest)));
  const auto signature = platform_.engine.ecdsa_sign(key.curve, key.scalar.view(), digest);
  if (!signature) return refuse(StatusWord::no_precise_diagnosis);
  return reply.append(*signature) ? Answer<>{} : refuse(StatusWord::wrong_length);
}

}  // namespace host
