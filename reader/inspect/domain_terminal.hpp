// SPDX-License-Identifier: Apache-2.0
// Owns the terminals of a trust domain: a key in the vault, and every certificate that may lead to it.
#pragma once

#include "crypto/trust_domain.hpp"
#include "reader/inspect/terminal_authentication.hpp"

namespace reader {

crypto::Result<TerminalIdentity, crypto::DomainFailure> domain_terminal(const crypto::TrustDomain& domain,
                                                                        std::string_view name = crypto::kInspectionKey);

}  // namespace reader
