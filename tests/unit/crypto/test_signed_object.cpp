// SPDX-License-Identifier: Apache-2.0
// Signed objects: made as Doc 9303-10 wants them, and refused when anything about them is not so.
#include "crypto/signed_object.hpp"

#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <openssl/cms.h>

#include "crypto/certificate_chain.hpp"
#include "crypto/der.hpp"
#include "crypto/openssl_handle.hpp"
#include "tests/unit/crypto/memory_key.hpp"

using namespace crypto_test;

namespace {

const Bytes kContent = from_hex("300F020100300D060960864801650304020105000000").value();

Bytes sign(const State& state, HashAlgorithm hash = HashAlgorithm::sha256) {
  return sign_object(kOidLdsSecurityObject, kContent, hash, state.signer, state.signer_key, kDay).value();
}

// What a reader does: parse, find the signer, chain it to the CSCA, verify.
bool accepted(ByteView der, const Certificate& csca) {
  const auto object = SignedObject::parse(der);
  if (!object || !object->signer() || object->content_type() != kOidLdsSecurityObject) return false;
  const std::vector pool{csca};
  return chain_to(*object->signer(), pool).has_value() && object->signer()->is_document_signer() &&
         object->verify(*object->signer()).has_value();
}

// A SignedData put together from its parts, so that each can be wrong.
struct Parts {
  explicit Parts(const State& from) : state(from) {}

  const State& state;
  Bytes content = kContent;
  Bytes version = der::integer(std::uint64_t{3});
  Bytes digests = der::sequence({der::object_identifier("2.16.840.1.101.3.4.2.1")});
  Bytes content_type = der::object_identifier(kOidLdsSecurityObject);
  bool content_inside = true;
  Bytes signer_version = der::integer(std::uint64_t{1});
  Bytes signature_algorithm = der::sequence({der::object_identifier("1.2.840.10045.4.3.2")});
  std::vector<Bytes> attributes;
  int signers = 1;
  Bytes behind_signer;

  static Bytes attribute(std::string_view oid, ByteView values) {
    return der::sequence({der::object_identifier(oid), tlv(der::kSet, values)});
  }
  static Bytes type_attribute(std::string_view type) {
    return attribute("1.2.840.113549.1.9.3", der::object_identifier(type));
  }
  Bytes digest_attribute() const {
    Bytes hashed(32);
    REQUIRE(EVP_Digest(content.data(), content.size(), hashed.data(), nullptr, EVP_sha256(), nullptr) == 1);
    return attribute("1.2.840.113549.1.9.4", der::octet_string(hashed));
  }
  Bytes build() const {
    Bytes set =
        der::set_of(attributes.empty() ? std::vector<Bytes>{type_attribute(kOidLdsSecurityObject), digest_attribute()}
                                       : attributes);
    Bytes hashed(32);
    REQUIRE(EVP_Digest(set.data(), set.size(), hashed.data(), nullptr, EVP_sha256(), nullptr) == 1);
    const Bytes signature = ecdsa_plain_to_der(state.signer_key.sign_digest(hashed).value()).value();
    set[0] = 0xA0;
    TlvReader tbs(find_tlv(read_only_tlv(state.signer.der(), 0x30)->value, 0x30)->value().value);
    REQUIRE(tbs.next());  // version
    const Bytes serial = [&] {
      const auto whole = tbs.next()->whole;
      return Bytes(whole.begin(), whole.end());
    }();
    REQUIRE(tbs.next());  // algorithm
    const auto issuer = tbs.next()->whole;
    const Bytes one = der::sequence({signer_version, der::sequence({issuer, serial}),
                                     der::sequence({der::object_identifier("2.16.840.1.101.3.4.2.1")}), set,
                                     signature_algorithm, der::octet_string(signature), behind_signer});
    Bytes all;
    for (int i = 0; i < signers; ++i) all.insert(all.end(), one.begin(), one.end());
    const Bytes inside = content_inside ? tlv(0xA0, der::octet_string(content)) : Bytes{};
    const Bytes data = der::sequence({version, tlv(der::kSet, digests), der::sequence({content_type, inside}),
                                      tlv(0xA0, state.signer.der()), tlv(der::kSet, all)});
    return der::sequence({der::object_identifier("1.2.840.113549.1.7.2"), tlv(0xA0, data)});
  }
};

}  // namespace

TEST_CASE("a signed object is read back as it was made") {
  const State state;
  const auto object = SignedObject::parse(sign(state)).value();
  CHECK(object.content_type() == kOidLdsSecurityObject);
  CHECK(object.content() == kContent);
  CHECK(object.digest() == HashAlgorithm::sha256);
  CHECK(object.signing_time() == kDay);
  REQUIRE(object.certificates().size() == 1);
  REQUIRE(object.signer());
  CHECK(object.signer()->fingerprint() == state.signer.fingerprint());
  CHECK(object.verify(state.signer));
  CHECK(object.verify(state.status_signer).error() == CryptoError::bad_signature);
  CHECK(accepted(sign(state), state.csca));
}

TEST_CASE("the digest is the SignerInfo's, whatever the certificate was signed with") {
  const State state(Curve::secp384r1);
  for (const HashAlgorithm hash : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512}) {
    const auto object = SignedObject::parse(sign(state, hash)).value();
    CHECK(object.digest() == hash);
    CHECK(object.verify(state.signer));
  }
}

TEST_CASE("the key and the certificate must belong together") {
  const State state;
  CHECK(sign_object(kOidLdsSecurityObject, kContent, HashAlgorithm::sha256, state.signer, state.status_key, kDay)
            .error() == CryptoError::bad_signature);
}

TEST_CASE("a status signer's security object is no document signer's") {
  const State state;
  const Bytes der =
      sign_object(kOidLdsSecurityObject, kContent, HashAlgorithm::sha256, state.status_signer, state.status_key, kDay)
          .value();
  CHECK(SignedObject::parse(der)->verify(state.status_signer));
  CHECK_FALSE(accepted(der, state.csca));
}

TEST_CASE("a flipped bit in any octet is never accepted") {
  const State state;
  const Bytes good = sign(state);
  REQUIRE(accepted(good, state.csca));
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const unsigned bit : {static_cast<unsigned>(at % 8), static_cast<unsigned>((at + 3) % 8)}) {
      Bytes bad = good;
      bad[at] = static_cast<Byte>(bad[at] ^ (1U << bit));
      if (accepted(bad, state.csca)) FAIL("octet " << at << " bit " << bit << " does not count");
    }
}

TEST_CASE("cut, lengthened and oversized objects are refused") {
  const State state;
  const Bytes good = sign(state);
  for (std::size_t size = 0; size < good.size(); size += 7)
    CHECK_FALSE(SignedObject::parse(ByteView(good).first(size)));
  Bytes longer = good;
  longer.push_back(0);
  CHECK(SignedObject::parse(longer).error() == CryptoError::bad_encoding);
  CHECK(SignedObject::parse(Bytes(64 * 1024 + 1)).error() == CryptoError::bad_encoding);
  const Bytes large(64 * 1024);
  // Trust packages are larger than any security object: who reads one says so.
  const auto signed_large =
      sign_object(kOidLdsSecurityObject, large, HashAlgorithm::sha256, state.signer, state.signer_key, kDay).value();
  CHECK(SignedObject::parse(signed_large).error() == CryptoError::bad_encoding);
  CHECK(SignedObject::parse(signed_large, signed_large.size()));
}

TEST_CASE("each departure from ICAO's form is refused") {
  const State state;
  Parts parts(state);
  REQUIRE(accepted(parts.build(), state.csca));
  const Bytes type = Parts::type_attribute(kOidLdsSecurityObject);
  const Bytes digest = parts.digest_attribute();
  SECTION("version 1") { parts.version = der::integer(std::uint64_t{1}); }
  SECTION("version 5") { parts.version = der::integer(std::uint64_t{5}); }
  SECTION("no content") { parts.content_inside = false; }
  SECTION("another content type than signed") { parts.content_type = der::object_identifier(kOidSecurityObject); }
  SECTION("two signers") { parts.signers = 2; }
  SECTION("no signer") { parts.signers = 0; }
  SECTION("the digest is not announced") {
    parts.digests = der::sequence({der::object_identifier("2.16.840.1.101.3.4.2.2")});
  }
  SECTION("signer version of another naming") { parts.signer_version = der::integer(std::uint64_t{3}); }
  SECTION("signature algorithm of another digest") {
    parts.signature_algorithm = der::sequence({der::object_identifier("1.2.840.10045.4.3.3")});
  }
  SECTION("signature algorithm of another key") {
    parts.signature_algorithm = der::sequence({der::object_identifier("1.2.840.113549.1.1.11")});
  }
  SECTION("something behind the signature") { parts.behind_signer = der::integer(std::uint64_t{1}); }
  SECTION("no content type attribute") { parts.attributes = {digest}; }
  SECTION("no message digest attribute") { parts.attributes = {type}; }
  SECTION("two message digests") { parts.attributes = {type, digest, digest}; }
  SECTION("two values in one attribute") {
    Bytes two = der::octet_string(Bytes(32));
    two.insert(two.end(), two.begin(), two.end());
    parts.attributes = {type, Parts::attribute("1.2.840.113549.1.9.4", two)};
  }
  SECTION("an attribute of another content type") {
    parts.attributes = {Parts::type_attribute(kOidSecurityObject), digest};
  }
  SECTION("a digest of another content") {
    parts.attributes = {type, Parts::attribute("1.2.840.113549.1.9.4", der::octet_string(Bytes(32)))};
  }
  SECTION("a signing time that is none") {
    parts.attributes = {type, digest, Parts::attribute("1.2.840.113549.1.9.5", der::octet_string(Bytes(13)))};
  }
  CHECK_FALSE(accepted(parts.build(), state.csca));
}

TEST_CASE("unsigned attributes and unknown signed ones do no harm") {
  const State state;
  Parts parts(state);
  parts.behind_signer = tlv(0xA1, Parts::attribute("1.2.3", der::integer(std::uint64_t{1})));
  CHECK(accepted(parts.build(), state.csca));
  parts.attributes = {Parts::type_attribute(kOidLdsSecurityObject), parts.digest_attribute(),
                      Parts::attribute("1.2.3", der::integer(std::uint64_t{1}))};
  CHECK(accepted(parts.build(), state.csca));
}

TEST_CASE("what OpenSSL signs is verified: RSA, PSS, SHA-1, named by key identifier") {
  struct Form {
    bool rsa, pss, by_key_id;
    const EVP_MD* hash;
    HashAlgorithm expected;
  };
  const auto form = GENERATE(Form{true, false, false, EVP_sha256(), HashAlgorithm::sha256},
                             Form{true, true, false, EVP_sha256(), HashAlgorithm::sha256},
                             Form{true, true, true, EVP_sha512(), HashAlgorithm::sha512},
                             Form{true, false, false, EVP_sha1(), HashAlgorithm::sha1},
                             Form{false, false, true, EVP_sha224(), HashAlgorithm::sha224},
                             Form{false, false, false, EVP_sha512(), HashAlgorithm::sha512});
  // Made once: an RSA key costs time.
  static const openssl::KeyHandle rsa(EVP_RSA_gen(2048)), ec(EVP_EC_gen("brainpoolP256r1"));
  EVP_PKEY* const key = form.rsa ? rsa.get() : ec.get();
  const std::unique_ptr<X509, decltype(&X509_free)> x509(X509_new(), X509_free);
  X509_set_version(x509.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 5);
  X509_gmtime_adj(X509_getm_notBefore(x509.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(x509.get()), 3600);
  X509_set_pubkey(x509.get(), key);
  X509V3_CTX context;
  X509V3_set_ctx(&context, x509.get(), x509.get(), nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> key_id(
      X509V3_EXT_conf_nid(nullptr, &context, NID_subject_key_identifier, "hash"), X509_EXTENSION_free);
  REQUIRE(X509_add_ext(x509.get(), key_id.get(), -1) == 1);
  REQUIRE(X509_sign(x509.get(), key, EVP_sha256()) > 0);

  const std::unique_ptr<BIO, decltype(&BIO_free_all)> in(
      BIO_new_mem_buf(kContent.data(), static_cast<int>(kContent.size())), BIO_free_all);
  constexpr unsigned kFlags = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP;
  const std::unique_ptr<CMS_ContentInfo, decltype(&CMS_ContentInfo_free)> cms(
      CMS_sign(nullptr, nullptr, nullptr, nullptr, kFlags), CMS_ContentInfo_free);
  CMS_set_detached(cms.get(), 0);
  const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> type(
      OBJ_txt2obj(std::string(kOidLdsSecurityObject).c_str(), 1), ASN1_OBJECT_free);
  CMS_set1_eContentType(cms.get(), type.get());
  CMS_SignerInfo* const signer = CMS_add1_signer(cms.get(), x509.get(), key, form.hash,
                                                 kFlags | CMS_KEY_PARAM | (form.by_key_id ? CMS_USE_KEYID : 0));
  REQUIRE(signer != nullptr);
  if (form.pss) EVP_PKEY_CTX_set_rsa_padding(CMS_SignerInfo_get0_pkey_ctx(signer), RSA_PKCS1_PSS_PADDING);
  REQUIRE(CMS_final(cms.get(), in.get(), nullptr, kFlags) == 1);
  unsigned char* der = nullptr;
  const int size = i2d_CMS_ContentInfo(cms.get(), &der);
  const Bytes octets(der, der + size);
  OPENSSL_free(der);

  const auto object = SignedObject::parse(octets);
  REQUIRE(object);
  CHECK(object->content() == kContent);
  CHECK(object->digest() == form.expected);
  REQUIRE(object->signer());
  CHECK(object->verify(*object->signer()));
  // The last octet is the signature's own.
  Bytes bad = octets;
  bad.back() ^= 1;
  const auto forged = SignedObject::parse(bad);
  CHECK_FALSE((forged && forged->verify(*object->signer())));
}
