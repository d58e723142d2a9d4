// SPDX-License-Identifier: Apache-2.0
#include "crypto/ec_public_key.hpp"

#include <openssl/core_names.h>
#include <openssl/obj_mac.h>

#include "crypto/openssl_curve.hpp"

namespace crypto {

namespace {

std::optional<Curve> curve_of(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return std::nullopt;
  const int id = OBJ_sn2nid(name.data());
  for (std::size_t index = 0; index < kCurves.size(); ++index)
    if (const auto group = openssl::make_group(index); group && EC_GROUP_get_curve_name(group.get()) == id)
      return kCurves[index];
  return std::nullopt;
}

// 04 || X || Y, whatever form the key came in.
std::optional<Point> point_of(EVP_PKEY* key, Curve curve) {
  Point point;
  std::size_t size = 0;
  if (EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") != 1 ||
      !point.resize(point_size(curve)) ||
      EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point.span().data(), point.size(),
                                      &size) != 1 ||
      size != point.size())
    return std::nullopt;
  return point;
}

}  // namespace

std::optional<EcPublicKey> read_ec_public_key(ByteView subject_public_key_info) {
  const auto key = openssl::read_der<openssl::KeyHandle>(d2i_PUBKEY, subject_public_key_info);
  if (!key || EVP_PKEY_is_a(key.get(), "EC") != 1) return std::nullopt;
  const auto curve = curve_of(key.get());
  const auto point = curve ? point_of(key.get(), *curve) : std::nullopt;
  ERR_clear_error();
  if (!point) return std::nullopt;
  return EcPublicKey{*curve, *point};
}

}  // namespace crypto
