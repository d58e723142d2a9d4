// SPDX-License-Identifier: Apache-2.0
// Owns the log of checks on this device: an SQLite file, entries only ever added at its end, and beside it FILE.head,
// which says where the end is (docs/check-log.md).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "crypto/result.hpp"
#include "reader/report/check_entry.hpp"

namespace reader {

enum class LogError : std::uint8_t {
  not_found,
  storage,       // cannot be read or written, or another process keeps it busy
  not_a_log,     // another file, or a log whose tables are not ours
  newer_schema,  // a newer version of this software made it
  broken,        // its end is not where FILE.head says: nothing may be added
};

class CheckLog {
public:
  // Made where it is not there yet, for its owner alone. What may keep it from being written is found now.
  static crypto::Result<CheckLog, LogError> open_to_append(const std::filesystem::path& file);
  static crypto::Result<CheckLog, LogError> open_to_read(const std::filesystem::path& file);
  CheckLog(CheckLog&& other) noexcept;
  CheckLog& operator=(CheckLog&&) = delete;
  ~CheckLog();

  // On the disk when this returns.
  crypto::Result<void, LogError> append(const CheckEntry& entry);
  // Removes the oldest entries, up to the first that is not older than so many days, and says so in an entry of its
  // own. How many were removed.
  crypto::Result<std::int64_t, LogError> trim(unsigned keep_days, std::chrono::sys_seconds now);

  // The entries removed before the first that is here.
  crypto::Result<ChainPoint, LogError> removed() const;
  // Each entry as it is kept, in order, until `take` says false.
  using Take = std::function<bool(std::int64_t number, std::string_view line, crypto::ByteView hash)>;
  crypto::Result<void, LogError> each(const Take& take) const;
  // The last entry that FILE.head knows of; nothing when it is missing or no head. After a power cut it may be one of
  // the entries before the last.
  [[nodiscard]] std::optional<ChainPoint> head() const;

private:
  struct State;
  explicit CheckLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The first problem of the log, its head's included.
crypto::Result<LogReview, LogError> review(const CheckLog& log, const LogHistory* earlier = nullptr);

}  // namespace reader
