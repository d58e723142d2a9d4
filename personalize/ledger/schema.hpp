// SPDX-License-Identifier: Apache-2.0
// Owns how the ledger's tables came to be what they are: schema/NNN_name.sql, each run once and in this order. They are
// written in words that each engine has its own for: "id IDENTITY", INTEGER, TEXT, BYTES, "APPEND ONLY table;".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "personalize/ledger/database.hpp"

namespace personalize {

enum class Engine : std::uint8_t { sqlite, postgres };

std::span<const std::string_view> ledger_migrations();
// In the engine's own words.
std::string expand(std::string_view migration, Engine engine);

// Brings the tables up to date. not_found: there are none, and none shall be made; corrupt: another program's.
Logged<void> migrate(Database& database, Engine engine, MissingDatabase missing);

}  // namespace personalize
