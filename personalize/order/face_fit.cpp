// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/face_fit.hpp"

#include <openjpeg.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

namespace personalize {
namespace {

using crypto::Bytes;
using crypto::ByteView;
using crypto::unexpected;

struct Picture {
  int width = 0;
  int height = 0;
  Bytes rgb;
};

template <auto destroy>
struct Destroy {
  template <class T>
  void operator()(T* handle) const {
    destroy(handle);
  }
};
using Turbo = std::unique_ptr<void, Destroy<tjDestroy>>;

bool sides_allowed(int width, int height) {
  return width > 0 && height > 0 && width <= kFaceMaxSide && height <= kFaceMaxSide;
}

std::optional<Picture> decode_jpeg(ByteView file) {
  const Turbo turbo(tjInitDecompress());
  Picture picture;
  int subsampling = 0, colorspace = 0;
  if (!turbo ||
      tjDecompressHeader3(turbo.get(), file.data(), static_cast<unsigned long>(file.size()), &picture.width,
                          &picture.height, &subsampling, &colorspace) != 0 ||
      !sides_allowed(picture.width, picture.height))
    return std::nullopt;
  picture.rgb.resize(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 3);
  // A warning (a truncated or damaged scan) is a fault here: a face that is half there helps nobody.
  if (tjDecompress2(turbo.get(), file.data(), static_cast<unsigned long>(file.size()), picture.rgb.data(),
                    picture.width, 0, picture.height, TJPF_RGB, TJFLAG_STOPONWARNING) != 0)
    return std::nullopt;
  return picture;
}

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

bool is_jp2_box(ByteView file) { return file.size() > 12 && file[4] == 'j' && file[5] == 'P'; }

std::optional<Picture> decode_jpeg2000(ByteView file) {
  Source source{file};
  const std::unique_ptr<opj_stream_t, Destroy<opj_stream_destroy>> stream(opj_stream_create(file.size(), OPJ_TRUE));
  const std::unique_ptr<opj_codec_t, Destroy<opj_destroy_codec>> codec(
      opj_create_decompress(is_jp2_box(file) ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K));
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
  Picture picture{static_cast<int>(image->x1 - image->x0), static_cast<int>(image->y1 - image->y0), {}};
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

std::optional<Bytes> encode_jpeg(const Picture& picture, int quality) {
  const Turbo turbo(tjInitCompress());
  unsigned char* raw = nullptr;
  unsigned long size = 0;
  if (!turbo) return std::nullopt;
  const int failed = tjCompress2(turbo.get(), picture.rgb.data(), picture.width, 0, picture.height, TJPF_RGB, &raw,
                                 &size, TJSAMP_420, quality, TJFLAG_ACCURATEDCT);
  const std::unique_ptr<unsigned char, Destroy<tjFree>> owned(raw);
  if (failed != 0) return std::nullopt;
  return Bytes(raw, raw + size);
}

// Halving the interval finds the best quality in seven encodings: size grows with quality.
std::optional<Bytes> encode_within(const Picture& picture, std::size_t budget) {
  constexpr int kWorstQuality = 30;  // below it a face is no longer good for comparison
  std::optional<Bytes> best;
  for (int low = kWorstQuality, high = 95; low <= high;) {
    const int quality = (low + high) / 2;
    auto encoded = encode_jpeg(picture, quality);
    if (!encoded) return std::nullopt;
    if (encoded->size() <= budget) {
      best = std::move(encoded);
      low = quality + 1;
    } else {
      high = quality - 1;
    }
  }
  return best;
}

}  // namespace

std::optional<patent::ImageFormat> image_format(ByteView file) {
  if (file.size() > 3 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF) return patent::ImageFormat::jpeg;
  if (is_jp2_box(file)) return patent::ImageFormat::jpeg2000;
  if (file.size() > 4 && file[0] == 0xFF && file[1] == 0x4F && file[2] == 0xFF && file[3] == 0x51)
    return patent::ImageFormat::jpeg2000;
  return std::nullopt;
}

crypto::Result<patent::FaceImage, FaceFault> fit_face(ByteView file, std::size_t budget) {
  const auto format = image_format(file);
  if (!format) return unexpected(FaceFault::not_an_image);
  const auto picture = *format == patent::ImageFormat::jpeg ? decode_jpeg(file) : decode_jpeg2000(file);
  if (!picture) return unexpected(FaceFault::not_an_image);
  if (picture->width < kFaceMinWidth || picture->height < kFaceMinHeight) return unexpected(FaceFault::too_small);
  patent::FaceImage face{
      *format, static_cast<std::uint16_t>(picture->width), static_cast<std::uint16_t>(picture->height), {}};
  if (file.size() <= budget) {
    face.data.assign(file.begin(), file.end());
    return face;
  }
  auto encoded = encode_within(*picture, budget);
  if (!encoded) return unexpected(FaceFault::too_large);
  face.format = patent::ImageFormat::jpeg;
  face.data = *std::move(encoded);
  return face;
}

}  // namespace personalize
