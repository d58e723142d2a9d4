// SPDX-License-Identifier: Apache-2.0
#include "patent/reader.hpp"

#include "card/patent/identifiers.hpp"
#include "card/patent/mrz.hpp"
#include "crypto/openssl_engine.hpp"
#include "reader/inspect/session.hpp"
#include "reader/judge/package_store.hpp"
#include "reader/judge/verify.hpp"
#include "reader/report/report.hpp"

namespace reader {
namespace {

// The device's callback as a Channel.
class DeviceChannel final : public wire::Channel {
public:
  explicit DeviceChannel(const CardLink& link) : link_(link), command_(wire::kMaxCommandOctets) {}

  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    const auto apdu = wire::encode(command, command_);
    if (!apdu) return crypto::unexpected(wire::LinkError::command_too_long);
    auto answer = exchange({apdu->begin(), apdu->end()});
    if (!answer) return crypto::unexpected(wire::LinkError::card_removed);
    response_ = *std::move(answer);
    const auto response = wire::parse_response(response_);
    if (!response) return crypto::unexpected(wire::LinkError::bad_response);
    return *response;
  }

private:
  std::optional<Bytes> exchange(const Bytes& command) try {
    return link_.exchange ? link_.exchange(command) : std::nullopt;
  } catch (...) {
    return std::nullopt;
  }

  const CardLink& link_;
  Bytes command_;
  Bytes response_;
};

TerminalIdentity identity_of(Terminal terminal) {
  TerminalIdentity identity;
  identity.certificates = std::move(terminal.certificates);
  identity.sign = [sign = std::move(terminal.sign)](ByteView digest) -> std::optional<Bytes> {
    try {
      return sign ? sign({digest.begin(), digest.end()}) : std::nullopt;
    } catch (...) {
      return std::nullopt;
    }
  };
  return identity;
}

AccessKey access_key(const InspectionRequest& request) {
  if (request.mrz.empty()) return {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(request.can))};
  const auto information = patent::mrz_information(request.mrz);
  return {crypto::PasswordKind::mrz, crypto::Secret(crypto::as_bytes(information ? *information : std::string()))};
}

Policy at_place(Policy policy, const std::string& territory_oktmo) {
  if (!territory_oktmo.empty()) policy.territory_oktmo = territory_oktmo;
  return policy;
}

// A place that is no OKTMO must not make every patent one of another region.
bool is_place(const std::string& territory_oktmo) {
  return territory_oktmo.empty() || patent::is_oktmo(territory_oktmo);
}

struct Basis {
  Trust trust;
  Policy policy;
};
// A folder of certificates, or one of installed trust packages. The policy's file goes before an installed policy.
crypto::Result<Basis, SetupError> basis_of(const std::string& trust_folder, const std::string& policy_file) {
  auto policy = policy_file.empty() ? crypto::Result<Policy, PolicyError>(Policy{}) : load_policy(policy_file);
  if (!PackageStore::is_store(trust_folder)) {
    auto trust = load_trust(trust_folder);
    if (!trust) return crypto::unexpected(SetupError::bad_trust);
    if (!policy) return crypto::unexpected(SetupError::bad_policy);
    return Basis{*std::move(trust), *std::move(policy)};
  }
  if (!policy) return crypto::unexpected(SetupError::bad_policy);
  auto installed = PackageStore(trust_folder).load(*policy);
  if (!installed) return crypto::unexpected(SetupError::bad_trust);
  return Basis{std::move(installed->trust), policy_file.empty() ? installed->policy.value_or(Policy{}) : *policy};
}

// Memory ran out or the like: nothing is known of the card.
Verdict unknown(std::chrono::sys_seconds at) {
  Verdict verdict;
  verdict.at = at;
  return verdict;
}

}  // namespace

struct Inspector::State {
  Trust trust;
  Policy policy;
  std::optional<TerminalIdentity> terminal{};
  crypto::OpensslEngine engine;
};

Inspector::Inspector(std::unique_ptr<State> state) : state_(std::move(state)) {}
Inspector::~Inspector() = default;

std::unique_ptr<Inspector> Inspector::open(const std::string& trust_folder, const std::string& policy_file,
                                           SetupError& error) noexcept try {
  auto basis = basis_of(trust_folder, policy_file);
  error = basis ? SetupError::none : basis.error();
  if (!basis) return nullptr;
  auto state = std::make_unique<State>();
  state->trust = std::move(basis->trust);
  state->policy = std::move(basis->policy);
  return std::unique_ptr<Inspector>(new Inspector(std::move(state)));
} catch (...) {
  error = SetupError::internal;
  return nullptr;
}

bool Inspector::use_terminal(Terminal terminal) noexcept try {
  state_->terminal = identity_of(std::move(terminal));
  return true;
} catch (...) {
  return false;
}

Inspection Inspector::inspect(const CardLink& link, const InspectionRequest& request) noexcept try {
  if (!is_place(request.territory_oktmo)) return {reader::verify({}, state_->trust, state_->policy, request.at), {}};
  DeviceChannel channel(link);
  const ReadPlan plan{.photo = request.photo, .fingers = request.fingers};
  const SessionOptions options{.link = {link.max_command, link.max_response},
                               .terminal = state_->terminal ? &*state_->terminal : nullptr};
  const auto evidence = reader::inspect(state_->engine, channel, access_key(request), plan, options, request.at);
  return {reader::verify(evidence, state_->trust, at_place(state_->policy, request.territory_oktmo), request.at,
                         request.officer),
          to_json(evidence, {.fingerprints = request.fingerprints_in_evidence})};
} catch (...) {
  return {unknown(request.at), {}};
}

Verdict Inspector::verify(std::string_view evidence, const std::string& territory_oktmo, std::chrono::sys_seconds at,
                          const OfficerAnswers& officer) noexcept try {
  const auto parsed = evidence_from_json(evidence);
  if (!parsed || !is_place(territory_oktmo)) return reader::verify({}, state_->trust, state_->policy, at);
  return reader::verify(*parsed, state_->trust, at_place(state_->policy, territory_oktmo), at, officer);
} catch (...) {
  return unknown(at);
}

std::string describe(const Verdict& verdict, std::string_view language) noexcept try {
  return to_text(verdict, nullptr, {.language = language == "ru" ? Language::russian : Language::english});
} catch (...) {
  return {};
}

std::string describe_for_holder(const Verdict& verdict, std::string_view language) noexcept try {
  const auto* const words = holder_words(language);
  return words != nullptr ? holder_line(verdict.findings, *words) : std::string{};
} catch (...) {
  return {};
}

std::string verdict_json(const Verdict& verdict) noexcept try { return to_json(verdict, nullptr); } catch (...) {
  return {};
}

}  // namespace reader
