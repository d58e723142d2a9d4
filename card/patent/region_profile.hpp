// SPDX-License-Identifier: Apache-2.0
// Owns region profiles: which subject of the Federation has introduced the electronic patent, since when, under which
// agreement, with which units and prices (docs/regions.md). Dated data, in JSON; a patent is issued under a live one
// only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "card/patent/price_table.hpp"
#include "crypto/result.hpp"

namespace patent {

inline constexpr std::size_t kMaxRegionsOctets = 1U << 20;

struct RegionProfile {
  std::string series;  // of the patents, 2 digits
  std::string name;    // "г. Москва"
  std::string oktmo;   // 8 digits
  Date live_from{};
  std::optional<Date> live_until{};  // the last day
  std::string agreement;             // the act that introduced it there
  std::vector<std::string> units;    // issuing units, NNN-NNN; empty: any
  PaidPeriodPolicy policy = PaidPeriodPolicy::inclusive_month_end;
  PriceBasis basis = PriceBasis::payment_date;
  PriceTable prices;

  [[nodiscard]] bool live_on(Date day) const { return live_from <= day && (!live_until || day <= *live_until); }
  [[nodiscard]] bool has_unit(std::string_view unit) const;
  friend bool operator==(const RegionProfile&, const RegionProfile&) = default;
};

enum class RegionError : std::uint8_t {
  not_json,
  too_large,
  missing_member,
  unknown_member,
  bad_value,  // or dates that do not ascend, a price that is not base times factors, the same series or subject twice
};
struct RegionFailure {
  RegionError error{};
  std::string pointer;  // RFC 6901, into the JSON
};

class RegionProfiles {
public:
  static crypto::Result<RegionProfiles, RegionFailure> parse(std::string_view json);
  [[nodiscard]] std::string to_json() const;  // the same profiles give the same text
  [[nodiscard]] const RegionProfile* of_series(std::string_view series) const;
  // By territory: any OKTMO within the subject (card/patent/territory.hpp).
  [[nodiscard]] const RegionProfile* of_territory(std::string_view oktmo) const;
  [[nodiscard]] bool empty() const { return profiles_.empty(); }
  [[nodiscard]] const std::vector<RegionProfile>& all() const { return profiles_; }
  friend bool operator==(const RegionProfiles&, const RegionProfiles&) = default;

private:
  std::vector<RegionProfile> profiles_;
};

// What is shipped (regions.json): the Moscow pilot.
const RegionProfiles& shipped_regions();

}  // namespace patent
