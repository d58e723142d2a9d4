// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "card/patent/der_integer.hpp"

namespace patent {

namespace {

constexpr std::uint32_t kObjectIdentifier = 0x06;
constexpr std::uint32_t kSequence = 0x30;
constexpr std::uint32_t kSet = 0x31;

// id-PACE, 0.4.0.127.0.7.2.2.4. A PACEInfo names mapping and cipher below it, a PACEDomainParameterInfo the mapping
// alone (Doc 9303-11, 9.2.1, 9.2.2).
constexpr std::array<std::uint8_t, 8> kIdPace{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04};
constexpr std::size_t kPaceInfoOid = kIdPace.size() + 2;

bool names_pace_info(ByteView oid) {
  return oid.size() == kPaceInfoOid && std::ranges::equal(oid.first(kIdPace.size()), kIdPace);
}

Decoded<PaceInfo> read_pace_info(ByteView oid, crypto::TlvReader& rest) {
  PaceInfo info{Bytes(oid.begin(), oid.end()), 0, std::nullopt};
  PATENT_TRY(const auto version, decoded(rest.next()));
  PATENT_TRY(info.version, read_der_integer(version));
  if (!rest.at_end()) {
    PATENT_TRY(const auto parameter, decoded(rest.next()));
    PATENT_TRY(info.parameter_id, read_der_integer(parameter));
  }
  PATENT_TRY_VOID(decoded(rest.finish()));
  return info;
}

Bytes encode_pace_info(const crypto::PaceParameters& parameters) {
  constexpr std::uint8_t kVersion = 2;
  Bytes value = crypto::tlv(kObjectIdentifier, crypto::pace_oid(parameters));
  for (const auto number : {kVersion, static_cast<std::uint8_t>(parameters.curve)}) {
    const Bytes integer = der_integer(number);
    value.insert(value.end(), integer.begin(), integer.end());
  }
  return crypto::tlv(kSequence, value);
}

}  // namespace

Bytes encode_security_infos(const std::vector<crypto::PaceParameters>& pace) {
  std::vector<Bytes> infos;
  for (const auto& parameters : pace) infos.push_back(encode_pace_info(parameters));
  // DER: the elements of a SET OF stand in ascending order (X.690, 11.6)
  std::ranges::sort(infos, [](const Bytes& a, const Bytes& b) { return std::ranges::lexicographical_compare(a, b); });
  Bytes value;
  for (const auto& info : infos) value.insert(value.end(), info.begin(), info.end());
  return crypto::tlv(kSet, value);
}

Decoded<SecurityInfos> decode_security_infos(ByteView der) {
  PATENT_TRY(const auto value, open_file(der, kSet, crypto::TlvForm::ber));
  SecurityInfos infos;
  for (crypto::TlvReader reader(value, crypto::TlvForm::ber); !reader.at_end();) {
    PATENT_TRY(const auto info, decoded(reader.expect(kSequence)));
    crypto::TlvReader inside(info.value, crypto::TlvForm::ber);
    PATENT_TRY(const auto oid, decoded(inside.expect(kObjectIdentifier)));
    if (!names_pace_info(oid.value)) {
      ++infos.others;
      continue;
    }
    PATENT_TRY(auto pace, read_pace_info(oid.value, inside));
    infos.pace.push_back(std::move(pace));
  }
  return infos;
}

Bytes encode_dg14(ByteView security_infos) {
  return crypto::tlv(layout::file(layout::FileId::dg14).tag, security_infos);
}

Decoded<ByteView> decode_dg14(ByteView file) {
  return open_file(file, layout::file(layout::FileId::dg14).tag, crypto::TlvForm::ber);
}

std::optional<crypto::PaceParameters> supported(const PaceInfo& info) {
  using crypto::AesKey;
  if (info.version != 2 || !info.parameter_id) return std::nullopt;
  const auto curve = static_cast<crypto::Curve>(*info.parameter_id);
  if (std::ranges::find(crypto::kCurves, curve) == crypto::kCurves.end()) return std::nullopt;
  for (const auto key : {AesKey::aes128, AesKey::aes192, AesKey::aes256})
    if (std::ranges::equal(crypto::pace_oid({.key = key}), info.protocol_oid))
      return crypto::PaceParameters{curve, key};
  return std::nullopt;
}

}  // namespace patent
