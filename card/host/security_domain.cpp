// SPDX-License-Identifier: Apache-2.0
#include "card/host/security_domain.hpp"

#include "card/host/application_registry.hpp"
#include "card/host/card_objects.hpp"
#include "card/host/gp_data.hpp"
#include "card/host/key_set.hpp"
#include "card/host/life_cycle.hpp"
#include "card/host/retry_counter.hpp"
#include "card/layout/dgi.hpp"
#include "crypto/tlv.hpp"

namespace host {

using wire::StatusWord;

namespace {

// Answer of INSTALL and DELETE: no confirmation follows (11.5.3.1, 11.2.3.1).
Answer<> put_no_confirmation(wire::Reply& reply) {
  constexpr crypto::Byte kNone = 0x00;
  return reply.append({&kNone, 1}) ? Answer<>{} : refuse(StatusWord::wrong_length);
}

// 7F49 { 86 04 || X || Y } (ISO/IEC 7816-8:2021, 6.1).
Answer<> put_public_key(crypto::ByteView point, wire::Reply& reply) {
  constexpr std::uint32_t kPoint = 0x86;
  crypto::TlvWriter writer(reply.room());
  writer.header(0x7F49, crypto::tlv_header_size(kPoint, point.size()) + point.size());
  writer.put(kPoint, point);
  const auto written = writer.finish();
  return written && reply.extend(written->size()) ? Answer<>{} : refuse(StatusWord::wrong_length);
}

// What has been replaced must not linger in the memory: the card erases it once this command's changes are lasting.
Answer<> request_purge(ObjectStore& store) {
  constexpr crypto::Byte kDue = 0x01;
  return answer_of(store.write(kPurgeDueObject, {&kDue, 1}));
}

}  // namespace

void SecurityDomain::forget() {
  pending_.reset();
  groupings_.reset();
  target_ = layout::Application::security_domain;
}

void SecurityDomain::deselect() {
  forget();
  platform_.security.close_scp03();
}

StatusWord SecurityDomain::process(const wire::Command& command, wire::Reply& reply) {
  const auto parsed = parse_gp_command(command);
  if (!parsed) return parsed.error();
  return std::visit([&](const auto& known) { return status_of(execute(known, command, reply)); }, *parsed);
}

Answer<> SecurityDomain::require_session() const {
  if ((platform_.security.scp03_level() & wire::kCMac) == 0) return refuse(StatusWord::security_not_satisfied);
  return {};
}

Answer<> SecurityDomain::begin_personalization_step() {
  PATENT_TRY_VOID(require_session());
  PATENT_TRY(const auto state, life_cycle(platform_.store));
  if (!before_personalized(state)) return refuse(StatusWord::conditions_not_satisfied);
  platform_.store.begin();
  return {};
}

// The card number is the document number of the MRZ, a part of the PACE password: once the card is with its holder, a
// passer-by must not learn it.
Answer<> SecurityDomain::execute(const GetData& command, const wire::Command&, wire::Reply& reply) {
  PATENT_TRY(const auto state, life_cycle(platform_.store));
  if (command.tag == layout::kDgiCardNumber && !before_personalized(state)) PATENT_TRY_VOID(require_session());
  return put_data_object(platform_.store, command.tag, reply);
}

// Amendment D, 7.1.1: diversification data, key information, card challenge, card cryptogram.
Answer<> SecurityDomain::execute(const InitializeUpdate& command, const wire::Command&, wire::Reply& reply) {
  pending_.reset();
  if (platform_.security.scp03() != nullptr) return refuse(StatusWord::conditions_not_satisfied);
  PATENT_TRY(const auto failures, RetryCounter(platform_.store, kScp03TriesObject).failures());
  if (failures >= kMaxScp03Failures) return refuse(StatusWord::authentication_blocked);
  PATENT_TRY(const KeySet set, load_key_set(platform_.store));
  if (command.key_version != 0 && command.key_version != set.keys.version)
    return refuse(StatusWord::referenced_data_not_found);
  const auto mode = static_cast<wire::Scp03Mode>(command.host_challenge.size());
  // Eight octets of challenge do not go with long keys.
  if (mode == wire::Scp03Mode::s8 && set.keys.enc.size() != crypto::octets(crypto::AesKey::aes128))
    return refuse(StatusWord::wrong_length);

  std::array<crypto::Byte, octets(wire::Scp03Mode::s16)> memory{};
  const auto challenge = std::span(memory).first(octets(mode));
  PATENT_TRY_VOID(answer_of(platform_.engine.random(challenge)));
  wire::Scp03Session session(platform_.engine, mode);
  PATENT_TRY_VOID(answer_of(session.derive(set.keys, command.host_challenge, challenge)));
  PATENT_TRY_VOID(put_diversification_data(platform_.store, reply));
  const std::array<crypto::Byte, 3> key_information{set.keys.version, kScp03, scp03_parameter(mode)};
  if (!reply.append(key_information) || !reply.append(challenge)) return refuse(StatusWord::wrong_length);
  PATENT_TRY_VOID(answer_of(session.card_cryptogram(reply.room().first(octets(mode)))));
  if (!reply.extend(octets(mode))) return refuse(StatusWord::wrong_length);
  pending_.emplace(std::move(session));
  return {};
}

// The try is charged before MAC and cryptogram are compared; a right one clears the count.
Answer<> SecurityDomain::execute(const ExternalAuthenticate& command, const wire::Command& received, wire::Reply&) {
  if (!pending_) return refuse(StatusWord::conditions_not_satisfied);
  auto session = std::move(*pending_);
  pending_.reset();
  RetryCounter tries(platform_.store, kScp03TriesObject);
  PATENT_TRY_VOID(tries.charge());
  std::array<crypto::Byte, octets(wire::Scp03Mode::s16)> memory{};
  const auto expected = std::span(memory).first(octets(session.mode()));
  PATENT_TRY_VOID(answer_of(session.host_cryptogram(expected)));
  session.set_level(wire::kCMac);
  std::array<crypto::Byte, octets(wire::Scp03Mode::s16)> plain_memory{};
  PATENT_TRY(const auto plain, session.unwrap_command(received, plain_memory));
  if (!crypto::constant_time_equal(plain.data, expected)) return refuse(StatusWord::authentication_failed);
  PATENT_TRY_VOID(tries.clear());
  forget();  // what another session had begun is not gone on with
  session.set_level(command.level);
  platform_.security.open_scp03(std::move(session));
  return {};
}

Answer<> SecurityDomain::execute(const PutKey& command, const wire::Command&, wire::Reply& reply) {
  PATENT_TRY_VOID(begin_personalization_step());
  PATENT_TRY_VOID(put_keys(platform_.engine, platform_.store, *platform_.security.scp03(), command, reply));
  return request_purge(platform_.store);
}

Answer<> SecurityDomain::execute(const InstallApplication& command, const wire::Command&, wire::Reply& reply) {
  PATENT_TRY_VOID(begin_personalization_step());
  PATENT_TRY_VOID(install_application(platform_.store, command.application));
  return put_no_confirmation(reply);
}

Answer<> SecurityDomain::execute(const InstallForPersonalization& command, const wire::Command&, wire::Reply& reply) {
  PATENT_TRY_VOID(begin_personalization_step());
  if (!is_installed(platform_.store, command.application)) return refuse(StatusWord::referenced_data_not_found);
  groupings_.reset();
  target_ = command.application;
  return put_no_confirmation(reply);
}

Answer<> SecurityDomain::execute(const StoreData& command, const wire::Command&, wire::Reply&) {
  PATENT_TRY_VOID(begin_personalization_step());
  if (command.encrypted && (platform_.security.scp03_level() & wire::kCDecryption) == 0)
    return refuse(StatusWord::security_not_satisfied);
  PATENT_TRY_VOID(groupings_.take(target_, command, *platform_.security.scp03()));
  // 11.11.3.1: the last block ends the application's personalization.
  if (command.last) target_ = layout::Application::security_domain;
  return {};
}

Answer<> SecurityDomain::execute(const GenerateKeyPair& command, const wire::Command&, wire::Reply& reply) {
  // Only the issuer learns the public key, and is sure that it is this chip's.
  constexpr crypto::Byte kNeeded = wire::kCDecryption | wire::kRMac;
  PATENT_TRY_VOID(begin_personalization_step());
  if ((platform_.security.scp03_level() & kNeeded) != kNeeded) return refuse(StatusWord::security_not_satisfied);
  if (target_ != layout::Application::emrtd) return refuse(StatusWord::conditions_not_satisfied);
  const bool replaces = has_chip_key(platform_.store, command.use);
  PATENT_TRY(const auto public_key, make_chip_key(platform_.engine, platform_.store, command.use, command.curve));
  PATENT_TRY_VOID(put_public_key(public_key, reply));
  return replaces ? request_purge(platform_.store) : Answer<>{};
}

Answer<> SecurityDomain::execute(const GetStatus& command, const wire::Command&, wire::Reply& reply) {
  PATENT_TRY_VOID(require_session());
  return put_status(platform_.store, command, reply);
}

Answer<> SecurityDomain::execute(const SetStatus& command, const wire::Command&, wire::Reply&) {
  PATENT_TRY_VOID(require_session());
  if (command.state == layout::LifeCycle::personalized) PATENT_TRY_VOID(require_complete(platform_.store));
  platform_.store.begin();
  PATENT_TRY_VOID(change_life_cycle(platform_.store, command.state));
  return command.state == layout::LifeCycle::personalized ? request_purge(platform_.store) : Answer<>{};
}

Answer<> SecurityDomain::execute(const DeleteApplication& command, const wire::Command&, wire::Reply& reply) {
  PATENT_TRY_VOID(begin_personalization_step());
  PATENT_TRY_VOID(drop_unfinished(platform_.store));
  PATENT_TRY_VOID(delete_application(platform_.store, command.application));
  PATENT_TRY_VOID(request_purge(platform_.store));
  groupings_.reset();
  target_ = layout::Application::security_domain;
  return put_no_confirmation(reply);
}

}  // namespace host
