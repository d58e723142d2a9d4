// SPDX-License-Identifier: Apache-2.0
// Owns the form that DG11 and DG12 share: a tag list 5C and the objects that it names (Doc 9303-10, 4.7.11, 4.7.12).
#pragma once

#include <vector>

#include "card/patent/tlv_decoding.hpp"

namespace patent {

struct ListedObject {
  std::uint32_t tag = 0;
  Bytes value;
  friend bool operator==(const ListedObject&, const ListedObject&) = default;
};
using ListedObjects = std::vector<ListedObject>;

Bytes encode_listed(std::uint8_t file_tag, const ListedObjects& objects);
// The list must name exactly the objects that follow, each once, in their order.
Decoded<ListedObjects> decode_listed(ByteView file, std::uint8_t file_tag);
// missing_object when there is none.
Decoded<std::string> listed_text(const ListedObjects& objects, std::uint32_t tag);
// Eight digits; also from the four octets of BCD that older documents carry.
Decoded<std::string> listed_date(const ListedObjects& objects, std::uint32_t tag);

}  // namespace patent
