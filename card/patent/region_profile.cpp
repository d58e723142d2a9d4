// SPDX-License-Identifier: Apache-2.0
#include "card/patent/region_profile.hpp"

#include <json/writer.h>

#include <algorithm>

#include "card/patent/identifiers.hpp"
#include "card/patent/regions_json.hpp"
#include "card/patent/territory.hpp"
#include "card/patent/text.hpp"
#include "crypto/json_text.hpp"
#include "crypto/strict_json.hpp"

namespace patent {
namespace {

constexpr Json::ArrayIndex kMaxRegions = 200;
constexpr Json::ArrayIndex kMaxUnits = 1000;
constexpr Json::ArrayIndex kMaxPrices = 200;
constexpr std::size_t kMaxName = 60;        // as printed on the card
constexpr std::size_t kMaxAgreement = 250;  // characters

// Ten-thousandths of "2.3878": one or two digits, a point, one to four digits. No floating point touches a price.
std::optional<std::int64_t> parse_factor(std::string_view text) {
  const auto point = text.find('.');
  if (point < 1 || point > 2 || text.size() < point + 2 || text.size() > point + 5) return std::nullopt;
  std::int64_t value = 0;
  for (std::size_t i = 0; i < point + 5; ++i) {
    if (i == point) continue;
    const char digit = i < text.size() ? text[i] : '0';
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  return value;
}

std::string factor_text(std::int64_t value) {
  const auto tail = std::to_string(10'000 + value % 10'000);
  return std::to_string(value / 10'000) + '.' + tail.substr(1);
}

// The first thing that is wrong.
struct Wrong {
  RegionFailure failure;
};

// One object of the file: gives its members, and counts that no other is there.
class Members {
public:
  Members(const Json::Value& json, std::string pointer) : json_(json), pointer_(std::move(pointer)) {
    if (!json.isObject()) throw Wrong{{RegionError::bad_value, pointer_}};
  }
  [[noreturn]] void refuse(const char* name, RegionError error = RegionError::bad_value) const {
    throw Wrong{{error, at(name)}};
  }
  void require(bool right, const char* name) const {
    if (!right) refuse(name);
  }
  [[nodiscard]] std::string at(const char* name) const { return pointer_ + '/' + name; }

  const Json::Value& member(const char* name) {
    const auto* const found = find(name);
    if (found == nullptr) refuse(name, RegionError::missing_member);
    return *found;
  }
  std::string text(const char* name) {
    const auto& value = member(name);
    require(value.isString(), name);
    return value.asString();
  }
  Date date(const char* name) {
    const auto date = parse_iso_date(text(name));
    if (!date) refuse(name);
    return *date;
  }
  std::optional<Date> optional_date(const char* name) {
    return find(name) == nullptr ? std::nullopt : std::optional(date(name));
  }
  std::int64_t roubles(const char* name) {
    constexpr int kMostRoubles = 1'000'000;
    const auto& value = member(name);
    require(value.isInt() && value.asInt() > 0 && value.asInt() <= kMostRoubles, name);
    return value.asInt();
  }
  std::int64_t factor(const char* name) {
    const auto value = parse_factor(text(name));
    if (!value || *value == 0) refuse(name);
    return *value;
  }
  const Json::Value& array(const char* name, Json::ArrayIndex most) {
    const auto& value = member(name);
    require(value.isArray() && value.size() <= most, name);
    return value;
  }
  // Called last: whatever was not asked for is not known, or a word was misspelt.
  void refuse_others() const {
    for (const auto& name : json_.getMemberNames())
      if (std::ranges::find(known_, name) == known_.end()) refuse(name.c_str(), RegionError::unknown_member);
  }

private:
  const Json::Value* find(const char* name) {
    known_.emplace_back(name);
    return json_.isMember(name) ? &json_[name] : nullptr;
  }

  const Json::Value& json_;
  std::string pointer_;
  std::vector<std::string> known_;
};

MonthlyPrice read_price(const Json::Value& json, const std::string& pointer) {
  Members in(json, pointer);
  MonthlyPrice price{in.date("from"),
                     in.roubles("roubles") * 100,
                     {in.roubles("base"), in.factor("deflator"), in.factor("coefficient")}};
  in.require(price.factors.roubles() * 100 == price.kopecks, "roubles");
  in.refuse_others();
  return price;
}

PriceTable read_prices(Members& in) {
  const auto& json = in.array("prices", kMaxPrices);
  in.require(!json.empty(), "prices");
  std::vector<MonthlyPrice> prices;
  for (Json::ArrayIndex i = 0; i < json.size(); ++i) {
    prices.push_back(read_price(json[i], in.at("prices") + '/' + std::to_string(i)));
    if (i > 0) in.require(prices[i - 1].from < prices[i].from, "prices");
  }
  const auto table = PriceTable::of(std::move(prices), in.optional_date("prices_until"));
  if (!table) in.refuse("prices_until");
  return *table;
}

std::vector<std::string> read_units(Members& in) {
  std::vector<std::string> units;
  for (const auto& unit : in.array("units", kMaxUnits)) {
    in.require(unit.isString() && is_issuer_code(unit.asString()), "units");
    in.require(std::ranges::find(units, unit.asString()) == units.end(), "units");
    units.push_back(unit.asString());
  }
  return units;
}

RegionProfile read_profile(const Json::Value& json, const std::string& pointer) {
  Members in(json, pointer);
  RegionProfile profile;
  profile.series = in.text("series");
  in.require(is_patent_series(profile.series), "series");
  profile.name = in.text("name");
  in.require(is_text(profile.name, kMaxName), "name");
  profile.oktmo = in.text("oktmo");
  in.require(is_oktmo(profile.oktmo) && profile.oktmo.size() == 8, "oktmo");
  // Where the table of subjects knows the series, the territory is its own.
  const auto known = territory_by_series(profile.series);
  in.require(!known || same_territory(known->oktmo, profile.oktmo), "oktmo");
  profile.live_from = in.date("live_from");
  profile.live_until = in.optional_date("live_until");
  in.require(!profile.live_until || profile.live_from <= *profile.live_until, "live_until");
  profile.agreement = in.text("agreement");
  in.require(is_text(profile.agreement, kMaxAgreement), "agreement");
  profile.units = read_units(in);
  const auto policy = in.text("policy");
  in.require(policy == "A" || policy == "B", "policy");
  profile.policy = policy == "A" ? PaidPeriodPolicy::inclusive_month_end : PaidPeriodPolicy::inclusive_clamped;
  const auto basis = in.text("price_basis");
  in.require(basis == "payment_date" || basis == "covered_month", "price_basis");
  profile.basis = basis == "payment_date" ? PriceBasis::payment_date : PriceBasis::covered_month;
  profile.prices = read_prices(in);
  in.refuse_others();
  return profile;
}

std::vector<RegionProfile> read_profiles(const Json::Value& json) {
  Members in(json, "");
  std::vector<RegionProfile> profiles;
  const auto& list = in.array("regions", kMaxRegions);
  for (Json::ArrayIndex i = 0; i < list.size(); ++i) {
    const auto pointer = in.at("regions") + '/' + std::to_string(i);
    auto profile = read_profile(list[i], pointer);
    for (const auto& other : profiles) {
      if (other.series == profile.series) throw Wrong{{RegionError::bad_value, pointer + "/series"}};
      if (same_territory(other.oktmo, profile.oktmo)) throw Wrong{{RegionError::bad_value, pointer + "/oktmo"}};
    }
    profiles.push_back(std::move(profile));
  }
  in.refuse_others();
  return profiles;
}

Json::Value json_of(const PriceTable& table) {
  Json::Value prices(Json::arrayValue);
  for (const auto& price : table.prices()) {
    Json::Value json;
    json["from"] = iso_date(price.from);
    json["base"] = Json::Int64(price.factors.base_roubles);
    json["deflator"] = factor_text(price.factors.deflator);
    json["coefficient"] = factor_text(price.factors.coefficient);
    json["roubles"] = Json::Int64(price.kopecks / 100);
    prices.append(std::move(json));
  }
  return prices;
}

Json::Value json_of(const RegionProfile& profile) {
  Json::Value json;
  json["series"] = profile.series;
  json["name"] = profile.name;
  json["oktmo"] = profile.oktmo;
  json["live_from"] = iso_date(profile.live_from);
  if (profile.live_until) json["live_until"] = iso_date(*profile.live_until);
  json["agreement"] = profile.agreement;
  json["units"] = Json::Value(Json::arrayValue);
  for (const auto& unit : profile.units) json["units"].append(unit);
  json["policy"] = profile.policy == PaidPeriodPolicy::inclusive_month_end ? "A" : "B";
  json["price_basis"] = profile.basis == PriceBasis::payment_date ? "payment_date" : "covered_month";
  json["prices"] = json_of(profile.prices);
  if (profile.prices.until()) json["prices_until"] = iso_date(*profile.prices.until());
  return json;
}

}  // namespace

bool RegionProfile::has_unit(std::string_view unit) const {
  return units.empty() || std::ranges::find(units, unit) != units.end();
}

crypto::Result<RegionProfiles, RegionFailure> RegionProfiles::parse(std::string_view json) {
  if (json.size() > kMaxRegionsOctets) return crypto::unexpected(RegionFailure{RegionError::too_large, ""});
  const auto root = crypto::parse_strict_json(json);
  if (!root) return crypto::unexpected(RegionFailure{RegionError::not_json, ""});
  RegionProfiles profiles;
  try {
    profiles.profiles_ = read_profiles(*root);
  } catch (const Wrong& wrong) {
    return crypto::unexpected(wrong.failure);
  }
  return profiles;
}

std::string RegionProfiles::to_json() const {
  Json::Value root;
  root["regions"] = Json::Value(Json::arrayValue);
  for (const auto& profile : profiles_) root["regions"].append(json_of(profile));
  return crypto::json_line(root);
}

const RegionProfile* RegionProfiles::of_series(std::string_view series) const {
  const auto found = std::ranges::find(profiles_, series, &RegionProfile::series);
  return found == profiles_.end() ? nullptr : &*found;
}

const RegionProfile* RegionProfiles::of_territory(std::string_view oktmo) const {
  const auto found = std::ranges::find_if(profiles_, [&](const auto& p) { return same_territory(p.oktmo, oktmo); });
  return found == profiles_.end() ? nullptr : &*found;
}

const RegionProfiles& shipped_regions() {
  static const RegionProfiles regions = RegionProfiles::parse(shipped_regions_json()).value();
  return regions;
}

}  // namespace patent
