// SPDX-License-Identifier: Apache-2.0
#include "card/host/file_system.hpp"

#include "card/host/announcement.hpp"
#include "card/host/card_objects.hpp"
#include "card/host/trust_points.hpp"

namespace host {

namespace {

crypto::ByteView constant_content(layout::FileId id) {
  if (id == layout::FileId::dir) return kDir;
  if (id == layout::FileId::atr_info) return kAtrInfo;
  return {};
}

// The object without which the file is not there.
ObjectId object_of(layout::FileId id) {
  return id == layout::FileId::cvca ? trust_point_object(TrustPoint::newest) : file_object(id);
}

Answer<> copy_part(crypto::ByteView content, std::size_t offset, crypto::ByteSpan out) {
  if (offset > content.size() || out.size() > content.size() - offset) return refuse(wire::StatusWord::wrong_p1p2);
  std::ranges::copy(content.subspan(offset, out.size()), out.begin());
  return {};
}

}  // namespace

Answer<ObjectId> unfinished_object(ObjectStore& store) {
  if (!store.exists(kUnfinishedObject)) return ObjectId{0};
  std::array<crypto::Byte, 2> id{};
  PATENT_TRY_VOID(answer_of(store.read(kUnfinishedObject, 0, id)));
  return crypto::load_be16(id);
}

bool FileSystem::exists(const layout::File& file) {
  if (file.structure != layout::Structure::transparent) return false;
  if (!constant_content(file.id).empty()) return true;
  const ObjectId object = object_of(file.id);
  const auto unfinished = unfinished_object(store_);
  return unfinished && *unfinished != object && store_.exists(object);
}

std::size_t FileSystem::size(const layout::File& file) const {
  if (file.id == layout::FileId::cvca) return kEfCvcaOctets;
  const auto constant = constant_content(file.id);
  return constant.empty() ? store_.size(file_object(file.id)) : constant.size();
}

Answer<> FileSystem::read(const layout::File& file, std::size_t offset, crypto::ByteSpan out) {
  if (file.id == layout::FileId::cvca) {
    PATENT_TRY(const auto content, ef_cvca(store_));
    return copy_part(content, offset, out);
  }
  const auto constant = constant_content(file.id);
  if (constant.empty()) return answer_of(store_.read(file_object(file.id), offset, out));
  return copy_part(constant, offset, out);
}

}  // namespace host
