// SPDX-License-Identifier: Apache-2.0
#include "reader/inspect/base64.hpp"

#include <openssl/evp.h>

namespace reader {

std::string to_base64(crypto::ByteView octets) {
  std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');  // EVP_EncodeBlock ends its text with a zero
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(), static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<crypto::Bytes> from_base64(std::string_view text) {
  if (text.empty()) return crypto::Bytes{};
  if (text.size() % 4 != 0 || text.size() > (1U << 30)) return std::nullopt;
  crypto::Bytes octets(text.size() / 4 * 3);
  const int length = EVP_DecodeBlock(octets.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  // EVP counts padding as zero octets.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  octets.resize(static_cast<std::size_t>(length) - padding);
  // EVP skips white space at the ends and ignores unused bits: only the one canonical text is taken.
  if (to_base64(octets) != text) return std::nullopt;
  return octets;
}

}  // namespace reader
