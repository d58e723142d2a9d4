// SPDX-License-Identifier: Apache-2.0
// Owns `patent-conform chip`: a card of the profile against BSI TR-03105 Part 3.2.
#pragma once

#include "crypto/tool/command_line.hpp"

namespace conformance {

crypto::tool::Exit run_chip(const crypto::tool::Command& command, const crypto::tool::Words& words);

}  // namespace conformance
