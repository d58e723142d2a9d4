// SPDX-License-Identifier: Apache-2.0
// Owns what can be wrong with a trust package or with the folder it is installed in: each by its own name.
#pragma once

#include <cstdint>
#include <string_view>

namespace reader {

enum class PackageFault : std::uint8_t {
  // the file
  unreadable,
  incomplete,
  malformed,
  too_large,
  unsupported_version,
  wrong_content,
  bad_list,
  // its signature
  no_signer,
  bad_signature,
  wrong_purpose,
  not_in_office,
  untrusted,
  foreign_state,
  revoked,
  revocation_unknown,
  // what is in it
  bad_certificate,
  foreign_certificate,
  bad_revocation_list,
  bad_cv_certificate,
  bad_master_list,
  bad_months,
  bad_regions,
  bad_policy,
  // when, and upon what
  from_future,
  expired,
  rollback,
  older,
  older_list,
  no_base,
  wrong_base,
  bad_delta,
  wrong_result,
  too_many_deltas,
  // the folder
  no_store,
  no_anchor,
  other_anchor,
  empty,
  busy,
  not_written,
};
// "BAD_SIGNATURE" and so on: for machines.
std::string_view name_of(PackageFault fault);
// A sentence that says what to do, where something can be done.
std::string_view words_for(PackageFault fault);

}  // namespace reader
