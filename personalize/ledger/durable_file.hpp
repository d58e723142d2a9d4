// SPDX-License-Identifier: Apache-2.0
// Owns files that a power cut leaves either old or new, never in between.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace personalize {

// Mode 0600; a temporary file in the same folder is written, synced and renamed, then the folder is synced. False when
// the file system refuses.
[[nodiscard]] bool write_durably(const std::filesystem::path& file, std::string_view content);
// Behind what is there; a power cut may leave the last line torn.
[[nodiscard]] bool append_durably(const std::filesystem::path& file, std::string_view lines);
[[nodiscard]] bool remove_durably(const std::filesystem::path& file);
// Nothing when there is no such file, it cannot be read, or it exceeds `limit`.
[[nodiscard]] std::optional<std::string> read_whole(const std::filesystem::path& file, std::size_t limit);

}  // namespace personalize
