// SPDX-License-Identifier: Apache-2.0
// Owns where a key ceremony says what it is going to make: a file that is there from before the first key is made until
// the protocol is whole (docs/hsm.md).
#pragma once

#include <optional>
#include <string_view>

#include "crypto/guarded_file.hpp"

namespace crypto {

inline constexpr std::string_view kCeremoniesFolder = "ceremonies";

// In the domain, or beside a folder that is still to become one.
inline std::filesystem::path opened_ceremony_in(const std::filesystem::path& domain) {
  return domain / kCeremoniesFolder / "opened.json";
}
inline std::filesystem::path beside(const std::filesystem::path& domain, std::string_view suffix) {
  std::filesystem::path file = domain.has_filename() ? domain : domain.parent_path();
  return file += suffix;
}
inline std::filesystem::path opened_founding_of(const std::filesystem::path& domain) {
  return beside(domain, ".ceremony-opened.json");
}
// The one that was not brought to its end, or is going on.
inline std::optional<std::filesystem::path> unended_ceremony(const std::filesystem::path& domain) {
  for (auto file : {opened_ceremony_in(domain), opened_founding_of(domain)})
    if (file_exists(file)) return file;
  return std::nullopt;
}

}  // namespace crypto
