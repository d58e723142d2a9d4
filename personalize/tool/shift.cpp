// SPDX-License-Identifier: Apache-2.0
// The commands about shifts: enrol, dismiss, open, close, show, report.
#include <fmt/format.h>
#include <json/json.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <iterator>

#include "personalize/floor/stock_report.hpp"
#include "personalize/tool/stock_command.hpp"
#include "reader/inspect/instant.hpp"

namespace personalize::tool {
namespace {

std::string in_words(const StockSums& sums) {
  return fmt::format("{} received = {} issued + {} rejected + {} destroyed + {} remaining", sums.received, sums.issued,
                     sums.rejected, sums.destroyed, sums.remaining);
}

// The statement is what is signed; its form is the JSON output's, too.
void print_shift(const Shift& shift, bool as_json) {
  if (as_json) {
    std::cout << closing_statement(shift) << '\n';
    return;
  }
  put_line(std::cout, fmt::format("shift {} at {}, opened {} by {}: {}", shift.number, shift.station,
                                  reader::to_iso(shift.opened), shift.operator_name, in_words(shift.before)));
  if (shift.closed == std::chrono::sys_seconds{}) return;
  put_line(std::cout, fmt::format("  closed {} by {} and {}: {}", reader::to_iso(shift.closed), shift.closed_by,
                                  shift.witnessed_by, in_words(shift.after)));
}

// ---- enrol, dismiss

Exit run_enrol(const Command& command, const Words& words) {
  auto description = stock_options();
  description.add(two_signers_options());
  Arguments arguments(command, description, {"NAME"});
  if (const auto end = arguments.read(words)) return *end;
  const auto by = operator_of(arguments), name = arguments.text("NAME");
  static_cast<void>(keys_of(arguments));  // before a ledger is made
  auto floor = open_floor(arguments, MissingDatabase::make, FloorKeys::none);
  if (!floor) return floor.error();
  Signatories signatories(*(*floor)->database, (*floor)->audit);
  const auto keys = open_vouchers(arguments, name, signatories);
  const auto made = make_signatory_key(arguments, name);
  std::vector<Signatories::Voucher> vouchers;
  std::ranges::transform(keys, std::back_inserter(vouchers), voucher_of);
  must(signatories.enrol(made.name, made.key->public_key(), by, arguments.at(), vouchers));
  put_line(std::cout, fmt::format("{} can sign from now on", made.name));
  return Exit::ok;
}

Exit run_dismiss(const Command& command, const Words& words) {
  auto description = stock_options();
  description.add(two_signers_options());
  Arguments arguments(command, description, {"NAME"});
  if (const auto end = arguments.read(words)) return *end;
  const auto name = arguments.text("NAME");
  auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!floor) return floor.error();
  Signatories signatories(*(*floor)->database, (*floor)->audit);
  if (!must(signatories.find(name))) return complain(fmt::format("nobody called {} may sign", name), Exit::bad_input);
  const TwoSigners two(arguments, signatories);
  must(signatories.dismiss(name, two.both()[0], two.both()[1], arguments.at()));
  put_line(std::cout, fmt::format("{} can sign no more", name));
  return Exit::ok;
}

// ---- open, close

Exit run_open(const Command& command, const Words& words) {
  Arguments arguments(command, stock_options(), {});
  if (const auto end = arguments.read(words)) return *end;
  const auto by = operator_of(arguments);
  auto floor = open_floor(arguments, MissingDatabase::make, FloorKeys::none);
  if (!floor) return floor.error();
  const auto& station = (*floor)->workplace.station;
  if (const auto open = must((*floor)->stock.open_shift_of(station)))
    return complain(fmt::format("shift {} is open at {} since {}: close it first (patent-personalize shift close)",
                                open->number, station, reader::to_iso(open->opened)),
                    Exit::bad_input);
  print_shift(must((*floor)->stock.open_shift(station, by, arguments.at())), arguments.given("json"));
  return Exit::ok;
}

// What both see before they sign is what they sign, or nothing is closed.
Exit close_shift(Floor& floor, const Arguments& arguments) {
  const auto& station = floor.workplace.station;
  const auto open = must(floor.stock.open_shift_of(station));
  if (!open) return complain("no shift is open at " + station, Exit::bad_input);
  if (arguments.at() < open->opened)
    return complain(fmt::format("the clock was set back: the shift was opened {}", reader::to_iso(open->opened)),
                    Exit::bad_input);
  if (const auto in_hand = must(floor.stock.taken_at(station)); !in_hand.empty())
    return complain(fmt::format("{} cards are in hand, blank {} for one: finish their orders (patent-personalize "
                                "batch), or give them up (void)",
                                in_hand.size(), in_hand.front()),
                    Exit::bad_input);
  const auto seen = must(floor.stock.sums());
  put_line(std::cerr, fmt::format("shift {} at {}: {}", open->number, station, in_words(seen)));
  Signatories signatories(*floor.database, floor.audit);
  TwoSigners two(arguments, signatories);
  Shift closed;
  bool changed = false;
  const auto done = floor.database->transaction([&]() -> Logged<void> {
    PATENT_TRY(closed, floor.stock.close_shift(station, two.by(), two.witness(), arguments.at()));
    changed = closed.after != seen;
    if (changed) return floor.database->failure(LedgerError::wrong_state);
    return two.sign(shift_subject(closed.number), closing_statement(closed));
  });
  if (!done && changed) return complain("the stock changed while you signed: look at it again", Exit::bad_input);
  if (!done) stop_for(done.error());
  print_shift(closed, arguments.given("json"));
  return Exit::ok;
}

Exit run_close(const Command& command, const Words& words) {
  auto description = stock_options();
  description.add(two_signers_options());
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!floor) return floor.error();
  return close_shift(**floor, arguments);
}

// ---- show, report

Exit run_show_shifts(const Command& command, const Words& words) {
  Arguments arguments(command, stock_options(), {});
  if (const auto end = arguments.read(words)) return *end;
  auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!floor) return floor.error();
  for (const auto& shift : must((*floor)->stock.shifts())) print_shift(shift, arguments.given("json"));
  return Exit::ok;
}

Exit run_shift_report(const Command& command, const Words& words) {
  auto description = stock_options();
  description.add(lang_option());
  Arguments arguments(command, description, {"NUMBER"});
  if (const auto end = arguments.read(words)) return *end;
  const auto text = arguments.text("NUMBER");
  auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!floor) return floor.error();
  auto report = must(read_stock_report(*(*floor)->database, (*floor)->audit, arguments.at()));
  const auto found =
      std::ranges::find(report.shifts, text, [](const auto& each) { return std::to_string(each.shift.number); });
  if (found == report.shifts.end()) return complain("there is no shift " + text, Exit::bad_input);
  std::cout << (arguments.given("json")
                    ? to_json(*found)
                    : to_text(*found, in_russian(arguments) ? reader::Language::russian : reader::Language::english));
  return Exit::ok;
}

constexpr std::array kActions{
    Command{
        "shift enrol",
        "Makes a signing key under a passphrase of one's own: whoever is enrolled can sign for shifts and destroyed\n"
        "blanks. Two who are enrolled vouch for it by their signatures: the operator and the witness; for the second\n"
        "of all the first does, as operator. The audit chain says who was enrolled, with which key, and by whom.",
        "NAME --keys DIR --operator NAME [--witness NAME] --ledger WHERE [--passphrase-source SOURCE]\n"
        "       [--operator-passphrase-source SOURCE] [--witness-passphrase-source SOURCE]",
        "  patent-personalize shift enrol a.ivanova --keys /srv/signatories --operator a.ivanova --ledger floor.db\n"
        "  patent-personalize shift enrol b.petrov --keys /srv/signatories --operator a.ivanova --ledger floor.db\n"
        "  patent-personalize shift enrol c.sidorov --keys /srv/signatories --operator a.ivanova --witness b.petrov "
        "\\\n"
        "    --ledger floor.db\n",
        run_enrol},
    Command{"shift dismiss",
            "Ends somebody's right to sign. Two who are enrolled sign that, each with their own passphrase; what was\n"
            "signed before holds.",
            "NAME --operator NAME --witness NAME --keys DIR --ledger WHERE [--operator-passphrase-source SOURCE]\n"
            "       [--witness-passphrase-source SOURCE]",
            "  patent-personalize shift dismiss c.sidorov --operator a.ivanova --witness b.petrov \\\n"
            "    --keys /srv/signatories --ledger floor.db\n",
            run_dismiss},
    Command{"shift open", "Begins a shift at this station: what moves from now on is counted in it.",
            "--operator NAME --ledger WHERE [--station NAME] [--json]",
            "  patent-personalize shift open --operator a.ivanova --ledger floor.db\n", run_open},
    Command{
        "shift close",
        "Ends the shift over the sums of the stock. Two sign them, each with their own passphrase; no card may be in\n"
        "hand.",
        "--operator NAME --witness NAME --keys DIR --ledger WHERE [--operator-passphrase-source SOURCE]\n"
        "       [--witness-passphrase-source SOURCE] [--station NAME] [--json]",
        "  patent-personalize shift close --operator a.ivanova --witness b.petrov --keys /srv/signatories --ledger "
        "floor.db\n",
        run_close},
    Command{"shift show", "Shows the shifts.", "--ledger WHERE [--json]",
            "  patent-personalize shift show --ledger floor.db\n", run_show_shifts},
    Command{"shift report", "Shows one shift: what each operator moved, and whether its signatures are good.",
            "NUMBER --ledger WHERE [--lang ru|en] [--json]", "  patent-personalize shift report 3 --ledger floor.db\n",
            run_shift_report},
};

}  // namespace

Exit run_shift(const Command& command, const Words& words) { return run_action(command, kActions, words); }

}  // namespace personalize::tool
