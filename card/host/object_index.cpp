// SPDX-License-Identifier: Apache-2.0
#include "card/host/object_index.hpp"

namespace host {

void ObjectIndex::clear() {
  count_ = 0;
  payload_ = 0;
  for (std::size_t i = 0; i < kMaxExtents; ++i) extents_[i].next = static_cast<ExtentNumber>(i + 1);
  extents_[kMaxExtents - 1].next = kNone;
  free_ = 0;
}

std::size_t ObjectIndex::position(std::uint16_t id) const {
  const auto end = objects_.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto found = std::lower_bound(objects_.begin(), end, id,
                                      [](const Object& object, std::uint16_t key) { return object.id < key; });
  return static_cast<std::size_t>(found - objects_.begin());
}

const ObjectIndex::Object* ObjectIndex::find(std::uint16_t id) const {
  const std::size_t at = position(id);
  return at < count_ && objects_[at].id == id ? &objects_[at] : nullptr;
}

ObjectIndex::Object* ObjectIndex::find_or_make(std::uint16_t id) {
  const std::size_t at = position(id);
  if (at < count_ && objects_[at].id == id) return &objects_[at];
  if (count_ == kMaxObjects) return nullptr;
  const auto place = objects_.begin() + static_cast<std::ptrdiff_t>(at);
  const auto end = objects_.begin() + static_cast<std::ptrdiff_t>(count_);
  std::copy_backward(place, end, end + 1);
  *place = Object{id, 0, kNone, kNone};
  ++count_;
  return &*place;
}

bool ObjectIndex::add_extent(Object& object, const FoundRecord& record) {
  if (record.head.length == 0) return true;
  if (free_ == kNone || record.head.length > kMaxObjectSize - object.size) return false;
  const ExtentNumber number = free_;
  free_ = extents_[number].next;
  extents_[number] = {static_cast<std::uint32_t>(record.payload), record.head.length, kNone};
  (object.first == kNone ? object.first : extents_[object.last].next) = number;
  object.last = number;
  object.size = static_cast<std::uint16_t>(object.size + record.head.length);
  payload_ += record.head.length;
  return true;
}

void ObjectIndex::release_extents(Object& object) {
  if (object.first != kNone) {
    extents_[object.last].next = free_;
    free_ = object.first;
  }
  payload_ -= object.size;
  object = Object{object.id, 0, kNone, kNone};
}

bool ObjectIndex::apply(const FoundRecord& record) {
  switch (record.head.kind) {
    case RecordKind::write:
    case RecordKind::append: {
      Object* const object = find_or_make(record.head.object);
      if (object == nullptr) return false;
      if (record.head.kind == RecordKind::write) release_extents(*object);
      return add_extent(*object, record);
    }
    case RecordKind::remove: {
      const std::size_t at = position(record.head.object);
      if (at == count_ || objects_[at].id != record.head.object || record.head.length != 0) return false;
      release_extents(objects_[at]);
      const auto place = objects_.begin() + static_cast<std::ptrdiff_t>(at);
      std::copy(place + 1, objects_.begin() + static_cast<std::ptrdiff_t>(count_), place);
      --count_;
      return true;
    }
    case RecordKind::commit:
    case RecordKind::abort: return false;
  }
  return false;
}

}  // namespace host
