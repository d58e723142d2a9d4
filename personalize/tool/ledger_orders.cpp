// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/ledger_orders.hpp"

#include <fmt/format.h>
#include <json/json.h>

#include <iostream>

#include "personalize/issue/words.hpp"
#include "personalize/tool/floor.hpp"

namespace personalize::tool {
namespace {

options::options_description station_options() {
  auto description = ledger_option();
  description.add(workplace_options()).add(at_option()).add_options()("json", "a JSON line instead of text");
  return description;
}

using Counts = std::initializer_list<std::pair<const char*, std::int64_t>>;
void say(const Arguments& arguments, const char* outcome, Counts counts, const std::string& words) {
  if (!arguments.given("json")) {
    put_line(std::cout, words);
    return;
  }
  Json::Value json(Json::objectValue);
  json["outcome"] = outcome;
  for (const auto& [what, count] : counts) json[what] = Json::Int64{count};
  print_line(json);
}

}  // namespace

Exit run_ledger_erase(const Command& command, const Words& words) {
  auto description = station_options();
  description.add_options()("ended-before", options::value<std::string>()->value_name("TIME"),
                            "of orders that were issued or voided before then, and of cards that were over");
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  const auto before = parse_time(arguments.text("ended-before"));
  if (!before)
    return report_usage(command, "--ended-before is missing, or no time: 2026-03-10 or 2026-03-10T09:00:00Z");
  const auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!floor) return floor.error();
  const auto erased = must((*floor)->orders.erase_personal_data(*before));
  say(arguments, erased.log_remains ? "erased_but_in_log" : "erased",
      {{"orders", erased.orders}, {"cards", erased.inns.holders}, {"payments", erased.inns.payers}},
      fmt::format("the personal data of {} orders and the INNs of {} cards and {} payments are erased; receipts stay",
                  erased.orders, erased.inns.holders, erased.inns.payers));
  if (!erased.log_remains) return Exit::ok;
  return complain(
      "they remain in the ledger's log while another program works with it: give this command again when it has ended",
      Exit::bad_input);
}

Exit run_ledger_take_journal(const Command& command, const Words& words) {
  auto description = station_options();
  description.add(domain_option()).add(passphrase_option());
  Arguments arguments(command, description, {"JOURNAL"});
  if (const auto end = arguments.read(words)) return *end;
  const auto folder = arguments.text("JOURNAL");
  if (!Journal::has_orders(folder))
    return complain(folder + " has no orders, or they were moved into a ledger before", Exit::bad_input);
  const auto floor = open_floor(arguments, MissingDatabase::make, FloorKeys::needed);
  if (!floor) return floor.error();
  auto journal = must(Journal::open(folder));
  const auto orders = must(journal->orders());
  std::int64_t fresh = 0;
  must((*floor)->database->transaction([&]() -> Logged<void> {  // all, or none
    for (const auto& order : orders) {
      PATENT_TRY(const bool is_new, (*floor)->orders.take_over(order));
      fresh += is_new ? 1 : 0;
    }
    return {};
  }));
  must(journal->mark_moved((*floor)->database->place()));
  say(arguments, "taken", {{"orders", fresh}},
      fmt::format("{} orders are in the ledger now. {} is closed; it still holds personal data: remove it when the "
                  "ledger was looked at",
                  fresh, folder));
  return Exit::ok;
}

Exit run_ledger_release(const Command& command, const Words& words) {
  Arguments arguments(command, station_options(), {"ORDER_ID"});
  if (const auto end = arguments.read(words)) return *end;
  const auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::none);
  if (!floor) return floor.error();
  const auto order_id = arguments.text("ORDER_ID");
  must((*floor)->queue.release_held(order_id));
  say(arguments, "released", {{"orders", 1}}, order_id + " is given to stations again");
  return Exit::ok;
}

}  // namespace personalize::tool
