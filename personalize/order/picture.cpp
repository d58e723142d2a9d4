// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/picture.hpp"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace personalize {
namespace {

using crypto::ByteView;

struct Source {
  ByteView data;
  std::size_t at = 0;
};

OPJ_SIZE_T read_source(void* out, OPJ_SIZE_T wanted, void* user) {
  auto& source = *static_cast<Source*>(user);
  const auto count = std::min<std::size_t>(wanted, source.data.size() - source.at);
  if (count == 0) return static_cast<OPJ_SIZE_T>(-1);
  std::memcpy(out, source.data.data() + source.at, count);
  source.at += count;
  return count;
}

OPJ_OFF_T skip_source(OPJ_OFF_T count, void* user) {
  auto& source = *static_cast<Source*>(user);
  if (count < 0) return -1;
  const auto step = std::min<std::size_t>(static_cast<std::size_t>(count), source.data.size() - source.at);
  source.at += step;
  return static_cast<OPJ_OFF_T>(step);
}

OPJ_BOOL seek_source(OPJ_OFF_T to, void* user) {
  auto& source = *static_cast<Source*>(user);
  if (to < 0 || static_cast<std::size_t>(to) > source.data.size()) return OPJ_FALSE;
  source.at = static_cast<std::size_t>(to);
  return OPJ_TRUE;
}

}  // namespace

bool sides_allowed(int width, int height) {
  return width > 0 && height > 0 && width <= kMaxPictureSide && height <= kMaxPictureSide;
}

bool is_jp2_file(ByteView file) { return file.size() > 12 && file[4] == 'j' && file[5] == 'P'; }

std::optional<Picture> decode_jpeg2000(ByteView file) {
  Source source{file};
  const std::unique_ptr<opj_stream_t, Destroy<opj_stream_destroy>> stream(opj_stream_create(file.size(), OPJ_TRUE));
  const std::unique_ptr<opj_codec_t, Destroy<opj_destroy_codec>> codec(
      opj_create_decompress(is_jp2_file(file) ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K));
  if (!stream || !codec) return std::nullopt;
  opj_stream_set_user_data(stream.get(), &source, nullptr);
  opj_stream_set_user_data_length(stream.get(), file.size());
  opj_stream_set_read_function(stream.get(), read_source);
  opj_stream_set_skip_function(stream.get(), skip_source);
  opj_stream_set_seek_function(stream.get(), seek_source);

  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_image_t* raw = nullptr;
  if (!opj_setup_decoder(codec.get(), &parameters) || !opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE) ||
      !opj_read_header(stream.get(), codec.get(), &raw))
    return std::nullopt;
  const std::unique_ptr<opj_image_t, Destroy<opj_image_destroy>> image(raw);
  Picture picture{static_cast<int>(image->x1 - image->x0),
                  static_cast<int>(image->y1 - image->y0),
                  static_cast<int>(image->numcomps),
                  {}};
  if (!sides_allowed(picture.width, picture.height) || (image->numcomps != 1 && image->numcomps != 3))
    return std::nullopt;
  if (!opj_decode(codec.get(), stream.get(), image.get()) || !opj_end_decompress(codec.get(), stream.get()))
    return std::nullopt;

  const auto pixels = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
  picture.rgb.resize(pixels * 3);
  for (std::size_t c = 0; c < 3; ++c) {
    const auto& component = image->comps[image->numcomps == 1 ? 0 : c];
    if (component.w != static_cast<OPJ_UINT32>(picture.width) ||
        component.h != static_cast<OPJ_UINT32>(picture.height) || component.prec != 8 || component.sgnd != 0 ||
        component.data == nullptr)
      return std::nullopt;
    for (std::size_t i = 0; i < pixels; ++i)
      picture.rgb[3 * i + c] = static_cast<crypto::Byte>(std::clamp(component.data[i], 0, 255));
  }
  return picture;
}

}  // namespace personalize
