// SPDX-License-Identifier: Apache-2.0
// Owns what the commands of patent-reader share: what to judge by, options, files for the owner's eyes.
#pragma once

#include <filesystem>

#include "crypto/tool/command_line.hpp"
#include "reader/inspect/evidence.hpp"
#include "reader/judge/trust.hpp"
#include "reader/report/report.hpp"

namespace reader::tool {

using namespace crypto::tool;  // commands are written in its words

Exit run_inspect(const Command& command, const Words& words);
Exit run_capture(const Command& command, const Words& words);
Exit run_verify(const Command& command, const Words& words);
Exit run_readers(const Command& command, const Words& words);

Language language(const Arguments& arguments);

// What a judgement rests on. Read before a card is touched, so that all that can be wrong is found first.
struct Rules {
  Trust trust;
  Policy policy;
  Language language;
};
// --trust, --policy, --territory, --lang; throws Stop.
Rules rules(const Arguments& arguments);

options::options_description judgement_options();
options::options_description output_options();

// Personal data: for the owner's eyes only. Throws Stop.
void write_file(const std::filesystem::path& path, std::string_view content);

// Judges, writes what --photo and --fingers ask for, and prints the verdict. The verdict's exit code.
Exit judge(const Evidence& evidence, const Rules& by, const Arguments& arguments);

}  // namespace reader::tool
