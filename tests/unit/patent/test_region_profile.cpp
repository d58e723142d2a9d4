// SPDX-License-Identifier: Apache-2.0
#include "card/patent/region_profile.hpp"

#include <json/json.h>

#include <catch2/catch.hpp>

#include "crypto/strict_json.hpp"

using namespace patent;
using namespace std::chrono_literals;

namespace {

Json::Value shipped() { return *crypto::parse_strict_json(shipped_regions().to_json()); }

std::string written(const Json::Value& json) { return Json::writeString(Json::StreamWriterBuilder(), json); }

// What is wrong with the shipped file once `edit` has been at its first profile.
template <class Edit>
RegionFailure failure_after(Edit edit) {
  auto json = shipped();
  edit(json["regions"][0]);
  const auto parsed = RegionProfiles::parse(written(json));
  REQUIRE_FALSE(parsed);
  return parsed.error();
}

}  // namespace

TEST_CASE("Moscow is the pilot") {
  const auto* moscow = shipped_regions().of_series("77");
  REQUIRE(moscow != nullptr);
  CHECK(shipped_regions().of_territory("45382000") == moscow);  // a district
  CHECK(shipped_regions().of_territory("46000000") == nullptr);
  CHECK(shipped_regions().of_series("50") == nullptr);
  CHECK_FALSE(moscow->live_on(2021y / 4 / 21));
  CHECK(moscow->live_on(2021y / 4 / 22));
  CHECK(moscow->live_on(2040y / 1 / 1));
  CHECK(moscow->has_unit("770-001"));
  CHECK_FALSE(moscow->has_unit("500-001"));
}

TEST_CASE("the published prices follow from their factors") {
  const auto* moscow = shipped_regions().of_series("77");
  REQUIRE(moscow != nullptr);
  const std::pair<Date, std::int64_t> published[]{
      {2020y / 12 / 31, 5350}, {2021y / 1 / 1, 5341},  {2021y / 12 / 31, 5341}, {2022y / 6 / 1, 5900},
      {2023y / 6 / 1, 6600},   {2024y / 2 / 29, 7500}, {2025y / 6 / 1, 8900},   {2026y / 12 / 31, 10000}};
  for (const auto& [day, roubles] : published) CHECK(moscow->prices.on(day) == roubles * 100);
  CHECK_FALSE(moscow->prices.on(2014y / 12 / 31));
  CHECK_FALSE(moscow->prices.on(2027y / 1 / 1));  // no coefficient is set yet: nobody guesses
  CHECK(PriceFactors{1, 10'000, 14'999}.roubles() == 1);
  CHECK(PriceFactors{1, 10'000, 15'000}.roubles() == 2);  // half a rouble goes up
}

TEST_CASE("profiles come back from their JSON, and give the same text") {
  const auto text = shipped_regions().to_json();
  const auto again = RegionProfiles::parse(text);
  REQUIRE(again);
  CHECK(*again == shipped_regions());
  CHECK(again->to_json() == text);

  auto json = shipped();
  json["regions"][0]["live_until"] = "2027-03-01";
  json["regions"][0]["policy"] = "B";
  json["regions"][0]["price_basis"] = "covered_month";
  json["regions"][0]["units"] = Json::Value(Json::arrayValue);
  const auto other = RegionProfiles::parse(written(json));
  REQUIRE(other);
  const auto& profile = other->all().front();
  CHECK(profile.live_on(2027y / 3 / 1));
  CHECK_FALSE(profile.live_on(2027y / 3 / 2));
  CHECK(profile.policy == PaidPeriodPolicy::inclusive_clamped);
  CHECK(profile.basis == PriceBasis::covered_month);
  CHECK(profile.has_unit("999-999"));
  CHECK(*RegionProfiles::parse(other->to_json()) == *other);
}

TEST_CASE("what is wrong in a profile is named with its place") {
  struct Row {
    const char* member;
    Json::Value value;
    RegionError error;
    const char* pointer;
  };
  const Row rows[]{
      {"series", "7", RegionError::bad_value, "/regions/0/series"},
      {"oktmo", "46000000", RegionError::bad_value, "/regions/0/oktmo"},  // series 77 is Moscow's
      {"oktmo", "45000000000", RegionError::bad_value, "/regions/0/oktmo"},
      {"name", "", RegionError::bad_value, "/regions/0/name"},
      {"live_from", "2021-02-29", RegionError::bad_value, "/regions/0/live_from"},
      {"live_from", "22.04.2021", RegionError::bad_value, "/regions/0/live_from"},
      {"live_until", "2021-04-21", RegionError::bad_value, "/regions/0/live_until"},
      {"agreement", 7, RegionError::bad_value, "/regions/0/agreement"},
      {"policy", "C", RegionError::bad_value, "/regions/0/policy"},
      {"price_basis", "", RegionError::bad_value, "/regions/0/price_basis"},
      {"prices", Json::Value(Json::arrayValue), RegionError::bad_value, "/regions/0/prices"},
      {"prices_until", "2025-12-31", RegionError::bad_value, "/regions/0/prices_until"},
      {"units", "770-001", RegionError::bad_value, "/regions/0/units"},
      {"unit", "770-001", RegionError::unknown_member, "/regions/0/unit"},
  };
  for (const auto& row : rows) {
    INFO(row.member << " = " << row.value);
    const auto failure = failure_after([&](Json::Value& profile) { profile[row.member] = row.value; });
    CHECK(failure.error == row.error);
    CHECK(failure.pointer == row.pointer);
  }
  for (const auto* member : {"series", "oktmo", "live_from", "agreement", "units", "policy", "price_basis", "prices"}) {
    const auto failure = failure_after([&](Json::Value& profile) { profile.removeMember(member); });
    CHECK(failure.error == RegionError::missing_member);
    CHECK(failure.pointer == std::string("/regions/0/") + member);
  }
}

TEST_CASE("a price is the product of its factors, and the dates ascend") {
  CHECK(failure_after([](Json::Value& p) { p["prices"][6]["roubles"] = 5342; }).pointer ==
        "/regions/0/prices/6/roubles");
  for (const auto* factor : {"", ".5", "2", "2.", "2,3878", "2.38781", "123.4", "-1.5", "0.0", "2.3a", "1e3"}) {
    INFO(factor);
    CHECK(failure_after([&](Json::Value& p) { p["prices"][0]["coefficient"] = factor; }).pointer ==
          "/regions/0/prices/0/coefficient");
  }
  CHECK(failure_after([](Json::Value& p) { p["prices"][0]["deflator"] = 1.307; }).error == RegionError::bad_value);
  CHECK(failure_after([](Json::Value& p) { std::swap(p["prices"][1], p["prices"][2]); }).pointer ==
        "/regions/0/prices");
  CHECK(failure_after([](Json::Value& p) { p["prices"][0].removeMember("base"); }).pointer ==
        "/regions/0/prices/0/base");
  CHECK_FALSE(PriceTable::of({{2021y / 1 / 1, 1}, {2021y / 1 / 1, 2}}));
  CHECK_FALSE(PriceTable::of({{2021y / 1 / 1, 0}}));
  CHECK_FALSE(PriceTable::of({{2021y / 2 / 30, 1}}));
  CHECK_FALSE(PriceTable{}.on(2021y / 1 / 1));
}

TEST_CASE("a subject has one profile") {
  auto twice = shipped();
  twice["regions"].append(Json::Value(twice["regions"][0]));
  CHECK(RegionProfiles::parse(written(twice)).error().pointer == "/regions/1/series");
  twice["regions"][1]["series"] = "97";
  twice["regions"][1]["oktmo"] = "45900000";
  CHECK(RegionProfiles::parse(written(twice)).error().pointer == "/regions/1/oktmo");
}

TEST_CASE("the file is strict JSON of a bearable size") {
  CHECK(RegionProfiles::parse("").error().error == RegionError::not_json);
  CHECK(RegionProfiles::parse("\xEF\xBB\xBF{\"regions\":[]}").error().error == RegionError::not_json);
  CHECK(RegionProfiles::parse("{\"regions\":[],\"regions\":[]}").error().error == RegionError::not_json);
  CHECK(RegionProfiles::parse("[]").error().error == RegionError::bad_value);
  CHECK(RegionProfiles::parse("{\"regions\":[{}]}").error().error == RegionError::missing_member);
  CHECK(RegionProfiles::parse("{\"regions\":[7]}").error().pointer == "/regions/0");
  CHECK(RegionProfiles::parse(std::string(kMaxRegionsOctets + 1, ' ')).error().error == RegionError::too_large);
  CHECK(RegionProfiles::parse(std::string(100'000, '[')).error().error == RegionError::not_json);
  const auto none = RegionProfiles::parse("{\"regions\":[]}");
  REQUIRE(none);
  CHECK(none->empty());
}
