// SPDX-License-Identifier: Apache-2.0
// The commands about payments: unmatched, correct, release, show; import has a file of its own.
#include "personalize/tool/payments.hpp"

#include <fmt/format.h>
#include <json/json.h>

#include <array>
#include <functional>
#include <iostream>
#include <map>

#include "card/patent/paid_period.hpp"
#include "personalize/status/payment_import.hpp"
#include "personalize/status/transitions.hpp"
#include "personalize/tool/floor.hpp"
#include "reader/inspect/instant.hpp"

namespace personalize::tool {
namespace {

using patent::Date;
using reader::to_iso;

// INNs lie under the domain's key.
crypto::Result<std::unique_ptr<StatusLedger>, Exit> open_payments(const Arguments& arguments) {
  if (!arguments.given("ledger") || !arguments.given("domain")) return open_ledger(arguments);
  PATENT_TRY(const auto domain, open_domain(arguments, arguments.text("domain")));
  PATENT_TRY(auto personal, open_personal_data(domain));
  return open_ledger(arguments, std::move(personal));
}

std::string roubles(std::int64_t kopecks) { return fmt::format("{}.{:02}", kopecks / 100, kopecks % 100); }

Json::Value json_of(const StoredPayment& payment) {
  const auto& line = payment.line;
  Json::Value json;
  json["uin"] = line.uin;
  if (!line.payer_inn.empty()) json["payer_inn"] = line.payer_inn;
  json["kbk"] = line.kbk;
  json["oktmo"] = line.oktmo;
  json["sum_kopecks"] = Json::Int64(line.kopecks);
  json["paid_on"] = to_iso(line.paid_on);
  json["known_on"] = to_iso(line.known_on);
  return json;
}

// ---- the queue, and the way out of it

Exit run_unmatched(const Command& command, const Words& words) {
  Arguments arguments(command, payment_options(), {});
  if (const auto end = arguments.read(words)) return *end;
  const auto opened = open_payments(arguments);
  if (!opened) return opened.error();
  auto& ledger = **opened;
  const bool russian = in_russian(arguments);
  for (const auto& payment : must(ledger.unmatched())) {
    const auto& line = payment.line;
    const Date last_day(std::chrono::sys_days(line.known_on) + kCorrectionDays);
    const auto text = words_of(payment.reason);
    const std::string reason(russian ? text.ru : text.en);
    if (arguments.given("json")) {
      auto json = json_of(payment);
      json["reason"] = std::string(name_of(payment.reason));
      json["words"] = reason;
      json["correct_until"] = to_iso(last_day);
      print_line(json);
    } else {
      put_line(std::cout,
               fmt::format("{}  {:>10}  UIN {}{}{}  OKTMO {}  {}; {} {}", to_iso(line.paid_on), roubles(line.kopecks),
                           line.uin, line.payer_inn.empty() ? "" : "  INN ", line.payer_inn, line.oktmo, reason,
                           russian ? "исправить можно по" : "to be corrected by", to_iso(last_day)));
    }
  }
  return Exit::ok;
}

std::string words_for_refusal(const CorrectionRefused& refused) {
  switch (refused.why) {
    case CorrectionRefusal::unknown_payment:
      return "the ledger has no payment of this UIN: see patent-personalize payments unmatched";
    case CorrectionRefusal::bad_inn: return "the INN's check digits are wrong";
    case CorrectionRefusal::matched_already:
      return fmt::format("this payment stands on the account of card {}: payments release takes it from there",
                         refused.card_number);
    case CorrectionRefusal::nobodys: return "this payment is nobody's";
    case CorrectionRefusal::too_late:
      return fmt::format("too late: it could be corrected up to {}, {} days after it became known",
                         to_iso(refused.last_day), kCorrectionDays.count());
    case CorrectionRefusal::unmatched_still: break;
  }
  return fmt::format("with this INN too it is nobody's: {}{}", words_of(refused.reason).en,
                     refused.reason == Unmatched::ambiguous ? " (--card)" : "");
}

Exit refuse(const CorrectionFailure& failure) {
  if (const auto* ledgers = std::get_if<LedgerFailure>(&failure)) stop_for(*ledgers);
  return complain(words_for_refusal(std::get<CorrectionRefused>(failure)), Exit::bad_input);
}

void print(const std::string& uin, const std::string& card, const Arguments& arguments, const std::string& sentence) {
  if (!arguments.given("json")) return put_line(std::cout, sentence);
  Json::Value json;
  json["uin"] = uin;
  json["card_number"] = card;
  print_line(json);
}

using Correction = crypto::Result<std::string, CorrectionFailure>;

// The change and its line in the audit chain are one: neither is there without the other.
Correction in_chain(Floor& floor, const Arguments& arguments, std::string_view what,
                    std::map<std::string, std::string> facts, const std::function<Correction()>& change) {
  Correction card;
  must(floor.database->transaction([&]() -> Logged<void> {
    card = change();
    if (!card) return {};
    facts.insert({{"uin", arguments.text("UIN")}, {"card", *card}});
    return floor.audit.append({what, arguments.at(), floor.workplace.operator_name, std::move(facts)});
  }));
  return card;
}

Exit run_correct(const Command& command, const Words& words) {
  auto description = payment_options(false);
  description.add(workplace_options())
      .add(at_option())
      .add_options()("inn-source", options::value<std::string>()->value_name("WHERE"),
                     "where the payer's right INN is: prompt (the default), fd:N, file:PATH or credential:NAME")(
          "card", options::value<std::string>()->value_name("NUMBER"),
          "the card, where two of the payer's could be meant");
  Arguments arguments(command, description, {"UIN"});
  if (const auto end = arguments.read(words)) return *end;
  const auto opened = open_floor(arguments, MissingDatabase::refuse, FloorKeys::needed);
  if (!opened) return opened.error();
  auto& floor = **opened;
  const auto uin = arguments.text("UIN");
  const auto inn = read_unseen("INN", arguments.text("inn-source"));
  const auto card = in_chain(floor, arguments, "payment_corrected", {}, [&] {
    return correct_payment(*floor.statuses, uin, {reinterpret_cast<const char*>(inn.view().data()), inn.view().size()},
                           arguments.text("card"), today(arguments));
  });
  if (!card) return refuse(card.error());
  print(uin, *card, arguments, fmt::format("the payment is on the account of card {}", *card));
  return Exit::ok;
}

Exit run_release(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add_options()("reason", options::value<std::string>()->value_name("WORDS"),
                            "why, for the audit chain; no personal data")("json", "JSON instead of text");
  description.add(ledger_option()).add(workplace_options()).add(at_option());
  Arguments arguments(command, description, {"UIN"});
  if (const auto end = arguments.read(words)) return *end;
  if (!arguments.given("reason")) return report_usage(command, "--reason is missing");
  const auto opened = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!opened) return opened.error();
  auto& floor = **opened;
  const auto uin = arguments.text("UIN");
  const auto card = in_chain(floor, arguments, "payment_released", {{"reason", arguments.text("reason")}},
                             [&] { return release_payment(*floor.statuses, uin, today(arguments)); });
  if (!card) return refuse(card.error());
  print(
      uin, *card, arguments,
      fmt::format("the payment is nobody's, and payments correct gives it to its payer. What it has bought on card {} "
                  "stands: the issuer decides about it",
                  *card));
  return Exit::ok;
}

// ---- one card

Exit run_card(const Command& command, const Words& words) {
  Arguments arguments(command, payment_options(false), {"CARD"});
  if (const auto end = arguments.read(words)) return *end;
  const auto opened = open_payments(arguments);
  if (!opened) return opened.error();
  auto& ledger = **opened;
  const auto number = arguments.text("CARD");
  const auto card = must(ledger.card(number));
  const auto status = must(ledger.newest_status(number));
  if (!card || !status) return complain("the ledger has no card " + number, Exit::bad_input);
  const auto until = patent::paid_until(card->issue_date, status->months_paid, card->policy);
  const auto waiting = must(ledger.unsettled());
  const bool settled = std::ranges::find(waiting, number) == waiting.end();
  const auto payments = must(ledger.payments_of(number));
  if (arguments.given("json")) {
    Json::Value json;
    json["card_number"] = number;
    json["patent_number"] = card->patent_number;
    json["issue_date"] = to_iso(card->issue_date);
    json["state"] = std::string(name_of(status->state));
    json["months_paid"] = status->months_paid;
    if (until) json["paid_until"] = to_iso(*until);
    json["settled"] = settled;
    json["payments"] = Json::Value(Json::arrayValue);
    for (const auto& payment : payments) json["payments"].append(json_of(payment));
    print_line(json);
    return Exit::ok;
  }
  put_line(std::cout, fmt::format("card {}, patent {}, issued {}: {}, {} months paid{}", number, card->patent_number,
                                  to_iso(card->issue_date), name_of(status->state), status->months_paid,
                                  until ? ", up to " + to_iso(*until) : ""));
  for (const auto& payment : payments)
    put_line(std::cout, fmt::format("{}  {:>10}  UIN {}  known {}", to_iso(payment.line.paid_on),
                                    roubles(payment.line.kopecks), payment.line.uin, to_iso(payment.line.known_on)));
  if (!settled) std::cout << "not all of these are settled yet: patent-personalize status publish does it\n";
  return Exit::ok;
}

constexpr std::array kActions{
    Command{"payments import",
            "Enters files of payments, CSV or JSON, each whole or not at all; a payment that is there already is\n"
            "counted and passed over. Ctrl-C undoes the file in hand.",
            "FILE... --ledger FILE --domain DIR [--skip-bad] [--station NAME] [--operator NAME] [--at TIME]\n"
            "       [--json] [--lang ru|en]",
            "  patent-personalize payments import 2026-03-10.csv --ledger status.db --domain /srv/trust\n"
            "  patent-personalize payments import march/*.csv --ledger status.db --domain /srv/trust --skip-bad\n",
            run_payments_import},
    Command{"payments unmatched",
            "Shows the payments that are nobody's, each with its reason; with --domain the payers' INNs too.",
            "--ledger FILE [--domain DIR] [--json] [--lang ru|en]",
            "  patent-personalize payments unmatched --ledger status.db --domain /srv/trust --lang ru\n",
            run_unmatched},
    Command{"payments correct",
            "Puts right a mis-keyed INN, within thirty days of the payment's becoming known; --card says which patent\n"
            "is meant where the payer has two. The INN is asked for: no list of processes shows it.",
            "UIN --ledger FILE --domain DIR [--inn-source WHERE] [--card NUMBER] [--station NAME] [--operator NAME]\n"
            "       [--at TIME] [--json]",
            "  patent-personalize payments correct 18800000000000000017 --ledger status.db --domain /srv/trust\n",
            run_correct},
    Command{"payments release",
            "Takes a payment from the account of a card that is not its payer's, because the INN was keyed as that\n"
            "holder's: it is nobody's then, to be corrected. Within the same thirty days.",
            "UIN --reason WORDS --ledger FILE [--station NAME] [--operator NAME] [--at TIME] [--json]",
            "  patent-personalize payments release 18800000000000000017 --reason 'payer said so' --ledger status.db\n",
            run_release},
    Command{"payments show", "Shows a card's payments and what they have come to.",
            "CARD --ledger FILE [--domain DIR] [--json]",
            "  patent-personalize payments show P00000017 --ledger status.db\n", run_card},
};

}  // namespace

options::options_description payment_options(bool with_lang) {
  options::options_description description("Options");
  description.add_options()("json", "JSON lines instead of text");
  if (with_lang)
    description.add_options()("lang", options::value<std::string>(), "ru or en; default: from LC_ALL and LANG");
  return description.add(ledger_option()).add(domain_option()).add(passphrase_option());
}

Date today(const Arguments& arguments) {
  constexpr std::chrono::minutes kMoscow{180};
  return patent::civil_date(arguments.at(), kMoscow);
}

Exit run_payments(const Command& command, const Words& words) { return run_action(command, kActions, words); }

}  // namespace personalize::tool
