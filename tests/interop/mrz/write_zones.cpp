// SPDX-License-Identifier: Apache-2.0
// Writes machine readable zones of random patents, and of long numbers, with the fields that a reader must find.
#include <json/json.h>

#include <cstdlib>
#include <iostream>

#include "card/patent/mrz.hpp"
#include "tests/unit/patent/random_patent.hpp"

namespace {

Json::Value row(const patent::Mrz& mrz) {
  const auto lines = patent::encode_td1(mrz);
  if (!lines) return {};
  const auto read = patent::decode_td1((*lines)[0] + (*lines)[1] + (*lines)[2]);
  const auto& number = mrz.document_number;
  Json::Value row;
  for (const auto& line : *lines) row["lines"].append(line);
  row["number"] = number;
  // The package shows a long number's rest and check digit as optional data too.
  row["optional1"] = number.size() > 9 ? number.substr(9) + *patent::check_digit(number) : mrz.optional1;
  row["code"] = mrz.document_code;
  row["issuer"] = mrz.issuer;
  row["birth"] = mrz.birth_date;
  row["sex"] = std::string(1, mrz.sex);
  row["expiry"] = mrz.expiry_date;
  row["nationality"] = mrz.nationality;
  row["optional2"] = mrz.optional2;
  row["primary"] = read ? read->primary : "our own reader refused it";
  row["secondary"] = read ? read->secondary : "";
  return row;
}

}  // namespace

int main() {
  const auto* const given = std::getenv("PATENT_TEST_SEED");
  const auto seed = static_cast<std::uint32_t>(given ? std::stoul(given) : std::random_device{}());
  Random random(seed);
  Json::Value root;
  root["seed"] = seed;
  for (int i = 0; i < 3000; ++i) {
    auto mrz = patent::mrz_of(random_patent(random), random.one_in(2) ? "IW" : "AR");
    if (random.one_in(4)) {
      mrz.document_number = mrz.optional1;  // form B: the patent's own twelve digits
      mrz.optional1.clear();
    }
    root["rows"].append(row(mrz));
  }
  std::cout << root << "\n";
}
