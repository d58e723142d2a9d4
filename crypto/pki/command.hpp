// SPDX-License-Identifier: Apache-2.0
// Owns the list of patent-pki's commands.
#pragma once

#include "crypto/tool/command_line.hpp"

namespace crypto::pki {

using namespace crypto::tool;  // commands are written in its words

// Of a domain that is to be made: --profile, --country, --module and the like.
options::options_description plan_options();
std::string plan_fault(const Arguments& arguments);  // empty when there is none
DomainPlan plan_from(const Arguments& arguments);
// Why no domain came of the plan, in the words of its options.
Exit report_unfounded(const DomainPlan& plan, const std::filesystem::path& folder, const DomainFailure& failure);
inline constexpr std::size_t kMinPassphrase = 12;
// One typed at a prompt is asked for twice: a slip of the finger would lock the domain for ever. bad_state: they
// differ.
Result<Passphrase, CryptoError> new_passphrase(const std::string& source);

Exit run_ceremony(const Command& command, const Words& words);
Exit run_init(const Command& command, const Words& words);
Exit run_new(const Command& command, const Words& words);
Exit run_revoke(const Command& command, const Words& words);
Exit run_crl(const Command& command, const Words& words);
Exit run_request(const Command& command, const Words& words);
Exit run_certify(const Command& command, const Words& words);
Exit run_show(const Command& command, const Words& words);

}  // namespace crypto::pki
