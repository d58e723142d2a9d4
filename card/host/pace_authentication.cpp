// SPDX-License-Identifier: Apache-2.0
#include "card/host/pace_authentication.hpp"

#include "card/host/card_objects.hpp"
#include "card/host/chip_key.hpp"
#include "card/host/file_system.hpp"
#include "card/host/life_cycle.hpp"
#include "card/host/retry_counter.hpp"
#include "crypto/tlv.hpp"

namespace host {

using wire::StatusWord;

namespace {

constexpr std::size_t kMaxCardAccess = layout::file(layout::FileId::card_access).capacity;

// The curve is not in the OID.
struct PaceProtocol {
  crypto::Mapping mapping;
  crypto::AesKey key;
};

std::optional<PaceProtocol> protocol_of(crypto::ByteView oid) {
  for (const auto mapping : {crypto::Mapping::generic, crypto::Mapping::chip_authentication})
    for (const auto key : {crypto::AesKey::aes128, crypto::AesKey::aes192, crypto::AesKey::aes256})
      if (std::ranges::equal(oid, crypto::pace_oid({.key = key, .mapping = mapping})))
        return PaceProtocol{mapping, key};
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

struct DynamicObject {
  crypto::Byte tag;
  crypto::ByteView value;
};

// 7C { tag value ... }.
Answer<> put_dynamic(std::initializer_list<DynamicObject> objects, wire::Reply& reply) {
  std::size_t length = 0;
  for (const auto& object : objects)
    length += crypto::tlv_header_size(object.tag, object.value.size()) + object.value.size();
  crypto::TlvWriter writer(reply.room());
  writer.header(0x7C, length);
  for (const auto& object : objects) writer.put(object.tag, object.value);
  const auto written = writer.finish();
  if (!written || !reply.extend(written->size())) return refuse(StatusWord::wrong_length);
  return {};
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
  const auto protocol = protocol_of(oid);
  const auto infos = crypto::read_only_tlv(card_access, 0x31);
  if (!protocol || !infos) return std::nullopt;
  crypto::TlvReader reader(infos->value);
  while (!reader.at_end()) {
    const auto info = reader.next();
    if (!info) return std::nullopt;
    const auto offered = info->tag == 0x30 ? parameter_of(info->value, oid) : std::nullopt;
    const auto curve = offered ? curve_of(*offered) : std::nullopt;
    if (curve && (!parameter_id || *parameter_id == *offered))
      return crypto::PaceParameters{*curve, protocol->key, protocol->mapping};
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
  const auto outcome = parameters_.mapping == crypto::Mapping::chip_authentication ? give_chip_key() : Answer<>{};
  if (!outcome) chip_.reset();
  return outcome;
}

// Doc 9303-11, 4.4.3.5: the static key stands on the curve of the run.
Answer<> PaceAuthentication::give_chip_key() {
  PATENT_TRY(const ChipKey key, load_chip_key(platform_.store, ChipKeyUse::chip_authentication));
  if (key.curve != parameters_.curve) return refuse(StatusWord::referenced_data_not_found);
  chip_->set_chip_key(key.scalar);
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
  if (!outcome) platform_.security.end_with_answer();
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
  PATENT_TRY(const auto failures, RetryCounter(platform_.store, pace_tries_object(password_)).failures());
  platform_.delay.hold(pace_delay(failures));
  PATENT_TRY(const auto key, password_key());
  const auto nonce = chip_->encrypt_nonce(key);
  if (!nonce) return refuse(refusal_of(nonce.error()));
  return put_dynamic({{0x80, *nonce}}, reply);
}

Answer<> PaceAuthentication::map(crypto::ByteView value, wire::Reply& reply) {
  const auto mapping_key = chip_->map(value);
  if (!mapping_key) return refuse(refusal_of(mapping_key.error()));
  return put_dynamic({{0x82, *mapping_key}}, reply);
}

Answer<> PaceAuthentication::agree(crypto::ByteView value, wire::Reply& reply) {
  const auto ephemeral_key = chip_->agree(value);
  if (!ephemeral_key) return refuse(refusal_of(ephemeral_key.error()));
  return put_dynamic({{0x84, *ephemeral_key}}, reply);
}

Answer<> PaceAuthentication::check_token(crypto::ByteView value, wire::Reply& reply) {
  RetryCounter tries(platform_.store, pace_tries_object(password_));
  PATENT_TRY_VOID(tries.charge());
  const auto token = chip_->finish(value);
  if (!token) return refuse(refusal_of(token.error()));
  PATENT_TRY_VOID(put_proof(*token, reply));
  auto keys = chip_->take_keys();
  if (!keys) return refuse(refusal_of(keys.error()));
  PATENT_TRY_VOID(tries.clear());
  return stage(*std::move(keys));
}

// Terminal authentication names this run by its ephemeral keys. After PACE-CAM nothing more is needed for it.
Answer<> PaceAuthentication::stage(crypto::SessionKeys keys) {
  TerminalSession terminal;
  const bool genuine = parameters_.mapping == crypto::Mapping::chip_authentication;
  const auto terminal_key = genuine ? crypto::compressed(chip_->terminal_key()) : crypto::ByteView();
  if (!terminal.chip_id.assign(crypto::compressed(chip_->chip_key())) || !terminal.terminal_key.assign(terminal_key))
    return refuse(StatusWord::no_precise_diagnosis);
  platform_.security.stage(std::move(keys), terminal);
  return {};
}

// 86, and behind it what only the owner of the static key can say (8A).
Answer<> PaceAuthentication::put_proof(crypto::ByteView token, wire::Reply& reply) {
  if (parameters_.mapping != crypto::Mapping::chip_authentication) return put_dynamic({{0x86, token}}, reply);
  const auto chip_data = chip_->chip_authentication_data();
  if (!chip_data) return refuse(refusal_of(chip_data.error()));
  return put_dynamic({{0x86, token}, {0x8A, *chip_data}}, reply);
}

}  // namespace host
