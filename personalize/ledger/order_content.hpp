// SPDX-License-Identifier: Apache-2.0
// Owns what is personal of an order in the ledger: its document, print form and image, each encrypted and bound to its
// order and kind.
#pragma once

#include <optional>

#include "personalize/ledger/database.hpp"
#include "personalize/ledger/personal_data.hpp"

namespace personalize {

enum class Content : std::uint8_t { document, print_form, image };

class OrderContent {
public:
  OrderContent(Database& database, const PersonalData& personal) : database_(database), personal_(personal) {}

  // In the place of what was there. All within guarded() and a transaction of the caller.
  Logged<void> put(std::string_view order_id, Content kind, crypto::ByteView plain);
  Logged<std::optional<crypto::Bytes>> get(std::string_view order_id, Content kind);
  void remove(std::string_view order_id, Content kind);

private:
  Database& database_;
  const PersonalData& personal_;
};

}  // namespace personalize
