// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/trust.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "crypto/certificate_chain.hpp"
#include "crypto/master_list.hpp"
#include "crypto/pem.hpp"

namespace reader {
namespace {

using crypto::Bytes;
constexpr std::uintmax_t kMaxTrustFile = 8U << 20;

std::optional<Bytes> read_whole(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error || size > kMaxTrustFile) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  Bytes octets{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return in.bad() ? std::nullopt : std::optional{std::move(octets)};
}

struct Folder {
  Trust trust;
  // Each with its file, for who signed it may stand in a later one.
  std::vector<std::pair<std::filesystem::path, crypto::MasterList>> master_lists;
};

template <class Parsed, class Into>
std::optional<TrustError> take(Parsed parsed, Into&& into, TrustError error) {
  if (!parsed) return error;
  into(*std::move(parsed));
  return std::nullopt;
}

// Adds what `file` holds; the error otherwise.
std::optional<TrustError> add(Folder& folder, const std::filesystem::path& file) {
  constexpr std::array kCertificates{".cer", ".crt", ".der"};
  const auto extension = file.extension().string();
  const bool is_certificate = std::ranges::find(kCertificates, extension) != kCertificates.end();
  if (!is_certificate && extension != ".crl" && extension != ".ml") return std::nullopt;
  const auto octets = read_whole(file);
  if (!octets) return TrustError::unreadable;
  const auto der = crypto::der_of(*octets).value_or(Bytes{});
  auto& trust = folder.trust;
  if (is_certificate)
    return take(
        crypto::Certificate::parse(der),
        [&](auto&& one) { (one.is_seal_signer() ? trust.seal_signers : trust.csca).push_back(std::move(one)); },
        TrustError::bad_certificate);
  if (extension == ".crl")
    return take(
        crypto::RevocationList::parse(der), [&](auto&& one) { trust.revocations.push_back(std::move(one)); },
        TrustError::bad_revocation_list);
  return take(
      crypto::parse_master_list(der), [&](auto&& one) { folder.master_lists.emplace_back(file, std::move(one)); },
      TrustError::bad_master_list);
}

}  // namespace

bool is_genuine(const crypto::MasterList& list, const Trust& trust) {
  const auto chain = crypto::verify_master_list(list, trust.csca);
  if (!chain || list.object.digest() == crypto::HashAlgorithm::sha1) return false;
  const auto& signer = chain->front();
  const auto signed_at = list.object.signing_time();
  if (signed_at && !signer.valid_at(*signed_at)) return false;
  return std::ranges::none_of(trust.revocations, [&](const crypto::RevocationList& revoked) {
    return revoked.revokes(signer) && crypto::revocation_list_signer(revoked, trust.csca);
  });
}

crypto::Result<Trust, TrustFailure> load_trust(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) return crypto::unexpected(TrustFailure{TrustError::not_found, folder});
  std::vector<std::filesystem::path> files;
  for (const auto end = std::filesystem::directory_iterator(); entries != end; entries.increment(error)) {
    if (error) return crypto::unexpected(TrustFailure{TrustError::unreadable, folder});
    files.push_back(entries->path());
  }
  std::ranges::sort(files);
  Folder found;
  for (const auto& file : files)
    if (const auto failure = add(found, file)) return crypto::unexpected(TrustFailure{*failure, file});
  auto& trust = found.trust;
  if (trust.csca.empty()) return crypto::unexpected(TrustFailure{TrustError::empty, folder});
  for (auto& [file, list] : found.master_lists) {
    if (!is_genuine(list, trust)) return crypto::unexpected(TrustFailure{TrustError::untrusted_master_list, file});
    std::ranges::move(list.certificates, std::back_inserter(trust.listed));
  }
  return std::move(trust);
}

Trust for_foreign_documents(const Trust& trust) {
  Trust all = trust;
  all.csca.insert(all.csca.end(), trust.listed.begin(), trust.listed.end());
  return all;
}

}  // namespace reader
