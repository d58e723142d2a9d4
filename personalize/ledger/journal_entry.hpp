// SPDX-License-Identifier: Apache-2.0
// Owns how an order's entry stands in a journal's file.
#pragma once

#include "personalize/ledger/ledger.hpp"

namespace personalize {

std::string to_json(const LedgerEntry& entry);
// Nothing for anything but what to_json() wrote, now or in an earlier version.
std::optional<LedgerEntry> ledger_entry_from(std::string_view text);

}  // namespace personalize
