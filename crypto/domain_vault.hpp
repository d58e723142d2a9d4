// SPDX-License-Identifier: Apache-2.0
// Owns where a trust domain's keys are: in the PKCS#11 token that its vault.json names, else in files of keys/.
#pragma once

#include <optional>

#include "crypto/pkcs11_key_vault.hpp"
#include "crypto/trust_domain.hpp"

namespace crypto {

// {"pkcs11": {"module": "/usr/lib/...so", "token": "LABEL"}}. Its owner's alone: whoever writes it chooses whose code
// gets the PIN.
inline constexpr std::string_view kVaultFile = "vault.json";

// Nothing for a domain whose keys are files.
Result<std::optional<Pkcs11Token>, DomainFailure> vault_token(const std::filesystem::path& domain);
Result<void, DomainFailure> write_vault_token(const std::filesystem::path& domain, const Pkcs11Token& token);
Result<std::unique_ptr<KeyVault>, DomainFailure> open_vault(const std::filesystem::path& domain, Passphrase passphrase);

}  // namespace crypto
