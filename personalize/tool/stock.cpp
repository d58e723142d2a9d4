// SPDX-License-Identifier: Apache-2.0
// The commands about the stock of blanks: receive, list, reject, destroy, report.
#include <fmt/format.h>
#include <json/value.h>

#include <array>
#include <fstream>
#include <iostream>

#include "crypto/guarded_file.hpp"
#include "personalize/floor/delivery.hpp"
#include "personalize/floor/stock_report.hpp"
#include "personalize/tool/stock_command.hpp"

namespace personalize::tool {
namespace {

constexpr std::array kStates{BlankState::in_stock, BlankState::taken, BlankState::issued, BlankState::rejected,
                             BlankState::destroyed};

// ---- receive

void print_findings(const std::string& file, const Delivery& delivery, bool json) {
  for (const auto& [fault, line, column] : delivery.findings) {
    const auto& text = text_of(fault);
    if (json) {
      Json::Value value;
      value["file"] = file;
      value["line"] = Json::UInt64(line);
      if (!column.empty()) value["column"] = column;
      value["fault"] = std::string(text.name);
      value["words"] = std::string(text.en);
      print_line(value);
      continue;
    }
    put_line(std::cerr,
             fmt::format("{}:{}: {}{} [{}]", file, line, column.empty() ? "" : column + ": ", text.en, text.name));
  }
}

Exit receive_file(Floor& floor, const std::string& file, const Arguments& arguments) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return complain(file + " cannot be read", Exit::bad_input);
  const auto note = arguments.given("note") ? arguments.text("note") : std::filesystem::path(file).stem().string();
  auto delivery = read_delivery(in, note);
  if (in.bad()) return complain(file + " cannot be read to its end", Exit::bad_input);
  std::int64_t fresh = 0;
  if (delivery.findings.empty()) {
    const auto entered = enter_delivery(*floor.database, floor.stock, delivery, operator_of(arguments), arguments.at());
    if (!entered && delivery.findings.empty()) stop_for(entered.error());
    fresh = entered.value_or(0);
  }
  const bool json = arguments.given("json");
  print_findings(file, delivery, json);
  if (!delivery.findings.empty())
    return complain("nothing of " + file + " was entered: mend it, and give it again", Exit::bad_input);
  const auto known = static_cast<std::int64_t>(delivery.lines.size()) - fresh;
  if (!json) {
    put_line(std::cout, fmt::format("{}: {} blanks received, {} known already", file, fresh, known));
    return Exit::ok;
  }
  Json::Value value;
  value["file"] = file;
  value["delivery"] = note;
  value["received"] = Json::Int64(fresh);
  value["known"] = Json::Int64(known);
  print_line(value);
  return Exit::ok;
}

Exit run_receive(const Command& command, const Words& words) {
  auto description = stock_options();
  description.add_options()("note", options::value<std::string>()->value_name("NUMBER"),
                            "the delivery note's number; default: the file's name without its ending");
  Arguments arguments(command, description, {"FILE..."});
  if (const auto end = arguments.read(words)) return *end;
  (void)operator_of(arguments);
  must_be_there(arguments, "FILE");
  auto floor = open_floor(arguments, MissingDatabase::make, FloorKeys::none);
  if (!floor) return floor.error();
  Exit exit = Exit::ok;
  for (const auto& file : arguments.texts("FILE"))
    if (const auto one = receive_file(**floor, file, arguments); one != Exit::ok) exit = one;
  return exit;
}

// ---- list

void print_blank(const Blank& blank, bool as_json) {
  if (!as_json) {
    put_line(std::cout, fmt::format("{:<12}  {:<9}  {}  {}{}{}{}", blank.number, name(blank.state), blank.product,
                                    blank.delivery, blank.chip_serial.empty() ? "" : "  chip " + blank.chip_serial,
                                    blank.order_id.empty() ? "" : "  order " + blank.order_id,
                                    blank.reason.empty() ? "" : "  " + blank.reason));
    return;
  }
  Json::Value json;
  json["number"] = blank.number;
  json["state"] = std::string(name(blank.state));
  json["product"] = blank.product;
  json["delivery"] = blank.delivery;
  json["chip_serial"] = blank.chip_serial;
  json["order_id"] = blank.order_id;
  json["reason"] = blank.reason;
  print_line(json);
}

Exit run_list(const Command& command, const Words& words) {
  constexpr std::int64_t kPage = 1000;
  auto description = stock_options();
  description.add_options()("state", options::value<std::string>()->value_name("STATE"),
                            "only these: in_stock, taken, issued, rejected or destroyed");
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  const auto state = arguments.text("state");
  if (!state.empty() && std::ranges::find(kStates, state, [](auto each) { return name(each); }) == kStates.end())
    return report_usage(command, "--state is in_stock, taken, issued, rejected or destroyed");
  auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!floor) return floor.error();
  std::string after;
  for (auto page = must((*floor)->stock.list(after, kPage)); !page.empty();
       page = must((*floor)->stock.list(after, kPage))) {
    after = page.back().number;
    for (const auto& blank : page)
      if (state.empty() || name(blank.state) == state) print_blank(blank, arguments.given("json"));
  }
  return Exit::ok;
}

// ---- reject, destroy: all that are named, or none

Blank known_blank(Floor& floor, const std::string& number) {
  auto blank = floor.stock.lock(number);
  if (!blank && blank.error().error == LedgerError::blank_unknown)
    throw Stop(Exit::bad_input, "the stock has no blank " + number);
  return must(std::move(blank));
}

Exit run_reject(const Command& command, const Words& words) {
  auto description = stock_options();
  description.add_options()("reason", options::value<std::string>()->value_name("WORD"),
                            "what is wrong with it, for the report: scratched, chip_mute, ...");
  Arguments arguments(command, description, {"NUMBER..."});
  if (const auto end = arguments.read(words)) return *end;
  const auto by = operator_of(arguments);
  if (!arguments.given("reason")) return report_usage(command, "--reason is missing");
  auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!floor) return floor.error();
  const auto numbers = arguments.texts("NUMBER");
  must((*floor)->database->transaction([&]() -> Logged<void> {
    for (const auto& number : numbers) {
      const auto blank = known_blank(**floor, number);
      if (blank.state == BlankState::taken)
        throw Stop(Exit::bad_input, fmt::format("blank {} is order {}'s: give the order up (patent-personalize void), "
                                                "and the blank is rejected with it",
                                                number, blank.order_id));
      if (blank.state != BlankState::in_stock && blank.state != BlankState::rejected)
        throw Stop(Exit::bad_input, fmt::format("blank {} is {}", number, name(blank.state)));
      PATENT_TRY_VOID((*floor)->stock.reject(number, arguments.text("reason"), by, arguments.at()));
    }
    return {};
  }));
  for (const auto& number : numbers) print_blank(known_blank(**floor, number), arguments.given("json"));
  return Exit::ok;
}

Exit run_destroy(const Command& command, const Words& words) {
  auto description = stock_options();
  description.add(two_signers_options());
  Arguments arguments(command, description, {"NUMBER..."});
  if (const auto end = arguments.read(words)) return *end;
  auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!floor) return floor.error();
  const auto numbers = arguments.texts("NUMBER");
  for (const auto& number : numbers)
    if (const auto blank = known_blank(**floor, number); blank.state != BlankState::rejected)
      return complain(fmt::format("blank {} is {}: only what is rejected is destroyed", number, name(blank.state)),
                      Exit::bad_input);
  Signatories signatories(*(*floor)->database, (*floor)->audit);
  TwoSigners two(arguments, signatories);
  const auto at = arguments.at();
  must((*floor)->database->transaction([&]() -> Logged<void> {
    for (const auto& number : numbers) {
      PATENT_TRY_VOID((*floor)->stock.destroy(number, two.by(), two.witness(), at));
      PATENT_TRY_VOID(two.sign(blank_subject(number), destruction_statement(number, two.by(), two.witness(), at)));
    }
    return {};
  }));
  for (const auto& number : numbers) print_blank(known_blank(**floor, number), arguments.given("json"));
  return Exit::ok;
}

// ---- report

Exit write_report(const Arguments& arguments, const std::string& text) {
  if (!arguments.given("out")) {
    std::cout << text << std::flush;
    return Exit::ok;
  }
  const auto file = arguments.text("out");
  const auto written =
      crypto::write_file(file, crypto::as_bytes(text), crypto::Readers::everybody, crypto::Overwrite::yes);
  return written ? Exit::ok : complain(file + " cannot be written", Exit::cannot_create);
}

Exit run_report(const Command& command, const Words& words) {
  auto description = stock_options();
  description.add_options()("format", options::value<std::string>()->value_name("FORM"),
                            "text, json or html; default: text")(
      "check", "count again from orders, receipts and the audit chain, and say what does not fit")(
      "out", options::value<std::string>()->value_name("FILE"), "into this file");
  description.add(lang_option());
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  const auto format = arguments.given("json") ? "json" : arguments.given("format") ? arguments.text("format") : "text";
  if (format != "text" && format != "json" && format != "html")
    return report_usage(command, "--format is text, json or html");
  auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!floor) return floor.error();
  auto& database = *(*floor)->database;
  const auto report = must(read_stock_report(database, (*floor)->audit, arguments.at()));
  std::optional<std::vector<StockDiscrepancy>> found;
  if (arguments.given("check")) found = must(check_stock(database, report));
  const auto* const discrepancies = found ? &*found : nullptr;
  const auto language = in_russian(arguments) ? reader::Language::russian : reader::Language::english;
  const auto written = write_report(arguments, format == "json"   ? to_json(report, discrepancies)
                                               : format == "html" ? to_html(report, discrepancies, language)
                                                                  : to_text(report, language));
  if (written != Exit::ok || !found) return written;
  for (const auto& each : *found)
    put_line(std::cerr, fmt::format("{} {}: {}", each.code, each.subject, words_for(each, language)));
  if (!found->empty()) return complain(fmt::format("{} things do not fit", found->size()), Exit::bad_input);
  std::cerr << "everything was counted again, and fits\n";
  return Exit::ok;
}

constexpr std::array kActions{
    Command{"stock receive",
            "Enters deliveries of blanks, CSV with the columns number, product and, where the maker tells it,\n"
            "chip_serial; each file whole or not at all. All faults are named, with their lines.",
            "FILE... --ledger WHERE --operator NAME [--note NUMBER] [--json]",
            "  patent-personalize stock receive D-2026-17.csv --ledger floor.db --operator a.ivanova\n", run_receive},
    Command{"stock list", "Shows the blanks, and what became of each.", "--ledger WHERE [--state STATE] [--json]",
            "  patent-personalize stock list --ledger floor.db --state rejected\n", run_list},
    Command{"stock reject", "Puts blanks that were never begun into the reject bin's books.",
            "NUMBER... --reason WORD --ledger WHERE --operator NAME [--json]",
            "  patent-personalize stock reject AB1234567 --reason scratched --ledger floor.db --operator a.ivanova\n",
            run_reject},
    Command{
        "stock destroy",
        "Takes destroyed blanks out of the reject bin's books. Two sign, each with their own passphrase.",
        "NUMBER... --operator NAME --witness NAME --keys DIR --ledger WHERE [--operator-passphrase-source SOURCE]\n"
        "       [--witness-passphrase-source SOURCE] [--json]",
        "  patent-personalize stock destroy AB1234567 --operator a.ivanova --witness b.petrov --keys /srv/signatories "
        "\\\n    --ledger floor.db\n",
        run_destroy},
    Command{"stock report",
            "Received = issued + rejected + destroyed + remaining: for all, by delivery, shift and operator. --check\n"
            "counts again from the ledger's other books.",
            "--ledger WHERE [--format text|json|html] [--lang ru|en] [--out FILE] [--check]",
            "  patent-personalize stock report --ledger floor.db --check\n"
            "  patent-personalize stock report --ledger floor.db --check --format html --out stock.html\n",
            run_report},
};

}  // namespace

Exit run_stock(const Command& command, const Words& words) { return run_action(command, kActions, words); }

}  // namespace personalize::tool
