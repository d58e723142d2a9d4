// SPDX-License-Identifier: Apache-2.0
// Owns a print form as one text, as it lies encrypted in the ledger.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/secret.hpp"
#include "personalize/ledger/ledger.hpp"

namespace personalize {

std::string to_text(const PrintForm& form);
// Nothing for anything but what to_text() wrote.
std::optional<PrintForm> print_form_from(std::string_view text);
// The CAN that the form bears.
std::optional<crypto::Secret> can_of(const PrintForm& form);

}  // namespace personalize
