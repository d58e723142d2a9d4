// SPDX-License-Identifier: Apache-2.0
#include "reader/report/check_entry.hpp"

#include <algorithm>

#include "reader/inspect/instant.hpp"
#include "reader/judge/reasons.hpp"
#include "reader/report/chain_line.hpp"

namespace reader {
namespace {

constexpr std::size_t kMostName = 64;
constexpr std::size_t kMostLine = 1U << 16;

}  // namespace

CheckEntry entry_of(const Verdict& verdict) {
  CheckEntry entry;
  entry.at = verdict.at;
  entry.card_number = verdict.facts.card_number;
  entry.confirmed = verdict.facts.confirmed;
  entry.outcome = verdict.outcome;
  for (const auto& finding : verdict.findings) entry.reasons.push_back(finding.reason);
  entry.lists = verdict.lists;
  return entry;
}

bool may_be_logged(std::string_view name) {
  return name.size() <= kMostName && std::ranges::none_of(name, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E;
         });
}

std::string to_line(const CheckEntry& entry, std::int64_t number) {
  Json::Value out;
  out["kind"] = "check";
  out["number"] = Json::Int64{number};
  out["written"] = to_iso(entry.written);
  out["at"] = to_iso(entry.at);
  out["device"] = entry.device;
  out["role"] = entry.role;
  out["card_number"] = entry.card_number;
  out["confirmed"] = entry.confirmed;
  out["outcome"] = std::string(name_of(entry.outcome));
  out["reasons"] = Json::Value(Json::arrayValue);
  for (const auto reason : entry.reasons) out["reasons"].append(std::string(rule_of(reason).name));
  out["lists"] = Json::Value(Json::arrayValue);
  for (const auto& list : entry.lists) {
    Json::Value one;
    one["kind"] = list.kind;
    one["uri"] = list.uri;
    one["as_of"] = to_iso(list.as_of);
    out["lists"].append(std::move(one));
  }
  return line_of(out);
}

std::string to_line(const Removal& removal, std::int64_t number) {
  Json::Value out;
  out["kind"] = "removal";
  out["number"] = Json::Int64{number};
  out["written"] = to_iso(removal.written);
  out["keep_days"] = removal.keep_days;
  out["through"] = point_value(removal.through);
  return line_of(out);
}

std::optional<ChainLink> read_link(std::string_view line) {
  const auto entry = line.size() <= kMostLine ? parse_line(line) : std::nullopt;
  if (!entry || !(*entry)["number"].isInt64() || !(*entry)["written"].isString()) return std::nullopt;
  const auto written = instant_from_iso((*entry)["written"].asString());
  if (!written) return std::nullopt;
  ChainLink link{(*entry)["number"].asInt64(), *written};
  if ((*entry)["kind"] == "check") return link;
  link.removed = point_from((*entry)["through"]);
  if ((*entry)["kind"] != "removal" || !link.removed) return std::nullopt;
  return link;
}

std::optional<std::chrono::sys_seconds> written_in(std::string_view line) {
  const auto link = read_link(line);
  return link ? std::optional(link->written) : std::nullopt;
}

std::optional<ChainHash> LogHistory::at(std::int64_t number) const {
  if (number < removed.number || number > last()) return std::nullopt;
  return number == removed.number ? removed.hash : hashes[static_cast<std::size_t>(number - removed.number - 1)];
}

bool ChainWalk::differs(const ChainPoint& point) const {
  const auto seen = earlier_ ? earlier_->at(point.number) : std::nullopt;
  return seen && *seen != point.hash;
}

std::optional<LogProblem> ChainWalk::take(std::string_view line, crypto::ByteView hash,
                                          std::optional<std::int64_t> kept_as) {
  const auto next = chained(head_, line);
  const auto link = read_(line);
  if (!link) return LogProblem{LogFault::malformed, next.number};
  const auto number = kept_as.value_or(link->number);
  if (link->number > next.number && number == link->number) return LogProblem{LogFault::gap, next.number};
  if (number != next.number || link->number != next.number || !std::ranges::equal(next.hash, hash))
    return LogProblem{LogFault::changed, next.number};
  if (differs(next)) return LogProblem{LogFault::other_history, next.number};
  if (written_ && link->written < *written_) clock_set_back_.push_back(next.number);
  written_ = link->written;
  if (link->removed) told_ = *link->removed;
  head_ = next;
  return std::nullopt;
}

std::optional<LogProblem> ChainWalk::finish() const {
  if (told_ != removed_) return LogProblem{LogFault::untold_loss, std::max(told_.number, removed_.number)};
  if (!earlier_) return std::nullopt;
  if (differs(removed_)) return LogProblem{LogFault::other_history, removed_.number};
  if (earlier_->last() < removed_.number) return LogProblem{LogFault::unseen_loss, earlier_->last() + 1};
  if (earlier_->last() > head_.number) return LogProblem{LogFault::truncated, head_.number + 1};
  return std::nullopt;
}

}  // namespace reader
