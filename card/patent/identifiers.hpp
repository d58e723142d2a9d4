// SPDX-License-Identifier: Apache-2.0
// Owns the identifiers of the law and their checks: INN, SNILS, patent numbers, OKTMO, issuing units, passports.
#pragma once

#include <string_view>

namespace patent {

bool is_inn(std::string_view text);                // 12 digits, both check digits, not all zeros
bool is_snils(std::string_view text);              // 11 digits, check number (only above 001-001-998)
bool is_patent_series(std::string_view text);      // 2 digits
bool is_patent_number(std::string_view text);      // 10 digits
bool is_card_number(std::string_view text);        // 9 of A-Z0-9
bool is_oktmo(std::string_view text);              // 8 or 11 digits
bool is_issuer_code(std::string_view text);        // NNN-NNN
bool is_state_code(std::string_view text);         // 1 to 3 of A-Z: Doc 9303-3, 5
bool is_list_uri(std::string_view text);           // of a status list: 1 to 120 visible ASCII characters, no '<'
bool is_identity_document(std::string_view text);  // 1 to 20 of A-Z0-9: Cyrillic look-alikes are refused

// Whether a passport number has the form its country prints; a wrong form is a warning, not a fault. True for unknown
// countries.
bool looks_like_passport(std::string_view country, std::string_view number);

}  // namespace patent
