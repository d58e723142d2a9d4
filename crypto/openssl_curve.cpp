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

}  // namespace crypto::openssl
