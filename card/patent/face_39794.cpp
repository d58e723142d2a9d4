// SPDX-License-Identifier: Apache-2.0
#include "card/patent/face_39794.hpp"

#include <array>
#include <initializer_list>

#include "card/patent/tlv_decoding.hpp"

namespace patent {

namespace {

// The implicit tags of the schema; most members beside these are optional, so each is looked for among its siblings.
constexpr std::uint32_t kFaceImageDataBlock = 0x65;  // [APPLICATION 5]
constexpr std::uint32_t kSequence = 0x30;
constexpr std::uint32_t kFirst = 0xA0, kSecond = 0xA1;
constexpr std::uint32_t kImageSize = 0xA7;
constexpr std::uint32_t kFirstPrimitive = 0x80, kSecondPrimitive = 0x81;

enum FormatCode : std::uint32_t { kJpeg = 2, kJpeg2000Lossy = 3, kJpeg2000Lossless = 4 };

// Down a fixed path, one level a tag.
Decoded<ByteView> at(ByteView value, std::initializer_list<std::uint32_t> path) {
  for (const auto tag : path) {
    PATENT_TRY(const auto member, decoded(crypto::find_tlv(value, tag, crypto::TlvForm::ber)));
    if (!member) return crypto::unexpected(DecodeError::missing_object);
    value = member->value;
  }
  return value;
}

// An INTEGER (0..65535), or an ENUMERATED.
Decoded<std::uint16_t> number(ByteView octets) {
  if (octets.empty() || octets.size() > 3 || octets[0] >= 0x80 || (octets.size() == 3 && octets[0] != 0))
    return crypto::unexpected(DecodeError::bad_value);
  std::uint32_t value = 0;
  for (const auto octet : octets) value = value << 8 | octet;
  return static_cast<std::uint16_t>(value);
}

Decoded<std::uint16_t> number_at(ByteView value, std::initializer_list<std::uint32_t> path) {
  PATENT_TRY(const auto octets, at(value, path));
  return number(octets);
}

Decoded<ImageFormat> format_of(std::uint16_t code) {
  switch (code) {
    case kJpeg: return ImageFormat::jpeg;
    case kJpeg2000Lossy:
    case kJpeg2000Lossless: return ImageFormat::jpeg2000;
    default: return crypto::unexpected(DecodeError::unsupported_version);
  }
}

}  // namespace

Decoded<FaceImage> decode_face_39794(ByteView block) {
  // 7F2E {[1] {FaceImageDataBlock {[1] representationBlocks {SEQUENCE {[1] imageRepresentation {[0] base {[0] 2D}}}}}}}
  PATENT_TRY(const auto image, at(block, {kSecond, kFaceImageDataBlock, kSecond, kSequence, kSecond, kFirst, kFirst}));
  PATENT_TRY(const auto data, at(image, {kFirstPrimitive}));
  PATENT_TRY(const auto information, at(image, {kSecond}));
  PATENT_TRY(const auto code, number_at(information, {kFirst, kFirstPrimitive}));
  FaceImage face;
  PATENT_TRY(face.format, format_of(code));
  if (const auto size = at(information, {kImageSize})) {
    PATENT_TRY(face.width, number_at(*size, {kFirstPrimitive}));
    PATENT_TRY(face.height, number_at(*size, {kSecondPrimitive}));
  }
  face.data.assign(data.begin(), data.end());
  return face;
}

}  // namespace patent
