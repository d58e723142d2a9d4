// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/cases.hpp"

#include <algorithm>

#include "tests/conformance/reader/tables.hpp"

namespace conformance {

std::vector<Case> reader_cases() {
  std::vector<Case> cases;
  for (const auto table :
       {simulator::application_rows, simulator::file_rows, simulator::chip_authenticity_rows, simulator::pace_rows,
        simulator::com_and_zone_rows, simulator::face_rows, simulator::security_info_rows,
        simulator::security_object_rows, simulator::signer_rows, simulator::terminal_rows, simulator::passport_rows,
        simulator::lying_chip_rows, simulator::lying_issuer_rows})
    for (auto& row : table()) cases.push_back(simulator::to_case(std::move(row)));
  cases.push_back(simulator::ephemeral_keys_case());
  for (const auto& one : simulator::left_out()) cases.push_back(simulator::to_case(one));
  std::ranges::sort(cases, {}, &Case::id);
  return cases;
}

}  // namespace conformance
