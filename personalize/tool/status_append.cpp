// SPDX-License-Identifier: Apache-2.0
// The command of kiosks and stations: status append.
#include <fmt/format.h>
#include <json/value.h>

#include <fstream>
#include <iostream>

#include "card/host/embedded_card.hpp"
#include "crypto/openssl_engine.hpp"
#include "personalize/issue/words.hpp"
#include "personalize/status/append_words.hpp"
#include "personalize/tool/floor.hpp"
#include "reader/link/trace.hpp"

namespace personalize::tool {
namespace {

options::options_description description() {
  options::options_description out("Options");
  out.add_options()  //
      ("reader", options::value<std::string>()->value_name("READER"),
       "PC/SC reader (name, part of it, number) or virtual:FILE")                                                  //
      ("can-file", options::value<std::string>()->value_name("FILE"), "the file holds the printed access number")  //
      ("mrz-file", options::value<std::string>()->value_name("FILE"), "the file holds the machine readable zone")  //
      ("wait", options::value<unsigned>()->default_value(60)->value_name("SECONDS"), "wait for a card")            //
      ("event", options::value<std::string>()->value_name("EVENT"),
       "what happened; with --ledger it is entered there first")  //
      ("months", options::value<unsigned>()->value_name("N"),
       "with payment, activation, restoration: months paid in all since the issue date")                       //
      ("reason", options::value<unsigned>()->value_name("N"), "the issuer's number for the reason, 0 to 255")  //
      ("trace", options::value<std::string>()->value_name("FILE"), "a file for the protected APDUs")           //
      ("json", "a JSON line instead of text")                                                                  //
      ("lang", options::value<std::string>(), "ru or en; default: from LC_ALL and LANG");
  return out.add(ledger_option("the status authority's ledger; without --event its newest status goes onto the card"))
      .add(workplace_options())
      .add(domain_option())
      .add(passphrase_option())
      .add(at_option());
}

std::optional<std::uint8_t> octet(const Arguments& arguments, const char* name, unsigned most) {
  if (!arguments.given(name)) return std::nullopt;
  const auto number = arguments.number(name);
  if (number > most) throw Stop{Exit::usage, fmt::format("--{} is {} at most", name, most)};
  return static_cast<std::uint8_t>(number);
}

std::optional<EventDetails> event_of(const Arguments& arguments) {
  constexpr unsigned kMostMonths = 12, kMostReason = 255;
  if (!arguments.given("event")) {
    for (const auto* const name : {"months", "reason"})
      if (arguments.given(name)) throw Stop{Exit::usage, fmt::format("--{} goes with --event", name)};
    return std::nullopt;
  }
  const auto event = event_named(arguments.text("event"));
  if (!event) throw Stop{Exit::usage, "there is no such event: " + arguments.text("event")};
  return EventDetails{*event, octet(arguments, "months", kMostMonths), octet(arguments, "reason", kMostReason),
                      arguments.at()};
}

Json::Value json_of(const Appended& appended) {
  const auto& status = appended.status;
  Json::Value json;
  json["result"] = appended.already ? "already" : "appended";
  json["card_number"] = status.card_number;
  json["patent_number"] = status.patent_number;
  json["sequence"] = status.sequence;
  json["state"] = std::string(name_of(status.state));
  json["reason"] = status.reason;
  json["months_paid"] = status.months_paid;
  json["as_of"] = time_text(status.as_of);
  json["certificate_added"] = appended.certificate_added;
  json["apdus"] = appended.apdus;
  return json;
}

struct Exits {
  Exit operator()(const AppendRefusal&) const { return Exit::bad_input; }
  Exit operator()(const wire::LinkError&) const { return Exit::unavailable; }
  Exit operator()(const IssuerFailure& f) const { return exit_of(IssuanceFailure(f)); }
  Exit operator()(const ChoiceFailure& f) const { return std::visit(*this, f); }
  Exit operator()(ChoiceError) const { return Exit::bad_input; }
  Exit operator()(EventError) const { return Exit::bad_input; }
  Exit operator()(const LedgerFailure& f) const { return exit_of(IssuanceFailure(f)); }
};

class Outcome {
public:
  explicit Outcome(const Arguments& arguments)
      : as_json_(arguments.given("json")),
        language_(in_russian(arguments) ? AppendLanguage::russian : AppendLanguage::english) {}

  [[nodiscard]] Exit print(const Appended& appended) const {
    if (as_json_)
      print_line(json_of(appended));
    else
      std::cout << words_for(appended, language_) << '\n';
    return Exit::ok;
  }
  [[nodiscard]] Exit print(const AppendFailure& failure) const {
    const auto exit = std::visit(Exits{}, failure);
    const auto words = words_for(failure, language_);
    if (!as_json_) return complain(words, exit);
    Json::Value json;
    json["result"] = "failed";
    json["reason"] = std::string(code_of(failure));
    json["words"] = words;
    print_line(json);
    return exit;
  }

private:
  bool as_json_;
  AppendLanguage language_;
};

// The card in its reader, and what goes over the link in the trace.
class Slot {
public:
  explicit Slot(const Arguments& arguments) {
    if (arguments.given("trace")) {
      trace_.open(arguments.text("trace"), std::ios::app);
      if (!trace_) throw Stop{Exit::cannot_create, "cannot write " + arguments.text("trace")};
    }
  }
  crypto::Result<reader::PoweredCard, wire::LinkError> open(const Arguments& arguments) {
    const std::chrono::seconds wait{arguments.number("wait")};
    PATENT_TRY(auto card,
               reader::open_card(arguments.text("reader"), wait, reader::virtual_cards<host::EmbeddedCard>()));
    if (trace_.is_open()) {
      below_ = std::move(card.channel);
      card.channel = std::make_unique<reader::Recorder>(*below_, trace_);
    }
    return card;
  }

private:
  std::ofstream trace_;
  std::unique_ptr<wire::Channel> below_;
};

crypto::Result<Exit, Exit> append(const Arguments& arguments) {
  // All that can be wrong is found before a card is touched.
  const auto event = event_of(arguments);
  const auto key = access_key(arguments);
  std::unique_ptr<Floor> floor;
  if (arguments.given("ledger")) {
    PATENT_TRY(floor, open_floor(arguments, MissingDatabase::refuse, FloorKeys::none));
  }
  StatusLedger* const ledger = floor ? floor->statuses.get() : nullptr;
  PATENT_TRY(const auto domain, open_domain(arguments, arguments.text("domain")));
  PATENT_TRY(const auto signer, load_signer(domain, crypto::kStatusSignerKey).map_error([](const auto& failure) {
    return report(failure);
  }));
  PATENT_TRY(const auto terminal,
             reader::domain_terminal(domain, crypto::kStatusTerminalKey).map_error([](const auto& failure) {
               return report(failure);
             }));
  PATENT_TRY(const auto trust, open_trust(domain));
  const ChooseStatus choose = [&](const CardStatus& card) {
    return event ? from_event(*event, ledger, card) : from_ledger(*ledger, card);
  };
  const Outcome outcome(arguments);
  Slot slot(arguments);
  auto card = slot.open(arguments);
  if (!card) return outcome.print(AppendFailure(card.error()));
  crypto::OpensslEngine engine;
  const auto done = CardAppend(engine, signer, terminal, trust).run(*card, key, choose, arguments.at());
  return done ? outcome.print(*done) : outcome.print(done.error());
}

}  // namespace

Exit run_status_append(const Command& command, const Words& words) {
  Arguments arguments(command, description(), {});
  if (const auto end = arguments.read(words)) return *end;
  for (const auto* const name : {"reader", "domain"})
    if (!arguments.given(name)) return report_usage(command, fmt::format("--{} is missing", name));
  if (!arguments.given("ledger") && !arguments.given("event"))
    return report_usage(command, "--ledger or --event is missing, or both");
  const auto exit = append(arguments);
  return exit ? *exit : exit.error();
}

}  // namespace personalize::tool
