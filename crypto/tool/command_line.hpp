// SPDX-License-Identifier: Apache-2.0
// Owns the frame of the command-line tools: commands, options, help, exit codes, the instant to work at, and the
// opening of a trust domain. Only programs' mains and the code beside them include it.
#pragma once

#include <boost/program_options.hpp>
#include <exception>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/trust_domain.hpp"

namespace crypto::tool {

// sysexits.h, where it has a word for it.
enum class Exit : int {
  ok = 0,
  usage = 64,
  bad_input = 65,
  unavailable = 69,  // no reader, no card, no service
  internal = 70,
  cannot_create = 73,
  no_permission = 77,  // or a wrong passphrase
  interrupted = 130,
};

namespace options = boost::program_options;
using Words = std::vector<std::string>;

struct Command {
  std::string_view name;
  std::string_view summary;  // its first sentence stands in the program's list
  std::string_view usage;    // behind "PROGRAM NAME"
  std::string_view examples;
  Exit (*run)(const Command& command, const Words& words);
};

struct Program {
  std::string_view purpose;
  std::span<const Command> commands;
  std::string_view examples;
  std::string_view exit_codes;
};

// Ends a command from anywhere: the sentence goes to stderr behind the program's name.
class Stop : public std::exception {
public:
  Stop(Exit exit, std::string sentence) : exit_(exit), sentence_(std::move(sentence)) {}
  [[nodiscard]] Exit exit() const { return exit_; }
  [[nodiscard]] const char* what() const noexcept override { return sentence_.c_str(); }

private:
  Exit exit_;
  std::string sentence_;
};

// The whole of a main(): keeps secrets out of core files and debuggers, answers --help and --version, runs the command.
int run_program(const Program& program, int argc, char** argv);

// A command that is several: `log show`, `log verify`. Each action bears its whole name.
Exit run_action(const Command& group, std::span<const Command> actions, const Words& words);

// The options and operands of one command, read from its words.
class Arguments {
public:
  // `operands` in order: "DIR" must be given, "[ORDER_ID]" may, "ORDER..." once or more, "[FILE...]" any number of
  // times.
  Arguments(const Command& command, options::options_description visible, std::vector<std::string> operands);
  // Nothing when the command should go on; else the exit code (help was asked for, or the usage was wrong). What the
  // words leave open comes from the station's file, if there is one; throws Stop when that has a fault.
  std::optional<Exit> read(const Words& words);

  [[nodiscard]] bool given(const std::string& name) const { return values_.count(name) != 0; }
  [[nodiscard]] std::string text(const std::string& name) const;  // empty when not given
  [[nodiscard]] Words texts(const std::string& name) const;       // of what may be given more than once
  [[nodiscard]] unsigned number(const std::string& name) const { return values_[name].as<unsigned>(); }
  // --at, or now.
  [[nodiscard]] Time at() const { return at_; }

private:
  void read_station_file();
  std::optional<Exit> check();

  struct Operand {
    std::string name;
    bool required, many;
  };
  const Command& command_;
  options::options_description visible_;
  std::vector<Operand> operands_;
  options::variables_map values_;
  Time at_{};
};

options::options_description at_option();
options::options_description passphrase_option();  // --passphrase-source
options::options_description lang_option();
// ru or en: --lang, else LC_ALL, else LANG.
bool in_russian(const Arguments& arguments);

// For people: it stays one line and steers no terminal, whatever a stranger's word in it holds.
void put_line(std::ostream& out, std::string_view line);
// Each prints a sentence on stderr, and gives the exit code.
Exit complain(std::string_view sentence, Exit exit);
Exit report_usage(const Command& command, std::string_view fault);
Exit report(const DomainFailure& failure);
// About where a passphrase comes from; repeats nothing that may be the passphrase itself.
Exit report_passphrase(CryptoError error, std::string_view source);

// Opens the domain with the passphrase from --passphrase-source; a sample domain's warning goes to stderr.
Result<TrustDomain, Exit> open_domain(const Arguments& arguments, const std::filesystem::path& folder);
void warn_of_sample(bool sample);

// "2026-03-10" is 12:00 Moscow time of that day; else "2026-03-10T09:00:00Z".
std::optional<Time> parse_time(std::string_view text);
std::string time_text(Time t);
Time now();
std::string host_name();  // empty when the system does not say

}  // namespace crypto::tool
