// SPDX-License-Identifier: Apache-2.0
#include "card/host/gp_command.hpp"

#include "card/host/life_cycle.hpp"
#include "card/wire/scp03.hpp"
#include "crypto/tlv.hpp"

namespace host {

using wire::Command;
using wire::StatusWord;

namespace {

constexpr crypto::Byte kGetData = 0xCA;
constexpr crypto::Byte kInitializeUpdate = 0x50;
constexpr crypto::Byte kExternalAuthenticate = 0x82;
constexpr crypto::Byte kPutKey = 0xD8;
constexpr crypto::Byte kInstall = 0xE6;
constexpr crypto::Byte kStoreData = 0xE2;
constexpr crypto::Byte kGenerateKeyPair = 0x46;
constexpr crypto::Byte kGetStatus = 0xF2;
constexpr crypto::Byte kSetStatus = 0xF0;
constexpr crypto::Byte kDelete = 0xE4;

// Fields that say their length in one octet, one after the other.
class Fields {
public:
  explicit Fields(crypto::ByteView data) : rest_(data) {}
  Answer<crypto::ByteView> next() {
    if (rest_.empty() || rest_.size() - 1 < rest_[0]) return refuse(StatusWord::wrong_data);
    const auto field = rest_.subspan(1, rest_[0]);
    rest_ = rest_.subspan(1 + field.size());
    return field;
  }
  Answer<crypto::Byte> octet() {
    if (rest_.empty()) return refuse(StatusWord::wrong_data);
    const auto first = rest_[0];
    rest_ = rest_.subspan(1);
    return first;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
  crypto::ByteView rest_;
};

Answer<layout::Application> named_application(crypto::ByteView aid) {
  const auto application = application_of(aid);
  if (!application) return refuse(StatusWord::referenced_data_not_found);
  return *application;
}

Answer<GpCommand> parse_get_data(const Command& command) {
  return GetData{static_cast<std::uint16_t>(command.p1 << 8 | command.p2)};
}

Answer<GpCommand> parse_initialize_update(const Command& command) {
  if (command.p2 != 0 || command.p1 > 0x7F) return refuse(StatusWord::incorrect_p1p2);
  if (command.data.size() != 8 && command.data.size() != 16) return refuse(StatusWord::wrong_length);
  return InitializeUpdate{command.p1, command.data};
}

Answer<GpCommand> parse_external_authenticate(const Command& command) {
  // Without C-MAC a session would not outlive its first command.
  if (command.p2 != 0 || !wire::is_security_level(command.p1) || (command.p1 & wire::kCMac) == 0)
    return refuse(StatusWord::incorrect_p1p2);
  return ExternalAuthenticate{command.p1};
}

// 11.8.2.3.1 with Amendment D, 7.2: 88 || length || (key length || ciphertext) || 03 || check value.
Answer<WrappedKey> parse_key(Fields& fields) {
  constexpr crypto::Byte kAes = 0x88;
  PATENT_TRY(const auto type, fields.octet());
  PATENT_TRY(const auto component, fields.next());
  PATENT_TRY(const auto check_value, fields.next());
  if (type != kAes || component.empty() || check_value.size() != 3) return refuse(StatusWord::wrong_data);
  return WrappedKey{component[0], component.subspan(1), check_value};
}

Answer<GpCommand> parse_put_key(const Command& command) {
  constexpr crypto::Byte kThreeKeysFrom1 = 0x81;
  if (command.p1 > 0x7F || command.p2 != kThreeKeysFrom1) return refuse(StatusWord::incorrect_p1p2);
  Fields fields(command.data);
  PutKey put{command.p1, 0, {}};
  PATENT_TRY(put.new_version, fields.octet());
  for (auto& key : put.keys) {
    PATENT_TRY(key, parse_key(fields));
  }
  if (!fields.at_end() || put.new_version == 0 || put.new_version > 0x7F) return refuse(StatusWord::wrong_data);
  return put;
}

// 11.5.2.3: load file AID, module AID, application AID, privileges, parameters, token. This card has its code in ROM,
// so only the application counts; the parameters must be empty (C9 00).
Answer<GpCommand> parse_install_application(Fields fields) {
  PATENT_TRY(const auto load_file, fields.next());
  PATENT_TRY(const auto module, fields.next());
  PATENT_TRY(const auto aid, fields.next());
  PATENT_TRY(const auto privileges, fields.next());
  PATENT_TRY(const auto parameters, fields.next());
  PATENT_TRY(const auto token, fields.next());
  constexpr std::array<crypto::Byte, 2> kNoParameters{0xC9, 0x00};
  const bool plain = parameters.empty() || std::ranges::equal(parameters, kNoParameters);
  const bool no_rights = std::ranges::all_of(privileges, [](crypto::Byte octet) { return octet == 0; });
  if (!fields.at_end() || load_file.size() > 16 || module.size() > 16 || !plain || !no_rights || !token.empty())
    return refuse(StatusWord::wrong_data);
  PATENT_TRY(const auto application, named_application(aid));
  if (application == layout::Application::security_domain) return refuse(StatusWord::conditions_not_satisfied);
  return InstallApplication{application};
}

// 11.5.2.3.6: 00 00 || application AID || 00 00 00.
Answer<GpCommand> parse_install_for_personalization(Fields fields) {
  std::array<crypto::ByteView, 6> parts;
  for (auto& part : parts) {
    PATENT_TRY(part, fields.next());
  }
  const auto empty = [](crypto::ByteView part) { return part.empty(); };
  if (!fields.at_end() || !std::ranges::all_of(std::span(parts).first<2>(), empty) ||
      !std::ranges::all_of(std::span(parts).last<3>(), empty))
    return refuse(StatusWord::wrong_data);
  PATENT_TRY(const auto application, named_application(parts[2]));
  return InstallForPersonalization{application};
}

Answer<GpCommand> parse_install(const Command& command) {
  constexpr crypto::Byte kInstallAndMakeSelectable = 0x0C;
  constexpr crypto::Byte kForPersonalization = 0x20;
  if (command.p2 != 0) return refuse(StatusWord::incorrect_p1p2);
  if (command.p1 == kInstallAndMakeSelectable) return parse_install_application(Fields(command.data));
  if (command.p1 == kForPersonalization) return parse_install_for_personalization(Fields(command.data));
  return refuse(StatusWord::incorrect_p1p2);
}

Answer<GpCommand> parse_store_data(const Command& command) {
  constexpr crypto::Byte kLast = 0x80;
  constexpr crypto::Byte kDgiForm = 0x08;
  constexpr crypto::Byte kEncrypted = 0x60;
  const auto form = static_cast<crypto::Byte>(command.p1 & ~kLast);
  if (form != kDgiForm && form != (kDgiForm | kEncrypted)) return refuse(StatusWord::incorrect_p1p2);
  return StoreData{(command.p1 & kLast) != 0, (command.p1 & kEncrypted) != 0, command.p2, command.data};
}

std::optional<ChipKeyUse> key_use_of(crypto::ByteView reference) {
  for (const auto use : kChipKeyUses)
    if (reference.size() == 1 && reference[0] == static_cast<crypto::Byte>(use)) return use;
  return std::nullopt;
}

// ISO/IEC 7816-8:2021, 6.1, in this card's form: AC { 80 curve, 84 key }.
Answer<GpCommand> parse_generate_key_pair(const Command& command) {
  constexpr crypto::Byte kGenerate = 0x80;
  if (command.p1 != kGenerate || command.p2 != 0) return refuse(StatusWord::incorrect_p1p2);
  const auto parameters = crypto::read_only_tlv(command.data, 0xAC);
  if (!parameters) return refuse(StatusWord::wrong_data);
  crypto::TlvReader reader(parameters->value);
  const auto mechanism = reader.expect(0x80);
  const auto reference = reader.expect(0x84);
  if (!mechanism || !reference || !reader.finish() || mechanism->value.size() != 1)
    return refuse(StatusWord::wrong_data);
  const auto curve = curve_of(mechanism->value[0]);
  if (!curve) return refuse(StatusWord::wrong_data);
  const auto use = key_use_of(reference->value);
  if (!use) return refuse(StatusWord::referenced_data_not_found);
  return GenerateKeyPair{*use, *curve};
}

Answer<GpCommand> parse_get_status(const Command& command) {
  constexpr crypto::Byte kSecurityDomain = 0x80;
  constexpr crypto::Byte kApplications = 0x40;
  constexpr crypto::Byte kFirstOrAllTlv = 0x02;
  if ((command.p1 != kSecurityDomain && command.p1 != kApplications) || command.p2 != kFirstOrAllTlv)
    return refuse(StatusWord::incorrect_p1p2);
  const auto criterion = crypto::find_tlv(command.data, 0x4F);
  if (!criterion || !*criterion) return refuse(StatusWord::wrong_data);
  return GetStatus{command.p1 == kSecurityDomain, (*criterion)->value};
}

Answer<GpCommand> parse_set_status(const Command& command) {
  constexpr crypto::Byte kSecurityDomain = 0x80;
  const auto state = life_cycle_from(command.p2);
  if (command.p1 != kSecurityDomain || !state) return refuse(StatusWord::incorrect_p1p2);
  return SetStatus{*state};
}

Answer<GpCommand> parse_delete(const Command& command) {
  constexpr crypto::Byte kWithRelated = 0x80;
  if (command.p1 != 0 || (command.p2 & ~kWithRelated) != 0) return refuse(StatusWord::incorrect_p1p2);
  const auto object = crypto::read_only_tlv(command.data, 0x4F);
  if (!object) return refuse(StatusWord::wrong_data);
  PATENT_TRY(const auto application, named_application(object->value));
  if (application == layout::Application::security_domain) return refuse(StatusWord::conditions_not_satisfied);
  return DeleteApplication{application};
}

}  // namespace

Answer<GpCommand> parse_gp_command(const Command& command) {
  const bool proprietary = (command.cla & 0x80) != 0;
  if (command.ins == kGetData) return parse_get_data(command);  // GET DATA is ISO's as well (11.3.2)
  if (!proprietary) return refuse(StatusWord::ins_not_supported);
  switch (command.ins) {
    case kInitializeUpdate: return parse_initialize_update(command);
    case kExternalAuthenticate: return parse_external_authenticate(command);
    case kPutKey: return parse_put_key(command);
    case kInstall: return parse_install(command);
    case kStoreData: return parse_store_data(command);
    case kGenerateKeyPair: return parse_generate_key_pair(command);
    case kGetStatus: return parse_get_status(command);
    case kSetStatus: return parse_set_status(command);
    case kDelete: return parse_delete(command);
    default: return refuse(StatusWord::ins_not_supported);
  }
}

std::optional<layout::Application> application_of(crypto::ByteView aid) {
  for (const auto application :
       {layout::Application::security_domain, layout::Application::emrtd, layout::Application::records})
    if (std::ranges::equal(aid, aid_of(application))) return application;
  return std::nullopt;
}

crypto::ByteView aid_of(layout::Application application) {
  switch (application) {
    case layout::Application::master_file: return {};
    case layout::Application::security_domain: return layout::kSecurityDomainAid;
    case layout::Application::emrtd: return layout::kEmrtdAid;
    case layout::Application::records: return layout::kRecordsAid;
  }
  return {};
}

}  // namespace host
