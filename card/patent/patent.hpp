// SPDX-License-Identifier: Apache-2.0
// Owns Patent: the document as a value (115-FZ art. 13.3, MVD Order 805 of 02.11.2021; docs/domain.md). All text is
// UTF-8, NFC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "crypto/bytes.hpp"

namespace patent {

using Date = std::chrono::year_month_day;
using crypto::Bytes;
using crypto::ByteView;

// A birth date of which month and day, or the day alone, may be unknown (Doc 9303-3, 4.8).
struct BirthDate {
  int year = 0;
  unsigned month = 0;  // 0: unknown
  unsigned day = 0;    // 0: unknown
  friend bool operator==(const BirthDate&, const BirthDate&) = default;
};

enum class Sex : std::uint8_t { male, female, unspecified };
enum class EmployerKind : std::uint8_t { any, legal_entity, individual };
// How a paid month ends where the calendar lacks the day (docs/domain.md, paid period).
enum class PaidPeriodPolicy : std::uint8_t {
  inclusive_month_end = 1,  // A: the last day of that month
  inclusive_clamped = 2,    // B: the last day of that month, less one
};
enum class ProfessionScheme : std::uint8_t { none, okpdtr, okz };

struct Patent {
  // the document
  std::string series;        // 2 digits
  std::string number;        // 10 digits
  std::string card_number;   // 9 of A-Z0-9
  std::string blank_number;  // up to 12
  Date issue_date{};
  Date last_day{};          // issue date + 12 months - 1 day: nothing is valid after it
  std::string issuer_name;  // up to 120
  std::string issuer_code;  // NNN-NNN
  // the holder
  std::string surname_ru;  // as printed; one of surname and given may be empty
  std::string given_ru;
  std::optional<std::string> patronymic_ru;
  std::string surname_latin;  // as in the passport's MRZ, A-Z space - '
  std::string given_latin;
  Sex sex = Sex::unspecified;
  BirthDate birth_date;
  std::string birth_place;        // up to 120, may be empty
  std::string citizenship;        // ISO 3166-1 alpha-3 or a code of Doc 9303-3, 5
  std::string identity_document;  // number, A-Z0-9, up to 20
  std::string inn;                // 12 digits
  // the permission
  std::string territory_oktmo;  // 8 or 11 digits
  std::string territory_name;   // up to 60
  std::string profession;       // up to 120, may be empty
  std::string profession_code;  // 4 to 6 digits, may be empty
  ProfessionScheme profession_scheme = ProfessionScheme::none;
  EmployerKind employer_kind = EmployerKind::any;
  std::string special_marks;  // up to 120, may be empty
  PaidPeriodPolicy paid_period_policy = PaidPeriodPolicy::inclusive_month_end;
  std::string status_list_uri;  // up to 120, may be empty
  std::uint32_t status_index = 0;
  friend bool operator==(const Patent&, const Patent&) = default;
};

enum class ImageFormat : std::uint8_t { jpeg, jpeg2000 };
struct FaceImage {
  ImageFormat format = ImageFormat::jpeg;
  std::uint16_t width = 0;  // pixels
  std::uint16_t height = 0;
  Bytes data;  // the codestream as it stands in the record
  friend bool operator==(const FaceImage&, const FaceImage&) = default;
};

enum class DecodeError : std::uint8_t {
  malformed_tlv,
  missing_object,  // an object that this version requires is not there
  unknown_object,  // an object that must be understood is not known
  bad_value,       // a value outside its form or range
  bad_check_digit,
  unsupported_version,
  too_long,
  trailing_data,
};

}  // namespace patent
