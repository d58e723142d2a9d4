// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/command.hpp"

#include <fmt/format.h>
#include <json/writer.h>

#include <iostream>

#include "crypto/guarded_file.hpp"
#include "crypto/json_text.hpp"
#include "personalize/issue/words.hpp"

namespace personalize::tool {
namespace {

crypto::unexpected<Exit> stop(std::string_view sentence, Exit exit) {
  return crypto::unexpected<Exit>(complain(sentence, exit));
}

Exit exit_for(crypto::CryptoError error) {
  switch (error) {
    case crypto::CryptoError::locked: return Exit::no_permission;
    case crypto::CryptoError::unavailable: return Exit::unavailable;
    case crypto::CryptoError::engine_failure: return Exit::internal;
    default: return Exit::bad_input;
  }
}

std::string_view words_for(patent::RegionError error) {
  switch (error) {
    case patent::RegionError::not_json: return "this is not strict JSON";
    case patent::RegionError::too_large: return "this is larger than 1 MiB";
    case patent::RegionError::missing_member: return "this member is missing";
    case patent::RegionError::unknown_member: return "this member is not known";
    case patent::RegionError::bad_value: break;
  }
  return "this value is not of its form";
}

struct Exits {
  Exit operator()(const Refused&) const { return Exit::bad_input; }
  Exit operator()(const LedgerFailure& f) const {
    switch (f.error) {
      case LedgerError::storage: return Exit::cannot_create;
      case LedgerError::unavailable:
      case LedgerError::in_doubt: return Exit::unavailable;
      case LedgerError::no_key: return Exit::no_permission;
      default: return Exit::bad_input;
    }
  }
  Exit operator()(const IssuerFailure& f) const { return f.crypto ? exit_for(*f.crypto) : Exit::bad_input; }
  Exit operator()(const RunFailure& f) const {
    switch (f.error) {
      case RunError::link: return Exit::unavailable;
      case RunError::crypto: return f.crypto ? exit_for(*f.crypto) : Exit::internal;
      default: return Exit::bad_input;
    }
  }
  Exit operator()(const wire::LinkError&) const { return Exit::unavailable; }
  Exit operator()(const Rejection&) const { return Exit::bad_input; }
  Exit operator()(const ProgramFault&) const { return Exit::internal; }
};

}  // namespace

options::options_description profile_option() {
  options::options_description description;
  description.add_options()("profile", options::value<std::string>()->default_value("icao-2026"),
                            "algorithms: icao-2026 or icao-compat");
  return description;
}

options::options_description domain_option() {
  options::options_description description;
  description.add_options()("domain", options::value<std::string>()->value_name("DIR"), "the trust domain's folder");
  return description;
}

options::options_description journal_option() {
  options::options_description description;
  description.add_options()("journal", options::value<std::string>()->value_name("DIR"),
                            "the journal's folder, where receipts and print forms go; default: issued/ in the domain, "
                            "so that an order is issued once wherever the command is given");
  return description;
}

options::options_description regions_option() {
  options::options_description description;
  description.add_options()("regions", options::value<std::string>()->value_name("FILE"),
                            "region profiles as JSON (docs/regions.md); default: the shipped Moscow pilot");
  return description;
}

crypto::Result<const CryptoProfile*, Exit> profile_of(const Command& command, const Arguments& arguments) {
  const auto* const profile = find_profile(arguments.text("profile"));
  if (profile == nullptr) return crypto::unexpected<Exit>(report_usage(command, "--profile: see docs/profiles.md"));
  return profile;
}

crypto::Result<reader::Trust, Exit> open_trust(const crypto::TrustDomain& domain) {
  auto trust = reader::load_trust(domain.trust_folder());
  if (!trust) return stop("the trust folder cannot be used: " + trust.error().file.string(), Exit::bad_input);
  return *std::move(trust);
}

crypto::Result<patent::RegionProfiles, Exit> load_regions(const Arguments& arguments) {
  if (!arguments.given("regions")) return patent::shipped_regions();
  const auto file = arguments.text("regions");
  const auto text = read_whole(file, patent::kMaxRegionsOctets);
  if (!text) return stop(file + " cannot be read, or is larger than 1 MiB", Exit::bad_input);
  auto regions = patent::RegionProfiles::parse(*text);
  if (!regions) {
    const auto& [error, pointer] = regions.error();
    return stop(fmt::format("{}: {}: {}; see docs/regions.md", file, pointer.empty() ? "/" : pointer, words_for(error)),
                Exit::bad_input);
  }
  return *std::move(regions);
}

crypto::Result<std::unique_ptr<Journal>, Exit> open_journal(const Arguments& arguments) {
  const bool named = arguments.given("journal");
  if (!named && !arguments.given("domain")) return stop("--ledger, --journal or --domain is missing", Exit::usage);
  const std::filesystem::path folder = named ? arguments.text("journal") : arguments.text("domain");
  auto journal = Journal::open(named ? folder : folder / "issued");
  if (!journal) return stop(words_for(journal.error()), Exit::cannot_create);
  return *std::move(journal);
}

Exit exit_of(const IssuanceFailure& failure) { return std::visit(Exits{}, failure); }

crypto::Passphrase read_unseen(std::string_view what, const std::string& source) {
  auto line = crypto::read_passphrase(source.empty() ? "prompt" : source, what);
  if (line) return *std::move(line);
  throw Stop(Exit::bad_input,
             fmt::format("no {} can be read from there: prompt, fd:N, file:PATH (its owner's only) or credential:NAME, "
                         "never the {} itself",
                         what, what));
}

void must_be_there(const Arguments& arguments, const char* operand) {
  std::string missing;
  for (const auto& file : arguments.texts(operand))
    if (!crypto::file_exists(file)) missing += (missing.empty() ? "" : ", ") + file;
  if (!missing.empty()) throw Stop(Exit::bad_input, missing + " cannot be read: not there");
}

std::string folder_of(const Arguments& arguments, const char* option) {
  auto folder = arguments.text(option);
  std::error_code none;
  if (!std::filesystem::is_directory(folder, none))
    throw Stop(Exit::cannot_create, fmt::format("{0} is not there: mkdir -m 0700 {0}", folder));
  return folder;
}

void print_line(const Json::Value& json) { std::cout << crypto::json_line(json) << std::endl; }

}  // namespace personalize::tool
