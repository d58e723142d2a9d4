// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "personalize/issue/print_form.hpp"
#include "personalize/status/enrolment.hpp"
#include "tests/unit/personalize/books.hpp"

using namespace personalize;
using namespace std::chrono_literals;
using sample::Books;

namespace {

constexpr std::string_view kOther = "0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e02";
constexpr std::string_view kChip = "0011223344556677", kOtherChip = "0011223344556688";
const std::string kId(sample::kOrderId);

LedgerEntry entry(std::string_view id = kId, std::string card = "P00000017", std::string patent = "772600123456",
                  std::string blank = "PR1234567") {
  LedgerEntry e;
  e.order_id = id;
  e.order_sha256 = "AB";
  e.card_number = std::move(card);
  e.patent_number = std::move(patent);
  e.blank_number = std::move(blank);
  return e;
}

PrintForm form() {
  auto made = print_form(sample::order(), crypto::Secret(crypto::as_bytes("123456")));
  made.seal = SealPicture{{1, 2, 3}, {4, 5}, "<svg/>"};
  return made;
}

Receipt receipt(std::string_view id = kId) {
  Receipt r;
  r.order_id = id;
  r.card_number = "P00000017";
  r.signed_at = sample::kAt;
  r.issued_at = sample::kAt;
  r.verdict = "VALID";
  return r;
}

struct Rig {
  Engine engine = GENERATE(Engine::sqlite, Engine::postgres);
  sample::LedgerPlace place{engine};
  Books books{place.open()};
  OrderLedger& orders = books.orders;

  OrderState state(std::string_view id = kId) {
    const auto found = books.orders.list({}, 1000).value();
    return std::ranges::find(found, id, &LedgerEntry::order_id)->state;
  }
  BlankState blank(std::string_view number = "PR1234567") { return (*books.stock.find(number).value()).state; }
  // Up to the state just before the receipt.
  void personalize_one(const Order& order = sample::order()) {
    auto e = entry(order.order_id, order.patent.card_number, order.patent.series + order.patent.number,
                   order.patent.blank_number);
    e.previous_card_number = order.previous_card_number;
    books.receive_blank(order.patent.blank_number);
    REQUIRE(orders.prepare(e, form()));
    REQUIRE(orders.begin_writing(order.order_id, "00112233" + order.patent.card_number.substr(1)));
    REQUIRE(orders.keep_image(order.order_id, sample::image(), sample::kAt));
    REQUIRE(orders.mark_personalized(order.order_id));
  }
};

Order listed(std::uint32_t index = 5) {
  auto order = sample::order();
  order.patent.status_list_uri = sample::kListUri;
  order.patent.status_index = index;
  return order;
}

}  // namespace

TEST_CASE("An order in the ledger lives from prepared to issued, and its blank with it") {
  Rig rig;
  rig.books.receive_blank();
  REQUIRE(rig.orders.prepare(entry(), form()));
  CHECK(rig.state() == OrderState::prepared);
  const auto open = rig.orders.open_card(kId);
  REQUIRE(open);
  CHECK_FALSE(open->image);
  CHECK(std::ranges::equal(open->can.view(), crypto::as_bytes("123456")));
  CHECK_FALSE(rig.orders.keep_image(kId, sample::image(), sample::kAt));  // not before a chip is bound
  CHECK(rig.blank() == BlankState::in_stock);
  REQUIRE(rig.orders.begin_writing(kId, kChip));
  CHECK(rig.blank() == BlankState::taken);
  REQUIRE(rig.orders.begin_writing(kId, kChip));  // after a crash
  CHECK(rig.orders.begin_writing(kId, kOtherChip).error().error == LedgerError::wrong_state);
  REQUIRE(rig.orders.keep_image(kId, sample::image(), sample::kAt));
  {
    Books later(rig.place.open());
    const auto by_chip = later.orders.find_by_chip(kChip);
    REQUIRE(by_chip);
    REQUIRE(*by_chip);
    CHECK((*by_chip)->order_id == kId);
    CHECK((*by_chip)->blank_number == "PR1234567");
    CHECK((*by_chip)->signed_at == sample::kAt);
    CHECK((*by_chip)->image_sha256 == fingerprint(sample::image()));
    CHECK(later.orders.open_card(kId)->image == sample::image());
  }
  CHECK_FALSE(rig.orders.mark_issued(sample::order(), receipt()));  // not before it is personalized
  REQUIRE(rig.orders.mark_personalized(kId));
  REQUIRE(rig.orders.mark_issued(sample::order(), receipt()));
  CHECK(rig.state() == OrderState::issued);
  CHECK(rig.blank() == BlankState::issued);
  CHECK(rig.orders.receipt(kId) == to_json(receipt()));
  CHECK_FALSE(rig.orders.open_card(kId));
  CHECK(rig.orders.void_order(kId, "no").error().error == LedgerError::wrong_state);
  CHECK(rig.books.events.after(0, 10)->size() == 1);
  const auto kept = rig.orders.print_form(kId);
  REQUIRE(kept);
  REQUIRE(*kept);
  CHECK((*kept)->json == form().json);
  CHECK((*kept)->photo.data == form().photo.data);
  CHECK((*kept)->seal->png == form().seal->png);
}

TEST_CASE("An issued card stands in the status ledger with its receipt, or neither does") {
  Rig rig;
  rig.personalize_one();
  auto another = sample::ledger_card("P00000099", 5);
  REQUIRE(
      rig.books.statuses.enter(another, sample::kInn, sample::first_record(another)));  // has that place of the list
  CHECK_FALSE(rig.orders.mark_issued(listed(5), receipt()));
  CHECK(rig.state() == OrderState::personalized);
  CHECK(rig.blank() == BlankState::taken);
  CHECK_FALSE(*rig.orders.receipt(kId));
  CHECK(rig.books.events.after(0, 10)->empty());
  REQUIRE(rig.orders.mark_issued(listed(6), receipt()));
  CHECK(rig.books.statuses.card("P00000017").value());
}

TEST_CASE("A duplicate ends the card that it replaces, and bears its patent's number") {
  Rig rig;
  auto first = listed(5);
  rig.personalize_one(first);
  REQUIRE(rig.orders.mark_issued(first, receipt()));
  CHECK(rig.orders.check_numbers(entry(kOther, "P00000025")).error().error == LedgerError::patent_number_used);
  CHECK(rig.orders.check_numbers(entry(kOther)).error().error == LedgerError::card_number_used);
  CHECK(rig.orders.check_numbers(entry(kOther)).error().by_order == kId);
  auto second = listed(6);
  second.order_id = kOther;
  second.type = OrderType::duplicate;
  second.previous_card_number = "P00000017";
  second.patent.card_number = "P00000025";
  second.patent.blank_number = "PR1234568";
  rig.personalize_one(second);
  REQUIRE(rig.orders.mark_issued(second, receipt(kOther)));
  CHECK(rig.books.statuses.newest_status("P00000017").value()->state == patent::State::replaced);
}

TEST_CASE("A blank that is not to be had binds no chip") {
  Rig rig;
  REQUIRE(rig.orders.prepare(entry(), form()));
  CHECK(rig.orders.begin_writing(kId, kChip).error().error == LedgerError::blank_unknown);
  CHECK(rig.state() == OrderState::prepared);
  rig.books.receive_blank("PR1234567", std::string(kOtherChip));
  CHECK(rig.orders.begin_writing(kId, kChip).error().error == LedgerError::blank_of_another_chip);
  CHECK(rig.state() == OrderState::prepared);
  CHECK_FALSE(*rig.orders.find_by_chip(kChip));
}

TEST_CASE("A voided order takes its blank with it, and no chip is two orders' at a time") {
  Rig rig;
  rig.books.receive_blank();
  rig.books.receive_blank("PR1234568");
  REQUIRE(rig.orders.prepare(entry(), form()));
  REQUIRE(rig.orders.begin_writing(kId, kChip));
  REQUIRE(rig.orders.prepare(entry(kOther, "P00000025", "772600123457", "PR1234568"), form()));
  CHECK_FALSE(rig.orders.begin_writing(kOther, kChip));
  CHECK(rig.blank("PR1234568") == BlankState::in_stock);
  REQUIRE(rig.orders.void_order(kId, "chip is dead"));
  CHECK(rig.state() == OrderState::voided);
  CHECK(rig.blank() == BlankState::rejected);
  CHECK_FALSE(*rig.orders.print_form(kId));
  CHECK(rig.orders.find(kId).value()->void_reason == "chip is dead");
  CHECK(rig.orders.prepare(entry(), form()).error().error == LedgerError::wrong_state);
  CHECK(rig.orders.check_numbers(entry(kOther, "P00000017")).error().error == LedgerError::card_number_used);
  CHECK(rig.orders.check_numbers(entry(kOther, "P00000033")));  // its patent's number is free
}

TEST_CASE("An order is prepared again for another blank, under the same text only") {
  Rig rig;
  REQUIRE(rig.orders.prepare(entry(), form()));
  REQUIRE(rig.orders.prepare(entry(kId, "P00000017", "772600123456", "PR1234568"), form()));
  CHECK(rig.orders.find(kId).value()->blank_number == "PR1234568");
  auto changed = entry();
  changed.order_sha256 = "CD";
  CHECK(rig.orders.prepare(changed, form()).error().error == LedgerError::wrong_state);
}

TEST_CASE("What another station has claimed is begun by nobody else") {
  Rig rig;
  rig.books.receive_blank();
  REQUIRE(rig.books.queue.submit({kId, "AB", "", "{}"}, rig.books.now) == Submission::entered);
  CHECK_FALSE(*rig.orders.find(kId));  // it only waits
  CHECK(rig.state() == OrderState::received);
  REQUIRE(rig.orders.prepare(entry(), form()));
  Books other(rig.place.open(), "station-2");
  REQUIRE(*other.queue.claim("station-2", 60s, other.now));
  CHECK(rig.orders.begin_writing(kId, kChip).error().error == LedgerError::wrong_state);
  CHECK(rig.orders.void_order(kId, "no").error().error == LedgerError::wrong_state);
  REQUIRE(other.orders.begin_writing(kId, kChip));
  CHECK_FALSE(*other.queue.claim("station-2", 60s, other.now));  // bound to a chip: not given away
}

TEST_CASE("A received order can be voided, and is never begun afterwards") {
  Rig rig;
  REQUIRE(rig.books.queue.submit({kId, "AB", "", "{}"}, rig.books.now) == Submission::entered);
  REQUIRE(rig.orders.void_order(kId, "withdrawn"));
  CHECK(rig.orders.find(kId).value()->state == OrderState::voided);
  CHECK_FALSE(*rig.books.queue.claim("station-1", 60s, rig.books.now));
  CHECK(rig.orders.prepare(entry(), form()).error().error == LedgerError::wrong_state);
}

TEST_CASE("Orders are listed page by page, as they came") {
  Rig rig;
  const std::vector<std::string> ids{kId, std::string(kOther), "0b9cbd3e-7e0e-4a7e-9d7a-000000000001"};
  for (const auto& id : ids) REQUIRE(rig.books.queue.submit({id, "AB", "", "{}"}, rig.books.now));
  std::vector<std::string> listed;
  for (auto page = rig.orders.list({}, 2).value(); !page.empty();
       page = rig.orders.list(page.back().order_id, 2).value()) {
    CHECK(page.size() <= 2);
    for (const auto& entry : page) listed.push_back(entry.order_id);
  }
  CHECK(listed == ids);
}

TEST_CASE("Announced steps stand in the ledger once they are settled") {
  Rig rig;
  REQUIRE(rig.orders.prepare(entry(), form()));
  rig.orders.announce_step(kId, {1, "PUT KEY"});
  rig.orders.announce_step(kId, {2, "INSTALL"});
  CHECK(rig.books.count("order_step") == 0);
  REQUIRE(rig.orders.settle_steps(kId));
  REQUIRE(rig.orders.settle_steps(kId));
  CHECK(rig.books.count("order_step") == 2);
  rig.orders.announce_step(kOther, {1, "of no order"});
  CHECK_FALSE(rig.orders.settle_steps(kOther));
}

TEST_CASE("Each change of a card's fate has its line in the audit chain") {
  Rig rig;
  rig.personalize_one();
  REQUIRE(rig.orders.mark_issued(sample::order(), receipt()));
  const auto rows = rig.books.database->query("SELECT line FROM audit_line ORDER BY number");
  std::string lines;
  while (rows->next()) lines += rows->text(0) + '\n';
  CHECK(lines.find("card_begun") != std::string::npos);
  CHECK(lines.find("card_issued") != std::string::npos);
  CHECK(lines.find("receipt_sha256") != std::string::npos);
  for (const auto personal : {"123456\"", "Шарипов", "SHARIPOV", "775123456798"})
    CHECK(lines.find(personal) == std::string::npos);
}

TEST_CASE("Personal data are erased when their time is over; numbers, steps and receipts stay") {
  Rig rig;
  REQUIRE(rig.books.queue.submit({kId, "AB", "", "{}"}, rig.books.now) == Submission::entered);
  rig.personalize_one();
  REQUIRE(rig.orders.mark_issued(sample::order(), receipt()));
  CHECK(rig.orders.erase_personal_data(rig.books.now)->orders == 0);  // not before it ended
  CHECK(rig.orders.erase_personal_data(rig.books.now + 1s)->orders == 1);
  CHECK(rig.books.count("order_content") == 0);
  CHECK(rig.orders.receipt(kId) == to_json(receipt()));
  CHECK_FALSE(*rig.books.queue.document(kId));
  CHECK(rig.orders.find(kId).value()->card_number == "P00000017");
  CHECK(rig.orders.erase_personal_data(rig.books.now + 1s)->orders == 0);
}

TEST_CASE("What a file's ledger erased stands in none of its files, or is told to") {
  const sample::LedgerPlace place(Engine::sqlite);
  Books books(place.open());
  const std::string text(100'000, 'x');  // of many pages
  REQUIRE(books.queue.submit({kId, "AB", "", text}, books.now) == Submission::entered);
  const auto sealed = [&] {
    const auto row = books.database->query("SELECT content FROM order_content");
    REQUIRE(row->next());
    return row->octets(0);
  }();
  const auto is_on_disk = [&] {
    for (const auto* const end : {"", "-wal"}) {
      std::ifstream in(place.where() + end, std::ios::binary);
      const crypto::Bytes file{std::istreambuf_iterator<char>(in), {}};
      for (std::size_t i = 0; i + 32 < sealed.size(); i += 512) {
        const auto* const part = sealed.data() + i;
        if (std::search(file.begin(), file.end(), part, part + 32) != file.end()) return true;
      }
    }
    return false;
  };
  REQUIRE(is_on_disk());
  REQUIRE(books.orders.void_order(kId, "withdrawn"));
  books.now += 1s;
  const auto reader = place.open();
  REQUIRE(reader->snapshot([&]() -> Logged<void> {
    CHECK(reader->query("SELECT 1 FROM orders")->next());
    Books hasty(place.open({50ms}));
    const auto erased = hasty.orders.erase_personal_data(books.now);
    CHECK(erased->orders == 1);
    CHECK(erased->log_remains);
    return {};
  }));
  CHECK(is_on_disk());
  const auto again = books.orders.erase_personal_data(books.now);
  CHECK(again->orders == 0);
  CHECK_FALSE(again->log_remains);
  CHECK_FALSE(is_on_disk());
}
