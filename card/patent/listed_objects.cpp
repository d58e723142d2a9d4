// SPDX-License-Identifier: Apache-2.0
#include "card/patent/listed_objects.hpp"

#include <algorithm>

namespace patent {

namespace {

constexpr std::uint32_t kTagList = 0x5C;

void append_tag(Bytes& out, std::uint32_t tag) {
  if (tag > 0xFF) out.push_back(static_cast<std::uint8_t>(tag >> 8));
  out.push_back(static_cast<std::uint8_t>(tag));
}

}  // namespace

Bytes encode_listed(std::uint8_t file_tag, const ListedObjects& objects) {
  Bytes list, values;
  for (const auto& object : objects) {
    append_tag(list, object.tag);
    crypto::append_tlv(values, object.tag, object.value);
  }
  Bytes content = crypto::tlv(kTagList, list);
  content.insert(content.end(), values.begin(), values.end());
  return crypto::tlv(file_tag, content);
}

Decoded<ListedObjects> decode_listed(ByteView file, std::uint8_t file_tag) {
  PATENT_TRY(const auto value, open_file(file, file_tag, crypto::TlvForm::ber));
  crypto::TlvReader reader(value, crypto::TlvForm::ber);
  PATENT_TRY(const auto list, decoded(reader.expect(kTagList)));
  ListedObjects objects;
  Bytes seen;
  while (!reader.at_end()) {
    PATENT_TRY(const auto object, decoded(reader.next()));
    const auto same = [&](const ListedObject& other) { return other.tag == object.tag; };
    if (std::ranges::any_of(objects, same)) return crypto::unexpected(DecodeError::bad_value);
    objects.push_back({object.tag, Bytes(object.value.begin(), object.value.end())});
    append_tag(seen, object.tag);
  }
  if (!std::ranges::equal(seen, list.value)) return crypto::unexpected(DecodeError::bad_value);
  return objects;
}

Decoded<std::string> listed_text(const ListedObjects& objects, std::uint32_t tag) {
  const auto found = std::ranges::find(objects, tag, &ListedObject::tag);
  if (found == objects.end()) return crypto::unexpected(DecodeError::missing_object);
  return text_of(found->value);
}

Decoded<std::string> listed_date(const ListedObjects& objects, std::uint32_t tag) {
  PATENT_TRY(const auto text, listed_text(objects, tag));
  return text.size() == 4 ? crypto::to_hex(crypto::as_bytes(text)) : text;
}

}  // namespace patent
