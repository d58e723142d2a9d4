// SPDX-License-Identifier: Apache-2.0
// Owns Trust: the certificates and revocation lists that a judgement may rest on, and Policy: what the customer
// decides.
#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "card/patent/region_profile.hpp"
#include "crypto/certificate.hpp"
#include "crypto/master_list.hpp"
#include "reader/judge/status_lists.hpp"

namespace reader {

struct Trust {
  std::vector<crypto::Certificate> csca;  // self-signed and link certificates
  std::vector<crypto::RevocationList> revocations;
  // What master lists name: other states' CSCAs, for the holders' own documents. A patent is never judged by them.
  std::vector<crypto::Certificate> listed{};
  // From an installed trust package, and empty without one.
  StatusLists lists{};
  patent::RegionProfiles regions{};
  std::optional<std::chrono::sys_seconds> newest_package{};  // when the newest installed one was made
  // Bar code signers: no seal has its signer's certificate in it (Doc 9303-12, 5). Not trusted for being here: each
  // must chain to a CSCA, as every signer.
  std::vector<crypto::Certificate> seal_signers{};
};
// What a holder's own document is judged by: all of it.
Trust for_foreign_documents(const Trust& trust);

enum class TrustError : std::uint8_t {
  not_found,
  unreadable,
  bad_certificate,
  bad_revocation_list,
  empty,
  bad_master_list,
  untrusted_master_list,  // not signed by a list signer under a CSCA of the folder, or that one was revoked
};
struct TrustFailure {
  TrustError error{};
  std::filesystem::path file;
};
// A folder: *.cer, *.crt, *.der (DER or PEM certificates), *.crl, and *.ml (master lists, Doc 9303-12, 9).
crypto::Result<Trust, TrustFailure> load_trust(const std::filesystem::path& folder);

// Whether a list signer of a trusted state, in office when it signed, made this list.
[[nodiscard]] bool is_genuine(const crypto::MasterList& list, const Trust& trust);

// What is configuration, with the given defaults (docs/domain.md). Loaded from JSON by load_policy.
struct Policy {
  std::chrono::hours status_soft_limit{24};        // older: a warning finding is shown
  std::chrono::hours status_hard_limit{72};        // older: NEEDS CHECK, STALE
  std::chrono::minutes utc_offset{180};            // the region's civil time
  std::chrono::minutes clock_tolerance{10};        // a signed time may lie this far ahead of the device's clock
  std::chrono::hours clock_trust{24 * 30};         // behind the newest trust package the clock is not believed
  std::chrono::days receipt_wait{30};              // so long behind the paid period a receipt may still be matched
  std::vector<std::string> person_flag_roles{};    // officers who may be told of the register of controlled persons
  std::string territory_oktmo{};                   // where the check takes place; empty: not asked
  std::vector<std::string> issuing_states{"RUS"};  // of patents
  // Whose old documents may stand under SHA-1, as the MRZ names the states. Never said of a patent.
  std::vector<std::string> sha1_issuers{};
};
enum class PolicyError : std::uint8_t { not_found, not_json, unknown_member, bad_value };
crypto::Result<Policy, PolicyError> parse_policy(std::string_view json);
crypto::Result<Policy, PolicyError> load_policy(const std::filesystem::path& file);

}  // namespace reader
