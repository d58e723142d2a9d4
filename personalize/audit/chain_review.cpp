// SPDX-License-Identifier: Apache-2.0
#include "personalize/audit/chain_review.hpp"

#include <json/value.h>

#include <algorithm>

#include "crypto/base64.hpp"
#include "personalize/ledger/audit_line.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/report/chain_line.hpp"

namespace personalize {
namespace {

using reader::ChainPoint;
using reader::LogFault;
using reader::LogProblem;

constexpr std::string_view kFormat = "patent-audit-chain";
constexpr int kVersion = 1;

using Heads = std::map<std::string, ChainPoint, std::less<>>;

std::optional<reader::ChainLink> read_audit_link(std::string_view text) {
  const auto line = read_audit_line(text);
  if (!line) return std::nullopt;
  return reader::ChainLink{line->number, line->at};
}

// One chain, line by line, beside its head, its anchors and its signatures.
class StationWalk {
public:
  StationWalk(std::string station, std::optional<ChainPoint> head, const ChainEvidence& evidence, SignatureJudge* judge)
      : evidence_(evidence), head_(std::move(head)), judge_(judge) {
    out_.station = std::move(station);
    for (const auto& anchor : evidence.anchors)
      if (anchor.statement.station == out_.station) anchors_.push_back(anchor.statement.point);
    std::ranges::sort(anchors_, {}, &ChainPoint::number);
  }

  void take(std::string_view text, crypto::ByteView hash, std::optional<std::int64_t> kept_as) {
    if (out_.problem) return;
    const auto before = walk_.head();
    out_.problem = walk_.take(text, hash, kept_as);
    if (!out_.problem) out_.problem = judge_line(text, before);
    if (!out_.problem) out_.head = walk_.head();
  }

  StationReview finish() {
    out_.clock_set_back = walk_.clock_set_back();
    if (!out_.problem) out_.problem = fault_of_end();
    return std::move(out_);
  }

private:
  std::optional<LogProblem> judge_line(std::string_view text, const ChainPoint& before) {
    const auto& now = walk_.head();
    const auto line = *read_audit_line(text);
    if (line.station != out_.station) return LogProblem{LogFault::changed, now.number};
    if (head_ && head_->number == now.number && *head_ != now) return LogProblem{LogFault::head_differs, now.number};
    for (const auto& anchor : anchors_)
      if (anchor.number == now.number && anchor != now) return LogProblem{LogFault::other_history, now.number};
    if (!out_.unsigned_since) out_.unsigned_since = line.at;
    return line.what == kSignatureLine ? judge_signature(line, before) : std::nullopt;
  }

  std::optional<LogProblem> judge_signature(const AuditLine& line, const ChainPoint& before) {
    const auto cms = line.facts.find("cms");
    auto octets = cms == line.facts.end() ? std::nullopt : crypto::from_base64(cms->second);
    if (!octets) return LogProblem{LogFault::not_signed, line.number};
    if (judge_ != nullptr)
      if (const auto fault = judge_->fault_of({{line.station, before, line.at}, *std::move(octets)}))
        return LogProblem{*fault == SignatureFault::stranger ? LogFault::stranger : LogFault::not_signed, line.number};
    ++out_.signatures;
    out_.signed_number = line.number;
    out_.unsigned_since.reset();
    return std::nullopt;
  }

  [[nodiscard]] std::optional<LogProblem> fault_of_end() const {
    const auto last = out_.head.number;
    const auto missing = last == 0 ? LogFault::chain_missing : LogFault::truncated;
    if (!anchors_.empty() && anchors_.back().number > last) return LogProblem{missing, last + 1};
    if (!head_) return LogProblem{LogFault::head_missing, last};
    if (head_->number > last) return LogProblem{missing, last + 1};
    // A chain that was written anew has no signatures.
    const bool is_old = out_.unsigned_since && evidence_.now - *out_.unsigned_since > evidence_.unsigned_for;
    if (judge_ != nullptr && (is_old || out_.unsigned_lines() > kMostUnsigned))
      return LogProblem{LogFault::not_signed, out_.signed_number + 1};
    return std::nullopt;
  }

  // Far more than lie between two signatures while a signer is there.
  static constexpr std::int64_t kMostUnsigned = 16 * AuditChain::kSignEvery;

  const ChainEvidence& evidence_;
  StationReview out_;
  reader::ChainWalk walk_{ChainPoint{}, nullptr, read_audit_link};
  std::optional<ChainPoint> head_;
  std::vector<ChainPoint> anchors_;
  SignatureJudge* judge_;
};

// All stations' chains, whose lines come station by station.
class ChainsWalk {
public:
  ChainsWalk(Heads heads, const ChainEvidence& evidence) : heads_(std::move(heads)), evidence_(evidence) {
    if (evidence.trust != nullptr) judge_.emplace(*evidence.trust, evidence.now);
    for (const auto& [station, head] : heads_) open(station);
    for (const auto& anchor : evidence.anchors) open(anchor.statement.station);
  }
  void take(const std::string& station, std::string_view line, crypto::ByteView hash,
            std::optional<std::int64_t> kept_as) {
    open(station).take(line, hash, kept_as);
  }
  ChainReview finish() {
    ChainReview out;
    for (auto& [station, walk] : walks_) out.stations.push_back(walk.finish());
    return out;
  }

private:
  StationWalk& open(const std::string& station) {
    const auto known = walks_.find(station);
    if (known != walks_.end()) return known->second;
    const auto head = heads_.find(station);
    return walks_
        .try_emplace(station, station, head == heads_.end() ? std::nullopt : std::optional(head->second), evidence_,
                     judge_ ? &*judge_ : nullptr)
        .first->second;
  }

  Heads heads_;
  const ChainEvidence& evidence_;
  std::optional<SignatureJudge> judge_;
  std::map<std::string, StationWalk, std::less<>> walks_;
};

Heads heads_of(Database& database) {
  Heads out;
  // Who worked has a first line at least, whatever became of it.
  const auto stations = database.query(
      "SELECT station FROM shift UNION SELECT station FROM blank_movement UNION SELECT station FROM order_step "
      "EXCEPT SELECT station FROM audit_line");
  while (stations->next()) out[stations->text(0)].number = 1;
  const auto rows = database.query("SELECT station, number, hash FROM audit_head");
  while (rows->next()) {
    const auto octets = rows->octets(2);
    auto& head = out[rows->text(0)];
    head.number = rows->number(1);
    if (octets.size() == head.hash.size()) std::ranges::copy(octets, head.hash.begin());
  }
  return out;
}

std::unique_ptr<Rows> lines_of(Database& database) {
  return database.stream("SELECT station, number, line, hash FROM audit_line ORDER BY station, number");
}

std::string head_line(const Heads& heads, crypto::Time now) {
  Json::Value out;
  out["format"] = std::string(kFormat);
  out["version"] = kVersion;
  out["exported"] = reader::to_iso(now);
  out["heads"] = Json::Value(Json::objectValue);
  for (const auto& [station, head] : heads) out["heads"][station] = reader::point_value(head);
  return reader::line_of(out) + '\n';
}

std::optional<Heads> heads_in(std::string_view line) {
  const auto value = reader::parse_line(line);
  if (!value || (*value)["format"] != std::string(kFormat) || (*value)["version"] != kVersion ||
      !(*value)["heads"].isObject())
    return std::nullopt;
  Heads out;
  for (const auto& station : (*value)["heads"].getMemberNames()) {
    const auto point = reader::point_from((*value)["heads"][station]);
    if (!point) return std::nullopt;
    out[station] = *point;
  }
  return out;
}

}  // namespace

bool ChainReview::whole() const {
  return std::ranges::none_of(stations, [](const auto& one) { return one.problem.has_value(); });
}

Logged<ChainReview> review_chains(Database& database, const ChainEvidence& evidence) {
  ChainReview out;
  PATENT_TRY_VOID(database.snapshot([&]() -> Logged<void> {
    ChainsWalk walk(heads_of(database), evidence);
    const auto rows = lines_of(database);
    while (rows->next()) walk.take(rows->text(0), rows->text(2), rows->octets(3), rows->number(1));
    out = walk.finish();
    return {};
  }));
  return out;
}

std::optional<ChainReview> review_export(std::istream& in, const ChainEvidence& evidence) {
  std::string text;
  if (!std::getline(in, text)) return std::nullopt;
  auto heads = heads_in(text);
  if (!heads) return std::nullopt;
  std::string station = heads->empty() ? std::string() : heads->begin()->first;
  ChainsWalk walk(*std::move(heads), evidence);
  while (std::getline(in, text)) {
    const auto exported = reader::exported_line(text);
    const auto line = exported ? read_audit_line(exported->line) : std::nullopt;
    if (line) station = line->station;
    // What cannot be read is a fault of the chain that it stands in.
    walk.take(station, exported ? exported->line : std::string_view(), exported ? exported->hash : reader::ChainHash{},
              std::nullopt);
  }
  return walk.finish();
}

Logged<std::int64_t> export_chains(Database& database, crypto::Time now, std::ostream& out) {
  std::int64_t lines = 0;
  PATENT_TRY_VOID(database.snapshot([&]() -> Logged<void> {
    out << head_line(heads_of(database), now);
    const auto rows = lines_of(database);
    for (; rows->next(); ++lines) out << reader::export_line(rows->text(2), rows->octets(3));
    return {};
  }));
  return lines;
}

}  // namespace personalize
