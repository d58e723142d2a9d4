// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/tlv_tree.hpp"

#include <algorithm>
#include <cstdlib>

namespace simulator {

std::vector<Node> Node::parse(crypto::ByteView objects) {
  std::vector<Node> out;
  for (crypto::TlvReader reader(objects, crypto::TlvForm::ber); !reader.at_end();) {
    const auto object = reader.next();
    if (!object) std::abort();
    if (object->constructed())
      out.push_back({object->tag, {}, parse(object->value)});
    else
      out.push_back({object->tag, {object->value.begin(), object->value.end()}, {}});
  }
  return out;
}

crypto::Bytes Node::encode() const {
  if (children.empty()) return crypto::tlv(tag, value);
  crypto::Bytes inside;
  for (const auto& child : children) {
    const auto octets = child.encode();
    inside.insert(inside.end(), octets.begin(), octets.end());
  }
  return crypto::tlv(tag, inside);
}

Node& Node::at(std::initializer_list<std::uint32_t> path) {
  Node* node = this;
  for (const auto tag_of_child : path) {
    const auto child = std::ranges::find(node->children, tag_of_child, &Node::tag);
    if (child == node->children.end()) std::abort();
    node = &*child;
  }
  return *node;
}

void Node::drop(std::uint32_t child) {
  std::erase_if(children, [child](const Node& node) { return node.tag == child; });
}

void edit(crypto::Bytes& whole, const std::function<void(Node&)>& change) {
  auto nodes = Node::parse(whole);
  change(nodes.at(0));
  whole = nodes[0].encode();
}

}  // namespace simulator
