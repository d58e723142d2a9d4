// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/command.hpp"

#include <json/writer.h>

#include <iostream>

#include "personalize/issue/words.hpp"

namespace personalize::tool {
namespace {

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
  description.add_options()("journal", options::value<std::string>()->default_value("issued"),
                            "the journal's folder, where receipts and print forms go");
  return description;
}

crypto::Result<const CryptoProfile*, Exit> profile_of(const Command& command, const Arguments& arguments) {
  const auto* const profile = find_profile(arguments.text("profile"));
  if (profile == nullptr) return crypto::unexpected<Exit>(report_usage(command, "--profile: see docs/profiles.md"));
  return profile;
}

crypto::Result<Signers, Exit> open_signers(const crypto::TrustDomain& domain) {
  auto signers = load_signers(domain);
  if (!signers) return crypto::unexpected<Exit>(report(signers.error()));
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

void print_line(const Json::Value& json) {
  Json::StreamWriterBuilder writer;
  writer["indentation"] = "";
  writer["emitUTF8"] = true;
  std::cout << Json::writeString(writer, json) << std::endl;
}

}  // namespace personalize::tool
