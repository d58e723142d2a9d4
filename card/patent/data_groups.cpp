// SPDX-License-Identifier: Apache-2.0
#include "card/patent/data_groups.hpp"

#include <algorithm>

#include "card/patent/listed_objects.hpp"
#include "card/patent/mrz.hpp"
#include "card/patent/patent_group.hpp"
#include "card/patent/text.hpp"

namespace patent {

namespace {

using layout::FileId;

constexpr std::uint32_t kZone = 0x5F1F;
constexpr std::uint32_t kFullName = 0x5F0E;
constexpr std::uint32_t kBirthDate = 0x5F2B;
constexpr std::uint32_t kBirthPlace = 0x5F11;
constexpr std::uint32_t kAuthority = 0x5F19;
constexpr std::uint32_t kIssueDate = 0x5F26;
constexpr std::size_t kPlaceCharacters = 120;

std::uint8_t tag_of(FileId id) { return layout::file(id).tag; }

ListedObject listed(std::uint32_t tag, std::string_view text) { return {tag, Bytes(text.begin(), text.end())}; }

std::string with_fillers(std::string text) {
  std::ranges::replace(text, ' ', '<');
  return text;
}

std::string with_spaces(std::string text) {
  std::ranges::replace(text, '<', ' ');
  return text;
}

// SURNAME<<GIVEN<NAMES<PATRONYMIC, a space between the parts of a name being '<' too; a single name stands first
// (Doc 9303-3, 4.6; 9303-10, A.5).
std::string full_name(const Patent& patent) {
  std::string primary = patent.surname_ru;
  std::string secondary = patent.given_ru;
  if (primary.empty()) primary.swap(secondary);
  if (const auto patronymic = patent.patronymic_ru.value_or(""); !patronymic.empty()) {
    if (!secondary.empty()) secondary += ' ';
    secondary += patronymic;
  }
  std::string name = with_fillers(std::move(primary));
  if (!secondary.empty()) name.append("<<").append(with_fillers(std::move(secondary)));
  return name;
}

// The inverse, with what DG13 knows: which name is absent, and the patronymic.
Decoded<void> split_full_name(const std::string& name, AbsentName absent, Patent& patent) {
  const auto separator = name.find("<<");
  const std::string primary = with_spaces(name.substr(0, separator));
  std::string given = separator == std::string::npos ? "" : with_spaces(name.substr(separator + 2));
  if (const auto patronymic = patent.patronymic_ru.value_or(""); !patronymic.empty()) {
    if (!given.ends_with(patronymic)) return crypto::unexpected(DecodeError::bad_value);
    given.resize(given.size() - patronymic.size());
    if (!given.empty()) given.pop_back();
  }
  patent.surname_ru = absent == AbsentName::surname ? "" : primary;
  patent.given_ru = absent == AbsentName::surname ? primary : given;
  for (const auto& part : {patent.surname_ru, patent.given_ru})
    if (!part.empty() && !is_name(part)) return crypto::unexpected(DecodeError::bad_value);
  if (absent_name(patent) != absent || full_name(patent) != name) return crypto::unexpected(DecodeError::bad_value);
  return {};
}

Decoded<void> read_dg11(ByteView file, AbsentName absent, Patent& patent) {
  PATENT_TRY(const auto objects, decode_listed(file, tag_of(FileId::dg11)));
  PATENT_TRY(const auto name, listed_text(objects, kFullName));
  PATENT_TRY_VOID(split_full_name(name, absent, patent));
  PATENT_TRY(const auto digits, listed_date(objects, kBirthDate));
  const auto birth_date = parse_birth_date(digits);
  if (!birth_date) return crypto::unexpected(DecodeError::bad_value);
  patent.birth_date = *birth_date;
  if (const auto place = listed_text(objects, kBirthPlace)) {
    if (!is_text(*place, kPlaceCharacters)) return crypto::unexpected(DecodeError::bad_value);
    patent.birth_place = *place;
  }
  return {};
}

Decoded<void> read_dg12(ByteView file, Patent& patent) {
  PATENT_TRY(const auto objects, decode_listed(file, tag_of(FileId::dg12)));
  PATENT_TRY(patent.issuer_name, listed_text(objects, kAuthority));
  PATENT_TRY(const auto digits, listed_date(objects, kIssueDate));
  if (!is_text(patent.issuer_name, kPlaceCharacters) || parse_date(digits) != patent.issue_date)
    return crypto::unexpected(DecodeError::bad_value);
  return {};
}

// What the zone alone knows is taken from it; then the zone must be the one that this patent has. So number, names,
// dates, sex and citizenship agree, truncation included.
Decoded<void> read_dg1(ByteView file, bool latin_names_known, Patent& patent) {
  PATENT_TRY(const auto zone, decode_dg1(file));
  PATENT_TRY(const auto mrz, decode_td1(zone));
  patent.sex = mrz.sex == 'M' ? Sex::male : mrz.sex == 'F' ? Sex::female : Sex::unspecified;
  if (!latin_names_known) {
    patent.surname_latin = mrz.primary;
    patent.given_latin = mrz.secondary;
  }
  const auto expected = encode_td1(mrz_of(patent, mrz.document_code));
  if (!expected || (*expected)[0] + (*expected)[1] + (*expected)[2] != zone)
    return crypto::unexpected(DecodeError::bad_value);
  return {};
}

}  // namespace

Bytes encode_dg1(const Patent& patent, std::string_view document_code) {
  if (!is_birth_date(patent.birth_date) || !patent.last_day.ok()) return {};
  const auto lines = encode_td1(mrz_of(patent, document_code));
  if (!lines) return {};
  const std::string zone = (*lines)[0] + (*lines)[1] + (*lines)[2];
  return crypto::tlv(tag_of(FileId::dg1), crypto::tlv(kZone, crypto::as_bytes(zone)));
}

Decoded<std::string> decode_dg1(ByteView file) {
  PATENT_TRY(const auto value, open_file(file, tag_of(FileId::dg1), crypto::TlvForm::ber));
  PATENT_TRY(const auto zone, open_file(value, kZone, crypto::TlvForm::ber));
  if (zone.size() != 90 && zone.size() != 88 && zone.size() != 72) return crypto::unexpected(DecodeError::bad_value);
  return text_of(zone);
}

Bytes encode_dg11(const Patent& patent) {
  for (const auto& name : {patent.surname_ru, patent.given_ru, patent.patronymic_ru.value_or("")})
    if (!name.empty() && !is_name(name)) return {};
  if (patent.surname_ru.empty() && patent.given_ru.empty()) return {};
  if (!is_birth_date(patent.birth_date)) return {};
  ListedObjects objects{listed(kFullName, full_name(patent)), listed(kBirthDate, birth_date_text(patent.birth_date))};
  if (!patent.birth_place.empty()) {
    if (!is_text(patent.birth_place, kPlaceCharacters)) return {};
    objects.push_back(listed(kBirthPlace, patent.birth_place));
  }
  return encode_listed(tag_of(FileId::dg11), objects);
}

Bytes encode_dg12(const Patent& patent) {
  if (!is_text(patent.issuer_name, kPlaceCharacters) || !patent.issue_date.ok()) return {};
  return encode_listed(tag_of(FileId::dg12),
                       {listed(kAuthority, patent.issuer_name), listed(kIssueDate, date_text(patent.issue_date))});
}

Decoded<Patent> decode_patent(const PatentGroups& groups) {
  PATENT_TRY(auto group, decode_dg13(groups.dg13));
  PATENT_TRY_VOID(read_dg11(groups.dg11, group.absent, group.patent));
  PATENT_TRY_VOID(read_dg12(groups.dg12, group.patent));
  PATENT_TRY_VOID(read_dg1(groups.dg1, group.has_latin_names, group.patent));
  return std::move(group.patent);
}

}  // namespace patent
