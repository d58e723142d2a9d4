// SPDX-License-Identifier: Apache-2.0
// TR-03105 Part 5.1, unit LDS_H: EF.SOD, its SignedData and the LDS security object in it.
#include "crypto/der.hpp"
#include "tests/conformance/reader/tables.hpp"
#include "tests/conformance/reader/tlv_tree.hpp"

namespace simulator {
namespace {

namespace der = crypto::der;
using reader::Check;

SetUp in_file(std::function<void(Bytes&)> change) {
  return [change = std::move(change)](Scenario& s) {
    s.document.after_signing = [change](Files& files) { change(files[FileId::sod]); };
  };
}
SetUp before_signature(std::function<void(SodRecipe&)> change) {
  return [change = std::move(change)](Scenario& s) { s.document.in_sod = change; };
}
SetUp after_signature(std::function<void(SodRecipe&)> change) {
  return [change = std::move(change)](Scenario& s) { s.document.in_signed_sod = change; };
}
SetUp in_object(std::function<void(patent::LdsSecurityObject&)> change) {
  return [change = std::move(change)](Scenario& s) { s.document.in_object = change; };
}
// In the octets of the LDS security object, and then signed.
SetUp in_content(std::function<void(Node&)> change) {
  return [change = std::move(change)](Scenario& s) {
    s.document.in_content = [change](Bytes& content) { edit(content, change); };
  };
}

Bytes version(std::uint64_t number) { return der::integer(number); }

patent::DataGroupHash& hash_of(patent::LdsSecurityObject& object, std::uint8_t number) {
  return *std::ranges::find(object.hashes, number, &patent::DataGroupHash::number);
}
void forget(patent::LdsSecurityObject& object, std::uint8_t number) {
  std::erase_if(object.hashes, [number](const patent::DataGroupHash& hash) { return hash.number == number; });
}

// The pair {number, hash} of a data group in the object's tree.
Node& pair_of(Node& object, std::uint8_t number) {
  for (auto& pair : object.children[2].children)
    if (pair.at({der::kInteger}).value == Bytes{number}) return pair;
  std::abort();
}

std::vector<Row> file_form_rows() {
  const auto forged = refused(Check::sod_signature);
  return {
      {"LDS_H_17", "DG tag 77 wrong (tag 78 instead)", forged, {in_file([](Bytes& f) { f[0] = 0x78; })}},
      {"LDS_H_18", "DG tag 77 length byte too small", forged, {in_file([](Bytes& f) { f[3] -= 1; })}},
      {"LDS_H_19", "DG tag 77 length byte too big", forged, {in_file([](Bytes& f) { f[3] += 1; })}},
      {"LDS_H_20",
       "SignedData version incorrect",
       forged,
       {before_signature([](SodRecipe& sod) { sod.version = version(5); }),
        before_signature([](SodRecipe& sod) { sod.version = version(1); })}},
      {"LDS_H_21", "SignedData version missing", forged, {before_signature([](SodRecipe& s) { s.version.clear(); })}},
      {"LDS_H_22", "SignedData illegal digestAlgorithm (MD5)", forged, {before_signature([](SodRecipe& sod) {
         sod.digests = crypto::tlv(der::kSet, md5_identifier());
       })}},
      {"LDS_H_23",
       "SignedData missing digestAlgorithm list",
       forged,
       {before_signature([](SodRecipe& sod) { sod.digests.clear(); }),
        before_signature([](SodRecipe& sod) { sod.digests = crypto::tlv(der::kSet, {}); })}},
      {"LDS_H_24",
       "SignedData incorrect content type OID for id-icaoldsSecurityObject",
       forged,
       {before_signature([](SodRecipe& sod) { sod.content_type = der::object_identifier("1.2.840.113549.1.7.1"); }),
        before_signature([](SodRecipe& sod) {
          sod.content_type = der::object_identifier("2.23.136.1.1.2");
          sod.attributes[0] = attribute("1.2.840.113549.1.9.3", sod.content_type);
        })}},
      {"LDS_H_25",
       "SignedData missing content type OID for id-icaoldsSecurityObject",
       forged,
       {before_signature([](SodRecipe& sod) { sod.content_type.clear(); })}},
  };
}

std::vector<Row> signer_info_rows() {
  const auto forged = refused(Check::sod_signature);
  const auto key_identifier = [](ByteView id) { return crypto::tlv(0x80, id); };
  return {
      {"LDS_H_26", "SignerInfo, incorrect signer info version value", forged, {before_signature([](SodRecipe& sod) {
         sod.signer_version = version(9);
       })}},
      {"LDS_H_27", "SignerInfo, missing signer info version", forged, {before_signature([](SodRecipe& sod) {
         sod.signer_version.clear();
       })}},
      {"LDS_H_28",
       "SignerInfo, Version 1 and incorrect issuerAndSerialNumber",
       forged,
       {before_signature([](SodRecipe& sod) {
          sod.signer_id = der::sequence({name("RU", "Somebody else"), der::integer(std::uint64_t{77})});
        }),
        before_signature([](SodRecipe& sod) { sod.signer_id.back() ^= 0x01; })}},
      {"LDS_H_29",
       "SignerInfo, Version 3 and incorrect subjectKeyIdentifier",
       forged,
       {before_signature(
           [=](SodRecipe& sod) { sod.signer_version = version(3), sod.signer_id = key_identifier(Bytes(20, 0x5A)); })}},
      {"LDS_H_30", "SignerInfo, illegal digestAlgorithm", forged, {before_signature([](SodRecipe& sod) {
         sod.digest = md5_identifier();
       })}},
      {"LDS_H_31", "SignerInfo, missing digestAlgorithm", forged, {before_signature([](SodRecipe& sod) {
         sod.digest.clear();
       })}},
      {"LDS_H_32", "SignerInfo, incorrect messageDigest attribute value", forged, {before_signature([](SodRecipe& sod) {
         sod.attributes[1] = message_digest(crypto::HashAlgorithm::sha256, Bytes{1, 2, 3});
       })}},
      {"LDS_H_33", "SignerInfo, missing messageDigest attribute", forged, {before_signature([](SodRecipe& sod) {
         sod.attributes.erase(sod.attributes.begin() + 1);
       })}},
      {"LDS_H_36", "SignerInfo, not allowed signature algorithm", forged, {[](Scenario& s) {
         s.document.signer_key = &rsa_key(2048);
         s.document.sod = {.kind = crypto::SignatureKind::rsa_pkcs1, .md5 = true};
       }}},
      {"LDS_H_37",
       "SignerInfo, incorrect Signature",
       forged,
       {after_signature([](SodRecipe& sod) { sod.signature.back() ^= 0x01; }),
        after_signature([](SodRecipe& sod) { sod.sign(ec_key("P-256", 9), {}); })}},
      {"LDS_H_38",
       "SignerInfo, missing Signature",
       forged,
       {after_signature([](SodRecipe& sod) { sod.signature.clear(); }),
        after_signature([](SodRecipe& sod) { sod.signature = der::octet_string({}); })}},
      {"LDS_H_84",
       "SignerInfo, Version 3 and correct issuerAndSerialNumber",
       forged,
       {before_signature([](SodRecipe& sod) { sod.signer_version = version(3); })}},
  };
}

std::vector<Row> object_rows() {
  const auto forged = refused(Check::data_group_hashes);
  const auto remove = [](std::size_t place) {
    return in_content(
        [place](Node& object) { object.children.erase(object.children.begin() + static_cast<std::ptrdiff_t>(place)); });
  };
  return {
      {"LDS_H_39", "LDS Security Object, incorrect security object version", forged, {in_content([](Node& object) {
         object.children[0].value = {0x09};
       })}},
      {"LDS_H_40", "LDS Security Object, missing security object version", forged, {remove(0)}},
      {"LDS_H_41", "LDS Security Object, illegal digestAlgorithm", forged, {in_content([](Node& object) {
         object.children[1] = Node::parse(md5_identifier())[0];
       })}},
      {"LDS_H_42", "LDS Security Object, missing digestAlgorithm", forged, {remove(1)}},
      {"LDS_H_43",
       "LDS Security Object, incorrect DataGroupHash value for DG2",
       forged,
       {in_object([](patent::LdsSecurityObject& object) { hash_of(object, 2).hash.back() ^= 0x01; })}},
      {"LDS_H_44",
       "LDS Security Object, missing DataGroupHash value for DG1",
       forged,
       {in_content([](Node& object) { pair_of(object, 1).drop(der::kOctetString); }),
        in_object([](patent::LdsSecurityObject& object) { forget(object, 1); })}},
      {"LDS_H_45",
       "LDS Security Object, additional DataGroupHash value for DG10",
       refused(Check::com_consistency),
       {in_object([](patent::LdsSecurityObject& object) {
         object.hashes.push_back({10, Bytes(32, 0xFF)});
       })}},
      {"LDS_H_46",
       "LDS Security Object, incorrect DataGroupNumber",
       forged,
       {in_content([](Node& object) {
          pair_of(object, 1).at({der::kInteger}).value = {0x00, 0xFF};
        }),
        in_content([](Node& object) { pair_of(object, 1).at({der::kInteger}).value = {0xFF}; })}},
      {"LDS_H_47", "LDS Security Object, missing DataGroupNumber for DG2", forged, {in_content([](Node& object) {
         pair_of(object, 2).drop(der::kInteger);
       })}},
      {"LDS_H_69", "Check priority of signature check", forged, {[](Scenario& s) {
         s.document.in_object = [](patent::LdsSecurityObject& object) { hash_of(object, 2).hash.back() ^= 0x01; };
         s.document.before_signing = [](Files& files) { files[FileId::dg2][5] ^= 0x01; };
       }}},
      {"LDS_H_86", "EF.SOD with LDS Version 1.8", accepted(), {nullptr}},
      {"LDS_H_87",
       "Security Object with LDS Version 1.8 but with wrong version number",
       refused(),
       {in_content([](Node& object) { object.children[0].value = {0x00}; })}},
      {"LDS_H_88", "Security Object with LDS Version 1.7 but version number 1", refused(), {remove(3)}},
      {"LDS_H_89", "EF.SOD with future LDS Version 1.9", accepted(), {[](Scenario& s) {
         s.document.in_object = [](patent::LdsSecurityObject& object) { object.lds_version = "0109"; };
         s.document.in_com = [](patent::Com& com) { com.lds_version = "0109"; };
       }}},
      {"LDS_H_90",
       "EF.SOD inconsistent with EF.COM (more data groups)",
       refused(Check::com_consistency),
       {in_object([](patent::LdsSecurityObject& object) {
         object.hashes.push_back({3, Bytes(32, 0xFF)});
       })}},
      {"LDS_H_91",
       "EF.SOD inconsistent with EF.COM (less data groups)",
       refused(Check::com_consistency),
       {in_object([](patent::LdsSecurityObject& object) { forget(object, 2); })}},
      {"LDS_H_92",
       "EF.SOD inconsistent with EF.COM (different data groups)",
       refused(Check::com_consistency),
       {in_object([](patent::LdsSecurityObject& object) { hash_of(object, 2).number = 3; })}},
      {"LDS_H_93",
       "EF.SOD with missing checksum of EF.CardSecurity",
       refused(Check::chip_authentication),
       {[](Scenario& s) {
         s.document.proof = Proof::mapping;
         s.document.in_signed_card_security = [](SodRecipe& object) { object.signature.back() ^= 0x01; };
       }}},
  };
}

}  // namespace

std::vector<Row> security_object_rows() {
  auto rows = file_form_rows();
  for (auto& row : signer_info_rows()) rows.push_back(std::move(row));
  for (auto& row : object_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace simulator
