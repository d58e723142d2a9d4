// SPDX-License-Identifier: Apache-2.0
// Owns how the status ledger's tables came to be what they are: schema/NNN_name.sql, each run once and in this order.
#pragma once

#include <span>
#include <string_view>

namespace personalize {

std::span<const std::string_view> status_migrations();

}  // namespace personalize
