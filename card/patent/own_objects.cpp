// SPDX-License-Identifier: Apache-2.0
#include "card/patent/own_objects.hpp"

namespace patent {

namespace {

constexpr std::uint8_t kVersion = 1;

// The class bits of a tag's first octet: 11 is private (ISO/IEC 7816-4, 5.2.2.1).
bool is_private(std::uint32_t tag) {
  while (tag > 0xFF) tag >>= 8;
  return (tag & 0xC0) == 0xC0;
}

}  // namespace

OwnObjects::OwnObjects() { put(kVersionTag, kVersion); }

void OwnObjects::put(std::uint8_t tag, ByteView value) { objects_[tag] = Bytes(value.begin(), value.end()); }

void OwnObjects::put(std::uint8_t tag, std::uint32_t number) {
  std::array<std::uint8_t, 4> octets{};
  crypto::store_be32(octets, number);
  put(tag, ByteView(octets));
}

Bytes OwnObjects::encode(std::uint32_t outer_tag) const {
  Bytes value;
  for (const auto& [tag, octets] : objects_) crypto::append_tlv(value, tag, octets);
  return crypto::tlv(outer_tag, value);
}

Decoded<OwnObjects> OwnObjects::decode(ByteView value) {
  crypto::TlvReader reader(value, crypto::TlvForm::der);
  PATENT_TRY(const auto version, decoded(reader.expect(kVersionTag)));
  if (version.value.size() != 1 || version.value[0] != kVersion)
    return crypto::unexpected(DecodeError::unsupported_version);
  OwnObjects result;
  for (std::uint32_t last = kVersionTag; !reader.at_end();) {
    PATENT_TRY(const auto object, decoded(reader.next()));
    if (object.tag <= last) return crypto::unexpected(DecodeError::bad_value);  // neither order nor number is free
    last = object.tag;
    if (object.tag <= kLastCriticalTag)
      result.put(static_cast<std::uint8_t>(object.tag), object.value);
    else if (!is_private(object.tag))
      return crypto::unexpected(DecodeError::unknown_object);
  }
  result.objects_.erase(kVersionTag);
  return result;
}

std::optional<Bytes> OwnObjects::take(std::uint8_t tag) {
  auto node = objects_.extract(tag);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

std::optional<std::string> OwnObjects::take_text(std::uint8_t tag) {
  const auto octets = take(tag);
  if (!octets) return std::nullopt;
  return text_of(*octets);
}

Decoded<std::string> OwnObjects::require_text(std::uint8_t tag) {
  auto text = take_text(tag);
  if (!text) return crypto::unexpected(DecodeError::missing_object);
  return *std::move(text);
}

Decoded<std::uint8_t> OwnObjects::require_octet(std::uint8_t tag) {
  const auto octets = take(tag);
  if (!octets) return crypto::unexpected(DecodeError::missing_object);
  if (octets->size() != 1) return crypto::unexpected(DecodeError::bad_value);
  return octets->front();
}

Decoded<std::uint32_t> OwnObjects::require_number(std::uint8_t tag) {
  const auto octets = take(tag);
  if (!octets) return crypto::unexpected(DecodeError::missing_object);
  if (octets->size() != 4) return crypto::unexpected(DecodeError::bad_value);
  return crypto::load_be32(std::span<const std::uint8_t, 4>(octets->data(), 4));
}

Decoded<void> OwnObjects::finish() const {
  if (!objects_.empty()) return crypto::unexpected(DecodeError::unknown_object);
  return {};
}

}  // namespace patent
