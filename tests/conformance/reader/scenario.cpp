// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/scenario.hpp"

#include <fmt/format.h>

#include "reader/inspect/names.hpp"
#include "reader/judge/reasons.hpp"

namespace simulator {
namespace {

using conformance::Outcome;

std::string describe(const Seen& seen) {
  std::string text =
      fmt::format("{}, {}", reader::name_of(seen.verdict.outcome), reader::rule_of(seen.verdict.headline).name);
  for (const auto& check : seen.verdict.checks)
    if (check.state == reader::CheckState::failed || check.state == reader::CheckState::undetermined)
      text += fmt::format("; {} {}", reader::name_of(check.check), reader::name_of(check.state));
  if (seen.evidence.access != reader::AccessOutcome::opened)
    text += fmt::format("; access {}", reader::name_of(seen.evidence.access));
  if (seen.evidence.link_error) text += fmt::format("; link {}", reader::name_of(*seen.evidence.link_error));
  return text + fmt::format("; {} exchanges", seen.evidence.traffic.apdus);
}

void write_down(const ChipSimulator& chip, conformance::Transcript& transcript) {
  for (const auto& passed : chip.passed()) {
    const auto protection = passed.secure ? conformance::Protection::secure_messaging : conformance::Protection::none;
    transcript.command({.cla = passed.command[0],
                        .ins = passed.command[1],
                        .p1 = passed.command[2],
                        .p2 = passed.command[3],
                        .data = ByteView(passed.command).subspan(4),
                        .le = passed.le},
                       protection);
    transcript.answer(wire::Response{passed.data, passed.sw});
  }
}

Outcome judge(const Expected& expected, const Seen& seen) {
  const std::string what = describe(seen);
  const bool valid = seen.verdict.outcome == reader::Outcome::valid;
  if (expected.valid && valid != *expected.valid) conformance::fail(what);
  if (seen.evidence.traffic.apdus > kMaxExchanges) conformance::fail("too many exchanges: " + what);
  for (const auto& demand : expected.demands)
    if (const auto unmet = demand(seen); !unmet.empty()) conformance::fail(unmet + ": " + what);
  return conformance::passed(what);
}

Outcome run(const Expected& expected, const SetUp& set_up, conformance::Transcript& transcript) {
  Scenario scenario;
  if (set_up) set_up(scenario);
  auto document = make_document(scenario.document);
  auto profile = document.on_chip(scenario.document);
  if (scenario.chip) scenario.chip(profile);
  if (scenario.trust) scenario.trust(document.trust);
  const bool by_can = scenario.password == crypto::PasswordKind::can;
  const std::string& right = by_can ? profile.can : profile.mrz_information;
  const crypto::Secret secret(crypto::as_bytes(scenario.secret.empty() ? right : scenario.secret));
  scenario.plan.fingers = scenario.terminal.has_value();
  ChipSimulator chip(std::move(profile));
  crypto::OpensslEngine engine;
  reader::SessionOptions options{.link = scenario.link};
  if (scenario.terminal) options.terminal = &*scenario.terminal;
  const auto evidence =
      reader::inspect(engine, chip, {scenario.password, secret.clone()}, scenario.plan, options, scenario.at);
  write_down(chip, transcript);
  const auto verdict = scenario.judge(evidence, document.trust, scenario.policy, scenario.at);
  return judge(expected, {evidence, verdict, chip});
}

Outcome run_all(const Row& row, conformance::Transcript& transcript) {
  Outcome last;
  for (std::size_t i = 0; i < row.variants.size(); ++i) {
    if (row.variants.size() > 1) transcript.remark(fmt::format("variant {} of {}", i + 1, row.variants.size()));
    try {
      last = run(row.expected, row.variants[i], transcript);
    } catch (const conformance::Ended& ended) {
      auto outcome = ended.outcome();
      outcome.seen = fmt::format("variant {}: {}", i + 1, outcome.seen);
      throw conformance::Ended(std::move(outcome));
    }
  }
  return last;
}

Expected demanding(std::optional<bool> valid, std::string text, Demand demand) {
  return {valid, {std::move(demand)}, std::move(text)};
}

}  // namespace

void Scenario::deviate(Deviation deviation) {
  chip = [before = std::move(chip), one = std::move(deviation)](ChipProfile& profile) {
    if (before) before(profile);
    profile.deviations.push_back(one);
  };
}

void Scenario::deviate(Fault fault) {
  chip = [before = std::move(chip), fault](ChipProfile& profile) {
    if (before) before(profile);
    profile.faults.insert(fault);
  };
}

reader::CheckState Seen::state(reader::Check check) const {
  const auto result = std::ranges::find(verdict.checks, check, &reader::CheckResult::check);
  return result == verdict.checks.end() ? reader::CheckState::aborted : result->state;
}

bool Seen::found(reader::Reason reason) const {
  return std::ranges::find(verdict.findings, reason, &reader::Finding::reason) != verdict.findings.end();
}

Expected Expected::and_also(Expected more) const {
  Expected both = *this;
  for (auto& demand : more.demands) both.demands.push_back(std::move(demand));
  both.text += "; " + more.text;
  return both;
}

Expected accepted() { return {true, {}, "VALID"}; }
Expected refused() { return {false, {}, "not VALID"}; }

Expected refused(reader::Check check) {
  return demanding(false, fmt::format("not VALID, {} not successful", reader::name_of(check)),
                   [check](const Seen& seen) -> std::string {
                     if (seen.state(check) != reader::CheckState::successful) return {};
                     return fmt::format("{} is successful", reader::name_of(check));
                   });
}

Expected refused(reader::Reason reason) {
  const auto name = reader::rule_of(reason).name;
  return demanding(false, fmt::format("not VALID, {}", name), [reason, name](const Seen& seen) -> std::string {
    if (seen.found(reason)) return {};
    return fmt::format("{} was not said", name);
  });
}

Expected asked(Step step, std::size_t times) {
  return demanding(true, fmt::format("the command came {} times", times), [step, times](const Seen& seen) {
    const auto count = seen.chip.count(step);
    return count == times ? std::string() : fmt::format("the command came {} times", count);
  });
}

Expected successful(reader::Check check) {
  const auto name = reader::name_of(check);
  return demanding(true, fmt::format("{} successful", name), [check, name](const Seen& seen) {
    return seen.state(check) == reader::CheckState::successful ? std::string() : fmt::format("{} is not", name);
  });
}

Expected session_broken() {
  return demanding(false, "the session's keys are destroyed", [](const Seen& seen) {
    const bool broken = seen.evidence.link_error == wire::LinkError::secure_messaging;
    return broken ? std::string() : std::string("the session went on");
  });
}

Expected access_is(reader::AccessOutcome outcome) {
  const auto name = reader::name_of(outcome);
  return demanding(false, fmt::format("access {}", name), [outcome](const Seen& seen) {
    return seen.evidence.access == outcome ? std::string() : std::string("access ended otherwise");
  });
}

Expected fingerprints_read() {
  return demanding({}, "the fingerprints are read", [](const Seen& seen) {
    const bool read = seen.evidence.content(layout::FileId::dg3) != nullptr && seen.chip.terminal_authenticated();
    return read ? std::string() : std::string("they are not");
  });
}

Expected no_fingerprints() {
  return demanding({}, "no fingerprints are read", [](const Seen& seen) {
    const bool read = seen.evidence.content(layout::FileId::dg3) != nullptr;
    return read ? std::string("they are read") : std::string();
  });
}

conformance::Case to_case(Row row) {
  conformance::Case out{row.id, row.purpose, row.expected.text, {}};
  out.run = [row = std::move(row)](conformance::Transcript& transcript) { return run_all(row, transcript); };
  return out;
}

conformance::Case to_case(const LeftOut& left_out) {
  return {left_out.id, left_out.title, "not applicable",
          [why = left_out.why](conformance::Transcript&) -> Outcome { conformance::does_not_apply(why); }};
}

}  // namespace simulator
