// SPDX-License-Identifier: Apache-2.0
// Owns the small whole numbers of DER (X.690, 8.3): 0 to 255.
#pragma once

#include "card/patent/tlv_decoding.hpp"

namespace patent {

inline constexpr std::uint32_t kDerInteger = 0x02;

inline Bytes der_integer(std::uint8_t value) {
  return value < 0x80 ? crypto::tlv(kDerInteger, Bytes{value}) : crypto::tlv(kDerInteger, Bytes{0x00, value});
}

// bad_value for a negative or larger number, or one that is not in its shortest form.
inline Decoded<std::uint8_t> read_der_integer(const crypto::Tlv& object) {
  const auto v = object.value;
  if (object.tag != kDerInteger) return crypto::unexpected(DecodeError::missing_object);
  if (v.size() == 1 && v[0] < 0x80) return v[0];
  if (v.size() == 2 && v[0] == 0x00 && v[1] >= 0x80) return v[1];
  return crypto::unexpected(DecodeError::bad_value);
}

}  // namespace patent
