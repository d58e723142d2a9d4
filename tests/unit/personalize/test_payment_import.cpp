// SPDX-License-Identifier: Apache-2.0
// The ledger cases of docs/domain.md: from a line of a statement to the months of a patent.
#include "personalize/status/payment_import.hpp"

#include <algorithm>
#include <sstream>
#include <streambuf>

#include "card/patent/paid_period.hpp"
#include "card/patent/text.hpp"
#include "personalize/status/settlement.hpp"
#include "personalize/status/transitions.hpp"
#include "tests/unit/personalize/ledger_sample.hpp"

using namespace personalize;
using namespace std::chrono_literals;
using patent::Date;
using patent::State;

namespace {

const std::string kInn = "775123456798", kOtherInn = "774301234500", kWrongInn = "775123456799";
constexpr auto kIssued = 2021y / 4 / 22;
constexpr auto kToday = 2022y / 6 / 1;
constexpr std::int64_t kRouble = 100, kPrice = 5341 * kRouble;

std::chrono::sys_seconds noon(Date day) { return std::chrono::sys_days(day) + 9h; }

struct Paid {
  Date on{};
  std::int64_t kopecks = kPrice;
  std::string inn = kInn;
  std::string oktmo = "45382000";
  std::string kbk = std::string(kPatentKbk);
};

class Rig {
public:
  Rig() : ledger_(StatusBook::open(folder_ / "ledger", MissingDatabase::make, sample::personal_data()).value()) {}

  void issue(std::string_view card_number, Date day, std::string_view patent_number = "772100123456",
             std::string_view inn = kInn) {
    auto card = sample::ledger_card(card_number, ++cards_);
    card.issue_date = day;
    card.patent_number = patent_number;
    auto first = sample::first_record(card);
    first.months_paid = 0;  // all the money comes by statements
    first.as_of = noon(day);
    REQUIRE(ledger_->enter(card, inn, first));
  }
  void change(std::string_view card_number, State state, std::uint8_t months) {
    const auto newest = ledger_->newest_status(card_number).value().value();
    REQUIRE(ledger_->add_status(follow(newest, {state, 0, months, newest.as_of + 1h}).value()));
  }
  // A file of these, each with a UIN of its own.
  std::string file(const std::vector<Paid>& payments) {
    std::string text = "uin;payer_inn;kbk;oktmo;sum_kopecks;paid_on;known_on\n";
    for (const auto& p : payments) {
      const auto day = patent::iso_date(p.on);
      text += uin(++payments_) + ';' + p.inn + ';' + p.kbk + ';' + p.oktmo + ';' + std::to_string(p.kopecks) + ';' +
              day + ';' + day + '\n';
    }
    return text;
  }
  static std::string uin(int number) { return "1880000000000" + std::to_string(1'000'000 + number); }

  Import import(const std::string& text, ImportOptions options = {.today = kToday}) {
    std::istringstream in(text);
    return import(in, options);
  }
  Import import(std::istream& in, ImportOptions options) {
    const auto done = import_payments(*ledger_, in, options);
    REQUIRE(done);
    return *done;
  }
  Import import(const std::vector<Paid>& payments) { return import(file(payments)); }
  Unmatched reason_of(const Paid& payment) {
    const auto before = ledger_->unmatched()->size();
    import({payment});
    const auto left = ledger_->payment(uin(payments_))->value();
    CHECK(ledger_->unmatched()->size() == before + (left.card_number.empty() ? 1 : 0));
    return left.reason;
  }
  std::string card_of(const Paid& payment) {
    import({payment});
    return ledger_->payment(uin(payments_))->value().card_number;
  }
  unsigned months(std::string_view card_number = "P00000017") {
    REQUIRE(settle_accounts(*ledger_, patent::shipped_regions(), noon(kToday)));
    return ledger_->newest_status(card_number)->value().months_paid;
  }
  StatusLedger& ledger() { return *ledger_; }
  [[nodiscard]] std::string last_uin() const { return uin(payments_); }

private:
  TemporaryFolder folder_;
  std::unique_ptr<StatusLedger> ledger_;
  std::uint32_t cards_ = 0;
  int payments_ = 0;
};

}  // namespace

TEST_CASE("what is paid becomes the months of the law", "[payments]") {
  struct Case {
    const char* what;
    Date issued;
    std::vector<Paid> paid;
    unsigned months;
    std::optional<Date> until;
  };
  const Case cases[]{
      {"nothing", kIssued, {}, 0, {}},
      {"early", kIssued, {{kIssued}, {2021y / 5 / 10}}, 2, 2021y / 6 / 21},
      {"in time", kIssued, {{kIssued}, {2021y / 5 / 21}}, 2, 2021y / 6 / 21},
      {"late", kIssued, {{kIssued}, {2021y / 5 / 22}}, 1, 2021y / 5 / 21},
      {"late, and again", kIssued, {{kIssued}, {2021y / 5 / 22}, {2021y / 6 / 1, 5 * kPrice}}, 1, 2021y / 5 / 21},
      {"before the issue", kIssued, {{2021y / 4 / 1}}, 1, 2021y / 5 / 21},
      {"three months at once", kIssued, {{kIssued, 3 * kPrice}}, 3, 2021y / 7 / 21},
      {"a part", kIssued, {{kIssued, 7000 * kRouble}}, 1, 2021y / 5 / 21},
      {"a part and its rest",
       kIssued,
       {{kIssued, 7000 * kRouble}, {2021y / 5 / 21, 3682 * kRouble}},
       2,
       2021y / 6 / 21},
      {"one kopeck short",
       kIssued,
       {{kIssued, 7000 * kRouble}, {2021y / 5 / 21, 3682 * kRouble - 1}},
       1,
       2021y / 5 / 21},
      {"the rest too late", kIssued, {{kIssued, 7000 * kRouble}, {2021y / 5 / 22, 3682 * kRouble}}, 1, 2021y / 5 / 21},
      {"fourteen months", kIssued, {{kIssued, 14 * kPrice}}, 12, 2022y / 4 / 21},
      {"before the price rises", 2021y / 12 / 10, {{2021y / 12 / 10, 2 * kPrice}}, 2, 2022y / 2 / 9},
      {"the old price after it", 2021y / 12 / 10, {{2021y / 12 / 10}, {2022y / 1 / 5}}, 1, 2022y / 1 / 9},
      {"the new price after it",
       2021y / 12 / 10,
       {{2021y / 12 / 10}, {2022y / 1 / 5, 5900 * kRouble}},
       2,
       2022y / 2 / 9},
      {"the difference later",
       2021y / 12 / 10,
       {{2021y / 12 / 10}, {2022y / 1 / 5}, {2022y / 1 / 9, 559 * kRouble}},
       2,
       2022y / 2 / 9},
      {"after the price fell", 2020y / 12 / 10, {{2020y / 12 / 10, 5350 * kRouble}, {2021y / 1 / 5}}, 2, 2021y / 2 / 9},
      {"another region's", kIssued, {{kIssued}, {2021y / 5 / 10, kPrice, kInn, "46000000"}}, 1, 2021y / 5 / 21},
      {"not in the order of payment", kIssued, {{2021y / 5 / 21}, {kIssued}}, 2, 2021y / 6 / 21},
  };
  for (const auto& c : cases) {
    INFO(c.what);
    Rig rig;
    rig.issue("P00000017", c.issued);
    CHECK(rig.import(c.paid).end == ImportEnd::entered);
    const auto months = rig.months();
    CHECK(months == c.months);
    CHECK(patent::paid_until(c.issued, months, patent::PaidPeriodPolicy::inclusive_month_end) == c.until);
  }
}

TEST_CASE("statements that come one by one say the same", "[payments]") {
  Rig rig;
  rig.issue("P00000017", kIssued);
  rig.import({{kIssued}});
  CHECK(rig.months() == 1);
  rig.import({{2021y / 5 / 21}});
  CHECK(rig.months() == 2);
  rig.import({{2021y / 6 / 30}});
  CHECK(rig.months() == 2);
}

TEST_CASE("a payment that is nobody's waits with its reason", "[payments]") {
  Rig rig;
  rig.issue("P00000017", kIssued);
  CHECK(rig.reason_of({2021y / 5 / 10, kPrice, kWrongInn}) == Unmatched::unknown_inn);
  CHECK(rig.reason_of({2021y / 5 / 10, kPrice, kInn, "46000000"}) == Unmatched::wrong_oktmo);
  CHECK(rig.reason_of({2021y / 5 / 10, kPrice, kInn, "45000000", "18210102010011000110"}) == Unmatched::wrong_kbk);
  CHECK(rig.reason_of({2022y / 4 / 22}) == Unmatched::no_live_patent);
  CHECK(rig.reason_of({2021y / 1 / 21}) == Unmatched::no_live_patent);
  CHECK(rig.reason_of({2021y / 1 / 22}) == Unmatched::none);
  CHECK(rig.reason_of({2022y / 4 / 21}) == Unmatched::none);
  rig.issue("P00000018", 2021y / 6 / 1, "772100123457");
  CHECK(rig.reason_of({2021y / 6 / 10}) == Unmatched::ambiguous);
  for (const auto reason : {Unmatched::unknown_inn, Unmatched::wrong_oktmo, Unmatched::wrong_kbk,
                            Unmatched::no_live_patent, Unmatched::ambiguous, Unmatched::none})
    CHECK_FALSE(name_of(reason).empty());
}

TEST_CASE("of several patents, one that can take a month is meant", "[payments]") {
  Rig rig;
  rig.issue("P00000017", kIssued);
  rig.issue("P00000018", kIssued);  // its duplicate
  rig.change("P00000017", State::replaced, 1);
  CHECK(rig.card_of({2021y / 5 / 10}) == "P00000018");
  rig.change("P00000018", State::valid, 12);
  CHECK(rig.card_of({2022y / 3 / 1}) == "");  // two cards, and none can take it
  rig.issue("P00000019", 2022y / 4 / 15, "772200123456");
  CHECK(rig.card_of({2022y / 4 / 10}) == "P00000019");  // before the new one's issue
  CHECK(rig.card_of({2022y / 4 / 20}) == "P00000019");
  CHECK(rig.card_of({2022y / 4 / 30}) == "P00000019");
}

TEST_CASE("a file is entered once, however often it comes", "[payments]") {
  Rig rig;
  rig.issue("P00000017", kIssued);
  const auto text = rig.file({{kIssued}, {2021y / 5 / 10}, {2021y / 5 / 10, kPrice, kWrongInn}});
  const auto first = rig.import(text);
  CHECK(first.matched == 2);
  CHECK(first.unmatched[static_cast<std::size_t>(Unmatched::unknown_inn)] == 1);
  CHECK(first.repeated == 0);
  const auto again = rig.import(text);
  CHECK(again.end == ImportEnd::entered);
  CHECK(again.matched == 0);
  CHECK(again.repeated == 3);
  CHECK(rig.ledger().payments_of("P00000017")->size() == 2);

  auto other = text;
  other.replace(other.find("534100"), 6, "534101");
  const auto conflict = rig.import(other);
  CHECK(conflict.end == ImportEnd::refused);
  REQUIRE(conflict.faults.count() == 1);
  CHECK(conflict.faults.kept().front() == PaymentFileFault{PaymentFault::uin_twice, 2, "uin"});
  CHECK(rig.ledger().payments_of("P00000017")->front().line.kopecks == kPrice);
}

TEST_CASE("one bad line keeps a file out, unless it may be passed over", "[payments]") {
  Rig rig;
  rig.issue("P00000017", kIssued);
  auto text = rig.file({{kIssued}, {2021y / 5 / 10}});
  text += "nonsense\n";
  const auto refused = rig.import(text);
  CHECK(refused.end == ImportEnd::refused);
  CHECK(refused.faults.count() == 1);
  CHECK(rig.ledger().payments_of("P00000017")->empty());
  const auto skipped = rig.import(text, {.today = kToday, .skip_bad = true});
  CHECK(skipped.end == ImportEnd::entered);
  CHECK(skipped.matched == 2);
  CHECK(skipped.faults.count() == 1);
  CHECK(rig.ledger().payments_of("P00000017")->size() == 2);
}

TEST_CASE("a file that cannot be read to its end leaves nothing", "[payments]") {
  class TornDisk : public std::streambuf {
  public:
    explicit TornDisk(std::string_view text) : text_(text) {}

  private:
    std::streamsize xsgetn(char* out, std::streamsize count) override {
      if (std::ssize(text_) < count) throw std::ios_base::failure("torn");
      std::ranges::copy(text_.substr(0, static_cast<std::size_t>(count)), out);
      text_.remove_prefix(static_cast<std::size_t>(count));
      return count;
    }
    std::string_view text_;
  };
  Rig rig;
  const auto text = rig.file(std::vector<Paid>(4000, {kIssued}));  // more than is read at once
  TornDisk disk(text);
  std::istream in(&disk);
  const auto torn = rig.import(in, {.today = kToday, .skip_bad = true});
  CHECK(torn.end == ImportEnd::refused);
  CHECK(rig.ledger().unmatched()->empty());
  CHECK(rig.import(text).repeated == 0);
}

TEST_CASE("an import that is stopped leaves nothing", "[payments]") {
  Rig rig;
  rig.issue("P00000017", kIssued);
  const auto text = rig.file(std::vector<Paid>(2500, Paid{kIssued}));
  std::uint64_t octets = 0;
  const auto stop_at = [&octets](int looks) {
    return [&octets, looks](std::uint64_t read) mutable {
      octets = read;
      return --looks > 0;
    };
  };
  for (const int looks : {1, 2, 3}) {
    CHECK(rig.import(text, {.today = kToday, .go_on = stop_at(looks)}).end == ImportEnd::stopped);
    CHECK(rig.ledger().payments_of("P00000017")->empty());
  }
  CHECK(octets == text.size());
  CHECK(rig.import(text, {.today = kToday, .go_on = stop_at(4)}).matched == 2500);
}

TEST_CASE("a mis-keyed INN is put right within thirty days", "[payments]") {
  Rig rig;
  rig.issue("P00000017", kIssued);
  rig.issue("P00000018", kIssued, "772100123457", kOtherInn);
  rig.import({{kIssued}});
  rig.import({{2021y / 5 / 21, kPrice, kWrongInn}});
  const auto uin = rig.last_uin();
  CHECK(rig.months() == 1);

  const auto refusal = [&](std::string_view of, std::string_view inn, Date day, std::string_view card = {}) {
    const auto done = correct_payment(rig.ledger(), of, inn, card, day);
    REQUIRE_FALSE(done);
    REQUIRE(std::holds_alternative<CorrectionRefused>(done.error()));
    return std::get<CorrectionRefused>(done.error());
  };
  CHECK(refusal(Rig::uin(999), kInn, 2021y / 6 / 1).why == CorrectionRefusal::unknown_payment);
  CHECK(refusal(uin, kWrongInn, 2021y / 6 / 1).why == CorrectionRefusal::bad_inn);
  CHECK(refusal(uin, "500100732259", 2021y / 6 / 1).reason == Unmatched::unknown_inn);
  CHECK(refusal(uin, kInn, 2021y / 6 / 1, "P00000018").reason == Unmatched::unknown_inn);
  const auto late = refusal(uin, kInn, 2021y / 6 / 21);
  CHECK(late.why == CorrectionRefusal::too_late);
  CHECK(late.last_day == Date(2021y / 6 / 20));

  // Known before the patent lapsed and corrected after it: the bank's date decides.
  CHECK(correct_payment(rig.ledger(), uin, kInn, {}, 2021y / 6 / 20) == std::string("P00000017"));
  CHECK(rig.months() == 2);
  CHECK(rig.ledger().unmatched()->empty());
  const auto again = refusal(uin, kOtherInn, 2021y / 6 / 20);
  CHECK(again.why == CorrectionRefusal::matched_already);
  CHECK(again.card_number == "P00000017");
}

TEST_CASE("where two patents run, the correction names the card", "[payments]") {
  Rig rig;
  rig.issue("P00000017", kIssued);
  rig.issue("P00000018", 2021y / 6 / 1, "772100123457");
  CHECK(rig.reason_of({2021y / 6 / 10}) == Unmatched::ambiguous);
  CHECK(correct_payment(rig.ledger(), rig.last_uin(), kInn, "P00000018", 2021y / 6 / 20) == std::string("P00000018"));
}

TEST_CASE("a payment under another holder's INN is taken back", "[payments]") {
  Rig rig;
  rig.issue("P00000017", kIssued);
  rig.issue("P00000018", kIssued, "772100123457", kOtherInn);
  rig.import({{kIssued}, {kIssued, kPrice, kOtherInn}});
  rig.import({{2021y / 5 / 21, kPrice, kOtherInn}});  // paid by the first
  const auto uin = rig.last_uin();
  CHECK(rig.months("P00000018") == 2);

  const auto refusal = [&](std::string_view of, Date day) {
    const auto done = release_payment(rig.ledger(), of, day);
    REQUIRE_FALSE(done);
    return std::get<CorrectionRefused>(done.error()).why;
  };
  CHECK(refusal(Rig::uin(999), 2021y / 6 / 1) == CorrectionRefusal::unknown_payment);
  CHECK(refusal(uin, 2021y / 6 / 21) == CorrectionRefusal::too_late);
  CHECK(release_payment(rig.ledger(), uin, 2021y / 6 / 20) == std::string("P00000018"));
  CHECK(refusal(uin, 2021y / 6 / 20) == CorrectionRefusal::nobodys);
  CHECK(rig.ledger().unmatched()->front().reason == Unmatched::released);

  // The day of payment decides for its payer; what was published of the other stays, and is reckoned without it.
  CHECK(correct_payment(rig.ledger(), uin, kInn, {}, 2021y / 6 / 20) == std::string("P00000017"));
  CHECK(rig.months("P00000017") == 2);
  rig.import({{2021y / 5 / 20, kPrice, kOtherInn}});
  CHECK(rig.months("P00000018") == 2);
  rig.import({{2021y / 6 / 21, kPrice, kOtherInn}});
  CHECK(rig.months("P00000018") == 3);
}
