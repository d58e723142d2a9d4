// SPDX-License-Identifier: Apache-2.0
// Signed objects of other states: every algorithm and form that Doc 9303 lets them choose, and what it does not.
#include <openssl/cms.h>

#include <functional>

#include "crypto/ber.hpp"
#include "tests/unit/crypto/foreign_signer.hpp"

using namespace crypto_test;

namespace {

constexpr std::array kHashes{HashAlgorithm::sha1, HashAlgorithm::sha224, HashAlgorithm::sha256, HashAlgorithm::sha384,
                             HashAlgorithm::sha512};
constexpr std::array kRsaOids{"1.2.840.113549.1.1.5", "1.2.840.113549.1.1.14", "1.2.840.113549.1.1.11",
                              "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13"};
constexpr std::string_view kMgf1 = "1.2.840.113549.1.1.8";

const ForeignSigner& rsa_signer() {
  static const ForeignSigner signer(openssl::KeyHandle(EVP_RSA_gen(2048)));
  return signer;
}

const ForeignSigner& ec_signer() {
  static const ForeignSigner signer(ec_key("P-256"), 6);
  return signer;
}

Bytes with_null(std::string_view oid) { return der::sequence({der::object_identifier(oid), tlv(der::kNull, {})}); }

// RSASSA-PSS-params with every field there, also where it is the default.
struct PssNames {
  Bytes hash, mask;
  std::uint64_t salt = 32;
  std::uint64_t trailer = 1;
  std::string_view generator = kMgf1;
};
Bytes pss_identifier(const PssNames& names) {
  const Bytes parameters = der::sequence(
      {tlv(0xA0, names.hash), tlv(0xA1, der::sequence({der::object_identifier(names.generator), names.mask})),
       tlv(0xA2, der::integer(names.salt)), tlv(0xA3, der::integer(names.trailer))});
  return der::sequence({der::object_identifier("1.2.840.113549.1.1.10"), parameters});
}

SignerForm pss_form(HashAlgorithm hash, HashAlgorithm mask, int salt) {
  const Bytes identifier = pss_identifier({hash_identifier(hash), hash_identifier(mask), static_cast<unsigned>(salt)});
  return {hash, hash_identifier(hash), identifier, true, salt, mask};
}

Engine::Outcome judged(ByteView object) {
  const auto parsed = SignedObject::parse(object);
  if (!parsed) return unexpected(parsed.error());
  const auto signer = parsed->signer();
  if (!signer) return unexpected(CryptoError::not_found);
  return parsed->verify(*signer);
}

CryptoError refusal_of(ByteView object) {
  const auto outcome = judged(object);
  REQUIRE_FALSE(outcome);
  return outcome.error();
}

}  // namespace

TEST_CASE("a foreign RSA signature holds with every hash, under both of its names", "[foreign]") {
  for (std::size_t i = 0; i < kHashes.size(); ++i) {
    CAPTURE(i);
    const Bytes hash = hash_identifier(kHashes[i]);
    CHECK(judged(signed_by(rsa_signer(), {kHashes[i], hash, with_null(kRsaOids[i])})));
    CHECK(judged(signed_by(rsa_signer(), {kHashes[i], hash, with_null("1.2.840.113549.1.1.1")})));
    const std::size_t other = (i + 1) % kHashes.size();
    CHECK(refusal_of(signed_by(rsa_signer(), {kHashes[i], hash, with_null(kRsaOids[other])})) ==
          CryptoError::bad_encoding);
  }
}

TEST_CASE("a foreign PSS signature holds with every hash, mask and salt that it names", "[foreign]") {
  for (const HashAlgorithm hash : kHashes)
    for (const int salt : {0, 1, 20, 31, 32, 33, 64}) {
      CAPTURE(static_cast<int>(hash), salt);
      CHECK(judged(signed_by(rsa_signer(), pss_form(hash, hash, salt))));
    }
  CHECK(judged(signed_by(rsa_signer(), pss_form(HashAlgorithm::sha256, HashAlgorithm::sha1, 32))));
  CHECK(judged(signed_by(rsa_signer(), pss_form(HashAlgorithm::sha512, HashAlgorithm::sha256, 190 - 64))));
  // All of SHA-1's fields are defaults, and may be left out (RFC 4055, 3.1).
  const Bytes defaults = der::sequence({der::object_identifier("1.2.840.113549.1.1.10"), der::sequence({})});
  const Bytes sha1 = hash_identifier(HashAlgorithm::sha1);
  CHECK(judged(signed_by(rsa_signer(), {HashAlgorithm::sha1, sha1, defaults, true, 20, HashAlgorithm::sha1})));
}

TEST_CASE("a PSS signature that is not what its parameters say is refused", "[foreign]") {
  const Bytes sha256 = hash_identifier(HashAlgorithm::sha256), sha1 = hash_identifier(HashAlgorithm::sha1);
  const auto refused = [&](const PssNames& names) {
    SignerForm form = pss_form(HashAlgorithm::sha256, HashAlgorithm::sha256, 32);
    form.signature_identifier = pss_identifier(names);
    return refusal_of(signed_by(rsa_signer(), form));
  };
  CHECK(refused({sha256, sha256, 20}) == CryptoError::bad_signature);
  CHECK(refused({sha256, sha256, 33}) == CryptoError::bad_signature);
  CHECK(refused({sha256, sha256, 1024}) == CryptoError::bad_signature);
  CHECK(refused({sha256, sha256, 1025}) == CryptoError::bad_encoding);
  CHECK(refused({sha256, sha1}) == CryptoError::bad_signature);
  CHECK(refused({sha1, sha256}) == CryptoError::bad_encoding);
  CHECK(refused({sha256, sha256, 32, 2}) == CryptoError::unsupported);
  CHECK(refused({sha256, sha256, 32, 1, "1.2.840.113549.1.1.9"}) == CryptoError::unsupported);
  CHECK(refused({sha256, with_null("1.2.840.113549.2.5")}) == CryptoError::unsupported);
  SignerForm bare = pss_form(HashAlgorithm::sha256, HashAlgorithm::sha256, 32);
  bare.signature_identifier = der::sequence({der::object_identifier("1.2.840.113549.1.1.10")});
  CHECK(refusal_of(signed_by(rsa_signer(), bare)) == CryptoError::bad_encoding);
}

TEST_CASE("a key for PSS alone signs with PSS alone", "[foreign]") {
  const openssl::KeyContextHandle context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA-PSS", nullptr));
  EVP_PKEY* made = nullptr;
  REQUIRE((EVP_PKEY_keygen_init(context.get()) == 1 && EVP_PKEY_generate(context.get(), &made) == 1));
  const ForeignSigner signer{openssl::KeyHandle(made)};
  CHECK(judged(signed_by(signer, pss_form(HashAlgorithm::sha256, HashAlgorithm::sha256, 32))));
  SignerForm form = pss_form(HashAlgorithm::sha256, HashAlgorithm::sha256, 32);
  form.signature_identifier = with_null("1.2.840.113549.1.1.11");
  CHECK(refusal_of(signed_by(signer, form)) == CryptoError::bad_signature);
}

TEST_CASE("a foreign ECDSA signature holds on every curve, named or spelt out", "[foreign]") {
  for (const char* const group : {"P-256", "P-384", "P-521", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1",
                                  "P-224", "brainpoolP224r1", "brainpoolP320r1"})
    for (const char* const encoding : {OSSL_PKEY_EC_ENCODING_GROUP, OSSL_PKEY_EC_ENCODING_EXPLICIT}) {
      CAPTURE(group, encoding);
      const ForeignSigner signer(ec_key(group, encoding));
      for (const HashAlgorithm hash : kHashes) CHECK(judged(signed_by(signer, SignerForm::ecdsa(hash))));
      CHECK(signer.certificate().verify_signed_by(signer.certificate()));
    }
}

namespace {

// A key whose curve is spelt out, with the fields of ECParameters (X9.62: version, field, curve, base, order, cofactor)
// changed.
Bytes key_with(EVP_PKEY* key, const std::function<void(std::vector<Bytes>&)>& change) {
  const Bytes info = openssl::write_der(i2d_PUBKEY, static_cast<const EVP_PKEY*>(key));
  const auto parts = [](ByteView value) {
    std::vector<Bytes> out;
    for (TlvReader reader(value); !reader.at_end();) {
      const ByteView whole = reader.next().value().whole;
      out.emplace_back(whole.begin(), whole.end());
    }
    return out;
  };
  auto fields = parts(read_only_tlv(info, 0x30).value().value);
  auto algorithm = parts(read_only_tlv(fields[0], 0x30).value().value);
  auto parameters = parts(read_only_tlv(algorithm[1], 0x30).value().value);
  REQUIRE(parameters.size() == 6);
  change(parameters);
  algorithm[1] = tlv(0x30, joined(parameters));
  fields[0] = tlv(0x30, joined(algorithm));
  return tlv(0x30, joined(fields));
}

bool usable(const Bytes& info) {
  const auto key = openssl::read_der<openssl::KeyHandle>(d2i_PUBKEY, info);
  return key && usable_key(key.get()).has_value();
}

}  // namespace

TEST_CASE("a curve spelt out must be one that has a name", "[foreign]") {
  for (const char* const group : {"P-256", "brainpoolP384r1", "P-521"}) {
    CAPTURE(group);
    const auto key = ec_key(group, OSSL_PKEY_EC_ENCODING_EXPLICIT);
    const auto other = ec_key(group, OSSL_PKEY_EC_ENCODING_EXPLICIT);
    const auto unchanged = [](std::vector<Bytes>&) {};
    CHECK(usable(key_with(key.get(), unchanged)));
    CHECK(usable(key_with(key.get(), [](auto& fields) { fields.pop_back(); })));  // the cofactor is optional
    // Another base point, of the same order: whoever chooses it knows a private key to any public key.
    Bytes point(200);
    std::size_t size = 0;
    REQUIRE(EVP_PKEY_get_octet_string_param(other.get(), OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point.data(), point.size(),
                                            &size) == 1);
    point.resize(size);
    CHECK_FALSE(usable(key_with(key.get(), [&](auto& fields) { fields[3] = der::octet_string(point); })));
    CHECK_FALSE(usable(key_with(key.get(), [](auto& fields) { fields[4] = der::integer(std::uint64_t{7}); })));
  }
}

TEST_CASE("a signer may be named by its key, also under the other form's version", "[foreign]") {
  SignerForm form = SignerForm::ecdsa(HashAlgorithm::sha256);
  for (const Naming naming : {Naming::issuer_and_serial, Naming::key_id, Naming::key_id_with_version_1}) {
    form.naming = naming;
    CHECK(judged(signed_by(ec_signer(), form)));
    // The certificate is somebody else's.
    CHECK(refusal_of(signed_data({signer_info(ec_signer(), form)}, {rsa_signer().der}, {form.digest_identifier})) ==
          CryptoError::not_found);
  }
}

TEST_CASE("of several signers the one with the longest digest counts, wherever it stands", "[foreign]") {
  const SignerForm weak{HashAlgorithm::sha1, hash_identifier(HashAlgorithm::sha1), with_null(kRsaOids[0])};
  const SignerForm strong = SignerForm::ecdsa(HashAlgorithm::sha384);
  const Bytes first = signer_info(rsa_signer(), weak), second = signer_info(ec_signer(), strong);
  const std::vector digests{weak.digest_identifier, strong.digest_identifier};
  const std::vector both{rsa_signer().der, ec_signer().der};
  for (const auto& infos : {std::vector{first, second}, std::vector{second, first}}) {
    const auto object = SignedObject::parse(signed_data(infos, both, digests));
    REQUIRE(object);
    CHECK(object->digest() == HashAlgorithm::sha384);
    CHECK(object->signer()->fingerprint() == ec_signer().certificate().fingerprint());
    CHECK(object->verify(ec_signer().certificate()));
    CHECK(object->verify(rsa_signer().certificate()).error() == CryptoError::bad_signature);
    // Of a signer without his certificate nothing can be judged.
    const auto other = SignedObject::parse(signed_data(infos, {rsa_signer().der}, digests));
    CHECK(other->digest() == HashAlgorithm::sha1);
    CHECK(other->verify(rsa_signer().certificate()));
  }
  // Its digest is not announced: it is not this object's.
  CHECK(refusal_of(signed_data({first, second}, both, {weak.digest_identifier})) == CryptoError::bad_encoding);
  // A strong signature that does not hold is not made good by a weak one that does.
  Bytes broken = second;
  broken.back() ^= 1;
  CHECK_FALSE(judged(signed_data({first, broken}, both, digests)));
}

TEST_CASE("signers of unknown algorithms are passed over, malformed and doubled ones are not", "[foreign]") {
  const SignerForm known = SignerForm::ecdsa(HashAlgorithm::sha256);
  const Bytes good = signer_info(ec_signer(), known);
  const Bytes streebog = with_null("1.2.643.7.1.1.2.2");
  SignerForm other_digest = known, other_signature = known;
  other_digest.digest_identifier = streebog;
  other_signature.signature_identifier = with_null("1.2.643.7.1.1.3.2");
  const std::vector digests{known.digest_identifier, streebog};
  for (const SignerForm& unknown : {other_digest, other_signature}) {
    const Bytes info = signer_info(ec_signer(), unknown);
    CHECK(judged(signed_data({info, good}, {ec_signer().der}, digests)));
    CHECK(judged(signed_data({good, info}, {ec_signer().der}, digests)));
    CHECK(refusal_of(signed_data({info}, {ec_signer().der}, digests)) == CryptoError::unsupported);
  }
  CHECK(refusal_of(signed_data({good, good}, {ec_signer().der}, digests)) == CryptoError::bad_encoding);
  CHECK(refusal_of(signed_data({good, der::sequence({})}, {ec_signer().der}, digests)) == CryptoError::bad_encoding);
  std::vector<Bytes> many;
  for (int i = 0; i < 5; ++i) many.push_back(signer_info(ec_signer(), known));  // ECDSA: each is another
  CHECK(refusal_of(signed_data(many, {ec_signer().der}, digests)) == CryptoError::bad_encoding);
  many.pop_back();
  CHECK(judged(signed_data(many, {ec_signer().der}, digests)));
}

TEST_CASE("algorithms that Doc 9303 does not have are refused by name", "[foreign]") {
  SignerForm form = SignerForm::ecdsa(HashAlgorithm::sha256);
  const auto refused = [&](const Bytes& digest, const Bytes& signature) {
    form.digest_identifier = digest;
    form.signature_identifier = signature;
    return refusal_of(signed_by(ec_signer(), form));
  };
  const Bytes sha256 = hash_identifier(HashAlgorithm::sha256), ecdsa = ecdsa_identifier(HashAlgorithm::sha256);
  CHECK(refused(with_null("1.2.840.113549.2.5"), ecdsa) == CryptoError::unsupported);        // MD5
  CHECK(refused(with_null("2.16.840.1.101.3.4.2.8"), ecdsa) == CryptoError::unsupported);    // SHA3-256
  CHECK(refused(sha256, with_null("2.16.840.1.101.3.4.3.2")) == CryptoError::unsupported);   // DSA
  CHECK(refused(sha256, with_null("1.3.101.112")) == CryptoError::unsupported);              // Ed25519
  CHECK(refused(sha256, with_null("0.4.0.127.0.7.1.1.4.1.3")) == CryptoError::unsupported);  // plain ECDSA
  const ForeignSigner short_key{openssl::KeyHandle(EVP_RSA_gen(512))};
  CHECK(refusal_of(signed_by(short_key, {HashAlgorithm::sha256, sha256, with_null(kRsaOids[2])})) ==
        CryptoError::unsupported);
}

TEST_CASE("a signed object that was streamed is read like any other", "[foreign]") {
  const openssl::BioHandle in(BIO_new(BIO_s_mem())), out(BIO_new(BIO_s_mem()));
  const Bytes content(100'000, 0x5A);
  BIO_write(in.get(), content.data(), static_cast<int>(content.size()));
  constexpr unsigned kFlags = CMS_BINARY | CMS_PARTIAL | CMS_STREAM;
  const openssl::Handle<CMS_ContentInfo, CMS_ContentInfo_free> cms(
      CMS_sign(nullptr, nullptr, nullptr, nullptr, kFlags));
  const openssl::ObjectHandle type(OBJ_txt2obj(std::string(kOidLdsSecurityObject).c_str(), 1));
  CMS_set1_eContentType(cms.get(), type.get());
  REQUIRE(CMS_add1_signer(cms.get(), ec_signer().x509.get(), ec_signer().key.get(), EVP_sha256(), kFlags) != nullptr);
  REQUIRE(i2d_CMS_bio_stream(out.get(), cms.get(), in.get(), static_cast<int>(kFlags)) == 1);
  const unsigned char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  const Bytes ber(data, data + size);
  REQUIRE((ber[0] == 0x30 && ber[1] == 0x80));

  const auto object = SignedObject::parse(ber, 2 * content.size());
  REQUIRE(object);
  CHECK(object->content() == content);
  CHECK(object->verify(object->signer().value()));
  Bytes altered = ber;
  altered[altered.size() / 2] ^= 1;
  const auto forged = SignedObject::parse(altered, 2 * content.size());
  CHECK_FALSE((forged && forged->verify(ec_signer().certificate())));
  for (std::size_t cut = 0; cut < ber.size(); cut += 997)
    CHECK_FALSE(SignedObject::parse(ByteView(ber).first(cut), 2 * content.size()));
}

TEST_CASE("a foreign certificate holds under every algorithm, and says its hash", "[foreign]") {
  const ForeignSigner signer(ec_key("brainpoolP384r1", OSSL_PKEY_EC_ENCODING_EXPLICIT));
  const auto signed_anew = [&](EVP_PKEY* key, HashAlgorithm hash, std::optional<int> salt) {
    const openssl::CertificateHandle x509(X509_dup(signer.x509.get()));
    const openssl::DigestContextHandle context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* parameters = nullptr;
    REQUIRE(EVP_DigestSignInit(context.get(), &parameters, evp_digest(hash), nullptr, key) == 1);
    if (salt) {
      REQUIRE(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1);
      REQUIRE(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, *salt) == 1);
    }
    REQUIRE(X509_sign_ctx(x509.get(), context.get()) > 0);
    return Certificate::parse(openssl::write_der(i2d_X509, static_cast<const X509*>(x509.get()))).value();
  };
  for (const HashAlgorithm hash : kHashes) {
    CAPTURE(static_cast<int>(hash));
    std::vector<std::pair<const ForeignSigner*, Certificate>> made{
        {&signer, signed_anew(signer.key.get(), hash, std::nullopt)},
        {&rsa_signer(), signed_anew(rsa_signer().key.get(), hash, std::nullopt)}};
    for (const int salt : {0, 20, 33, 64})
      made.emplace_back(&rsa_signer(), signed_anew(rsa_signer().key.get(), hash, salt));
    for (const auto& [issuer, certificate] : made) {
      CHECK(certificate.verify_signed_by(issuer->certificate()));
      CHECK(certificate.signature_hash() == hash);
      const ForeignSigner& other = issuer == &signer ? rsa_signer() : ec_signer();
      CHECK(certificate.verify_signed_by(other.certificate()).error() == CryptoError::bad_signature);
    }
  }
}
