// SPDX-License-Identifier: Apache-2.0
#include "crypto/tool/command_line.hpp"

#include <errno.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

#include "crypto/guarded_file.hpp"
#include "crypto/terminal_text.hpp"
#include "crypto/tool/station_file.hpp"

namespace crypto::tool {
namespace {

// Keys and passwords must reach neither a core file nor another process's debugger.
bool guard_memory() {
  const rlimit none{0, 0};
  return ::prctl(PR_SET_DUMPABLE, 0) == 0 && ::setrlimit(RLIMIT_CORE, &none) == 0;
}

// However many lines it takes.
std::string_view first_sentence(std::string_view text) {
  const auto stop = std::min(text.find(". "), text.find(".\n"));
  return stop == std::string_view::npos ? text : text.substr(0, stop + 1);
}

// The lines behind the first begin where that one stands.
std::string hanging(std::string_view text, std::size_t column) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out.append(column, ' ');
  }
  return out;
}

std::string usage(const Program& program) {
  std::size_t width = 0;
  for (const Command& command : program.commands) width = std::max(width, command.name.size());
  std::string text =
      fmt::format("Usage: {} COMMAND ...\n\n{}\n\nCommands:\n", program_invocation_short_name, program.purpose);
  for (const Command& command : program.commands)
    text += fmt::format("  {:<{}}  {}\n", command.name, width, hanging(first_sentence(command.summary), width + 4));
  return text + fmt::format("\nOptions:\n  --help, --version\n\nExamples:\n{}  {} COMMAND --help\n\nExit codes: {}\n",
                            program.examples, program_invocation_short_name, program.exit_codes);
}

Exit run(const Program& program, const Words& words) {
  if (words.empty()) {
    std::cerr << usage(program);
    return Exit::usage;
  }
  if (words[0] == "--help" || words[0] == "-h") {
    std::cout << usage(program);
    return Exit::ok;
  }
  if (words[0] == "--version") {
    std::cout << fmt::format("{} {}\n", program_invocation_short_name, PATENT_VERSION);
    return Exit::ok;
  }
  const auto command = std::ranges::find(program.commands, words[0], &Command::name);
  if (command != program.commands.end()) return command->run(*command, {words.begin() + 1, words.end()});
  complain(fmt::format("there is no command {}", words[0]), Exit::usage);
  std::cerr << usage(program);
  return Exit::usage;
}

struct DomainSentence {
  CryptoError error;
  Exit exit;
  std::string_view sentence;  // behind the file's name
};
constexpr std::array kDomainSentences{
    DomainSentence{CryptoError::not_found, Exit::bad_input,
                   "is not there. A trust domain is a folder made by `patent-pki init DIR`."},
    DomainSentence{CryptoError::already_exists, Exit::cannot_create,
                   "exists already; nothing was changed. Choose another name, or move it away first."},
    DomainSentence{CryptoError::locked, Exit::no_permission,
                   "does not open: the passphrase, or the HSM's PIN, is wrong or missing. Say where it is with "
                   "--passphrase-source prompt, "
                   "fd:N, file:PATH or credential:NAME."},
    DomainSentence{CryptoError::unavailable, Exit::unavailable,
                   "is away: the HSM's module does not load, its token is not there, or its session was lost. Look at "
                   "the module's path and the token's label in vault.json, and whether the HSM is on; then try again."},
    DomainSentence{CryptoError::exposed, Exit::no_permission,
                   "can be read by others than its owner. If nobody has seen it: chmod 600 it; else make a new one."},
    DomainSentence{CryptoError::storage, Exit::cannot_create,
                   "cannot be read or written. Look at the folder's permissions and free space."},
    DomainSentence{CryptoError::bad_encoding, Exit::bad_input, "is malformed, or a name in it is not allowed."},
    DomainSentence{CryptoError::bad_length, Exit::bad_input, "is larger than any such file may be."},
    DomainSentence{CryptoError::bad_signature, Exit::bad_input, "is not signed by the key that it names."},
    DomainSentence{CryptoError::unsupported, Exit::bad_input, "uses what this program does not support."},
};

// Of digits, as has_form() has made sure.
int number_of(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// Each '0' of the pattern stands for a digit.
bool has_form(std::string_view text, std::string_view pattern) {
  return std::ranges::equal(text, pattern, [](char c, char p) { return p == '0' ? c >= '0' && c <= '9' : c == p; });
}

}  // namespace

int run_program(const Program& program, int argc, char** argv) {
  try {
    if (!guard_memory()) throw Stop(Exit::internal, "cannot keep secrets out of core files; stopped");
    return static_cast<int>(run(program, {argv + 1, argv + argc}));
  } catch (const Stop& stop) {
    return static_cast<int>(complain(stop.what(), stop.exit()));
  } catch (const std::exception& fault) {
    return static_cast<int>(complain(fault.what(), Exit::internal));
  }
}

Exit run_action(const Command& group, std::span<const Command> actions, const Words& words) {
  for (const Command& action : actions)
    if (!words.empty() && action.name == fmt::format("{} {}", group.name, words[0]))
      return action.run(action, {words.begin() + 1, words.end()});
  const bool asked = !words.empty() && (words[0] == "--help" || words[0] == "-h");
  if (!words.empty() && !asked) complain(fmt::format("there is no command {} {}", group.name, words[0]), Exit::usage);
  std::string text =
      fmt::format("Usage: {} {} {}\n{}\n\n", program_invocation_short_name, group.name, group.usage, group.summary);
  for (const Command& action : actions)
    text += fmt::format("  {} {}\n      {}\n", action.name, action.usage, hanging(action.summary, 6));
  text += fmt::format("\nExamples:\n{}", group.examples);
  if (asked)
    std::cout << text;
  else
    std::cerr << text;
  return asked ? Exit::ok : Exit::usage;
}

Arguments::Arguments(const Command& command, options::options_description visible, std::vector<std::string> operands)
    : command_(command), visible_(std::move(visible)) {
  visible_.add_options()("help,h", "show this help");
  if (takes_station_keys(visible_))
    visible_.add_options()(
        "config", options::value<std::string>()->value_name("FILE"),
        fmt::format("more options (docs/operations.md); default: {}, if there", kStationFile).c_str());
  for (std::string& name : operands) {
    const bool optional = name.starts_with('[');
    if (optional) name = name.substr(1, name.size() - 2);
    const bool many = name.ends_with("...");
    if (many) name.resize(name.size() - 3);
    operands_.push_back({name, !optional, many});
  }
}

std::optional<Exit> Arguments::read(const Words& words) {
  options::options_description all = visible_;
  options::positional_options_description order;
  for (const Operand& operand : operands_) {
    if (operand.many)
      all.add_options()(operand.name.c_str(), options::value<Words>());
    else
      all.add_options()(operand.name.c_str(), options::value<std::string>());
    order.add(operand.name.c_str(), operand.many ? -1 : 1);
  }
  try {
    options::store(options::command_line_parser(words)
                       .options(all)
                       .positional(order)
                       .style(options::command_line_style::unix_style & ~options::command_line_style::allow_guessing)
                       .run(),
                   values_);
  } catch (const options::error& fault) {
    return report_usage(command_, fault.what());
  }
  if (!given("help")) {
    read_station_file();
    return check();
  }
  std::cout << fmt::format("Usage: {} {} {}\n{}\n\n", program_invocation_short_name, command_.name, command_.usage,
                           command_.summary)
            << visible_ << "\nExamples:\n"
            << command_.examples;
  return Exit::ok;
}

void Arguments::read_station_file() {
  if (!takes_station_keys(visible_)) return;
  if (given("config"))
    store_station_file(text("config"), visible_, values_);
  else if (file_exists(kStationFile))
    store_station_file(kStationFile, visible_, values_);
}

std::optional<Exit> Arguments::check() {
  for (const Operand& operand : operands_)
    if (operand.required && !given(operand.name)) return report_usage(command_, operand.name + " is missing");
  if (given("lang") && text("lang") != "ru" && text("lang") != "en")
    return report_usage(command_, "--lang is ru or en");
  at_ = now();
  if (!given("at")) return std::nullopt;
  const auto time = parse_time(text("at"));
  if (!time) return report_usage(command_, "--at wants 2026-03-10 or 2026-03-10T09:00:00Z");
  at_ = *time;
  return std::nullopt;
}

std::string Arguments::text(const std::string& name) const {
  return given(name) ? values_[name].as<std::string>() : std::string();
}

Words Arguments::texts(const std::string& name) const { return given(name) ? values_[name].as<Words>() : Words(); }

options::options_description at_option() {
  options::options_description description;
  description.add_options()("at", options::value<std::string>()->value_name("TIME"),
                            "work as if it were this time: 2026-03-10 (12:00 in Moscow) or 2026-03-10T09:00:00Z");
  return description;
}

options::options_description passphrase_option() {
  options::options_description description;
  description.add_options()("passphrase-source", options::value<std::string>()->value_name("WHERE"),
                            "prompt, fd:N, file:PATH (first line; the file must be its owner's only) or "
                            "credential:NAME (systemd's). Default: a sample domain's own file, else prompt");
  return description;
}

options::options_description lang_option() {
  options::options_description description;
  description.add_options()("lang", options::value<std::string>(), "ru or en; default: from LC_ALL and LANG");
  return description;
}

bool in_russian(const Arguments& arguments) {
  if (arguments.given("lang")) return arguments.text("lang") == "ru";
  for (const char* const name : {"LC_ALL", "LANG"})
    if (const char* const value = std::getenv(name); value != nullptr && *value != '\0')
      return std::string_view(value).starts_with("ru");
  return false;
}

void put_line(std::ostream& out, std::string_view line) { out << shown(line, ' ') << '\n'; }

Exit complain(std::string_view sentence, Exit exit) {
  put_line(std::cerr, fmt::format("{}: {}", program_invocation_short_name, sentence));
  return exit;
}

Exit report_usage(const Command& command, std::string_view fault) {
  std::cerr << fmt::format("{0} {1}: {2}\nUsage: {0} {1} {3}\nMore: {0} {1} --help\n", program_invocation_short_name,
                           command.name, shown(fault, ' '), command.usage);
  return Exit::usage;
}

Exit report(const DomainFailure& failure) {
  const auto* const found = std::ranges::find(kDomainSentences, failure.error, &DomainSentence::error);
  if (found != kDomainSentences.end())
    return complain(fmt::format("{} {}", failure.file.string(), found->sentence), found->exit);
  return complain(fmt::format("{}: internal error {}", failure.file.string(), static_cast<int>(failure.error)),
                  Exit::internal);
}

Exit report_passphrase(CryptoError error, std::string_view source) {
  constexpr std::string_view kFile = "file:", kCredential = "credential:";
  if (error == CryptoError::bad_state)
    return complain("the two passphrases differ; nothing was made.", Exit::bad_input);
  if (error == CryptoError::unsupported)
    return complain(
        "--passphrase-source wants prompt, fd:N, file:PATH or credential:NAME, never the passphrase itself.",
        Exit::usage);
  if (source.starts_with(kCredential) && error == CryptoError::not_found)
    return complain(fmt::format("there is no credential {}: give it to the unit with LoadCredential= or "
                                "LoadCredentialEncrypted=, and run under systemd.",
                                source.substr(kCredential.size())),
                    Exit::bad_input);
  return report({error, source.starts_with(kFile) ? source.substr(kFile.size()) : "The vault"});
}

Result<TrustDomain, Exit> open_domain(const Arguments& arguments, const std::filesystem::path& folder) {
  // Whether it is there, before anybody is asked for a passphrase.
  if (auto found = TrustDomain::open(folder, Passphrase()); !found) return unexpected(report(found.error()));
  const std::string source = arguments.text("passphrase-source");
  auto passphrase = domain_passphrase(folder, source);
  if (!passphrase) return unexpected(report_passphrase(passphrase.error(), source));
  auto domain = TrustDomain::open(folder, *std::move(passphrase));
  if (!domain) return unexpected(report(domain.error()));
  warn_of_sample(domain->is_sample());
  return *std::move(domain);
}

void warn_of_sample(bool sample) {
  if (sample) std::cerr << "warning: " << kSampleWarning << '\n';
}

std::optional<Time> parse_time(std::string_view text) {
  const bool day_only = has_form(text, "0000-00-00");
  if (!day_only && !has_form(text, "0000-00-00T00:00:00Z")) return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t size) { return number_of(text.substr(at, size)); };
  const std::chrono::year_month_day day{std::chrono::year(part(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(part(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(part(8, 2)))};
  if (!day.ok()) return std::nullopt;
  if (day_only) return std::chrono::sys_days(day) + std::chrono::hours(9);  // 12:00 in Moscow
  if (part(11, 2) > 23 || part(14, 2) > 59 || part(17, 2) > 59) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(part(11, 2)) + std::chrono::minutes(part(14, 2)) +
         std::chrono::seconds(part(17, 2));
}

std::string time_text(Time t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{t - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

Time now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace crypto::tool
