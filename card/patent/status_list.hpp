// SPDX-License-Identifier: Apache-2.0
// Owns status lists as claims of a signed token (IETF draft-ietf-oauth-status-list, 4.3 and 5.1): what a state says of
// all its cards at once. Paid lists have the same form under a type of their own.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "card/patent/packed_list.hpp"

namespace patent {

enum class ListKind : std::uint8_t {
  states,  // of StatusRecord::state
  months,  // whole months paid, 0 to 12
};
inline constexpr unsigned kEntryBits = 4;  // of the lists that this product makes; it reads 1, 2, 4 and 8

// The token's `typ`.
[[nodiscard]] constexpr std::string_view token_type(ListKind kind) {
  return kind == ListKind::states ? "statuslist+jwt" : "paidlist+jwt";
}

struct StatusList {
  ListKind kind = ListKind::states;
  std::string uri;  // the list's name; cards refer to it
  std::chrono::sys_seconds issued_at{};
  std::optional<std::chrono::sys_seconds> expires{};
  std::optional<std::chrono::seconds> time_to_live{};  // when to look for a newer one
  std::string aggregation_uri{};                       // where all lists of the issuer are named; may be empty
  PackedList entries;
  friend bool operator==(const StatusList&, const StatusList&) = default;
};

// The same list gives the same text.
std::string to_claims(const StatusList& list);
// ListError::malformed for what is no claims set of such a list; unknown claims are ignored, as the draft wants it.
crypto::Result<StatusList, ListError> status_list_from_claims(ListKind kind, std::string_view claims);

}  // namespace patent
