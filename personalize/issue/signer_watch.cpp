// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/signer_watch.hpp"

namespace personalize {
namespace {

// The count and the certificates are in files. The count grows by a few signatures a card, and a twentieth of the limit
// is left when it is near.
constexpr unsigned kFilesLookedAtEvery = 16;

bool is_other(const crypto::TrustDomain& domain, const Signer& signer) {
  const auto there = domain.certificate(signer.name);
  return there && there->fingerprint() != signer.certificate.fingerprint();
}

}  // namespace

SignerWatch::SignerWatch(crypto::TrustDomain& domain, Signers first) : domain_(domain) {
  all_.push_back(std::move(first));
}

crypto::Result<std::unique_ptr<SignerWatch>, crypto::DomainFailure> SignerWatch::open(crypto::TrustDomain& domain) {
  PATENT_TRY(auto signers, load_signers(domain));
  return std::unique_ptr<SignerWatch>(new SignerWatch(domain, std::move(signers)));
}

const Signers& SignerWatch::at(crypto::Time at) {
  const std::lock_guard lock(mutex_);
  if (!due(at)) return all_.back();
  const auto rolled = domain_.roll_over(at);
  if (!rolled) failure_ = rolled.error();
  auto loaded = rolled ? load_signers(domain_) : crypto::unexpected(rolled.error());
  if (!loaded) return all_.back();
  failure_.reset();
  all_.push_back(*std::move(loaded));
  return all_.back();
}

const Signers& SignerWatch::present() const {
  const std::lock_guard lock(mutex_);
  return all_.back();
}

std::optional<crypto::DomainFailure> SignerWatch::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

bool SignerWatch::due(crypto::Time at) {
  const auto& present = all_.back();
  if (crypto::period_ends(present.document.certificate, at) || crypto::period_ends(present.status.certificate, at))
    return true;
  if (asked_++ % kFilesLookedAtEvery != 0) return false;
  if (is_other(domain_, present.document) || is_other(domain_, present.status)) return true;
  const auto use = domain_.document_signer_use();
  return use && use->nearly_over();
}

}  // namespace personalize
