// SPDX-License-Identifier: Apache-2.0
// Owns cards of a status ledger for the tests of the status authority.
#pragma once

#include <catch2/catch.hpp>

#include "personalize/ledger/status_book.hpp"
#include "tests/open_master_key.hpp"
#include "tests/temporary_folder.hpp"

namespace sample {

inline constexpr std::string_view kInn = "775123456798";  // of every holder here
inline constexpr std::string_view kListUri = "https://status.example/lists/0";
inline constexpr std::chrono::sys_seconds kEnteredAt{std::chrono::sys_days{std::chrono::year{2026} / 3 / 10} +
                                                     std::chrono::hours{9}};

inline personalize::PersonalData personal_data(crypto::Byte octet = 7) {
  return personalize::PersonalData::open(OpenMasterKey(octet)).value();
}

inline personalize::LedgerCard ledger_card(std::string_view number, std::uint32_t index,
                                           std::string_view uri = kListUri) {
  return {.card_number = std::string(number),
          .patent_number = "772600123456",
          .territory_oktmo = "45000000",
          .issue_date = std::chrono::year{2026} / 3 / 10,
          .issuing_unit = "770-001",
          .list_uri = std::string(uri),
          .list_index = index};
}

inline patent::StatusRecord first_record(const personalize::LedgerCard& card) {
  return {.card_number = card.card_number,
          .patent_number = card.patent_number,
          .months_paid = 1,
          .as_of = kEnteredAt,
          .issuing_unit = card.issuing_unit};
}

inline personalize::LedgerCard entered(personalize::StatusLedger& ledger, std::string_view number,
                                       std::uint32_t index) {
  const auto card = ledger_card(number, index);
  REQUIRE(ledger.enter(card, kInn, first_record(card)));
  return card;
}

}  // namespace sample
