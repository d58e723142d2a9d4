// SPDX-License-Identifier: Apache-2.0
// Owns the guard between strangers' text and a terminal, by the name that it has in reports.
#pragma once

#include "crypto/terminal_text.hpp"

namespace reader {
using crypto::shown;
}
