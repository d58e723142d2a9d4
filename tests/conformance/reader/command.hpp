// SPDX-License-Identifier: Apache-2.0
// Owns `patent-conform reader`: the inspection library against chips that lie, one for each case.
#pragma once

#include "crypto/tool/command_line.hpp"

namespace conformance {

crypto::tool::Exit run_reader(const crypto::tool::Command& command, const crypto::tool::Words& words);

}  // namespace conformance
