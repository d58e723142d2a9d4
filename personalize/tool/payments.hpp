// SPDX-License-Identifier: Apache-2.0
// Owns what the commands about payments share.
#pragma once

#include "card/patent/paid_period.hpp"
#include "personalize/tool/command.hpp"

namespace personalize::tool {

options::options_description payment_options(bool with_lang = true);
// In Moscow: banks and the treasury reckon in its days.
patent::Date today(const Arguments& arguments);

Exit run_payments_import(const Command& command, const Words& words);

}  // namespace personalize::tool
