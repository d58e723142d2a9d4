// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/signer_watch.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <set>
#include <thread>

namespace personalize {
namespace {

// The count and the certificates are in files. The count grows by a few signatures a card, and a twentieth of the limit
// is left when it is near.
constexpr unsigned kFilesLookedAtEvery = 16;

// A file that is being copied into the folder is whole a moment later.
constexpr std::chrono::milliseconds kSecondLook{200};

bool is_other(const crypto::TrustDomain& domain, const Signer& signer) {
  const auto there = domain.certificate(signer.name);
  return there && there->fingerprint() != signer.certificate.fingerprint();
}

// Names, times and sizes: another text when a file comes, goes or is replaced. Empty when the folder cannot be read.
std::string files_in(const std::filesystem::path& folder) {
  std::error_code error;
  std::set<std::string> files;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    struct stat facts {};  // zeros of what is gone again, or a link to nothing
    if (::stat(entry->path().c_str(), &facts) != 0) facts = {};
    files.insert(fmt::format("{} {} {}.{} {}\n", entry->path().filename().string(), facts.st_ino, facts.st_mtim.tv_sec,
                             facts.st_mtim.tv_nsec, facts.st_size));
  }
  return error ? "" : fmt::format("{}", fmt::join(files, ""));
}

}  // namespace

SignerWatch::SignerWatch(crypto::TrustDomain& domain, Signers first, reader::Trust trust) : domain_(domain) {
  all_.push_back(std::move(first));
  trusts_.push_back(std::move(trust));
}

crypto::Result<std::unique_ptr<SignerWatch>, crypto::DomainFailure> SignerWatch::open(crypto::TrustDomain& domain,
                                                                                      reader::Trust trust) {
  PATENT_TRY(auto signers, load_signers(domain));
  return std::unique_ptr<SignerWatch>(new SignerWatch(domain, std::move(signers), std::move(trust)));
}

crypto::Result<Standing, reader::TrustFailure> SignerWatch::at(crypto::Time at) {
  const std::lock_guard lock(mutex_);
  PATENT_TRY(const bool new_trust, look_at_trust());
  if (due(at, new_trust)) renew(at);
  return Standing{&all_.back(), &trusts_.back()};
}

const Signers& SignerWatch::present() const {
  const std::lock_guard lock(mutex_);
  return all_.back();
}

std::optional<crypto::DomainFailure> SignerWatch::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

// Whether another trust counts from now on.
crypto::Result<bool, reader::TrustFailure> SignerWatch::look_at_trust() {
  const auto folder = domain_.trust_folder();
  auto files = files_in(folder);
  if (!files.empty() && files == trust_files_) return false;
  auto trust = reader::load_trust(folder);
  if (!trust) {
    std::this_thread::sleep_for(kSecondLook);
    files = files_in(folder);
    trust = reader::load_trust(folder);
  }
  if (!trust) return crypto::unexpected(trust.error());
  trust_files_ = std::move(files);
  trusts_.push_back(*std::move(trust));
  return true;
}

void SignerWatch::renew(crypto::Time at) {
  const auto rolled = domain_.roll_over(at);
  auto loaded = rolled ? load_signers(domain_) : crypto::unexpected(rolled.error());
  failure_ = loaded ? std::nullopt : std::optional(loaded.error());
  if (loaded) all_.push_back(*std::move(loaded));
}

bool SignerWatch::due(crypto::Time at, bool new_trust) {
  const auto& present = all_.back();
  if (crypto::period_ends(present.document.certificate, at) || crypto::period_ends(present.status.certificate, at))
    return true;
  if (asked_++ % kFilesLookedAtEvery != 0 && !new_trust) return false;
  if (is_other(domain_, present.document) || is_other(domain_, present.status)) return true;
  const auto use = domain_.document_signer_use();
  return use && use->nearly_over();
}

}  // namespace personalize
