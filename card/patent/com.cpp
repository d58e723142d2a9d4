// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "card/patent/tlv_decoding.hpp"

namespace patent {

namespace {

constexpr std::uint32_t kLdsVersion = 0x5F01;
constexpr std::uint32_t kUnicodeVersion = 0x5F36;
constexpr std::uint32_t kTagList = 0x5C;
constexpr std::size_t kMaxTags = 16;  // data groups

Decoded<std::string> digits(ByteView value, std::size_t count) {
  const bool all = std::ranges::all_of(value, [](std::uint8_t c) { return c >= '0' && c <= '9'; });
  if (value.size() != count || !all) return crypto::unexpected(DecodeError::bad_value);
  return text_of(value);
}

}  // namespace

Bytes encode_com(const Com& com) {
  Bytes value = crypto::tlv(kLdsVersion, crypto::as_bytes(com.lds_version));
  crypto::append_tlv(value, kUnicodeVersion, crypto::as_bytes(com.unicode_version));
  crypto::append_tlv(value, kTagList, com.tags);
  return crypto::tlv(layout::file(layout::FileId::com).tag, value);
}

Decoded<Com> decode_com(ByteView file) {
  PATENT_TRY(const auto value, open_file(file, layout::file(layout::FileId::com).tag, crypto::TlvForm::ber));
  crypto::TlvReader reader(value, crypto::TlvForm::ber);
  Com com;
  PATENT_TRY(const auto lds, decoded(reader.expect(kLdsVersion)));
  PATENT_TRY(com.lds_version, digits(lds.value, 4));
  PATENT_TRY(const auto unicode, decoded(reader.expect(kUnicodeVersion)));
  PATENT_TRY(com.unicode_version, digits(unicode.value, 6));
  PATENT_TRY(const auto tags, decoded(reader.expect(kTagList)));
  PATENT_TRY_VOID(decoded(reader.finish()));
  if (tags.value.empty() || tags.value.size() > kMaxTags) return crypto::unexpected(DecodeError::bad_value);
  com.tags.assign(tags.value.begin(), tags.value.end());
  return com;
}

}  // namespace patent
