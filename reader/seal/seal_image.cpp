// SPDX-License-Identifier: Apache-2.0
#include "reader/seal/seal_image.hpp"

#include <png.h>
#include <turbojpeg.h>

#define ZX_USE_UTF8 1  // the newer of two interfaces
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <array>
#include <exception>
#include <memory>

#include "crypto/base64.hpp"

namespace reader {
namespace {

constexpr crypto::Byte kSealMagic = 0xDC;  // Doc 9303-13, 2.2
constexpr std::array<crypto::Byte, 8> kPngMagic{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
constexpr std::array<crypto::Byte, 3> kJpegMagic{0xFF, 0xD8, 0xFF};
constexpr std::uint8_t kMostCodes = 8;

crypto::unexpected<ImageError> fail(ImageError error) { return crypto::unexpected<ImageError>(error); }

bool begins(ByteView file, ByteView magic) {
  return file.size() >= magic.size() && std::ranges::equal(file.first(magic.size()), magic);
}

// Brightness, a pixel an octet.
struct Grey {
  int width = 0, height = 0;
  Bytes pixels;
};

bool allowed(std::size_t width, std::size_t height) {
  return width <= kMaxPictureSide && height <= kMaxPictureSide && width * height <= kMaxPicturePixels;
}

crypto::Result<Grey, ImageError> decode_png(ByteView file) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  const std::unique_ptr<png_image, decltype(&png_image_free)> cleaned(&image, png_image_free);
  if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0) return fail(ImageError::damaged);
  if (!allowed(image.width, image.height)) return fail(ImageError::too_large);
  image.format = PNG_FORMAT_GRAY;
  Grey grey{static_cast<int>(image.width), static_cast<int>(image.height), Bytes(PNG_IMAGE_SIZE(image))};
  constexpr png_color kPaper{0xFF, 0xFF, 0xFF};  // behind what is transparent
  if (png_image_finish_read(&image, &kPaper, grey.pixels.data(), 0, nullptr) == 0) return fail(ImageError::damaged);
  return grey;
}

crypto::Result<Grey, ImageError> decode_jpeg(ByteView file) {
  const std::unique_ptr<void, decltype(&tjDestroy)> decoder(tjInitDecompress(), tjDestroy);
  int width = 0, height = 0, subsampling = 0, colours = 0;
  if (!decoder ||
      tjDecompressHeader3(decoder.get(), file.data(), file.size(), &width, &height, &subsampling, &colours) != 0)
    return fail(ImageError::damaged);
  if (width <= 0 || height <= 0) return fail(ImageError::damaged);  // tables without a picture
  if (!allowed(static_cast<std::size_t>(width), static_cast<std::size_t>(height))) return fail(ImageError::too_large);
  Grey grey{width, height, Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
  if (tjDecompress2(decoder.get(), file.data(), file.size(), grey.pixels.data(), width, 0, height, TJPF_GRAY,
                    TJFLAG_STOPONWARNING) != 0)
    return fail(ImageError::damaged);
  return grey;
}

crypto::Result<Bytes, ImageError> find_code(const Grey& grey) try {
  const ZXing::ImageView view(grey.pixels.data(), grey.width, grey.height, ZXing::ImageFormat::Lum);
  const auto hints = ZXing::DecodeHints().setFormats(ZXing::BarcodeFormat::QRCode).setMaxNumberOfSymbols(kMostCodes);
  std::vector<Bytes> codes;
  for (const auto& found : ZXing::ReadBarcodes(view, hints))
    if (found.isValid()) codes.emplace_back(found.bytes().begin(), found.bytes().end());
  if (codes.empty()) return fail(ImageError::no_code);
  const auto is_seal = [](const Bytes& code) { return !code.empty() && code.front() == kSealMagic; };
  std::ranges::stable_partition(codes, is_seal);
  const bool other = codes.size() > 1 && is_seal(codes[1]) && codes[1] != codes[0];
  return other ? crypto::Result<Bytes, ImageError>(fail(ImageError::two_seals)) : std::move(codes.front());
} catch (const std::exception&) {  // the library's own
  return fail(ImageError::no_code);
}

// Hexadecimal or base64, with the white space that copying brings along.
crypto::Result<Bytes, ImageError> from_text(ByteView file) {
  std::string text;
  for (const auto octet : file)
    if (octet != ' ' && octet != '\n' && octet != '\r' && octet != '\t') text += static_cast<char>(octet);
  auto octets = crypto::from_hex(text);
  if (!octets) octets = crypto::from_base64(text);
  if (!octets || octets->empty()) return fail(ImageError::unknown_format);
  return *std::move(octets);
}

}  // namespace

crypto::Result<Bytes, ImageError> read_picture(ByteView file) {
  if (file.size() > kMaxPictureFile) return fail(ImageError::too_large);
  if (begins(file, kPngMagic)) return decode_png(file).and_then(find_code);
  if (begins(file, kJpegMagic)) return decode_jpeg(file).and_then(find_code);
  return fail(ImageError::unknown_format);
}

crypto::Result<Bytes, ImageError> seal_octets(ByteView file) {
  if (begins(file, kPngMagic) || begins(file, kJpegMagic)) return read_picture(file);
  constexpr std::size_t kMostOctets = 4096;  // far above any seal, in any form
  if (file.size() > kMostOctets) return fail(ImageError::unknown_format);
  if (!file.empty() && file.front() == kSealMagic) return Bytes(file.begin(), file.end());
  return from_text(file);
}

}  // namespace reader
