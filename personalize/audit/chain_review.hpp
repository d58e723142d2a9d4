// SPDX-License-Identifier: Apache-2.0
// Owns the review of audit chains, in a ledger or an export: the first line that is not what was written, and what of
// the rest is proven by signatures and anchors (docs/audit.md).
#pragma once

#include <istream>
#include <ostream>

#include "personalize/audit/chain_signature.hpp"
#include "reader/report/check_entry.hpp"

namespace personalize {

// What is wrong with one station's chain, by the faults of every chained log here: `other_history` is an anchor's word
// against the chain's, `head_differs` that of the ledger's own head.
struct StationReview {
  std::string station;
  std::optional<reader::LogProblem> problem{};  // the first
  reader::ChainPoint head;                      // of what is sound
  std::int64_t signatures = 0, signed_number = 0;
  std::optional<crypto::Time> unsigned_since{};  // the first line after the last signature
  std::vector<std::int64_t> clock_set_back;
  [[nodiscard]] std::int64_t unsigned_lines() const { return head.number - signed_number; }
};
struct ChainReview {
  std::vector<StationReview> stations;  // by name; those too that an anchor names, or that worked here
  [[nodiscard]] bool whole() const;
};

struct ChainEvidence {
  const reader::Trust* trust = nullptr;  // without it signatures are not judged
  std::vector<AuditAnchor> anchors{};
  crypto::Time now{};
  std::chrono::seconds unsigned_for = std::chrono::hours(24);  // at most, where signatures are judged
};

Logged<ChainReview> review_chains(Database& database, const ChainEvidence& evidence);
// Nothing for what is no export.
std::optional<ChainReview> review_export(std::istream& in, const ChainEvidence& evidence);

// All chains, as they are at one moment. How many lines.
Logged<std::int64_t> export_chains(Database& database, crypto::Time now, std::ostream& out);

}  // namespace personalize
