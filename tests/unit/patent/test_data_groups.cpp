// SPDX-License-Identifier: Apache-2.0
#include "card/patent/data_groups.hpp"

#include <catch2/catch.hpp>

#include "card/patent/listed_objects.hpp"
#include "card/patent/mrz.hpp"
#include "random_patent.hpp"
#include "tests/seed.hpp"
#include "vectors.hpp"

using namespace patent;
using namespace std::chrono_literals;

namespace {

Patent sample() {
  Patent p;
  p.series = "77";
  p.number = "2100123456";
  p.card_number = "P00000017";
  p.blank_number = "ПР 1234567";
  p.issue_date = 2021y / 4 / 22;
  p.last_day = 2022y / 4 / 21;
  p.issuer_name = "ГУ МВД РОССИИ ПО Г. МОСКВЕ";
  p.issuer_code = "770-001";
  p.surname_ru = "ШАРИПОВ";
  p.given_ru = "ФАРРУХ";
  p.patronymic_ru = "РУСТАМОВИЧ";
  p.surname_latin = "SHARIPOV";
  p.given_latin = "FARRUKH RUSTAMOVICH";
  p.sex = Sex::male;
  p.birth_date = {1990, 5, 12};
  p.birth_place = "г. Душанбе";
  p.citizenship = "TJK";
  p.identity_document = "402345678";
  p.inn = "775123456798";
  p.territory_oktmo = "45000000";
  p.territory_name = "г. МОСКВА";
  p.profession = "подсобный рабочий";
  p.profession_code = "16771";
  p.profession_scheme = ProfessionScheme::okpdtr;
  p.special_marks = "—";
  p.status_list_uri = "https://status.example/77/1";
  p.status_index = 4711;
  return p;
}

struct Files {
  Bytes dg1, dg11, dg12, dg13;
  explicit Files(const Patent& p)
      : dg1(encode_dg1(p)), dg11(encode_dg11(p)), dg12(encode_dg12(p)), dg13(encode_dg13(p)) {}
  Decoded<Patent> decode() const { return decode_patent({dg1, dg11, dg12, dg13}); }
};

Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }

// Cuts the objects of DG13 apart, lets one be changed, and puts the file together again.
Bytes with_object(const Bytes& dg13, std::uint32_t tag, const std::optional<Bytes>& value) {
  crypto::TlvReader reader(crypto::read_only_tlv(dg13, 0x6D)->value);
  std::map<std::uint32_t, Bytes> objects;
  while (!reader.at_end()) {
    const auto object = *reader.next();
    objects[object.tag] = Bytes(object.value.begin(), object.value.end());
  }
  if (value)
    objects[tag] = *value;
  else
    objects.erase(tag);
  Bytes content;
  for (const auto& [t, v] : objects) crypto::append_tlv(content, t, v);
  return crypto::tlv(0x6D, content);
}

DecodeError error_with(std::uint32_t tag, const std::optional<Bytes>& value) {
  Files files(sample());
  files.dg13 = with_object(files.dg13, tag, value);
  const auto result = files.decode();
  REQUIRE_FALSE(result);
  return result.error();
}

}  // namespace

TEST_CASE("a patent goes through its data groups and comes back") {
  const auto read = Files(sample()).decode();
  REQUIRE(read);
  CHECK(*read == sample());
}

TEST_CASE("random patents come back, whatever parts they have") {
  const std::uint32_t seed = test_seed();
  Random random(seed);
  for (int i = 0; i < 1500; ++i) {
    const Patent p = random_patent(random);
    const Files files(p);
    INFO("seed " << seed << " round " << i << " " << p.surname_ru << " / " << p.given_ru << " / " << p.surname_latin
                 << " / " << p.given_latin);
    REQUIRE_FALSE(files.dg1.empty());
    REQUIRE_FALSE(files.dg11.empty());
    REQUIRE_FALSE(files.dg12.empty());
    REQUIRE_FALSE(files.dg13.empty());
    const auto read = files.decode();
    REQUIRE(read);
    REQUIRE(*read == p);
    const Files again(*read);
    REQUIRE(again.dg13 == files.dg13);
    REQUIRE(again.dg11 == files.dg11);
  }
}

TEST_CASE("the longest fields fit the files") {
  Patent p = sample();
  const auto repeat = [](std::string_view letter, int n) {
    std::string out;
    for (int i = 0; i < n; ++i) out += letter;
    return out;
  };
  p.surname_ru = p.given_ru = *(p.patronymic_ru = repeat("Ш", 60));
  p.surname_latin = p.given_latin = repeat("W", 39);
  p.birth_place = p.issuer_name = p.profession = p.special_marks = repeat("Ж", 120);
  p.territory_name = repeat("Щ", 60);
  p.status_list_uri = repeat("u", 120);
  const Files files(p);
  REQUIRE(files.decode());
  CHECK(*files.decode() == p);
  CHECK(files.dg1.size() <= layout::file(layout::FileId::dg1).capacity);
  CHECK(files.dg11.size() <= layout::file(layout::FileId::dg11).capacity);
  CHECK(files.dg12.size() <= layout::file(layout::FileId::dg12).capacity);
  CHECK(files.dg13.size() <= layout::file(layout::FileId::dg13).capacity);
}

TEST_CASE("DG1 and DG11 hold what ICAO's examples hold") {
  const auto v = vectors("lds.json");
  for (const auto& row : v["dg1"]) CHECK(decode_dg1(hex(row["hex"].asString())) == row["zone"].asString());
  for (const auto& row : v["dg11"]) {
    const Bytes file = hex(row["hex"].asString());
    const auto objects = decode_listed(file, 0x6B);
    REQUIRE(objects);
    REQUIRE(objects->size() == row["objects"].size());
    for (Json::ArrayIndex i = 0; i < row["objects"].size(); ++i) {
      CHECK((*objects)[i].tag == std::stoul(row["objects"][i][0].asString(), nullptr, 16));
      CHECK((*objects)[i].value == bytes(row["objects"][i][1].asString()));
    }
    CHECK(encode_listed(0x6B, *objects) == file);
  }
}

TEST_CASE("DG11 and DG12 have ICAO's form to the octet") {
  Patent p = sample();
  p.surname_ru = "ДЕ ЛА КРУС-ИВАНОВ";
  p.birth_place.clear();
  const std::string name = "ДЕ<ЛА<КРУС-ИВАНОВ<<ФАРРУХ<РУСТАМОВИЧ";
  CHECK(encode_dg11(p) == encode_listed(0x6B, {{0x5F0E, bytes(name)}, {0x5F2B, bytes("19900512")}}));
  CHECK(crypto::to_hex(encode_dg12(p)).substr(0, 14) == "6C425C045F195F");
  CHECK(crypto::to_hex(encode_dg12(p)).ends_with("5F26083230323130343232"));
  p.birth_date = {1990, 0, 0};
  CHECK(crypto::to_hex(encode_dg11(p)).ends_with("5F2B083139393030303030"));
}

TEST_CASE("a single name stands first and keeps its role") {
  Patent p = sample();
  p.patronymic_ru.reset();
  p.surname_ru.clear();
  p.surname_latin.clear();
  CHECK(*Files(p).decode() == p);
  p.patronymic_ru = "РУСТАМОВИЧ";
  CHECK(*Files(p).decode() == p);
  p.surname_ru = "ШАРИПОВ";
  p.given_ru.clear();
  CHECK(*Files(p).decode() == p);
  p.patronymic_ru = "";
  CHECK(*Files(p).decode() == p);
  p.surname_ru.clear();
  CHECK(encode_dg11(p).empty());
}

TEST_CASE("Latin names stand in DG13 only where the zone loses them") {
  Patent p = sample();
  const auto has = [](const Bytes& dg13, std::uint32_t tag) {
    return crypto::find_tlv(crypto::read_only_tlv(dg13, 0x6D)->value, tag)->has_value();
  };
  CHECK_FALSE(has(encode_dg13(p), 0x97));
  p.surname_latin = "SHARIPOV-KHAMRAKULOV";
  CHECK(has(encode_dg13(p), 0x97));
  CHECK(has(encode_dg13(p), 0x98));
  p.surname_latin = "SHARIPOVAA";  // one letter more than the line has
  CHECK(has(encode_dg13(p), 0x97));
  CHECK(*Files(p).decode() == p);
}

TEST_CASE("BCD dates of older writers are read") {
  Files files(sample());
  files.dg12 = encode_listed(0x6C, {{0x5F19, bytes(sample().issuer_name)}, {0x5F26, hex("20210422")}});
  REQUIRE(files.decode());
  files.dg12 = encode_listed(0x6C, {{0x5F19, bytes(sample().issuer_name)}, {0x5F26, hex("2021042A")}});
  CHECK(files.decode().error() == DecodeError::bad_value);
}

TEST_CASE("groups that contradict one another are refused") {
  const std::vector<void (*)(Patent&)> changes{
      [](Patent& p) { p.card_number = "P00000018"; },
      [](Patent& p) { p.number = "2100123457"; },
      [](Patent& p) { p.series = "50"; },
      [](Patent& p) { p.last_day = 2022y / 4 / 20; },
      [](Patent& p) { p.citizenship = "UZB"; },
      [](Patent& p) { p.birth_date.day = 13; },
      [](Patent& p) { p.birth_date.day = 0; },
      [](Patent& p) { p.surname_latin = "KARIMOV"; },
      [](Patent& p) { p.given_latin = "FARRUKH"; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Patent other = sample();
    changes[i](other);
    INFO(i);
    Files files(sample());
    const Files changed(other);
    files.dg1 = changed.dg1;
    // The zone alone knows short Latin names; there only a truncated or altered one can contradict.
    if (i >= 7) {
      CHECK(files.decode());
      continue;
    }
    CHECK(files.decode().error() == DecodeError::bad_value);
  }
}

TEST_CASE("Latin names of DG13 must be those of the zone") {
  Patent p = sample(), other = sample();
  p.surname_latin = "SHARIPOV-A";
  other.surname_latin = "SHARIPOV-B";
  Files files(p);
  files.dg1 = Files(other).dg1;
  CHECK(files.decode().error() == DecodeError::bad_value);
}

TEST_CASE("names, issue date and century must agree") {
  Patent other = sample();
  other.patronymic_ru = "РУСТАМОВНА";
  Files files(sample());
  files.dg11 = encode_dg11(other);
  CHECK(files.decode().error() == DecodeError::bad_value);

  other = sample();
  other.patronymic_ru.reset();
  files = Files(sample());
  files.dg11 = encode_dg11(other);
  CHECK(files.decode().error() == DecodeError::bad_value);

  other = sample();
  other.issue_date = 2021y / 4 / 23;
  files = Files(sample());
  files.dg12 = encode_dg12(other);
  CHECK(files.decode().error() == DecodeError::bad_value);

  other = sample();
  other.birth_date = {1990, 5, 13};
  files = Files(sample());
  files.dg11 = encode_dg11(other);
  CHECK(files.decode().error() == DecodeError::bad_value);

  other.birth_date = {1890, 5, 12};  // the zone cannot tell centuries apart: DG11 has it
  files.dg11 = encode_dg11(other);
  CHECK(files.decode()->birth_date.year == 1890);
}

TEST_CASE("an object of DG13 outside its form is refused") {
  CHECK(error_with(0x80, hex("02")) == DecodeError::unsupported_version);
  CHECK(error_with(0x80, hex("")) == DecodeError::unsupported_version);
  CHECK(error_with(0x80, std::nullopt) == DecodeError::missing_object);
  for (const std::uint32_t tag : {0x81, 0x82, 0x83, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F}) {
    INFO(tag);
    CHECK(error_with(tag, std::nullopt) == DecodeError::missing_object);
    CHECK(error_with(tag, hex("")) == DecodeError::bad_value);
    CHECK(error_with(tag, Bytes(300, 'x')) == DecodeError::bad_value);
  }
  for (const std::uint32_t tag : {0x84, 0x90, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0x98}) {
    INFO(tag);
    CHECK(error_with(tag, hex("")) == DecodeError::bad_value);
  }
  CHECK(error_with(0x89, bytes("775123456799")) == DecodeError::bad_value);
  CHECK(error_with(0x8D, hex("03")) == DecodeError::bad_value);
  CHECK(error_with(0x8E, hex("00")) == DecodeError::bad_value);
  CHECK(error_with(0x8E, hex("03")) == DecodeError::bad_value);
  CHECK(error_with(0x85, bytes("20210230")) == DecodeError::bad_value);
  CHECK(error_with(0x86, bytes("20210421")) == DecodeError::bad_value);  // before the issue date
  CHECK(error_with(0x92, hex("00")) == DecodeError::bad_value);
  CHECK(error_with(0x92, hex("03")) == DecodeError::bad_value);
  CHECK(error_with(0x96, hex("01")) == DecodeError::bad_value);        // DG11 has a surname
  CHECK(error_with(0x93, hex("D0")) == DecodeError::bad_value);        // half a character
  CHECK(error_with(0x93, hex("D0B8CC86")) == DecodeError::bad_value);  // й in two parts: not NFC
  CHECK(error_with(0x93, hex("410A42")) == DecodeError::bad_value);    // a line feed
  CHECK(error_with(0x93, hex("2041")) == DecodeError::bad_value);      // a space in front
  CHECK(error_with(0x93, hex("C0AF")) == DecodeError::bad_value);      // overlong
  CHECK(error_with(0x94, bytes("http://é")) == DecodeError::bad_value);
}

TEST_CASE("unknown objects: a context-specific one is refused, a private one ignored") {
  CHECK(error_with(0x99, hex("01")) == DecodeError::unknown_object);
  CHECK(error_with(0x9E, hex("01")) == DecodeError::unknown_object);
  CHECK(error_with(0x9F21, hex("01")) == DecodeError::unknown_object);
  CHECK(error_with(0xA1, hex("")) == DecodeError::unknown_object);
  for (const std::uint32_t tag : {0xC0, 0xDE, 0xDF21, 0xE1, 0xFF21}) {
    Files files(sample());
    files.dg13 = with_object(files.dg13, tag, hex("3001FF"));
    INFO(tag);
    REQUIRE(files.decode());
    CHECK(*files.decode() == sample());
  }
}

TEST_CASE("DG13 has one order and no object twice") {
  const Bytes good = encode_dg13(sample());
  const auto value = crypto::read_only_tlv(good, 0x6D)->value;
  Files files(sample());
  Bytes twice(value.begin(), value.end());
  crypto::append_tlv(twice, 0x94, bytes("https://other"));
  files.dg13 = crypto::tlv(0x6D, twice);
  CHECK(files.decode().error() == DecodeError::bad_value);
  // version behind the series
  Bytes moved = crypto::tlv(0x81, bytes("77"));
  moved.insert(moved.end(), value.begin(), value.begin() + 3);
  moved.insert(moved.end(), value.begin() + 7, value.end());
  files.dg13 = crypto::tlv(0x6D, moved);
  CHECK(files.decode().error() == DecodeError::missing_object);
  // more than the file can hold
  files.dg13 = with_object(good, 0xC0, Bytes(2048, 0));
  CHECK(files.decode().error() == DecodeError::too_long);
  files.dg13 = good;
  files.dg13.push_back(0);
  CHECK_FALSE(files.decode());
}

TEST_CASE("DG11 and DG12 must list what they hold") {
  Files files(sample());
  files.dg11 = hex("6B0C5C025F0E5F2B083139393030");
  CHECK(files.decode().error() == DecodeError::malformed_tlv);
  files = Files(sample());
  files.dg12 = crypto::tlv(0x6C, hex("5C045F265F19"));
  CHECK(files.decode().error() == DecodeError::bad_value);
  files.dg12 = encode_listed(0x6C, {{0x5F19, bytes("A")}});
  CHECK(files.decode().error() == DecodeError::missing_object);
  files.dg12 = encode_listed(0x6C, {{0x5F19, bytes("A")}, {0x5F19, bytes("A")}, {0x5F26, bytes("20210422")}});
  CHECK(files.decode().error() == DecodeError::bad_value);
}

TEST_CASE("nothing is written for a patent that no card could carry") {
  const std::vector<void (*)(Patent&)> faults{
      [](Patent& p) { p.series = "7"; },
      [](Patent& p) { p.inn = "775123456799"; },
      [](Patent& p) { p.card_number = "p00000017"; },
      [](Patent& p) { p.identity_document = "АВ1234567"; },
      [](Patent& p) { p.issuer_code.clear(); },
      [](Patent& p) { p.territory_name.clear(); },
      [](Patent& p) { p.profession = std::string(121, 'x'); },
      [](Patent& p) { p.special_marks = "a<b"; },
      [](Patent& p) { p.surname_latin = "Sharipov"; },
      [](Patent& p) { p.patronymic_ru = " X"; },
      [](Patent& p) { p.issue_date = 2021y / 2 / 29; },
  };
  for (std::size_t i = 0; i < faults.size(); ++i) {
    Patent p = sample();
    faults[i](p);
    INFO(i);
    CHECK(encode_dg13(p).empty());
  }
  Patent p = sample();
  p.birth_date = {1990, 0, 12};
  CHECK(encode_dg1(p).empty());
  CHECK(encode_dg11(p).empty());
  p = sample();
  p.surname_ru = "А<Б";
  CHECK(encode_dg11(p).empty());
  p = sample();
  p.issuer_name.clear();
  CHECK(encode_dg12(p).empty());
  p = sample();
  CHECK(encode_dg1(p, "P").empty());
  CHECK(encode_dg1(p, "AR").size() == 95);
}

TEST_CASE("no octet string makes the decoder misbehave") {
  const std::uint32_t seed = test_seed();
  INFO("seed " << seed);
  Random random(seed);
  const Files good(sample());
  int refused = 0;
  for (int i = 0; i < 4000; ++i) {
    Files files = good;
    Bytes& file = *std::vector<Bytes*>{&files.dg1, &files.dg11, &files.dg12, &files.dg13}[random.below(4)];
    if (random.one_in(3)) file.resize(random.below(file.size()));
    for (std::size_t n = random.below(3); n > 0 && !file.empty(); --n)
      file[random.below(file.size())] = static_cast<std::uint8_t>(random.below(256));
    const auto read = files.decode();
    if (!read) ++refused;
    // What is believed can be written again: a decoder never lets through what the encoder would refuse.
    if (read) CHECK_FALSE(encode_dg13(*read).empty());
  }
  CHECK(refused > 1000);
}
