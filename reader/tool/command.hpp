// SPDX-License-Identifier: Apache-2.0
// Owns what the commands of patent-reader share: what to judge by, options, files for the owner's eyes.
#pragma once

#include <filesystem>
#include <memory>

#include "crypto/tool/command_line.hpp"
#include "reader/inspect/evidence.hpp"
#include "reader/judge/trust.hpp"
#include "reader/report/check_log.hpp"
#include "reader/report/report.hpp"

namespace reader::tool {

using namespace crypto::tool;  // commands are written in its words

Exit run_inspect(const Command& command, const Words& words);
Exit run_capture(const Command& command, const Words& words);
Exit run_verify(const Command& command, const Words& words);
Exit run_qr(const Command& command, const Words& words);
Exit run_readers(const Command& command, const Words& words);
Exit run_explain(const Command& command, const Words& words);
Exit run_list(const Command& command, const Words& words);
Exit run_package(const Command& command, const Words& words);
Exit run_log(const Command& command, const Words& words);

Language language(const Arguments& arguments);

// Where checks are recorded, by whom.
class CheckRecorder {
public:
  // --log, --device, --role; nothing without --log. Throws Stop when the log cannot be written.
  static std::shared_ptr<CheckRecorder> from(const Arguments& arguments);
  // Throws Stop when it cannot be recorded: the verdict is not taken back, but whoever watches must know.
  void record(const Verdict& verdict);

private:
  CheckRecorder(CheckLog log, std::string device, std::string role);
  CheckLog log_;
  std::string device_, role_;
};

// What a judgement rests on. Read before a card is touched, so that all that can be wrong is found first.
struct Rules {
  Trust trust;
  Policy policy;
  Language language;
  std::shared_ptr<CheckRecorder> recorder{};
  OfficerAnswers officer{};
  const HolderWords* holder = nullptr;  // for the line that the holder is shown
};
// --trust or --store, --policy, --territory, --lang; throws Stop.
Rules rules(const Arguments& arguments);

options::options_description judgement_options();
options::options_description check_options();  // of them: where, and by whom it is recorded
options::options_description output_options();

// Personal data: for the owner's eyes only. Throws Stop.
void write_file(const std::filesystem::path& path, std::string_view content);

// The lines of --mrz, joined; empty without it.
std::string typed_zone(const Arguments& arguments);
// What was saved. Throws Stop.
Evidence read_evidence(const std::string& file);

// Judges, writes what --photo and --fingers ask for, prints the verdict, and records it. The verdict's exit code.
Exit judge(const Evidence& evidence, const Rules& by, const Arguments& arguments);

}  // namespace reader::tool
