// SPDX-License-Identifier: Apache-2.0
// Owns the map in RAM from object ids to the pieces of the journal in which the objects lie. Fixed arrays, no heap.
#pragma once

#include <array>

#include "card/host/journal.hpp"

namespace host {

class ObjectIndex {
public:
  static constexpr std::size_t kMaxObjects = 640;
  static constexpr std::size_t kMaxObjectSize = 32767;
  // Pieces of all objects together. Compaction makes one of each object, so that many appends lie between two of them.
  static constexpr std::size_t kMaxExtents = 2048;

  using ExtentNumber = std::uint16_t;
  static constexpr ExtentNumber kNone = 0xFFFF;

  struct Extent {
    std::uint32_t offset;  // in the memory
    std::uint16_t length;
    ExtentNumber next;
  };
  struct Object {
    std::uint16_t id;
    std::uint16_t size;
    ExtentNumber first;
    ExtentNumber last;
  };

  ObjectIndex() { clear(); }
  void clear();

  [[nodiscard]] const Object* find(std::uint16_t id) const;
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const Object& at(std::size_t position) const { return objects_[position]; }  // in the order of ids
  [[nodiscard]] const Extent& extent(ExtentNumber number) const { return extents_[number]; }
  // What the objects take in a journal that compaction has just written.
  [[nodiscard]] std::size_t live_octets() const { return payload_ + count_ * Journal::kRecordFrame; }

  [[nodiscard]] bool room_for_object(std::uint16_t id) const { return count_ < kMaxObjects || find(id) != nullptr; }
  [[nodiscard]] bool room_for_extent() const { return free_ != kNone; }

  // Takes a write, append or remove into account. False when it contradicts what is there or a limit.
  bool apply(const FoundRecord& record);

private:
  [[nodiscard]] std::size_t position(std::uint16_t id) const;
  Object* find_or_make(std::uint16_t id);
  bool add_extent(Object& object, const FoundRecord& record);
  void release_extents(Object& object);

  std::array<Object, kMaxObjects> objects_{};
  std::array<Extent, kMaxExtents> extents_{};
  std::size_t count_ = 0;
  std::size_t payload_ = 0;
  ExtentNumber free_ = kNone;
};

}  // namespace host
