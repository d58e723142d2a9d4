// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/trust.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>

#include "reader/inspect/base64.hpp"

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

// DER as it is; PEM (RFC 7468) between its first pair of lines.
std::optional<Bytes> to_der(Bytes octets) {
  constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";
  const std::string_view text(reinterpret_cast<const char*>(octets.data()), octets.size());
  const auto begin = text.find(kBegin);
  if (begin == std::string_view::npos || (!octets.empty() && octets.front() == 0x30)) return octets;
  const auto label_end = text.find(kDashes, begin + kBegin.size());
  const auto end = text.find(kEnd, begin);
  if (label_end == std::string_view::npos || end == std::string_view::npos || end < label_end) return std::nullopt;
  std::string body(text.substr(label_end + kDashes.size(), end - label_end - kDashes.size()));
  std::erase_if(body, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  return from_base64(body);
}

// Adds what `file` holds; the error otherwise.
std::optional<TrustError> add(Trust& trust, const std::filesystem::path& file) {
  const auto extension = file.extension().string();
  const bool is_list = extension == ".crl";
  if (!is_list && extension != ".cer" && extension != ".crt" && extension != ".der") return std::nullopt;
  auto octets = read_whole(file);
  if (!octets) return TrustError::unreadable;
  const auto der = to_der(*std::move(octets));
  if (is_list) {
    auto list = crypto::RevocationList::parse(der.value_or(Bytes{}));
    if (!list) return TrustError::bad_revocation_list;
    trust.revocations.push_back(*std::move(list));
  } else {
    auto certificate = crypto::Certificate::parse(der.value_or(Bytes{}));
    if (!certificate) return TrustError::bad_certificate;
    trust.csca.push_back(*std::move(certificate));
  }
  return std::nullopt;
}

}  // namespace

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
  Trust trust;
  for (const auto& file : files)
    if (const auto failure = add(trust, file)) return crypto::unexpected(TrustFailure{*failure, file});
  if (trust.csca.empty()) return crypto::unexpected(TrustFailure{TrustError::empty, folder});
  return trust;
}

}  // namespace reader
