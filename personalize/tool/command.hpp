// SPDX-License-Identifier: Apache-2.0
// Owns what the commands of patent-personalize share: exit codes, options, orders from files, the trust domain.
#pragma once

#include <json/value.h>

#include <boost/program_options.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "personalize/issue/issuance.hpp"
#include "personalize/ledger/journal.hpp"

namespace personalize::tool {

enum class Exit : int {
  ok = 0,
  usage = 64,
  bad_input = 65,
  unavailable = 69,
  internal = 70,
  cannot_create = 73,
  no_permission = 77,
  interrupted = 130,
};

namespace options = boost::program_options;

// What main gives to the commands.
struct Environment {
  reader::VirtualCardFactory virtual_cards;
};

struct Command {
  std::string_view name;
  std::string_view summary;
  std::string_view usage;  // behind "patent-personalize NAME"
  std::string_view examples;
  Exit (*run)(const Command& command, const std::vector<std::string>& words, const Environment& environment);
};

Exit run_check(const Command& command, const std::vector<std::string>& words, const Environment& environment);
Exit run_plan(const Command& command, const std::vector<std::string>& words, const Environment& environment);
Exit run_issue(const Command& command, const std::vector<std::string>& words, const Environment& environment);
Exit run_void(const Command& command, const std::vector<std::string>& words, const Environment& environment);
Exit run_show(const Command& command, const std::vector<std::string>& words, const Environment& environment);

// The options of one command, read from its words; what is no option is an operand.
class Arguments {
public:
  // `operands` says how many: at least and at most.
  Arguments(const Command& command, options::options_description visible, std::pair<std::size_t, std::size_t> operands);
  // Nothing when the command should go on; else the exit code (help was asked for, or the usage was wrong).
  std::optional<Exit> read(const std::vector<std::string>& words);

  [[nodiscard]] bool given(const std::string& name) const { return values_.count(name) != 0; }
  [[nodiscard]] std::string text(const std::string& name) const;  // empty when not given
  [[nodiscard]] std::vector<std::string> texts(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> operands() const { return texts("OPERAND"); }
  [[nodiscard]] unsigned number(const std::string& name) const { return values_[name].as<unsigned>(); }
  // --at, or now.
  [[nodiscard]] crypto::Time at() const;
  [[nodiscard]] const CryptoProfile& profile() const;

private:
  std::optional<Exit> check() const;

  const Command& command_;
  options::options_description visible_;
  std::pair<std::size_t, std::size_t> wanted_;
  options::variables_map values_;
};

options::options_description at_option();
options::options_description profile_option();
options::options_description domain_options();
options::options_description journal_option();

// All orders of the operands, or nothing when one has a fault. Findings are printed: text on stderr, or with --json a
// line for each order on stdout.
enum class Say : std::uint8_t { faults, everything };
std::optional<std::vector<IncomingOrder>> load_orders(const Arguments& arguments, Say say);

// Each says on stderr what is wrong, and gives the exit code, when it cannot.
crypto::Result<crypto::TrustDomain, Exit> open_domain(const Arguments& arguments);
crypto::Result<Signers, Exit> open_signers(const crypto::TrustDomain& domain);
crypto::Result<reader::Trust, Exit> open_trust(const crypto::TrustDomain& domain);
crypto::Result<std::unique_ptr<Journal>, Exit> open_journal(const Arguments& arguments);

Exit exit_of(const IssuanceFailure& failure);
Exit complain(std::string_view sentence, Exit exit);
Exit report_usage(const Command& command, const std::string& fault);
// One line on stdout.
void print_line(const Json::Value& json);

}  // namespace personalize::tool
