// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/package_fault.hpp"

#include <array>

namespace reader {
namespace {

using enum PackageFault;

struct FaultWords {
  PackageFault fault;
  std::string_view name, words;
};
constexpr std::array kWords{
    FaultWords{unreadable, "UNREADABLE", "it cannot be read"},
    FaultWords{incomplete, "INCOMPLETE", "it is not whole: copy it again"},
    FaultWords{malformed, "MALFORMED", "it is no trust package"},
    FaultWords{too_large, "TOO_LARGE", "it is larger than any trust package"},
    FaultWords{unsupported_version, "UNSUPPORTED_VERSION", "its form is newer than this program: update the program"},
    FaultWords{wrong_content, "WRONG_CONTENT", "it is signed, but for something else than a trust package"},
    FaultWords{bad_list, "BAD_LIST", "a status list in it does not expand"},
    FaultWords{no_signer, "NO_SIGNER", "it does not carry its signer's certificate"},
    FaultWords{bad_signature, "BAD_SIGNATURE", "its signature does not hold"},
    FaultWords{wrong_purpose, "WRONG_PURPOSE", "its signer is no status signer"},
    FaultWords{not_in_office, "NOT_IN_OFFICE", "its signer was not in office when it was issued"},
    FaultWords{untrusted, "UNTRUSTED", "its signer is under no CSCA that this device trusted before"},
    FaultWords{foreign_state, "FOREIGN_STATE", "its signer is of a state that issues no patents here"},
    FaultWords{revoked, "REVOKED", "its signer is revoked: get a full package of another signer"},
    FaultWords{revocation_unknown, "REVOCATION_UNKNOWN", "no revocation list in force speaks of its signer"},
    FaultWords{bad_certificate, "BAD_CERTIFICATE", "a certificate in it is none"},
    FaultWords{foreign_certificate, "FOREIGN_CERTIFICATE",
               "a certificate in it leads to no CSCA that this device trusted before"},
    FaultWords{bad_revocation_list, "BAD_REVOCATION_LIST", "a revocation list in it is none, or nobody's"},
    FaultWords{bad_cv_certificate, "BAD_CV_CERTIFICATE", "a CV certificate in it is none"},
    FaultWords{bad_master_list, "BAD_MASTER_LIST", "a master list in it is none, or no trusted list signer's"},
    FaultWords{bad_months, "BAD_MONTHS", "a card has more than twelve months in a paid list of it"},
    FaultWords{bad_regions, "BAD_REGIONS", "the region profiles in it are none"},
    FaultWords{bad_policy, "BAD_POLICY", "the policy in it is none"},
    FaultWords{from_future, "FROM_FUTURE", "it is from the future, or this clock is behind: check the clock"},
    FaultWords{expired, "EXPIRED", "it is expired: get a newer one"},
    FaultWords{rollback, "ROLLBACK", "its version is not above the installed one"},
    FaultWords{older, "OLDER", "it was made before the installed one"},
    FaultWords{older_list, "OLDER_LIST", "a list in it is older than the installed one"},
    FaultWords{no_base, "NO_BASE", "it is a delta, and there is nothing under it: install a full package"},
    FaultWords{wrong_base, "WRONG_BASE", "it is a delta for another package: get the one for this version"},
    FaultWords{bad_delta, "BAD_DELTA", "a delta in it does not decode"},
    FaultWords{wrong_result, "WRONG_RESULT", "a delta in it makes another list than its maker's"},
    FaultWords{too_many_deltas, "TOO_MANY_DELTAS", "too many deltas are installed: install a full package"},
    FaultWords{no_store, "NO_STORE", "there is no such folder, or nothing was installed in it"},
    FaultWords{no_anchor, "NO_ANCHOR", "the first package needs --trust DIR: whom to believe"},
    FaultWords{other_anchor, "OTHER_ANCHOR", "the folder trusts other CSCAs since its first package: use a new folder"},
    FaultWords{empty, "EMPTY", "no full package is installed"},
    FaultWords{busy, "BUSY", "another installation is at work in the folder"},
    FaultWords{not_written, "NOT_WRITTEN", "the folder cannot be written"},
};
static_assert([] {
  for (std::size_t i = 0; i < kWords.size(); ++i)
    if (kWords[i].fault != static_cast<PackageFault>(i)) return false;
  return kWords.back().fault == not_written;
}());

}  // namespace

std::string_view name_of(PackageFault fault) { return kWords[static_cast<std::size_t>(fault)].name; }
std::string_view words_for(PackageFault fault) { return kWords[static_cast<std::size_t>(fault)].words; }

}  // namespace reader
