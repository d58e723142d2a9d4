// SPDX-License-Identifier: Apache-2.0
// Owns how the places of blanks stand in the ledger's tables (schema/005-stock.sql).
#pragma once

#include <array>

#include "personalize/ledger/column_values.hpp"
#include "personalize/ledger/stock.hpp"

namespace personalize {

// Received, issued, rejected, destroyed; what is taken has not left the stock.
inline constexpr std::array kPlaces{BlankState::in_stock, BlankState::issued, BlankState::rejected,
                                    BlankState::destroyed};

inline std::int64_t place_of(BlankState state) {
  return state <= BlankState::taken ? 0 : static_cast<std::int64_t>(state) - 1;
}
inline BlankState state_of(std::int64_t place) { return kPlaces.at(static_cast<std::size_t>(place)); }

}  // namespace personalize
