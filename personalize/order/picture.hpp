// SPDX-License-Identifier: Apache-2.0
// Owns the decoding of JPEG 2000 pictures from strangers, whole and strictly.
#pragma once

#include <optional>

#include "crypto/bytes.hpp"

namespace personalize {

inline constexpr int kMaxPictureSide = 4096;  // what a decoder is asked to take from strangers

struct Picture {
  int width = 0;
  int height = 0;
  int components = 3;  // of the file; rgb has three all the same
  crypto::Bytes rgb;
};

bool sides_allowed(int width, int height);

// A JP2 file; else it may be a bare codestream.
bool is_jp2_file(crypto::ByteView file);
// Eight bits a component, one or three of them. Nothing for what is damaged or cut short.
std::optional<Picture> decode_jpeg2000(crypto::ByteView file);

// Frees what a C library made.
template <auto destroy>
struct Destroy {
  template <class T>
  void operator()(T* handle) const {
    destroy(handle);
  }
};

}  // namespace personalize
