// SPDX-License-Identifier: Apache-2.0
// Owns the test report: text for people, JSON (kit/report.schema.json), JUnit XML for build servers.
#pragma once

#include <string>
#include <utility>

#include "crypto/certificate.hpp"
#include "tests/conformance/kit/run.hpp"

namespace conformance {

struct Report {
  std::string standard;                                    // what the cases were published in
  std::vector<std::pair<std::string, std::string>> facts;  // about the object under test: name, value
  crypto::Time begun{};
  std::size_t selected = 0;  // more than there are cases below when the run was stopped
  std::vector<CaseReport> cases;
};

[[nodiscard]] std::string to_text(const Report& report);
[[nodiscard]] std::string to_json(const Report& report);
[[nodiscard]] std::string to_junit(const Report& report);

}  // namespace conformance
