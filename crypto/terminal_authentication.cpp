// SPDX-License-Identifier: Apache-2.0
#include "crypto/terminal_authentication.hpp"

namespace crypto {

Result<Buffer<kMaxHashSize>, CryptoError> terminal_digest(Engine& engine, HashAlgorithm algorithm,
                                                          const TerminalChallenge& signed_parts) {
  const auto& [chip_id, challenge, terminal_key] = signed_parts;
  Buffer<kMaxHashSize> digest;
  if (chip_id.empty() || challenge.size() != kTerminalChallengeSize || terminal_key.empty() ||
      !digest.resize(hash_size(algorithm)))
    return unexpected(CryptoError::bad_length);
  PATENT_TRY_VOID(engine.hash(algorithm, std::array{chip_id, challenge, terminal_key}, digest.span()));
  return digest;
}

}  // namespace crypto
