// SPDX-License-Identifier: Apache-2.0
#include "card/patent/biometric_template.hpp"

#include <algorithm>
#include <array>

namespace patent {

namespace {

constexpr auto kBer = crypto::TlvForm::ber;
constexpr std::uint32_t kInstances = 0x02;
constexpr std::uint32_t kInformationTemplate = 0x7F60;
constexpr std::uint32_t kHeaderTemplate = 0xA1;
constexpr std::uint32_t kHeaderVersion = 0x80;
constexpr std::uint32_t kBiometricType = 0x81;
constexpr std::uint32_t kBiometricSubtype = 0x82;
constexpr std::uint32_t kFormatOwner = 0x87;
constexpr std::uint32_t kFormatType = 0x88;

constexpr std::array<std::uint8_t, 2> kIcaoHeader{0x01, 0x01};
constexpr std::array<std::uint8_t, 2> kOwnerJtc1Sc37{0x01, 0x01};

Bytes encode_template(const BiometricTemplate& t) {
  Bytes header = crypto::tlv(kHeaderVersion, kIcaoHeader);
  crypto::append_tlv(header, kBiometricType, Bytes{t.type});
  if (t.subtype != 0) crypto::append_tlv(header, kBiometricSubtype, Bytes{t.subtype});
  crypto::append_tlv(header, kFormatOwner, kOwnerJtc1Sc37);
  std::array<std::uint8_t, 2> format{};
  crypto::store_be16(format, t.format);
  crypto::append_tlv(header, kFormatType, format);
  Bytes content = crypto::tlv(kHeaderTemplate, header);
  crypto::append_tlv(content, t.block_tag, t.block);
  return content;
}

// 0 when it is absent. Doc 9303-10 lets a type be up to three octets long, of which the last is the number.
Decoded<std::uint8_t> last_octet(ByteView header, std::uint32_t tag) {
  PATENT_TRY(const auto object, decoded(crypto::find_tlv(header, tag, kBer)));
  const Bytes absent{0};
  const auto octets = object ? object->value : ByteView(absent);
  if (octets.empty() || octets.size() > 3) return crypto::unexpected(DecodeError::bad_value);
  return octets.back();
}

}  // namespace

Bytes encode_biometric_group(const std::vector<BiometricTemplate>& templates) {
  Bytes group = crypto::tlv(kInstances, Bytes{static_cast<std::uint8_t>(templates.size())});
  for (const auto& t : templates) crypto::append_tlv(group, kInformationTemplate, encode_template(t));
  return crypto::tlv(kBiometricGroup, group);
}

Decoded<std::vector<ByteView>> decode_biometric_group(ByteView group, std::size_t max) {
  crypto::TlvReader instances(group, kBer);
  PATENT_TRY(const auto count, decoded(instances.expect(kInstances)));
  if (count.value.size() != 1 || count.value[0] > max) return crypto::unexpected(DecodeError::bad_value);
  std::vector<ByteView> templates;
  while (templates.size() < count.value[0]) {
    PATENT_TRY(const auto next, decoded(instances.expect(kInformationTemplate)));
    templates.push_back(next.value);
  }
  PATENT_TRY_VOID(decoded(instances.finish()));
  return templates;
}

Decoded<BiometricTemplate> decode_biometric_template(ByteView content) {
  crypto::TlvReader information(content, kBer);
  PATENT_TRY(const auto header, decoded(information.expect(kHeaderTemplate)));
  PATENT_TRY(const auto owner, decoded(crypto::find_tlv(header.value, kFormatOwner, kBer)));
  PATENT_TRY(const auto format, decoded(crypto::find_tlv(header.value, kFormatType, kBer)));
  if (!owner || !format) return crypto::unexpected(DecodeError::missing_object);
  if (!std::ranges::equal(owner->value, kOwnerJtc1Sc37) || format->value.size() != 2)
    return crypto::unexpected(DecodeError::unsupported_version);
  PATENT_TRY(const auto type, last_octet(header.value, kBiometricType));
  PATENT_TRY(const auto subtype, last_octet(header.value, kBiometricSubtype));
  PATENT_TRY(const auto block, decoded(information.next()));
  PATENT_TRY_VOID(decoded(information.finish()));
  return BiometricTemplate{type, subtype, crypto::load_be16(format->value.first<2>()), block.tag, block.value};
}

}  // namespace patent
