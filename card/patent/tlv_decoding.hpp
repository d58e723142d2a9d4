// SPDX-License-Identifier: Apache-2.0
// Owns the passage from the errors of TLV to those of this folder, and the opening of a file that holds one object.
#pragma once

#include "card/layout/files.hpp"
#include "card/patent/data_groups.hpp"
#include "crypto/tlv.hpp"

namespace patent {

inline DecodeError decode_error(crypto::TlvError error) {
  switch (error) {
    case crypto::TlvError::unexpected_tag: return DecodeError::missing_object;
    case crypto::TlvError::trailing_data: return DecodeError::trailing_data;
    case crypto::TlvError::bad_length:
    case crypto::TlvError::truncated:
    case crypto::TlvError::bad_tag:
    case crypto::TlvError::too_deep:
    case crypto::TlvError::out_of_space:
    case crypto::TlvError::too_many: break;
  }
  return DecodeError::malformed_tlv;
}

template <class T>
Decoded<T> decoded(const crypto::Result<T, crypto::TlvError>& result) {
  return result.map_error(decode_error);
}

// The value of the only object of a file. Foreign files may be larger than ours, but none is larger than READ BINARY
// reaches.
inline Decoded<ByteView> open_file(ByteView file, std::uint32_t tag, crypto::TlvForm form,
                                   std::size_t capacity = layout::kMaxFileOctets) {
  if (file.size() > capacity) return crypto::unexpected(DecodeError::too_long);
  PATENT_TRY(const auto object, decoded(crypto::read_only_tlv(file, tag, form)));
  return object.value;
}

inline std::string text_of(ByteView octets) { return {octets.begin(), octets.end()}; }

}  // namespace patent
