// SPDX-License-Identifier: Apache-2.0
// Owns the machine readable zone and its check digits (ICAO Doc 9303-3, 4): written in the size TD1 (9303-5, 4.2), read
// in those of TD2 (9303-6) and TD3 (9303-4) too.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "card/patent/data_groups.hpp"

namespace patent {

// 7-3-1 over 0-9, A-Z, <. Nothing for another character.
std::optional<char> check_digit(std::string_view field);

struct Mrz {
  std::string document_code;    // 1 or 2 characters
  std::string issuer;           // up to 3
  std::string document_number;  // up to 9, or longer (continued in the optional data, 9303-5 4.2.4)
  std::string optional1;        // of TD2 and TD3 the only optional data
  std::string birth_date;       // YYMMDD, unknown parts <<
  char sex = '<';
  std::string expiry_date;  // YYMMDD
  std::string nationality;
  std::string optional2;
  std::string primary;  // surname; spaces between parts
  std::string secondary;
  bool names_truncated = false;
  friend bool operator==(const Mrz&, const Mrz&) = default;
};
using MrzLines = std::array<std::string, 3>;  // 30 characters each

// Nothing when a field has a character or length that the zone cannot carry. Names are truncated by 9303-5, 4.2.2.
std::optional<MrzLines> encode_td1(const Mrz& mrz);
Decoded<Mrz> decode_td1(std::string_view ninety_characters);
// The joined lines of any of the three sizes: 90, 72 or 88 characters. Visas are none of them.
Decoded<Mrz> decode_mrz(std::string_view zone);
// Document number, birth date, expiry date, each with its check digit: the input of Basic Access Control and of PACE's
// MRZ password (9303-11, 4.3.2).
Decoded<std::string> mrz_information(std::string_view zone);

Mrz mrz_of(const Patent& patent, std::string_view document_code = "IW");

}  // namespace patent
