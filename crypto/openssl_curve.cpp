// SPDX-License-Identifier: Apache-2.0
#include "crypto/openssl_curve.hpp"

#include <openssl/core_names.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

namespace crypto::openssl {

namespace {

using ParameterBuilder = Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Handle<OSSL_PARAM, OSSL_PARAM_free>;

struct CurveName {
  int id;
  const char* name;
};
constexpr std::array<CurveName, kCurves.size()> kNames{{{NID_X9_62_prime256v1, "prime256v1"},
                                                        {NID_brainpoolP256r1, "brainpoolP256r1"},
                                                        {NID_secp384r1, "secp384r1"},
                                                        {NID_brainpoolP384r1, "brainpoolP384r1"},
                                                        {NID_brainpoolP512r1, "brainpoolP512r1"},
                                                        {NID_secp521r1, "secp521r1"}}};

template <class Add>
KeyHandle make_key(Curve curve, int selection, Add add) {
  const auto index = index_of(curve);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  const KeyContextHandle context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (index && builder && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, kNames[*index].name, 0) == 1 &&
      add(builder.get())) {
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    if (!parameters || EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) != 1) key = nullptr;
  }
  ERR_clear_error();
  return KeyHandle(key);
}

}  // namespace

std::optional<std::size_t> index_of(Curve curve) {
  const auto* const found = std::find(kCurves.begin(), kCurves.end(), curve);
  if (found == kCurves.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kCurves.begin());
}

Group make_group(std::size_t index) { return Group(EC_GROUP_new_by_curve_name(kNames[index].id)); }

Number secret_number(ByteView octets) {
  Number number(BN_secure_new());
  if (!number) return nullptr;
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  if (BN_bin2bn(octets.data(), static_cast<int>(octets.size()), number.get()) == nullptr) return nullptr;
  return number;
}

Result<Number, CryptoError> scalar_below_order(const EC_GROUP* group, ByteView octets) {
  if (octets.empty() || octets.size() > kMaxFieldSize) return unexpected(CryptoError::bad_scalar);
  Number scalar = secret_number(octets);
  if (!scalar) return failure();
  if (BN_is_zero(scalar.get()) != 0 || BN_cmp(scalar.get(), EC_GROUP_get0_order(group)) >= 0)
    return unexpected(CryptoError::bad_scalar);
  return scalar;
}

KeyHandle private_key(Curve curve, const BIGNUM* scalar) {
  return make_key(curve, EVP_PKEY_KEYPAIR, [&](OSSL_PARAM_BLD* builder) {
    return OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1;
  });
}

KeyHandle public_key(Curve curve, ByteView point) {
  return make_key(curve, EVP_PKEY_PUBLIC_KEY, [&](OSSL_PARAM_BLD* builder) {
    return OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1;
  });
}

// The affine form: alpha = -t^2, X2 = -b/a (1 + 1/(alpha + alpha^2)), X3 = alpha X2, h2 = X2^3 + a X2 + b,
// U = t^3 h2, A = h2^(p - 1 - (p+1)/4); (X2, A h2) if A^2 h2 = 1, else (X3, A U).
Result<CurvePoint, CryptoError> encode_point(const EC_GROUP* group, const BIGNUM* element, BN_CTX* numbers) {
  std::array<Number, 13> made;
  for (Number& number : made) {
    number.reset(BN_secure_new());
    if (!number) return failure();
    BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  }
  std::size_t used = 0;
  const auto next = [&] { return made[used++].get(); };
  BIGNUM *p = next(), *a = next(), *b = next(), *t = next(), *alpha = next(), *x2 = next(), *x3 = next(), *h2 = next(),
         *u = next(), *root = next(), *exponent = next(), *r = next(), *y = next();
  bool good = EC_GROUP_get_curve(group, p, a, b, numbers) == 1;
  const auto times = [&](BIGNUM* out, const BIGNUM* left, const BIGNUM* right) {
    good = good && BN_mod_mul(out, left, right, p, numbers) == 1;
  };
  const auto plus = [&](BIGNUM* out, const BIGNUM* left, const BIGNUM* right) {
    good = good && BN_mod_add(out, left, right, p, numbers) == 1;
  };
  const auto negate = [&](BIGNUM* number) { good = good && BN_mod_sub(number, p, number, p, numbers) == 1; };
  const auto invert = [&](BIGNUM* number) { good = good && BN_mod_inverse(number, number, p, numbers) != nullptr; };

  good = good && BN_nnmod(t, element, p, numbers) == 1;
  times(alpha, t, t);
  negate(alpha);
  times(r, alpha, alpha);
  plus(r, alpha, r);
  if (!good) return failure();
  if (BN_is_zero(r) != 0) return unexpected(CryptoError::bad_point);  // t is 0, 1 or -1
  invert(r);
  plus(r, r, BN_value_one());
  times(x2, b, r);
  good = good && BN_copy(r, a) != nullptr;
  invert(r);
  times(x2, x2, r);
  negate(x2);
  times(x3, alpha, x2);

  times(h2, x2, x2);
  plus(h2, h2, a);
  times(h2, h2, x2);
  plus(h2, h2, b);
  times(u, t, t);
  times(u, u, t);
  times(u, u, h2);

  // The exponent p - 1 - (p+1)/4: one power gives the root or shows that there is none.
  good = good && BN_add(exponent, p, BN_value_one()) == 1 && BN_rshift(exponent, exponent, 2) == 1 &&
         BN_sub(exponent, p, exponent) == 1 && BN_sub_word(exponent, 1) == 1 &&
         BN_mod_exp_mont_consttime(root, h2, exponent, p, numbers, nullptr) == 1;
  times(r, root, root);
  times(r, r, h2);
  const bool square = good && BN_is_one(r) != 0;
  times(y, root, square ? h2 : u);

  CurvePoint point(EC_POINT_new(group));
  if (!good || !point || EC_POINT_set_affine_coordinates(group, point.get(), square ? x2 : x3, y, numbers) != 1)
    return failure();
  return point;
}

}  // namespace crypto::openssl
