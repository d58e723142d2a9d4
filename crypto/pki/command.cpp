// SPDX-License-Identifier: Apache-2.0
#include "crypto/pki/command.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <iostream>

namespace crypto::pki {

namespace {

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Each '0' of the pattern stands for a digit.
bool has_form(std::string_view text, std::string_view pattern) {
  return text.size() == pattern.size() && std::equal(text.begin(), text.end(), pattern.begin(), [](char c, char p) {
           return p == '0' ? c >= '0' && c <= '9' : c == p;
         });
}

struct Words {
  CryptoError error;
  Exit exit;
  std::string_view sentence;  // behind the file's name
};
constexpr std::array kWords{
    Words{CryptoError::not_found, Exit::bad_input,
          "is not there. A trust domain is a folder made by `patent-pki init DIR`."},
    Words{CryptoError::already_exists, Exit::cannot_create,
          "exists already; nothing was changed. Choose another name, or move it away first."},
    Words{CryptoError::locked, Exit::no_permission,
          "does not open: the passphrase is wrong or missing. Say where it is with --passphrase-source prompt, fd:N or "
          "file:PATH."},
    Words{CryptoError::exposed, Exit::no_permission,
          "can be read by others than its owner. If nobody has seen it: chmod 600 it; else make a new one."},
    Words{CryptoError::storage, Exit::cannot_create,
          "cannot be read or written. Look at the folder's permissions and free space."},
    Words{CryptoError::bad_encoding, Exit::bad_input, "is malformed, or a name in it is not allowed."},
    Words{CryptoError::bad_length, Exit::bad_input, "is larger than any such file may be."},
    Words{CryptoError::unsupported, Exit::bad_input, "uses what this program does not support."},
};

}  // namespace

Arguments::Arguments(const Command& command, options::options_description visible, std::vector<std::string> positional)
    : command_(command), visible_(std::move(visible)), positional_(std::move(positional)) {
  visible_.add_options()("help,h", "show this help");
}

std::optional<Exit> Arguments::read(const std::vector<std::string>& arguments) {
  options::options_description all = visible_;
  options::positional_options_description order;
  for (const std::string& name : positional_) {
    all.add_options()(name.c_str(), options::value<std::string>());
    order.add(name.c_str(), 1);
  }
  try {
    options::store(options::command_line_parser(arguments)
                       .options(all)
                       .positional(order)
                       .style(options::command_line_style::unix_style & ~options::command_line_style::allow_guessing)
                       .run(),
                   values_);
  } catch (const options::error& fault) {
    return report_usage(command_, fault.what());
  }
  if (given("help")) {
    std::cout << fmt::format("Usage: patent-pki {} {}\n{}\n\n", command_.name, command_.usage, command_.summary)
              << visible_ << "\nExamples:\n"
              << command_.examples;
    return Exit::ok;
  }
  for (const std::string& name : positional_)
    if (!given(name)) return report_usage(command_, fmt::format("{} is missing", name));
  at_ = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (given("at")) {
    const auto time = parse_time(text("at"));
    if (!time) return report_usage(command_, "--at wants 2026-03-10 or 2026-03-10T09:00:00Z");
    at_ = *time;
  }
  return std::nullopt;
}

std::string Arguments::text(const std::string& name) const {
  return given(name) ? values_[name].as<std::string>() : std::string();
}

options::options_description passphrase_options() {
  options::options_description description("Options");
  description.add_options()("passphrase-source", options::value<std::string>()->value_name("WHERE"),
                            "prompt, fd:N or file:PATH (first line; the file must be its owner's only). "
                            "Default: a sample domain's own file, else prompt");
  return description;
}

void add_at(options::options_description& description) {
  description.add_options()("at", options::value<std::string>()->value_name("TIME"),
                            "act as if it were this time: 2026-03-10 (12:00 in Moscow) or 2026-03-10T09:00:00Z");
}

std::optional<TrustDomain> open_domain(const Arguments& arguments, const std::filesystem::path& folder, Exit& exit) {
  if (auto found = TrustDomain::open(folder, Passphrase()); !found) {
    exit = report(found.error());
    return std::nullopt;
  }
  const std::string source = arguments.text("passphrase-source");
  auto passphrase = domain_passphrase(folder, source);
  if (!passphrase) {
    exit = report_passphrase(passphrase.error(), source);
    return std::nullopt;
  }
  auto domain = TrustDomain::open(folder, *std::move(passphrase));
  if (!domain) {
    exit = report(domain.error());
    return std::nullopt;
  }
  warn_of_sample(domain->is_sample());
  return *std::move(domain);
}

Exit report(const DomainFailure& failure) {
  for (const Words& words : kWords) {
    if (words.error != failure.error) continue;
    std::cerr << fmt::format("patent-pki: {} {}\n", failure.file.string(), words.sentence);
    return words.exit;
  }
  std::cerr << fmt::format("patent-pki: {}: internal error {}\n", failure.file.string(),
                           static_cast<int>(failure.error));
  return Exit::internal;
}

Exit report_passphrase(CryptoError error, std::string_view source) {
  constexpr std::string_view kFile = "file:";
  if (error == CryptoError::bad_state) {
    std::cerr << "patent-pki: the two passphrases differ; nothing was made.\n";
    return Exit::bad_input;
  }
  if (error != CryptoError::unsupported)
    return report({error, source.starts_with(kFile) ? source.substr(kFile.size()) : "The vault"});
  std::cerr << "patent-pki: --passphrase-source wants prompt, fd:N or file:PATH, never the passphrase itself.\n";
  return Exit::usage;
}

Exit report_usage(const Command& command, const std::string& fault) {
  std::cerr << fmt::format("patent-pki {0}: {1}\nUsage: patent-pki {0} {2}\nMore: patent-pki {0} --help\n",
                           command.name, fault, command.usage);
  return Exit::usage;
}

void warn_of_sample(bool sample) {
  if (sample) std::cerr << "warning: " << kSampleWarning << '\n';
}

std::optional<Time> parse_time(std::string_view text) {
  const bool day_only = has_form(text, "0000-00-00");
  if (!day_only && !has_form(text, "0000-00-00T00:00:00Z")) return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t size) { return number(text.substr(at, size)).value_or(0); };
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(part(0, 4))), std::chrono::month(part(5, 2)),
                                        std::chrono::day(part(8, 2))};
  if (!day.ok()) return std::nullopt;
  if (day_only) return std::chrono::sys_days(day) + std::chrono::hours(9);  // 12:00 in Moscow
  if (part(11, 2) > 23 || part(14, 2) > 59 || part(17, 2) > 59) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(part(11, 2)) + std::chrono::minutes(part(14, 2)) +
         std::chrono::seconds(part(17, 2));
}

std::string time_text(Time t) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(t)));
}

}  // namespace crypto::pki
