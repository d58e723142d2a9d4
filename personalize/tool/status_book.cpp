// SPDX-License-Identifier: Apache-2.0
// The status authority at its ledger: what it says, and the decisions that are entered by hand.
#include <fmt/format.h>
#include <json/json.h>

#include <iostream>
#include <map>

#include "card/patent/paid_period.hpp"
#include "card/patent/text.hpp"
#include "personalize/status/transitions.hpp"
#include "personalize/tool/floor.hpp"

namespace personalize::tool {
namespace {

Json::Value json_of(const patent::StatusRecord& status) {
  Json::Value json(Json::objectValue);
  json["sequence"] = status.sequence;
  json["state"] = std::string(name_of(status.state));
  json["reason"] = status.reason;
  json["months_paid"] = status.months_paid;
  json["as_of"] = time_text(status.as_of);
  return json;
}

std::string words_of(const patent::StatusRecord& status) {
  return fmt::format("{:>4}  {}  {:<10}  reason {}  {} months", status.sequence, time_text(status.as_of),
                     name_of(status.state), status.reason, status.months_paid);
}

std::string paid_until_of(const LedgerCard& card, const patent::StatusRecord& newest) {
  const auto until = patent::paid_until(card.issue_date, newest.months_paid, card.policy);
  return until ? patent::iso_date(*until) : std::string();
}

void print_card(StatusLedger& ledger, const LedgerCard& card, bool as_json) {
  const auto life = must(ledger.statuses(card.card_number));
  const auto payments = must(ledger.payments_of(card.card_number));
  const auto until = life.empty() ? std::string() : paid_until_of(card, life.back());
  if (as_json) {
    Json::Value json(Json::objectValue);
    json["card_number"] = card.card_number;
    json["patent_number"] = card.patent_number;
    json["issue_date"] = patent::iso_date(card.issue_date);
    json["paid_until"] = until;
    json["list_uri"] = card.list_uri;
    json["list_index"] = card.list_index;
    json["statuses"] = Json::arrayValue;
    for (const auto& status : life) json["statuses"].append(json_of(status));
    json["payments"] = Json::arrayValue;
    for (const auto& payment : payments) {
      Json::Value one(Json::objectValue);
      one["uin"] = payment.line.uin;
      one["kopecks"] = Json::Int64{payment.line.kopecks};
      one["paid_on"] = patent::iso_date(payment.line.paid_on);
      json["payments"].append(one);
    }
    return print_line(json);
  }
  put_line(std::cout, fmt::format("card {}, patent {}, issued {}, paid until {}", card.card_number, card.patent_number,
                                  patent::iso_date(card.issue_date), until.empty() ? "-" : until));
  put_line(std::cout, fmt::format("list {} index {}", card.list_uri, card.list_index));
  for (const auto& status : life) std::cout << words_of(status) << '\n';
  for (const auto& payment : payments)
    put_line(std::cout,
             fmt::format("payment {} of {}: {}.{:02} roubles", payment.line.uin, patent::iso_date(payment.line.paid_on),
                         payment.line.kopecks / 100, payment.line.kopecks % 100));
}

void print_lists(StatusLedger& ledger, bool as_json) {
  const auto up_to = must(ledger.last_status());
  Json::Value json(Json::objectValue);
  json["lists"] = Json::arrayValue;
  for (const auto& uri : must(ledger.list_uris())) {
    std::map<patent::State, std::size_t> states;
    std::size_t cards = 0;
    must(ledger.each_status(uri, up_to, [&](std::uint32_t, patent::State state, std::uint8_t) {
      ++states[state];
      ++cards;
    }));
    const auto published = must(ledger.publications(patent::ListKind::states, uri));
    Json::Value list(Json::objectValue);
    list["uri"] = uri;
    list["cards"] = Json::UInt64{cards};
    for (const auto& [state, count] : states) list["states"][std::string(name_of(state))] = Json::UInt64{count};
    list["version"] = Json::Int64{published.empty() ? 0 : published.back().version};
    json["lists"].append(list);
    if (as_json) continue;
    put_line(std::cout, fmt::format("{}: {} cards, version {}", uri, cards, list["version"].asInt64()));
    for (const auto& [state, count] : states) put_line(std::cout, fmt::format("  {:<10}  {}", name_of(state), count));
  }
  const auto unsettled = must(ledger.unsettled()).size(), unmatched = must(ledger.unmatched()).size();
  json["unsettled_cards"] = Json::UInt64{unsettled};
  json["unmatched_payments"] = Json::UInt64{unmatched};
  if (as_json) return print_line(json);
  put_line(std::cout,
           fmt::format("{} cards with payments to settle, {} payments that are nobody's", unsettled, unmatched));
}

std::uint8_t octet(const Arguments& arguments, const char* name, unsigned most, std::uint8_t otherwise) {
  if (!arguments.given(name)) return otherwise;
  if (arguments.number(name) > most) throw Stop{Exit::usage, fmt::format("--{} is {} at most", name, most)};
  return static_cast<std::uint8_t>(arguments.number(name));
}

// A patent that the issuer puts, or keeps, in force by a decision is restored; one that is handed over is not.
std::uint8_t usual_reason(patent::State from, patent::State to) {
  return to == patent::State::valid && from != patent::State::not_active ? kReasonRestored : std::uint8_t{0};
}

patent::StatusRecord decide(StatusLedger& ledger, const Arguments& arguments, patent::State state) {
  const auto card_number = arguments.text("CARD");
  const auto newest = must(ledger.newest_status(card_number));
  if (!newest) throw Stop{Exit::bad_input, "the ledger does not know the card " + card_number};
  const Change change{.state = state,
                      .reason = octet(arguments, "reason", 255, usual_reason(newest->state, state)),
                      .months_paid = octet(arguments, "months", patent::kMaxMonths, newest->months_paid),
                      .at = arguments.at()};
  const auto next = follow(*newest, change);
  if (next) {
    must(ledger.add_status(*next));
    return *next;
  }
  if (next.error() == TransitionError::bad_months)
    throw Stop{Exit::bad_input,
               fmt::format("{} months are paid already: --months cannot be less", newest->months_paid)};
  std::string allowed;
  for (const auto follower : followers(newest->state)) allowed += fmt::format(" {}", name_of(follower));
  throw Stop{Exit::bad_input, fmt::format("a card that is {} can become:{}", name_of(newest->state),
                                          allowed.empty() ? " nothing else" : allowed)};
}

}  // namespace

Exit run_status_set(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add_options()("state", options::value<std::string>(),
                            "valid, invalid, suspended, annulled, lost, replaced or returned")(
      "reason", options::value<unsigned>()->value_name("N"),
      "the issuer's number, 0 to 255 (docs/status.md); default: 1 for a patent put in force again, else 0")(
      "months", options::value<unsigned>()->value_name("N"), "months paid in all; default: as before")(
      "json", "a JSON line instead of text");
  description.add(ledger_option()).add(workplace_options()).add(at_option());
  Arguments arguments(command, description, {"CARD"});
  if (const auto end = arguments.read(words)) return *end;
  for (const auto* const name : {"ledger", "state"})
    if (!arguments.given(name)) return report_usage(command, fmt::format("--{} is missing", name));
  const auto state = state_named(arguments.text("state"));
  if (!state) return report_usage(command, "--state: there is no state " + arguments.text("state"));
  const auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!floor) return floor.error();
  const auto entered = decide(*(*floor)->statuses, arguments, *state);
  if (arguments.given("json")) {
    auto json = json_of(entered);
    json["card_number"] = entered.card_number;
    print_line(json);
  } else {
    std::cout << words_of(entered) << "\nIt stands in the lists that are published next.\n";
  }
  return Exit::ok;
}

Exit run_status_show(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add_options()("json", "a JSON line instead of text");
  description.add(ledger_option());
  Arguments arguments(command, description, {"[CARD]"});
  if (const auto end = arguments.read(words)) return *end;
  if (!arguments.given("ledger")) return report_usage(command, "--ledger is missing");
  const auto ledger = open_ledger(arguments);
  const auto card_number = arguments.text("CARD");
  if (card_number.empty()) {
    print_lists(*ledger, arguments.given("json"));
    return Exit::ok;
  }
  const auto card = must(ledger->card(card_number));
  if (!card) return complain("the ledger does not know the card " + card_number, Exit::bad_input);
  print_card(*ledger, *card, arguments.given("json"));
  return Exit::ok;
}

}  // namespace personalize::tool
