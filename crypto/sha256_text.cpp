// SPDX-License-Identifier: Apache-2.0
#include "crypto/sha256_text.hpp"

#include "crypto/threaded_engine.hpp"

namespace crypto {

std::string sha256_text(ByteView content) {
  const std::array parts{content};
  std::array<Byte, 32> digest{};
  return ThreadedEngine().hash(HashAlgorithm::sha256, parts, digest) ? to_hex(digest) : std::string();
}

}  // namespace crypto
