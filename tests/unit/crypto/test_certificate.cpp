// SPDX-License-Identifier: Apache-2.0
// Certificates: what is made for each role, what is refused, and chains.
#include "crypto/certificate.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "crypto/certificate_chain.hpp"
#include "tests/unit/crypto/memory_key.hpp"

using namespace crypto_test;

namespace {

// A certificate that this product does not make: foreign keys and signature forms.
Certificate foreign(EVP_PKEY* key, const EVP_MD* hash, bool pss = false) {
  const std::unique_ptr<X509, decltype(&X509_free)> x509(X509_new(), X509_free);
  X509_set_version(x509.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 77);
  X509_gmtime_adj(X509_getm_notBefore(x509.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(x509.get()), 3600);
  const auto* const name = reinterpret_cast<const unsigned char*>("Foreign");
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x509.get()), "CN", MBSTRING_UTF8, name, -1, -1, 0);
  X509_set_issuer_name(x509.get(), X509_get_subject_name(x509.get()));
  X509_set_pubkey(x509.get(), key);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* parameters = nullptr;
  REQUIRE(EVP_DigestSignInit(context.get(), &parameters, hash, nullptr, key) == 1);
  if (pss) {
    EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, 32);
  }
  REQUIRE(X509_sign_ctx(x509.get(), context.get()) > 0);
  unsigned char* der = nullptr;
  const int size = i2d_X509(x509.get(), &der);
  const Bytes octets(der, der + size);
  OPENSSL_free(der);
  return Certificate::parse(octets).value();
}

}  // namespace

TEST_CASE("each role's certificate says what its key may do, and nothing else") {
  const State state;
  CHECK(state.csca.is_ca());
  CHECK(state.csca.may_sign_revocation_lists());
  CHECK(state.csca.self_issued());
  CHECK_FALSE(state.csca.may_sign());
  CHECK_FALSE(state.csca.is_document_signer());
  CHECK_FALSE(state.csca.is_status_signer());

  CHECK(state.signer.is_document_signer());
  CHECK(state.signer.document_types() == std::vector<std::string>{"IW"});
  CHECK_FALSE(state.signer.is_status_signer());
  CHECK_FALSE(state.signer.is_ca());
  CHECK_FALSE(state.signer.self_issued());

  CHECK(state.status_signer.is_status_signer());
  CHECK_FALSE(state.status_signer.is_document_signer());
  CHECK(state.status_signer.document_types().empty());

  CHECK(state.signer.subject() == "CN=DS,O=Tests,C=RU");
  CHECK(state.signer.issuer() == state.csca.subject());
  CHECK(state.signer.country() == "RU");
  CHECK(state.signer.authority_key_id() == state.csca.subject_key_id());
  CHECK(state.signer.subject_key_id().size() == 20);
  CHECK(state.signer.private_key_not_after() == kDay + kYear);
  CHECK(state.signer.key_description() == "ECDSA secp256r1");
  CHECK(state.signer.signature_hash() == HashAlgorithm::sha256);
  CHECK(state.signer.serial_hex().size() == 32);
  CHECK(state.signer.serial_hex() != state.status_signer.serial_hex());
}

TEST_CASE("a seal signer's certificate has what Doc 9303-12, table 8 allows, and nothing else") {
  const State state;
  const MemoryKey key;
  auto wanted = request(CertificateRole::seal_signer, "PS");
  CHECK(issue_certificate(wanted, key.public_key(), &state.csca, state.csca_key).error() == CryptoError::bad_encoding);
  wanted.organization.clear();
  const auto signer = issue_certificate(wanted, key.public_key(), &state.csca, state.csca_key).value();
  CHECK(signer.is_seal_signer());
  CHECK_FALSE(signer.is_document_signer());
  CHECK_FALSE(signer.is_status_signer());
  CHECK_FALSE(signer.may_sign());  // no key usage: it can stand for no other signer
  CHECK_FALSE(state.signer.is_seal_signer());
  CHECK_FALSE(state.status_signer.is_seal_signer());
  CHECK_FALSE(state.csca.is_seal_signer());
  CHECK(signer.subject() == "CN=PS,C=RU");
  CHECK(signer.document_types() == std::vector<std::string>{"IW"});
  CHECK(signer.authority_key_id() == state.csca.subject_key_id());
  CHECK(signer.subject_key_id().empty());
  CHECK_FALSE(signer.private_key_not_after());
  CHECK(signer.serial_hex().size() == 10);
  wanted.common_name = "Ps";
  CHECK(issue_certificate(wanted, key.public_key(), &state.csca, state.csca_key).error() == CryptoError::bad_encoding);
}

TEST_CASE("validity ends where it says, both ends included") {
  const State state;
  CHECK(state.signer.valid_at(kDay));
  CHECK(state.signer.valid_at(kDay + 10 * kYear));
  CHECK_FALSE(state.signer.valid_at(kDay - 1s));
  CHECK_FALSE(state.signer.valid_at(kDay + 10 * kYear + 1s));
  auto far = request(CertificateRole::csca, "Far");
  far.not_after = std::chrono::sys_days(std::chrono::year(2061) / 7 / 1);  // GeneralizedTime
  const MemoryKey key;
  CHECK(issue_certificate(far, key.public_key(), nullptr, key)->not_after() == far.not_after);
}

TEST_CASE("names in Cyrillic letters survive") {
  auto wanted = request(CertificateRole::csca, "Корневой центр");
  wanted.organization = "Управление по вопросам миграции";  // 31 letters, 59 octets
  const MemoryKey key;
  CHECK(issue_certificate(wanted, key.public_key(), nullptr, key)->subject() ==
        "CN=Корневой центр,O=Управление по вопросам миграции,C=RU");
  wanted.organization = "Управление по вопросам миграции такой-то области такого-то края";  // 63 letters, 117 octets
  CHECK(issue_certificate(wanted, key.public_key(), nullptr, key));
  wanted.organization += "..";
  CHECK_FALSE(issue_certificate(wanted, key.public_key(), nullptr, key));
  wanted.organization = "\xC3\x28";  // no UTF-8
  CHECK_FALSE(issue_certificate(wanted, key.public_key(), nullptr, key));
}

TEST_CASE("all curves of the profiles sign certificates") {
  for (const Curve curve : kCurves) {
    const State state(curve);
    CHECK(state.signer.verify_signed_by(state.csca));
    CHECK(state.signer.signature_hash() == (field_size(curve) <= 32   ? HashAlgorithm::sha256
                                            : field_size(curve) <= 48 ? HashAlgorithm::sha384
                                                                      : HashAlgorithm::sha512));
  }
}

TEST_CASE("what must not be issued is not issued") {
  const State state;
  const auto key = state.signer_key.public_key();
  auto wanted = request(CertificateRole::document_signer);
  CHECK(issue_certificate(wanted, key, nullptr, state.csca_key).error() == CryptoError::bad_state);
  CHECK(issue_certificate(wanted, key, &state.signer, state.signer_key).error() == CryptoError::bad_state);
  // The key of somebody else than the issuer: the made certificate does not verify and does not leave.
  CHECK(issue_certificate(wanted, key, &state.csca, state.signer_key).error() == CryptoError::bad_signature);
  CHECK(issue_certificate(wanted, PublicKey{Bytes{0x30, 0x00}}, &state.csca, state.csca_key).error() ==
        CryptoError::bad_encoding);
  SECTION("country in small letters") { wanted.country = "ru"; }
  SECTION("country too long") { wanted.country = "RUS"; }
  SECTION("state not three letters") { wanted.state = "RU"; }
  SECTION("no name") { wanted.common_name.clear(); }
  SECTION("an end before its beginning") { wanted.not_after = wanted.not_before; }
  CHECK(issue_certificate(wanted, key, &state.csca, state.csca_key).has_value() ==
        (wanted.country == "RU" && wanted.state == "RUS" && !wanted.common_name.empty() &&
         wanted.not_after > wanted.not_before));
}

TEST_CASE("only exactly one certificate is parsed") {
  const State state;
  Bytes der = state.signer.der();
  REQUIRE(Certificate::parse(der));
  CHECK_FALSE(Certificate::parse({}));
  CHECK_FALSE(Certificate::parse(ByteView(der).first(der.size() - 1)));
  der.push_back(0);
  CHECK(Certificate::parse(der).error() == CryptoError::bad_encoding);
  CHECK_FALSE(Certificate::parse(Bytes(64 * 1024 + 1, 0x30)));
  CHECK_FALSE(Certificate::parse(Bytes(200, 0x30)));
}

TEST_CASE("no flipped bit of a certificate goes unnoticed") {
  const State state;
  for (std::size_t at = 0; at < state.signer.der().size(); ++at) {
    Bytes bad = state.signer.der();
    bad[at] = static_cast<Byte>(bad[at] ^ (1U << (at % 8)));
    const auto parsed = Certificate::parse(bad);
    if (parsed && parsed->verify_signed_by(state.csca)) FAIL("octet " << at << " does not count");
  }
  SUCCEED();
}

TEST_CASE("plain and DER signatures verify under a certificate's key") {
  const State state;
  const Bytes message{1, 2, 3};
  Bytes hashed(32);
  REQUIRE(EVP_Digest(message.data(), message.size(), hashed.data(), nullptr, EVP_sha256(), nullptr) == 1);
  const Bytes plain = state.status_key.sign_digest(hashed).value();
  CHECK(plain.size() == 64);
  const auto& signer = state.status_signer;
  CHECK(signer.verify_plain_signature(HashAlgorithm::sha256, message, plain));
  CHECK(signer.verify_signature(HashAlgorithm::sha256, message, ecdsa_plain_to_der(plain).value()));
  CHECK_FALSE(signer.verify_plain_signature(HashAlgorithm::sha384, message, plain));
  CHECK_FALSE(signer.verify_plain_signature(HashAlgorithm::sha256, message, ByteView(plain).first(63)));
  CHECK_FALSE(signer.verify_plain_signature(HashAlgorithm::sha256, message, {}));
  CHECK_FALSE(signer.verify_plain_signature(HashAlgorithm::sha256, message, Bytes(64)));
  CHECK_FALSE(state.signer.verify_plain_signature(HashAlgorithm::sha256, message, plain));
  for (std::size_t at = 0; at < plain.size(); ++at) {
    Bytes bad = plain;
    bad[at] ^= 0x10;
    CHECK_FALSE(signer.verify_plain_signature(HashAlgorithm::sha256, message, bad));
  }
}

TEST_CASE("ECDSA signatures change their form and back") {
  Bytes plain(96);
  plain[0] = 0x80;   // r needs a leading zero in DER
  plain[95] = 0x01;  // s is short there
  const Bytes der = ecdsa_plain_to_der(plain).value();
  CHECK(to_hex(der).substr(0, 10) == "3036023100");
  CHECK(ecdsa_der_to_plain(der, Curve::secp384r1).value() == plain);
  CHECK_FALSE(ecdsa_der_to_plain(der, Curve::secp256r1));                                     // too long for the field
  CHECK_FALSE(ecdsa_der_to_plain(from_hex("3006020181020101").value(), Curve::secp256r1));    // negative
  CHECK_FALSE(ecdsa_der_to_plain(from_hex("300702020001020101").value(), Curve::secp256r1));  // not the shortest form
  CHECK_FALSE(ecdsa_der_to_plain(from_hex("30080201010201010500").value(), Curve::secp256r1));
  CHECK_FALSE(ecdsa_plain_to_der(Bytes(63)));
  CHECK_FALSE(ecdsa_plain_to_der({}));
}

TEST_CASE("foreign certificates: RSA, PSS, explicit curve parameters, SHA-1") {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> rsa(EVP_RSA_gen(2048), EVP_PKEY_free);
  for (const bool pss : {false, true}) {
    const auto certificate = foreign(rsa.get(), EVP_sha256(), pss);
    CHECK(certificate.key_description() == "RSA 2048");
    CHECK(certificate.verify_signed_by(certificate));
    CHECK_FALSE(certificate.is_ca());
  }
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> ec(EVP_EC_gen("prime256v1"), EVP_PKEY_free);
  REQUIRE(EVP_PKEY_set_utf8_string_param(ec.get(), "encoding", "explicit") == 1);
  const auto old = foreign(ec.get(), EVP_sha1());
  CHECK(old.der().size() > 450);  // the parameters are spelled out
  CHECK(old.key_description() == "ECDSA secp256r1");
  CHECK(old.signature_hash() == HashAlgorithm::sha1);
  CHECK(old.verify_signed_by(old));
  CHECK_FALSE(foreign(ec.get(), EVP_sha256()).verify_signed_by(foreign(rsa.get(), EVP_sha256())));
  const auto unknown_hash = foreign(ec.get(), EVP_sha3_256());
  CHECK(unknown_hash.verify_signed_by(unknown_hash).error() == CryptoError::unsupported);
}

TEST_CASE("chains: every CSCA of the name is tried, faults are told apart") {
  const State state, twin;  // the same names, other keys
  const std::vector both{twin.csca, state.csca};
  const auto chain = chain_to(state.signer, both);
  REQUIRE(chain);
  CHECK(chain->size() == 2);
  CHECK((*chain)[0].fingerprint() == state.signer.fingerprint());
  CHECK((*chain)[1].fingerprint() == state.csca.fingerprint());

  CHECK(chain_to(state.signer, {}).error() == ChainFault::unknown_issuer);
  const std::vector wrong{twin.csca};
  CHECK(chain_to(state.signer, wrong).error() == ChainFault::bad_signature);
  const MemoryKey other_key;
  const auto other =
      issue_certificate(request(CertificateRole::csca, "Other"), other_key.public_key(), nullptr, other_key).value();
  const std::vector unknown{other};
  CHECK(chain_to(state.signer, unknown).error() == ChainFault::unknown_issuer);
}

TEST_CASE("a signer's certificate is no CA, whatever it signs") {
  const State state;
  // A signature that a document signer made over a certificate that names it as the issuer.
  const MemoryKey rogue_key;
  auto fake_ca = request(CertificateRole::csca, "DS");  // the document signer's name, as a self-signed CSCA...
  const auto fake = issue_certificate(fake_ca, state.signer_key.public_key(), nullptr, state.signer_key).value();
  const auto rogue = issue_certificate(request(CertificateRole::document_signer, "Rogue"), rogue_key.public_key(),
                                       &fake, state.signer_key)
                         .value();
  const std::vector pool{state.csca, state.signer};  // ...which no reader trusts
  CHECK(chain_to(rogue, pool).error() == ChainFault::not_a_ca);
}

TEST_CASE("link certificates are followed to an anchor, and only so far") {
  const MemoryKey first_key;
  auto wanted = request(CertificateRole::csca, "CSCA");
  const auto first = issue_certificate(wanted, first_key.public_key(), nullptr, first_key).value();
  std::vector<std::unique_ptr<MemoryKey>> keys;
  std::vector<Certificate> links;
  const SigningKey* old_key = &first_key;
  Certificate old = first;
  for (int i = 0; i < 6; ++i) {
    keys.push_back(std::make_unique<MemoryKey>());
    wanted.role = CertificateRole::csca_link;
    const auto link = issue_certificate(wanted, keys.back()->public_key(), &old, *old_key).value();
    links.push_back(link);
    old = link;
    old_key = keys.back().get();
  }
  const MemoryKey signer_key;
  const auto signer_of = [&](std::size_t links_used) {
    return issue_certificate(request(CertificateRole::document_signer, "DS"), signer_key.public_key(),
                             &links[links_used - 1], *keys[links_used - 1])
        .value();
  };
  std::vector<Certificate> pool = links;
  CHECK(chain_to(signer_of(2), pool).error() == ChainFault::no_anchor);  // links alone are no anchor
  pool.push_back(first);
  CHECK(chain_to(signer_of(2), pool).value().size() == 4);
  CHECK(chain_to(signer_of(4), pool).value().size() == kMaxChain);
  CHECK(chain_to(signer_of(5), pool).error() == ChainFault::too_deep);
}
