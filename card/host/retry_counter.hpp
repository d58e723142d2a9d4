// SPDX-License-Identifier: Apache-2.0
// Owns the counting of failed authentications: a try is charged, lastingly, before anything is compared.
#pragma once

#include "card/host/answer.hpp"

namespace host {

class RetryCounter {
public:
  RetryCounter(ObjectStore& store, ObjectId id) : store_(store), id_(id) {}

  // Failures in a row, 255 at most.
  [[nodiscard]] Answer<std::uint8_t> failures();
  // Counts this try as failed, commits that and reads it back; only then may a secret be compared. A transaction of
  // the command must not be open: it would be committed with the charge.
  Answer<> charge();
  // The try was right after all.
  Answer<> clear();

private:
  Answer<> store(std::uint8_t failures);

  ObjectStore& store_;
  ObjectId id_;
};

}  // namespace host
