// SPDX-License-Identifier: Apache-2.0
// What finger images say of their own size, without decoding them: JPEG 2000 (ISO/IEC 15444-1, A.5.1 and I.5) and WSQ
// (FBI IAFIS-IC-0110, the frame header).
#include <algorithm>
#include <array>

#include "card/patent/finger.hpp"
#include "card/patent/record_octets.hpp"

namespace patent {

namespace {

constexpr std::array<std::uint8_t, 12> kJp2Signature{0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50,
                                                     0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A};
constexpr std::uint32_t kJp2Header = 0x6A703268;      // "jp2h"
constexpr std::uint32_t kImageHeader = 0x69686472;    // "ihdr"
constexpr std::uint32_t kCodestreamBox = 0x6A703263;  // "jp2c"

constexpr std::uint32_t kCodestreamStart = 0xFF4FFF51;  // SOC, SIZ

constexpr std::uint16_t kWsqStart = 0xFFA0;  // SOI
constexpr std::uint16_t kWsqEnd = 0xFFA1;    // EOI
constexpr std::uint16_t kWsqFrame = 0xFFA2;  // SOF
constexpr std::uint16_t kWsqBlock = 0xFFA3;  // SOB: the coefficients begin

std::optional<FingerSize> size_of(std::uint32_t width, std::uint32_t height) {
  if (width == 0 || height == 0 || width > 0xFFFF || height > 0xFFFF) return std::nullopt;
  return FingerSize{static_cast<std::uint16_t>(width), static_cast<std::uint16_t>(height)};
}

std::optional<FingerSize> codestream_size(ByteView codestream) {
  RecordReader in(codestream);
  if (in.u32() != kCodestreamStart) return std::nullopt;
  in.octets(4);  // length, capabilities
  const auto right = in.u32(), bottom = in.u32(), left = in.u32(), top = in.u32();
  if (!in.ok() || left >= right || top >= bottom) return std::nullopt;
  return size_of(right - left, bottom - top);
}

// The content of the first box of this type among those that stand side by side.
std::optional<ByteView> find_box(ByteView boxes, std::uint32_t wanted) {
  for (RecordReader in(boxes); !in.rest().empty();) {
    const auto whole = in.rest().size();
    std::uint64_t length = in.u32();
    const auto type = in.u32();
    if (length == 1) length = in.u64();
    if (length == 0) length = whole;  // to the end of the file
    const auto header = whole - in.rest().size();
    if (!in.ok() || length < header || length > whole) return std::nullopt;
    const auto content = in.octets(static_cast<std::size_t>(length) - header);
    if (type == wanted) return content;
  }
  return std::nullopt;
}

// The header is what people are told, the codestream what a decoder makes: they must be one.
std::optional<FingerSize> jp2_size(ByteView file) {
  const auto header = find_box(file, kJp2Header);
  const auto image = header ? find_box(*header, kImageHeader) : header;
  const auto codestream = find_box(file, kCodestreamBox);
  if (!image || !codestream) return std::nullopt;
  RecordReader in(*image);
  const auto height = in.u32(), width = in.u32();
  const auto size = size_of(width, height);
  return in.ok() && size == codestream_size(*codestream) ? size : std::nullopt;
}

std::optional<FingerSize> wsq_size(ByteView image) {
  if (image.size() < 4 || crypto::load_be16(image.last<2>()) != kWsqEnd) return std::nullopt;
  RecordReader in(image);
  if (in.u16() != kWsqStart) return std::nullopt;
  std::optional<FingerSize> size;
  while (in.ok()) {
    const auto marker = in.u16();
    if (marker == kWsqBlock) return size;
    const std::size_t length = in.u16();
    if (length < 2 || marker <= kWsqEnd) return std::nullopt;
    RecordReader segment(in.octets(length - 2));
    if (marker != kWsqFrame) continue;
    segment.octets(2);  // black, white
    const auto height = segment.u16(), width = segment.u16();
    if (!segment.ok() || size) return std::nullopt;
    size = size_of(width, height);
    if (!size) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<FingerSize> finger_size(FingerFormat format, ByteView image) {
  if (format == FingerFormat::wsq) return wsq_size(image);
  const bool file =
      image.size() > kJp2Signature.size() && std::ranges::equal(image.first(kJp2Signature.size()), kJp2Signature);
  return file ? jp2_size(image) : codestream_size(image);
}

}  // namespace patent
