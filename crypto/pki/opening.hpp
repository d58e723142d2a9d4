// SPDX-License-Identifier: Apache-2.0
// Owns what a key ceremony says before it makes its first key: who is going to make what, and which keys are there
// already. What is there later, and was not, is the ceremony's, however it ended.
#pragma once

#include <json/value.h>

#include <vector>

#include "crypto/trust_domain.hpp"

namespace crypto::pki {

struct KnownKey {
  std::string name;
  KeyKind kind{};
  std::string identity;  // a public key's SHA-256, a master key's check value: names change when keys are renewed
};
Result<std::vector<KnownKey>, DomainFailure> known_keys(KeyVault& vault);
Json::Value as_json(const std::vector<KnownKey>& keys);

struct Opening {
  std::filesystem::path file;
  Json::Value said;
  std::vector<KnownKey> before;
};
// Synced before this returns. already_exists: another ceremony opened first.
Result<Opening, DomainFailure> write_opening(const std::filesystem::path& file, Json::Value said,
                                             std::vector<KnownKey> before);
Result<Opening, DomainFailure> read_opening(const std::filesystem::path& file);
Result<std::vector<KnownKey>, DomainFailure> made_since(const Opening& opening, KeyVault& vault);

}  // namespace crypto::pki
