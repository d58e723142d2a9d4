// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/runner.hpp"

#include <algorithm>

#include "crypto/key_diversification.hpp"
#include "crypto/tlv.hpp"
#include "personalize/issue/store_data.hpp"
#include "reader/inspect/read_plan.hpp"

namespace personalize {
namespace {

using crypto::Byte;
using crypto::Bytes;
using crypto::ByteView;
using layout::Application;
using layout::LifeCycle;
using wire::StatusWord;

constexpr std::size_t kMemory = 64 * 1024;
constexpr std::size_t kCplcOctets = 42;
constexpr std::size_t kCplcSerial = 10;  // IC fabrication date, IC serial number, IC batch identifier
constexpr Byte kAesKeyType = 0x88;       // GlobalPlatform Card Specification 2.3.1, table 11-16
constexpr Byte kSecurityDomain = 0x80;   // P1 of GET STATUS and SET STATUS: the issuer security domain, and the card

ByteView aid(Application application) {
  switch (application) {
    case Application::emrtd: return layout::kEmrtdAid;
    case Application::records: return layout::kRecordsAid;
    default: return layout::kSecurityDomainAid;
  }
}

void append_with_length(Bytes& out, ByteView value) {
  out.push_back(static_cast<Byte>(value.size()));
  out.insert(out.end(), value.begin(), value.end());
}

// The value of GET DATA's answer, whether the chip puts its tag in front (as Card Specification 2.3.1 has it) or not.
ByteView without_tag(ByteView data, std::uint32_t tag) {
  const auto object = crypto::read_only_tlv(data, tag, crypto::TlvForm::ber);
  return object ? object->value : data;
}

struct KeyInformation {
  Byte version = 0;
  Byte length = 0;
};
// E0 { C0 { key id, key version, key type, key length }... } (H.3): all keys of a set were put by one command.
std::optional<KeyInformation> parse_key_information(ByteView data) {
  const auto set = crypto::read_only_tlv(data, 0xE0, crypto::TlvForm::ber);
  if (!set) return std::nullopt;
  const auto key = crypto::find_tlv(set->value, 0xC0, crypto::TlvForm::ber);
  if (!key || !*key || (*key)->value.size() < 4 || (*key)->value[2] != kAesKeyType) return std::nullopt;
  return KeyInformation{(*key)->value[1], (*key)->value[3]};
}

std::optional<LifeCycle> parse_life_cycle(ByteView data) {
  const auto entry = crypto::read_only_tlv(data, 0xE3, crypto::TlvForm::ber);
  if (!entry) return std::nullopt;
  const auto state = crypto::find_tlv(entry->value, 0x9F70, crypto::TlvForm::ber);
  if (!state || !*state || (*state)->value.size() != 1) return std::nullopt;
  constexpr std::array known{LifeCycle::op_ready,     LifeCycle::initialized, LifeCycle::secured,
                             LifeCycle::personalized, LifeCycle::locked,      LifeCycle::terminated};
  const auto found = std::ranges::find(known, static_cast<LifeCycle>((*state)->value[0]));
  if (found == known.end()) return std::nullopt;
  return *found;
}

}  // namespace

Runner::Runner(crypto::Engine& engine, wire::Channel& card, wire::ApduLimits link, const ChannelKeys& keys)
    : engine_(engine),
      link_(link),
      keys_(keys),
      chaining_memory_(kMemory),
      command_memory_(kMemory),
      response_memory_(kMemory),
      card_(card, link, chaining_memory_) {}

crypto::unexpected<RunFailure> Runner::failure(RunError error) const {
  return crypto::unexpected<RunFailure>(RunFailure{error, step_});
}

crypto::unexpected<RunFailure> Runner::failure(crypto::CryptoError error) const {
  return crypto::unexpected<RunFailure>(RunFailure{RunError::crypto, step_, {}, {}, error});
}

Ran<wire::Response> Runner::exchange(const wire::Command& command) {
  auto& channel = channel_ ? static_cast<wire::Channel&>(*channel_) : card_;
  auto response = channel.transmit(command);
  if (!response) return crypto::unexpected<RunFailure>(RunFailure{RunError::link, step_, response.error()});
  return *response;
}

Ran<wire::Response> Runner::send(const wire::Command& command) {
  PATENT_TRY(const auto response, exchange(command));
  if (!response.ok()) return crypto::unexpected<RunFailure>(RunFailure{RunError::refused, step_, {}, response.sw});
  return response;
}

Ran<Chip> Runner::identify() {
  PATENT_TRY_VOID(read_limits());
  PATENT_TRY_VOID(perform_step(SelectSecurityDomain{}));
  PATENT_TRY_VOID(perform_step(Identify{}));
  PATENT_TRY_VOID(perform_step(OpenChannel{chip_.keys}));
  if (chip_.keys == KeySet::issuer) PATENT_TRY_VOID(read_life_cycle());
  return chip_;
}

Ran<void> Runner::run(const PersoScript& script, const CardSecrets& secrets) {
  for (const auto& step : script) PATENT_TRY_VOID(run(step, secrets));
  return {};
}

Ran<void> Runner::run(const Step& step, const CardSecrets& secrets) {
  secrets_ = &secrets;
  return perform_step(step);
}

Ran<void> Runner::perform_step(const Step& step) {
  step_ = describe(step);
  return std::visit([this](const auto& s) { return perform(s); }, step);
}

Ran<void> Runner::read_limits() {
  step_ = "READ BINARY EF.ATR/INFO";
  const auto sfi = static_cast<Byte>(0x80 | layout::file(layout::FileId::atr_info).sfi);
  PATENT_TRY(const auto response, exchange({0x00, 0xB0, sfi, 0x00, {}, 256}));
  card_.set_limits(reader::smaller_of(link_, reader::card_limits(response.data)));
  return {};
}

Ran<void> Runner::perform(const SelectSecurityDomain&) {
  channel_.reset();  // a selection ends the session
  PATENT_TRY(const auto response, exchange({0x00, 0xA4, 0x04, 0x00, layout::kSecurityDomainAid, 256}));
  // A terminated card answers everything but GET DATA so (Card Specification 2.3.1, 5.1.1.5).
  if (response.sw == StatusWord::conditions_not_satisfied) return failure(RunError::out_of_service);
  if (!response.ok()) return failure(RunError::another_product);
  return {};
}

Ran<void> Runner::perform(const Identify&) {
  PATENT_TRY(const auto production, exchange({0x80, 0xCA, 0x9F, 0x7F, {}, 256}));
  const auto cplc = without_tag(production.data, 0x9F7F);
  if (!production.ok() || cplc.size() != kCplcOctets) return failure(RunError::another_product);
  std::ranges::copy(cplc.subspan(kCplcSerial, chip_.serial.size()), chip_.serial.begin());

  PATENT_TRY(const auto information, exchange({0x80, 0xCA, 0x00, 0xE0, {}, 256}));
  const auto keys = parse_key_information(information.data);
  if (!information.ok() || !keys) return failure(RunError::another_product);
  if (keys->version != static_cast<Byte>(KeySet::transport) && keys->version != static_cast<Byte>(KeySet::issuer))
    return failure(RunError::unknown_keys);
  if (keys->length != 16 && keys->length != 24 && keys->length != 32) return failure(RunError::unknown_keys);
  chip_.keys = static_cast<KeySet>(keys->version);
  chip_.key_length = static_cast<crypto::AesKey>(keys->length);
  return {};
}

Ran<void> Runner::read_life_cycle() {
  step_ = "GET STATUS";
  static constexpr std::array<Byte, 2> kAnyAid{0x4F, 0x00};
  PATENT_TRY(const auto response, send({0x80, 0xF2, kSecurityDomain, 0x02, kAnyAid, 256}));
  const auto state = parse_life_cycle(response.data);
  if (!state) return failure(RunError::malformed_answer);
  if (*state >= LifeCycle::locked) return failure(RunError::out_of_service);
  chip_.life_cycle = *state;
  return {};
}

Ran<wire::Scp03Keys> Runner::chip_keys(KeySet keys, crypto::AesKey length) const {
  const auto& master = keys == KeySet::transport ? keys_.transport : keys_.issuer;
  auto derived = crypto::diversify(master, static_cast<Byte>(keys), diversification_, length);
  if (!derived) return failure(derived.error());
  return wire::Scp03Keys{static_cast<Byte>(keys), std::move(derived->enc), std::move(derived->mac),
                         std::move(derived->dek)};
}

Ran<wire::InitializeUpdateAnswer> Runner::initialize_update(KeySet keys, crypto::Buffer<16>& host_challenge) {
  // A chip takes challenges of its own mode only, and a refused one costs no try: S16 first.
  for (const auto mode : {wire::Scp03Mode::s16, wire::Scp03Mode::s8}) {
    host_challenge.clear();
    if (!host_challenge.resize(octets(mode))) return failure(crypto::CryptoError::bad_length);
    if (const auto drawn = engine_.random(host_challenge.span()); !drawn) return failure(drawn.error());
    const auto answer = wire::initialize_update(card_, static_cast<Byte>(keys), host_challenge);
    if (answer) return *answer;
    if (answer.error() != wire::Scp03Error::refused || mode == wire::Scp03Mode::s8)
      return failure(answer.error() == wire::Scp03Error::link ? RunError::link : RunError::malformed_answer);
  }
  return failure(RunError::malformed_answer);
}

Ran<void> Runner::perform(const OpenChannel& step) {
  channel_.reset();
  crypto::Buffer<16> challenge;
  PATENT_TRY(const auto answer, initialize_update(step.keys, challenge));
  diversification_ = answer.diversification;
  PATENT_TRY(const auto keys, chip_keys(step.keys, chip_.key_length));
  auto session = wire::external_authenticate(engine_, card_, keys, challenge, answer, wire::kFullSecurity);
  if (!session) {
    switch (session.error()) {
      case wire::Scp03Error::wrong_cryptogram: return failure(RunError::wrong_keys);
      case wire::Scp03Error::link: return failure(RunError::link);
      default: return failure(RunError::refused);
    }
  }
  channel_ = std::make_unique<wire::Scp03Channel>(card_, *std::move(session), command_memory_, response_memory_);
  return {};
}

// Whole blocks: keys are never padded, other secrets by 80 00.. before they come here.
Ran<Bytes> Runner::under_dek(ByteView secret) {
  Bytes out(secret.size());
  if (!channel_) return failure(crypto::CryptoError::bad_state);
  if (const auto done = channel_->session().encrypt_sensitive(secret, out); !done) return failure(done.error());
  return out;
}

Ran<Bytes> Runner::padded_under_dek(const crypto::Secret& secret) {
  crypto::Secret padded;
  const auto block = padded.prepare((secret.size() / crypto::kAesBlock + 1) * crypto::kAesBlock);
  std::ranges::copy(secret.view(), block.begin());
  block[secret.size()] = 0x80;
  std::ranges::fill(block.subspan(secret.size() + 1), Byte{0});
  return under_dek(padded.view());
}

// Key data field of Amendment D 1.2, 7.2: 88, length, length of the key, the key under the DEK, 03, check value.
Ran<void> Runner::append_key(Bytes& command, Bytes& check_values, const crypto::Secret& key) {
  PATENT_TRY(const auto encrypted, under_dek(key.view()));
  const auto check_value = wire::key_check_value(engine_, key.view());
  if (!check_value) return failure(check_value.error());
  command.insert(command.end(), {kAesKeyType, static_cast<Byte>(encrypted.size() + 1), static_cast<Byte>(key.size())});
  command.insert(command.end(), encrypted.begin(), encrypted.end());
  append_with_length(command, check_value->view());
  check_values.insert(check_values.end(), check_value->view().begin(), check_value->view().end());
  return {};
}

Ran<void> Runner::perform(const PutKeys&) {
  PATENT_TRY(const auto keys, chip_keys(KeySet::issuer, keys_.issuer_length));
  Bytes command{static_cast<Byte>(KeySet::issuer)};
  Bytes expected = command;  // the answer: key version, then the check values (Card Specification 2.3.1, 11.8.3.1)
  for (const auto* key : {&keys.enc, &keys.mac, &keys.dek}) PATENT_TRY_VOID(append_key(command, expected, *key));
  constexpr Byte kSeveralKeysFromOne = 0x81;
  PATENT_TRY(const auto response,
             send({0x80, 0xD8, static_cast<Byte>(KeySet::transport), kSeveralKeysFromOne, command, 256}));
  if (!std::ranges::equal(response.data, expected)) return failure(RunError::wrong_check_value);
  chip_.keys = KeySet::issuer;
  chip_.key_length = keys_.issuer_length;
  return {};
}

Ran<void> Runner::perform(const SetLifeCycle& step) {
  PATENT_TRY_VOID(send({0x80, 0xF0, kSecurityDomain, static_cast<Byte>(step.to), {}, 256}));
  chip_.life_cycle = step.to;
  return {};
}

Ran<void> Runner::perform(const DeleteApplication& step) {
  Bytes data{0x4F};
  append_with_length(data, aid(step.application));
  PATENT_TRY(const auto response, exchange({0x80, 0xE4, 0x00, 0x00, data, 256}));
  if (!response.ok() && response.sw != StatusWord::referenced_data_not_found)
    return crypto::unexpected<RunFailure>(RunFailure{RunError::refused, step_, {}, response.sw});
  return {};
}

// Load file, module and application share the AID: the applets lie in the mask, nothing is loaded.
Ran<void> Runner::perform(const InstallApplication& step) {
  Bytes data;
  for (int i = 0; i < 3; ++i) append_with_length(data, aid(step.application));
  data.insert(data.end(), {0x01, 0x00, 0x02, 0xC9, 0x00, 0x00});  // privileges, parameters, no token
  PATENT_TRY_VOID(send({0x80, 0xE6, 0x0C, 0x00, data, 256}));
  return {};
}

Ran<void> Runner::perform(const BeginPersonalization& step) {
  Bytes data{0x00, 0x00};
  append_with_length(data, aid(step.application));
  data.insert(data.end(), {0x00, 0x00, 0x00});
  PATENT_TRY_VOID(send({0x80, 0xE6, 0x20, 0x00, data, 256}));
  return {};
}

// AC { 80 curve, 84 key } gives 7F49 { 86 point } (ISO/IEC 7816-8:2021, 6.1; docs/card.md).
Ran<void> Runner::perform(const GenerateChipKey& step) {
  constexpr Byte kChipAuthentication = 0x01;
  const Bytes data{0xAC, 0x06, 0x80, 0x01, static_cast<Byte>(step.curve), 0x84, 0x01, kChipAuthentication};
  PATENT_TRY(const auto response, send({0x80, 0x46, 0x80, 0x00, data, 256}));
  const auto answer = crypto::read_only_tlv(response.data, 0x7F49);
  const auto point = answer ? crypto::read_only_tlv(answer->value, 0x86) : answer;
  chip_key_ = patent::ChipPublicKey{step.curve, {}};
  if (!point || point->value.size() != crypto::point_size(step.curve) || !chip_key_->point.append(point->value))
    return failure(RunError::malformed_answer);
  return {};
}

Ran<void> Runner::perform(const StoreData& step) {
  Bytes plain;
  Bytes encrypted;
  for (const auto& grouping : step.groupings) {
    if (const auto* octets = std::get_if<Bytes>(&grouping.value)) {
      append_grouping(plain, grouping.dgi, *octets);
      continue;
    }
    const auto ref = std::get<SecretRef>(grouping.value);
    const auto& secret = ref == SecretRef::can ? secrets_->can : secrets_->mrz_password;
    PATENT_TRY(const auto value, padded_under_dek(secret));
    append_grouping(encrypted, grouping.dgi, value);
  }
  if (!channel_) return failure(crypto::CryptoError::bad_state);
  const auto blocks = cut(plain, encrypted, protected_room(card_.limits(), channel_->session().mode()));
  if (blocks.empty()) return failure(RunError::too_large);
  for (const auto& block : blocks) PATENT_TRY_VOID(send({0x80, 0xE2, block.p1, block.p2, block.data, 256}));
  return {};
}

}  // namespace personalize
