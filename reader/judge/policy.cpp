// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "card/patent/identifiers.hpp"
#include "crypto/strict_json.hpp"
#include "reader/judge/trust.hpp"

namespace reader {
namespace {

constexpr std::size_t kMaxPolicy = 1U << 16;
constexpr std::size_t kLongestRole = 64;

bool take_number(const Json::Value& value, int least, int most, int& out) {
  if (!value.isInt() || value.asInt() < least || value.asInt() > most) return false;
  out = value.asInt();
  return true;
}

bool take_names(const Json::Value& value, std::size_t longest, std::vector<std::string>& out) {
  if (!value.isArray()) return false;
  out.clear();
  for (const auto& name : value) {
    if (!name.isString() || name.asString().empty() || name.asString().size() > longest) return false;
    out.push_back(name.asString());
  }
  return true;
}

bool take_states(const Json::Value& value, std::vector<std::string>& out) { return take_names(value, 3, out); }

// One member; nothing when the name is not known.
std::optional<bool> take(Policy& policy, const std::string& name, const Json::Value& value) {
  constexpr int kYear = 366 * 24, kDay = 24 * 60;
  int number = 0;
  if (name == "status_soft_limit_hours" || name == "status_hard_limit_hours") {
    if (!take_number(value, 0, kYear, number)) return false;
    (name == "status_soft_limit_hours" ? policy.status_soft_limit : policy.status_hard_limit) =
        std::chrono::hours{number};
    return true;
  }
  if (name == "utc_offset_minutes") {
    if (!take_number(value, -kDay, kDay, number)) return false;
    policy.utc_offset = std::chrono::minutes{number};
    return true;
  }
  if (name == "clock_tolerance_minutes") {
    if (!take_number(value, 0, kDay, number)) return false;
    policy.clock_tolerance = std::chrono::minutes{number};
    return true;
  }
  if (name == "clock_trust_hours") {
    if (!take_number(value, 1, kYear, number)) return false;
    policy.clock_trust = std::chrono::hours{number};
    return true;
  }
  if (name == "receipt_wait_days") {
    if (!take_number(value, 0, 366, number)) return false;
    policy.receipt_wait = std::chrono::days{number};
    return true;
  }
  if (name == "person_flag_roles") return take_names(value, kLongestRole, policy.person_flag_roles);
  if (name == "territory_oktmo") {
    if (!value.isString() || (!value.asString().empty() && !patent::is_oktmo(value.asString()))) return false;
    policy.territory_oktmo = value.asString();
    return true;
  }
  if (name == "issuing_states") return !value.empty() && take_states(value, policy.issuing_states);
  if (name == "sha1_issuers") return take_states(value, policy.sha1_issuers);
  return std::nullopt;
}

}  // namespace

crypto::Result<Policy, PolicyError> parse_policy(std::string_view json) {
  const auto root = crypto::parse_strict_json(json);
  if (!root || !root->isObject()) return crypto::unexpected(PolicyError::not_json);
  Policy policy;
  for (const auto& name : root->getMemberNames()) {
    const auto taken = take(policy, name, (*root)[name]);
    if (!taken) return crypto::unexpected(PolicyError::unknown_member);
    if (!*taken) return crypto::unexpected(PolicyError::bad_value);
  }
  if (policy.status_soft_limit > policy.status_hard_limit) return crypto::unexpected(PolicyError::bad_value);
  return policy;
}

crypto::Result<Policy, PolicyError> load_policy(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return crypto::unexpected(PolicyError::not_found);
  std::string text(kMaxPolicy, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse_policy(text);
}

}  // namespace reader
