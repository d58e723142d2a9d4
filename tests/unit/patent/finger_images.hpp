// SPDX-License-Identifier: Apache-2.0
// Owns finger images of the tests: the headers of real files around nothing.
#pragma once

#include "card/patent/finger.hpp"
#include "card/patent/record_octets.hpp"

inline crypto::Bytes codestream(std::uint32_t width, std::uint32_t height, std::uint32_t left = 0,
                                std::uint32_t top = 0) {
  patent::RecordWriter out;
  out.u32(0xFF4FFF51);
  out.u16(41);
  out.u16(0);
  for (const auto n : {width + left, height + top, left, top, width, height, 0U, 0U}) out.u32(n);
  out.u16(1);
  out.octets(std::array<std::uint8_t, 3>{7, 1, 1});
  out.u16(0xFFD9);
  return out.take();
}

inline crypto::Bytes box(std::uint32_t type, crypto::ByteView content) {
  patent::RecordWriter out;
  out.u32(8 + content.size());
  out.u32(type);
  out.octets(content);
  return out.take();
}

inline crypto::Bytes jp2(std::uint32_t width, std::uint32_t height, const crypto::Bytes& stream) {
  patent::RecordWriter image;
  image.u32(height);
  image.u32(width);
  image.u16(1);
  image.u32(0x07070000);
  patent::RecordWriter out;
  out.octets(box(0x6A502020, std::array<std::uint8_t, 4>{0x0D, 0x0A, 0x87, 0x0A}));
  out.octets(box(0x66747970, crypto::Bytes(12)));
  out.octets(box(0x6A703268, box(0x69686472, image.take())));
  out.octets(box(0x6A703263, stream));
  return out.take();
}
inline crypto::Bytes jp2(std::uint32_t width, std::uint32_t height) {
  return jp2(width, height, codestream(width, height));
}

inline crypto::Bytes wsq(std::uint16_t width, std::uint16_t height, std::size_t coefficients = 20) {
  patent::RecordWriter out;
  out.u16(0xFFA0);
  out.u16(0xFFA8);  // a comment
  out.u16(6);
  out.u32(0x4E495354);
  out.u16(0xFFA2);
  out.u16(17);
  out.u16(0x00FF);  // black, white
  out.u16(height);
  out.u16(width);
  out.zeros(9);
  out.u16(0xFFA3);
  out.u16(3);
  out.u8(0);
  out.zeros(coefficients);
  out.u16(0xFFA1);
  return out.take();
}

inline patent::FingerImage finger(patent::FingerPosition position, patent::FingerFormat format, std::uint16_t width,
                                  std::uint16_t height) {
  return {position, format, width, height,
          format == patent::FingerFormat::wsq ? wsq(width, height) : jp2(width, height)};
}
