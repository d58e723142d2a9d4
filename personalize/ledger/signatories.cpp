// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/signatories.hpp"

#include <json/value.h>

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "crypto/ec_public_key.hpp"
#include "crypto/json_text.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/sha256_text.hpp"
#include "crypto/signature.hpp"
#include "personalize/ledger/column_values.hpp"

namespace personalize {
namespace {

constexpr std::size_t kVouchers = 2;
constexpr auto kEver = std::numeric_limits<std::int64_t>::max();

std::string subject_of(std::string_view what, std::int64_t signatory) {
  return std::string(what) + '/' + std::to_string(signatory);
}

// What is signed for one who comes or goes; `what` is "enrolled" or "dismissed".
std::string statement_of(const char* what, const Signatory& signatory, std::int64_t moment) {
  Json::Value json;
  json[what] = signatory.name;
  json["spki_sha256"] = crypto::sha256_text(signatory.spki);
  json["moment"] = Json::Int64(moment);
  return crypto::json_line(json);
}

bool holds(const crypto::Bytes& spki, std::string_view statement, const crypto::Bytes& signature) {
  const auto key = crypto::read_ec_public_key(spki);
  const auto digest = crypto::digest(crypto::HashAlgorithm::sha256, crypto::as_bytes(statement));
  crypto::OpensslEngine engine;
  return key && digest && engine.ecdsa_verify(key->curve, key->point.view(), *digest, signature);
}

// The first that holds; nullptr when there is none.
const StockSignature* find(const std::vector<StockSignature>& signatures, std::string_view statement,
                           std::string_view name) {
  const auto found = std::ranges::find_if(signatures, [&](const StockSignature& each) {
    return each.holds && each.name == name && each.statement == statement;
  });
  return found == signatures.end() ? nullptr : &*found;
}

}  // namespace

bool signed_by_two(const std::vector<StockSignature>& signatures, std::string_view statement, std::string_view one,
                   std::string_view other) {
  return one != other && find(signatures, statement, one) != nullptr && find(signatures, statement, other) != nullptr;
}

Logged<std::vector<Signatories::Ending>> Signatories::endings() {
  struct Row {
    Signatory signatory;
    std::int64_t moment = 0;
    std::string by, witness;
  };
  std::vector<Row> all;
  {
    const auto rows = database_.query(
        "SELECT signatory.id, name, spki, signatory_end.moment, dismissed_by, witness FROM signatory_end JOIN signatory"
        " ON signatory_id = signatory.id");
    while (rows->next())
      all.push_back({{rows->number(0), rows->text(1), rows->octets(2)}, rows->number(3), rows->text(4), rows->text(5)});
  }
  struct Dismissal {
    Ending ending;
    StockSignature first, second;
  };
  std::vector<Dismissal> dismissals;
  for (const auto& [signatory, moment, by, witness] : all) {
    const auto statement = statement_of("dismissed", signatory, moment);
    PATENT_TRY(const auto signatures, given(subject_of("dismissed", signatory.id)));
    if (!signed_by_two(signatures, statement, by, witness)) continue;
    const auto &first = *personalize::find(signatures, statement, by),
               &second = *personalize::find(signatures, statement, witness);
    dismissals.push_back(
        {{signatory.name, signatory.id, std::max(first.row, second.row), std::max(first.signatory, second.signatory)},
         first,
         second});
  }
  std::ranges::sort(dismissals, {}, [](const Dismissal& each) { return each.ending.row; });
  std::vector<Ending> found;  // who was dismissed before dismisses nobody
  for (const auto& [ending, first, second] : dismissals)
    if (std::ranges::none_of(found, [&](const Ending& end) { return end.ends(first) || end.ends(second); }))
      found.push_back(ending);
  return found;
}

Logged<std::size_t> Signatories::others(std::span<const Ending> endings, std::string_view name, std::int64_t before,
                                        std::int64_t row) {
  std::set<std::string> names;
  const auto rows = database_.query("SELECT name, id FROM signatory WHERE name <> ? AND id < ?", name, before);
  while (rows->next()) {
    const auto other = rows->text(0);
    const bool ended = std::ranges::any_of(endings, [&](const Ending& end) {
      return end.name == other && end.signatory >= rows->number(1) && end.row < row && end.last < before;
    });
    if (!ended) names.insert(other);
  }
  return names.size();
}

Logged<std::size_t> Signatories::vouchers_wanted(std::string_view name) {
  return database_.guarded([&]() -> Logged<std::size_t> {
    PATENT_TRY(const auto ended, endings());
    PATENT_TRY(const auto known, others(ended, name, kEver, kEver));
    return std::min(kVouchers, known);
  });
}

Logged<void> Signatories::vouch(std::string_view subject, std::string_view statement,
                                std::span<const Voucher> vouchers) {
  for (const Voucher& voucher : vouchers) PATENT_TRY_VOID(sign(subject, statement, voucher.name, *voucher.key));
  return {};
}

Logged<void> Signatories::enrol(std::string_view name, const crypto::PublicKey& key, std::string_view operator_name,
                                std::chrono::sys_seconds now, std::span<const Voucher> vouchers) {
  const auto refused = database_.failure(LedgerError::wrong_state);
  const bool other = std::ranges::none_of(vouchers, [&](const Voucher& one) { return one.name == name; });
  if (name.empty() || !crypto::read_ec_public_key(key.spki) || !other) return refused;
  if (!vouchers.empty() && vouchers.front().name != operator_name) return refused;
  if (vouchers.size() == kVouchers && vouchers[0].name == vouchers[1].name) return refused;
  return database_.transaction([&]() -> Logged<void> {
    return database_.guarded([&]() -> Logged<void> {
      database_.queue_up();  // or two stations would each enrol the first of all
      PATENT_TRY(const auto wanted, vouchers_wanted(name));
      if (vouchers.size() != wanted) return refused;
      database_.run("INSERT INTO signatory (name, spki, enrolled_by, moment) VALUES (?, ?, ?, ?)", name, key.spki,
                    operator_name, number_of(now));
      PATENT_TRY(const auto made, find(name));
      if (!made) return database_.failure(LedgerError::corrupt);
      PATENT_TRY_VOID(
          vouch(subject_of("enrolled", made->id), statement_of("enrolled", *made, number_of(now)), vouchers));
      std::map<std::string, std::string> facts{{"signatory", made->name},
                                               {"spki_sha256", crypto::sha256_text(key.spki)}};
      if (vouchers.size() == kVouchers) facts.emplace("witness", vouchers[1].name);
      return audit_.append({"signatory_enrolled", now, std::string(operator_name), std::move(facts)});
    });
  });
}

Logged<void> Signatories::dismiss(std::string_view name, const Voucher& by, const Voucher& witness,
                                  std::chrono::sys_seconds now) {
  if (by.name == witness.name) return database_.failure(LedgerError::wrong_state);
  return database_.transaction([&]() -> Logged<void> {
    return database_.guarded([&]() -> Logged<void> {
      database_.queue_up();
      PATENT_TRY(const auto ending, find(name));
      if (!ending) return database_.failure(LedgerError::not_found);
      PATENT_TRY_VOID(vouch(subject_of("dismissed", ending->id), statement_of("dismissed", *ending, number_of(now)),
                            std::array{by, witness}));
      ended_.reset();
      database_.run("INSERT INTO signatory_end (signatory_id, dismissed_by, witness, moment) VALUES (?, ?, ?, ?)",
                    ending->id, by.name, witness.name, number_of(now));
      return audit_.append({"signatory_dismissed",
                            now,
                            by.name,
                            {{"signatory", ending->name},
                             {"spki_sha256", crypto::sha256_text(ending->spki)},
                             {"witness", witness.name}}});
    });
  });
}

Logged<std::optional<Signatory>> Signatories::find(std::string_view name) {
  return database_.guarded([&]() -> Logged<std::optional<Signatory>> {
    const auto row = database_.query(
        "SELECT id, spki, (SELECT COUNT(*) FROM signatory_end WHERE signatory_id = signatory.id) FROM signatory"
        " WHERE name = ? ORDER BY id DESC LIMIT 1",
        name);
    if (!row->next() || row->number(2) != 0) return std::optional<Signatory>();
    return std::optional(Signatory{row->number(0), std::string(name), row->octets(1)});
  });
}

Logged<std::vector<std::string>> Signatories::unvouched() {
  return database_.guarded([&]() -> Logged<std::vector<std::string>> {
    struct Enrolment {
      Signatory signatory;
      std::int64_t moment = 0;
    };
    std::vector<Enrolment> all;
    {
      const auto rows = database_.query("SELECT id, name, spki, moment FROM signatory ORDER BY id");
      while (rows->next()) all.push_back({{rows->number(0), rows->text(1), rows->octets(2)}, rows->number(3)});
    }
    PATENT_TRY(ended_, endings());
    std::vector<std::string> found;
    for (const auto& [signatory, moment] : all) {
      const auto statement = statement_of("enrolled", signatory, moment);
      PATENT_TRY(const auto given, signatures(subject_of("enrolled", signatory.id)));
      std::set<std::string> vouchers;
      std::int64_t row = 0;
      for (const auto& one : given)
        if (one.holds && one.statement == statement && one.name != signatory.name)
          if (vouchers.insert(one.name).second && row == 0) row = one.row;
      PATENT_TRY(const auto known, others(*ended_, signatory.name, signatory.id, row));
      if (vouchers.size() < std::min(kVouchers, known)) found.push_back(signatory.name);
    }
    return found;
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
    if (!ended_) {
      PATENT_TRY(ended_, endings());
    }
    PATENT_TRY(auto found, given(subject));
    for (auto& one : found)
      one.holds = one.holds && std::ranges::none_of(*ended_, [&](const Ending& end) { return end.ends(one); });
    return found;
  });
}

Logged<std::vector<StockSignature>> Signatories::given(std::string_view subject) {
  std::vector<StockSignature> found;
  const auto rows = database_.query(
      "SELECT name, statement, spki, signature, signatory_id, given.id, (SELECT COUNT(*) FROM signatory AS newer JOIN"
      " stock_signature AS vouched ON vouched.subject = 'enrolled/' || newer.id WHERE newer.name = signatory.name AND"
      " newer.id > signatory.id AND vouched.id < given.id) FROM stock_signature AS given JOIN signatory ON signatory_id"
      " = signatory.id WHERE given.subject = ? ORDER BY given.id",
      subject);
  while (rows->next()) {
    const auto statement = rows->text(1);
    const bool by_newest = rows->number(6) == 0;
    found.push_back({rows->text(0), statement, by_newest && holds(rows->octets(2), statement, rows->octets(3)),
                     rows->number(4), rows->number(5)});
  }
  return found;
}

}  // namespace personalize
