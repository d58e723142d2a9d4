// SPDX-License-Identifier: Apache-2.0
#include "crypto/ec_public_key.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>

#include <catch2/catch.hpp>

#include "crypto/openssl_engine.hpp"
#include "crypto/openssl_handle.hpp"

using namespace crypto;

namespace {

struct Made {
  Bytes info;
  Bytes point;
};

Made make(const char* group, const char* encoding = OSSL_PKEY_EC_ENCODING_GROUP, const char* form = "uncompressed") {
  const openssl::KeyHandle key(EVP_EC_gen(group));
  REQUIRE(key);
  Made made;
  made.point.resize(200);
  std::size_t size = 0;
  REQUIRE(EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, made.point.data(),
                                          made.point.size(), &size) == 1);
  made.point.resize(size);
  REQUIRE(EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_ENCODING, encoding) == 1);
  REQUIRE(EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, form) == 1);
  made.info = openssl::write_der(i2d_PUBKEY, static_cast<const EVP_PKEY*>(key.get()));
  REQUIRE_FALSE(made.info.empty());
  return made;
}

constexpr std::array<std::pair<const char*, Curve>, 6> kNamed{{{"P-256", Curve::secp256r1},
                                                               {"brainpoolP256r1", Curve::brainpoolP256r1},
                                                               {"P-384", Curve::secp384r1},
                                                               {"brainpoolP384r1", Curve::brainpoolP384r1},
                                                               {"brainpoolP512r1", Curve::brainpoolP512r1},
                                                               {"P-521", Curve::secp521r1}}};

}  // namespace

TEST_CASE("a key is read with its curve by name, spelt out, and with a compressed point") {
  for (const auto& [group, curve] : kNamed)
    for (const auto* encoding : {OSSL_PKEY_EC_ENCODING_GROUP, OSSL_PKEY_EC_ENCODING_EXPLICIT})
      for (const auto* form : {"uncompressed", "compressed"}) {
        INFO(group << " " << encoding << " " << form);
        const auto made = make(group, encoding, form);
        const auto key = read_ec_public_key(made.info);
        REQUIRE(key);
        CHECK(key->curve == curve);
        CHECK(std::ranges::equal(key->point.view(), made.point));
      }
}

TEST_CASE("other curves, other keys and damaged ones are none") {
  CHECK_FALSE(read_ec_public_key(make("P-224").info));
  CHECK_FALSE(read_ec_public_key(make("secp256k1", OSSL_PKEY_EC_ENCODING_EXPLICIT).info));
  CHECK_FALSE(read_ec_public_key({}));
  const openssl::KeyHandle rsa(EVP_RSA_gen(2048));
  CHECK_FALSE(read_ec_public_key(openssl::write_der(i2d_PUBKEY, static_cast<const EVP_PKEY*>(rsa.get()))));
  // A generator of one's own on a known curve is no known curve (CVE-2020-0601).
  auto made = make("P-256", OSSL_PKEY_EC_ENCODING_EXPLICIT);
  REQUIRE(read_ec_public_key(made.info));
  const auto generator = *from_hex("6B17D1F2E12C4247");
  const auto at = std::ranges::search(made.info, generator);
  REQUIRE_FALSE(at.empty());
  std::copy_n(made.point.begin() + 1, 64, at.begin());
  CHECK_FALSE(read_ec_public_key(made.info));
  const auto good = make("P-256");
  for (std::size_t n = 0; n < good.info.size(); ++n) CHECK_FALSE(read_ec_public_key(ByteView(good.info).first(n)));
  auto off_curve = good.info;
  off_curve.back() ^= 1;
  CHECK_FALSE(read_ec_public_key(off_curve));
}
