// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/signed_package.hpp"

#include <algorithm>
#include <array>

#include "crypto/certificate_chain.hpp"
#include "crypto/cv_certificate.hpp"
#include "reader/judge/status_signer.hpp"

namespace reader {
namespace {

using crypto::Bytes;
using crypto::Certificate;
using enum PackageFault;
using Step = crypto::Result<void, PackageFault>;

PackageFault fault_of(patent::PackageError error) {
  constexpr std::array kFaults{malformed, unsupported_version, bad_list, too_large};
  return kFaults[static_cast<std::size_t>(error)];
}
PackageFault fault_of(patent::PackageChangeError error) {
  constexpr std::array kFaults{wrong_base, bad_delta, wrong_result};
  return kFaults[static_cast<std::size_t>(error)];
}
PackageFault fault_of(StatusSignerFault fault) {
  constexpr std::array kFaults{wrong_purpose, not_in_office, untrusted, foreign_state, revoked};
  return kFaults[static_cast<std::size_t>(fault)];
}
const auto translated = [](auto error) { return fault_of(error); };

template <class T, class Parse>
crypto::Result<std::vector<T>, PackageFault> parse_all(const std::vector<Bytes>& all, Parse&& parse,
                                                       PackageFault fault) {
  std::vector<T> out;
  for (const auto& octets : all) {
    auto one = parse(octets);
    if (!one) return crypto::unexpected(fault);
    out.push_back(*std::move(one));
  }
  return out;
}

bool same(const Certificate& a, const Certificate& b) { return a.der() == b.der(); }
bool is_self_signed(const Certificate& one) { return one.self_issued() && one.verify_signed_by(one).has_value(); }

bool contains(const std::vector<Certificate>& all, const Certificate& one) {
  return std::ranges::any_of(all, [&](const auto& other) { return same(one, other); });
}

// The certificates of a chain of packages, and what is believed of them.
class PackagedCertificates {
public:
  PackagedCertificates(const Trust& known, const std::vector<Certificate>& packaged)
      : known_(known), packaged_(packaged), roads_(known.csca) {
    // A link certificate holds under a CSCA that is trusted, or leads nowhere; a self-signed one would be an anchor.
    for (const auto& one : packaged)
      if (one.is_ca() && !is_self_signed(one) && !contains(roads_, one)) roads_.push_back(one);
  }
  // What chains may be built over.
  [[nodiscard]] const std::vector<Certificate>& roads() const { return roads_; }

  [[nodiscard]] bool believed(const Certificate& one) const {
    if (contains(known_.csca, one)) return true;
    if (!is_self_signed(one)) return crypto::chain_to(one, roads_).has_value();
    return std::ranges::any_of(packaged_, [&](const Certificate& link) {  // the same key, under a link certificate
      return !same(link, one) && link.is_ca() && link.subject() == one.subject() &&
             link.public_key().spki == one.public_key().spki && !is_self_signed(link) && crypto::chain_to(link, roads_);
    });
  }

private:
  const Trust& known_;
  const std::vector<Certificate>& packaged_;
  std::vector<Certificate> roads_;
};

crypto::Result<Trust, PackageFault> judged_certificates(const Trust& known, const std::vector<SignedPackage>& chain) {
  std::vector<Certificate> packaged;
  Trust out{.csca = {}, .revocations = known.revocations};
  for (const auto& package : chain) {
    PATENT_TRY(auto some, parse_all<Certificate>(package.content.certificates, Certificate::parse, bad_certificate));
    PATENT_TRY(auto lists, parse_all<crypto::RevocationList>(package.content.revocation_lists,
                                                             crypto::RevocationList::parse, bad_revocation_list));
    std::ranges::move(some, std::back_inserter(packaged));
    std::ranges::move(lists, std::back_inserter(out.revocations));
  }
  const PackagedCertificates certificates(known, packaged);
  if (!std::ranges::all_of(packaged, [&](const auto& one) { return certificates.believed(one); }))
    return crypto::unexpected(foreign_certificate);
  out.csca = certificates.roads();
  return out;
}

Step judge_signers(const Trust& trust, const std::vector<SignedPackage>& chain, const Policy& policy,
                   std::optional<crypto::Time> at) {
  Revocations revocations(trust, policy, at.value_or(chain.back().content.issued_at));
  for (const auto& package : chain) {
    PATENT_TRY(const auto answer,
               judge_status_signer(package.signer, package.content.issued_at, trust, policy, revocations)
                   .map_error(translated));
    if (at && answer == Revocation::unknown) return crypto::unexpected(revocation_unknown);
  }
  return {};
}

// No list is gone by longer than its package.
void limit_lists(patent::TrustPackage& package) {
  for (auto& list : package.lists)
    list.expires = std::min(list.expires.value_or(package.valid_until), package.valid_until);
}

crypto::Result<patent::TrustPackage, PackageFault> applied(std::vector<SignedPackage> chain) {
  auto package = std::move(chain.front().content);
  if (package.base_version) return crypto::unexpected(no_base);
  limit_lists(package);
  for (auto& delta : std::span(chain).subspan(1)) {
    if (delta.content.issued_at < package.issued_at) return crypto::unexpected(older);
    PATENT_TRY_VOID(patent::apply_package(package, std::move(delta.content)).map_error(translated));
    limit_lists(package);
  }
  return package;
}

Step take_certificates(const patent::TrustPackage& package, const Trust& known, Trust& out) {
  out.csca = known.csca;
  PATENT_TRY(const auto certificates,
             parse_all<Certificate>(package.certificates, Certificate::parse, bad_certificate));
  out.seal_signers = known.seal_signers;
  for (const auto& one : certificates) {
    auto& kind = one.is_seal_signer() ? out.seal_signers : out.csca;
    if (!contains(kind, one)) kind.push_back(one);
  }
  out.revocations = known.revocations;
  PATENT_TRY(auto lists, parse_all<crypto::RevocationList>(package.revocation_lists, crypto::RevocationList::parse,
                                                           bad_revocation_list));
  for (auto& list : lists) {
    if (!crypto::revocation_list_signer(list, out.csca)) return crypto::unexpected(bad_revocation_list);
    out.revocations.push_back(std::move(list));
  }
  return {};
}

Step take_master_lists(const patent::TrustPackage& package, Trust& out) {
  for (const auto& octets : package.master_lists) {
    auto list = crypto::parse_master_list(octets);
    if (!list || !is_genuine(*list, out)) return crypto::unexpected(bad_master_list);
    std::ranges::move(list->certificates, std::back_inserter(out.listed));
  }
  return {};
}

Step take_lists(patent::TrustPackage& package, Trust& out) {
  for (auto& list : package.lists) {
    if (list.issued_at > package.issued_at) return crypto::unexpected(bad_list);
    if (!out.lists.put(std::move(list))) return crypto::unexpected(bad_months);  // each name stands there once
  }
  return {};
}

Step take_configuration(const patent::TrustPackage& package, InstalledPackage& out) {
  if (package.regions) {
    auto regions = patent::RegionProfiles::parse(*package.regions);
    if (!regions) return crypto::unexpected(bad_regions);
    out.trust.regions = *std::move(regions);
  }
  if (package.policy) {
    auto policy = parse_policy(*package.policy);
    if (!policy) return crypto::unexpected(bad_policy);
    out.policy = *std::move(policy);
  }
  return {};
}

}  // namespace

crypto::Result<SignedPackage, PackageFault> open_package(crypto::ByteView file) {
  if (file.size() > kMaxSignedPackage) return crypto::unexpected(too_large);
  const auto whole = crypto::tlv_total_size(file);
  if (whole ? *whole > file.size() : whole.error() == crypto::TlvError::truncated)
    return crypto::unexpected(incomplete);
  const auto object = crypto::SignedObject::parse(file, kMaxSignedPackage);
  if (!object) return crypto::unexpected(malformed);
  if (object->content_type() != patent::kOidTrustPackage) return crypto::unexpected(wrong_content);
  const auto signer = object->signer();
  if (!signer) return crypto::unexpected(no_signer);
  if (!object->verify(*signer)) return crypto::unexpected(bad_signature);
  PATENT_TRY(auto content, patent::decode_package(object->content()).map_error(translated));
  return SignedPackage{std::move(content), *signer, file.size()};
}

crypto::Result<InstalledPackage, PackageFault> combine(const Trust& known, std::vector<SignedPackage> chain,
                                                       const Policy& policy, std::optional<crypto::Time> at) {
  PATENT_TRY(const Trust signers, judged_certificates(known, chain));
  PATENT_TRY_VOID(judge_signers(signers, chain, policy, at));
  PATENT_TRY(auto package, applied(std::move(chain)));
  InstalledPackage out{.version = package.version,
                       .issued_at = package.issued_at,
                       .next_update = package.next_update,
                       .valid_until = package.valid_until,
                       .trust = {}};
  PATENT_TRY_VOID(take_certificates(package, known, out.trust));
  PATENT_TRY_VOID(take_master_lists(package, out.trust));
  PATENT_TRY_VOID(take_lists(package, out.trust));
  PATENT_TRY_VOID(take_configuration(package, out));
  if (!std::ranges::all_of(package.cv_certificates,
                           [](const Bytes& one) { return crypto::parse_cv_certificate(one).has_value(); }))
    return crypto::unexpected(bad_cv_certificate);
  out.cv_certificates = std::move(package.cv_certificates);
  out.trust.newest_package = out.issued_at;
  return out;
}

}  // namespace reader
