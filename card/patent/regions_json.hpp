// SPDX-License-Identifier: Apache-2.0
// Owns the shipped region profiles' text: regions.json, embedded.
#pragma once

#include <string_view>

namespace patent {

std::string_view shipped_regions_json();

}  // namespace patent
