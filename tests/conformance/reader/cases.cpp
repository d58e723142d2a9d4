// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/cases.hpp"

namespace conformance {

std::vector<Case> reader_cases() { return {}; }

}  // namespace conformance
