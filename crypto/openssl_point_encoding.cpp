// SPDX-License-Identifier: Apache-2.0
#include "crypto/openssl_point_encoding.hpp"

namespace crypto::openssl {

namespace {

// The numbers of one encoding, modulo p. An operation that fails makes the rest do nothing: good() says so at the end.
class Field {
public:
  Field(const EC_GROUP* group, BN_CTX* numbers) : numbers_(numbers) {
    for (Number& number : made_) {
      number.reset(BN_secure_new());
      good_ = good_ && number;
      if (number) BN_set_flags(number.get(), BN_FLG_CONSTTIME);
    }
    p_ = next();
    a_ = next();
    b_ = next();
    good_ = good_ && EC_GROUP_get_curve(group, p_, a_, b_, numbers_) == 1;
  }

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] const BIGNUM* a() const { return a_; }
  [[nodiscard]] const BIGNUM* b() const { return b_; }

  const BIGNUM* reduced(const BIGNUM* number) {
    BIGNUM* const out = next();
    return keep(out, good_ && BN_nnmod(out, number, p_, numbers_) == 1);
  }
  const BIGNUM* product(const BIGNUM* x, const BIGNUM* y) {
    BIGNUM* const out = next();
    return keep(out, good_ && BN_mod_mul(out, x, y, p_, numbers_) == 1);
  }
  const BIGNUM* sum(const BIGNUM* x, const BIGNUM* y) {
    BIGNUM* const out = next();
    return keep(out, good_ && BN_mod_add(out, x, y, p_, numbers_) == 1);
  }
  const BIGNUM* negative(const BIGNUM* x) {
    BIGNUM* const out = next();
    return keep(out, good_ && BN_mod_sub(out, p_, x, p_, numbers_) == 1);
  }
  const BIGNUM* inverse(const BIGNUM* x) {
    BIGNUM* const out = next();
    return keep(out, good_ && BN_mod_inverse(out, x, p_, numbers_) != nullptr);
  }
  // x^(p - 1 - (p+1)/4): the inverse of x's root, when x is a square.
  const BIGNUM* inverse_root(const BIGNUM* x) {
    BIGNUM* const exponent = next();
    BIGNUM* const out = next();
    return keep(out, good_ && BN_add(exponent, p_, BN_value_one()) == 1 && BN_rshift(exponent, exponent, 2) == 1 &&
                         BN_sub(exponent, p_, exponent) == 1 && BN_sub_word(exponent, 1) == 1 &&
                         BN_mod_exp_mont_consttime(out, x, exponent, p_, numbers_, nullptr) == 1);
  }

private:
  static constexpr std::size_t kNumbers = 26;  // what one encoding takes

  BIGNUM* next() { return made_[used_++].get(); }
  const BIGNUM* keep(const BIGNUM* number, bool good) {
    good_ = good;
    return number;
  }

  BN_CTX* numbers_;
  std::array<Number, kNumbers> made_;
  std::size_t used_ = 0;
  bool good_ = true;
  BIGNUM *p_ = nullptr, *a_ = nullptr, *b_ = nullptr;
};

// x^3 + a x + b
const BIGNUM* right_side(Field& f, const BIGNUM* x) {
  return f.sum(f.product(f.sum(f.product(x, x), f.a()), x), f.b());
}

}  // namespace

// The affine form: alpha = -t^2, X2 = -b/a (1 + 1/(alpha + alpha^2)), X3 = alpha X2, h2 = X2^3 + a X2 + b,
// U = t^3 h2, A = h2^(p - 1 - (p+1)/4); the point is (X2, A h2) if A^2 h2 = 1, else (X3, A U).
Result<CurvePoint, CryptoError> encode_point(const EC_GROUP* group, const BIGNUM* number, BN_CTX* numbers) {
  Field f(group, numbers);
  const BIGNUM* const t = f.reduced(number);
  const BIGNUM* const square_of_t = f.product(t, t);
  const BIGNUM* const alpha = f.negative(square_of_t);
  const BIGNUM* const divisor = f.sum(alpha, f.product(alpha, alpha));
  if (!f.good()) return failure();
  if (BN_is_zero(divisor) != 0) return unexpected(CryptoError::bad_point);  // t is 0, 1 or -1
  const BIGNUM* const quotient = f.product(f.b(), f.inverse(f.a()));
  const BIGNUM* const x2 = f.negative(f.product(quotient, f.sum(f.inverse(divisor), BN_value_one())));
  const BIGNUM* const x3 = f.product(alpha, x2);
  const BIGNUM* const h2 = right_side(f, x2);
  const BIGNUM* const u = f.product(f.product(square_of_t, t), h2);
  const BIGNUM* const root = f.inverse_root(h2);
  const BIGNUM* const one = f.product(f.product(root, root), h2);
  const bool square = f.good() && BN_is_one(one) != 0;
  const BIGNUM* const y = f.product(root, square ? h2 : u);

  CurvePoint point(EC_POINT_new(group));
  if (!f.good() || !point || EC_POINT_set_affine_coordinates(group, point.get(), square ? x2 : x3, y, numbers) != 1)
    return failure();
  return point;
}

}  // namespace crypto::openssl
