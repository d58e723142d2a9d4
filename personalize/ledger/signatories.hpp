// SPDX-License-Identifier: Apache-2.0
// Owns who may sign for the stock, and what they signed: each by a private key that only their own passphrase opens, so
// that neither of two people can sign for the other (docs/stock.md).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/key_vault.hpp"
#include "personalize/ledger/audit_chain.hpp"
#include "personalize/ledger/database.hpp"

namespace personalize {

struct Signatory {
  std::int64_t id = 0;
  std::string name;
  crypto::Bytes spki;
};

struct StockSignature {
  std::string name;
  std::string statement;
  bool holds = false;  // under the key that was this name's when it signed
};

// Whether both signed this very statement, and are two.
bool signed_by_two(const std::vector<StockSignature>& signatures, std::string_view statement, std::string_view one,
                   std::string_view other);

class Signatories {
public:
  Signatories(Database& database, AuditChain& audit) : database_(database), audit_(audit) {}

  // A key of its own for a name; once more for one whose passphrase is lost. wrong_state: the key is another's.
  Logged<void> enrol(std::string_view name, const crypto::PublicKey& key, std::string_view operator_name,
                     std::chrono::sys_seconds now);
  // By the newest key of that name.
  Logged<std::optional<Signatory>> find(std::string_view name);

  // not_found: nobody of that name; wrong_state: `key` is not theirs. In the transaction of what is signed for.
  Logged<void> sign(std::string_view subject, std::string_view statement, std::string_view name,
                    const crypto::SigningKey& key);
  Logged<std::vector<StockSignature>> signatures(std::string_view subject);

private:
  Database& database_;
  AuditChain& audit_;
};

}  // namespace personalize
