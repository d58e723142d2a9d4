// SPDX-License-Identifier: Apache-2.0
#include "card/host/gp_data.hpp"

#include "card/host/application_registry.hpp"
#include "card/host/card_objects.hpp"
#include "card/host/factory.hpp"
#include "card/host/key_set.hpp"
#include "card/host/life_cycle.hpp"
#include "crypto/tlv.hpp"

namespace host {

using wire::StatusWord;

namespace {

constexpr std::uint16_t kIssuerNumber = 0x0042;
constexpr std::uint16_t kCardNumber = 0x0045;
constexpr std::uint16_t kCardRecognitionData = 0x0066;
constexpr std::uint16_t kKeyInformation = 0x00E0;
constexpr std::uint16_t kCplc = 0x9F7F;

// H.2: GlobalPlatform 2.3.1, card identification scheme, SCP03 with its parameter.
constexpr std::array<crypto::Byte, 49> kRecognition{
    0x73, 0x2F,                                                                            // card recognition data
    0x06, 0x07, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x01,                                  // GlobalPlatform
    0x60, 0x0C, 0x06, 0x0A, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x02, 0x02,   0x03, 0x01,  // version 2.3.1
    0x63, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x03,                      // identification scheme
    0x64, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x04, kScp03, 0x61};       // SCP03

Answer<> append_tlv(wire::Reply& reply, std::uint32_t tag, crypto::ByteView value) {
  crypto::TlvWriter writer(reply.room());
  writer.put(tag, value);
  const auto written = writer.finish();
  if (!written || !reply.extend(written->size())) return refuse(StatusWord::wrong_length);
  return {};
}

Answer<> put_object(ObjectStore& store, ObjectId id, std::uint16_t tag, wire::Reply& reply) {
  crypto::Buffer<kCplcOctets> value;
  if (!store.exists(id)) return refuse(StatusWord::referenced_data_not_found);
  if (!value.resize(store.size(id))) return refuse(StatusWord::memory_failure);
  PATENT_TRY_VOID(answer_of(store.read(id, 0, value.span())));
  return append_tlv(reply, tag, value);
}

// E0 { C0 { key identifier, version, 88, octets } ... } (11.3.3.1.1).
Answer<> put_key_information(ObjectStore& store, wire::Reply& reply) {
  constexpr crypto::Byte kAes = 0x88;
  PATENT_TRY(const KeySet set, load_key_set(store));
  std::array<crypto::Byte, kKeysInSet * 6> keys{};
  for (std::size_t i = 0; i < kKeysInSet; ++i) {
    const std::array<crypto::Byte, 6> key{0xC0,
                                          0x04,
                                          static_cast<crypto::Byte>(i + 1),
                                          set.keys.version,
                                          kAes,
                                          static_cast<crypto::Byte>(set.keys.enc.size())};
    std::ranges::copy(key, keys.begin() + static_cast<std::ptrdiff_t>(i * key.size()));
  }
  return append_tlv(reply, kKeyInformation, keys);
}

Answer<> put_entry(wire::Reply& reply, crypto::ByteView aid, crypto::Byte state, crypto::ByteView privileges) {
  std::array<crypto::Byte, 32> memory{};
  crypto::TlvWriter entry(memory);
  entry.put(0x4F, aid);
  entry.put(0x9F70, {&state, 1});
  entry.put(0xC5, privileges);
  const auto written = entry.finish();
  return written ? append_tlv(reply, 0xE3, *written) : refuse(StatusWord::wrong_length);
}

Answer<> put_security_domain(ObjectStore& store, wire::Reply& reply) {
  // Table 11-7: security domain, card lock, card terminate; the issuer's own.
  constexpr std::array<crypto::Byte, 3> kPrivileges{0x98, 0x00, 0x00};
  PATENT_TRY(const auto state, life_cycle(store));
  return put_entry(reply, layout::kSecurityDomainAid, static_cast<crypto::Byte>(state), kPrivileges);
}

Answer<> put_application(ObjectStore& store, layout::Application application, wire::Reply& reply) {
  constexpr std::array<crypto::Byte, 3> kNoPrivileges{};
  crypto::Byte state = 0;
  PATENT_TRY_VOID(answer_of(store.read(application_object(application), 0, {&state, 1})));
  return put_entry(reply, aid_of(application), state, kNoPrivileges);
}

bool starts_with(crypto::ByteView aid, crypto::ByteView prefix) {
  return prefix.size() <= aid.size() && std::ranges::equal(aid.first(prefix.size()), prefix);
}

}  // namespace

Answer<> put_data_object(ObjectStore& store, std::uint16_t tag, wire::Reply& reply) {
  switch (tag) {
    case kCplc: return put_object(store, kCplcObject, tag, reply);
    case kIssuerNumber: return put_object(store, kIssuerNumberObject, tag, reply);
    case kCardNumber: return put_object(store, kCardNumberObject, tag, reply);
    case kKeyInformation: return put_key_information(store, reply);
    case kCardRecognitionData: return append_tlv(reply, tag, kRecognition);
    default: return refuse(StatusWord::referenced_data_not_found);
  }
}

Answer<> put_diversification_data(ObjectStore& store, wire::Reply& reply) {
  std::array<crypto::Byte, 2 + kChipSerialOctets> data{};
  PATENT_TRY_VOID(answer_of(store.read(kCplcObject, kCplcSerialOffset, std::span(data).last<kChipSerialOctets>())));
  return reply.append(data) ? Answer<>{} : refuse(StatusWord::wrong_length);
}

Answer<> put_status(ObjectStore& store, const GetStatus& command, wire::Reply& reply) {
  if (command.security_domain) {
    if (!starts_with(layout::kSecurityDomainAid, command.aid_prefix))
      return refuse(StatusWord::referenced_data_not_found);
    return put_security_domain(store, reply);
  }
  for (const auto application : {layout::Application::emrtd, layout::Application::records})
    if (is_installed(store, application) && starts_with(aid_of(application), command.aid_prefix))
      PATENT_TRY_VOID(put_application(store, application, reply));
  return reply.size() > 0 ? Answer<>{} : refuse(StatusWord::referenced_data_not_found);
}

}  // namespace host
