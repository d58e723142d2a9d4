// SPDX-License-Identifier: Apache-2.0
// The commands over the journal: show and void.
#include <fmt/format.h>
#include <json/json.h>

#include <iostream>

#include "personalize/issue/words.hpp"
#include "personalize/tool/command.hpp"
#include "reader/inspect/instant.hpp"

namespace personalize::tool {
namespace {

std::string signing_time(const LedgerEntry& entry) {
  return entry.image_sha256.empty() ? std::string() : reader::to_iso(entry.signed_at);
}

void print(const LedgerEntry& entry, const Ledger& ledger, bool as_json) {
  const auto receipt = entry.state == OrderState::issued ? ledger.receipt_place(entry.order_id) : std::string();
  if (!as_json) {
    std::cout << fmt::format("{}  {:<12}  card {}  chip {:<16}  {}  {}\n", entry.order_id, name(entry.state),
                             entry.card_number, entry.chip_serial.empty() ? "-" : entry.chip_serial,
                             signing_time(entry), receipt.empty() ? entry.void_reason : receipt);
    return;
  }
  Json::Value json(Json::objectValue);
  json["order_id"] = entry.order_id;
  json["state"] = std::string(name(entry.state));
  json["card_number"] = entry.card_number;
  json["patent_number"] = entry.patent_number;
  json["chip_serial"] = entry.chip_serial;
  if (const auto time = signing_time(entry); !time.empty()) json["signed_at"] = time;
  if (!receipt.empty()) json["receipt"] = receipt;
  if (!entry.void_reason.empty()) json["void_reason"] = entry.void_reason;
  print_line(json);
}

}  // namespace

Exit run_show(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add(domain_option()).add(journal_option()).add_options()("json", "a JSON line for each order");
  Arguments arguments(command, description, {"[ORDER_ID]"});
  if (const auto end = arguments.read(words)) return *end;
  const auto journal = open_journal(arguments);
  if (!journal) return journal.error();
  const auto entries = (*journal)->list();
  if (!entries) return complain(words_for(entries.error()), Exit::bad_input);
  const auto wanted = arguments.text("ORDER_ID");
  bool found = wanted.empty();
  for (const auto& entry : *entries) {
    if (!wanted.empty() && entry.order_id != wanted) continue;
    print(entry, **journal, arguments.given("json"));
    found = true;
  }
  return found ? Exit::ok : complain("the journal does not know this order", Exit::bad_input);
}

Exit run_void(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add(domain_option())
      .add(journal_option())
      .add_options()("reason", options::value<std::string>()->default_value("by the operator"), "why, for the journal");
  Arguments arguments(command, description, {"ORDER_ID"});
  if (const auto end = arguments.read(words)) return *end;
  const auto journal = open_journal(arguments);
  if (!journal) return journal.error();
  const auto order_id = arguments.text("ORDER_ID");
  const auto entry = (*journal)->find(order_id);
  if (!entry) return complain(words_for(entry.error()), Exit::bad_input);
  const auto done = (*journal)->void_order(order_id, arguments.text("reason"));
  if (!done) {
    const bool issued = *entry && (*entry)->state == OrderState::issued;
    return complain(
        issued ? "the order is issued: its card is ended by a status record, not here" : words_for(done.error()),
        Exit::bad_input);
  }
  std::cout << fmt::format("{} is voided.{}\n", order_id,
                           (*entry)->chip_serial.empty()
                               ? std::string()
                               : fmt::format(" Destroy the card with chip {}.", (*entry)->chip_serial));
  return Exit::ok;
}

}  // namespace personalize::tool
