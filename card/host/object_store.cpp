// SPDX-License-Identifier: Apache-2.0
#include "card/host/object_store.hpp"

namespace host {
namespace {

std::size_t area_size(const Nvm& nvm) { return nvm.size() / Nvm::kPage / 2 * Nvm::kPage; }

bool is_id(ObjectId id) { return id != 0 && id != 0xFFFF; }

}  // namespace

ObjectStore::ObjectStore(Nvm& nvm)
    : nvm_(nvm), areas_{Journal(nvm, 0, area_size(nvm)), Journal(nvm, area_size(nvm), area_size(nvm))} {}

crypto::unexpected<StoreError> ObjectStore::die(StoreError error) {
  mounted_ = false;
  in_transaction_ = false;
  index_.clear();
  return crypto::unexpected(error);
}

template <class T>
crypto::Result<T, StoreError> ObjectStore::alive(crypto::Result<T, NvmError> result) {
  if (!result) return die(StoreError::memory);
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return *result;
}

// --- finding the last committed state

ObjectStore::Outcome ObjectStore::mount() {
  mounted_ = false;
  in_transaction_ = false;
  PATENT_TRY_VOID(choose_area());
  PATENT_TRY(const Tail tail, load());
  PATENT_TRY_VOID(alive(other().erase()));
  PATENT_TRY_VOID(alive(nvm_.sync()));
  // What a power cut left behind is never written over or skipped: the journal goes on in the other area without it.
  if (tail != Tail::clean) PATENT_TRY_VOID(compact());
  mounted_ = true;
  return {};
}

// A compaction seals its target last and then erases its source, so two seals are one generation apart and the newer
// one is whole.
ObjectStore::Outcome ObjectStore::choose_area() {
  PATENT_TRY(const Seal first, alive(areas_[0].open()));
  PATENT_TRY(const Seal second, alive(areas_[1].open()));
  if (first == Seal::other_version || second == Seal::other_version) return die(StoreError::wrong_version);
  if (first == Seal::sealed && second == Seal::sealed) {
    const std::uint32_t ahead = areas_[1].head().generation - areas_[0].head().generation;
    if (ahead != 1 && ahead != UINT32_MAX) return die(StoreError::corrupt);
    active_ = ahead == 1 ? 1 : 0;
    return {};
  }
  if (first == Seal::none && second == Seal::none) {
    for (Journal& area : areas_) {
      PATENT_TRY(const bool blank, alive(area.blank()));
      if (!blank) return die(StoreError::corrupt);
    }
    return die(StoreError::unformatted);
  }
  active_ = second == Seal::sealed ? 1 : 0;
  return {};
}

// The area's grammar: (change* (commit | abort))+ change*, the first being a commit; numbers grow by one.
crypto::Result<ObjectStore::Tail, StoreError> ObjectStore::load() {
  index_.clear();
  transaction_ = journal().head().transaction;
  for (std::size_t at = journal().first_record();; ++transaction_) {
    PATENT_TRY(const Transaction found, walk_transaction(at));
    const bool first = at == journal().first_record();
    const bool committed = found.finding == Finding::record && found.ended_by == RecordKind::commit;
    if (found.finding == Finding::damaged || (first && !committed)) return die(StoreError::corrupt);
    if (found.finding == Finding::record) {
      if (committed) PATENT_TRY_VOID(apply_all(at, found.end));
      at = found.end;
      continue;
    }
    staged_begin_ = at;
    end_ = found.end;
    committed_live_ = index_.live_octets();
    if (found.finding == Finding::torn) return Tail::torn;
    return found.end == at ? Tail::clean : Tail::unfinished;
  }
}

crypto::Result<ObjectStore::Transaction, StoreError> ObjectStore::walk_transaction(std::size_t at) {
  for (;;) {
    PATENT_TRY(const FoundRecord record, alive(journal().find(at)));
    if (record.finding != Finding::record) return Transaction{record.finding, RecordKind::commit, at};
    if (record.head.transaction != transaction_) return Transaction{Finding::damaged, RecordKind::commit, at};
    at = record.next;
    if (record.head.kind == RecordKind::commit || record.head.kind == RecordKind::abort)
      return Transaction{Finding::record, record.head.kind, at};
  }
}

ObjectStore::Outcome ObjectStore::apply_all(std::size_t from, std::size_t until) {
  while (from < until) {
    PATENT_TRY(const FoundRecord record, alive(journal().find(from)));
    if (record.finding != Finding::record) return die(StoreError::corrupt);
    if (record.head.kind != RecordKind::commit && !index_.apply(record)) return die(StoreError::corrupt);
    from = record.next;
  }
  return {};
}

// --- compaction

ObjectStore::Outcome ObjectStore::format() {
  mounted_ = false;
  in_transaction_ = false;
  index_.clear();
  for (Journal& area : areas_) PATENT_TRY_VOID(alive(area.erase()));
  active_ = 0;
  journal().prepare({1, 0});
  PATENT_TRY_VOID(alive(copy_objects(journal(), 0)));
  PATENT_TRY_VOID(alive(journal().seal()));
  PATENT_TRY_VOID(alive(nvm_.sync()));
  return mount();
}

// Writes the committed objects, each in one piece, and behind them the open transaction's records into the other area;
// its seal makes it the one in use. Cut anywhere, the one or the other area stands whole.
ObjectStore::Outcome ObjectStore::compact() {
  PATENT_TRY_VOID(load());
  Journal& target = other();
  PATENT_TRY_VOID(alive(target.erase()));
  target.prepare({journal().head().generation + 1, transaction_ - 1});
  PATENT_TRY(const std::size_t at, alive(copy_objects(target, transaction_ - 1)));
  if (in_transaction_) PATENT_TRY_VOID(alive(copy_staged(target, at)));
  PATENT_TRY_VOID(alive(nvm_.sync()));
  PATENT_TRY_VOID(alive(target.seal()));
  PATENT_TRY_VOID(alive(nvm_.sync()));
  PATENT_TRY_VOID(alive(journal().erase()));
  PATENT_TRY_VOID(alive(nvm_.sync()));
  active_ = 1 - active_;
  PATENT_TRY_VOID(load());
  return apply_all(staged_begin_, end_);
}

crypto::Result<std::size_t, NvmError> ObjectStore::copy_objects(Journal& target, std::uint32_t transaction) {
  std::size_t at = target.first_record();
  for (std::size_t i = 0; i < index_.count(); ++i) {
    const auto& object = index_.at(i);
    RecordWriter writer(target, at, {RecordKind::write, object.id, object.size, transaction});
    for (auto number = object.first; number != ObjectIndex::kNone; number = index_.extent(number).next)
      PATENT_TRY_VOID(writer.copy(index_.extent(number).offset, index_.extent(number).length));
    PATENT_TRY(at, writer.finish());
  }
  return RecordWriter(target, at, {RecordKind::commit, 0, 0, transaction}).finish();
}

crypto::Result<std::size_t, NvmError> ObjectStore::copy_staged(Journal& target, std::size_t at) {
  for (std::size_t from = staged_begin_; from < end_;) {
    PATENT_TRY(const FoundRecord record, journal().find(from));
    if (record.finding != Finding::record) return crypto::unexpected(NvmError::failed);
    RecordWriter writer(target, at, record.head);
    PATENT_TRY_VOID(writer.copy(record.payload, record.head.length));
    PATENT_TRY(at, writer.finish());
    from = record.next;
  }
  return at;
}

ObjectStore::Outcome ObjectStore::purge() {
  if (!mounted_) return die(StoreError::memory);
  if (in_transaction_) return crypto::unexpected(StoreError::no_transaction);
  const bool nothing_dead = end_ == journal().first_record() + committed_live_ + Journal::kRecordFrame;
  return nothing_dead ? Outcome{} : compact();
}

// --- reading

std::size_t ObjectStore::size(ObjectId id) const {
  const auto* const object = index_.find(id);
  return object == nullptr ? 0 : object->size;
}

ObjectStore::Outcome ObjectStore::read(ObjectId id, std::size_t offset, crypto::ByteSpan out) {
  if (!mounted_) return die(StoreError::memory);
  const auto* const object = index_.find(id);
  if (object == nullptr) return crypto::unexpected(StoreError::not_found);
  if (offset > object->size || out.size() > object->size - offset) return crypto::unexpected(StoreError::out_of_range);
  for (auto number = object->first; number != ObjectIndex::kNone && !out.empty(); number = index_.extent(number).next) {
    const auto& extent = index_.extent(number);
    if (offset < extent.length) {
      const auto part = out.first(std::min(out.size(), extent.length - offset));
      PATENT_TRY_VOID(alive(nvm_.read(extent.offset + offset, part)));
      out = out.subspan(part.size());
      offset = 0;
    } else {
      offset -= extent.length;
    }
  }
  return {};
}

std::size_t ObjectStore::occupied_after_compaction() const {
  const std::size_t two_ends = 2 * Journal::kRecordFrame;  // the objects' commit and the transaction's
  return committed_live_ + staged() + two_ends;
}

std::size_t ObjectStore::free_octets() const {
  const std::size_t used = occupied_after_compaction() + Journal::kRecordFrame;
  return mounted_ && used < capacity() ? capacity() - used : 0;
}

ObjectStore::Usage ObjectStore::usage() const {
  if (!mounted_) return {};
  return {capacity(), index_.live_octets(), end_ - journal().first_record(), journal().head().generation, transaction_};
}

// --- transactions

void ObjectStore::begin() { in_transaction_ = mounted_; }

ObjectStore::Outcome ObjectStore::write(ObjectId id, crypto::ByteView whole) {
  return change(RecordKind::write, id, whole);
}

ObjectStore::Outcome ObjectStore::append(ObjectId id, crypto::ByteView more) {
  if (more.size() > kMaxObjectSize - size(id)) return crypto::unexpected(StoreError::out_of_range);
  return change(RecordKind::append, id, more);
}

ObjectStore::Outcome ObjectStore::remove(ObjectId id) {
  if (mounted_ && in_transaction_ && !exists(id)) return crypto::unexpected(StoreError::not_found);
  return change(RecordKind::remove, id, {});
}

ObjectStore::Outcome ObjectStore::change(RecordKind kind, ObjectId id, crypto::ByteView payload) {
  if (!mounted_) return die(StoreError::memory);
  if (!in_transaction_) return crypto::unexpected(StoreError::no_transaction);
  if (!is_id(id) || payload.size() > kMaxObjectSize) return crypto::unexpected(StoreError::out_of_range);
  if (auto room = make_room(id, Journal::kRecordFrame + payload.size()); !room) {
    if (room.error() == StoreError::no_space) abort();
    return room;
  }
  const FoundRecord record{Finding::record,
                           {kind, id, static_cast<std::uint16_t>(payload.size()), transaction_},
                           end_ + Journal::kRecordHead,
                           0};
  PATENT_TRY_VOID(put_record(kind, id, payload));
  return index_.apply(record) ? Outcome{} : die(StoreError::corrupt);
}

// Room for the record and for the one that ends the transaction.
ObjectStore::Outcome ObjectStore::make_room(ObjectId id, std::size_t record) {
  const auto fits = [this, record] {
    return index_.room_for_extent() && record + Journal::kRecordFrame <= journal().end() - end_;
  };
  if (!index_.room_for_object(id)) return crypto::unexpected(StoreError::no_space);
  if (fits()) return {};
  if (occupied_after_compaction() + record > capacity()) return crypto::unexpected(StoreError::no_space);
  PATENT_TRY_VOID(compact());
  return fits() ? Outcome{} : crypto::unexpected(StoreError::no_space);
}

ObjectStore::Outcome ObjectStore::put_record(RecordKind kind, ObjectId id, crypto::ByteView payload) {
  RecordWriter writer(journal(), end_, {kind, id, static_cast<std::uint16_t>(payload.size()), transaction_});
  PATENT_TRY_VOID(alive(writer.put(payload)));
  PATENT_TRY(end_, alive(writer.finish()));
  return {};
}

ObjectStore::Outcome ObjectStore::end_transaction(RecordKind kind) {
  PATENT_TRY_VOID(put_record(kind, 0, {}));
  PATENT_TRY_VOID(alive(nvm_.sync()));
  ++transaction_;
  staged_begin_ = end_;
  in_transaction_ = false;
  return {};
}

ObjectStore::Outcome ObjectStore::commit() {
  if (!mounted_) return die(StoreError::memory);
  if (!in_transaction_) return crypto::unexpected(StoreError::no_transaction);
  in_transaction_ = staged() != 0;
  if (in_transaction_) PATENT_TRY_VOID(end_transaction(RecordKind::commit));
  committed_live_ = index_.live_octets();
  return {};
}

void ObjectStore::abort() {
  if (!in_transaction_) return;
  in_transaction_ = staged() != 0;
  // A failure unmounts the store, and mount() drops what was not committed.
  if (in_transaction_ && end_transaction(RecordKind::abort)) static_cast<void>(load());
}

}  // namespace host
