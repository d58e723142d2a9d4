// SPDX-License-Identifier: Apache-2.0
// Owns the judgement of a status or paid list that comes as a signed token (IETF draft-ietf-oauth-status-list, 5.1):
// each thing that can be wrong has its own name, and none of them says anything about a card.
#pragma once

#include "crypto/signed_token.hpp"
#include "reader/judge/status_signer.hpp"

namespace reader {

enum class ListFault : std::uint8_t {
  // the token
  malformed,
  wrong_type,
  wrong_algorithm,  // `none` too
  unknown_critical,
  no_signer,
  bad_signature,
  // who signed it
  wrong_purpose,
  not_in_office,
  untrusted,
  foreign_state,
  revoked,
  revocation_unknown,
  // what it says
  bad_claims,
  bad_bits,
  corrupt,
  truncated,
  trailing_data,
  too_large,
  bad_months,
  wrong_name,  // another list than the one that was asked for
  from_future,
  expired,
  older,  // than the list of this name that is there
};
// "BAD_SIGNATURE" and so on: for machines.
std::string_view name_of(ListFault fault);
std::string_view words_for(ListFault fault);

struct OpenedList {
  patent::StatusList list;
  crypto::Certificate signer;
};
// `uri`: the list that was asked for; empty: any. Lists already in trust.lists are not gone behind.
crypto::Result<OpenedList, ListFault> open_list(std::string_view token, patent::ListKind kind, std::string_view uri,
                                                const Trust& trust, const Policy& policy, crypto::Time at);

}  // namespace reader
