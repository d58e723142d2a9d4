// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/list_tokens.hpp"

#include <array>

namespace reader {
namespace {

using enum ListFault;

struct FaultWords {
  ListFault fault;
  std::string_view name, words;
};
constexpr std::array kWords{
    FaultWords{malformed, "MALFORMED", "no token: three parts of base64url with a JSON header are needed"},
    FaultWords{wrong_type, "WRONG_TYPE", "the token is of another type"},
    FaultWords{wrong_algorithm, "WRONG_ALGORITHM", "its algorithm is none, unknown, or not the signer's"},
    FaultWords{unknown_critical, "UNKNOWN_CRITICAL", "it has a critical header that this version does not know"},
    FaultWords{no_signer, "NO_SIGNER", "it does not carry its signer's certificate"},
    FaultWords{bad_signature, "BAD_SIGNATURE", "its signature does not hold"},
    FaultWords{wrong_purpose, "WRONG_PURPOSE", "its signer is no status signer"},
    FaultWords{not_in_office, "NOT_IN_OFFICE", "its signer was not in office when it was issued"},
    FaultWords{untrusted, "UNTRUSTED", "its signer is under no trusted CSCA"},
    FaultWords{foreign_state, "FOREIGN_STATE", "its signer is of a state that issues no patents here"},
    FaultWords{revoked, "REVOKED", "its signer is revoked"},
    FaultWords{revocation_unknown, "REVOCATION_UNKNOWN", "no revocation list in force speaks of its signer"},
    FaultWords{bad_claims, "BAD_CLAIMS", "its claims are not those of a list"},
    FaultWords{bad_bits, "BAD_BITS", "its entries are not of 1, 2, 4 or 8 bits"},
    FaultWords{corrupt, "CORRUPT", "its entries do not expand"},
    FaultWords{truncated, "TRUNCATED", "its entries end early"},
    FaultWords{trailing_data, "TRAILING_DATA", "something stands behind its entries"},
    FaultWords{too_large, "TOO_LARGE", "its entries expand to more than any list has"},
    FaultWords{bad_months, "BAD_MONTHS", "a card has more than twelve months in it"},
    FaultWords{wrong_name, "WRONG_NAME", "it is another list than the one asked for"},
    FaultWords{from_future, "FROM_FUTURE", "it is from the future, or this clock is behind"},
    FaultWords{expired, "EXPIRED", "it is expired"},
    FaultWords{older, "OLDER", "a newer one of this name is there"},
};
static_assert([] {
  for (std::size_t i = 0; i < kWords.size(); ++i)
    if (kWords[i].fault != static_cast<ListFault>(i)) return false;
  return kWords.back().fault == older;
}());

ListFault fault_of(crypto::TokenError error) {
  constexpr std::array kFaults{malformed, wrong_type, wrong_algorithm, unknown_critical, no_signer, bad_signature};
  return kFaults[static_cast<std::size_t>(error)];
}
ListFault fault_of(StatusSignerFault fault) {
  constexpr std::array kFaults{wrong_purpose, not_in_office, untrusted, foreign_state, revoked};
  return kFaults[static_cast<std::size_t>(fault)];
}
ListFault fault_of(patent::ListError error) {
  constexpr std::array kFaults{bad_claims, bad_bits, corrupt, truncated, trailing_data, too_large};
  return kFaults[static_cast<std::size_t>(error)];
}
ListFault fault_of(ListRefusal refusal) { return refusal == ListRefusal::older ? older : bad_months; }

const auto translated = [](auto error) { return fault_of(error); };

}  // namespace

std::string_view name_of(ListFault fault) { return kWords[static_cast<std::size_t>(fault)].name; }
std::string_view words_for(ListFault fault) { return kWords[static_cast<std::size_t>(fault)].words; }

crypto::Result<OpenedList, ListFault> open_list(std::string_view token, patent::ListKind kind, std::string_view uri,
                                                const Trust& trust, const Policy& policy, crypto::Time at) {
  PATENT_TRY(auto opened, crypto::open_token(token, patent::token_type(kind)).map_error(translated));
  PATENT_TRY(auto list, patent::status_list_from_claims(kind, opened.payload).map_error(translated));
  Revocations revocations(trust, policy, at);
  PATENT_TRY(const auto revocation,
             judge_status_signer(opened.signer, list.issued_at, trust, policy, revocations).map_error(translated));
  if (revocation == Revocation::unknown) return crypto::unexpected(revocation_unknown);
  if (!uri.empty() && list.uri != uri) return crypto::unexpected(wrong_name);
  if (list.issued_at > at + policy.clock_tolerance) return crypto::unexpected(from_future);
  if (list.expires && *list.expires <= at) return crypto::unexpected(expired);
  PATENT_TRY_VOID(trust.lists.admits(list).map_error(translated));
  return OpenedList{std::move(list), std::move(opened.signer)};
}

}  // namespace reader
