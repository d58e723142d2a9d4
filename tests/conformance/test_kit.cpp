// SPDX-License-Identifier: Apache-2.0
// The kit itself: which cases a selector names, how cases end, what reports hold and what they never hold.
#include <catch2/catch.hpp>
#include <stdexcept>

#include "tests/conformance/kit/report.hpp"

using namespace conformance;

namespace {

class Answers final : public wire::Channel {
public:
  explicit Answers(crypto::Bytes data) : data_(std::move(data)) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command&) override {
    return wire::Response{data_, wire::StatusWord::ok};
  }

private:
  crypto::Bytes data_;
};

std::string transcript_of(const wire::Command& command, const crypto::Bytes& answer) {
  Answers card(answer);
  Transcript transcript;
  Recording recording(card, transcript, Protection::secure_messaging);
  REQUIRE(recording.transmit(command));
  std::string out;
  for (const auto& step : transcript.steps()) out += step.text + "\n";
  return out;
}

Case named(std::string id, std::function<Outcome(Transcript&)> run) {
  return {std::move(id), "why", "what", std::move(run)};
}

}  // namespace

TEST_CASE("a selector names a case or a unit") {
  CHECK(selects("ISO7816_J_1", "ISO7816_J_1"));
  CHECK_FALSE(selects("ISO7816_J_1", "ISO7816_J_10"));
  CHECK(selects("ISO7816_J", "ISO7816_J_10"));
  CHECK(selects("ISO7816_J_", "ISO7816_J_10"));
  CHECK_FALSE(selects("ISO7816_J", "ISO7816_K_1"));
  CHECK_FALSE(selects("SO7816", "ISO7816_J_1"));
}

TEST_CASE("what READ commands answer is not kept") {
  const crypto::Bytes ridges{0xDE, 0xAD, 0xBE, 0xEF};
  for (const crypto::Byte ins : crypto::Bytes{0xB0, 0xB1, 0xB2, 0xB3}) {
    const auto text = transcript_of({.ins = ins, .le = 4}, ridges);
    CHECK(text.find("DE AD") == std::string::npos);
    CHECK(text.find("(4 octets) 90 00") != std::string::npos);
  }
  CHECK(transcript_of({.ins = 0x84, .le = 4}, ridges).find("DE AD BE EF 90 00") != std::string::npos);
}

TEST_CASE("cases end as they say, and an exception is an error") {
  const std::vector<Case> cases{
      named("X_1", [](Transcript&) { return passed("fine"); }),
      named("X_2", [](Transcript&) -> Outcome { fail("no <good> & \"bad\" \x01"); }),
      named("X_3", [](Transcript&) -> Outcome { does_not_apply("not here"); }),
      named("X_4", [](Transcript&) -> Outcome { cannot_run("no card"); }),
      named("X_5", [](Transcript&) -> Outcome { throw std::runtime_error("link"); }),
  };
  std::size_t seen = 0;
  Report report;
  report.standard = "A & B";
  report.selected = cases.size();
  report.cases = run_cases(cases, {}, [&](const CaseReport&, std::size_t place, std::size_t of) {
    CHECK(place == ++seen);
    CHECK(of == cases.size());
  });
  CHECK(tally(report.cases) == Tally{1, 1, 1, 2});

  const auto junit = to_junit(report);
  CHECK(junit.find("tests=\"5\" failures=\"1\" errors=\"2\" skipped=\"1\"") != std::string::npos);
  CHECK(junit.find("message=\"no &lt;good&gt; &amp; &quot;bad&quot; ?\"") != std::string::npos);
  CHECK(junit.find("A &amp; B") != std::string::npos);
  CHECK(to_text(report).find("5 cases: 1 passed, 1 failed, 2 errors, 1 not applicable") != std::string::npos);
}

TEST_CASE("a stop leaves the rest unrun, and the report says so") {
  std::stop_source stop;
  const std::vector<Case> cases{named("X_1",
                                      [&](Transcript&) {
                                        stop.request_stop();
                                        return passed("");
                                      }),
                                named("X_2", [](Transcript&) { return passed(""); })};
  Report report;
  report.selected = cases.size();
  report.cases = run_cases(cases, stop.get_token(), {});
  CHECK(report.cases.size() == 1);
  CHECK(to_text(report).find("stopped, 1 not run") != std::string::npos);
}

TEST_CASE("a transcript has an end") {
  Transcript transcript;
  for (std::size_t i = 0; i < 2 * Transcript::kMaxSteps; ++i) transcript.remark("again");
  CHECK(transcript.steps().size() <= Transcript::kMaxSteps + 1);
  CHECK(transcript.steps().back().text.find("ends here") != std::string::npos);
}
