// SPDX-License-Identifier: Apache-2.0
// Owns files that must not be lost, overwritten or seen by others: keys, passphrases, certificates, revocation lists.
#pragma once

#include <filesystem>

#include "crypto/engine.hpp"

namespace crypto {

enum class Overwrite : bool { no, yes };
enum class Readers : std::uint16_t { owner = 0600, everybody = 0644 };

// Written under a temporary name, synced and moved into place, so that a power cut leaves the old file or the new one.
// already_exists when the file is there and may not be overwritten.
Engine::Outcome write_file(const std::filesystem::path& file, ByteView content, Readers readers, Overwrite overwrite);
// not_found; bad_length above `max_size`; storage for what cannot be read.
Result<Bytes, CryptoError> read_file(const std::filesystem::path& file, std::size_t max_size);
// The same for a secret's file: `exposed` when group or others have any right to it, or when it is not a plain file.
Result<Bytes, CryptoError> read_private_file(const std::filesystem::path& file, std::size_t max_size);
// The same for a file that strangers may have put there: `unsupported` for a link, a pipe, a device or a folder.
Result<Bytes, CryptoError> read_plain_file(const std::filesystem::path& file, std::size_t max_size);
// Without exceptions: what cannot be looked at counts as absent, and shows when it is used.
[[nodiscard]] bool file_exists(const std::filesystem::path& file);
// Moves a file within a file system, at once or not at all.
Engine::Outcome move_file(const std::filesystem::path& from, const std::filesystem::path& to, Overwrite overwrite);
// Gone after a power cut too.
Engine::Outcome remove_file(const std::filesystem::path& file);

}  // namespace crypto
