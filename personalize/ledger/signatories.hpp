// SPDX-License-Identifier: Apache-2.0
// Owns who may sign for the stock, and what they signed: each by a private key that only their own passphrase opens, so
// that neither of two people can sign for the other; and that nobody enrols a second name for himself (docs/stock.md).
#pragma once

#include <chrono>
#include <optional>
#include <span>
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
  bool holds = false;                   // under the key that was this name's when it signed, by the order of the rows
  std::int64_t signatory = 0, row = 0;  // by number
};

// Whether both signed this very statement, and are two.
bool signed_by_two(const std::vector<StockSignature>& signatures, std::string_view statement, std::string_view one,
                   std::string_view other);

class Signatories {
public:
  Signatories(Database& database, AuditChain& audit) : database_(database), audit_(audit) {}

  // A key of its own for a name; once more for one whose passphrase is lost. Others that are enrolled already vouch by
  // their signatures over the enrolment: two of them, or the one that there is; the first of all has nobody. The first
  // voucher is the operator. wrong_state: the key is another's, or vouchers are missing, too many, or not others.
  struct Voucher {
    std::string name;
    const crypto::SigningKey* key = nullptr;
  };
  Logged<void> enrol(std::string_view name, const crypto::PublicKey& key, std::string_view operator_name,
                     std::chrono::sys_seconds now, std::span<const Voucher> vouchers);
  // How many others must vouch for this name now.
  Logged<std::size_t> vouchers_wanted(std::string_view name);
  // Ends a name's right to sign; two sign that, who may. not_found: nobody of that name; wrong_state: not by two.
  Logged<void> dismiss(std::string_view name, const Voucher& by, const Voucher& witness, std::chrono::sys_seconds now);
  // By the newest key of that name; nothing for one who was dismissed.
  Logged<std::optional<Signatory>> find(std::string_view name);
  // Names that stand in the ledger without the signatures of those who had to vouch for them.
  Logged<std::vector<std::string>> unvouched();

  // not_found: nobody of that name; wrong_state: `key` is not theirs. In the transaction of what is signed for.
  Logged<void> sign(std::string_view subject, std::string_view statement, std::string_view name,
                    const crypto::SigningKey& key);
  Logged<std::vector<StockSignature>> signatures(std::string_view subject);

private:
  // The end of a name's keys up to this one, which two signed: from this row of signatures on. `last` is the younger of
  // the two. No clock says what was first.
  struct Ending {
    std::string name;
    std::int64_t signatory = 0, row = 0, last = 0;
    [[nodiscard]] bool ends(const StockSignature& signature) const {
      return name == signature.name && signatory >= signature.signatory && row < signature.row;
    }
  };
  Logged<std::vector<Ending>> endings();
  // All that stand there, whoever was dismissed.
  Logged<std::vector<StockSignature>> given(std::string_view subject);
  // Those who could sign when this signatory was entered, behind that row of signatures, and are others. Whoever came
  // later ended nobody's right before it.
  Logged<std::size_t> others(std::span<const Ending> endings, std::string_view name, std::int64_t before,
                             std::int64_t row);
  Logged<void> vouch(std::string_view subject, std::string_view statement, std::span<const Voucher> vouchers);

  Database& database_;
  AuditChain& audit_;
  std::optional<std::vector<Ending>> ended_;  // when signatures were asked for first
};

}  // namespace personalize
