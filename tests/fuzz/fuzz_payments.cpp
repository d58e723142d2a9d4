// SPDX-License-Identifier: Apache-2.0
// Payment files, CSV and JSON: whatever the octets, memory is bounded, each payment given is sound, and reading it
// again in its plainest form gives it back.
#include <cstdlib>
#include <sstream>

#include "card/patent/text.hpp"
#include "personalize/status/payment_file.hpp"

namespace {

using namespace personalize;

constexpr patent::Date kToday = std::chrono::year(2026) / 11 / 22;
constexpr std::string_view kHeader = "uin,payer_inn,kbk,oktmo,sum_kopecks,paid_on,known_on\n";

void require(bool held) {
  if (!held) std::abort();
}

std::string written(const PaymentLine& line) {
  return line.uin + ',' + line.payer_inn + ',' + line.kbk + ',' + line.oktmo + ',' + std::to_string(line.kopecks) +
         ',' + patent::iso_date(line.paid_on) + ',' + patent::iso_date(line.known_on) + '\n';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  PaymentFaults faults;
  PaymentFile file(in, kToday, faults);
  std::string again(kHeader);
  std::uint64_t read = 0, last_line = 0;
  for (PaymentLine line; file.next(line); ++read) {
    require(is_uin(line.uin) && line.kopecks > 0 && line.paid_on.ok() && line.paid_on <= line.known_on &&
            line.known_on <= kToday && file.line_number() >= last_line);
    last_line = file.line_number();
    again += written(line);
  }
  require(faults.kept().size() <= PaymentFaults::kKept && faults.kept().size() <= faults.count());

  std::istringstream plain(again);
  PaymentFaults none;
  PaymentFile second(plain, kToday, none);
  for (PaymentLine line; second.next(line);) --read;
  require(read == 0 && none.count() == 0);
  return 0;
}
