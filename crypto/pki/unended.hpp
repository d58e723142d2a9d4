// SPDX-License-Identifier: Apache-2.0
// Owns how a ceremony ends that did not come to its protocol: at once, when it fails, or later, when it was cut off.
#pragma once

#include "crypto/pki/command.hpp"
#include "crypto/pki/protocol.hpp"

namespace crypto::pki {

// Says so when a ceremony of this folder was not brought to its end. One that only left its opening behind is cleared.
Result<void, Exit> refuse_unended(const std::filesystem::path& folder);

// Destroys those of the keys left that are named, says what became of all, also of those that an ending destroyed which
// was cut off, and removes the opening. `domain` and `vault` may be missing.
Result<std::filesystem::path, DomainFailure> end_failed(const Protocol& protocol, const std::filesystem::path& folder,
                                                        const TrustDomain* domain, KeyVault* vault, Failure failure,
                                                        const Words& destroy);

// patent-pki ceremony DIR --close
Exit close_ceremony(const Arguments& arguments, const std::vector<Custodian>& custodians);

}  // namespace crypto::pki
