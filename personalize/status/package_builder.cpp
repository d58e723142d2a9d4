// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/package_builder.hpp"

#include <algorithm>

#include "crypto/cv_certificate.hpp"
#include "crypto/domain_files.hpp"
#include "crypto/guarded_file.hpp"

namespace personalize {
namespace {

namespace fs = std::filesystem;
using crypto::Bytes;
using patent::ListKind;
using patent::TrustPackage;

template <class T>
using Built = crypto::Result<T, PackageBuildFailure>;

template <class T, class E>
Built<T> lift(crypto::Result<T, E> result) {
  return std::move(result).map_error([](E&& error) { return PackageBuildFailure(std::move(error)); });
}
template <class Failure>
auto fail(Failure failure) {
  return crypto::unexpected<PackageBuildFailure>(std::move(failure));
}

constexpr std::size_t kMaxTrustFile = 8U << 20;

// What lies in the folder under this suffix, by name.
crypto::Result<std::vector<Bytes>, crypto::DomainFailure> read_all(const fs::path& folder, std::string_view suffix) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == suffix) files.push_back(at->path());
  if (error) return crypto::unexpected(crypto::DomainFailure{crypto::CryptoError::storage, folder});
  std::ranges::sort(files);
  std::vector<Bytes> out;
  for (const auto& file : files) {
    PATENT_TRY(auto octets, crypto::read_file(file, kMaxTrustFile).map_error(crypto::in_file(file)));
    out.push_back(std::move(octets));
  }
  return out;
}

bool holds_at(const Bytes& cv_certificate, crypto::Time at) {
  const auto parsed = crypto::parse_cv_certificate(cv_certificate);
  return parsed && std::chrono::floor<std::chrono::days>(at) <= parsed->expires;
}

class Builder {
public:
  Builder(StatusLedger& ledger, const crypto::TrustDomain& domain, const Signer& signer, const PackagePlan& plan)
      : ledger_(ledger), domain_(domain), signer_(signer), plan_(plan) {}

  Built<BuiltPackage> run() {
    PATENT_TRY_VOID(lift(check_signer(signer_, signer_.certificate.is_status_signer(), plan_.at)));
    PATENT_TRY(const auto entry, plan_.version ? built_before(*plan_.version) : next());
    PATENT_TRY(const auto whole, whole_of(entry));
    PATENT_TRY(auto built, plan_.base ? delta(entry, whole) : Built<BuiltPackage>(BuiltPackage{whole, {}}));
    PATENT_TRY(built.file, sign(built.content));
    PATENT_TRY_VOID(prove(built, whole));
    if (!plan_.version) PATENT_TRY_VOID(lift(ledger_.add_package(entry)));
    return built;
  }

private:
  Built<PackageEntry> built_before(std::uint64_t version) {
    PATENT_TRY(auto entry, lift(ledger_.package(version)));
    if (!entry) return fail(NoSuchPackage{version});
    return *std::move(entry);
  }

  Built<TrustPackage> frame_of(const PackageEntry& entry) {
    auto frame = patent::decode_package(entry.content);
    if (!frame) return fail(LedgerFailure{LedgerError::corrupt, {}, {}});
    return *std::move(frame);
  }

  Built<PackageEntry> next() {
    PATENT_TRY(const auto last, lift(ledger_.last_package()));
    if (last != 0) {
      PATENT_TRY(const auto before, built_before(last));
      PATENT_TRY(const auto frame, frame_of(before));
      if (plan_.at < frame.issued_at) return fail(NotNewer{frame.issued_at});
    }
    PATENT_TRY(const auto frame, new_frame(last + 1));
    PATENT_TRY(auto lists, newest_lists());
    return PackageEntry{last + 1, patent::encode_package(frame), std::move(lists)};
  }

  Built<TrustPackage> new_frame(std::uint64_t version) {
    TrustPackage out{.version = version,
                     .issued_at = plan_.at,
                     .next_update = plan_.at + plan_.until_update,
                     .valid_until = plan_.at + std::max(plan_.life, plan_.until_update),
                     .regions = plan_.regions,
                     .policy = plan_.policy};
    PATENT_TRY(out.certificates, lift(read_all(domain_.trust_folder(), crypto::kCertificateSuffix)));
    PATENT_TRY(out.revocation_lists, lift(read_all(domain_.trust_folder(), ".crl")));
    PATENT_TRY(out.master_lists, lift(read_all(domain_.trust_folder(), ".ml")));
    PATENT_TRY(out.cv_certificates,
               lift(read_all(domain_.folder() / crypto::kCertificatesFolder, crypto::kCvCertificateSuffix)));
    std::erase_if(out.cv_certificates, [&](const Bytes& one) { return !holds_at(one, plan_.at); });
    return out;
  }

  Built<std::vector<Publication>> newest_lists() {
    PATENT_TRY(const auto uris, lift(ledger_.list_uris()));
    std::vector<Publication> out;
    for (const auto& uri : uris) {
      for (const auto kind : {ListKind::states, ListKind::months}) {
        PATENT_TRY(auto all, lift(ledger_.publications(kind, uri)));
        if (all.empty()) return fail(NotPublished{uri});
        out.push_back(std::move(all.back()));
      }
    }
    return out;
  }

  Built<TrustPackage> whole_of(const PackageEntry& entry) {
    PATENT_TRY(auto out, frame_of(entry));
    for (const auto& publication : entry.lists) {
      PATENT_TRY(auto list, lift(list_of(ledger_, publication)));
      out.lists.push_back(std::move(list));
    }
    return out;
  }

  // What is as it was is left out.
  Built<BuiltPackage> delta(const PackageEntry& entry, const TrustPackage& whole) {
    if (*plan_.base >= entry.version) return fail(NoSuchPackage{*plan_.base});
    PATENT_TRY(const auto base_entry, built_before(*plan_.base));
    PATENT_TRY(base_, whole_of(base_entry));
    TrustPackage out = whole;
    out.base_version = base_->version;
    out.lists.clear();
    bool can_say = true;
    const auto leave_out = [&](auto member) {
      auto& now = out.*member;
      const auto& then = (*base_).*member;
      can_say = can_say && (now == then || now != std::decay_t<decltype(now)>{});
      if (now == then) now = {};
    };
    leave_out(&TrustPackage::certificates);
    leave_out(&TrustPackage::revocation_lists);
    leave_out(&TrustPackage::cv_certificates);
    leave_out(&TrustPackage::master_lists);
    leave_out(&TrustPackage::regions);
    leave_out(&TrustPackage::policy);
    if (!can_say) return fail(OnlyWhole{});
    for (const auto& list : whole.lists) add_change(list, out);
    return BuiltPackage{std::move(out), {}};
  }

  void add_change(const patent::StatusList& list, TrustPackage& out) const {
    const auto known = std::ranges::find_if(
        base_->lists, [&](const auto& one) { return one.kind == list.kind && one.uri == list.uri; });
    if (known != base_->lists.end() && *known == list) return;
    auto change = known == base_->lists.end() ? std::nullopt : patent::make_delta(*known, list);
    if (change)
      out.deltas.push_back(*std::move(change));
    else
      out.lists.push_back(list);
  }

  Built<Bytes> sign(const TrustPackage& content) {
    const auto hash = signer_.certificate.key_description() == "ECDSA secp384r1" ? crypto::HashAlgorithm::sha384
                                                                                 : crypto::HashAlgorithm::sha256;
    auto file = crypto::sign_object(patent::kOidTrustPackage, patent::encode_package(content), hash,
                                    signer_.certificate, *signer_.key, content.issued_at);
    if (!file) return fail(IssuerFailure{IssuerError::crypto, signer_.name, file.error()});
    return *std::move(file);
  }

  // With the reader's own eyes: what a device has in the end is what was meant, and it takes it.
  Built<void> prove(const BuiltPackage& built, const TrustPackage& whole) {
    auto opened = reader::open_package(built.file);
    if (!opened) return fail(NotAccepted{opened.error()});
    if (base_) {
      if (!patent::apply_package(*base_, std::move(opened->content)))
        return fail(NotAccepted{reader::PackageFault::wrong_result});
      opened->content = *std::move(base_);
    }
    if (opened->content != whole) return fail(NotAccepted{reader::PackageFault::wrong_result});
    const auto trust = reader::load_trust(domain_.trust_folder());
    if (!trust) return fail(crypto::DomainFailure{crypto::CryptoError::bad_encoding, trust.error().file});
    const auto policy = reader::parse_policy(plan_.policy).value_or(reader::Policy{});
    const auto installed = reader::combine(*trust, {*std::move(opened)}, policy, plan_.at);
    if (!installed) return fail(NotAccepted{installed.error()});
    return {};
  }

  StatusLedger& ledger_;
  const crypto::TrustDomain& domain_;
  const Signer& signer_;
  const PackagePlan& plan_;
  std::optional<TrustPackage> base_;
};

}  // namespace

Built<BuiltPackage> build_package(StatusLedger& ledger, const crypto::TrustDomain& domain, const Signer& signer,
                                  const PackagePlan& plan) {
  return Builder(ledger, domain, signer, plan).run();
}

}  // namespace personalize
