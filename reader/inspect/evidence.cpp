// SPDX-License-Identifier: Apache-2.0
#include "reader/inspect/evidence.hpp"

#include <algorithm>

namespace reader {

const Bytes* Evidence::content(layout::FileId file) const {
  const auto found = std::ranges::find(files, file, &ReadFile::file);
  return found != files.end() && found->outcome == ReadOutcome::read ? &found->content : nullptr;
}

ReadOutcome Evidence::outcome(layout::FileId file) const {
  const auto found = std::ranges::find(files, file, &ReadFile::file);
  return found == files.end() ? ReadOutcome::not_tried : found->outcome;
}

}  // namespace reader
