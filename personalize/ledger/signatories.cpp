// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/signatories.hpp"

#include <algorithm>

#include "crypto/ec_public_key.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/sha256_text.hpp"
#include "crypto/signature.hpp"
#include "personalize/ledger/column_values.hpp"

namespace personalize {
namespace {

bool holds(const crypto::Bytes& spki, std::string_view statement, const crypto::Bytes& signature) {
  const auto key = crypto::read_ec_public_key(spki);
  const auto digest = crypto::digest(crypto::HashAlgorithm::sha256, crypto::as_bytes(statement));
  crypto::OpensslEngine engine;
  return key && digest && engine.ecdsa_verify(key->curve, key->point.view(), *digest, signature);
}

}  // namespace

bool signed_by_two(const std::vector<StockSignature>& signatures, std::string_view statement, std::string_view one,
                   std::string_view other) {
  const auto signed_by = [&](std::string_view name) {
    return std::ranges::any_of(signatures, [&](const StockSignature& each) {
      return each.holds && each.name == name && each.statement == statement;
    });
  };
  return one != other && signed_by(one) && signed_by(other);
}

Logged<void> Signatories::enrol(std::string_view name, const crypto::PublicKey& key, std::string_view operator_name,
                                std::chrono::sys_seconds now) {
  if (name.empty() || !crypto::read_ec_public_key(key.spki)) return database_.failure(LedgerError::wrong_state);
  return database_.transaction([&]() -> Logged<void> {
    return database_.guarded([&]() -> Logged<void> {
      database_.run("INSERT INTO signatory (name, spki, enrolled_by, moment) VALUES (?, ?, ?, ?)", name, key.spki,
                    operator_name, number_of(now));
      return audit_.append({"signatory_enrolled",
                            now,
                            std::string(operator_name),
                            {{"signatory", std::string(name)}, {"spki_sha256", crypto::sha256_text(key.spki)}}});
    });
  });
}

Logged<std::optional<Signatory>> Signatories::find(std::string_view name) {
  return database_.guarded([&]() -> Logged<std::optional<Signatory>> {
    const auto row = database_.query("SELECT id, spki FROM signatory WHERE name = ? ORDER BY id DESC LIMIT 1", name);
    if (!row->next()) return std::optional<Signatory>();
    return std::optional(Signatory{row->number(0), std::string(name), row->octets(1)});
  });
}

Logged<void> Signatories::sign(std::string_view subject, std::string_view statement, std::string_view name,
                               const crypto::SigningKey& key) {
  PATENT_TRY(const auto signatory, find(name));
  if (!signatory) return database_.failure(LedgerError::not_found);
  const auto digest = crypto::digest(crypto::HashAlgorithm::sha256, crypto::as_bytes(statement));
  const auto signature = digest ? key.sign_digest(*digest) : crypto::unexpected(digest.error());
  if (!signature || !holds(signatory->spki, statement, *signature)) return database_.failure(LedgerError::wrong_state);
  return database_.guarded([&]() -> Logged<void> {
    database_.run("INSERT INTO stock_signature (subject, statement, signatory_id, signature) VALUES (?, ?, ?, ?)",
                  subject, statement, signatory->id, *signature);
    return {};
  });
}

Logged<std::vector<StockSignature>> Signatories::signatures(std::string_view subject) {
  return database_.guarded([&]() -> Logged<std::vector<StockSignature>> {
    std::vector<StockSignature> found;
    const auto rows = database_.query(
        "SELECT name, statement, spki, signature FROM stock_signature JOIN signatory ON signatory_id = signatory.id"
        " WHERE subject = ? ORDER BY stock_signature.id",
        subject);
    while (rows->next()) {
      const auto statement = rows->text(1);
      found.push_back({rows->text(0), statement, holds(rows->octets(2), statement, rows->octets(3))});
    }
    return found;
  });
}

}  // namespace personalize
