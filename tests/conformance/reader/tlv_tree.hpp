// SPDX-License-Identifier: Apache-2.0
// Owns the editing of nested TLV: an object as a tree, changed anywhere, and encoded again with lengths that fit.
#pragma once

#include <functional>
#include <initializer_list>
#include <vector>

#include "crypto/tlv.hpp"

namespace simulator {

struct Node {
  std::uint32_t tag = 0;
  crypto::Bytes value;  // of a primitive object
  std::vector<Node> children;

  static std::vector<Node> parse(crypto::ByteView objects);
  [[nodiscard]] crypto::Bytes encode() const;
  // The first child of each tag in turn; a path that is not there ends the program: the kit made the file.
  [[nodiscard]] Node& at(std::initializer_list<std::uint32_t> path);
  void drop(std::uint32_t child);  // every child of this tag
};

// `whole` is one object; what the change left of it is written back.
void edit(crypto::Bytes& whole, const std::function<void(Node&)>& change);

}  // namespace simulator
