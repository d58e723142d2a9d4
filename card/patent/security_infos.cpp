// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "card/patent/der_integer.hpp"
#include "crypto/chip_authentication.hpp"
#include "crypto/cv_certificate.hpp"
#include "crypto/der.hpp"
#include "crypto/ec_public_key.hpp"

namespace patent {

namespace {

namespace der = crypto::der;
using crypto::AesKey;
using crypto::TlvForm;
using crypto::TlvReader;

constexpr std::array kAesKeys{AesKey::aes128, AesKey::aes192, AesKey::aes256};

// The arcs of Doc 9303-11, 9.2 below which the protocols stand, and how many octets more their names take. A name that
// is shorter speaks of domain parameters (TR-03110-3, A.1.1), which the named curves make needless.
template <std::size_t N>
struct Arc {
  std::array<std::uint8_t, N> octets;
  std::size_t below;

  [[nodiscard]] bool names(ByteView oid) const {
    return oid.size() == N + below && std::ranges::equal(oid.first(N), octets);
  }
};
constexpr Arc<8> kPace{{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04}, 2};
constexpr Arc<8> kChipAuthentication{{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03}, 2};
constexpr Arc<8> kPublicKey{{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01}, 1};
constexpr Arc<8> kTerminalAuthentication{crypto::kTerminalAuthenticationOid, 0};
constexpr Arc<6> kActiveAuthentication{{0x67, 0x81, 0x08, 0x01, 0x01, 0x05}, 0};

constexpr std::array<std::uint8_t, 9> kEcdhKey{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, 0x02};
// The AlgorithmIdentifier of a key whose domain parameters are a number (9.5.1).
constexpr std::array<std::uint8_t, 7> kStandardizedParameters{0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x02};

constexpr std::uint8_t kMaxSfi = 30;

Bytes bytes_of(ByteView octets) { return {octets.begin(), octets.end()}; }

Decoded<int> read_integer(TlvReader& reader) {
  PATENT_TRY(const auto object, decoded(reader.next()));
  PATENT_TRY(const int value, read_der_integer(object));
  return value;
}

Decoded<std::optional<int>> read_last_integer(TlvReader& reader) {
  std::optional<int> value;
  if (!reader.at_end()) {
    PATENT_TRY(value, read_integer(reader));
  }
  PATENT_TRY_VOID(decoded(reader.finish()));
  return value;
}

Decoded<PaceInfo> read_pace_info(ByteView oid, TlvReader& rest) {
  PATENT_TRY(const int version, read_integer(rest));
  PATENT_TRY(const auto parameter_id, read_last_integer(rest));
  return PaceInfo{bytes_of(oid), version, parameter_id};
}

Decoded<ChipAuthenticationInfo> read_chip_authentication_info(ByteView oid, TlvReader& rest) {
  PATENT_TRY(const int version, read_integer(rest));
  PATENT_TRY(const auto key_id, read_last_integer(rest));
  return ChipAuthenticationInfo{bytes_of(oid), version, key_id};
}

Decoded<ChipAuthenticationPublicKeyInfo> read_public_key_info(ByteView oid, TlvReader& rest) {
  PATENT_TRY(const auto key, decoded(rest.expect(der::kSequence)));
  PATENT_TRY(const auto key_id, read_last_integer(rest));
  return ChipAuthenticationPublicKeyInfo{bytes_of(oid), crypto::tlv(der::kSequence, key.value), key_id};
}

Decoded<ActiveAuthenticationInfo> read_active_authentication_info(TlvReader& rest) {
  PATENT_TRY(const int version, read_integer(rest));
  PATENT_TRY(const auto algorithm, decoded(rest.expect(der::kObjectIdentifier)));
  PATENT_TRY_VOID(decoded(rest.finish()));
  return ActiveAuthenticationInfo{version, bytes_of(algorithm.value)};
}

// SEQUENCE { OCTET STRING (2), OCTET STRING (1) OPTIONAL } (TR-03110-3, A.1.1.3)
Decoded<TerminalAuthenticationInfo::File> read_file(ByteView value) {
  TlvReader reader(value, TlvForm::ber);
  PATENT_TRY(const auto fid, decoded(reader.expect(der::kOctetString)));
  PATENT_TRY(const auto sfi, decoded(reader.accept(der::kOctetString)));
  PATENT_TRY_VOID(decoded(reader.finish()));
  if (fid.value.size() != 2 || (sfi && (sfi->value.size() != 1 || sfi->value[0] == 0 || sfi->value[0] > kMaxSfi)))
    return crypto::unexpected(DecodeError::bad_value);
  TerminalAuthenticationInfo::File file{crypto::load_be16(fid.value.first<2>()), std::nullopt};
  if (sfi) file.sfi = sfi->value[0];
  return file;
}

Decoded<TerminalAuthenticationInfo> read_terminal_authentication_info(TlvReader& rest) {
  TerminalAuthenticationInfo info;
  PATENT_TRY(info.version, read_integer(rest));
  PATENT_TRY(const auto file, decoded(rest.accept(der::kSequence)));
  PATENT_TRY_VOID(decoded(rest.finish()));
  if (file) {
    PATENT_TRY(info.cvca, read_file(file->value));
  }
  return info;
}

template <class Info>
Decoded<void> take(std::vector<Info>& infos, Decoded<Info> info) {
  if (!info) return crypto::unexpected(info.error());
  infos.push_back(*std::move(info));
  return {};
}

Decoded<void> read_info(ByteView value, SecurityInfos& infos) {
  TlvReader rest(value, TlvForm::ber);
  PATENT_TRY(const auto oid, decoded(rest.expect(der::kObjectIdentifier)));
  if (kPace.names(oid.value)) return take(infos.pace, read_pace_info(oid.value, rest));
  if (kChipAuthentication.names(oid.value))
    return take(infos.chip_authentication, read_chip_authentication_info(oid.value, rest));
  if (kPublicKey.names(oid.value)) return take(infos.chip_keys, read_public_key_info(oid.value, rest));
  if (kActiveAuthentication.names(oid.value))
    return take(infos.active_authentication, read_active_authentication_info(rest));
  if (kTerminalAuthentication.names(oid.value))
    return take(infos.terminal_authentication, read_terminal_authentication_info(rest));
  ++infos.others;
  return {};
}

Bytes optional_integer(std::optional<int> value) {
  return value ? der_integer(static_cast<std::uint8_t>(*value)) : Bytes{};
}

Bytes info_of(ByteView oid, const Bytes& required, const Bytes& optional = {}) {
  return der::sequence({crypto::tlv(der::kObjectIdentifier, oid), required, optional});
}

Bytes version_of(int version) { return der_integer(static_cast<std::uint8_t>(version)); }

Bytes file_of(const std::optional<TerminalAuthenticationInfo::File>& file) {
  if (!file) return {};
  std::array<std::uint8_t, 2> fid{};
  crypto::store_be16(fid, file->fid);
  return der::sequence(
      {crypto::tlv(der::kOctetString, fid), file->sfi ? crypto::tlv(der::kOctetString, Bytes{*file->sfi}) : Bytes{}});
}

}  // namespace

Bytes encode_security_infos(const SecurityInfos& infos) {
  std::vector<Bytes> parts;
  for (const auto& info : infos.pace)
    parts.push_back(info_of(info.protocol_oid, version_of(info.version), optional_integer(info.parameter_id)));
  for (const auto& info : infos.chip_authentication)
    parts.push_back(info_of(info.protocol_oid, version_of(info.version), optional_integer(info.key_id)));
  for (const auto& info : infos.chip_keys)
    parts.push_back(info_of(info.protocol_oid, info.public_key, optional_integer(info.key_id)));
  for (const auto& info : infos.active_authentication)
    parts.push_back(info_of(kActiveAuthentication.octets, version_of(info.version),
                            crypto::tlv(der::kObjectIdentifier, info.signature_oid)));
  for (const auto& info : infos.terminal_authentication)
    parts.push_back(info_of(kTerminalAuthentication.octets, version_of(info.version), file_of(info.cvca)));
  return der::set_of(std::move(parts));
}

Bytes encode_security_infos(const std::vector<crypto::PaceParameters>& pace) {
  SecurityInfos infos;
  for (const auto& parameters : pace) infos.pace.push_back(pace_info(parameters));
  return encode_security_infos(infos);
}

Decoded<SecurityInfos> decode_security_infos(ByteView file) {
  PATENT_TRY(const auto value, open_file(file, der::kSet, TlvForm::ber));
  SecurityInfos infos;
  for (TlvReader reader(value, TlvForm::ber); !reader.at_end();) {
    PATENT_TRY(const auto info, decoded(reader.expect(der::kSequence)));
    PATENT_TRY_VOID(read_info(info.value, infos));
  }
  return infos;
}

Bytes encode_dg14(ByteView security_infos) {
  return crypto::tlv(layout::file(layout::FileId::dg14).tag, security_infos);
}

Decoded<ByteView> decode_dg14(ByteView file) {
  return open_file(file, layout::file(layout::FileId::dg14).tag, TlvForm::ber);
}

Bytes encode_dg15(ByteView public_key) { return crypto::tlv(layout::file(layout::FileId::dg15).tag, public_key); }

Decoded<ByteView> decode_dg15(ByteView file) {
  return open_file(file, layout::file(layout::FileId::dg15).tag, TlvForm::ber);
}

PaceInfo pace_info(const crypto::PaceParameters& parameters) {
  return {bytes_of(crypto::pace_oid(parameters)), 2, static_cast<int>(parameters.curve)};
}

std::optional<crypto::PaceParameters> supported(const PaceInfo& info) {
  using crypto::Mapping;
  if (!info.parameter_id) return std::nullopt;
  for (const auto mapping : {Mapping::generic, Mapping::integrated, Mapping::chip_authentication})
    for (const auto key : kAesKeys)
      for (const auto curve : crypto::kCurves)
        if (const crypto::PaceParameters parameters{curve, key, mapping}; pace_info(parameters) == info)
          return parameters;
  for (const auto curve : crypto::kCurves)
    if (const crypto::PaceParameters old{curve, AesKey::aes128, Mapping::generic, crypto::SmCipher::triple_des};
        pace_info(old) == info)
      return old;
  return std::nullopt;
}

ChipAuthenticationInfo chip_authentication_info(AesKey key) { return {bytes_of(crypto::ca_oid(key)), 1, std::nullopt}; }

std::optional<AesKey> supported(const ChipAuthenticationInfo& info) {
  for (const auto key : kAesKeys)
    if (info.version == 1 && std::ranges::equal(info.protocol_oid, crypto::ca_oid(key))) return key;
  return std::nullopt;
}

ChipAuthenticationPublicKeyInfo chip_key_info(const ChipPublicKey& key) {
  const auto parameters = der::sequence({crypto::tlv(der::kObjectIdentifier, kStandardizedParameters),
                                         der_integer(static_cast<std::uint8_t>(key.curve))});
  return {bytes_of(kEcdhKey), der::sequence({parameters, der::bit_string(key.point)}), std::nullopt};
}

std::optional<ChipPublicKey> supported(const ChipAuthenticationPublicKeyInfo& info) {
  if (!std::ranges::equal(info.protocol_oid, kEcdhKey)) return std::nullopt;
  for (const auto curve : crypto::kCurves) {
    // The key is the last thing in its form, so that the form tells where it stands.
    const auto size = crypto::point_size(curve);
    if (info.public_key.size() < size) continue;
    ChipPublicKey key{curve, {}};
    const auto point = ByteView(info.public_key).last(size);
    if (!key.point.append(point)) continue;
    if (chip_key_info(key).public_key == info.public_key) return key;
  }
  // Other states' chips name the curve by its object identifier, or spell it out.
  const auto key = crypto::read_ec_public_key(info.public_key);
  return key ? std::optional(ChipPublicKey{key->curve, key->point}) : std::nullopt;
}

}  // namespace patent
