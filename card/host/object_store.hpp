// SPDX-License-Identifier: Apache-2.0
// Owns the card's persistent objects over NVM: numbered values with transactions that a power cut cannot halve
// (docs/nvm-format.md).
#pragma once

#include <array>

#include "card/host/object_index.hpp"

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

using StoreOutcome = crypto::Result<void, StoreError>;

class ObjectStore {
public:
  static constexpr std::size_t kMaxObjects = ObjectIndex::kMaxObjects;
  static constexpr std::size_t kMaxObjectSize = ObjectIndex::kMaxObjectSize;

  using Outcome = StoreOutcome;

  // Uses the whole memory, two pages at least: two areas of half its pages each, of which one is in use.
  explicit ObjectStore(Nvm& nvm);
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;

  // Makes an empty store; whatever was in the memory is gone.
  Outcome format();
  // Finds the last committed state; what was not committed never was. Idempotent; itself survives power cuts.
  Outcome mount();

  [[nodiscard]] bool exists(ObjectId id) const { return index_.find(id) != nullptr; }
  // 0 for an object that does not exist.
  [[nodiscard]] std::size_t size(ObjectId id) const;
  // Exactly out.size() octets from `offset`; out_of_range when the object has fewer. Inside a transaction: the staged
  // state.
  Outcome read(ObjectId id, std::size_t offset, crypto::ByteSpan out);

  // One transaction at a time; begin() inside one changes nothing. Changes are seen by this store's readers at once and
  // become lasting, together, with commit(). A transaction without changes costs nothing.
  void begin();
  [[nodiscard]] bool in_transaction() const { return in_transaction_; }
  Outcome write(ObjectId id, crypto::ByteView whole);  // makes or replaces
  Outcome append(ObjectId id, crypto::ByteView more);  // makes or extends
  Outcome remove(ObjectId id);                         // not_found when it does not exist
  Outcome commit();
  void abort();

  // Erases every octet that belongs to no object any more: replaced and removed keys do not linger. Outside a
  // transaction only (else no_transaction).
  Outcome purge();

  // Octets that can still be written, as one object, before the store is full, compaction included.
  [[nodiscard]] std::size_t free_octets() const;

  // The objects in the order of their ids, for whoever lists them.
  [[nodiscard]] std::size_t count() const { return index_.count(); }
  [[nodiscard]] ObjectId id_at(std::size_t position) const { return index_.at(position).id; }

  struct Usage {
    std::size_t capacity = 0;        // octets that objects and their frames may take
    std::size_t live = 0;            // octets that they take
    std::size_t journal = 0;         // octets written in the area in use
    std::uint32_t generation = 0;    // one more with each compaction
    std::uint32_t transactions = 0;  // ended so far
  };
  [[nodiscard]] Usage usage() const;

private:
  enum class Tail : crypto::Byte { clean, unfinished, torn };
  // From its first record to its commit or abort; a transaction without end has another finding than `record`.
  struct Transaction {
    Finding finding = Finding::end;
    RecordKind ended_by = RecordKind::commit;
    std::size_t end = 0;  // behind its last whole record
  };

  [[nodiscard]] Journal& journal() { return areas_[active_]; }
  [[nodiscard]] const Journal& journal() const { return areas_[active_]; }
  [[nodiscard]] Journal& other() { return areas_[1 - active_]; }
  [[nodiscard]] std::size_t staged() const { return end_ - staged_begin_; }
  [[nodiscard]] std::size_t capacity() const { return journal().end() - journal().first_record(); }
  // What a compaction would leave behind, the record that ends the transaction included.
  [[nodiscard]] std::size_t occupied_after_compaction() const;

  Outcome choose_area();
  crypto::Result<Tail, StoreError> load();
  crypto::Result<Transaction, StoreError> walk_transaction(std::size_t at);
  Outcome apply_all(std::size_t from, std::size_t until);

  Outcome compact();
  crypto::Result<std::size_t, NvmError> copy_objects(Journal& target, std::uint32_t transaction);
  crypto::Result<std::size_t, NvmError> copy_staged(Journal& target, std::size_t at);

  Outcome change(RecordKind kind, ObjectId id, crypto::ByteView payload);
  Outcome make_room(ObjectId id, std::size_t record);
  Outcome end_transaction(RecordKind kind);
  Outcome put_record(RecordKind kind, ObjectId id, crypto::ByteView payload);

  crypto::unexpected<StoreError> die(StoreError error);
  template <class T>
  crypto::Result<T, StoreError> alive(crypto::Result<T, NvmError> result);

  Nvm& nvm_;
  std::array<Journal, 2> areas_;
  std::size_t active_ = 0;
  ObjectIndex index_;  // staged changes included
  bool mounted_ = false;
  bool in_transaction_ = false;
  std::uint32_t transaction_ = 0;  // the number of the open or else the next transaction
  std::size_t staged_begin_ = 0;   // where its first record stands or will stand
  std::size_t end_ = 0;            // where the next record goes
  std::size_t committed_live_ = 0;
};

}  // namespace host
