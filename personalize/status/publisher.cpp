// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/publisher.hpp"

#include <fmt/format.h>
#include <json/json.h>

#include <algorithm>
#include <map>

#include "card/patent/list_delta.hpp"
#include "crypto/signed_token.hpp"
#include "personalize/ledger/durable_file.hpp"
#include "reader/inspect/instant.hpp"

namespace personalize {
namespace {

using patent::ListKind;
using patent::PackedList;
using patent::StatusList;

constexpr std::array kKinds{ListKind::states, ListKind::months};

template <class T>
using Published = crypto::Result<T, PublishFailure>;

template <class T, class E>
Published<T> lift(crypto::Result<T, E> result) {
  return std::move(result).map_error([](E&& error) { return PublishFailure(std::move(error)); });
}

std::string_view name_of(ListKind kind) { return kind == ListKind::states ? "states" : "months"; }

// What both lists of one shard say, up to one status: they are read together.
struct Entries {
  PackedList states, months;
  [[nodiscard]] const PackedList& of(ListKind kind) const { return kind == ListKind::states ? states : months; }
};

Logged<Entries> entries_of(StatusLedger& ledger, std::string_view uri, std::int64_t up_to) {
  auto zeros = PackedList::zeros(patent::kEntryBits, kShardCards);
  if (!zeros) return crypto::unexpected<LedgerFailure>({LedgerError::corrupt, std::string(uri), {}});
  Entries entries{*zeros, *zeros};
  PATENT_TRY_VOID(
      ledger.each_status(uri, up_to, [&](std::uint32_t index, patent::State state, std::uint8_t months_paid) {
        entries.states.set(index, static_cast<std::uint8_t>(state));
        entries.months.set(index, months_paid);
      }));
  return entries;
}

StatusList list_with(const Publication& publication, const PackedList& entries) {
  return {.kind = publication.kind,
          .uri = publication.uri,
          .issued_at = publication.issued_at,
          .expires = publication.expires,
          .time_to_live = publication.time_to_live,
          .aggregation_uri = publication.aggregation_uri,
          .entries = entries};
}

std::string fingerprint_of(const StatusList& list) { return crypto::to_hex(patent::list_fingerprint(list)); }

Logged<StatusList> checked(const Publication& publication, const PackedList& entries) {
  auto list = list_with(publication, entries);
  if (fingerprint_of(list) != publication.fingerprint)
    return crypto::unexpected<LedgerFailure>({LedgerError::corrupt, publication.uri, {}});
  return list;
}

// The list's name as that of a file.
std::string file_name(std::string_view uri) {
  if (const auto scheme = uri.find("://"); scheme != uri.npos) uri.remove_prefix(scheme + 3);
  std::string name(uri);
  const auto stays = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  for (auto& c : name)
    if (!stays(c)) c = '_';
  return name;
}

// Unlike all else that is written here, for everybody to read.
Published<void> write_public(const std::filesystem::path& file, std::string_view content) {
  using std::filesystem::perms;
  if (!write_durably(file, content)) return crypto::unexpected<PublishFailure>(NotWritten{file});
  std::error_code error;
  std::filesystem::permissions(file, perms::owner_read | perms::owner_write | perms::group_read | perms::others_read,
                               error);
  return {};
}

// The two lists of one shard, from the ledger to the folder.
class Shard {
public:
  Shard(StatusLedger& ledger, const Signer& signer, const PublishOptions& options, std::filesystem::path folder,
        std::string uri, std::string name)
      : ledger_(ledger),
        signer_(signer),
        options_(options),
        folder_(std::move(folder)),
        uri_(std::move(uri)),
        name_(std::move(name)) {}

  Published<std::vector<PublishedList>> run() {
    PATENT_TRY(const auto up_to, lift(ledger_.last_status()));
    std::vector<Made> made;
    for (const auto kind : kKinds) {
      PATENT_TRY(auto one, make(kind, up_to));
      made.push_back(std::move(one));
    }
    const auto recorded = ledger_.transaction([&]() -> Logged<void> {
      for (const auto& one : made) PATENT_TRY_VOID(ledger_.add_publication(one.list.publication));
      return {};
    });
    PATENT_TRY_VOID(lift(recorded));
    std::vector<PublishedList> lists;
    for (auto& one : made) {
      for (const auto& [file, content] : one.files) PATENT_TRY_VOID(write_public(folder_ / file, content));
      remove_old_deltas(one);
      lists.push_back(std::move(one.list));
    }
    return lists;
  }

private:
  struct Made {
    PublishedList list;
    std::map<std::string, std::string> files;
  };

  Published<Made> make(ListKind kind, std::int64_t up_to) {
    PATENT_TRY(const auto earlier, lift(ledger_.publications(kind, uri_)));
    if (!earlier.empty() && earlier.back().issued_at >= options_.at)
      return crypto::unexpected<PublishFailure>(NotNewer{earlier.back().issued_at});
    PATENT_TRY(const auto* const entries, lift(entries_at(up_to)));
    Publication publication{.version = earlier.empty() ? 1 : earlier.back().version + 1,
                            .kind = kind,
                            .uri = uri_,
                            .issued_at = options_.at,
                            .expires = options_.at + options_.life,
                            .time_to_live = options_.time_to_live,
                            .aggregation_uri = options_.aggregation_uri,
                            .up_to = up_to,
                            .fingerprint = {}};
    const auto list = list_with(publication, entries->of(kind));
    publication.fingerprint = fingerprint_of(list);
    auto token =
        crypto::sign_token(patent::token_type(kind), patent::to_claims(list), signer_.certificate, *signer_.key);
    if (!token)
      return crypto::unexpected<PublishFailure>(IssuerFailure{IssuerError::crypto, signer_.name, token.error()});

    Made made;
    made.list = {publication, fmt::format("{}.{}.jwt", name_, name_of(kind)), token->size(), {}};
    const auto begin = earlier.end() - std::min<std::ptrdiff_t>(std::ssize(earlier), options_.deltas);
    for (auto base = begin; base != earlier.end(); ++base) PATENT_TRY_VOID(add_delta(*base, list, token->size(), made));
    made.files[made.list.file] = *std::move(token);
    return made;
  }

  // Worth it while it is smaller than the whole.
  Published<void> add_delta(const Publication& from, const StatusList& next, std::size_t whole, Made& made) {
    PATENT_TRY(const auto* const entries, lift(entries_at(from.up_to)));
    PATENT_TRY(const auto base, lift(checked(from, entries->of(from.kind))));
    const auto delta = patent::make_delta(base, next);
    if (!delta || delta->size() >= whole) return {};
    const auto file =
        fmt::format("{}.{}.{}-{}.delta", name_, name_of(from.kind), from.version, made.list.publication.version);
    made.list.deltas.push_back({from.version, file, delta->size()});
    made.files[file] = std::string(delta->begin(), delta->end());
    return {};
  }

  Logged<const Entries*> entries_at(std::int64_t up_to) {
    auto known = entries_.find(up_to);
    if (known == entries_.end()) {
      PATENT_TRY(auto entries, entries_of(ledger_, uri_, up_to));
      known = entries_.emplace(up_to, std::move(entries)).first;
    }
    return &known->second;
  }

  // They lead to a version that nobody gets any more.
  void remove_old_deltas(const Made& made) const {
    const auto prefix = fmt::format("{}.{}.", name_, name_of(made.list.publication.kind));
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
      const auto name = entry.path().filename().string();
      if (name.starts_with(prefix) && name.ends_with(".delta") && !made.files.contains(name))
        std::filesystem::remove(entry.path(), error);
    }
  }

  StatusLedger& ledger_;
  const Signer& signer_;
  const PublishOptions& options_;
  const std::filesystem::path folder_;
  const std::string uri_, name_;
  std::map<std::int64_t, Entries> entries_;  // by the last status
};

std::string text_of(const Json::Value& json) {
  Json::StreamWriterBuilder writer;
  writer["indentation"] = "  ";
  return Json::writeString(writer, json) + '\n';
}

Json::Value aggregation(const std::vector<std::string>& uris) {
  Json::Value json(Json::objectValue);
  json["status_lists"] = Json::arrayValue;
  for (const auto& uri : uris) json["status_lists"].append(uri);
  return json;
}

Json::Value index_of(const std::vector<PublishedList>& lists) {
  Json::Value json(Json::objectValue);
  json["lists"] = Json::arrayValue;
  for (const auto& list : lists) json["lists"].append(to_json(list));
  return json;
}

}  // namespace

Json::Value to_json(const PublishedList& list) {
  const auto& publication = list.publication;
  Json::Value json(Json::objectValue);
  json["uri"] = publication.uri;
  json["kind"] = std::string(name_of(publication.kind));
  json["version"] = Json::Int64{publication.version};
  json["issued_at"] = reader::to_iso(publication.issued_at);
  json["expires"] = reader::to_iso(publication.expires);
  json["fingerprint"] = publication.fingerprint;
  json["file"] = list.file;
  json["octets"] = Json::UInt64{list.octets};
  json["deltas"] = Json::arrayValue;
  for (const auto& delta : list.deltas) {
    Json::Value one(Json::objectValue);
    one["from"] = Json::Int64{delta.from};
    one["file"] = delta.file;
    one["octets"] = Json::UInt64{delta.octets};
    json["deltas"].append(one);
  }
  return json;
}

Logged<StatusList> list_of(StatusLedger& ledger, const Publication& publication) {
  PATENT_TRY(const auto entries, entries_of(ledger, publication.uri, publication.up_to));
  return checked(publication, entries.of(publication.kind));
}

Published<std::vector<PublishedList>> publish(StatusLedger& ledger, const Signer& signer, const PublishOptions& options,
                                              const std::filesystem::path& folder) {
  PATENT_TRY_VOID(lift(check_signer(signer, signer.certificate.is_status_signer(), options.at)));
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  PATENT_TRY(const auto uris, lift(ledger.list_uris()));
  std::vector<PublishedList> lists;
  std::map<std::string, std::size_t> names;
  for (const auto& uri : uris) {
    auto name = file_name(uri);
    if (const auto others = names[name]++; others != 0) name += fmt::format("_{}", others);
    PATENT_TRY(auto both, Shard(ledger, signer, options, folder, uri, std::move(name)).run());
    lists.insert(lists.end(), std::move_iterator(both.begin()), std::move_iterator(both.end()));
  }
  for (const auto& [name, json] : {std::pair("lists.json", aggregation(uris)), {"index.json", index_of(lists)}})
    PATENT_TRY_VOID(write_public(folder / name, text_of(json)));
  return lists;
}

}  // namespace personalize
