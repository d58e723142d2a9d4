// SPDX-License-Identifier: Apache-2.0
// patent-pki init: a whole trust domain in one ceremony.
#include <fmt/format.h>

#include <iostream>

#include "crypto/pki/command.hpp"

namespace crypto::pki {

namespace {

struct Profile {
  std::string_view name;
  Curve curve;
  AesKey channel_key;
};
constexpr std::array kProfiles{Profile{"icao-2026", Curve::secp384r1, AesKey::aes256},
                               Profile{"icao-compat", Curve::secp256r1, AesKey::aes128}};

bool upper_case(std::string_view text, std::size_t size) {
  return text.size() == size && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

// A passphrase typed at a prompt is asked for twice: a slip of the finger would lock the domain for ever.
Result<Passphrase, CryptoError> new_passphrase(const std::string& source) {
  const bool typed = source.empty() || source == "prompt";
  PATENT_TRY(Passphrase first, read_passphrase(typed ? "prompt" : source));
  if (!typed) return first;
  std::cerr << "Once more.\n";
  PATENT_TRY(const Passphrase second, read_passphrase("prompt"));
  if (!constant_time_equal(first.view(), second.view())) return unexpected(CryptoError::bad_state);
  return first;
}

std::string plan_fault(const Arguments& arguments) {
  const std::string profile = arguments.text("profile");
  if (std::none_of(kProfiles.begin(), kProfiles.end(), [&](const Profile& one) { return one.name == profile; }))
    return "--profile wants icao-2026 or icao-compat";
  if (!upper_case(arguments.text("country"), 2)) return "--country wants two capital letters, as in RU";
  if (!upper_case(arguments.text("state"), 3)) return "--state wants three capital letters, as in RUS";
  const std::string organization = arguments.text("organization");
  if (organization.empty() || letters_of(organization) > kMaxNameLetters) return "--organization wants 1 to 64 letters";
  if (arguments.given("sample") && arguments.given("passphrase-source"))
    return "--sample makes its own passphrase; leave --passphrase-source out";
  if (arguments.given("module") != arguments.given("token")) return "--module and --token go together";
  if (arguments.given("module") && arguments.given("sample")) return "a sample's keys are files: leave --module out";
  return {};
}

DomainPlan plan_from(const Arguments& arguments) {
  const auto* const profile = std::find_if(kProfiles.begin(), kProfiles.end(),
                                           [&](const Profile& one) { return one.name == arguments.text("profile"); });
  DomainPlan plan;
  plan.country = arguments.text("country");
  plan.state = arguments.text("state");
  plan.organization = arguments.text("organization");
  plan.crl_uri = arguments.text("crl-uri");
  plan.curve = profile->curve;
  plan.channel_key = profile->channel_key;
  plan.sample = arguments.given("sample");
  if (arguments.given("module"))
    plan.token = Pkcs11Token{std::filesystem::absolute(arguments.text("module")), arguments.text("token")};
  return plan;
}

Exit report_unfounded(const DomainPlan& plan, const std::filesystem::path& folder, const DomainFailure& failure) {
  if (plan.token && failure.error == CryptoError::unavailable)  // no vault.json names them yet
    return complain(fmt::format("token {} of {} is away: look at --module (the whole path) and --token",
                                plan.token->label, plan.token->module.string()),
                    Exit::unavailable);
  if (plan.token && failure.error == CryptoError::already_exists && failure.file != folder)
    return complain(fmt::format("{} exists already, and nothing was changed. One token, one domain: another --token",
                                failure.file.string()),
                    Exit::cannot_create);
  return report(failure);
}

options::options_description plan_options() {
  options::options_description description("Options");
  description.add_options()("module", options::value<std::string>()->value_name("PATH"),
                            "keys are made in an HSM: its PKCS#11 library")(
      "token", options::value<std::string>()->value_name("LABEL"),
      "with --module: the token in it, whose PIN is the domain's passphrase");
  const auto text = [](const char* fallback) {
    return options::value<std::string>()->default_value(fallback)->value_name("TEXT");
  };
  description.add_options()("profile", text("icao-2026"), "icao-2026 (P-384, AES-256) or icao-compat (P-256, AES-128)")(
      "country", text("RU"), "the country in every name")("state", text("RUS"), "the issuing state as the MRZ has it")(
      "organization", text("Migration Centre"), "the organization in every name")(
      "crl-uri", options::value<std::string>()->value_name("URI"),
      "where the revocation list is published (default: ICAO's public key directory)");
  description.add(at_option());
  return description;
}

Exit run_init(const Command& command, const Words& words) {
  auto description = plan_options();
  description.add(passphrase_option());
  description.add_options()(
      "sample", "a domain for tests: its passphrase lies beside its keys, and every key file's name says so");
  Arguments arguments(command, std::move(description), {"DIR"});
  if (const auto exit = arguments.read(words)) return *exit;
  if (const std::string fault = plan_fault(arguments); !fault.empty()) return report_usage(command, fault);
  const DomainPlan plan = plan_from(arguments);
  Passphrase passphrase;
  if (!plan.sample) {
    const std::string source = arguments.text("passphrase-source");
    auto given = plan.token ? domain_passphrase({}, source) : new_passphrase(source);
    if (!given) return report_passphrase(given.error(), source);
    if (!plan.token && given->view().size() < kMinPassphrase) {
      return complain(fmt::format("a passphrase for signing keys has at least {} characters.", kMinPassphrase),
                      Exit::bad_input);
    }
    passphrase = *std::move(given);
  }
  const auto domain = TrustDomain::create(arguments.text("DIR"), plan, std::move(passphrase), arguments.at());
  if (!domain) return report_unfounded(plan, arguments.text("DIR"), domain.error());
  warn_of_sample(domain->is_sample());
  std::cout << fmt::format(
      "Trust domain {}\n  {:<14} csca, document-signer, status-signer, seal-signer, cvca, dv, "
      "terminal-inspection,\n"
      "                 terminal-status, scp03-transport, scp03-issuer, ledger\n"
      "  certificates/  the signers' and terminals' certificates\n  trust/         what readers get: CSCA, seal "
      "signer, revocation list\n",
      domain->folder().string(), plan.token ? plan.token->label : "keys/");
  return Exit::ok;
}

}  // namespace crypto::pki
