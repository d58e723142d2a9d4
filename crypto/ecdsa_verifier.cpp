// SPDX-License-Identifier: Apache-2.0
#define OPENSSL_SUPPRESS_DEPRECATED  // OpenSSL has no other way to keep a key's multiples
#include "crypto/ecdsa_verifier.hpp"

namespace crypto {

namespace {

using openssl::CurvePoint;
using openssl::Group;
using openssl::Number;
using openssl::NumberContext;

bool keep_multiples(const Group& group) {
  const NumberContext context(BN_CTX_new());
  return context && EC_GROUP_precompute_mult(group.get(), context.get()) == 1;
}

// The group once more, in which the point is the generator: OpenSSL keeps multiples of generators only.
Group generated_by(const EC_GROUP* curve, ByteView point) {
  const CurvePoint generator(EC_POINT_new(curve));
  Group group(EC_GROUP_dup(curve));
  if (!generator || !group ||
      EC_POINT_oct2point(curve, generator.get(), point.data(), point.size(), nullptr) !=
          1 ||  // looks whether it is one
      EC_GROUP_set_generator(group.get(), generator.get(), EC_GROUP_get0_order(curve), EC_GROUP_get0_cofactor(curve)) !=
          1)
    return nullptr;
  EC_GROUP_set_curve_name(group.get(), NID_undef);  // nobody shall take it for the curve itself
  return group;
}

Number number(ByteView octets) { return Number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr)); }

bool in_range(const BIGNUM* value, const BIGNUM* order) { return BN_is_zero(value) == 0 && BN_cmp(value, order) < 0; }

CurvePoint multiple(const EC_GROUP* group, const BIGNUM* scalar, BN_CTX* context) {
  CurvePoint out(EC_POINT_new(group));
  const Number zero(BN_new());
  // One scalar alone counts as a secret for the generic method, which then takes a slow and even way; beside a second
  // one it uses the multiples. Methods with a multiplication of their own use them anyway.
  const bool generic = EC_GROUP_method_of(group) == EC_GFp_mont_method();
  const EC_POINT* const any = generic ? EC_GROUP_get0_generator(group) : nullptr;
  if (!out || !zero || EC_POINT_mul(group, out.get(), scalar, any, generic ? zero.get() : nullptr, context) != 1)
    return nullptr;
  return out;
}

}  // namespace

Result<EcdsaVerifier, CryptoError> EcdsaVerifier::make(Curve curve, ByteView point) {
  const auto index = openssl::index_of(curve);
  Group named = index ? openssl::make_group(*index) : nullptr;
  if (!named) return openssl::failure(CryptoError::unsupported);
  Group key = point.size() == point_size(curve) ? generated_by(named.get(), point) : nullptr;
  if (!key) return openssl::failure(CryptoError::bad_point);
  if (!keep_multiples(named) || !keep_multiples(key)) return openssl::failure();
  return EcdsaVerifier(field_size(curve), std::move(named), std::move(key));
}

// FIPS 186-5, 6.4.2.
bool EcdsaVerifier::holds(ByteView digest, ByteView signature) const {
  if (digest.empty() || signature.size() != 2 * field_octets_) return false;
  thread_local const NumberContext numbers(BN_CTX_new());  // OpenSSL keeps its memory from one call to the next
  BN_CTX* const context = numbers.get();
  const BIGNUM* const order = EC_GROUP_get0_order(curve_.get());
  const Number e = number(digest.first(std::min(digest.size(), field_octets_)));
  const Number r = number(signature.first(field_octets_)), s = number(signature.subspan(field_octets_));
  if (context == nullptr || !e || !r || !s || !in_range(r.get(), order) || !in_range(s.get(), order)) return false;
  const Number u(BN_new()), v(BN_new());
  const bool scaled = u && v && BN_mod_inverse(s.get(), s.get(), order, context) != nullptr &&
                      BN_mod_mul(u.get(), e.get(), s.get(), order, context) == 1 &&
                      BN_mod_mul(v.get(), r.get(), s.get(), order, context) == 1;
  const CurvePoint sum = scaled ? multiple(curve_.get(), u.get(), context) : nullptr;
  const CurvePoint of_key = sum ? multiple(key_.get(), v.get(), context) : nullptr;
  BIGNUM* const x = u.get();
  const bool equal = of_key && EC_POINT_add(curve_.get(), sum.get(), sum.get(), of_key.get(), context) == 1 &&
                     EC_POINT_get_affine_coordinates(curve_.get(), sum.get(), x, nullptr, context) == 1 &&
                     BN_nnmod(x, x, order, context) == 1 && BN_cmp(x, r.get()) == 0;
  ERR_clear_error();
  return equal;
}

}  // namespace crypto
