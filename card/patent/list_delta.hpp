// SPDX-License-Identifier: Apache-2.0
// Owns deltas: what turns one version of a status list into the next, in as few octets as a handheld's link has
// (docs/status.md).
#pragma once

#include "card/patent/status_list.hpp"

namespace patent {

enum class DeltaError : std::uint8_t {
  malformed,    // no delta, or its code runs past its end
  wrong_base,   // made from another list, or from another version of this one
  wrong_result  // what comes out is not what its maker had
};

// Both lists have the same kind, name, bits and number of entries; else nothing.
std::optional<Bytes> make_delta(const StatusList& base, const StatusList& next);
// The next list, exactly as make_delta() had it.
crypto::Result<StatusList, DeltaError> apply_delta(const StatusList& base, ByteView delta);
// What a delta says of itself, before there is a base to apply it to.
struct DeltaNames {
  ListKind kind{};
  std::string uri;
  Bytes base;  // list_fingerprint() of the list that it is made from
};
crypto::Result<DeltaNames, DeltaError> delta_names(ByteView delta);

// SHA-256 over kind, name, bits and entries.
Bytes list_fingerprint(const StatusList& list);

}  // namespace patent
