// SPDX-License-Identifier: Apache-2.0
// Owns where `issue` remembers its orders: a journal's folder, or the ledger.
#pragma once

#include "personalize/ledger/order_queue.hpp"
#include "personalize/tool/floor.hpp"

namespace personalize::tool {

// What is remembered of the orders, and of their cards' statuses.
class Records {
public:
  Records() = default;
  Records(const Records&) = delete;
  Records& operator=(const Records&) = delete;
  virtual ~Records() = default;

  virtual Ledger& orders() = 0;
  [[nodiscard]] virtual bool has_lists() const = 0;
  virtual Logged<void> place(std::string_view base_uri, Order& order) = 0;
  virtual Logged<void> enter(const Order& order, crypto::Time signed_at, crypto::Time now) = 0;
  // taken: another station works with the order.
  virtual Logged<ClaimOutcome> claim(const Order& order) = 0;
};

// The ledger, unless --journal is given or --ledger is not. Says on stderr what is wrong when it cannot.
crypto::Result<std::unique_ptr<Records>, Exit> open_records(const Arguments& arguments,
                                                            const crypto::TrustDomain& domain);

}  // namespace personalize::tool
