// SPDX-License-Identifier: Apache-2.0
// A handheld's program in small: judges saved evidence, then a card that is gone. sample TRUST EVIDENCE
#include <fstream>
#include <iostream>
#include <iterator>
#include <patent/reader.hpp>

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  auto error = reader::SetupError::none;
  if (reader::Inspector::open("/nonexistent", "", error) || error != reader::SetupError::bad_trust) return 3;
  const auto inspector = reader::Inspector::open(argv[1], "", error);
  if (!inspector) return 4;

  const std::chrono::sys_seconds at = std::chrono::sys_days{std::chrono::year{2026} / 3 / 10} + std::chrono::hours{9};
  std::ifstream in(argv[2]);
  const std::string evidence{std::istreambuf_iterator<char>(in), {}};
  const auto verdict = inspector->verify(evidence, "", at);
  std::cout << reader::describe(verdict, "en") << reader::verdict_json(verdict);
  if (inspector->verify("garbage", "", at).outcome != reader::Outcome::needs_check) return 5;

  // A place that is none is no other region.
  if (inspector->verify(evidence, "45", at).headline != reader::Reason::unreadable) return 7;

  reader::CardLink gone;
  gone.exchange = [](const auto&) -> std::optional<std::vector<std::uint8_t>> { throw 1; };
  // A terminal whose key is in somebody else's hands, who does not answer.
  reader::Terminal terminal;
  terminal.sign = [](const auto&) -> std::optional<std::vector<std::uint8_t>> { throw 2; };
  if (!inspector->use_terminal(std::move(terminal))) return 8;
  const auto inspection = inspector->inspect(gone, {.can = "123456", .fingers = true, .at = at});
  if (inspection.verdict.outcome != reader::Outcome::needs_check || inspection.evidence.empty()) return 6;
  return static_cast<int>(verdict.outcome);
}
