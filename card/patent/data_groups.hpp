// SPDX-License-Identifier: Apache-2.0
// Owns the codecs of data groups 1, 11, 12, 13, 14, EF.COM and the LDS security object: one codec each, used by writer
// and reader. Forms: ICAO Doc 9303-10, 4.7; DG13 is the patent's own (docs/file-layout.md, 3).
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

// SecurityInfos (Doc 9303-11, 9.2): what EF.CardAccess and DG14 say. Unknown infos are kept out of the way, not
// refused.
struct PaceInfo {
  Bytes protocol_oid;  // value octets
  int version = 2;
  std::optional<int> parameter_id;
};
struct SecurityInfos {
  std::vector<PaceInfo> pace;
  std::size_t others = 0;  // infos of other protocols that stood beside
};
Bytes encode_security_infos(const std::vector<crypto::PaceParameters>& pace);  // EF.CardAccess: SET, no outer tag
Decoded<SecurityInfos> decode_security_infos(ByteView der);
Bytes encode_dg14(ByteView security_infos);
Decoded<ByteView> decode_dg14(ByteView file);  // the SecurityInfos inside
// The parameters this software speaks: ECDH generic mapping, version 2, a standardized curve.
std::optional<crypto::PaceParameters> supported(const PaceInfo& info);

}  // namespace patent
