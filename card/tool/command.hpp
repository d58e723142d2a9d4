// SPDX-License-Identifier: Apache-2.0
// Owns the list of patent-card's commands, and the words for what can be wrong with a card's file.
#pragma once

#include "card/host/card_file_error.hpp"
#include "crypto/tool/command_line.hpp"

namespace host::tool {

using namespace crypto::tool;  // commands are written in its words

Exit run_new(const Command& command, const Words& words);
Exit run_run(const Command& command, const Words& words);
Exit run_show(const Command& command, const Words& words);

// One sentence on stderr that says what is wrong and what to do next; the exit code that fits.
Exit report_file(const std::filesystem::path& file, CardFileError error);

}  // namespace host::tool
