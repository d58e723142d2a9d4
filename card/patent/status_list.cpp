// SPDX-License-Identifier: Apache-2.0
#include "card/patent/status_list.hpp"

#include <json/json.h>

#include "card/patent/list_uri.hpp"
#include "crypto/base64.hpp"
#include "crypto/strict_json.hpp"

namespace patent {
namespace {

constexpr std::int64_t kMaxInstant = 253402300799;  // the last second of the year 9999

const char* list_member(ListKind kind) { return kind == ListKind::states ? "status_list" : "paid_list"; }

// Reads claims; the first that is not of its form spoils the whole.
class Claims {
public:
  explicit Claims(const Json::Value& claims) : claims_(claims) {}

  std::string uri(const char* name) {
    const Json::Value& value = claims_[name];
    good_ = good_ && value.isString() && is_list_uri(value.asString());
    return good_ ? value.asString() : std::string();
  }
  std::int64_t count(const char* name, std::int64_t least) {
    const Json::Value& value = claims_[name];
    good_ = good_ && value.isInt64() && value.asInt64() >= least && value.asInt64() <= kMaxInstant;
    return good_ ? value.asInt64() : 0;
  }
  [[nodiscard]] bool has(const char* name) const { return claims_.isMember(name); }
  [[nodiscard]] bool good() const { return good_; }

private:
  const Json::Value& claims_;
  bool good_ = true;
};

crypto::Result<PackedList, ListError> entries_of(const Json::Value& list) {
  if (!list.isObject() || !list["bits"].isUInt() || !list["lst"].isString())
    return crypto::unexpected(ListError::malformed);
  const auto compressed = crypto::from_base64url(list["lst"].asString());
  if (!compressed) return crypto::unexpected(ListError::malformed);
  return PackedList::expand(list["bits"].asUInt(), *compressed);
}

}  // namespace

std::string to_claims(const StatusList& list) {
  Json::Value claims;
  claims["sub"] = list.uri;
  claims["iat"] = Json::Int64(list.issued_at.time_since_epoch().count());
  if (list.expires) claims["exp"] = Json::Int64(list.expires->time_since_epoch().count());
  if (list.time_to_live) claims["ttl"] = Json::Int64(list.time_to_live->count());
  auto& inside = claims[list_member(list.kind)];
  inside["bits"] = list.entries.bits();
  inside["lst"] = "";
  if (!list.aggregation_uri.empty()) inside["aggregation_uri"] = list.aggregation_uri;
  Json::StreamWriterBuilder writer;
  writer["indentation"] = "";
  auto text = Json::writeString(writer, claims);
  // Megabytes of letters that need no escaping go past the writer. No other member's value can look like this one's
  // name: quotation marks inside strings are escaped.
  constexpr std::string_view kEmpty = R"("lst":")";
  text.insert(text.find(kEmpty) + kEmpty.size(), crypto::to_base64url(list.entries.compress()));
  return text;
}

crypto::Result<StatusList, ListError> status_list_from_claims(ListKind kind, std::string_view claims) {
  const auto root = crypto::parse_strict_json(claims);
  if (!root || !root->isObject()) return crypto::unexpected(ListError::malformed);
  const Json::Value& inside = (*root)[list_member(kind)];
  PATENT_TRY(auto entries, entries_of(inside));
  using std::chrono::seconds;
  Claims outer(*root), inner(inside);
  StatusList list{.kind = kind,
                  .uri = outer.uri("sub"),
                  .issued_at = std::chrono::sys_seconds(seconds(outer.count("iat", 0))),
                  .entries = std::move(entries)};
  if (outer.has("exp")) list.expires = std::chrono::sys_seconds(seconds(outer.count("exp", 0)));
  if (outer.has("ttl")) list.time_to_live = seconds(outer.count("ttl", 1));
  if (inner.has("aggregation_uri")) list.aggregation_uri = inner.uri("aggregation_uri");
  if (!outer.good() || !inner.good()) return crypto::unexpected(ListError::malformed);
  return list;
}

}  // namespace patent
