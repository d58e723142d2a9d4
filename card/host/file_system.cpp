// SPDX-License-Identifier: Apache-2.0
#include "card/host/file_system.hpp"

#include "card/host/announcement.hpp"
#include "card/host/card_objects.hpp"

namespace host {

namespace {

crypto::ByteView constant_content(layout::FileId id) {
  if (id == layout::FileId::dir) return kDir;
  if (id == layout::FileId::atr_info) return kAtrInfo;
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
  const auto unfinished = unfinished_object(store_);
  return unfinished && *unfinished != file_object(file.id) && store_.exists(file_object(file.id));
}

std::size_t FileSystem::size(const layout::File& file) const {
  const auto constant = constant_content(file.id);
  return constant.empty() ? store_.size(file_object(file.id)) : constant.size();
}

Answer<> FileSystem::read(const layout::File& file, std::size_t offset, crypto::ByteSpan out) {
  const auto constant = constant_content(file.id);
  if (constant.empty()) return answer_of(store_.read(file_object(file.id), offset, out));
  if (offset > constant.size() || out.size() > constant.size() - offset) return refuse(wire::StatusWord::wrong_p1p2);
  std::ranges::copy(constant.subspan(offset, out.size()), out.begin());
  return {};
}

}  // namespace host
