// SPDX-License-Identifier: Apache-2.0
// Owns what the commands of patent-pki share: exit codes, options, the words for failures.
#pragma once

#include <boost/program_options.hpp>
#include <optional>
#include <string>
#include <vector>

#include "crypto/trust_domain.hpp"

namespace crypto::pki {

enum class Exit : int {
  ok = 0,
  usage = 64,
  bad_input = 65,
  internal = 70,
  cannot_create = 73,
  no_permission = 77,
};

namespace options = boost::program_options;

struct Command {
  std::string_view name;
  std::string_view summary;
  std::string_view usage;  // behind "patent-pki NAME"
  std::string_view examples;
  Exit (*run)(const Command& command, const std::vector<std::string>& arguments);
};

Exit run_init(const Command& command, const std::vector<std::string>& arguments);
Exit run_new(const Command& command, const std::vector<std::string>& arguments);
Exit run_revoke(const Command& command, const std::vector<std::string>& arguments);
Exit run_crl(const Command& command, const std::vector<std::string>& arguments);
Exit run_show(const Command& command, const std::vector<std::string>& arguments);

// The options of one command, read from its arguments. Positional ones are named in order and all required.
class Arguments {
public:
  Arguments(const Command& command, options::options_description visible, std::vector<std::string> positional);
  // Nothing when the command should go on; else the exit code (help was asked for, or the usage was wrong).
  std::optional<Exit> read(const std::vector<std::string>& arguments);

  [[nodiscard]] std::string text(const std::string& name) const;  // empty when not given
  [[nodiscard]] bool given(const std::string& name) const { return values_.count(name) != 0; }
  // --at, or now.
  [[nodiscard]] Time at() const { return at_; }

private:
  const Command& command_;
  options::options_description visible_;
  std::vector<std::string> positional_;
  options::variables_map values_;
  Time at_{};
};

options::options_description passphrase_options();
void add_at(options::options_description& description);

// Opens a domain as the arguments say, with the sample warning on stderr; prints what is wrong when it cannot.
std::optional<TrustDomain> open_domain(const Arguments& arguments, const std::filesystem::path& folder, Exit& exit);

// One sentence on stderr that says what is wrong and what to do next; the exit code that fits.
Exit report(const DomainFailure& failure);
// The same about where a passphrase comes from; repeats nothing that may be the passphrase itself.
Exit report_passphrase(CryptoError error, std::string_view source);
Exit report_usage(const Command& command, const std::string& fault);
void warn_of_sample(bool sample);

// "2026-03-10" is 12:00 Moscow time of that day; else "2026-03-10T09:00:00Z".
std::optional<Time> parse_time(std::string_view text);
std::string time_text(Time t);

}  // namespace crypto::pki
