// SPDX-License-Identifier: Apache-2.0
// Trust packages as they were built.
#include <algorithm>

#include "crypto/base64.hpp"
#include "personalize/ledger/status_book.hpp"

namespace personalize {
namespace {

struct ListKey {
  patent::ListKind kind;
  std::string uri;
  std::int64_t publication;
};

std::vector<ListKey> lists_of(Database& database, std::int64_t package) {
  const auto rows = database.query(
      "SELECT kind, list.uri, publication FROM package_list "
      "JOIN list ON list.id = package_list.list_id WHERE package = ? "
      "ORDER BY list_id, kind",
      package);
  std::vector<ListKey> out;
  while (rows->next()) out.push_back({static_cast<patent::ListKind>(rows->number(0)), rows->text(1), rows->number(2)});
  return out;
}

bool insert_list(Database& database, std::int64_t package, const Publication& list) {
  return database.run(
             "INSERT INTO package_list (package, kind, list_id, publication) SELECT ?, kind, list_id, version FROM "
             "publication WHERE kind = ? AND list_id = (SELECT id FROM list WHERE uri = ?) AND version = ?",
             package, list.kind, list.uri, list.version) == 1;
}

}  // namespace

Logged<std::uint64_t> StatusBook::last_package() {
  return database_.guarded([&]() -> Logged<std::uint64_t> {
    const auto rows = database_.query("SELECT COALESCE(MAX(version), 0) FROM package");
    rows->next();
    return static_cast<std::uint64_t>(rows->number(0));
  });
}

Logged<void> StatusBook::add_package(const PackageEntry& package) {
  return transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto last, last_package());
    if (package.version != last + 1) return database_.failure(LedgerError::wrong_state);
    const auto version = static_cast<std::int64_t>(package.version);
    database_.run("INSERT INTO package (version, content) VALUES (?, ?)", version, crypto::to_base64(package.content));
    for (const auto& list : package.lists)
      if (!insert_list(database_, version, list)) return database_.failure(LedgerError::not_found);
    return {};
  });
}

Logged<std::optional<PackageEntry>> StatusBook::package(std::uint64_t version) {
  return database_.guarded([&]() -> Logged<std::optional<PackageEntry>> {
    const auto number = static_cast<std::int64_t>(version);
    PackageEntry out{.version = version, .content = {}, .lists = {}};
    {
      const auto rows = database_.query("SELECT content FROM package WHERE version = ?", number);
      if (!rows->next()) return std::optional<PackageEntry>();
      auto content = crypto::from_base64(rows->text(0));
      if (!content) return database_.failure(LedgerError::corrupt);
      out.content = *std::move(content);
    }
    for (const auto& [kind, uri, publication] : lists_of(database_, number)) {
      PATENT_TRY(const auto all, publications(kind, uri));
      const auto found = std::ranges::find(all, publication, &Publication::version);
      if (found == all.end()) return database_.failure(LedgerError::corrupt);
      out.lists.push_back(*found);
    }
    return std::optional(std::move(out));
  });
}

}  // namespace personalize
