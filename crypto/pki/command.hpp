// SPDX-License-Identifier: Apache-2.0
// Owns the list of patent-pki's commands.
#pragma once

#include "crypto/tool/command_line.hpp"

namespace crypto::pki {

using namespace crypto::tool;  // commands are written in its words

Exit run_init(const Command& command, const Words& words);
Exit run_new(const Command& command, const Words& words);
Exit run_revoke(const Command& command, const Words& words);
Exit run_crl(const Command& command, const Words& words);
Exit run_request(const Command& command, const Words& words);
Exit run_certify(const Command& command, const Words& words);
Exit run_show(const Command& command, const Words& words);

}  // namespace crypto::pki
