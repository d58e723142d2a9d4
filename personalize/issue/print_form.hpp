// SPDX-License-Identifier: Apache-2.0
// Owns what the card printer gets: the fields of both faces, the machine readable zone and the CAN.
#pragma once

#include <json/value.h>

#include "card/patent/patent.hpp"
#include "crypto/secret.hpp"
#include "personalize/ledger/ledger.hpp"
#include "personalize/order/order.hpp"

namespace personalize {

// A patent's fields as JSON: dates in ISO 8601, absent values left out.
Json::Value to_json(const patent::Patent& patent);

// The printed dates are DD.MM.YYYY, as the form of Order 805 has them.
PrintForm print_form(const Order& order, const crypto::Secret& can, std::optional<SealPicture> seal = {});

}  // namespace personalize
