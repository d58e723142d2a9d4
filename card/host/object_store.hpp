// SPDX-License-Identifier: Apache-2.0
// Owns the card's persistent objects over NVM: numbered values with transactions that a power cut cannot halve
// (docs/nvm-format.md).
#pragma once

#include <array>

#include "card/host/nvm.hpp"

namespace host {

enum class StoreError : unsigned char {
  unformatted,    // no store was ever made in this memory
  corrupt,        // no consistent state can be found: the card is dead, not guessed at
  wrong_version,  // made by a newer software
  no_space,       // the transaction is undone
  not_found,
  out_of_range,
  no_transaction,  // a change outside begin()..commit()
  memory,          // the memory itself failed, or its power: nothing more is served until mount()
};

// What an object is is its user's affair: the applets' table of ids stands in card_objects.hpp.
using ObjectId = std::uint16_t;  // 1 .. 0xFFFE

class ObjectStore {
public:
  static constexpr std::size_t kMaxObjects = 640;
  static constexpr std::size_t kMaxObjectSize = 32767;

  using Outcome = crypto::Result<void, StoreError>;

  explicit ObjectStore(Nvm& nvm) : nvm_(nvm) {}
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;

  // Makes an empty store; whatever was in the memory is gone.
  Outcome format();
  // Finds the last committed state; what was not committed never was. Idempotent; itself survives power cuts.
  Outcome mount();

  [[nodiscard]] bool exists(ObjectId id) const;
  // 0 for an object that does not exist.
  [[nodiscard]] std::size_t size(ObjectId id) const;
  // Exactly out.size() octets from `offset`; out_of_range when the object has fewer. Inside a transaction: the staged
  // state.
  Outcome read(ObjectId id, std::size_t offset, crypto::ByteSpan out);

  // One transaction at a time. Changes are seen by this store's readers at once and become lasting, together, with
  // commit().
  void begin();
  [[nodiscard]] bool in_transaction() const;
  Outcome write(ObjectId id, crypto::ByteView whole);  // makes or replaces
  Outcome append(ObjectId id, crypto::ByteView more);  // makes or extends
  Outcome remove(ObjectId id);                         // not_found when it does not exist
  Outcome commit();
  void abort();

  // Octets that can still be written before the store is full, compaction included.
  [[nodiscard]] std::size_t free_octets() const;

private:
  Nvm& nvm_;
};

}  // namespace host
