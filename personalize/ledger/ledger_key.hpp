// SPDX-License-Identifier: Apache-2.0
// Owns under which key a ledger's personal data lie, and how the INNs that an older version left in the clear come
// under it (docs/ledger.md, "Personal data").
#pragma once

#include "personalize/ledger/database.hpp"
#include "personalize/ledger/personal_data.hpp"

namespace personalize {

// For who opens a ledger with a key. no_key: its personal data are under another. The first one seals what is in the
// clear and has it written over; when it is killed, the next one goes on.
Logged<void> take_ledger_key(Database& database, const PersonalData& personal);
Logged<bool> has_clear_inns(Database& database);

}  // namespace personalize
