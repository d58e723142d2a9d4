// SPDX-License-Identifier: Apache-2.0
// Owns what the commands of patent-card share: exit codes, options, the words for failures.
#pragma once

#include <boost/program_options.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "card/host/card_file_error.hpp"

namespace host::tool {

enum class Exit : int {
  ok = 0,
  usage = 64,
  bad_input = 65,
  unavailable = 69,
  internal = 70,
  cannot_create = 73,
  no_permission = 77,
};

namespace options = boost::program_options;

struct Command {
  std::string_view name;
  std::string_view summary;
  std::string_view usage;  // behind "patent-card NAME"
  std::string_view examples;
  Exit (*run)(const Command& command, const std::vector<std::string>& words);
};

Exit run_new(const Command& command, const std::vector<std::string>& words);
Exit run_run(const Command& command, const std::vector<std::string>& words);
Exit run_show(const Command& command, const std::vector<std::string>& words);

// The options of one command, read from its words; what is no option is a file.
class Arguments {
public:
  Arguments(const Command& command, options::options_description visible);
  // Nothing when the command should go on; else the exit code (help was asked for, or the usage was wrong).
  std::optional<Exit> read(const std::vector<std::string>& words);

  [[nodiscard]] bool given(const std::string& name) const { return values_.count(name) != 0; }
  [[nodiscard]] std::string text(const std::string& name) const;  // empty when not given
  [[nodiscard]] unsigned number(const std::string& name) const { return values_[name].as<unsigned>(); }
  [[nodiscard]] std::vector<std::string> files() const;

private:
  const Command& command_;
  options::options_description visible_;
  options::variables_map values_;
};

// One sentence on stderr that says what is wrong and what to do next; the exit code that fits.
Exit report(const std::filesystem::path& file, CardFileError error);
Exit report_usage(const Command& command, const std::string& fault);

}  // namespace host::tool
