// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/tables.hpp"

namespace simulator {

std::vector<LeftOut> left_out() { return {}; }

}  // namespace simulator
