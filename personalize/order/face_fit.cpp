// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/face_fit.hpp"

#include <turbojpeg.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "personalize/order/picture.hpp"

namespace personalize {
namespace {

using crypto::Bytes;
using crypto::ByteView;
using crypto::unexpected;

using Turbo = std::unique_ptr<void, Destroy<tjDestroy>>;

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
  if (is_jp2_file(file)) return patent::ImageFormat::jpeg2000;
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
