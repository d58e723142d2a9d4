// SPDX-License-Identifier: Apache-2.0
// Owns a ceremony's custodians: two people, of whom each has a source of his own for his part of the passphrase or PIN.
#pragma once

#include "crypto/pki/command.hpp"
#include "crypto/pki/protocol.hpp"

namespace crypto::pki {

// NAME=SOURCE; nothing for what is not of that form.
std::optional<Custodian> custodian_of(const std::string& text);
// Whether one of the first custodian's sources is one of the second's, by whatever name. Two may type at one terminal.
bool share_a_source(const std::array<Words, 2>& sources);
// The parts, one behind the other. `makes_files`: they are a new domain's, and asked for twice at a prompt.
Result<Passphrase, Exit> both_parts(const std::vector<Custodian>& custodians, bool makes_files);

}  // namespace crypto::pki
