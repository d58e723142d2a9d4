// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/command.hpp"

#include <fmt/format.h>
#include <json/writer.h>

#include <iostream>
#include <limits>

#include "personalize/issue/words.hpp"
#include "reader/inspect/instant.hpp"

namespace personalize::tool {
namespace {

// "2026-03-10" is 12:00 Moscow time of that day.
std::optional<crypto::Time> parse_time(const std::string& text) {
  if (const auto date = reader::date_from_iso(text)) return std::chrono::sys_days{*date} + std::chrono::hours{9};
  return reader::instant_from_iso(text);
}

crypto::unexpected<Exit> stop(std::string_view sentence, Exit exit) {
  return crypto::unexpected<Exit>(complain(sentence, exit));
}

Exit exit_for(crypto::CryptoError error) {
  switch (error) {
    case crypto::CryptoError::locked: return Exit::no_permission;
    case crypto::CryptoError::engine_failure: return Exit::internal;
    default: return Exit::bad_input;
  }
}

crypto::unexpected<Exit> stop(const crypto::DomainFailure& failure) {
  return stop(words_for(failure), exit_for(failure.error));
}

struct Exits {
  Exit operator()(const Refused&) const { return Exit::bad_input; }
  Exit operator()(const LedgerFailure& f) const {
    return f.error == LedgerError::storage ? Exit::cannot_create : Exit::bad_input;
  }
  Exit operator()(const IssuerFailure& f) const { return f.crypto ? exit_for(*f.crypto) : Exit::bad_input; }
  Exit operator()(const RunFailure& f) const {
    switch (f.error) {
      case RunError::link: return Exit::unavailable;
      case RunError::crypto: return Exit::internal;
      default: return Exit::bad_input;
    }
  }
  Exit operator()(const wire::LinkError&) const { return Exit::unavailable; }
  Exit operator()(const Rejection&) const { return Exit::bad_input; }
};

}  // namespace

Arguments::Arguments(const Command& command, options::options_description visible,
                     std::pair<std::size_t, std::size_t> operands)
    : command_(command), visible_(std::move(visible)), wanted_(operands) {
  visible_.add_options()("help,h", "show this help");
}

std::optional<Exit> Arguments::read(const std::vector<std::string>& words) {
  options::options_description all = visible_;
  all.add_options()("OPERAND", options::value<std::vector<std::string>>());
  options::positional_options_description order;
  order.add("OPERAND", -1);
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
  if (!given("help")) return check();
  std::cout << fmt::format("Usage: patent-personalize {} {}\n{}\n\n", command_.name, command_.usage, command_.summary)
            << visible_ << "\nExamples:\n"
            << command_.examples;
  return Exit::ok;
}

std::optional<Exit> Arguments::check() const {
  const auto count = operands().size();
  if (count < wanted_.first || count > wanted_.second) return report_usage(command_, "wrong number of operands");
  if (given("at") && !parse_time(text("at")))
    return report_usage(command_, "--at takes 2026-03-10 or 2026-03-10T09:00:00Z");
  if (given("profile") && !find_profile(text("profile")))
    return report_usage(command_, "--profile: see docs/profiles.md");
  return std::nullopt;
}

std::string Arguments::text(const std::string& name) const {
  return given(name) ? values_[name].as<std::string>() : std::string();
}

std::vector<std::string> Arguments::texts(const std::string& name) const {
  return given(name) ? values_[name].as<std::vector<std::string>>() : std::vector<std::string>();
}

crypto::Time Arguments::at() const {
  if (const auto given_time = parse_time(text("at"))) return *given_time;
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

const CryptoProfile& Arguments::profile() const { return *find_profile(text("profile")); }

options::options_description at_option() {
  options::options_description description;
  description.add_options()(
      "at", options::value<std::string>(),
      "the instant to work at: 2026-03-10 (noon in Moscow) or 2026-03-10T09:00:00Z; default: now");
  return description;
}

options::options_description profile_option() {
  options::options_description description;
  description.add_options()("profile", options::value<std::string>()->default_value("icao-2026"),
                            "algorithms: icao-2026 or icao-compat");
  return description;
}

options::options_description domain_options() {
  options::options_description description;
  description.add_options()("domain", options::value<std::string>(), "the trust domain's folder")(
      "passphrase-source", options::value<std::string>(),
      "prompt, fd:N or file:PATH; default: prompt, and a sample domain's own");
  return description;
}

options::options_description journal_option() {
  options::options_description description;
  description.add_options()("journal", options::value<std::string>()->default_value("issued"),
                            "the journal's folder, where receipts and print forms go");
  return description;
}

crypto::Result<crypto::TrustDomain, Exit> open_domain(const Arguments& arguments) {
  const std::filesystem::path folder = arguments.text("domain");
  if (std::error_code error; !std::filesystem::is_directory(folder, error))
    return stop("there is no trust domain in " + folder.string(), Exit::bad_input);
  auto passphrase = crypto::domain_passphrase(folder, arguments.text("passphrase-source"));
  if (!passphrase) return stop("the passphrase cannot be read", Exit::no_permission);
  auto domain = crypto::TrustDomain::open(folder, *std::move(passphrase));
  if (!domain) return stop(domain.error());
  if (domain->is_sample()) complain(crypto::kSampleWarning, Exit::ok);
  return *std::move(domain);
}

crypto::Result<Signers, Exit> open_signers(const crypto::TrustDomain& domain) {
  auto signers = load_signers(domain);
  if (!signers) return stop(signers.error());
  return *std::move(signers);
}

crypto::Result<reader::Trust, Exit> open_trust(const crypto::TrustDomain& domain) {
  auto trust = reader::load_trust(domain.trust_folder());
  if (!trust) return stop("the trust folder cannot be used: " + trust.error().file.string(), Exit::bad_input);
  return *std::move(trust);
}

crypto::Result<std::unique_ptr<Journal>, Exit> open_journal(const Arguments& arguments) {
  auto journal = Journal::open(arguments.text("journal"));
  if (!journal) return stop(words_for(journal.error()), Exit::cannot_create);
  return *std::move(journal);
}

Exit exit_of(const IssuanceFailure& failure) { return std::visit(Exits{}, failure); }

Exit complain(std::string_view sentence, Exit exit) {
  std::cerr << fmt::format("patent-personalize: {}\n", sentence);
  return exit;
}

Exit report_usage(const Command& command, const std::string& fault) {
  std::cerr << fmt::format(
      "patent-personalize {0}: {1}\nUsage: patent-personalize {0} {2}\nMore: patent-personalize {0} --help\n",
      command.name, fault, command.usage);
  return Exit::usage;
}

void print_line(const Json::Value& json) {
  Json::StreamWriterBuilder writer;
  writer["indentation"] = "";
  writer["emitUTF8"] = true;
  std::cout << Json::writeString(writer, json) << std::endl;
}

}  // namespace personalize::tool
