// SPDX-License-Identifier: Apache-2.0
#include <json/json.h>

#include <array>

#include "crypto/json_text.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/judge/reasons.hpp"
#include "reader/report/report.hpp"

namespace reader {
namespace {

Json::Value text(std::string_view view) { return Json::Value(std::string(view)); }

Json::Value finding_value(const Finding& finding) {
  const auto& rule = rule_of(finding.reason);
  Json::Value out;
  out["reason"] = text(rule.name);
  out["number"] = static_cast<unsigned>(finding.reason);
  out["outcome"] = text(name_of(rule.outcome));
  if (finding.date) out["date"] = to_iso(*finding.date);
  if (finding.as_of) out["as_of"] = to_iso(*finding.as_of);
  if (finding.amount) out["amount"] = Json::Int64{*finding.amount};
  if (!finding.text.empty()) out["text"] = finding.text;
  return out;
}

// The names that an order gives them.
constexpr std::array kPositions{"unknown",     "right_thumb",  "right_index", "right_middle",
                                "right_ring",  "right_little", "left_thumb",  "left_index",
                                "left_middle", "left_ring",    "left_little"};
constexpr std::array kAbsences{"unspecified", "amputated", "injured", "unreadable", "exempt"};

// Which fingers there are, never the images: they leave by the API alone.
void put_fingers(Json::Value& out, const DocumentFacts& f) {
  for (const auto& finger : f.fingers) {
    Json::Value one;
    one["position"] = text(finger_name(finger.position));
    one["format"] = finger.is_jpeg2000 ? "jpeg2000" : "wsq";
    out["fingers"].append(std::move(one));
  }
  if (f.fingers_absent) out["fingers_absent"] = kAbsences.at(*f.fingers_absent);
}

Json::Value facts_value(const DocumentFacts& f) {
  Json::Value out;
  out["confirmed"] = f.confirmed;
  const std::pair<const char*, const std::string&> texts[]{
      {"card_number", f.card_number},
      {"patent_series", f.patent_series},
      {"patent_number", f.patent_number},
      {"surname", f.surname},
      {"given_names", f.given_names},
      {"patronymic", f.patronymic},
      {"surname_latin", f.surname_latin},
      {"given_names_latin", f.given_names_latin},
      {"birth_date", f.birth_date},
      {"citizenship", f.citizenship},
      {"identity_document", f.identity_document},
      {"inn", f.inn},
      {"profession", f.profession},
      {"territory_oktmo", f.territory_oktmo},
      {"territory_name", f.territory_name},
      {"issuer_name", f.issuer_name},
  };
  for (const auto& [name, value] : texts) out[name] = value;
  out["sex"] = std::string(1, f.sex);
  if (f.issue_date) out["issue_date"] = to_iso(*f.issue_date);
  if (f.last_day) out["last_day"] = to_iso(*f.last_day);
  if (f.paid_until) out["paid_until"] = to_iso(*f.paid_until);
  if (f.months_paid) out["months_paid"] = *f.months_paid;
  if (f.status_as_of) out["status_as_of"] = to_iso(*f.status_as_of);
  if (!f.photo.empty()) {
    out["photo"]["format"] = f.photo_is_jpeg2000 ? "JPEG 2000" : "JPEG";
    out["photo"]["octets"] = Json::UInt64{f.photo.size()};
  }
  put_fingers(out, f);
  return out;
}

Json::Value traffic_value(const Traffic& traffic) {
  Json::Value out;
  out["apdus"] = traffic.apdus;
  out["octets_sent"] = Json::UInt64{traffic.octets_sent};
  out["octets_received"] = Json::UInt64{traffic.octets_received};
  out["elapsed_us"] = Json::Int64{traffic.elapsed.count()};
  return out;
}

}  // namespace

std::string_view finger_name(std::uint8_t position) {
  return position < kPositions.size() ? kPositions[position] : kPositions.front();
}

std::string to_json(const Verdict& verdict, const Traffic* traffic, const HolderWords* holder) {
  Json::Value root;
  root["version"] = 1;
  root["outcome"] = text(name_of(verdict.outcome));
  root["headline"] = text(rule_of(verdict.headline).name);
  root["at"] = to_iso(verdict.at);
  root["findings"] = Json::Value(Json::arrayValue);
  for (const auto& finding : verdict.findings) root["findings"].append(finding_value(finding));
  root["checks"] = Json::Value(Json::arrayValue);
  for (const auto& [check, state] : verdict.checks) {
    Json::Value one;
    one["check"] = text(name_of(check));
    one["number"] = static_cast<unsigned>(check);
    one["state"] = text(name_of(state));
    root["checks"].append(std::move(one));
  }
  for (const auto& list : verdict.lists) {
    Json::Value one;
    one["kind"] = list.kind;
    one["uri"] = list.uri;
    one["as_of"] = to_iso(list.as_of);
    root["lists"].append(std::move(one));
  }
  if (!verdict.facts.card_number.empty()) root["document"] = facts_value(verdict.facts);
  if (holder) {
    root["holder"]["language"] = text(holder->code);
    root["holder"]["text"] = holder_line(verdict.findings, *holder);
  }
  if (traffic) root["traffic"] = traffic_value(*traffic);

  return crypto::json_lines(root);
}

}  // namespace reader
