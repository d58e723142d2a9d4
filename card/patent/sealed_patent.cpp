// SPDX-License-Identifier: Apache-2.0
#include "card/patent/sealed_patent.hpp"

#include <algorithm>
#include <array>
#include <bitset>

#include "card/patent/c40.hpp"
#include "card/patent/identifiers.hpp"
#include "card/patent/paid_period.hpp"
#include "card/patent/text.hpp"

namespace patent {

namespace {

using crypto::Byte;
using Feature = SealFeature;

constexpr std::string_view kState = "RUS";

enum Tag : Byte {
  kNumber = 0x01,  // series and number
  kSurname = 0x03,
  kPatronymic = 0x05,
  kBirthDate = 0x06,
  kPolicy = 0x0D,
  kListUri = 0x0E,
  kStatusIndex = 0x0F,
  kSex = 0x10,  // absent: not specified
};

// In C40, and never cut.
struct Code {
  Byte tag;
  std::string Patent::*field;
  bool (*holds)(std::string_view);
};
constexpr std::array kCodes{
    Code{0x02, &Patent::card_number, is_card_number},
    Code{0x07, &Patent::citizenship, is_state_code},
    Code{0x08, &Patent::identity_document, is_identity_document},
    Code{0x09, &Patent::inn, is_inn},
    Code{0x0A, &Patent::territory_oktmo, is_oktmo},
};

// In UTF-8, and cut where there is no room, the first before the second. An empty one has no feature.
struct Text {
  Byte tag;
  std::string Patent::*field;
  std::size_t most;  // characters
};
constexpr std::array kTexts{
    Text{0x0C, &Patent::profession, 120},
    Text{0x0B, &Patent::territory_name, 60},
    Text{0x04, &Patent::given_ru, 60},
    Text{kSurname, &Patent::surname_ru, 60},
};
constexpr std::size_t kPatronymicLetters = 60;

bool is_patronymic(std::string_view text) { return is_text(text, kPatronymicLetters); }

Bytes octets(std::string_view text) {
  const auto view = crypto::as_bytes(text);
  return {view.begin(), view.end()};
}

// 2.3.1: an integer is unsigned, without leading zeros.
Bytes integer(std::uint32_t value) {
  std::array<Byte, 4> all{};
  crypto::store_be32(all, value);
  const auto first = std::find_if(all.begin(), all.end() - 1, [](Byte b) { return b != 0; });
  return {first, all.end()};
}
std::optional<std::uint32_t> read_integer(ByteView value) {
  if (value.empty() || value.size() > 4 || (value.size() > 1 && value[0] == 0)) return std::nullopt;
  std::uint32_t out = 0;
  for (const auto octet : value) out = out << 8 | octet;
  return out;
}

// At most `most` octets of it, whole characters.
std::string cut(std::string_view text, std::size_t most) {
  std::size_t end = std::min(text.size(), most - std::min(most, kCut.size()));
  while (end > 0 && (static_cast<Byte>(text[end]) & 0xC0) == 0x80) --end;
  while (end > 0 && text[end - 1] == ' ') --end;
  return std::string(text.substr(0, end)).append(kCut);
}

std::size_t size_of(const std::vector<Feature>& features) {
  std::size_t size = 0;
  for (const auto& feature : features) size += feature_size(feature.value.size());
  return size;
}

bool holds(const Patent& p) {
  return is_patent_series(p.series) && is_patent_number(p.number) && is_birth_date(p.birth_date) &&
         !(p.surname_ru.empty() && p.given_ru.empty()) && !p.territory_name.empty() &&
         std::ranges::all_of(kCodes, [&](const Code& code) { return code.holds(p.*code.field); }) &&
         std::ranges::all_of(kTexts,
                             [&](const Text& t) { return (p.*t.field).empty() || is_text(p.*t.field, t.most); }) &&
         (!p.patronymic_ru || p.patronymic_ru->empty() || is_patronymic(*p.patronymic_ru)) &&
         (p.status_list_uri.empty() || is_list_uri(p.status_list_uri)) && last_possible_day(p.issue_date) == p.last_day;
}

// In the order in which they are cut; the patronymic goes before the names.
std::vector<Feature> texts_of(const Patent& p) {
  std::vector<Feature> out;
  for (const auto& text : kTexts) out.push_back({text.tag, octets(p.*text.field)});
  out.insert(out.begin() + 2, {kPatronymic, octets(p.patronymic_ru.value_or(""))});
  std::erase_if(out, [](const Feature& feature) { return feature.value.empty(); });
  return out;
}

std::vector<Feature> features_of(const Patent& p) {
  std::vector<Feature> out{{kNumber, encode_c40(p.series + p.number)}};
  for (const auto& code : kCodes) out.push_back({code.tag, encode_c40(p.*code.field)});
  out.push_back({kBirthDate, encode_seal_date(p.birth_date.year, p.birth_date.month, p.birth_date.day)});
  out.push_back({kPolicy, integer(static_cast<std::uint32_t>(p.paid_period_policy))});
  if (p.sex != Sex::unspecified) out.push_back({kSex, encode_c40(p.sex == Sex::male ? "M" : "F")});
  if (p.status_list_uri.empty()) return out;
  out.push_back({kListUri, octets(p.status_list_uri)});
  out.push_back({kStatusIndex, integer(p.status_index)});
  return out;
}

// Cuts the texts, one after the other, until all of them take no more than `room`.
bool fit(std::vector<Feature>& texts, std::size_t room) {
  for (auto& text : texts) {
    const auto size = size_of(texts);
    if (size <= room) return true;
    const auto value = text.value.size(), excess = size - room;
    if (value <= kCut.size()) continue;
    const std::string whole(text.value.begin(), text.value.end());
    text.value = octets(cut(whole, value - std::min(value, excess)));
  }
  return size_of(texts) <= room;
}

class Reading {
public:
  explicit Reading(const VisibleSeal& seal) : seal_(seal) {}

  crypto::Result<Patent, SealError> patent() {
    const auto& header = seal_.header;
    if (header.document_category != kPatentCategory || header.feature_definition != kPatentFeatures)
      return crypto::unexpected<SealError>(SealError::another_document);
    patent_.issue_date = header.issued;
    const auto last_day = last_possible_day(header.issued);
    if (!last_day) return crypto::unexpected<SealError>(SealError::bad_date);
    patent_.last_day = *last_day;
    for (const auto& feature : seal_.features) {
      if (seen_.test(feature.tag)) return crypto::unexpected<SealError>(SealError::repeated_feature);
      seen_.set(feature.tag);
      if (const auto error = read(feature)) return crypto::unexpected<SealError>(*error);
    }
    if (!complete()) return crypto::unexpected<SealError>(SealError::missing_feature);
    return std::move(patent_);
  }

private:
  // Doc 9303-13, 2.3.1: a feature that is not known is none of our business.
  std::optional<SealError> read(const Feature& feature) {
    if (const auto* const code = std::ranges::find(kCodes, feature.tag, &Code::tag); code != kCodes.end())
      return read_code(feature.value, patent_.*code->field, code->holds);
    if (const auto* const text = std::ranges::find(kTexts, feature.tag, &Text::tag); text != kTexts.end())
      return read_text(feature.value, patent_.*text->field, text->most);
    switch (feature.tag) {
      case kNumber: return read_number(feature.value);
      case kPatronymic: return read_text(feature.value, patent_.patronymic_ru.emplace(), kPatronymicLetters);
      case kBirthDate: return read_birth_date(feature.value);
      case kPolicy: return read_policy(feature.value);
      case kListUri: return read_uri(feature.value);
      case kStatusIndex: return read_index(feature.value);
      case kSex: return read_sex(feature.value);
      default: return std::nullopt;
    }
  }

  static std::optional<SealError> read_code(ByteView value, std::string& out, bool (*holds)(std::string_view)) {
    auto text = decode_c40(value);
    if (!text) return SealError::bad_text;
    if (!holds(*text)) return SealError::bad_feature;
    out = *std::move(text);
    return std::nullopt;
  }
  static std::optional<SealError> read_text(ByteView value, std::string& out, std::size_t most) {
    out.assign(value.begin(), value.end());
    return is_text(out, most) ? std::nullopt : std::optional(SealError::bad_text);
  }
  std::optional<SealError> read_number(ByteView value) {
    const auto text = decode_c40(value);
    if (!text) return SealError::bad_text;
    patent_.series = text->substr(0, 2);
    patent_.number = text->substr(patent_.series.size());
    const bool good = is_patent_series(patent_.series) && is_patent_number(patent_.number);
    return good ? std::nullopt : std::optional(SealError::bad_feature);
  }
  std::optional<SealError> read_birth_date(ByteView value) {
    const auto date = decode_seal_date(value);
    if (!date) return SealError::bad_date;
    patent_.birth_date = {date->year, date->month, date->day};
    return is_birth_date(patent_.birth_date) ? std::nullopt : std::optional(SealError::bad_date);
  }
  std::optional<SealError> read_policy(ByteView value) {
    const auto policy = read_integer(value);
    if (policy != 1U && policy != 2U) return SealError::bad_feature;
    patent_.paid_period_policy = static_cast<PaidPeriodPolicy>(*policy);
    return std::nullopt;
  }
  std::optional<SealError> read_uri(ByteView value) {
    patent_.status_list_uri.assign(value.begin(), value.end());
    return is_list_uri(patent_.status_list_uri) ? std::nullopt : std::optional(SealError::bad_feature);
  }
  std::optional<SealError> read_index(ByteView value) {
    const auto index = read_integer(value);
    if (!index) return SealError::bad_feature;
    patent_.status_index = *index;
    return std::nullopt;
  }

  std::optional<SealError> read_sex(ByteView value) {
    const auto letter = decode_c40(value);
    if (letter != "M" && letter != "F") return SealError::bad_feature;
    patent_.sex = letter == "M" ? Sex::male : Sex::female;
    return std::nullopt;
  }

  [[nodiscard]] bool complete() const {
    constexpr Byte kTerritoryName = 0x0B, kGiven = 0x04;
    return std::ranges::all_of(kCodes, [&](const Code& code) { return seen_.test(code.tag); }) && seen_.test(kNumber) &&
           seen_.test(kBirthDate) && seen_.test(kPolicy) && seen_.test(kTerritoryName) &&
           (seen_.test(kSurname) || seen_.test(kGiven)) && seen_.test(kListUri) == seen_.test(kStatusIndex);
  }

  const VisibleSeal& seal_;
  Patent patent_;
  std::bitset<256> seen_;
};

}  // namespace

std::optional<VisibleSeal> seal_of(const Patent& patent, const SealSigner& signer, Date signed_on,
                                   std::size_t signature_octets) {
  VisibleSeal seal;
  seal.header = {std::string(kState), signer.identifier, signer.certificate, patent.issue_date,
                 signed_on,           kPatentFeatures,   kPatentCategory};
  const auto frame = seal_frame_size(seal.header, signature_octets);
  if (frame == 0 || !holds(patent)) return std::nullopt;
  seal.features = features_of(patent);
  const auto fixed = frame + size_of(seal.features);
  auto texts = texts_of(patent);
  if (fixed > kMaxSealOctets || !fit(texts, kMaxSealOctets - fixed)) return std::nullopt;
  std::ranges::move(texts, std::back_inserter(seal.features));
  std::ranges::sort(seal.features, {}, &Feature::tag);
  return seal;
}

crypto::Result<Patent, SealError> sealed_patent(const VisibleSeal& seal) { return Reading(seal).patent(); }

bool is_sealed_text(std::string_view sealed, std::string_view whole) {
  if (sealed == whole) return true;
  return sealed.ends_with(kCut) && whole.starts_with(sealed.substr(0, sealed.size() - kCut.size()));
}

}  // namespace patent
