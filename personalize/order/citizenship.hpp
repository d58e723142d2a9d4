// SPDX-License-Identifier: Apache-2.0
// Owns the dated table of states whose citizens work under a patent (115-FZ art. 13 and 13.3; EAEU treaty art. 97).
#pragma once

#include <string_view>

#include "card/patent/patent.hpp"

namespace personalize {

// Whether a citizen of this state (ISO 3166-1 alpha-3) takes a patent on this date: visa-free, and not free to work
// anyway.
bool takes_patent(std::string_view citizenship, patent::Date on);

}  // namespace personalize
