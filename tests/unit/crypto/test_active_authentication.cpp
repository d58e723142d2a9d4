// SPDX-License-Identifier: Apache-2.0
#include "crypto/active_authentication.hpp"

#include <openssl/rsa.h>

#include <catch2/catch.hpp>

#include "crypto/openssl_engine.hpp"
#include "crypto/signature.hpp"
#include "tests/unit/crypto/pace_run.hpp"
#include "tests/vectors.hpp"

using namespace crypto;

namespace {

struct RsaKey {
  explicit RsaKey(unsigned bits) : pair(EVP_RSA_gen(bits)) { REQUIRE(pair); }
  [[nodiscard]] Bytes open() const { return openssl::write_der<const EVP_PKEY>(i2d_PUBKEY, pair.get()); }
  // representative^d mod n
  [[nodiscard]] Bytes sign(ByteView representative) const {
    const openssl::KeyContextHandle context(EVP_PKEY_CTX_new_from_pkey(nullptr, pair.get(), nullptr));
    Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(pair.get())));
    std::size_t size = signature.size();
    REQUIRE(EVP_PKEY_decrypt_init(context.get()) == 1);
    REQUIRE(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1);
    REQUIRE(EVP_PKEY_decrypt(context.get(), signature.data(), &size, representative.data(), representative.size()) ==
            1);
    return signature;
  }
  // n - signature: what a chip may send where that is the smaller one.
  [[nodiscard]] Bytes complement(ByteView signature) const {
    BIGNUM* n = nullptr;
    REQUIRE(EVP_PKEY_get_bn_param(pair.get(), "n", &n) == 1);
    const openssl::Handle<BIGNUM, BN_free> modulus(n);
    const openssl::Handle<BIGNUM, BN_free> number(
        BN_bin2bn(signature.data(), static_cast<int>(signature.size()), nullptr));
    Bytes out(signature.size());
    REQUIRE(BN_sub(n, n, number.get()) == 1);
    REQUIRE(BN_bn2binpad(n, out.data(), static_cast<int>(out.size())) > 0);
    return out;
  }
  openssl::KeyHandle pair;
};

const RsaKey& rsa_key() {
  static const RsaKey key(1024);  // as old documents have: quick to make
  return key;
}

const Bytes kChallenge = from_hex("F173589974BF40C6").value();

// 6A || M1 || hash(M1 || challenge) || trailer, for a modulus of 128 octets.
Bytes representative(HashAlgorithm hash, ByteView trailer, ByteView challenge = kChallenge) {
  Bytes message(128 - 1 - hash_size(hash) - trailer.size(), 0x5C);
  Bytes out;
  out.reserve(128);
  out.push_back(0x6A);
  out.insert(out.end(), message.begin(), message.end());
  message.insert(message.end(), challenge.begin(), challenge.end());
  const Bytes value = digest(hash, message).value();
  out.insert(out.end(), value.begin(), value.end());
  out.insert(out.end(), trailer.begin(), trailer.end());
  return out;
}

bool answers(ByteView representative) {
  const auto outcome =
      check_active_authentication(rsa_key().open(), std::nullopt, kChallenge, rsa_key().sign(representative));
  if (!outcome) CHECK(outcome.error() == CryptoError::bad_signature);
  return outcome.has_value();
}

struct Trailed {
  HashAlgorithm hash;
  Bytes trailer;
};
const std::array<Trailed, 5> kTrailed{{{HashAlgorithm::sha1, {0xBC}},
                                       {HashAlgorithm::sha224, {0x38, 0xCC}},
                                       {HashAlgorithm::sha256, {0x34, 0xCC}},
                                       {HashAlgorithm::sha384, {0x36, 0xCC}},
                                       {HashAlgorithm::sha512, {0x35, 0xCC}}}};

// A SubjectPublicKeyInfo with a named curve, and its scalar's signatures in the plain form.
struct EcKey {
  explicit EcKey(Curve chosen) : curve(chosen), pair(chosen) {
    constexpr std::array kNames{"P-256", "brainpoolP256r1", "P-384", "brainpoolP384r1", "brainpoolP512r1", "P-521"};
    const auto place = static_cast<std::size_t>(std::ranges::find(kCurves, curve) - kCurves.begin());
    const openssl::KeyContextHandle context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    std::array parameters{OSSL_PARAM_construct_utf8_string("group", const_cast<char*>(kNames[place]), 0),
                          OSSL_PARAM_construct_octet_string("pub", pair.open.span().data(), pair.open.size()),
                          OSSL_PARAM_construct_end()};
    EVP_PKEY* made = nullptr;
    REQUIRE(EVP_PKEY_fromdata_init(context.get()) == 1);
    REQUIRE(EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.data()) == 1);
    info = openssl::write_der<const EVP_PKEY>(i2d_PUBKEY, openssl::KeyHandle(made).get());
  }
  [[nodiscard]] PlainSignature sign(HashAlgorithm hash, ByteView message) const {
    return OpensslEngine().ecdsa_sign(curve, pair.secret.view(), digest(hash, message).value()).value();
  }
  Curve curve;
  ChipKey pair;
  Bytes info;
};

}  // namespace

TEST_CASE("RSA Active Authentication takes the published representative", "[active_authentication]") {
  const Json::Value v = read_vectors("active_authentication")["icao9303_11_f"];
  const Bytes published = octets_at(v["representative"]);
  REQUIRE(published.size() == 128);
  CHECK(octets_at(v["challenge"]) == kChallenge);
  CHECK(answers(published));
}

TEST_CASE("RSA Active Authentication knows each hash by its trailer, and no other trailer", "[active_authentication]") {
  for (const Trailed& known : kTrailed) {
    CAPTURE(static_cast<int>(known.hash));
    CHECK(answers(representative(known.hash, known.trailer)));
    Bytes other_challenge = kChallenge;
    other_challenge.back() ^= 1;
    CHECK_FALSE(answers(representative(known.hash, known.trailer, other_challenge)));
    for (const Trailed& other : kTrailed)
      if (other.hash != known.hash) CHECK_FALSE(answers(representative(known.hash, other.trailer)));
  }
  CHECK_FALSE(answers(representative(HashAlgorithm::sha1, Bytes{0x33, 0xCC})));
  CHECK_FALSE(answers(representative(HashAlgorithm::sha256, Bytes{0xBC})));
  CHECK_FALSE(answers(representative(HashAlgorithm::sha256, Bytes{0x34, 0xCD})));
}

TEST_CASE("Any changed octet of an RSA representative is seen", "[active_authentication]") {
  const Bytes good = representative(HashAlgorithm::sha256, Bytes{0x34, 0xCC});
  for (std::size_t i = 0; i < good.size(); i += 7) {
    Bytes changed = good;
    changed[i] ^= 0x10;
    CAPTURE(i);
    CHECK_FALSE(answers(changed));
  }
  for (const Byte header :
       std::array<Byte, 4>{0x4A, 0x6B, 0x7A, 0x00}) {  // full recovery, padding, another padding, no header
    Bytes changed = good;
    changed[0] = header;
    CHECK_FALSE(answers(changed));
  }
}

TEST_CASE("RSA Active Authentication takes the smaller of both signatures too", "[active_authentication]") {
  const Bytes info = rsa_key().open();
  const Bytes signature = rsa_key().sign(representative(HashAlgorithm::sha256, Bytes{0x34, 0xCC}));
  CHECK(check_active_authentication(info, std::nullopt, kChallenge, rsa_key().complement(signature)).has_value());
}

TEST_CASE("RSA signatures of another length, value or key are refused", "[active_authentication]") {
  const Bytes info = rsa_key().open();
  const Bytes signature = rsa_key().sign(representative(HashAlgorithm::sha1, Bytes{0xBC}));
  const auto refused = [&](ByteView key, ByteView sent) {
    return check_active_authentication(key, std::nullopt, kChallenge, sent).error() == CryptoError::bad_signature;
  };
  CHECK(refused(RsaKey(1024).open(), signature));
  CHECK(refused(info, {}));
  CHECK(refused(info, ByteView(signature).first(127)));
  Bytes longer{0x00};
  longer.insert(longer.end(), signature.begin(), signature.end());
  CHECK(refused(info, longer));
  CHECK(refused(info, Bytes(128, 0xFF)));  // above the modulus
  CHECK(refused(info, Bytes(128)));
  Bytes one(128);
  one.back() = 1;
  CHECK(refused(info, one));
}

TEST_CASE("Plain ECDSA signatures hold on every curve, for their challenge and hash alone", "[active_authentication]") {
  for (const Curve curve : kCurves) {
    CAPTURE(static_cast<int>(curve));
    const EcKey key(curve);
    const HashAlgorithm hash = hash_for(curve);
    const PlainSignature good = key.sign(hash, kChallenge);
    const auto check = [&](std::optional<HashAlgorithm> named, ByteView challenge, ByteView signature) {
      return check_active_authentication(key.info, named, challenge, signature);
    };
    CHECK(check(hash, kChallenge, good).has_value());
    CHECK(check(hash, Bytes(8), good).error() == CryptoError::bad_signature);
    CHECK(check(HashAlgorithm::sha224, kChallenge, good).error() == CryptoError::bad_signature);
    CHECK(check(std::nullopt, kChallenge, good).error() == CryptoError::unsupported);
    CHECK(check(hash, kChallenge, good.view().subspan(1)).error() == CryptoError::bad_signature);
    CHECK(check(hash, kChallenge, Bytes(good.size())).error() == CryptoError::bad_signature);
    PlainSignature changed = good;
    changed.span().back() ^= 1;
    CHECK(check(hash, kChallenge, changed).error() == CryptoError::bad_signature);
    CHECK(check_active_authentication(EcKey(curve).info, hash, kChallenge, good).error() == CryptoError::bad_signature);
  }
}

TEST_CASE("Keys and challenges out of form are refused", "[active_authentication]") {
  const auto refused = [](ByteView key, ByteView challenge) {
    return check_active_authentication(key, HashAlgorithm::sha256, challenge, Bytes(64)).error();
  };
  CHECK(refused({}, kChallenge) == CryptoError::bad_encoding);
  CHECK(refused(Bytes(40, 0x30), kChallenge) == CryptoError::bad_encoding);
  Bytes trailing = rsa_key().open();
  trailing.push_back(0x00);
  CHECK(refused(trailing, kChallenge) == CryptoError::bad_encoding);
  CHECK(refused(rsa_key().open(), Bytes(7)) == CryptoError::bad_length);
  CHECK(refused(rsa_key().open(), Bytes(16)) == CryptoError::bad_length);
}

TEST_CASE("The names of plain ECDSA are TR-03111's", "[active_authentication]") {
  CHECK(to_hex(plain_ecdsa_oid(HashAlgorithm::sha256)) == "04007F00070101040103");
  CHECK(plain_ecdsa_oid(HashAlgorithm::sha1).empty());
  for (const HashAlgorithm hash :
       {HashAlgorithm::sha224, HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512})
    CHECK(plain_ecdsa_hash(plain_ecdsa_oid(hash)) == hash);
  CHECK_FALSE(plain_ecdsa_hash(from_hex("04007F00070101040101").value()).has_value());
  CHECK_FALSE(plain_ecdsa_hash({}).has_value());
}
