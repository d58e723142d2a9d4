// SPDX-License-Identifier: Apache-2.0
#include "crypto/use_counter.hpp"

#include <charconv>

#include "crypto/file_lock.hpp"
#include "crypto/guarded_file.hpp"

namespace crypto {

namespace {

constexpr std::size_t kMaxCountFile = 32;
constexpr std::chrono::seconds kLockPatience{10};

}  // namespace

Result<std::uint64_t, CryptoError> read_use_count(const std::filesystem::path& file) {
  const auto text = read_file(file, kMaxCountFile);
  if (!text && text.error() == CryptoError::not_found) return std::uint64_t{0};
  if (!text) return unexpected(text.error());
  const auto* const begin = reinterpret_cast<const char*>(text->data());
  const auto* const end = begin + text->size();
  std::uint64_t count = 0;
  const auto [stop, error] = std::from_chars(begin, end, count);
  if (error != std::errc{} || stop + 1 != end || *stop != '\n') return unexpected(CryptoError::bad_encoding);
  return count;
}

Result<void, CryptoError> UseCounter::take() {
  const std::lock_guard lock(mutex_);
  if (left_ == 0) PATENT_TRY_VOID(reserve());
  --left_;
  return {};
}

Result<void, CryptoError> UseCounter::reserve() {
  std::error_code error;
  std::filesystem::create_directories(file_.parent_path(), error);
  std::filesystem::path lock_file = file_;
  lock_file += ".lock";
  const auto lock = FileLock::wait(lock_file, kLockPatience);
  if (!lock) return unexpected(CryptoError::storage);
  PATENT_TRY(const std::uint64_t used, read_use_count(file_));
  if (used >= limit_) return unexpected(CryptoError::expired);
  const std::uint64_t block = std::min(kUsesAtOnce, limit_ - used);
  PATENT_TRY_VOID(write_file(file_, as_bytes(std::to_string(used + block) + "\n"), Readers::everybody, Overwrite::yes));
  left_ = block;
  return {};
}

}  // namespace crypto
