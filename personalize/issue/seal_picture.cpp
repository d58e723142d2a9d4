// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/seal_picture.hpp"

#include <fmt/format.h>
#include <png.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "card/patent/sealed_patent.hpp"
#include "crypto/signature.hpp"
#include "personalize/issue/issuer.hpp"
#include "personalize/order/picture.hpp"

namespace personalize {
namespace {

using crypto::Bytes;

constexpr std::size_t kQuietZone = 4;  // modules on each side (ISO/IEC 18004, 9.1)
constexpr std::size_t kPixels = 8;     // of a module's side in the PNG
constexpr double kMillimetres = 0.34;  // of a module's side in the SVG

using Code = std::unique_ptr<QRcode, Destroy<QRcode_free>>;

class Modules {
public:
  explicit Modules(const QRcode& code) : code_(code), width_(static_cast<std::size_t>(code.width)) {}
  [[nodiscard]] std::size_t side() const { return width_ + 2 * kQuietZone; }
  [[nodiscard]] bool is_dark(std::size_t x, std::size_t y) const {
    const bool outside = x < kQuietZone || y < kQuietZone || x >= kQuietZone + width_ || y >= kQuietZone + width_;
    return !outside && (code_.data[(y - kQuietZone) * width_ + x - kQuietZone] & 1) != 0;
  }

private:
  const QRcode& code_;
  std::size_t width_;
};

std::optional<Bytes> as_png(const Modules& modules) {
  const auto side = modules.side() * kPixels;
  Bytes grey(side * side);
  for (std::size_t y = 0; y < side; ++y)
    for (std::size_t x = 0; x < side; ++x) grey[y * side + x] = modules.is_dark(x / kPixels, y / kPixels) ? 0x00 : 0xFF;
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = static_cast<png_uint_32>(side);
  image.format = PNG_FORMAT_GRAY;
  png_alloc_size_t size = 0;
  if (png_image_write_get_memory_size(image, size, 0, grey.data(), 0, nullptr) == 0) return std::nullopt;
  Bytes out(size);
  if (png_image_write_to_memory(&image, out.data(), &size, 0, grey.data(), 0, nullptr) == 0) return std::nullopt;
  out.resize(size);
  return out;
}

// Runs of dark modules, row by row, as one path.
std::string as_svg(const Modules& modules) {
  const auto side = modules.side();
  std::string path;
  for (std::size_t y = 0; y < side; ++y)
    for (std::size_t x = 0; x < side; ++x) {
      const auto begin = x;
      while (x < side && modules.is_dark(x, y)) ++x;
      if (x > begin) path += fmt::format("M{} {}h{}v1h-{}z", begin, y, x - begin, x - begin);
    }
  const auto width = kMillimetres * static_cast<double>(side);
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.2f}mm\" height=\"{0:.2f}mm\" viewBox=\"0 0 {1} {1}\" "
      "shape-rendering=\"crispEdges\">\n<path fill=\"#fff\" d=\"M0 0h{1}v{1}h-{1}z\"/>\n<path d=\"{2}\"/>\n</svg>\n",
      width, side, path);
}

crypto::unexpected<IssuerFailure> failure(IssuerError error, std::string subject) {
  return crypto::unexpected<IssuerFailure>({error, std::move(subject)});
}

// The certificate has no place for the period of its key (Doc 9303-12, table 8).
bool is_period_over(const crypto::Certificate& certificate, crypto::Time at) {
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(at)) >
         std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(certificate.not_before())) +
             crypto::kSealKeyUse;
}

Signed<Bytes> sign_seal(const Signer& signer, const patent::Patent& patent, crypto::Time at) {
  const auto curve = signer.key->curve();
  const patent::SealSigner reference{signer.certificate.seal_signer_identifier(), signer.certificate.serial_hex()};
  const auto seal =
      patent::seal_of(patent, reference, std::chrono::floor<std::chrono::days>(at), 2 * crypto::field_size(curve));
  if (!seal) return failure(IssuerError::not_encodable, "the visible seal");
  const auto content = patent::encode_seal_content(*seal);
  const auto hash = crypto::hash_for(curve);
  const auto signature =
      crypto::digest(hash, content).and_then([&](const Bytes& digest) { return signer.key->sign_digest(digest); });
  const auto verified = signature.and_then(
      [&](const Bytes& octets) { return signer.certificate.verify_plain_signature(hash, content, octets); });
  if (!verified) return crypto::unexpected<IssuerFailure>({IssuerError::crypto, signer.name, verified.error()});
  return patent::encode_seal(content, *signature);
}

}  // namespace

std::optional<SealPicture> draw(crypto::ByteView seal) {
  constexpr int kSmallestThatFits = 0;
  const Code code(QRcode_encodeData(static_cast<int>(seal.size()), seal.data(), kSmallestThatFits, QR_ECLEVEL_M));
  if (!code) return std::nullopt;
  const Modules modules(*code);
  auto png = as_png(modules);
  if (!png) return std::nullopt;
  return SealPicture{Bytes(seal.begin(), seal.end()), *std::move(png), as_svg(modules)};
}

Signed<std::optional<SealPicture>> Issuer::draw_seal(const Order& order, crypto::Time at) const {
  PATENT_TRY(const auto by, standing(at));
  if (!by.signers->seal) return std::optional<SealPicture>();
  const auto& signer = *by.signers->seal;
  PATENT_TRY_VOID(check_signer(signer, signer.certificate.is_seal_signer(), at));
  if (is_period_over(signer.certificate, at)) return failure(IssuerError::period_over, signer.name);
  PATENT_TRY(const auto seal, sign_seal(signer, order.patent, at));
  auto picture = draw(seal);
  if (!picture) return failure(IssuerError::too_large, "the visible seal");
  return picture;
}

}  // namespace personalize
