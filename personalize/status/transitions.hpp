// SPDX-License-Identifier: Apache-2.0
// Owns which state of a patent may follow which, and the record that follows another (115-FZ art. 13.3;
// docs/status.md).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "card/patent/status_record.hpp"
#include "crypto/result.hpp"

namespace personalize {

// StatusRecord::reason of a patent that the issuer has put in force again. Months are counted on from such a record:
// the money from before it is the issuer's affair (docs/domain.md, paid period). Other numbers are the issuer's own.
inline constexpr std::uint8_t kReasonRestored = 1;

// The same state may follow itself while months can still be paid.
[[nodiscard]] bool may_follow(patent::State from, patent::State to);
[[nodiscard]] std::vector<patent::State> followers(patent::State from);
[[nodiscard]] constexpr bool is_living(patent::State state) {  // payments count
  return state == patent::State::valid || state == patent::State::not_active || state == patent::State::suspended;
}

// A stable word: "valid", "not_active", ...
std::string_view name_of(patent::State state);
std::optional<patent::State> state_named(std::string_view name);

enum class TransitionError : std::uint8_t {
  not_allowed,  // no such way from the newest state
  bad_months    // more than the twelve of the law, or fewer than are paid
};
struct Change {
  patent::State state{};
  std::uint8_t reason = 0;
  std::uint8_t months_paid = 0;
  std::chrono::sys_seconds at{};
};
// The sequence grows by one. Never dated before the newest: readers would take that one for the newer evidence.
crypto::Result<patent::StatusRecord, TransitionError> follow(const patent::StatusRecord& newest, const Change& change);

}  // namespace personalize
