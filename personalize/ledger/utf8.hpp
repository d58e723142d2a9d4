// SPDX-License-Identifier: Apache-2.0
// Owns the question whether octets are text: what is no UTF-8 comes into no ledger.
#pragma once

#include <string_view>

namespace personalize {

[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace personalize
