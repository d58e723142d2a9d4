// SPDX-License-Identifier: Apache-2.0
// Who signs for a domain, and as whom fingerprints are read.
#include "card/patent/finger.hpp"
#include "crypto/cv_certificate.hpp"
#include "personalize/issue/signer_watch.hpp"

namespace personalize {
namespace {

using crypto::CryptoError;

crypto::unexpected<IssuerFailure> failure(IssuerError error, std::string_view subject) {
  return crypto::unexpected<IssuerFailure>({error, std::string(subject)});
}

template <class T>
bool is_missing(const crypto::Result<T, crypto::DomainFailure>& result) {
  return !result && result.error().error == CryptoError::not_found;
}

crypto::Result<std::optional<Signer>, crypto::DomainFailure> load_seal_signer(const crypto::TrustDomain& domain) {
  if (is_missing(domain.certificate(crypto::kSealSignerKey))) return std::optional<Signer>();
  PATENT_TRY(auto signer, load_signer(domain, crypto::kSealSignerKey));
  return std::optional(std::move(signer));
}

crypto::Result<std::optional<Terminals>, crypto::DomainFailure> load_terminals(const crypto::TrustDomain& domain) {
  auto cvca = domain.cv_certificate(crypto::kCvcaKey);
  if (is_missing(cvca)) return std::optional<Terminals>();
  if (!cvca) return crypto::unexpected(cvca.error());
  Terminals terminals{*std::move(cvca), std::nullopt};
  auto inspection = reader::domain_terminal(domain);
  if (is_missing(inspection)) return terminals;
  if (!inspection) return crypto::unexpected(inspection.error());
  terminals.inspection = *std::move(inspection);
  return terminals;
}

// Walks from the trust point to the terminal as the chip will.
bool may_read_fingerprints(crypto::Engine& engine, const crypto::CvCertificate& cvca,
                           const reader::TerminalIdentity& terminal, crypto::CvDate today) {
  auto holder = crypto::cv_trust_point(engine, cvca);
  if (!holder) return false;
  const auto path = reader::certificate_path(terminal.certificates, {holder->reference});
  for (const auto& step : path) {
    holder = crypto::accept(engine, *holder, step.certificate, today);
    if (!holder) return false;
  }
  return holder->role == crypto::CvRole::terminal && holder->rights.read_fingerprints;
}

}  // namespace

crypto::Result<Signer, crypto::DomainFailure> load_signer(const crypto::TrustDomain& domain, std::string_view name) {
  PATENT_TRY(auto certificate, domain.certificate(name));
  PATENT_TRY(auto key, domain.signing_key(name));
  return Signer{std::string(name), std::move(certificate), std::move(key)};
}

crypto::Result<Signers, crypto::DomainFailure> load_signers(const crypto::TrustDomain& domain) {
  PATENT_TRY(auto document, load_signer(domain, crypto::kDocumentSignerKey));
  PATENT_TRY(auto status, load_signer(domain, crypto::kStatusSignerKey));
  PATENT_TRY(auto terminals, load_terminals(domain));
  PATENT_TRY(auto seal, load_seal_signer(domain));
  return Signers{std::move(document), std::move(status), std::move(terminals), std::move(seal)};
}

Signed<Standing> Issuer::standing(crypto::Time at) const {
  if (watch_ == nullptr) return fixed_;
  return watch_->at(at).map_error([](const reader::TrustFailure& unreadable) {
    return IssuerFailure{IssuerError::trust_unreadable, unreadable.file.string()};
  });
}

Signed<std::optional<TrustPoint>> Issuer::trust_point(const Signers& by, const Order& order, crypto::Time at) const {
  if (!by.terminals) {
    if (order.fingers) return failure(IssuerError::no_trust_point, crypto::kCvcaKey);
    return std::optional<TrustPoint>();
  }
  const auto certificate = crypto::parse_cv_certificate(by.terminals->cvca);
  if (!certificate || !crypto::cv_trust_point(engine_, *certificate))
    return failure(IssuerError::wrong_signer, crypto::kCvcaKey);
  const auto today = std::chrono::floor<std::chrono::days>(at);
  if (today < certificate->effective) return failure(IssuerError::not_yet_valid, crypto::kCvcaKey);
  if (today > certificate->expires) return failure(IssuerError::expired, crypto::kCvcaKey);
  const auto date = crypto::cv_date_octets(today);
  return TrustPoint{by.terminals->cvca, {date.begin(), date.end()}};
}

Signed<void> Issuer::check_terminal(const Standing& by, const CardImage& image, crypto::Time at) const {
  if (!image.files.contains(layout::FileId::dg3)) return {};
  const auto cvca = image.trust_point ? crypto::parse_cv_certificate(image.trust_point->certificate)
                                      : crypto::unexpected(CryptoError::not_found);
  if (!cvca) return failure(IssuerError::no_trust_point, crypto::kCvcaKey);
  const auto* const terminal = by.terminal();
  if (terminal == nullptr ||
      !may_read_fingerprints(engine_, *cvca, *terminal, std::chrono::floor<std::chrono::days>(at)))
    return failure(IssuerError::no_terminal, crypto::kInspectionKey);
  return {};
}

const reader::TerminalIdentity* Standing::terminal() const {
  return signers->terminals && signers->terminals->inspection ? &*signers->terminals->inspection : nullptr;
}

}  // namespace personalize
