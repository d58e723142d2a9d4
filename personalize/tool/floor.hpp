// SPDX-License-Identifier: Apache-2.0
// Owns Floor: the ledger's database with all books in it, and the domain whose key opens the personal data, as the
// commands of the issuing floor use them.
#pragma once

#include <memory>
#include <optional>

#include "crypto/trust_domain.hpp"
#include "personalize/ledger/order_ledger.hpp"
#include "personalize/ledger/order_queue.hpp"
#include "personalize/ledger/status_ledger.hpp"
#include "personalize/tool/open_ledger.hpp"

namespace personalize::tool {

// Who works: --station (default: the host's name) and --operator.
options::options_description workplace_options();
Workplace workplace_of(const Arguments& arguments);
// --at, or the time as it goes on.
std::function<crypto::Time()> clock_of(const Arguments& arguments);

// One thread's, like the database; in a batch that of the CommitQueue, in whose works everything here is used.
struct Floor {
  Floor(std::unique_ptr<Database> opened, PersonalData key, Workplace who,
        std::function<std::chrono::sys_seconds()> clock);

  std::unique_ptr<Database> database;
  std::optional<crypto::TrustDomain> domain{};  // with FloorKeys::needed
  PersonalData personal;                        // locked without
  Workplace workplace;
  std::optional<Signer> chain_signer{};  // with a domain: signs the audit chain at intervals
  AuditChain audit;
  EventOutbox events;
  Stock stock;
  std::unique_ptr<StatusLedger> statuses;
  OrderQueue queue;
  OrderLedger orders;
};

// `needed`: for documents, print forms and cards; takes --domain and its passphrase. `none`: numbers, states, stock,
// shifts, events and the audit chain are there without.
enum class FloorKeys : std::uint8_t { none, needed };
// Says on stderr what is wrong and what to do, and gives the exit code, when it cannot.
crypto::Result<std::unique_ptr<Floor>, Exit> open_floor(const Arguments& arguments, MissingDatabase missing,
                                                        FloorKeys keys);
// With the key of a domain that is open already, and stays the caller's.
crypto::Result<std::unique_ptr<Floor>, Exit> open_floor(const Arguments& arguments, MissingDatabase missing,
                                                        const crypto::TrustDomain& domain);

}  // namespace personalize::tool
