// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "reader/judge/printed_zone.hpp"
#include "reader/judge/reasons.hpp"
#include "tests/unit/reader/issuing_house.hpp"

using namespace reader;

namespace {

const auto kNow = testing::at("2026-03-10T09:00:00Z");

std::string zone_of(const Evidence& evidence) {
  return patent::decode_dg1(*evidence.content(layout::FileId::dg1)).value();
}
Verdict compared(const Evidence& evidence, const std::string& printed, const Trust& trust = testing::house().trust()) {
  auto verdict = verify(evidence, trust, {}, kNow);
  compare_zone(printed, evidence, verdict);
  return verdict;
}
CheckState content(const Verdict& verdict) {
  return std::ranges::find(verdict.checks, Check::content, &CheckResult::check)->state;
}

}  // namespace

TEST_CASE("the zone as it is printed must be the chip's, to the character") {
  const auto evidence = testing::Specimen{}.evidence();
  const auto zone = zone_of(evidence);
  CHECK(compared(evidence, zone).outcome == Outcome::valid);
  for (std::size_t i = 0; i < zone.size(); ++i) {
    auto other = zone;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    const auto verdict = compared(evidence, other);
    INFO(i);
    CHECK(verdict.outcome == Outcome::invalid);
    CHECK(verdict.headline == Reason::data_mismatch);
    CHECK(verdict.findings.size() == 1);
    CHECK(content(verdict) == CheckState::failed);
  }
}

TEST_CASE("a difference takes its place among the other findings") {
  auto evidence = testing::Specimen{}.evidence();
  const auto zone = zone_of(evidence);
  testing::file_of(evidence, layout::FileId::dg11).back() ^= 1;
  const auto forged = compared(evidence, "P" + zone.substr(1));
  CHECK(forged.headline == Reason::forged);
  CHECK(std::ranges::find(forged.findings, Reason::data_mismatch, &Finding::reason) != forged.findings.end());
  CHECK(std::ranges::is_sorted(forged.findings, {}, [](const Finding& f) { return rule_of(f.reason).rank; }));

  Evidence nothing;
  CHECK(compared(nothing, zone).headline == verify(nothing, testing::house().trust(), {}, kNow).headline);
}
