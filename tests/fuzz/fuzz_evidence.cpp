// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for saved evidence: whatever the text is, it is read or refused; what is read is written and
// read again as the same; and only what a trusted issuer signed is VALID.
#include "reader/report/report.hpp"
#include "tests/fuzz/genuine.hpp"

using namespace fuzz;

namespace {

// The signed groups of one of the genuine documents, and of no other.
bool same_groups(const reader::Evidence& evidence, const reader::Evidence& document) {
  return std::ranges::all_of(evidence.files, [&](const reader::ReadFile& file) {
    if (layout::file(file.file).data_group == 0 || file.outcome != reader::ReadOutcome::read) return true;
    const auto* const content = document.content(file.file);
    return content != nullptr && *content == file.content;
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto evidence = reader::evidence_from_json(text);
  if (!evidence) return 0;
  const auto saved = reader::to_json(*evidence, {.fingerprints = true});
  const auto again = reader::evidence_from_json(saved);
  require(again && reader::to_json(*again, {.fingerprints = true}) == saved);
  require(reader::evidence_from_json(reader::to_json(*evidence)).has_value());
  const auto verdict = reader::verify(*evidence, trust(), {}, kNow);
  require(reader::to_json(reader::verify(*again, trust(), {}, kNow), nullptr) == reader::to_json(verdict, nullptr));
  if (verdict.outcome == reader::Outcome::valid)
    require(same_groups(*evidence, genuine(Proof::mapping)) || same_groups(*evidence, genuine(Proof::agreement)) ||
            same_groups(*evidence, genuine(Proof::answers)));
  return 0;
}
