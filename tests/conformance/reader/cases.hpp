// SPDX-License-Identifier: Apache-2.0
// Owns the list of cases against the inspection library (BSI TR-03105 Part 5.1, and chips that lie in other ways).
#pragma once

#include <vector>

#include "tests/conformance/kit/case.hpp"

namespace conformance {

[[nodiscard]] std::vector<Case> reader_cases();

}  // namespace conformance
