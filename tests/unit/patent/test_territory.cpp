// SPDX-License-Identifier: Apache-2.0
#include "card/patent/territory.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "card/patent/identifiers.hpp"

using namespace patent;

TEST_CASE("each subject stands once, with whole codes and both names") {
  std::set<std::string_view> series, oktmo, iso, names;
  for (const auto& t : territories()) {
    INFO(t.name_en);
    CHECK(is_patent_series(t.series));
    CHECK(is_oktmo(t.oktmo));
    CHECK(t.oktmo.substr(3) == "00000");
    CHECK(t.iso.starts_with("RU-"));
    CHECK_FALSE(t.name_ru.empty());
    CHECK_FALSE(t.name_en.empty());
    CHECK(series.insert(t.series).second);
    CHECK(oktmo.insert(t.oktmo).second);
    CHECK(iso.insert(t.iso).second);
    CHECK(names.insert(t.name_ru).second);
    CHECK(territory_by_oktmo(t.oktmo)->series == t.series);
    CHECK(territory_by_series(t.series)->oktmo == t.oktmo);
  }
  CHECK(territories().size() == 83);
}

TEST_CASE("Moscow is not its oblast, nor Saint Petersburg Leningrad's") {
  CHECK(territory_by_oktmo("45382000")->iso == "RU-MOW");
  CHECK(territory_by_oktmo("46710000001")->iso == "RU-MOS");
  CHECK(territory_by_series("78")->name_ru == "г. Санкт-Петербург");
  CHECK(territory_by_series("47")->oktmo == "41000000");
  CHECK_FALSE(same_territory("45000000", "46000000"));
  CHECK_FALSE(same_territory("40000000", "41000000"));
  CHECK(same_territory("45000000", "45382000"));
  CHECK(same_territory("45000000000", "45382000"));
}

TEST_CASE("an okrug inside an oblast is a subject of its own") {
  CHECK(territory_by_oktmo("71876000")->iso == "RU-KHM");
  CHECK(territory_by_oktmo("71951000")->iso == "RU-YAN");
  CHECK(territory_by_oktmo("71701000")->iso == "RU-TYU");
  CHECK(territory_by_oktmo("11851000")->iso == "RU-NEN");
  CHECK_FALSE(same_territory("71000000", "71876000"));
  CHECK(same_territory("71800000", "71876000"));
}

TEST_CASE("what is not in the table is told so, and compared by its own digits") {
  CHECK_FALSE(territory_by_oktmo("35000000"));
  CHECK_FALSE(territory_by_oktmo(""));
  CHECK_FALSE(territory_by_series("00"));
  CHECK(same_territory("35000000", "35701000"));
  CHECK_FALSE(same_territory("35000000", "67000000"));
  CHECK_FALSE(same_territory("45000000", "35000000"));
  CHECK_FALSE(same_territory("", ""));
  CHECK_FALSE(same_territory("45", "45"));
}
