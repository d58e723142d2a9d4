// SPDX-License-Identifier: Apache-2.0
// Owns how a refusal travels inside the card: a value or the status word that will be the answer.
#pragma once

#include "card/host/object_store.hpp"
#include "card/wire/status_word.hpp"
#include "crypto/engine.hpp"

namespace host {

template <class T = void>
using Answer = crypto::Result<T, wire::StatusWord>;

[[nodiscard]] constexpr crypto::unexpected<wire::StatusWord> refuse(wire::StatusWord sw) {
  return crypto::unexpected<wire::StatusWord>(sw);
}

// What the store's and the engine's failures are called outside.
[[nodiscard]] constexpr Answer<> answer_of(const ObjectStore::Outcome& outcome) {
  if (outcome) return {};
  return refuse(outcome.error() == StoreError::no_space ? wire::StatusWord::not_enough_memory
                                                        : wire::StatusWord::memory_failure);
}
[[nodiscard]] constexpr Answer<> answer_of(const crypto::Engine::Outcome& outcome) {
  if (outcome) return {};
  return refuse(wire::StatusWord::no_precise_diagnosis);
}
// A step of an authentication that failed.
[[nodiscard]] constexpr wire::StatusWord refusal_of(crypto::CryptoError error) {
  switch (error) {
    case crypto::CryptoError::bad_token: return wire::StatusWord::authentication_failed;
    case crypto::CryptoError::bad_state: return wire::StatusWord::conditions_not_satisfied;
    case crypto::CryptoError::bad_point:
    case crypto::CryptoError::bad_length: return wire::StatusWord::wrong_data;
    default: return wire::StatusWord::no_precise_diagnosis;
  }
}
[[nodiscard]] constexpr wire::StatusWord status_of(const Answer<>& answer) {
  return answer ? wire::StatusWord::ok : answer.error();
}

}  // namespace host
