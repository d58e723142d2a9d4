// SPDX-License-Identifier: Apache-2.0
// Owns a verdict as text for people and as JSON for machines (verdict.schema.json beside this file).
#pragma once

#include "reader/inspect/evidence.hpp"
#include "reader/report/catalogue.hpp"
#include "reader/report/holder.hpp"

namespace reader {

struct TextOptions {
  Language language = Language::russian;
  std::chrono::minutes utc_offset{180};  // moments are shown in the region's civil time
  const HolderWords* holder = nullptr;   // a line for the holder, too
};
// The first line is the verdict's word, the second its reason. `traffic` may be absent.
std::string to_text(const Verdict& verdict, const Traffic* traffic, const TextOptions& options);

// One sentence for one finding, in words.
std::string to_text(const Finding& finding, const TextOptions& options);

// As an order names it: "right_index".
std::string_view finger_name(std::uint8_t position);

std::string to_json(const Verdict& verdict, const Traffic* traffic, const HolderWords* holder = nullptr);

}  // namespace reader
