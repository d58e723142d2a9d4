// SPDX-License-Identifier: Apache-2.0
// The command that writes cards.
#include <fmt/format.h>
#include <json/json.h>
#include <algorithm>
#include <fstream>
#include <iostream>

#include "card/host/card_file_error.hpp"
#include "card/host/embedded_card.hpp"
#include "personalize/issue/words.hpp"
#include "personalize/status/enrolment.hpp"
#include "personalize/tool/interrupts.hpp"
#include "personalize/tool/issue_records.hpp"
#include "personalize/tool/issuing.hpp"
#include "reader/link/trace.hpp"

namespace personalize::tool {
namespace {

using namespace std::chrono_literals;

// Gives a card for each order: from a list of readers, one each, or from one PC/SC reader again and again.
class Feed {
public:
  explicit Feed(const Arguments& arguments) : readers_(arguments.texts("reader")), wait_(arguments.number("wait")) {
    if (arguments.given("trace")) trace_.emplace(arguments.text("trace"), std::ios::app);
  }

  // What makes these readers unfit for so many orders; empty when nothing does.
  [[nodiscard]] std::string fault(std::size_t orders) const {
    if (readers_.empty()) return "--reader is missing";
    if (trace_ && !*trace_) return "the trace file cannot be written";
    const bool one_card = readers_.size() == 1 && readers_.front().starts_with("virtual:");
    const bool fits = readers_.size() == orders || (readers_.size() == 1 && !one_card);
    return fits ? "" : "as many --reader as orders, or one PC/SC reader in which the cards are changed";
  }

  // `place`: the order's among the operands.
  reader::Linked<reader::PoweredCard> card_for(std::size_t place, const std::stop_token& stop) {
    const auto& which = readers_.size() == 1 ? readers_.front() : readers_.at(place);
    if (readers_.size() == 1) PATENT_TRY_VOID(wait_for_removal(stop));
    auto card = reader::open_card(which, wait_, reader::virtual_cards<host::EmbeddedCard>(), stop);
    if (!card) return card;
    slot_ = std::move(card->channel);
    card->channel = std::make_unique<Passing>(*slot_, trace_ ? &*trace_ : nullptr);
    return card;
  }

private:
  // The feed keeps the slot, so that it can wait for the card to be taken out after the order is done.
  class Passing final : public wire::Channel {
  public:
    Passing(wire::Channel& below, std::ostream* trace) : below_(below) {
      if (trace != nullptr) recorder_.emplace(below, *trace);
    }
    crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
      return recorder_ ? recorder_->transmit(command) : below_.transmit(command);
    }

  private:
    wire::Channel& below_;
    std::optional<reader::Recorder> recorder_;
  };

  reader::Linked<void> wait_for_removal(const std::stop_token& stop) {
    auto* const pcsc = dynamic_cast<reader::PcscCard*>(slot_.get());
    if (pcsc == nullptr) return {};
    std::cerr << "take the card out and put in the next blank\n";
    PATENT_TRY_VOID(pcsc->wait_for_removal(wait_, stop));
    slot_.reset();
    return {};
  }

  std::vector<std::string> readers_;
  std::chrono::seconds wait_;
  std::optional<std::ofstream> trace_;
  std::unique_ptr<wire::Channel> slot_;
};

void show_progress(const IssuanceProgress& progress) {
  switch (progress.phase) {
    case Phase::identifying: std::cerr << "  identify the chip\n"; break;
    case Phase::signing: std::cerr << "  sign\n"; break;
    case Phase::writing:
      put_line(std::cerr, fmt::format("  write {}/{}: {}", progress.run.done + 1, progress.run.total,
                                      progress.run.step.substr(0, progress.run.step.find(':'))));
      break;
    case Phase::reading_back: std::cerr << "  read back and verify\n"; break;
  }
}

class Orders {
public:
  Orders(const Arguments& arguments, Issuance& issuance, Records& records, Feed& feed)
      : arguments_(arguments), issuance_(issuance), records_(records), ledger_(records.orders()), feed_(feed) {}

  // All orders are looked at before any card is touched. What is issued already is said and passed over; anything else
  // that cannot be issued stops everything.
  Exit run(const std::vector<IncomingOrder>& orders, const std::stop_token& stop) {
    std::vector<std::size_t> open;
    bool possible = true;
    for (std::size_t place = 0; place < orders.size(); ++place) {
      const auto free = issuance_.check(orders[place]);
      if (free) {
        open.push_back(place);
        continue;
      }
      fail(orders[place], free.error());
      const auto* const refused = std::get_if<Refused>(&free.error());
      const bool issued = refused != nullptr && refused->refusal == Refusal::issued_already;
      possible = possible && issued;
      if (issued) enter_late(orders[place]);
    }
    return possible ? issue(orders, open, stop) : exit_;
  }

private:
  Exit issue(const std::vector<IncomingOrder>& orders, const std::vector<std::size_t>& open,
             const std::stop_token& stop) {
    for (const auto place : open) {
      auto order = orders[place];
      if (stop.stop_requested()) return Exit::interrupted;
      auto card = feed_.card_for(place, stop);
      if (!card) {
        if (card.error() == wire::LinkError::interrupted) return Exit::interrupted;
        fail(order, card.error());
        return exit_;
      }
      if (!claim(order)) return exit_;
      if (const auto placed = give_list_place(order.order); !placed) {
        fail(order, placed.error());
        return exit_;
      }
      put_line(std::cerr, fmt::format("order {} in {}", order.order.order_id, card->reader_name));
      const auto progress = arguments_.given("quiet") ? nullptr : show_progress;
      const auto receipt = issuance_.issue(order, *card, arguments_.at(), progress);
      if (!receipt) {
        fail(order, receipt.error());
        return exit_;
      }
      succeed(*receipt);
      if (!enter(order.order, receipt->signed_at)) return exit_;
    }
    return exit_;
  }

  bool claim(const IncomingOrder& order) {
    const auto claimed = records_.claim(order.order);
    if (!claimed) {
      fail(order, claimed.error());
      return false;
    }
    if (*claimed == ClaimOutcome::claimed) return true;
    const auto why = *claimed == ClaimOutcome::held ? "is held: see patent-personalize show" : "is another station's";
    exit_ = complain(fmt::format("order {} {}", order.order.order_id, why), Exit::bad_input);
    return false;
  }

  // An order that was begun keeps the place, or the lack of one, that it was begun with.
  Logged<void> give_list_place(Order& order) {
    const auto recalled = recall_place(ledger_, order);
    const bool begun = recalled.has_value();
    if (!begun && recalled.error().error != LedgerError::not_found) return recalled;
    if (!records_.has_lists() || (begun && order.patent.status_list_uri.empty())) return {};
    return records_.place(arguments_.text("list-uri"), order);
  }

  // After a crash between the receipt and the status ledger.
  void enter_late(const IncomingOrder& incoming) {
    if (!records_.has_lists()) return;
    auto order = incoming.order;
    const auto entry = ledger_.find(order.order_id);
    if (!entry || !*entry || !recall_place(ledger_, order)) return;
    if ((*entry)->order_sha256 != incoming.sha256) {  // no such card was ever made
      put_line(std::cerr,
               fmt::format("order {} was issued with another text: this one is not entered in the status ledger",
                           order.order_id));
      return;
    }
    if (order.patent.status_list_uri.empty())
      put_line(std::cerr,
               fmt::format("card {} names no list and is not in the status ledger", order.patent.card_number));
    else
      enter(order, (*entry)->signed_at);
  }

  bool enter(const Order& order, crypto::Time signed_at) {
    if (!records_.has_lists() || order.patent.status_list_uri.empty()) return true;
    const auto entered = records_.enter(order, signed_at, arguments_.at());
    if (entered) return true;
    exit_ = exit_of(IssuanceFailure(entered.error()));
    complain(fmt::format("card {} is issued, but not in the status ledger: {}; the same command enters it",
                         order.patent.card_number, words_for(entered.error())),
             exit_);
    return false;
  }

  void fail(const IncomingOrder& order, const IssuanceFailure& failure) {
    exit_ = exit_of(failure);
    complain(fmt::format("order {}: {}", order.order.order_id, words_for(failure)), exit_);
    if (!arguments_.given("json")) return;
    Json::Value json(Json::objectValue);
    json["order_id"] = order.order.order_id;
    json["result"] = "failed";
    json["reason"] = std::string(code_of(failure));
    json["words"] = words_for(failure);
    print_line(json);
  }

  void succeed(const Receipt& receipt) const {
    const auto place = ledger_.receipt_place(receipt.order_id);
    if (!arguments_.given("json")) {
      put_line(std::cout, fmt::format("{} issued: card {}, chip {}, {} ({} APDUs, {} ms), receipt {}", receipt.order_id,
                                      receipt.card_number, receipt.chip_serial, receipt.verdict, receipt.apdus,
                                      receipt.elapsed.count(), place));
      std::cout << std::flush;
      return;
    }
    Json::Value json(Json::objectValue);
    json["order_id"] = receipt.order_id;
    json["result"] = "issued";
    json["card_number"] = receipt.card_number;
    json["chip_serial"] = receipt.chip_serial;
    json["verdict"] = receipt.verdict;
    json["apdus"] = receipt.apdus;
    json["elapsed_ms"] = Json::Int64{receipt.elapsed.count()};
    json["receipt"] = place;
    print_line(json);
  }

  const Arguments& arguments_;
  Issuance& issuance_;
  Records& records_;
  Ledger& ledger_;
  Feed& feed_;
  Exit exit_ = Exit::ok;
};

crypto::Result<Exit, Exit> issue_all(const Command& command, const Arguments& arguments,
                                     const std::vector<IncomingOrder>& orders, Feed& feed) {
  PATENT_TRY(auto domain, open_domain(arguments, arguments.text("domain")));
  PATENT_TRY(const auto issuing, Issuing::open(command, arguments, domain));
  PATENT_TRY(const auto records, open_records(arguments, domain));

  Issuance issuance(issuing->engine(), records->orders(), issuing->issuer(), issuing->keys(),
                    arguments.text("operator"));
  Orders batch(arguments, issuance, *records, feed);
  const Interrupts interrupts;  // from here on: before, the passphrase may still be asked for
  return batch.run(orders, interrupts.token());
}

}  // namespace

Exit run_issue(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add_options()(
      "reader", options::value<std::vector<std::string>>(),
      "a PC/SC reader's name, a part of it, its number, or virtual:FILE; once, or once per order")(
      "wait", options::value<unsigned>()->default_value(60), "seconds to wait for a card")(
      "list-uri", options::value<std::string>()->value_name("BASE"),
      "with --ledger: the lists are BASE/0, BASE/1, ..., for orders that name none themselves")(
      "previous-elsewhere", "with --ledger: an order may follow a card that the ledger does not know")(
      "trace", options::value<std::string>(), "a file for the protected APDUs as they go over the link")(
      "json", "a JSON line for each order")("quiet", "no progress on stderr");
  description.add(domain_option())
      .add(passphrase_option())
      .add(ledger_option())
      .add(workplace_options())
      .add(journal_option())
      .add(profile_option())
      .add(regions_option())
      .add(at_option());
  Arguments arguments(command, description, {"ORDER..."});
  if (const auto end = arguments.read(words)) return *end;
  if (!arguments.given("domain")) return report_usage(command, "--domain is missing");
  const auto orders = load_orders(arguments, Say::faults);
  if (!orders) return complain("no card was touched", Exit::bad_input);

  const auto bare = [](const IncomingOrder& incoming) { return incoming.order.patent.status_list_uri.empty(); };
  if (const auto fault = list_fault(arguments, std::ranges::any_of(*orders, bare)); !fault.empty())
    return report_usage(command, fault);
  Feed feed(arguments);
  if (const auto fault = feed.fault(orders->size()); !fault.empty()) return report_usage(command, fault);
  const auto exit = issue_all(command, arguments, *orders, feed);
  return exit ? *exit : exit.error();
}

}  // namespace personalize::tool
