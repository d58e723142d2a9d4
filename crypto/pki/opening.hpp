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
  std::string cka_id{};  // of its objects in a token; a file has none
  friend bool operator==(const KnownKey&, const KnownKey&) = default;
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
// In a token, only what was made by the program that wrote the opening: others may be at work there.
Result<std::vector<KnownKey>, DomainFailure> made_since(const Opening& opening, KeyVault& vault);

// What is going to be destroyed when this ceremony is ended: written before the first key goes, and there until the
// protocol has told it. Empty when there is none.
Result<void, DomainFailure> write_destruction(const Opening& opening, const std::vector<KnownKey>& keys);
Result<std::vector<KnownKey>, DomainFailure> read_destruction(const Opening& opening);
// Both files.
Result<void, DomainFailure> remove_opening(const Opening& opening);

}  // namespace crypto::pki
