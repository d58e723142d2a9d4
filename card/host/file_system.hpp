// SPDX-License-Identifier: Apache-2.0
// Owns the content of the transparent files: those in the card's memory, those that are constant, and
// EF.CVCA, which follows from the trust points.
#pragma once

#include "card/host/answer.hpp"
#include "card/layout/files.hpp"

namespace host {

class FileSystem {
public:
  explicit FileSystem(ObjectStore& store) : store_(store) {}

  // False too for a file whose DGI is not yet whole.
  [[nodiscard]] bool exists(const layout::File& file);
  [[nodiscard]] std::size_t size(const layout::File& file) const;
  Answer<> read(const layout::File& file, std::size_t offset, crypto::ByteSpan out);

private:
  ObjectStore& store_;
};

// The object whose DGI is not yet whole; 0 when there is none.
[[nodiscard]] Answer<ObjectId> unfinished_object(ObjectStore& store);

}  // namespace host
