// SPDX-License-Identifier: Apache-2.0
#include "card/patent/patent_group.hpp"

#include <algorithm>
#include <array>

#include "card/patent/identifiers.hpp"
#include "card/patent/mrz.hpp"
#include "card/patent/own_objects.hpp"
#include "card/patent/text.hpp"

namespace patent {

namespace {

enum Tag : std::uint8_t {
  kIssueDate = 0x85,
  kLastDay = 0x86,
  kEmployerKind = 0x8D,
  kPolicy = 0x8E,
  kStatusIndex = 0x8F,
  kProfessionScheme = 0x92,
  kPatronymic = 0x95,
  kAbsentName = 0x96,
  kSurnameLatin = 0x97,
  kGivenLatin = 0x98,
};

template <std::size_t most>
bool text(std::string_view value) {
  return is_text(value, most);
}

bool is_profession_code(std::string_view value) {
  return value.size() >= 4 && value.size() <= 6 &&
         std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
}

struct TextObject {
  std::uint8_t tag;
  std::string Patent::*field;
  bool required;  // where it is not, an empty field has no object
  bool (*holds)(std::string_view);
};
constexpr std::array kTexts{
    TextObject{0x81, &Patent::series, true, is_patent_series},
    TextObject{0x82, &Patent::number, true, is_patent_number},
    TextObject{0x83, &Patent::card_number, true, is_card_number},
    TextObject{0x84, &Patent::blank_number, false, text<12>},
    TextObject{0x87, &Patent::citizenship, true, is_state_code},
    TextObject{0x88, &Patent::identity_document, true, is_identity_document},
    TextObject{0x89, &Patent::inn, true, is_inn},
    TextObject{0x8A, &Patent::issuer_code, true, is_issuer_code},
    TextObject{0x8B, &Patent::territory_oktmo, true, is_oktmo},
    TextObject{0x8C, &Patent::territory_name, true, text<60>},
    TextObject{0x90, &Patent::profession, false, text<120>},
    TextObject{0x91, &Patent::profession_code, false, is_profession_code},
    TextObject{0x93, &Patent::special_marks, false, text<120>},
    TextObject{0x94, &Patent::status_list_uri, false, is_list_uri},
    TextObject{kSurnameLatin, &Patent::surname_latin, false, is_latin_name},
    TextObject{kGivenLatin, &Patent::given_latin, false, is_latin_name},
};

bool is_latin_tag(std::uint8_t tag) { return tag == kSurnameLatin || tag == kGivenLatin; }

// Truncation, hyphens, apostrophes and a missing surname are lost in the zone.
bool zone_gives_latin_names_back(const Patent& patent) {
  const auto lines = encode_td1(mrz_of(patent));
  if (!lines) return false;
  const auto mrz = decode_td1((*lines)[0] + (*lines)[1] + (*lines)[2]);
  return mrz && mrz->primary == patent.surname_latin && mrz->secondary == patent.given_latin;
}

bool put_texts(const Patent& patent, OwnObjects& objects) {
  const bool skip_latin = zone_gives_latin_names_back(patent);
  for (const auto& object : kTexts) {
    const auto& value = patent.*object.field;
    if (value.empty() ? object.required : !object.holds(value)) return false;
    if (!value.empty() && !(skip_latin && is_latin_tag(object.tag))) objects.put(object.tag, value);
  }
  return true;
}

Decoded<void> take_texts(OwnObjects& objects, Patent& patent) {
  for (const auto& object : kTexts) {
    auto value = objects.take_text(object.tag);
    if (!value && object.required) return crypto::unexpected(DecodeError::missing_object);
    if (value && !object.holds(*value)) return crypto::unexpected(DecodeError::bad_value);
    if (value) patent.*object.field = *std::move(value);
  }
  return {};
}

template <class Enum>
Decoded<Enum> in_range(std::uint8_t octet, Enum low, Enum high) {
  if (octet < static_cast<std::uint8_t>(low) || octet > static_cast<std::uint8_t>(high))
    return crypto::unexpected(DecodeError::bad_value);
  return static_cast<Enum>(octet);
}

// An enumeration whose first value is written as absence.
template <class Enum>
Decoded<Enum> take_optional(OwnObjects& objects, std::uint8_t tag, Enum absent, Enum high) {
  const auto octets = objects.take(tag);
  if (!octets) return absent;
  if (octets->size() != 1 || octets->front() == static_cast<std::uint8_t>(absent))
    return crypto::unexpected(DecodeError::bad_value);
  return in_range(octets->front(), absent, high);
}

Decoded<Date> take_date(OwnObjects& objects, std::uint8_t tag) {
  PATENT_TRY(const auto digits, objects.require_text(tag));
  const auto date = parse_date(digits);
  if (!date) return crypto::unexpected(DecodeError::bad_value);
  return *date;
}

// Present and empty is not the same as absent.
bool is_patronymic(std::string_view value) { return value.empty() || is_name(value); }

}  // namespace

AbsentName absent_name(const Patent& patent) {
  return patent.surname_ru.empty() ? AbsentName::surname
         : patent.given_ru.empty() ? AbsentName::given
                                   : AbsentName::none;
}

Bytes encode_dg13(const Patent& patent) {
  OwnObjects objects;
  if (!put_texts(patent, objects) || !patent.issue_date.ok() || !patent.last_day.ok()) return {};
  objects.put(kIssueDate, date_text(patent.issue_date));
  objects.put(kLastDay, date_text(patent.last_day));
  objects.put(kEmployerKind, static_cast<std::uint8_t>(patent.employer_kind));
  objects.put(kPolicy, static_cast<std::uint8_t>(patent.paid_period_policy));
  objects.put(kStatusIndex, patent.status_index);
  if (patent.profession_scheme != ProfessionScheme::none)
    objects.put(kProfessionScheme, static_cast<std::uint8_t>(patent.profession_scheme));
  if (patent.patronymic_ru) {
    if (!is_patronymic(*patent.patronymic_ru)) return {};
    objects.put(kPatronymic, *patent.patronymic_ru);
  }
  if (const auto absent = absent_name(patent); absent != AbsentName::none)
    objects.put(kAbsentName, static_cast<std::uint8_t>(absent));
  Bytes file = objects.encode(layout::file(layout::FileId::dg13).tag);
  if (file.size() > layout::file(layout::FileId::dg13).capacity) return {};
  return file;
}

Decoded<PatentGroup> decode_dg13(ByteView file) {
  const auto& place = layout::file(layout::FileId::dg13);
  PATENT_TRY(const auto value, open_file(file, place.tag, crypto::TlvForm::der, place.capacity));
  PATENT_TRY(OwnObjects objects, OwnObjects::decode(value));
  PatentGroup group;
  Patent& patent = group.patent;
  PATENT_TRY_VOID(take_texts(objects, patent));
  group.has_latin_names = !patent.surname_latin.empty() || !patent.given_latin.empty();
  PATENT_TRY(patent.issue_date, take_date(objects, kIssueDate));
  PATENT_TRY(patent.last_day, take_date(objects, kLastDay));
  if (patent.last_day < patent.issue_date) return crypto::unexpected(DecodeError::bad_value);
  PATENT_TRY(const auto employer, objects.require_octet(kEmployerKind));
  PATENT_TRY(patent.employer_kind, in_range(employer, EmployerKind::any, EmployerKind::individual));
  PATENT_TRY(const auto policy, objects.require_octet(kPolicy));
  PATENT_TRY(patent.paid_period_policy,
             in_range(policy, PaidPeriodPolicy::inclusive_month_end, PaidPeriodPolicy::inclusive_clamped));
  PATENT_TRY(patent.status_index, objects.require_number(kStatusIndex));
  PATENT_TRY(patent.profession_scheme,
             take_optional(objects, kProfessionScheme, ProfessionScheme::none, ProfessionScheme::okz));
  PATENT_TRY(group.absent, take_optional(objects, kAbsentName, AbsentName::none, AbsentName::given));
  patent.patronymic_ru = objects.take_text(kPatronymic);
  if (patent.patronymic_ru && !is_patronymic(*patent.patronymic_ru)) return crypto::unexpected(DecodeError::bad_value);
  PATENT_TRY_VOID(objects.finish());
  return group;
}

}  // namespace patent
