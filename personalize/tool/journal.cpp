// SPDX-License-Identifier: Apache-2.0
// The commands over what is remembered of orders, in a journal or in the ledger: show and void.
#include <fmt/format.h>
#include <json/json.h>

#include <iostream>

#include "personalize/issue/words.hpp"
#include "personalize/tool/floor.hpp"
#include "reader/inspect/instant.hpp"

namespace personalize::tool {
namespace {

// Where the orders are: the ledger with --ledger, unless --journal names a journal all the same.
class Orders {
public:
  static crypto::Result<Orders, Exit> open(const Arguments& arguments, FloorKeys keys) {
    Orders orders;
    if (arguments.given("ledger") && !arguments.given("journal")) {
      PATENT_TRY(orders.floor_, open_floor(arguments, MissingDatabase::refuse, keys));
    } else {
      PATENT_TRY(orders.journal_, open_journal(arguments));
    }
    return orders;
  }
  Ledger& operator*() const { return floor_ ? static_cast<Ledger&>(floor_->orders) : *journal_; }
  Ledger* operator->() const { return &**this; }
  // The ledger's own; nullptr for a journal.
  [[nodiscard]] OrderLedger* ledger() const { return floor_ ? &floor_->orders : nullptr; }

private:
  std::unique_ptr<Floor> floor_;
  std::unique_ptr<Journal> journal_;
};

std::string signing_time(const LedgerEntry& entry) {
  return entry.image_sha256.empty() ? std::string() : reader::to_iso(entry.signed_at);
}

std::string state_of(const LedgerEntry& entry) {
  return std::string(entry.held_reason.empty() ? name(entry.state) : "held");
}

std::string remark(const LedgerEntry& entry, const std::string& receipt) {
  if (!receipt.empty()) return receipt;
  return entry.held_reason.empty() ? entry.void_reason : entry.held_reason;
}

void print(const LedgerEntry& entry, const Ledger& ledger, bool as_json) {
  const auto receipt = entry.state == OrderState::issued ? ledger.receipt_place(entry.order_id) : std::string();
  const auto shown = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
  if (!as_json) {
    put_line(std::cout, fmt::format("{}  {:<12}  card {}  chip {:<16}  {}  {}", entry.order_id, state_of(entry),
                                    shown(entry.card_number), shown(entry.chip_serial), signing_time(entry),
                                    remark(entry, receipt)));
    return;
  }
  Json::Value json(Json::objectValue);
  json["order_id"] = entry.order_id;
  json["state"] = std::string(name(entry.state));
  json["card_number"] = entry.card_number;
  json["patent_number"] = entry.patent_number;
  json["chip_serial"] = entry.chip_serial;
  if (!entry.blank_number.empty()) json["blank_number"] = entry.blank_number;
  if (const auto time = signing_time(entry); !time.empty()) json["signed_at"] = time;
  if (!receipt.empty()) json["receipt"] = receipt;
  if (!entry.void_reason.empty()) json["void_reason"] = entry.void_reason;
  if (!entry.held_reason.empty()) json["held_reason"] = entry.held_reason;
  print_line(json);
}

void write(const std::filesystem::path& file, std::string_view content) {
  if (!write_durably(file, content)) throw Stop{Exit::cannot_create, file.string() + " cannot be written"};
}

std::string_view as_text(crypto::ByteView octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

// For the card printer, as a journal has it.
void print_to(const std::filesystem::path& folder, const std::string& order_id, const PrintForm& form) {
  const auto file = [&](std::string_view suffix) { return folder / (order_id + std::string(suffix)); };
  write(file(form.photo.format == patent::ImageFormat::jpeg ? ".photo.jpg" : ".photo.jp2"), as_text(form.photo.data));
  if (form.seal) {
    write(file(".qr.png"), as_text(form.seal->png));
    write(file(".qr.svg"), form.seal->svg);
  }
  write(file(".print.json"), form.json);
}

Exit take_print_form(OrderLedger& ledger, const Arguments& arguments) {
  const auto order_id = arguments.text("ORDER_ID");
  const auto form = must(ledger.print_form(order_id));
  if (!form)
    return complain("the ledger has no print form of this order: it is voided, erased or not begun", Exit::bad_input);
  print_to(arguments.text("print-to"), order_id, *form);
  return Exit::ok;
}

Exit show_receipt(OrderLedger& ledger, const std::string& order_id) {
  const auto receipt = must(ledger.receipt(order_id));
  if (!receipt) return complain("the ledger has no receipt of this order: it is not issued", Exit::bad_input);
  std::cout << *receipt;
  return Exit::ok;
}

options::options_description where_options() {
  options::options_description description("Options");
  description.add(domain_option()).add(journal_option()).add(ledger_option()).add(workplace_options());
  description.add(passphrase_option()).add(at_option());
  return description;
}

}  // namespace

Exit run_show(const Command& command, const Words& words) {
  auto description = where_options();
  description.add_options()("receipt", "with --ledger and ORDER_ID: the order's receipt")(
      "print-to", options::value<std::string>()->value_name("DIR"),
      "with --ledger, --domain and ORDER_ID: writes what the card printer needs into this folder; the CAN is in it")(
      "json", "a JSON line for each order");
  Arguments arguments(command, description, {"[ORDER_ID]"});
  if (const auto end = arguments.read(words)) return *end;
  const auto wanted = arguments.text("ORDER_ID");
  const bool prints = arguments.given("print-to");
  if (prints) static_cast<void>(folder_of(arguments, "print-to"));
  const auto orders = Orders::open(arguments, prints ? FloorKeys::needed : FloorKeys::none);
  if (!orders) return orders.error();
  if (prints || arguments.given("receipt")) {
    if (orders->ledger() == nullptr || wanted.empty())
      return report_usage(command, "--receipt and --print-to want --ledger and an ORDER_ID");
    return prints ? take_print_form(*orders->ledger(), arguments) : show_receipt(*orders->ledger(), wanted);
  }
  bool found = wanted.empty();
  constexpr std::int64_t kPage = 1000;
  for (auto page = must((*orders)->list({}, kPage)); !page.empty();
       page = must((*orders)->list(page.back().order_id, kPage)))
    for (const auto& entry : page) {
      if (!wanted.empty() && entry.order_id != wanted) continue;
      print(entry, **orders, arguments.given("json"));
      found = true;
    }
  return found ? Exit::ok : complain("the journal does not know this order", Exit::bad_input);
}

Exit run_void(const Command& command, const Words& words) {
  auto description = where_options();
  description.add_options()("reason", options::value<std::string>()->default_value("by the operator"),
                            "why, for the journal; no personal data");
  Arguments arguments(command, description, {"ORDER_ID"});
  if (const auto end = arguments.read(words)) return *end;
  const auto orders = Orders::open(arguments, FloorKeys::none);
  if (!orders) return orders.error();
  const auto order_id = arguments.text("ORDER_ID");
  const auto entry = must((*orders)->find(order_id));
  const auto done = (*orders)->void_order(order_id, arguments.text("reason"));
  if (!done) {
    const bool issued = entry && entry->state == OrderState::issued;
    return complain(
        issued ? "the order is issued: its card is ended by a status record, not here" : words_for(done.error()),
        exit_of(IssuanceFailure(done.error())));
  }
  const bool begun = entry && !entry->chip_serial.empty();
  put_line(std::cout,
           fmt::format("{} is voided.{}", order_id,
                       begun ? fmt::format(" Destroy the card with chip {}.", entry->chip_serial) : std::string()));
  return Exit::ok;
}

}  // namespace personalize::tool
