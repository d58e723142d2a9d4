// SPDX-License-Identifier: Apache-2.0
// Owns the actions of `ledger` about its orders: erase, take-journal, release.
#pragma once

#include "personalize/tool/command.hpp"

namespace personalize::tool {

Exit run_ledger_erase(const Command& command, const Words& words);
Exit run_ledger_take_journal(const Command& command, const Words& words);
Exit run_ledger_release(const Command& command, const Words& words);

}  // namespace personalize::tool
