// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/payment_file.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

using namespace personalize;
using namespace std::chrono_literals;

namespace {

constexpr auto kToday = 2021y / 6 / 1;
const std::string kHeader = "uin;payer_inn;kbk;oktmo;sum_kopecks;paid_on;known_on\n";
const std::string kGood =
    "18800000000000000017;775123456798;18210102040011000110;45382000;534100;2021-05-10;2021-05-12";

struct Read {
  std::vector<PaymentLine> lines;
  std::vector<std::uint64_t> numbers;
  PaymentFaults faults;
};
Read read(const std::string& text) {
  Read all;
  std::istringstream in(text);
  PaymentFile file(in, kToday, all.faults);
  for (PaymentLine line; file.next(line);) {
    all.lines.push_back(line);
    all.numbers.push_back(file.line_number());
  }
  return all;
}

using Fault = std::tuple<std::uint64_t, std::string, std::string>;  // line, column, name
std::vector<Fault> faults(const std::string& text) {
  std::vector<Fault> all;
  const auto found = read(text);
  for (const auto& f : found.faults.kept()) all.emplace_back(f.line, f.column, text_of(f.fault).name);
  CHECK(found.faults.count() == all.size());
  return all;
}

const PaymentLine kPayment{"18800000000000000017", "775123456798", "18210102040011000110", "45382000", 534100,
                           2021y / 5 / 10,         2021y / 5 / 12};

std::string json(std::string_view sum = "534100", std::string_view uin = "\"18800000000000000017\"") {
  return "{\"uin\": " + std::string(uin) + ", \"payer_inn\": \"775123456798\", \"kbk\": \"18210102040011000110\", " +
         "\"oktmo\": \"45382000\", \"sum_kopecks\": " + std::string(sum) +
         ", \"paid_on\": \"2021-05-10\", \"known_on\": \"2021-05-12\"}";
}

}  // namespace

TEST_CASE("a payment reads alike out of every form") {
  const auto text = GENERATE(values<std::string>({
      kHeader + kGood,
      kHeader + kGood + "\n\n",
      "\xEF\xBB\xBF" + kHeader + kGood,
      "uin;payer_inn;kbk;oktmo;sum_kopecks;paid_on;known_on\r\n" + kGood + "\r\n",
      "uin,payer_inn,kbk,oktmo,sum_kopecks,paid_on,known_on\n"
      "18800000000000000017,775123456798,18210102040011000110,45382000,534100,2021-05-10,2021-05-12\n",
      "known_on;плательщик;uin;sum_kopecks;kbk;\"payer_inn\";oktmo;paid_on\n"
      "2021-05-12;\"Ш. \"\"Ф\"\"; сам\";18800000000000000017;\"534100\";18210102040011000110;775123456798;"
      "\"45382000\";2021-05-10",
      json(),
      "\n " + json() + "\n\n",
      "[" + json() + "]",
      "\xEF\xBB\xBF[\n  " + json() + "\n]\n",
  }));
  INFO(text);
  const auto all = read(text);
  CHECK(all.faults.count() == 0);
  REQUIRE(all.lines.size() == 1);
  CHECK(all.lines.front() == kPayment);
}

TEST_CASE("every fault is named with its line and column, all at once") {
  CHECK(faults(kHeader + "1;2;3;4;5;6;7\n" + kGood + "\n" + kGood + ";\n\"" + kGood + "\n\xFF" + kGood) ==
        std::vector<Fault>{{2, "uin", "bad_uin"},
                           {2, "payer_inn", "bad_inn"},
                           {2, "kbk", "bad_kbk"},
                           {2, "oktmo", "bad_oktmo"},
                           {2, "paid_on", "bad_date"},
                           {2, "known_on", "bad_date"},
                           {4, "", "fields"},
                           {5, "", "quotes"},
                           {6, "", "not_utf8"}});
  CHECK(read(kHeader + "1;2;3;4;5;6;7\n" + kGood + "\nx\n" + kGood + '\n').numbers == std::vector<std::uint64_t>{3, 5});
}

TEST_CASE("a value is of its form and no other") {
  struct Row {
    std::size_t column;
    const char* value;
    const char* fault;  // null: none
  };
  const Row rows[]{
      {0, "00000000000000000000", "bad_uin"},
      {0, "188000000000000000171", "bad_uin"},
      {0, "1880000000000000001712345", nullptr},
      {1, "775123456799", nullptr},  // keyed wrongly: to be corrected
      {1, "7707083893", nullptr},
      {1, "0", nullptr},
      {1, "00", "bad_inn"},
      {1, "77512345679X", "bad_inn"},
      {2, "1821010204001100011", "bad_kbk"},
      {3, "45382000000", nullptr},
      {3, "453820000", "bad_oktmo"},
      {4, "0", "bad_sum"},
      {4, "-534100", "bad_sum"},
      {4, "+534100", "bad_sum"},
      {4, "5341.00", "bad_sum"},
      {4, " 534100", "bad_sum"},
      {4, "1000000000000", nullptr},
      {4, "1000000000001", "bad_sum"},
      {4, "99999999999999999999999999", "bad_sum"},
      {5, "2021-02-29", "bad_date"},
      {5, "10.05.2021", "bad_date"},
      {5, "2021-5-10", "bad_date"},
      {5, "2021-05-13", "paid_after_known"},
      {6, "2021-06-01", nullptr},
      {6, "2021-06-02", "known_in_future"},
      {6, "", "bad_date"},
  };
  for (const auto& row : rows) {
    std::vector<std::string> values;
    std::istringstream good(kGood);
    for (std::string value; std::getline(good, value, ';');) values.push_back(value);
    values[row.column] = row.value;
    std::string line;
    for (const auto& value : values) line += value + ';';
    line.pop_back();
    INFO(line);
    const auto all = read(kHeader + line);
    CHECK(all.lines.size() == (row.fault == nullptr ? 1 : 0));
    REQUIRE(all.faults.count() == (row.fault == nullptr ? 0 : 1));
    if (row.fault != nullptr) CHECK(text_of(all.faults.kept().front().fault).name == row.fault);
  }
}

TEST_CASE("a CSV file names its columns, each once") {
  CHECK(faults("") == std::vector<Fault>{{1, "", "no_header"}});
  CHECK(faults(" \r\n\n") == std::vector<Fault>{{1, "", "no_header"}});
  CHECK(faults("uin;payer_inn;kbk;oktmo;sum;paid_on;known_on;uin\n" + kGood) ==
        std::vector<Fault>{{1, "uin", "column_twice"}, {1, "sum_kopecks", "column_missing"}});
  CHECK(faults(kGood + "\n").size() == 7);
  CHECK(faults(kHeader + "a\"b;2;3;4;5;6;7") == std::vector<Fault>{{2, "", "quotes"}});
  CHECK(faults(kHeader + "\"a\"b;2;3;4;5;6;7") == std::vector<Fault>{{2, "", "quotes"}});
  CHECK(read(kHeader).lines.empty());
}

TEST_CASE("JSON is strict, object by object") {
  CHECK(faults(json("534100.0")) == std::vector<Fault>{{1, "sum_kopecks", "bad_sum"}});
  CHECK(faults(json("\"534100\"")) == std::vector<Fault>{{1, "sum_kopecks", "bad_sum"}});
  CHECK(faults(json("534100", "18800000000000000017")) == std::vector<Fault>{{1, "uin", "bad_uin"}});
  CHECK(faults("{\"uin\": 1}").size() == 6);  // and all the columns that are not there
  CHECK(faults(json() + "\n{\n" + json()) == std::vector<Fault>{{2, "", "not_json"}});
  CHECK(faults(json() + " " + json()) == std::vector<Fault>{{1, "", "not_json"}});
  CHECK(faults("{\"uin\": \"1\", \"uin\": \"2\"}") == std::vector<Fault>{{1, "", "not_json"}});
  const auto two = read("[" + json() + ",\n" + json() + "]");
  CHECK(two.faults.count() == 0);
  CHECK(two.numbers == std::vector<std::uint64_t>{1, 2});
  const auto spread = read("[\n{\"a\": \"}\\\"{\",\n" + json().substr(1) + "\n,\n" + json() + "\n]");
  CHECK(spread.faults.count() == 0);
  CHECK(spread.numbers == std::vector<std::uint64_t>{2, 5});
  CHECK(faults("[]").empty());
  for (const auto& broken : std::vector<std::string>{"[", "[" + json(), "[" + json() + ",]", "[" + json() + "] x",
                                                     "[" + json() + json() + "]", "[1]", "[{", "[\"{}\"]", "[] []"}) {
    INFO(broken);
    const auto found = faults(broken);
    REQUIRE(found.size() == 1);
    CHECK(std::get<2>(found.front()) == "not_json");
  }
}

TEST_CASE("memory is bounded, whatever the file") {
  const std::string long_line(3 * 256 * 1024, '1');
  const auto all =
      read(kHeader + long_line + '\n' + kGood + '\n' + std::string(TextLines::kMaxLine + 1, ';') + '\n' + kGood);
  REQUIRE(all.faults.count() == 2);
  CHECK(all.faults.kept().front() == PaymentFileFault{PaymentFault::line_too_long, 2, {}});
  CHECK(all.faults.kept().back() == PaymentFileFault{PaymentFault::line_too_long, 4, {}});
  CHECK(all.numbers == std::vector<std::uint64_t>{3, 5});
  CHECK(faults("[{\"a\": \"" + long_line).size() <= 2);

  std::string many = kHeader;
  for (int i = 0; i < 1500; ++i) many += "x\n";
  const auto bad = read(many);
  CHECK(bad.faults.count() == 1500);
  CHECK(bad.faults.kept().size() == PaymentFaults::kKept);

  std::string large = kHeader;  // some buffers' worth
  for (int i = 0; i < 20'000; ++i) large += kGood + '\n';
  const auto sound = read(large);
  CHECK(sound.faults.count() == 0);
  CHECK(sound.lines.size() == 20'000);
  CHECK(sound.numbers.back() == 20'001);
}
