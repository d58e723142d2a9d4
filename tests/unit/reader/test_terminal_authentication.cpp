// SPDX-License-Identifier: Apache-2.0
// Fingerprints, read by the terminals that may and by those that may not.
#include "reader/inspect/terminal_authentication.hpp"

#include <catch2/catch.hpp>

#include "crypto/base64.hpp"
#include "reader/report/report.hpp"
#include "tests/unit/reader/guarded_card.hpp"

using namespace reader;
using namespace testing;

namespace {

using crypto::CvRole;

CheckState state(const Verdict& verdict, Check check) {
  return std::ranges::find(verdict.checks, check, &CheckResult::check)->state;
}
const Finding* finding(const Verdict& verdict, Reason reason) {
  const auto found = std::ranges::find(verdict.findings, reason, &Finding::reason);
  return found == verdict.findings.end() ? nullptr : &*found;
}

const Evidence& honest() {
  static const Evidence kHonest = inspect_as(identity_of(tree()), guarded<by_mapping>().insert());
  return kHonest;
}

// Whether a part of a finger image stands in the text, as it is, in base64 or in hexadecimal.
bool shows_fingers(const std::string& text) {
  const auto image = two_fingers().images.front().image;
  const std::string hex = crypto::to_hex(crypto::ByteView(image).subspan(200, 60));
  bool any = text.find(hex) != std::string::npos;
  any |= text.find(std::string(image.begin() + 200, image.begin() + 260)) != std::string::npos;
  for (std::size_t from = 200; from < 203; ++from) {  // base64 of any alignment
    const auto base64 = crypto::to_base64(crypto::ByteView(image).subspan(from, 60));
    any |= text.find(base64) != std::string::npos;
  }
  return any;
}

crypto::CvReference reference(std::string_view text) {
  crypto::CvReference out;
  REQUIRE(out.assign(crypto::as_bytes(text)));
  return out;
}

std::vector<std::string> holders(const std::vector<PathStep>& path) {
  std::vector<std::string> out;
  for (const auto& step : path) out.emplace_back(step.certificate.holder.begin(), step.certificate.holder.end());
  return out;
}

}  // namespace

TEST_CASE("the authorized terminal reads the fingerprints, behind PACE-CAM or chip authentication") {
  for (auto* card : {&guarded<by_mapping>(), &guarded<by_agreement>()}) {
    const auto without = testing::inspect(card->insert());
    const auto evidence = inspect_as(identity_of(tree()), card->insert());
    CHECK_FALSE(evidence.link_error);
    REQUIRE(evidence.terminal_authentication);
    CHECK(evidence.terminal_authentication->outcome == TerminalOutcome::done);
    CHECK(evidence.outcome(FileId::dg3) == ReadOutcome::read);
    // SELECT, EF.CVCA, two a certificate, the key, the challenge, the signature, and the file.
    CHECK(evidence.traffic.apdus == without.traffic.apdus + 10);
    const auto verdict = testing::judge(evidence);
    CHECK(verdict.headline == Reason::ok);
    CHECK(verdict.findings.size() == testing::judge(without).findings.size());
    CHECK(state(verdict, Check::terminal_authentication) == CheckState::successful);
    REQUIRE(verdict.facts.fingers.size() == 2);
    CHECK(verdict.facts.fingers[0].position == 2);
    CHECK(verdict.facts.fingers[0].image == two_fingers().images[0].image);
    CHECK_FALSE(verdict.facts.fingers[0].is_jpeg2000);
    CHECK(verdict.facts.fingers[1].is_jpeg2000);
  }
}

TEST_CASE("whoever does not ask reads no fingerprints, and nothing is said of them") {
  auto& card = guarded<by_mapping>();
  const auto terminal = identity_of(tree());
  for (const auto& evidence : {testing::inspect(card.insert()), inspect_as(terminal, card.insert(), {}),
                               testing::inspect(card.insert(), testing::can_key(), {.fingers = true})}) {
    CHECK_FALSE(evidence.terminal_authentication);
    CHECK(evidence.outcome(FileId::cvca) == ReadOutcome::not_tried);
    CHECK(evidence.outcome(FileId::dg3) == ReadOutcome::not_tried);
    const auto verdict = testing::judge(evidence);
    CHECK(verdict.headline == Reason::ok);
    CHECK(state(verdict, Check::terminal_authentication) == CheckState::not_supported);
    CHECK_FALSE(finding(verdict, Reason::fingers_unread));
  }
}

TEST_CASE("a short link brings the same fingerprints") {
  const auto evidence =
      inspect_as(identity_of(tree()), guarded<by_mapping>().insert(), {.fingers = true}, wire::ApduLimits{});
  REQUIRE(evidence.content(FileId::dg3));
  CHECK(*evidence.content(FileId::dg3) == *honest().content(FileId::dg3));
  CHECK(testing::judge(evidence).headline == Reason::ok);
}

TEST_CASE("a document without fingerprints is not bothered, nor a chip that cannot prove itself") {
  const auto terminal = identity_of(tree());
  const auto none = inspect_as(terminal, genuine<by_mapping>().insert());
  REQUIRE(none.terminal_authentication);
  CHECK(none.terminal_authentication->outcome == TerminalOutcome::not_offered);
  CHECK(none.outcome(FileId::cvca) == ReadOutcome::not_tried);
  CHECK(state(testing::judge(none), Check::terminal_authentication) == CheckState::not_supported);

  auto signs_only = trusting(with_fingers<by_answers>);
  const auto unproved = inspect_as(terminal, signs_only.insert());
  CHECK(unproved.terminal_authentication->outcome == TerminalOutcome::not_tried);
  CHECK(unproved.outcome(FileId::cvca) == ReadOutcome::not_tried);
  const auto verdict = testing::judge(unproved);
  CHECK(verdict.headline == Reason::ok);
  CHECK(state(verdict, Check::terminal_authentication) == CheckState::undetermined);
  CHECK(finding(verdict, Reason::fingers_unread));
}

TEST_CASE("a refused terminal says nothing of the patent") {
  struct Refused {
    const char* what;
    std::function<TerminalIdentity(const rig::CvTree&)> terminal;
    TerminalOutcome outcome;
    std::optional<TerminalStep> at;
    const char* reference;
  };
  static const rig::CvSigner kStranger;
  using enum TerminalStep;
  const auto expired = [](const rig::CvTree& of) {
    auto plan = of.terminal_plan;
    plan.expires = rig::kToday - std::chrono::days(1);
    return identity({rig::cv_certificate(plan, of.terminal_key, of.dv_key), of.dv()}, of.terminal_key);
  };
  const auto changed = [](const rig::CvTree& of) {
    auto dv = of.dv();
    dv.back() ^= 1;
    return identity({of.terminal(), dv}, of.terminal_key);
  };
  const std::array cases{
      Refused{"an expired certificate", expired, TerminalOutcome::refused, verify_certificate, "RURIGIS00001"},
      Refused{"a changed certificate", changed, TerminalOutcome::refused, verify_certificate, "RURIGDV00001"},
      Refused{"another's key",
              [](const rig::CvTree& of) {
                return identity({of.terminal(), of.dv()}, kStranger);
              },
              TerminalOutcome::refused, authenticate, "RURIGIS00001"},
      Refused{"no DV", [](const rig::CvTree& of) { return identity({of.terminal()}, of.terminal_key); },
              TerminalOutcome::no_path, std::nullopt, "RURIGCVCA00001"},
      Refused{"no certificate", [](const rig::CvTree& of) { return identity({}, of.terminal_key); },
              TerminalOutcome::no_path, std::nullopt, "RURIGCVCA00001"},
      Refused{"a key out of reach",
              [](const rig::CvTree& of) {
                auto out = identity_of(of);
                out.sign = [](crypto::ByteView) { return std::nullopt; };
                return out;
              },
              TerminalOutcome::cannot_sign, std::nullopt, "RURIGIS00001"},
  };
  for (const auto& one : cases) {
    INFO(one.what);
    const auto evidence = inspect_as(one.terminal(tree()), guarded<by_mapping>().insert());
    REQUIRE(evidence.terminal_authentication);
    CHECK(evidence.terminal_authentication->outcome == one.outcome);
    CHECK(evidence.terminal_authentication->refused_at == one.at);
    CHECK(evidence.terminal_authentication->reference == one.reference);
    CHECK(evidence.outcome(FileId::dg3) == ReadOutcome::not_tried);
    const auto verdict = testing::judge(evidence);
    CHECK(verdict.headline == Reason::ok);
    CHECK(verdict.facts.fingers.empty());
    CHECK(state(verdict, Check::terminal_authentication) == CheckState::failed);
    REQUIRE(finding(verdict, Reason::fingers_unread));
    CHECK(finding(verdict, Reason::fingers_unread)->text == one.reference);
    const auto saved = evidence_from_json(to_json(evidence));
    REQUIRE(saved);
    CHECK(to_json(testing::judge(*saved), nullptr) == to_json(verdict, nullptr));
  }
}

TEST_CASE("a terminal without the right is known, and reads no fingerprints") {
  auto plan = tree().terminal_plan;
  plan.rights = {false, false, true};
  const auto evidence = inspect_as(
      identity({rig::cv_certificate(plan, tree().terminal_key, tree().dv_key), tree().dv()}, tree().terminal_key),
      guarded<by_agreement>().insert());
  CHECK(evidence.terminal_authentication->outcome == TerminalOutcome::done);
  CHECK(evidence.outcome(FileId::dg3) == ReadOutcome::refused);
  const auto verdict = testing::judge(evidence);
  CHECK(verdict.headline == Reason::ok);
  CHECK(finding(verdict, Reason::fingers_unread));
  CHECK(verdict.facts.fingers.empty());
}

TEST_CASE("a link certificate leads an old card to a new CVCA, once") {
  auto card = trusting(with_fingers<by_mapping>);
  const rig::CvSigner next, dv, terminal;
  const auto issue = [](std::string authority, std::string holder, CvRole role, const rig::CvSigner& subject,
                        const rig::CvSigner& issuer) {
    return rig::cv_certificate(rig::cv_plan(std::move(authority), std::move(holder), role), subject, issuer);
  };
  const auto made = identity({issue("RURIGDV00002", "RURIGIS00002", CvRole::terminal, terminal, dv),
                              issue("RURIGCVCA00001", "RURIGCVCA00002", CvRole::cvca, next, tree().cvca_key),
                              issue("RURIGCVCA00002", "RURIGDV00002", CvRole::dv_domestic, dv, next),
                              issue("RURIGCVCA00002", "RURIGCVCA00002", CvRole::cvca, next, next)},
                             terminal);
  const auto first = inspect_as(made, card.insert());
  CHECK(first.terminal_authentication->outcome == TerminalOutcome::done);
  CHECK(first.outcome(FileId::dg3) == ReadOutcome::read);
  const auto second = inspect_as(made, card.insert());
  CHECK(second.terminal_authentication->outcome == TerminalOutcome::done);
  CHECK(second.traffic.apdus + 2 == first.traffic.apdus);
  REQUIRE(second.content(FileId::cvca));
  CHECK(trust_points(*second.content(FileId::cvca))->size() == 2);
  CHECK(inspect_as(identity_of(tree()), card.insert()).outcome(FileId::dg3) == ReadOutcome::read);
}

TEST_CASE("fingerprints that are not the signed ones are forged, kept or withheld") {
  auto evidence = honest();
  file_of(evidence, FileId::dg3).back() ^= 1;
  CHECK(testing::judge(evidence).headline == Reason::forged);
  for (const bool kept : {false, true}) {
    const auto saved = evidence_from_json(to_json(evidence, {.fingerprints = kept}));
    REQUIRE(saved);
    CHECK(testing::judge(*saved).headline == Reason::forged);
  }
  auto taken = honest();
  set_outcome(taken, FileId::dg3, ReadOutcome::absent);
  CHECK(testing::judge(taken).headline == Reason::forged);
  auto garbage = honest();
  set_outcome(garbage, FileId::dg3, ReadOutcome::malformed);
  CHECK(testing::judge(garbage).outcome == Outcome::needs_check);
}

TEST_CASE("evidence holds fingerprints only when asked, verdicts and reports never") {
  const auto verdict = testing::judge(honest());
  CHECK(shows_fingers(to_json(honest(), {.fingerprints = true})));  // the search finds what it looks for
  CHECK_FALSE(shows_fingers(to_json(honest())));
  CHECK_FALSE(shows_fingers(to_json(verdict, nullptr)));
  CHECK(to_json(verdict, nullptr).find("right_index") != std::string::npos);
  for (const auto language : {Language::russian, Language::english})
    CHECK_FALSE(shows_fingers(to_text(verdict, nullptr, {.language = language})));

  const auto without = evidence_from_json(to_json(honest()));
  REQUIRE(without);
  CHECK(without->outcome(FileId::dg3) == ReadOutcome::withheld);
  CHECK_FALSE(without->content(FileId::dg3));
  CHECK(testing::judge(*without).headline == Reason::ok);
  CHECK(state(testing::judge(*without), Check::terminal_authentication) == CheckState::successful);
  CHECK(testing::judge(*without).facts.fingers.empty());
  CHECK(to_json(*without) == to_json(honest()));

  const auto with = evidence_from_json(to_json(honest(), {.fingerprints = true}));
  REQUIRE(with);
  CHECK(testing::judge(*with).facts.fingers.size() == 2);

  // A card taken away in the middle of them leaves no half in the evidence.
  auto torn = honest();
  auto& file = *std::ranges::find(torn.files, FileId::dg3, &ReadFile::file);
  file.outcome = ReadOutcome::incomplete;
  CHECK_FALSE(shows_fingers(to_json(torn)));
}

TEST_CASE("a reason for absence is shown in place of fingers") {
  const auto absent = [](Files& files, const ChipKeys& keys) {
    by_mapping(files, keys);
    files[FileId::dg3] = patent::encode_dg3({{}, patent::FingerAbsence::injured});
  };
  auto card = trusting(absent);
  const auto verdict = testing::judge(inspect_as(identity_of(tree()), card.insert()));
  CHECK(verdict.headline == Reason::ok);
  CHECK(verdict.facts.fingers.empty());
  CHECK(verdict.facts.fingers_absent == 2);
  CHECK(to_json(verdict, nullptr).find("\"injured\"") != std::string::npos);
}

TEST_CASE("a card pulled at any command of terminal authentication is never valid by it, nor invalid") {
  const auto& whole = honest();
  class Pulled final : public wire::Channel {
  public:
    Pulled(wire::Channel& below, std::uint32_t answers) : below_(below), left_(answers) {}
    crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
      if (left_ == 0) return crypto::unexpected(wire::LinkError::card_removed);
      --left_;
      return below_.transmit(command);
    }

  private:
    wire::Channel& below_;
    std::uint32_t left_;
  };
  for (auto answers = whole.traffic.apdus - 10; answers < whole.traffic.apdus; ++answers) {
    INFO("after " << answers);
    Pulled pulled(guarded<by_mapping>().insert(), answers);
    const auto evidence = inspect_as(identity_of(tree()), pulled);
    CHECK(evidence.link_error == wire::LinkError::card_removed);
    const auto verdict = testing::judge(evidence);
    CHECK(verdict.headline == Reason::unreadable);
    CHECK(verdict.facts.fingers.empty());
  }
}

TEST_CASE("EF.CVCA names one trust point or two, and nothing else") {
  const auto file = [](const char* hex) { return trust_points(*crypto::from_hex(hex)); };
  REQUIRE(file("42025255"));
  CHECK(file("420252550000")->size() == 1);
  CHECK(file("42025255420152000000")->size() == 2);
  CHECK(std::ranges::equal(file("4202525542015200")->back().view(), Bytes{0x52}));
  for (const auto* bad : {"", "00000000", "4200", "420352", "43025255", "42025255004201520000", "420252554201524201",
                          "420152420153420154", "421100112233445566778899AABBCCDDEEFF00"})
    CHECK_FALSE(file(bad));
}

TEST_CASE("the shortest way from a trust point is found, whatever else lies there") {
  const rig::CvSigner key;
  const auto made = [&](std::string authority, std::string holder, CvRole role) {
    return rig::cv_certificate(rig::cv_plan(std::move(authority), std::move(holder), role), key, key);
  };
  using enum CvRole;
  const std::vector<Bytes> certificates{
      made("XXCVCA00002", "XXCVCA00001", cvca),  // a circle of links
      made("XXCVCA00001", "XXCVCA00002", cvca),  //
      made("XXCVCA00002", "XXCVCA00003", cvca),  //
      made("XXCVCA00003", "XXCVCA00003", cvca),  // self-signed
      made("XXDV00001", "XXIS00001", terminal),  //
      made("XXCVCA00003", "XXDV00001", dv_domestic),
      made("YYCVCA00001", "XXDV00001", dv_foreign),  // the same DV, certified by another state
      Bytes(40, 0x7F),                               // none at all
  };
  const auto way = [&](std::vector<crypto::CvReference> from) { return holders(certificate_path(certificates, from)); };
  using Names = std::vector<std::string>;
  CHECK(way({reference("XXCVCA00003")}) == Names{"XXDV00001", "XXIS00001"});
  CHECK(way({reference("XXCVCA00001")}) == Names{"XXCVCA00002", "XXCVCA00003", "XXDV00001", "XXIS00001"});
  CHECK(way({reference("XXCVCA00001"), reference("XXCVCA00003")}) == Names{"XXDV00001", "XXIS00001"});
  CHECK(way({reference("YYCVCA00001")}) == Names{"XXDV00001", "XXIS00001"});
  CHECK(way({reference("XXDV00001")}) == Names{"XXIS00001"});
  CHECK(way({reference("ZZCVCA00001")}).empty());
  CHECK(way({}).empty());
}
