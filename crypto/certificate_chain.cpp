// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificate_chain.hpp"

#include "crypto/parsed_certificate.hpp"

namespace crypto {

namespace {

bool names_as_issuer(const Certificate& certificate, const Certificate& issuer) {
  return same_name(X509_get_issuer_name(certificate.parsed().x509.get()),
                   X509_get_subject_name(issuer.parsed().x509.get()));
}

// A breadth-first search, so that the first anchor found is the nearest.
class ChainSearch {
public:
  ChainSearch(const Certificate& signer, std::span<const Certificate> pool)
      : pool_(pool), used_(pool.size()), steps_{{signer, 0, 1}} {}

  Result<std::vector<Certificate>, ChainFault> run() {
    for (std::size_t at = 0; at < steps_.size(); ++at) {
      if (steps_[at].depth == kMaxChain) {
        note(ChainFault::too_deep);
        continue;
      }
      for (const std::size_t candidate : candidates(at))
        if (try_issuer(at, candidate)) return chain_from(steps_.size() - 1);
    }
    return unexpected(fault_);
  }

private:
  struct Step {
    Certificate certificate;
    std::size_t child;  // whom it certifies
    std::size_t depth;
  };

  // Those with the matching key identifier first.
  std::vector<std::size_t> candidates(std::size_t at) const {
    const Certificate& child = steps_[at].certificate;
    const Bytes wanted = child.authority_key_id();
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < pool_.size(); ++i)
      if (!used_[i] && names_as_issuer(child, pool_[i])) found.push_back(i);
    std::stable_partition(found.begin(), found.end(),
                          [&](std::size_t i) { return !wanted.empty() && pool_[i].subject_key_id() == wanted; });
    return found;
  }

  // True when an anchor is reached.
  bool try_issuer(std::size_t at, std::size_t candidate) {
    const Certificate issuer = pool_[candidate];
    if (!steps_[at].certificate.verify_signed_by(issuer)) {
      note(ChainFault::bad_signature);
      return false;
    }
    if (!issuer.is_ca()) {
      note(ChainFault::not_a_ca);
      return false;
    }
    used_[candidate] = true;
    steps_.push_back({issuer, at, steps_[at].depth + 1});
    if (!is_self_signed(issuer)) note(ChainFault::no_anchor);
    return is_self_signed(issuer);
  }

  std::vector<Certificate> chain_from(std::size_t anchor) const {
    std::vector<Certificate> chain{steps_[anchor].certificate};
    for (std::size_t at = anchor; at != 0;) {
      at = steps_[at].child;
      chain.push_back(steps_[at].certificate);
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
  }

  // The fault of the search that came furthest is the one to report; the enumeration is in that order.
  void note(ChainFault fault) { fault_ = std::max(fault_, fault); }

  std::span<const Certificate> pool_;
  std::vector<bool> used_;
  std::vector<Step> steps_;
  ChainFault fault_ = ChainFault::unknown_issuer;
};

}  // namespace

Result<std::vector<Certificate>, ChainFault> chain_to(const Certificate& signer, std::span<const Certificate> pool) {
  return ChainSearch(signer, pool).run();
}

Result<Certificate, ChainFault> revocation_list_signer(const RevocationList& list, std::span<const Certificate> pool) {
  ChainFault fault = ChainFault::unknown_issuer;
  for (const Certificate& candidate : pool) {
    if (!same_name(X509_CRL_get_issuer(list.parsed().crl.get()), X509_get_subject_name(candidate.parsed().x509.get())))
      continue;
    if (!list.verify_signed_by(candidate))
      fault = std::max(fault, ChainFault::bad_signature);
    else if (!candidate.may_sign_revocation_lists())
      fault = std::max(fault, ChainFault::not_a_ca);
    else
      return candidate;
  }
  return unexpected(fault);
}

}  // namespace crypto
