// SPDX-License-Identifier: Apache-2.0
// TR-03105 Part 5.1, unit LDS_H: the algorithms of signatures, and the document signer's certificate.
#include "crypto/der.hpp"
#include "tests/conformance/reader/tables.hpp"

namespace simulator {
namespace {

namespace der = crypto::der;
using crypto::HashAlgorithm;
using enum crypto::SignatureKind;
using reader::Check;

SetUp signed_by_rsa(Signing sod, Signing chain, HashAlgorithm hash) {
  return [=](Scenario& s) {
    s.document.csca_key = &rsa_key(3072);
    s.document.signer_key = &rsa_key(2048);
    s.document.chain = chain;
    s.document.sod = sod;
    s.document.digest = s.document.lds_hash = hash;
  };
}
SetUp rsa(crypto::SignatureKind kind, HashAlgorithm hash, bool bare = false) {
  return signed_by_rsa({.kind = kind, .hash = hash, .bare_rsa = bare}, {.kind = kind, .hash = hash}, hash);
}

SetUp by_ecdsa(HashAlgorithm hash, const char* csca, const char* signer) {
  return [=](Scenario& s) {
    s.document.csca_key = &ec_key(csca, 0);
    s.document.signer_key = &ec_key(signer, 1);
    s.document.chain = s.document.sod = {.kind = crypto::SignatureKind::ecdsa, .hash = hash};
    s.document.digest = s.document.lds_hash = hash;
  };
}

std::vector<Row> algorithm_rows() {
  using enum HashAlgorithm;
  const std::string pss = "RSASSA-PSS with ", v15 = "RSASSA-PKCS1_v15 with ", curve = "ECDSA with ";
  const std::string inside = ", DS stored inside SOD";
  return {
      {"LDS_H_03", pss + "SHA256, SHA256 DG hash" + inside, accepted(), {rsa(rsa_pss, sha256)}},
      {"LDS_H_04", v15 + "SHA224, SHA224 DG hash" + inside, accepted(), {rsa(rsa_pkcs1, sha224)}},
      {"LDS_H_05", v15 + "SHA256, SHA256 DG hash" + inside, accepted(), {rsa(rsa_pkcs1, sha256)}},
      {"LDS_H_06", v15 + "SHA384, SHA384 DG hash" + inside, accepted(), {rsa(rsa_pkcs1, sha384)}},
      {"LDS_H_07", v15 + "SHA512, SHA512 DG hash" + inside, accepted(), {rsa(rsa_pkcs1, sha512)}},
      {"LDS_H_70",
       curve + "SHA224 (ANSI OID), SHA224 DG hash" + inside,
       accepted(),
       {by_ecdsa(sha224, "P-256", "P-224")}},
      {"LDS_H_71",
       curve + "SHA256 (ANSI OID), SHA256 DG hash" + inside,
       accepted(),
       {by_ecdsa(sha256, "brainpoolP256r1", "brainpoolP256r1")}},
      {"LDS_H_72",
       curve + "SHA384 (ANSI OID), SHA384 DG hash" + inside,
       accepted(),
       {by_ecdsa(sha384, "P-384", "P-384")}},
      {"LDS_H_73",
       curve + "SHA512 (ANSI OID), SHA512 DG hash" + inside,
       accepted(),
       {by_ecdsa(sha512, "brainpoolP512r1", "brainpoolP512r1")}},
      {"LDS_H_74", "LDS Security Object, different digestAlgorithm", accepted(), {[](Scenario& s) {
         rsa(rsa_pss, sha256)(s);
         s.document.lds_hash = sha224;
       }}},
      {"LDS_H_77",
       "Different valid signature algorithms in SOD and DS",
       accepted(),
       {signed_by_rsa({.kind = rsa_pss}, {.kind = rsa_pss, .hash = sha224}, sha256)}},
      {"LDS_H_78",
       "Different valid signature algorithms in SOD and DS",
       accepted(),
       {signed_by_rsa({.kind = rsa_pss}, {.kind = rsa_pkcs1}, sha256)}},
      {"LDS_H_80", v15 + "SHA224, SHA224 DG hash" + inside + ", RSA OID", accepted(), {rsa(rsa_pkcs1, sha224, true)}},
      {"LDS_H_81", v15 + "SHA256, SHA256 DG hash" + inside + ", RSA OID", accepted(), {rsa(rsa_pkcs1, sha256, true)}},
      {"LDS_H_82", v15 + "SHA384, SHA384 DG hash" + inside + ", RSA OID", accepted(), {rsa(rsa_pkcs1, sha384, true)}},
      {"LDS_H_83", v15 + "SHA512, SHA512 DG hash" + inside + ", RSA OID", accepted(), {rsa(rsa_pkcs1, sha512, true)}},
      {"LDS_H_94", pss + "SHA224, SHA224 DG hash" + inside, accepted(), {rsa(rsa_pss, sha224)}},
      {"LDS_H_95", pss + "SHA384, SHA384 DG hash" + inside, accepted(), {rsa(rsa_pss, sha384)}},
      {"LDS_H_96", pss + "SHA512, SHA512 DG hash" + inside, accepted(), {rsa(rsa_pss, sha512)}},
  };
}

SetUp in_signer(std::function<void(CertificateRecipe&)> change) {
  return [change = std::move(change)](Scenario& s) { s.document.in_signer = change; };
}
// The MD5 signature of a CSCA that has an RSA key.
SetUp signed_with_md5() {
  return [](Scenario& s) {
    s.document.csca_key = &rsa_key(3072);
    s.document.chain = {.kind = rsa_pkcs1, .md5 = true};
  };
}
void set_key_usage(CertificateRecipe& signer, bool critical, Bytes bits) {
  auto& usage = *signer.find(extension::kKeyUsage);
  usage.critical = critical;
  usage.value = crypto::tlv(der::kBitString, bits);
}
std::vector<Row> certificate_rows() {
  const auto no = refused();
  return {
      {"LDS_H_48",
       "DS certificate, incorrect certificate version",
       no,
       {in_signer([](auto& c) { c.version = crypto::tlv(0xA0, der::integer(std::uint64_t{7})); }),
        in_signer([](auto& c) { c.version = crypto::tlv(0xA0, der::integer(std::uint64_t{0})); })}},
      {"LDS_H_49", "DS certificate, missing certificate version", no, {in_signer([](auto& c) { c.version.clear(); })}},
      {"LDS_H_50", "DS certificate, missing serialNumber", no, {in_signer([](auto& c) { c.serial.clear(); })}},
      {"LDS_H_51", "DS certificate, signature element does not match SignatureAlgorithm", no, {in_signer([](auto& c) {
         c.signature = crypto::ecdsa_identifier(HashAlgorithm::sha384);
       })}},
      {"LDS_H_52", "DS certificate, missing signature element", no, {in_signer([](auto& c) { c.signature.clear(); })}},
      {"LDS_H_53",
       "DS certificate, incorrect issuer element (naming convention does not follow ICAO)",
       no,
       {in_signer([](auto& c) { c.issuer = name("russia", "Conformance CSCA"); })}},
      {"LDS_H_54", "DS certificate, issuer element does not match CSCA subject value", no, {in_signer([](auto& c) {
         c.issuer = name("RU", "Another CSCA");
       })}},
      {"LDS_H_55", "DS certificate, missing issuer element", no, {in_signer([](auto& c) { c.issuer.clear(); })}},
      {"LDS_H_57", "DS certificate, missing validity element", no, {in_signer([](auto& c) { c.validity.clear(); })}},
      {"LDS_H_58", "DS certificate, not allowed subjectPublicKeyInfo", no, {in_signer([](auto& c) {
         c.public_key =
             der::sequence({Signing{.kind = rsa_pkcs1, .md5 = true}.identifier(), der::bit_string(Bytes(270, 0x11))});
       })}},
      {"LDS_H_59", "DS certificate, missing subjectPublicKeyInfo element", no, {in_signer([](auto& c) {
         c.public_key.clear();
       })}},
      {"LDS_H_60",
       "DS certificate, incorrect AuthorityKeyIdentifier element (does not contain keyIdentifier)",
       no,
       {in_signer(
           [](auto& c) { c.find(extension::kAuthorityKeyId)->value = der::sequence({crypto::tlv(0x82, Bytes{7})}); })}},
      {"LDS_H_61", "DS certificate, missing AuthorityKeyIdentifier element", no, {in_signer([](auto& c) {
         c.drop(extension::kAuthorityKeyId);
       })}},
      {"LDS_H_62", "DS certificate, incorrect keyUsage extension", no, {in_signer([](auto& c) {
         set_key_usage(c, false, {7, 0x80});
       })}},
      {"LDS_H_63",
       "DS certificate, incorrect keyUsage Extension (digitalSignature bit not asserted)",
       no,
       {in_signer([](auto& c) {
         set_key_usage(c, true, {6, 0x40});
       })}},
      {"LDS_H_64", "DS certificate, missing keyUsage Extension", no, {in_signer([](auto& c) {
         c.drop(extension::kKeyUsage);
       })}},
      {"LDS_H_65", "DS certificate, illegal signatureAlgorithm", no, {signed_with_md5()}},
      {"LDS_H_66", "DS certificate, missing signatureAlgorithm", no, {in_signer([](auto& c) { c.algorithm.clear(); })}},
      {"LDS_H_67", "DS certificate, incorrect signatureValue", refused(Check::signer_chain), {[](Scenario& s) {
         s.document.in_signer_der = [](Bytes& der) { der.back() ^= 0x01; };
       }}},
      {"LDS_H_68", "DS certificate, missing signatureValue", no, {in_signer([](auto& c) {
         c.signature_value = Bytes{};
       })}},
  };
}

}  // namespace

std::vector<Row> signer_rows() {
  auto rows = algorithm_rows();
  for (auto& row : certificate_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace simulator
