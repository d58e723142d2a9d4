// SPDX-License-Identifier: Apache-2.0
// Owns the form of the project's own templates, DG13 and the signed part of a status record (docs/file-layout.md, 3):
// version first, tags that only grow, unknown context-specific objects refused, unknown private ones ignored.
#pragma once

#include <array>
#include <map>

#include "card/patent/tlv_decoding.hpp"

namespace patent {

inline constexpr std::uint8_t kVersionTag = 0x80;
inline constexpr std::uint8_t kLastCriticalTag = 0x9E;

class OwnObjects {
public:
  OwnObjects();

  // An object of a known tag, 81 to 9E. Encoding writes them in the order of their tags.
  void put(std::uint8_t tag, ByteView value);
  void put(std::uint8_t tag, std::string_view text) { put(tag, crypto::as_bytes(text)); }
  void put(std::uint8_t tag, std::uint8_t octet) { put(tag, ByteView(&octet, 1)); }
  void put(std::uint8_t tag, std::uint32_t number);
  [[nodiscard]] Bytes encode(std::uint32_t outer_tag) const;

  static Decoded<OwnObjects> decode(ByteView value);
  // Each takes an object out, so that what remains was not understood.
  std::optional<Bytes> take(std::uint8_t tag);
  std::optional<std::string> take_text(std::uint8_t tag);
  Decoded<std::string> require_text(std::uint8_t tag);
  Decoded<std::uint8_t> require_octet(std::uint8_t tag);
  Decoded<std::uint32_t> require_number(std::uint8_t tag);
  Decoded<void> finish() const;  // unknown_object when something remains

private:
  std::map<std::uint8_t, Bytes> objects_;
};

}  // namespace patent
