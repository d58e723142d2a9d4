// SPDX-License-Identifier: Apache-2.0
// Owns locks on files: one process at a time.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

namespace crypto {

// An exclusive lock on a file, held until it ends; also the kernel's when the process dies.
class FileLock {
public:
  // Nothing when another process holds it or the file cannot be made.
  static std::optional<FileLock> take(const std::filesystem::path& file);
  // The same, but waits so long for the other process.
  static std::optional<FileLock> wait(const std::filesystem::path& file, std::chrono::milliseconds patience);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace crypto
