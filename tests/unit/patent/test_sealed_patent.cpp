// SPDX-License-Identifier: Apache-2.0
// A patent through its seal and back: whole where there is room, cut where there is none, never half true.
#include "../../seed.hpp"
#include "card/patent/sealed_patent.hpp"
#include "card/patent/text.hpp"
#include "random_patent.hpp"
#include "vectors.hpp"

using namespace patent;
using namespace std::chrono;

namespace {

const SealSigner kSigner{"RUPS", "73D6D549DA"};
constexpr std::size_t kSignature = 64;
constexpr Date kSignedOn = 2026y / 3 / 9;

Patent printed() {
  Random random(1);
  Patent p = random_patent(random);
  p.surname_ru = "ШАРИПОВ";
  p.given_ru = "ФАРРУХ";
  p.patronymic_ru = "РУСТАМОВИЧ";
  p.profession = "подсобный рабочий";
  p.territory_name = "г. Москва";
  p.status_list_uri = "https://status.example.ru/patents/77/0";
  p.status_index = 70'000;
  return p;
}

Patent through(const Patent& patent) {
  const auto seal = seal_of(patent, kSigner, kSignedOn, kSignature);
  REQUIRE(seal);
  const auto octets = encode_seal(encode_seal_content(*seal), Bytes(kSignature, 1));
  REQUIRE(octets.size() <= kMaxSealOctets);
  const auto read = decode_seal(octets);
  REQUIRE(read);
  CHECK(read->seal == *seal);
  const auto back = sealed_patent(read->seal);
  REQUIRE(back);
  return *back;
}

void check_same(const Patent& back, const Patent& patent) {
  CHECK(back.series == patent.series);
  CHECK(back.number == patent.number);
  CHECK(back.card_number == patent.card_number);
  CHECK(back.birth_date == patent.birth_date);
  CHECK(back.sex == patent.sex);
  CHECK(back.citizenship == patent.citizenship);
  CHECK(back.identity_document == patent.identity_document);
  CHECK(back.inn == patent.inn);
  CHECK(back.territory_oktmo == patent.territory_oktmo);
  CHECK(back.issue_date == patent.issue_date);
  CHECK(back.last_day == patent.last_day);
  CHECK(back.paid_period_policy == patent.paid_period_policy);
  CHECK(back.status_list_uri == patent.status_list_uri);
  if (!patent.status_list_uri.empty()) CHECK(back.status_index == patent.status_index);
  CHECK(is_sealed_text(back.surname_ru, patent.surname_ru));
  CHECK(is_sealed_text(back.given_ru, patent.given_ru));
  CHECK(is_sealed_text(back.patronymic_ru.value_or(""), patent.patronymic_ru.value_or("")));
  CHECK(is_sealed_text(back.profession, patent.profession));
  CHECK(is_sealed_text(back.territory_name, patent.territory_name));
}

SealFeature& feature(VisibleSeal& seal, std::uint8_t tag) {
  const auto found = std::ranges::find(seal.features, tag, &SealFeature::tag);
  REQUIRE(found != seal.features.end());
  return *found;
}

SealError error_of(const VisibleSeal& seal) {
  const auto read = sealed_patent(seal);
  REQUIRE_FALSE(read);
  return read.error();
}

}  // namespace

TEST_CASE("an ordinary patent fits its seal whole") {
  const auto patent = printed();
  const auto back = through(patent);
  check_same(back, patent);
  CHECK(back.surname_ru == patent.surname_ru);
  CHECK(back.profession == patent.profession);
  CHECK(back.territory_name == patent.territory_name);
}

TEST_CASE("any patent fits its seal; what is cut is cut from the end, the profession first") {
  Random random(test_seed());
  for (int i = 0; i < 200; ++i) {
    const auto patent = random_patent(random);
    check_same(through(patent), patent);
  }
  auto patent = printed();
  for (int i = 0; i < 40; ++i) patent.profession += "ы";
  auto back = through(patent);
  check_same(back, patent);
  CHECK(back.profession.ends_with(kCut));
  CHECK(back.profession.size() > 20);
  CHECK(back.territory_name == patent.territory_name);

  // The longest of everything.
  patent.surname_ru.clear();
  for (int i = 0; i < 60; ++i) patent.surname_ru += "Ж";
  patent.given_ru = patent.surname_ru;
  patent.patronymic_ru = patent.surname_ru;
  patent.territory_name = patent.surname_ru;
  patent.profession = patent.surname_ru + patent.surname_ru;
  patent.territory_oktmo = "45000000001";
  patent.identity_document = "ABCDEFGHIJ0123456789";
  patent.status_list_uri = "https://" + std::string(112, 'a');
  patent.status_index = 0xFFFFFFFF;
  back = through(patent);
  check_same(back, patent);
  CHECK(back.profession == kCut);
  CHECK(back.surname_ru.size() > kCut.size());
}

TEST_CASE("what is outside its form is not sealed") {
  const auto refused = [](auto&& change) {
    auto patent = printed();
    change(patent);
    return !seal_of(patent, kSigner, kSignedOn, kSignature);
  };
  CHECK_FALSE(refused([](Patent&) {}));
  CHECK(refused([](Patent& p) { p.number = "123"; }));
  CHECK(refused([](Patent& p) { p.card_number = "12345678"; }));
  CHECK(refused([](Patent& p) { p.inn.back() = p.inn.back() == '0' ? '1' : '0'; }));
  CHECK(refused([](Patent& p) { p.surname_ru = p.given_ru = ""; }));
  CHECK(refused([](Patent& p) { p.profession = "\xFF"; }));
  CHECK(refused([](Patent& p) { p.last_day = p.issue_date; }));
  CHECK(refused([](Patent& p) { p.status_list_uri = "https://ы"; }));
  CHECK_FALSE(seal_of(printed(), {"RU", "73"}, kSignedOn, kSignature));
  CHECK_FALSE(seal_of(printed(), kSigner, kSignedOn, kMaxSealOctets));
}

TEST_CASE("a seal with strange features is refused by name") {
  using enum SealError;
  const auto seal = seal_of(printed(), kSigner, kSignedOn, kSignature).value();
  const auto with = [&](auto&& change) {
    auto other = seal;
    change(other);
    return error_of(other);
  };
  CHECK(with([](VisibleSeal& s) { s.header.document_category = 1; }) == another_document);
  CHECK(with([](VisibleSeal& s) { s.header.feature_definition = 2; }) == another_document);
  CHECK(with([](VisibleSeal& s) { s.features.push_back(s.features.front()); }) == repeated_feature);
  for (const int tag : {0x01, 0x02, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0D, 0x0E, 0x0F}) {
    INFO(tag);
    CHECK(with([&](VisibleSeal& s) {
            std::erase_if(s.features, [&](const SealFeature& f) { return f.tag == tag; });
          }) == missing_feature);
  }
  CHECK(with([](VisibleSeal& s) { feature(s, 0x01).value.resize(6); }) == bad_feature);
  CHECK(with([](VisibleSeal& s) { feature(s, 0x02).value.push_back(0); }) == bad_text);
  CHECK(with([](VisibleSeal& s) { feature(s, 0x03).value[0] = 0xFF; }) == bad_text);
  CHECK(with([](VisibleSeal& s) { feature(s, 0x06).value = {0xFF, 0, 0}; }) == bad_date);
  CHECK(with([](VisibleSeal& s) { feature(s, 0x06).value.push_back(0); }) == bad_date);
  CHECK(with([](VisibleSeal& s) { feature(s, 0x0D).value = {3}; }) == bad_feature);
  CHECK(with([](VisibleSeal& s) { feature(s, 0x0D).value = {0, 1}; }) == bad_feature);
  CHECK(with([](VisibleSeal& s) { feature(s, 0x0E).value[0] = ' '; }) == bad_feature);
  CHECK(with([](VisibleSeal& s) { feature(s, 0x0F).value = {}; }) == bad_feature);
  CHECK(with([](VisibleSeal& s) {
          s.features.push_back({0x11, {}}), s.features.push_back({0x11, {}});
        }) == repeated_feature);
  CHECK(with([](VisibleSeal& s) {
          std::erase_if(s.features, [](const SealFeature& f) { return f.tag == 0x10; });
          s.features.push_back({0x10, {0xFE, 'Z' + 1}});
        }) == bad_feature);
  CHECK(with([](VisibleSeal& s) { feature(s, 0x0F).value = Bytes(5, 1); }) == bad_feature);

  auto more = seal;  // Doc 9303-13, 2.3.1: features of others do not matter, nor does their order
  more.features.insert(more.features.begin(), {0x77, {1, 2, 3}});
  std::ranges::reverse(more.features);
  CHECK(sealed_patent(more) == sealed_patent(seal));
}

TEST_CASE("a cut text matches what it was cut from") {
  CHECK(is_sealed_text("ШАРИПОВ", "ШАРИПОВ"));
  CHECK(is_sealed_text("ШАР…", "ШАРИПОВ"));
  CHECK(is_sealed_text("…", "ШАРИПОВ"));
  CHECK_FALSE(is_sealed_text("ШАР", "ШАРИПОВ"));
  CHECK_FALSE(is_sealed_text("ШАТ…", "ШАРИПОВ"));
  CHECK_FALSE(is_sealed_text("", "ШАРИПОВ"));
}
