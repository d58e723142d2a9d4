// SPDX-License-Identifier: Apache-2.0
// A status goes onto a genuine card, once, whatever is pulled when; nothing goes onto any other.
#include "personalize/status/card_append.hpp"

#include <json/reader.h>

#include <fstream>

#include "reader/inspect/domain_terminal.hpp"
#include "reader/judge/verify.hpp"
#include "station.hpp"
#include "tests/unit/personalize/ledger_sample.hpp"

using namespace personalize;
using namespace sample;
using patent::State;
using std::chrono::days;

namespace {

// What a kiosk has in its hands.
struct Kiosk {
  Signer signer;
  reader::TerminalIdentity terminal;
  const reader::Trust* trust;
};
Kiosk kiosk(Domain& of) {
  auto signer = load_signer(of.domain, crypto::kStatusSignerKey);
  auto terminal = reader::domain_terminal(of.domain, crypto::kStatusTerminalKey);
  REQUIRE(signer);
  REQUIRE(terminal);
  return {*std::move(signer), *std::move(terminal), &of.trust};
}
Domain& with_terminal(Domain& of) {
  REQUIRE(of.domain.renew_cv(crypto::kStatusTerminalKey, kAt - days{1}));  // it lived for a month
  return of;
}
const Kiosk& kiosk() {
  static const Kiosk one = kiosk(with_terminal(domain()));
  return one;
}

struct IssuedCard {
  fs::path file;
  std::string can;
};
IssuedCard issue(const std::string& name, crypto::Byte serial, Domain& of) {
  const auto file = blank(name + ".card", serial, *of.transport);
  auto made = order();
  made.activate_at_handover = true;
  const auto receipt = Station(name, of).issue(made, power(file));
  REQUIRE(receipt);
  std::ifstream in(workplace() / name / (std::string(kOrderId) + ".print.json"));
  Json::Value print;
  in >> print;
  return {file, print["can"].asString()};
}
const IssuedCard& issued() {
  static const IssuedCard one = issue("append", 77, domain());
  return one;
}
// A copy for one test.
fs::path card(const std::string& name) {
  const auto file = workplace() / name;
  fs::copy_file(issued().file, file, fs::copy_options::overwrite_existing);
  return file;
}

using Result = crypto::Result<Appended, AppendFailure>;

Result append(const fs::path& file, const ChooseStatus& choose, crypto::Time at = kAt + days{1},
              std::size_t pull_after = std::numeric_limits<std::size_t>::max(), const Kiosk& as = kiosk(),
              wire::ApduLimits limits = {4096, 32767}, const std::string& can = issued().can) {
  crypto::OpensslEngine engine;
  auto powered = power(file, pull_after, limits);
  return CardAppend(engine, as.signer, as.terminal, *as.trust)
      .run(powered, {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(can))}, choose, at);
}
ChooseStatus event(StatusEvent what, std::optional<std::uint8_t> months = {}, StatusLedger* ledger = nullptr,
                   crypto::Time at = kAt + days{1}) {
  return [=](const CardStatus& card) { return from_event({what, months, {}, at}, ledger, card); };
}

std::optional<AppendError> refusal(const Result& result) {
  if (result) return std::nullopt;
  const auto* const refused = std::get_if<AppendRefusal>(&result.error());
  return refused ? std::optional(refused->error) : std::nullopt;
}
template <class Error>
std::optional<Error> choice_error(const Result& result) {
  const auto* const choice = result ? nullptr : std::get_if<ChoiceFailure>(&result.error());
  const auto* const error = choice ? std::get_if<Error>(choice) : nullptr;
  return error ? std::optional(*error) : std::nullopt;
}

std::size_t exchanges(const fs::path& file) {
  const auto done = append(file, event(StatusEvent::activation));
  REQUIRE(done);
  return done->apdus;
}

}  // namespace

TEST_CASE("activation, payment, suspension, restoration, replacement: and what was said is not said again") {
  const auto file = card("life.card");
  const auto activated = append(file, event(StatusEvent::activation));
  REQUIRE(activated);
  CHECK(activated->status.state == State::valid);
  CHECK(activated->status.sequence == 2);
  CHECK_FALSE(activated->already);
  CHECK_FALSE(activated->certificate_added);  // the issuer's own signer
  const auto again = append(file, event(StatusEvent::activation));
  REQUIRE(again);
  CHECK(again->already);
  CHECK(again->status == activated->status);
  CHECK(append(file, event(StatusEvent::payment, 3))->status.months_paid == 3);
  CHECK(append(file, event(StatusEvent::suspension))->status.state == State::suspended);
  CHECK(append(file, event(StatusEvent::restoration))->status.state == State::valid);
  CHECK(append(file, event(StatusEvent::replacement))->status.sequence == 6);
  CHECK(choice_error<EventError>(append(file, event(StatusEvent::payment, 4))) == EventError::not_from_this_state);
  // The reader believes the last of six.
  crypto::OpensslEngine engine;
  auto powered = power(file);
  const auto evidence = reader::inspect(engine, *powered.channel,
                                        {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(issued().can))}, {},
                                        {.link = powered.limits}, kAt + days{1});
  CHECK(evidence.status_records.size() == 6);
  CHECK(reader::verify(evidence, domain().trust, {}, kAt + days{1}).headline == reader::Reason::replaced);
}

TEST_CASE("a renewed signer's certificate goes onto the card once, over a short link too") {
  static Domain renewing = Domain::make("renewing");
  const auto own = issue("renewed", 78, with_terminal(renewing));
  REQUIRE(renewing.domain.renew(crypto::CertificateRole::status_signer, kAt));
  const auto fresh = kiosk(renewing);
  const auto at_kiosk = [&](const ChooseStatus& choose) {
    return append(own.file, choose, kAt + days{1}, SIZE_MAX, fresh, {261, 258}, own.can);
  };
  const auto first = at_kiosk(event(StatusEvent::activation));
  REQUIRE(first);
  CHECK(first->certificate_added);
  const auto second = at_kiosk(event(StatusEvent::payment, 2));
  REQUIRE(second);
  CHECK_FALSE(second->certificate_added);
  CHECK(second->status.months_paid == 2);
}

TEST_CASE("a card torn away at any exchange is finished by the next run") {
  const auto all = exchanges(card("whole.card"));
  for (std::size_t pull = 0; pull < all; ++pull) {
    INFO("pulled after " << pull);
    const auto file = card("torn.card");
    const auto torn = append(file, event(StatusEvent::activation), kAt + days{1}, pull);
    REQUIRE_FALSE(torn);
    CHECK(std::holds_alternative<wire::LinkError>(torn.error()));
    const auto finished = append(file, event(StatusEvent::activation));
    REQUIRE(finished);
    CHECK(finished->status.sequence == 2);
    CHECK(append(file, event(StatusEvent::activation))->already);
  }
}

TEST_CASE("nothing is written to what is not proved genuine, nor by whom the card does not know") {
  const auto file = card("refused.card");
  static Domain stranger = Domain::make("stranger");
  with_terminal(stranger);
  (void)kiosk();
  auto stranger_here = kiosk(stranger);
  stranger_here.trust = &domain().trust;
  CHECK(refusal(append(file, event(StatusEvent::activation), kAt, SIZE_MAX, stranger_here)) ==
        AppendError::terminal_refused);
  // The inspection terminal has not the right.
  auto without = kiosk(domain());
  without.terminal = *reader::domain_terminal(domain().domain);
  CHECK(refusal(append(file, event(StatusEvent::activation), kAt, SIZE_MAX, without)) == AppendError::refused);
  // A foreign signer in the hands of a terminal that the card knows: no reader would believe it.
  auto forged = kiosk(domain());
  forged.signer = kiosk(stranger).signer;
  CHECK(refusal(append(file, event(StatusEvent::activation), kAt + days{1}, SIZE_MAX, forged)) ==
        AppendError::not_acceptable);
  CHECK(refusal(append(file, event(StatusEvent::activation), kAt, SIZE_MAX, kiosk(), {4096, 32767}, "000000")) ==
        AppendError::not_opened);
  // A station whose trust does not know the card's issuer.
  auto ignorant = kiosk(domain());
  ignorant.trust = &stranger.trust;
  CHECK(refusal(append(file, event(StatusEvent::activation), kAt, SIZE_MAX, ignorant)) == AppendError::not_genuine);
  CHECK(append(file, event(StatusEvent::activation))->status.sequence == 2);
}

TEST_CASE("the ledger's newest goes onto the card, and events go into the ledger first") {
  const auto path = workplace() / "append.db";
  fs::remove(path);
  auto opened = StatusBook::open(path, MissingDatabase::make, sample::personal_data());
  REQUIRE(opened);
  auto& ledger = **opened;
  const ChooseStatus newest = [&](const CardStatus& card) { return from_ledger(ledger, card); };
  const auto file = card("ledger.card");
  CHECK(choice_error<ChoiceError>(append(file, newest)) == ChoiceError::unknown_to_ledger);
  const auto paper = order();
  auto handed_over = paper;
  handed_over.activate_at_handover = true;
  const auto place = ledger.draw_index("https://status.test/l", kOrderId);
  REQUIRE(place);
  REQUIRE(ledger.enter(
      {paper.patent.card_number, paper.patent.series + paper.patent.number, paper.patent.territory_oktmo,
       paper.patent.issue_date, paper.patent.issuer_code, paper.patent.paid_period_policy, place->uri, place->index},
      paper.patent.inn, first_status(handed_over, kAt)));
  CHECK(append(file, newest)->already);
  const auto activated = append(file, event(StatusEvent::activation, {}, &ledger));
  REQUIRE(activated);
  CHECK(ledger.newest_status(paper.patent.card_number).value() == activated->status);
  // Three changes that the card did not see: the last one comes onto it.
  for (const auto months : std::array<std::uint8_t, 3>{2, 3, 4}) {
    const auto known = ledger.newest_status(paper.patent.card_number).value();
    const auto next = status_after(*known, paper.patent.issue_date, {StatusEvent::payment, months, {}, kAt + days{2}});
    REQUIRE(ledger.add_status(*next));
  }
  const auto caught_up = append(file, newest);
  REQUIRE(caught_up);
  CHECK(caught_up->status.sequence == 5);
  CHECK(caught_up->status.months_paid == 4);
  // A card that went ahead of its ledger.
  REQUIRE(append(file, event(StatusEvent::payment, 5)));
  CHECK(refusal(append(file, newest)) == AppendError::card_is_ahead);
  // Torn between ledger and card: the same event finishes it.
  const auto lost = append(file, event(StatusEvent::suspension, {}, &ledger), kAt + days{1},
                           append(card("count.card"), event(StatusEvent::activation))->apdus - 2);
  CHECK_FALSE(lost);
  CHECK(ledger.newest_status(paper.patent.card_number).value()->state == State::suspended);
  const auto finished = append(file, event(StatusEvent::suspension, {}, &ledger));
  REQUIRE(finished);
  CHECK(finished->status.sequence == 7);
  CHECK(finished->status.months_paid == 5);
}
