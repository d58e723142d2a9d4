// SPDX-License-Identifier: Apache-2.0
// Owns the publishing of the ledger: status and paid lists as signed tokens, deltas between them, and the list of lists
// (IETF draft-ietf-oauth-status-list; docs/status.md).
#pragma once

#include <json/value.h>

#include <filesystem>
#include <variant>

#include "personalize/issue/issuer.hpp"
#include "personalize/ledger/status_ledger.hpp"

namespace personalize {

struct PublishOptions {
  std::chrono::sys_seconds at{};
  std::chrono::seconds life = std::chrono::hours(72);          // `exp`: no reader may go by the list any longer
  std::chrono::seconds time_to_live = std::chrono::hours(12);  // `ttl`: when to look for a newer one
  std::string aggregation_uri{};                               // where lists.json is found; may be empty
  unsigned deltas = 7;                                         // from how many versions before
};

// A list as it is, or was, published: the same publication gives the same claims, octet for octet. LedgerError::corrupt
// when the ledger no longer says what it said then.
Logged<patent::StatusList> list_of(StatusLedger& ledger, const Publication& publication);

struct PublishedDelta {
  std::int64_t from = 0;  // version
  std::string file;
  std::size_t octets = 0;
};
struct PublishedList {
  Publication publication;
  std::string file;
  std::size_t octets = 0;
  std::vector<PublishedDelta> deltas;
};

Json::Value to_json(const PublishedList& list);  // as in index.json

struct NotNewer {  // the ledger has a publication that is as new: readers would take no other one
  std::chrono::sys_seconds issued_at{};
};
struct NotWritten {
  std::filesystem::path file;
};
using PublishFailure = std::variant<LedgerFailure, IssuerFailure, NotNewer, NotWritten>;

// Every list of the ledger, under a version of its own, into the folder: each file is the old one or the new one. Each
// list is in the ledger before a file of it is written. Nothing is published of a ledger without cards. Under stable
// names: NAME.states.jwt, NAME.months.jwt, NAME.states.FROM-TO.delta, lists.json (section 9 of the draft), and
// index.json, which tells what is what.
crypto::Result<std::vector<PublishedList>, PublishFailure> publish(StatusLedger& ledger, const Signer& signer,
                                                                   const PublishOptions& options,
                                                                   const std::filesystem::path& folder);

}  // namespace personalize
