// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "personalize/ledger/status_book.hpp"

namespace personalize {

using SqliteLedger = StatusBook;
using MissingFile = MissingDatabase;

}  // namespace personalize
