// SPDX-License-Identifier: Apache-2.0
// Owns patents that announce keys of their chip: what the issuer writes and signs for PACE-CAM, chip authentication and
// active authentication.
#pragma once

#include "crypto/active_authentication.hpp"
#include "tests/unit/reader/issuing_house.hpp"

namespace testing {

inline constexpr crypto::PaceParameters kGeneric{crypto::Curve::secp256r1, crypto::AesKey::aes128};
inline constexpr crypto::PaceParameters kMapped{crypto::Curve::secp256r1, crypto::AesKey::aes128,
                                                crypto::Mapping::chip_authentication};

inline patent::ChipPublicKey on_p256(crypto::ByteView point) {
  patent::ChipPublicKey key{crypto::Curve::secp256r1, {}};
  if (!key.point.assign(point)) std::abort();
  return key;
}
// SubjectPublicKeyInfo of a point on P-256, as DG15 holds it.
inline Bytes subject_public_key(crypto::ByteView point) {
  Bytes der = *crypto::from_hex("3059301306072A8648CE3D020106082A8648CE3D030107034200");
  der.insert(der.end(), point.begin(), point.end());
  return der;
}

inline Bytes card_security(const patent::ChipPublicKey& key, const Signer& by = house().document,
                           std::string_view content_type = crypto::kOidSecurityObject) {
  patent::SecurityInfos infos;
  infos.pace = {patent::pace_info(kMapped)};
  infos.chip_keys = {patent::chip_key_info(key)};
  return crypto::sign_object(content_type, patent::encode_security_infos(infos), kHash, *by.certificate, *by.key,
                             at("2026-03-10T06:00:00Z"))
      .value();
}

using Files = std::map<FileId, Bytes>;

inline void announce_mapping(Files& files, const patent::ChipPublicKey& key) {
  patent::SecurityInfos infos;
  infos.pace = {patent::pace_info(kMapped), patent::pace_info(kGeneric)};
  files[FileId::card_access] = patent::encode_security_infos(infos);
  infos.chip_keys = {patent::chip_key_info(key)};
  files[FileId::dg14] = patent::encode_dg14(patent::encode_security_infos(infos));
  files[FileId::card_security] = card_security(key);
}

inline void announce_agreement(Files& files, const patent::ChipPublicKey& key) {
  patent::SecurityInfos infos;
  infos.pace = {patent::pace_info(kGeneric)};
  infos.chip_authentication = {patent::chip_authentication_info(crypto::AesKey::aes128)};
  infos.chip_keys = {patent::chip_key_info(key)};
  files[FileId::dg14] = patent::encode_dg14(patent::encode_security_infos(infos));
}

inline void announce_answers(Files& files, crypto::ByteView point) {
  patent::SecurityInfos infos;
  infos.pace = {patent::pace_info(kGeneric)};
  const auto oid = crypto::plain_ecdsa_oid(kHash);
  infos.active_authentication = {{1, {oid.begin(), oid.end()}}};
  files[FileId::dg14] = patent::encode_dg14(patent::encode_security_infos(infos));
  files[FileId::dg15] = patent::encode_dg15(subject_public_key(point));
}

}  // namespace testing
