// SPDX-License-Identifier: Apache-2.0
// Owns one inspection of one simulated document: what is set up, what was seen, and what was expected.
#pragma once

#include "reader/inspect/session.hpp"
#include "reader/judge/verify.hpp"
#include "tests/conformance/kit/case.hpp"
#include "tests/conformance/reader/document.hpp"

namespace simulator {

struct Scenario {
  DocumentPlan document{};
  std::function<void(ChipProfile&)> chip{};     // how the chip deviates
  std::function<void(reader::Trust&)> trust{};  // how the reader's trust does
  reader::Policy policy{};
  std::function<reader::Verdict(const reader::Evidence&, const reader::Trust&, const reader::Policy&, crypto::Time)>
      judge = [](const auto& shown, const auto& by, const auto& limits, crypto::Time when) {
        return reader::verify(shown, by, limits, when);
      };
  crypto::PasswordKind password = crypto::PasswordKind::can;
  std::string secret{};  // what the officer enters; empty: the right one
  reader::ReadPlan plan{};
  wire::ApduLimits link{65544, 65538};
  std::optional<reader::TerminalIdentity> terminal{};  // as whom fingerprints are asked for
  crypto::Time at = testing::at("2026-03-10T09:00:00Z");

  // One more, beside `chip`.
  void deviate(Deviation deviation);
  void deviate(Fault fault);
};

struct Seen {
  const reader::Evidence& evidence;
  const reader::Verdict& verdict;
  const ChipSimulator& chip;
  [[nodiscard]] reader::CheckState state(reader::Check check) const;
  [[nodiscard]] bool found(reader::Reason reason) const;
};

// What the case demands beyond VALID or not: a sentence when it is not met.
using Demand = std::function<std::string(const Seen&)>;
struct Expected {
  std::optional<bool> valid = true;
  std::vector<Demand> demands{};
  std::string text{};
  [[nodiscard]] Expected and_also(Expected more) const;
};
// The inspection is successful: VALID.
Expected accepted();
// Not VALID, and this check not successful; or for this reason.
Expected refused(reader::Check check);
Expected refused(reader::Reason reason);
Expected refused();
// As often as that the chip got such a command.
Expected asked(Step step, std::size_t times);
// Every check that speaks of this is successful, or not supported.
Expected successful(reader::Check check);
// The session ended because secure messaging was broken: its keys are gone.
Expected session_broken();
Expected access_is(reader::AccessOutcome outcome);

// Fingerprints were read, or were not.
Expected fingerprints_read();
Expected no_fingerprints();

// The longest inspection there may be.
inline constexpr std::size_t kMaxExchanges = 1024;

using SetUp = std::function<void(Scenario&)>;
// A case in one or more variants, each of which must meet what is expected.
struct Row {
  std::string id, purpose;
  Expected expected;
  std::vector<SetUp> variants;
};
conformance::Case to_case(Row row);
// A case that says why it does not apply.
struct LeftOut {
  std::string id, title, why;
};
conformance::Case to_case(const LeftOut& left_out);

}  // namespace simulator
