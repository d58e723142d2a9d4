// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <sstream>

#include "personalize/floor/delivery.hpp"
#include "tests/unit/personalize/ledger_sample.hpp"

namespace {

using namespace personalize;

Delivery read(const std::string& text) {
  std::istringstream in(text);
  return read_delivery(in, "D-1");
}

std::string findings(const Delivery& delivery) {
  std::string out;
  for (const auto& [fault, line, column] : delivery.findings)
    out += std::to_string(line) + ":" + column + ":" + std::string(text_of(fault).name) + " ";
  return out;
}

}  // namespace

TEST_CASE("A delivery is read from either separator, with or without chips", "[stock]") {
  const auto plain = read("number,product\nAB1234567,PATENT-V1\n\nAB1234568,PATENT-V1");
  CHECK(findings(plain).empty());
  REQUIRE(plain.lines.size() == 2);
  CHECK(plain.lines[1].number == 4);
  CHECK(plain.lines[1].blank.number == "AB1234568");
  CHECK(plain.lines[1].blank.delivery == "D-1");
  const auto chips = read("\xEF\xBB\xBF\"chip_serial\";number;product\r\n\"00112233445566aa\";AB1234567;PATENT-V1\r\n");
  CHECK(findings(chips).empty());
  REQUIRE(chips.lines.size() == 1);
  CHECK(crypto::from_hex(chips.lines[0].blank.chip_serial) == crypto::from_hex("00112233445566AA"));
}

TEST_CASE("All faults of a delivery are named at once, with their lines", "[stock]") {
  CHECK(findings(read("number,product,chip_serial\n"
                      "ab1234567,PATENT-V1,\n"
                      "AB1234567890123,two words,0011\n"
                      "AB1234567,PATENT-V1,0011223344556677\n"
                      "AB1234567,PATENT-V1,0011223344556677\n"
                      "AB1234568\n"
                      ",PATENT-V1,zz\n")) ==
        "2:number:bad_number 3:number:bad_number 3:product:bad_product 3:chip_serial:bad_chip_serial "
        "5:number:number_twice 5:chip_serial:chip_twice 6::fields 7:number:bad_number 7:chip_serial:bad_chip_serial ");
  CHECK(findings(read("")) == "0::no_header ");
  CHECK(findings(read("AB1234567,PATENT-V1\n")) == "1::no_header ");
  CHECK(findings(read("number,product,colour\n")) == "1:colour:column_unknown ");
  CHECK(findings(read("number,product," + std::string(41, 'x'))) == "1::column_unknown ");
  CHECK(findings(read("number;number;product\n")) == "1:number:column_twice ");
  CHECK(findings(read(std::string(kMaxDeliveryOctets + 1, 'A'))) == "1::too_large ");
}

TEST_CASE("A delivery is entered whole, or not at all", "[stock]") {
  const TemporaryFolder folder;
  auto database = open_database((folder / "ledger").string(), MissingDatabase::make);
  REQUIRE(database);
  AuditChain audit(**database, "station-1");
  Stock stock(**database, audit);
  const auto enter = [&](Delivery& delivery) {
    return enter_delivery(**database, stock, delivery, "Anna", sample::kEnteredAt);
  };
  auto first = read("number,product,chip_serial\nAB1,P,0000000000000001\nAB2,P,0000000000000002\n");
  CHECK(*enter(first) == 2);
  CHECK(*enter(first) == 0);  // once more, as after a crash

  auto clashing = read("number,product,chip_serial\nAB3,P,\nAB4,P,0000000000000001\nAB2,Q,\nAB5,P,\n");
  const auto refused = enter(clashing);
  REQUIRE(!refused);
  CHECK(refused.error().error == LedgerError::blank_used);
  CHECK(findings(clashing) == "3::known_otherwise 4::known_otherwise ");
  CHECK(stock.sums()->received == 2);
}
