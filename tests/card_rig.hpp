// SPDX-License-Identifier: Apache-2.0
// Owns a card in this process over any memory, and the terminal's moves against it: personalization over SCP03, PACE.
// The card is the shipped one: nothing here opens a door that a reader does not have.
#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "card/host/card.hpp"
#include "card/host/chip_key.hpp"
#include "card/host/factory.hpp"
#include "card/layout/dgi.hpp"
#include "card/wire/channel.hpp"
#include "crypto/chip_authentication.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/tlv.hpp"

namespace rig {

using crypto::Byte;
using crypto::Bytes;
using crypto::ByteView;
using layout::FileId;

inline constexpr std::string_view kCan = "123456";
inline constexpr std::string_view kMrzInformation =
    "I700000011800101"
    "12806301";
inline constexpr std::string_view kCardNumber = "770000001";
inline constexpr crypto::PaceParameters kPace{crypto::Curve::secp256r1, crypto::AesKey::aes128};

// Remembers instead of waiting.
class RememberedDelay final : public host::Delay {
public:
  void hold(std::chrono::milliseconds time) override { held.push_back(time); }
  std::vector<std::chrono::milliseconds> held;
};

class InProcess final : public wire::Channel {
public:
  explicit InProcess(host::Card& card)
      : card_(card), command_(wire::kMaxCommandOctets), response_(wire::kMaxResponseOctets) {}
  ByteView exchange(ByteView apdu) { return card_.process(apdu, response_); }
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    const auto apdu = wire::encode(command, command_);
    if (!apdu) return crypto::unexpected(wire::LinkError::command_too_long);
    const auto response = wire::parse_response(exchange(*apdu));
    if (!response) return crypto::unexpected(wire::LinkError::bad_response);
    return *response;
  }

private:
  host::Card& card_;
  Bytes command_;
  Bytes response_;
};

inline crypto::OpensslEngine& engine() {
  static crypto::OpensslEngine one;
  return one;
}

// A powered card.
struct Rig {
  explicit Rig(host::Nvm& nvm) : store(nvm), card(engine(), store, delay), channel(card) {}
  host::ObjectStore store;
  RememberedDelay delay;
  host::Card card;
  InProcess channel;
};
inline std::unique_ptr<Rig> power_on(host::Nvm& nvm) {
  auto rig = std::make_unique<Rig>(nvm);
  if (!rig->card.power_on()) return nullptr;
  return rig;
}

inline wire::Scp03Keys keys(Byte version, crypto::AesKey length = crypto::AesKey::aes256) {
  const auto key = [&](Byte salt) {
    return crypto::Secret(Bytes(octets(length), static_cast<Byte>(version * 16 + salt)));
  };
  return {version, key(1), key(2), key(3)};
}

inline bool make_blank(host::Nvm& nvm, crypto::AesKey length = crypto::AesKey::aes256) {
  const auto store = std::make_unique<host::ObjectStore>(nvm);
  const auto transport = keys(0x01, length);
  return store->format() && host::write_blank(*store, {.chip_serial = {1, 2, 3, 4, 5, 6, 7, 8},
                                                       .key_version = transport.version,
                                                       .enc = transport.enc.view(),
                                                       .mac = transport.mac.view(),
                                                       .dek = transport.dek.view()});
}

// One status word, whatever happened on the way.
inline wire::StatusWord send(wire::Channel& channel, const wire::Command& command) {
  const auto response = channel.transmit(command);
  return response ? response->sw : wire::StatusWord::no_precise_diagnosis;
}
inline Bytes fetch(wire::Channel& channel, const wire::Command& command) {
  const auto response = channel.transmit(command);
  return response && response->ok() ? Bytes(response->data.begin(), response->data.end()) : Bytes{};
}

inline wire::StatusWord select(wire::Channel& channel, ByteView aid) {
  return send(channel, {.ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = aid});
}

// The terminal's end of SCP03, with its memory.
class GpTerminal {
public:
  GpTerminal(wire::Channel& below, wire::Scp03Session session)
      : command_(wire::kMaxCommandOctets),
        response_(wire::kMaxResponseOctets),
        channel_(below, std::move(session), command_, response_) {}
  wire::Scp03Channel& channel() { return channel_; }
  Bytes under_dek(ByteView plain) {
    Bytes out(plain.size());
    if (!channel_.session().encrypt_sensitive(plain, out)) out.clear();
    return out;
  }

private:
  Bytes command_;
  Bytes response_;
  wire::Scp03Channel channel_;
};

// Selects the security domain and opens a session; nothing when the card refuses or is another.
inline std::unique_ptr<GpTerminal> open_scp03(wire::Channel& channel, const wire::Scp03Keys& set,
                                              Byte level = wire::kFullSecurity, std::size_t challenge_octets = 16) {
  (void)select(channel, layout::kSecurityDomainAid);
  const Bytes challenge(challenge_octets, 0x5A);
  const auto answer = wire::initialize_update(channel, 0, challenge);
  if (!answer || answer->key_version != set.version) return nullptr;
  auto session = wire::external_authenticate(engine(), channel, set, challenge, *answer, level);
  if (!session) return nullptr;
  return std::make_unique<GpTerminal>(channel, *std::move(session));
}

inline wire::StatusWord set_status(wire::Channel& gp, layout::LifeCycle state) {
  return send(gp, {.cla = 0x80, .ins = 0xF0, .p1 = 0x80, .p2 = static_cast<Byte>(state), .le = 256});
}

inline wire::StatusWord put_keys(GpTerminal& gp, Byte replaced, const wire::Scp03Keys& next) {
  Bytes data{next.version};
  for (const crypto::Secret* key : {&next.enc, &next.mac, &next.dek}) {
    Bytes plain(key->view().begin(), key->view().end());
    plain.resize((plain.size() + crypto::kAesBlock - 1) / crypto::kAesBlock * crypto::kAesBlock);
    const Bytes ciphertext = gp.under_dek(plain);
    data.insert(data.end(), {0x88, static_cast<Byte>(ciphertext.size() + 1), static_cast<Byte>(key->size())});
    data.insert(data.end(), ciphertext.begin(), ciphertext.end());
    data.push_back(3);
    const auto check = wire::key_check_value(engine(), key->view());
    if (check) data.insert(data.end(), check->view().begin(), check->view().end());
  }
  return send(gp.channel(), {.cla = 0x80, .ins = 0xD8, .p1 = replaced, .p2 = 0x81, .data = data, .le = 256});
}

inline wire::StatusWord install(wire::Channel& gp, ByteView aid) {
  Bytes data{0, 0, static_cast<Byte>(aid.size())};
  data.insert(data.end(), aid.begin(), aid.end());
  for (const int octet : {1, 0, 2, 0xC9, 0, 0}) data.push_back(static_cast<Byte>(octet));
  return send(gp, {.cla = 0x80, .ins = 0xE6, .p1 = 0x0C, .data = data, .le = 256});
}

inline wire::StatusWord install_for_personalization(wire::Channel& gp, ByteView aid) {
  Bytes data{0, 0, static_cast<Byte>(aid.size())};
  data.insert(data.end(), aid.begin(), aid.end());
  data.insert(data.end(), 3, 0);
  return send(gp, {.cla = 0x80, .ins = 0xE6, .p1 = 0x20, .data = data, .le = 256});
}

inline wire::StatusWord delete_application(wire::Channel& gp, ByteView aid) {
  return send(gp, {.cla = 0x80, .ins = 0xE4, .data = crypto::tlv(0x4F, aid), .le = 256});
}

inline void append_dgi(Bytes& stream, std::uint16_t dgi, ByteView value) {
  stream.insert(stream.end(), {static_cast<Byte>(dgi >> 8), static_cast<Byte>(dgi)});
  if (value.size() >= 0xFF) stream.insert(stream.end(), {0xFF, static_cast<Byte>(value.size() >> 8)});
  stream.push_back(static_cast<Byte>(value.size()));
  stream.insert(stream.end(), value.begin(), value.end());
}

// STORE DATA in blocks of at most `room` octets, the clear groupings before the encrypted ones.
inline wire::StatusWord store_data(wire::Channel& gp, ByteView clear, ByteView encrypted = {},
                                   std::size_t room = 1000) {
  Byte number = 0;
  const auto send_stream = [&](ByteView stream, Byte form, bool last_stream) {
    while (!stream.empty()) {
      const auto part = stream.first(std::min(room, stream.size()));
      stream = stream.subspan(part.size());
      const bool last = last_stream && stream.empty();
      const auto sw = send(gp, {.cla = 0x80,
                                .ins = 0xE2,
                                .p1 = static_cast<Byte>(form | (last ? 0x80 : 0)),
                                .p2 = number++,
                                .data = part,
                                .le = 256});
      if (sw != wire::StatusWord::ok) return sw;
    }
    return wire::StatusWord::ok;
  };
  const auto sw = send_stream(clear, 0x08, encrypted.empty());
  return sw == wire::StatusWord::ok ? send_stream(encrypted, 0x68, true) : sw;
}

inline Bytes padded(ByteView value) {
  Bytes out(value.begin(), value.end());
  out.push_back(0x80);
  while (out.size() % crypto::kAesBlock != 0) out.push_back(0);
  return out;
}

// Records of the right form that nobody signed; a status record says nothing but its sequence.
inline Bytes status_record(std::uint32_t sequence, std::size_t octets = 40, Byte certificate = 1) {
  std::array<Byte, 4> copy{};
  crypto::store_be32(copy, sequence);
  Bytes record = crypto::tlv(0x5F20, copy);
  crypto::append_tlv(record, 0x73, Bytes(octets, 0x11));
  crypto::append_tlv(record, 0x5F37, Bytes(8, 0x22));
  crypto::append_tlv(record, 0x5F38, Bytes{certificate});
  return record;
}
inline Bytes certificate_record(Byte serial, std::size_t octets = 40) {
  Bytes record = crypto::tlv(0x5F3A, Bytes{'R', 'U', serial});
  crypto::append_tlv(record, 0x72, Bytes(octets, 0x33));
  return record;
}

// What goes onto a card: content that is recognisable, not signed by anybody.
struct Content {
  std::map<FileId, Bytes> files;
  std::optional<crypto::Curve> chip_keys;  // key pairs are made; EF.CardSecurity and EF.DG15 hold the public keys
  Bytes cvca;                              // a self-signed certificate: the trust point
  Bytes today{2, 6, 0, 3, 1, 0};           // goes with it
  Bytes certificate_record = Bytes(300, 0xCE);
  Bytes status_record = Bytes(120, 0x57);
};

inline Bytes card_access(const std::vector<crypto::PaceParameters>& offered = {kPace}) {
  Bytes infos;
  for (const auto& pace : offered) {
    Bytes info;
    crypto::append_tlv(info, 0x06, crypto::pace_oid(pace));
    crypto::append_tlv(info, 0x02, Bytes{2});
    crypto::append_tlv(info, 0x02, Bytes{static_cast<Byte>(pace.curve)});
    crypto::append_tlv(infos, 0x30, info);
  }
  return crypto::tlv(0x31, infos);
}

// Each file is one object of its tag, filled with octets that follow from its FID.
inline Content content(std::size_t face_octets = 15000, crypto::PaceParameters pace = kPace) {
  Content made;
  made.files[FileId::card_access] = card_access({pace});
  for (const FileId id :
       {FileId::com, FileId::sod, FileId::dg1, FileId::dg2, FileId::dg11, FileId::dg12, FileId::dg13, FileId::dg14}) {
    const auto& file = layout::file(id);
    Bytes value(id == FileId::dg2 ? face_octets : std::min<std::size_t>(file.capacity - 8, 90));
    for (std::size_t i = 0; i < value.size(); ++i) value[i] = static_cast<Byte>(0xA0 ^ file.fid ^ (i * 7));
    made.files[id] = crypto::tlv(file.tag, value);
  }
  return made;
}

inline crypto::PaceParameters with_chip_authentication(crypto::PaceParameters pace = kPace) {
  pace.mapping = crypto::Mapping::chip_authentication;
  return pace;
}
// A card that can prove by its own keys that it is no copy.
inline Content genuine_content(std::size_t face_octets = 600, crypto::PaceParameters pace = kPace) {
  Content made = content(face_octets, pace);
  made.files[FileId::card_access] = card_access({with_chip_authentication(pace), pace});
  made.chip_keys = pace.curve;
  return made;
}

inline wire::Command generate_key_pair(ByteView parameters) {
  return {.cla = 0x80, .ins = 0x46, .p1 = 0x80, .data = parameters, .le = 256};
}
inline Bytes key_pair_parameters(crypto::Curve curve, host::ChipKeyUse use) {
  return crypto::tlv(0xAC, Bytes{0x80, 1, static_cast<Byte>(curve), 0x84, 1, static_cast<Byte>(use)});
}
// The public key; nothing when the card refuses.
inline Bytes make_key_pair(wire::Channel& gp, crypto::Curve curve, host::ChipKeyUse use) {
  const Bytes answer = fetch(gp, generate_key_pair(key_pair_parameters(curve, use)));
  const auto whole = crypto::read_only_tlv(answer, 0x7F49);
  const auto point = whole ? crypto::read_only_tlv(whole->value, 0x86) : whole;
  return point ? Bytes(point->value.begin(), point->value.end()) : Bytes{};
}

inline Bytes groupings(const Content& what, layout::Application application) {
  Bytes stream;
  for (const auto& [id, value] : what.files)
    if (layout::file(id).application == application) append_dgi(stream, layout::file(id).fid, value);
  return stream;
}

inline Bytes trust_groupings(const Content& what) {
  Bytes stream;
  if (what.cvca.empty()) return stream;
  append_dgi(stream, layout::kDgiTrustPoint, what.cvca);
  append_dgi(stream, layout::kDgiCurrentDate, what.today);
  return stream;
}

inline Bytes emrtd_groupings(const Content& what) {
  Bytes stream = groupings(what, layout::Application::emrtd);
  const Bytes trust = trust_groupings(what);
  stream.insert(stream.end(), trust.begin(), trust.end());
  return stream;
}

inline Bytes security_domain_groupings(const Content& what) {
  Bytes stream = groupings(what, layout::Application::master_file);
  append_dgi(stream, layout::kDgiIssuerNumber, Bytes{0x06, 0x43, 0x50, 0x41});
  append_dgi(stream, layout::kDgiCardNumber, crypto::as_bytes(kCardNumber));
  return stream;
}

inline Bytes secret_groupings(GpTerminal& gp) {
  Bytes stream;
  crypto::Secret mrz;
  if (!crypto::mrz_password(engine(), kMrzInformation, mrz)) return stream;
  append_dgi(stream, layout::kDgiCan, gp.under_dek(padded(crypto::as_bytes(kCan))));
  append_dgi(stream, layout::kDgiMrzPassword, gp.under_dek(padded(mrz.view())));
  return stream;
}

inline Bytes record_groupings(const Content& what) {
  Bytes stream;
  append_dgi(stream, layout::file(FileId::certificates).fid, what.certificate_record);
  append_dgi(stream, layout::file(FileId::status).fid, what.status_record);
  return stream;
}

// The first of `steps` that is not 9000 ends it.
template <class... Step>
wire::StatusWord in_order(Step... steps) {
  auto sw = wire::StatusWord::ok;
  ((sw == wire::StatusWord::ok ? void(sw = steps()) : void()), ...);
  return sw;
}

// Key pairs are made before anything is written, because what is written shows their public keys.
inline wire::StatusWord make_chip_keys(wire::Channel& gp, Content& what) {
  if (!what.chip_keys) return wire::StatusWord::ok;
  const auto sw = install_for_personalization(gp, layout::kEmrtdAid);
  if (sw != wire::StatusWord::ok) return sw;
  const Bytes chip = make_key_pair(gp, *what.chip_keys, host::ChipKeyUse::chip_authentication);
  const Bytes active = make_key_pair(gp, *what.chip_keys, host::ChipKeyUse::active_authentication);
  if (chip.empty() || active.empty()) return wire::StatusWord::no_precise_diagnosis;
  what.files[FileId::card_security] = crypto::tlv(layout::file(FileId::card_security).tag, chip);
  what.files[FileId::dg15] = crypto::tlv(layout::file(FileId::dg15).tag, active);
  return install_for_personalization(gp, layout::kSecurityDomainAid);
}

// With the issuer's keys in force: everything from INSTALL to PERSONALIZED.
inline wire::StatusWord fill(GpTerminal& gp, Content what) {
  auto& channel = gp.channel();
  return in_order([&] { return install(channel, layout::kEmrtdAid); },
                  [&] { return install(channel, layout::kRecordsAid); }, [&] { return make_chip_keys(channel, what); },
                  [&] { return store_data(channel, security_domain_groupings(what)); },
                  [&] { return install_for_personalization(channel, layout::kEmrtdAid); },
                  [&] { return store_data(channel, emrtd_groupings(what), secret_groupings(gp)); },
                  [&] { return install_for_personalization(channel, layout::kRecordsAid); },
                  [&] { return store_data(channel, record_groupings(what)); },
                  [&] { return set_status(channel, layout::LifeCycle::personalized); });
}

// A blank with transport keys becomes a card.
inline bool personalize(wire::Channel& card, const Content& what, crypto::AesKey length = crypto::AesKey::aes256) {
  const auto transport = open_scp03(card, keys(0x01, length));
  if (!transport || put_keys(*transport, 0x01, keys(0x02, length)) != wire::StatusWord::ok) return false;
  const auto issuer = open_scp03(card, keys(0x02, length));
  if (!issuer) return false;
  return in_order([&] { return set_status(issuer->channel(), layout::LifeCycle::initialized); },
                  [&] { return set_status(issuer->channel(), layout::LifeCycle::secured); },
                  [&] { return fill(*issuer, what); }) == wire::StatusWord::ok;
}

inline Bytes set_at(crypto::PasswordKind kind, crypto::PaceParameters pace = kPace) {
  Bytes data;
  crypto::append_tlv(data, 0x80, crypto::pace_oid(pace));
  crypto::append_tlv(data, 0x83, Bytes{static_cast<Byte>(kind)});
  crypto::append_tlv(data, 0x84, Bytes{static_cast<Byte>(pace.curve)});
  return data;
}
inline wire::Command general_authenticate(ByteView dynamic, bool last) {
  return {.cla = static_cast<Byte>(last ? 0x00 : 0x10), .ins = 0x86, .data = dynamic, .le = 256};
}

// A run's public keys, by which terminal authentication names it.
struct EphemeralKeys {
  Bytes chip;
  Bytes terminal;
};

// PACE as a terminal runs it; the card's refusal, if any, is left in `sw`, and what PACE-CAM shows in `mapping`.
inline std::optional<crypto::SessionKeys> pace(wire::Channel& card, crypto::PasswordKind kind,
                                               const crypto::Secret& password, wire::StatusWord& sw,
                                               crypto::PaceParameters parameters = kPace,
                                               std::optional<crypto::ChipMapping>* mapping = nullptr,
                                               EphemeralKeys* ephemeral_keys = nullptr) {
  crypto::PaceTerminal terminal(engine(), parameters);
  crypto::Secret key;
  if (!crypto::password_key(engine(), password, parameters.key, key)) return std::nullopt;
  sw = send(card, {.ins = 0x22, .p1 = 0xC1, .p2 = 0xA4, .data = set_at(kind, parameters)});
  if (sw != wire::StatusWord::ok) return std::nullopt;
  Bytes chip_data;
  const auto step = [&](std::uint32_t out_tag, ByteView out, std::uint32_t in_tag, bool last) -> Bytes {
    const Bytes dynamic = crypto::tlv(0x7C, out_tag == 0 ? Bytes{} : crypto::tlv(out_tag, out));
    const auto response = card.transmit(general_authenticate(dynamic, last));
    sw = response ? response->sw : wire::StatusWord::no_precise_diagnosis;
    if (sw != wire::StatusWord::ok) return {};
    const auto inside = crypto::read_only_tlv(response->data, 0x7C);
    if (!inside) return {};
    crypto::TlvReader reader(inside->value);
    const auto value = reader.expect(in_tag);
    const auto behind = reader.accept(0x8A);
    if (!value || !behind || !reader.finish()) return {};
    if (*behind) chip_data.assign((*behind)->value.begin(), (*behind)->value.end());
    return Bytes(value->value.begin(), value->value.end());
  };
  const auto mapping_key = terminal.decrypt_nonce(key, step(0, {}, 0x80, false));
  if (!mapping_key) return std::nullopt;
  const auto ephemeral = terminal.map(step(0x81, *mapping_key, 0x82, false));
  if (!ephemeral) return std::nullopt;
  const auto token = terminal.agree(step(0x83, *ephemeral, 0x84, false));
  if (!token) return std::nullopt;
  auto session = terminal.finish(step(0x85, *token, 0x86, true));
  if (!session || (parameters.mapping == crypto::Mapping::generic && !chip_data.empty())) return std::nullopt;
  if (ephemeral_keys != nullptr) {
    ephemeral_keys->chip.assign(terminal.chip_key().begin(), terminal.chip_key().end());
    ephemeral_keys->terminal.assign(terminal.terminal_key().begin(), terminal.terminal_key().end());
  }
  if (mapping != nullptr) {
    const auto shown = terminal.open_chip_authentication(chip_data);
    if (shown) *mapping = *shown;
  }
  return *std::move(session);
}

inline crypto::Secret can(std::string_view digits = kCan) {
  crypto::Secret password;
  if (!crypto::can_password(digits, password)) password.clear();
  return password;
}
inline crypto::Secret mrz(std::string_view information = kMrzInformation) {
  crypto::Secret password;
  if (!crypto::mrz_password(engine(), information, password)) password.clear();
  return password;
}

// The terminal's end of secure messaging, with its memory.
class SecureTerminal {
public:
  SecureTerminal(wire::Channel& below, crypto::SessionKeys session)
      : command_(wire::kMaxCommandOctets),
        response_(wire::kMaxResponseOctets),
        channel_(below, wire::SecureMessaging(engine(), std::move(session)), command_, response_) {}
  wire::SecureChannel& channel() { return channel_; }

private:
  Bytes command_;
  Bytes response_;
  wire::SecureChannel channel_;
};
inline std::unique_ptr<SecureTerminal> open_pace(wire::Channel& card,
                                                 crypto::PasswordKind kind = crypto::PasswordKind::can,
                                                 crypto::PaceParameters parameters = kPace) {
  wire::StatusWord sw{};
  auto session = pace(card, kind, kind == crypto::PasswordKind::can ? can() : mrz(), sw, parameters);
  if (!session) return nullptr;
  return std::make_unique<SecureTerminal>(card, *std::move(session));
}

inline wire::StatusWord set_chip_authentication(wire::Channel& secure, ByteView oid,
                                                std::optional<Byte> key = std::nullopt) {
  Bytes data = crypto::tlv(0x80, oid);
  if (key) crypto::append_tlv(data, 0x84, Bytes{*key});
  return send(secure, {.ins = 0x22, .p1 = 0x41, .p2 = 0xA4, .data = data});
}
inline wire::StatusWord send_ephemeral_key(wire::Channel& secure, ByteView point) {
  return send(secure, general_authenticate(crypto::tlv(0x7C, crypto::tlv(0x80, point)), true));
}
// Chip authentication as a terminal runs it, up to the new keys.
inline std::optional<crypto::SessionKeys> chip_authentication(wire::Channel& secure, crypto::Curve curve,
                                                              crypto::AesKey length, ByteView static_public_key) {
  crypto::ChipAuthenticationTerminal terminal(engine(), curve, length);
  const auto ephemeral = terminal.start(static_public_key);
  if (!ephemeral || set_chip_authentication(secure, crypto::ca_oid(length)) != wire::StatusWord::ok ||
      send_ephemeral_key(secure, *ephemeral) != wire::StatusWord::ok)
    return std::nullopt;
  auto session = terminal.finish();
  if (!session) return std::nullopt;
  return *std::move(session);
}

inline wire::Command append_record(FileId id, ByteView record) {
  return {
      .ins = 0xE2, .p2 = static_cast<Byte>(layout::file(id).sfi << 3), .data = record, .extended = record.size() > 200};
}
inline wire::Command newest_record(FileId id) {
  return {.ins = 0xB2, .p2 = static_cast<Byte>(layout::file(id).sfi << 3 | 1), .le = 65536, .extended = true};
}
// The integers of the window are single octets here.
inline Bytes search_template(FileId id, ByteView text, bool first_only = false, Byte offset = 0, Byte octets = 0) {
  const auto fid = layout::file(id).fid;
  Bytes configuration = crypto::tlv(0x80, Bytes{static_cast<Byte>(first_only ? 0x30 : 0x00)});
  crypto::append_tlv(configuration, 0xB0, Bytes{2, 1, offset, 2, 1, octets});
  Bytes whole = crypto::tlv(0x51, Bytes{static_cast<Byte>(fid >> 8), static_cast<Byte>(fid)});
  crypto::append_tlv(whole, 0xA1, configuration);
  crypto::append_tlv(whole, 0xA3, crypto::tlv(0xB1, crypto::tlv(0x81, text)));
  return crypto::tlv(0x7F76, whole);
}
inline wire::Command search_record(ByteView handling) { return {.ins = 0xA2, .p2 = 0xF8, .data = handling, .le = 256}; }

inline wire::Command read_sfi(FileId id, std::uint32_t le, std::uint8_t offset = 0) {
  return {
      .ins = 0xB0, .p1 = static_cast<Byte>(0x80 | layout::file(id).sfi), .p2 = offset, .le = le, .extended = le > 256};
}

}  // namespace rig
