// SPDX-License-Identifier: Apache-2.0
// Owns the codecs of data groups 1, 11, 12, 13, 14, 15, SecurityInfos, EF.COM and the LDS security object: one codec
// each, used by writer and reader. Forms: ICAO Doc 9303-10, 4.7; DG13 is the patent's own (docs/file-layout.md, 3).
#pragma once

#include <vector>

#include "card/patent/patent.hpp"
#include "crypto/engine.hpp"
#include "crypto/pace.hpp"
#include "crypto/result.hpp"

namespace patent {

template <class T>
using Decoded = crypto::Result<T, DecodeError>;

// Each gives the whole file: outer tag, length, value, canonical DER lengths. Empty when a field of the patent is
// outside its form: nothing half true is written.
Bytes encode_dg1(const Patent& patent, std::string_view document_code = "IW");
Bytes encode_dg11(const Patent& patent);
Bytes encode_dg12(const Patent& patent);
Bytes encode_dg13(const Patent& patent);

// The characters of a machine readable zone: 90 (TD1), 72 (TD2) or 88 (TD3).
Decoded<std::string> decode_dg1(ByteView file);

// The fields that DG1, DG11, DG12 and DG13 carry, put together again. A field that two groups carry must agree
// (bad_value).
struct PatentGroups {
  ByteView dg1, dg11, dg12, dg13;
};
Decoded<Patent> decode_patent(const PatentGroups& groups);

// EF.COM (4.6.1): LDS version, Unicode version, tags of the data groups present.
struct Com {
  std::string lds_version = "0108";  // 1.8
  std::string unicode_version = "040000";
  std::vector<std::uint8_t> tags;  // 0x61, 0x75, ...
  friend bool operator==(const Com&, const Com&) = default;
};
Bytes encode_com(const Com& com);
Decoded<Com> decode_com(ByteView file);

// The LDS security object (4.6.2.3), version 0 or 1; the eContent of EF.SOD.
struct DataGroupHash {
  std::uint8_t number = 0;  // 1..16
  Bytes hash;
  friend bool operator==(const DataGroupHash&, const DataGroupHash&) = default;
};
struct LdsSecurityObject {
  int version = 1;
  crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha384;
  std::vector<DataGroupHash> hashes;
  std::string lds_version = "0108";  // version 1 only
  std::string unicode_version = "040000";
  friend bool operator==(const LdsSecurityObject&, const LdsSecurityObject&) = default;
};
Bytes encode_lds_security_object(const LdsSecurityObject& object);
Decoded<LdsSecurityObject> decode_lds_security_object(ByteView der);
// EF.SOD is tag 77 around the CMS object.
Bytes wrap_sod(ByteView signed_data);
Decoded<ByteView> unwrap_sod(ByteView file);

// SecurityInfos (Doc 9303-11, 9.2): what EF.CardAccess, DG14 and, signed, EF.CardSecurity say. Object identifiers are
// their value octets. Unknown infos are kept out of the way, not refused.
struct PaceInfo {
  Bytes protocol_oid;
  int version = 2;
  std::optional<int> parameter_id;
  friend bool operator==(const PaceInfo&, const PaceInfo&) = default;
};
struct ChipAuthenticationInfo {
  Bytes protocol_oid;
  int version = 1;
  std::optional<int> key_id;
  friend bool operator==(const ChipAuthenticationInfo&, const ChipAuthenticationInfo&) = default;
};
// For chip authentication, and for PACE-CAM where it stands in EF.CardSecurity.
struct ChipAuthenticationPublicKeyInfo {
  Bytes protocol_oid;  // id-PK-ECDH or id-PK-DH
  Bytes public_key;    // SubjectPublicKeyInfo, DER
  std::optional<int> key_id;
  friend bool operator==(const ChipAuthenticationPublicKeyInfo&, const ChipAuthenticationPublicKeyInfo&) = default;
};
struct ActiveAuthenticationInfo {
  int version = 1;
  Bytes signature_oid;  // crypto::plain_ecdsa_hash() reads it
  friend bool operator==(const ActiveAuthenticationInfo&, const ActiveAuthenticationInfo&) = default;
};
// The chip speaks terminal authentication; its trust points stand in EF.CVCA, or in the file that is named here.
struct TerminalAuthenticationInfo {
  struct File {
    std::uint16_t fid = 0;
    std::optional<std::uint8_t> sfi;
    friend bool operator==(const File&, const File&) = default;
  };
  int version = 1;
  std::optional<File> cvca;  // absent: 011C, SFI 1C
  friend bool operator==(const TerminalAuthenticationInfo&, const TerminalAuthenticationInfo&) = default;
};
struct SecurityInfos {
  std::vector<PaceInfo> pace;
  std::vector<ChipAuthenticationInfo> chip_authentication;
  std::vector<ChipAuthenticationPublicKeyInfo> chip_keys;
  std::vector<ActiveAuthenticationInfo> active_authentication;
  std::vector<TerminalAuthenticationInfo> terminal_authentication;
  std::size_t others = 0;  // infos of other protocols that stood beside; they are not written
};
// A SET in DER's order, no outer tag.
Bytes encode_security_infos(const SecurityInfos& infos);
Bytes encode_security_infos(const std::vector<crypto::PaceParameters>& pace);  // these alone
Decoded<SecurityInfos> decode_security_infos(ByteView der);
Bytes encode_dg14(ByteView security_infos);
Decoded<ByteView> decode_dg14(ByteView file);  // the SecurityInfos inside
// DG15 holds the public key of active authentication, a SubjectPublicKeyInfo.
Bytes encode_dg15(ByteView public_key);
Decoded<ByteView> decode_dg15(ByteView file);

PaceInfo pace_info(const crypto::PaceParameters& parameters);
// The parameters this software speaks: ECDH, AES, any mapping, version 2, a standardized curve.
std::optional<crypto::PaceParameters> supported(const PaceInfo& info);

// Version 1 (version 2 belongs to TR-03110-2), ECDH, AES.
ChipAuthenticationInfo chip_authentication_info(crypto::AesKey key);
std::optional<crypto::AesKey> supported(const ChipAuthenticationInfo& info);

// A point on a curve that its number in Doc 9303-11, 9.5.1 names.
struct ChipPublicKey {
  crypto::Curve curve = crypto::Curve::secp384r1;
  crypto::Point point;
  friend bool operator==(const ChipPublicKey& a, const ChipPublicKey& b) {
    return a.curve == b.curve && std::ranges::equal(a.point.view(), b.point.view());
  }
};
ChipAuthenticationPublicKeyInfo chip_key_info(const ChipPublicKey& key);
// Nothing for another algorithm, a curve that is none of kCurves, or a point of another size.
std::optional<ChipPublicKey> supported(const ChipAuthenticationPublicKeyInfo& info);

}  // namespace patent
