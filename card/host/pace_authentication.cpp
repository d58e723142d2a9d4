// SPDX-License-Identifier: Apache-2.0
#include "card/host/pace_authentication.hpp"

#include "card/host/card_objects.hpp"
#include "card/host/file_system.hpp"
#include "card/host/life_cycle.hpp"
#include "card/host/retry_counter.hpp"
#include "crypto/tlv.hpp"

namespace host {

using wire::StatusWord;

namespace {

constexpr std::size_t kMaxCardAccess = layout::file(layout::FileId::card_access).capacity;

std::optional<crypto::AesKey> key_of(crypto::ByteView oid) {
  for (const auto key : {crypto::AesKey::aes128, crypto::AesKey::aes192, crypto::AesKey::aes256})
    if (std::ranges::equal(oid, crypto::pace_oid({.key = key}))) return key;
  return std::nullopt;
}

std::optional<crypto::Curve> curve_of(crypto::Byte parameter_id) {
  for (const auto curve : crypto::kCurves)
    if (static_cast<crypto::Byte>(curve) == parameter_id) return curve;
  return std::nullopt;
}

// PACEInfo ::= SEQUENCE { protocol OID, version INTEGER (2), parameterId INTEGER } (Doc 9303-11, 9.2.1): its parameter
// id when it is of this protocol.
std::optional<crypto::Byte> parameter_of(crypto::ByteView security_info, crypto::ByteView oid) {
  crypto::TlvReader reader(security_info);
  const auto protocol = reader.expect(0x06);
  const auto version = reader.expect(0x02);
  const auto parameter = reader.expect(0x02);
  const bool fits = protocol && version && parameter && std::ranges::equal(protocol->value, oid) &&
                    version->value.size() == 1 && version->value[0] == 2 && parameter->value.size() == 1;
  return fits ? std::optional(parameter->value[0]) : std::nullopt;
}

// 7C { tag value }.
Answer<> put_dynamic(crypto::Byte tag, crypto::ByteView value, wire::Reply& reply) {
  crypto::TlvWriter writer(reply.room());
  writer.header(0x7C, crypto::tlv_header_size(tag, value.size()) + value.size());
  writer.put(tag, value);
  const auto written = writer.finish();
  if (!written || !reply.extend(written->size())) return refuse(StatusWord::wrong_length);
  return {};
}

StatusWord refusal_of(crypto::CryptoError error) {
  switch (error) {
    case crypto::CryptoError::bad_token: return StatusWord::authentication_failed;
    case crypto::CryptoError::bad_state: return StatusWord::conditions_not_satisfied;
    case crypto::CryptoError::bad_point:
    case crypto::CryptoError::bad_length: return StatusWord::wrong_data;
    default: return StatusWord::no_precise_diagnosis;
  }
}

}  // namespace

std::chrono::milliseconds pace_delay(std::uint8_t failures) {
  constexpr std::chrono::milliseconds kFirst{100};
  constexpr std::chrono::milliseconds kMost{10'000};
  constexpr std::uint8_t kDoublings = 7;
  if (failures == 0) return std::chrono::milliseconds{0};
  return std::min(kMost, kFirst * (1 << std::min<int>(failures - 1, kDoublings)));
}

std::optional<crypto::PaceParameters> find_pace_info(crypto::ByteView card_access, crypto::ByteView oid,
                                                     std::optional<crypto::Byte> parameter_id) {
  const auto key = key_of(oid);
  const auto infos = crypto::read_only_tlv(card_access, 0x31);
  if (!key || !infos) return std::nullopt;
  crypto::TlvReader reader(infos->value);
  while (!reader.at_end()) {
    const auto info = reader.next();
    if (!info) return std::nullopt;
    const auto offered = info->tag == 0x30 ? parameter_of(info->value, oid) : std::nullopt;
    const auto curve = offered ? curve_of(*offered) : std::nullopt;
    if (curve && (!parameter_id || *parameter_id == *offered)) return crypto::PaceParameters{*curve, *key};
  }
  return std::nullopt;
}

void PaceAuthentication::reset() { chip_.reset(); }

Answer<> PaceAuthentication::set(const SetPace& command) {
  chip_.reset();
  PATENT_TRY(const auto state, life_cycle(platform_.store));
  if (state != layout::LifeCycle::personalized) return refuse(StatusWord::conditions_not_satisfied);
  crypto::Buffer<kMaxCardAccess> card_access;
  const auto& file = layout::file(layout::FileId::card_access);
  FileSystem files(platform_.store);
  if (!card_access.resize(files.size(file))) return refuse(StatusWord::memory_failure);
  PATENT_TRY_VOID(files.read(file, 0, card_access.span()));
  const auto parameters = find_pace_info(card_access, command.oid, command.parameter_id);
  if (!parameters) return refuse(StatusWord::wrong_data);
  parameters_ = *parameters;
  password_ = command.password;
  chip_.emplace(platform_.engine, parameters_);
  return {};
}

Answer<> PaceAuthentication::authenticate(const AuthenticatePace& command, wire::Reply& reply) {
  using Step = AuthenticatePace::Step;
  if (!chip_) return refuse(StatusWord::conditions_not_satisfied);
  const auto outcome = [&]() -> Answer<> {
    switch (command.step) {
      case Step::nonce: return send_nonce(reply);
      case Step::map: return map(command.value, reply);
      case Step::agree: return agree(command.value, reply);
      case Step::token: return check_token(command.value, reply);
    }
    return refuse(StatusWord::wrong_data);
  }();
  if (!outcome || command.step == Step::token) chip_.reset();
  return outcome;
}

Answer<crypto::Secret> PaceAuthentication::password_key() {
  const ObjectId id = password_ == crypto::PasswordKind::can ? kCanObject : kMrzPasswordObject;
  const std::size_t size = platform_.store.size(id);
  if (size == 0 || size > crypto::Secret::kCapacity) return refuse(StatusWord::referenced_data_not_found);
  crypto::Secret password;
  PATENT_TRY_VOID(answer_of(platform_.store.read(id, 0, password.prepare(size))));
  crypto::Secret key;
  PATENT_TRY_VOID(answer_of(crypto::password_key(platform_.engine, password, parameters_.key, key)));
  return key;
}

Answer<> PaceAuthentication::send_nonce(wire::Reply& reply) {
  // The delay stands before the run, not after a failure: cutting the power shortens nothing.
  PATENT_TRY(const auto failures, RetryCounter(platform_.store, kPaceTriesObject).failures());
  platform_.delay.hold(pace_delay(failures));
  PATENT_TRY(const auto key, password_key());
  const auto nonce = chip_->encrypt_nonce(key);
  if (!nonce) return refuse(refusal_of(nonce.error()));
  return put_dynamic(0x80, *nonce, reply);
}

Answer<> PaceAuthentication::map(crypto::ByteView value, wire::Reply& reply) {
  const auto mapping_key = chip_->map(value);
  if (!mapping_key) return refuse(refusal_of(mapping_key.error()));
  return put_dynamic(0x82, *mapping_key, reply);
}

Answer<> PaceAuthentication::agree(crypto::ByteView value, wire::Reply& reply) {
  const auto ephemeral_key = chip_->agree(value);
  if (!ephemeral_key) return refuse(refusal_of(ephemeral_key.error()));
  return put_dynamic(0x84, *ephemeral_key, reply);
}

Answer<> PaceAuthentication::check_token(crypto::ByteView value, wire::Reply& reply) {
  RetryCounter tries(platform_.store, kPaceTriesObject);
  PATENT_TRY_VOID(tries.charge());
  const auto token = chip_->finish(value);
  if (!token) return refuse(refusal_of(token.error()));
  auto keys = chip_->take_keys();
  if (!keys) return refuse(refusal_of(keys.error()));
  PATENT_TRY_VOID(tries.clear());
  PATENT_TRY_VOID(put_dynamic(0x86, *token, reply));
  platform_.security.stage(std::move(*keys));
  return {};
}

}  // namespace host
