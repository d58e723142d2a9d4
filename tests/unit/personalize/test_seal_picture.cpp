// SPDX-License-Identifier: Apache-2.0
// The QR code of a card's back: what is drawn is what was signed, and an order's is drawn once.
#include <json/json.h>
#include "card/patent/sealed_patent.hpp"
#include "crypto/base64.hpp"
#include "personalize/issue/seal_picture.hpp"
#include "reader/seal/seal_image.hpp"
#include "station.hpp"

using namespace personalize;

namespace {

Issuer issuer(crypto::Engine& engine, const Signers& signers) {
  return {engine, sample::profile(), signers, sample::domain().trust};
}

std::string content(const std::filesystem::path& file) {
  auto text = read_whole(file, 1 << 20);
  REQUIRE(text);
  return *std::move(text);
}

}  // namespace

TEST_CASE("a picture of a seal holds the seal's octets") {
  for (const std::size_t size : {1U, 64U, 300U, 350U}) {
    crypto::Bytes seal(size, 0xDC);
    for (std::size_t i = 1; i < size; ++i) seal[i] = static_cast<crypto::Byte>(i * 7);
    const auto picture = draw(seal);
    REQUIRE(picture);
    CHECK(picture->seal == seal);
    CHECK(reader::read_picture(picture->png) == seal);
    CHECK(picture->svg.starts_with("<svg "));
  }
  CHECK_FALSE(draw(crypto::Bytes(4000, 1)));
}

TEST_CASE("a seal is signed by the domain's seal signer, for the order's patent") {
  crypto::OpensslEngine engine;
  const auto& domain = sample::domain();
  const auto order = sample::order();
  const auto picture = issuer(engine, domain.signers).draw_seal(order, sample::kAt);
  REQUIRE(picture);
  REQUIRE(*picture);
  CHECK((*picture)->seal.size() <= patent::kMaxSealOctets);
  const auto read = patent::decode_seal((*picture)->seal);
  REQUIRE(read);
  const auto& signer = domain.signers.seal->certificate;
  CHECK(read->seal.header.signer == "RUPS");
  CHECK(read->seal.header.certificate == signer.serial_hex());
  CHECK(signer.verify_plain_signature(crypto::HashAlgorithm::sha256, read->content, read->signature));
  const auto sealed = patent::sealed_patent(read->seal);
  REQUIRE(sealed);
  CHECK(sealed->number == order.patent.number);
  CHECK(sealed->card_number == order.patent.card_number);
}

TEST_CASE("nobody but a seal signer in office signs a seal; a domain without one prints none") {
  crypto::OpensslEngine engine;
  const auto error = [&](const Signers& signers, crypto::Time at) {
    const auto drawn = issuer(engine, signers).draw_seal(sample::order(), at);
    REQUIRE_FALSE(drawn);
    return drawn.error().error;
  };
  auto signers = load_signers(sample::domain().domain).value();
  CHECK(error(signers, signers.seal->certificate.not_before() - std::chrono::seconds(1)) == IssuerError::not_yet_valid);
  CHECK(error(signers, signers.seal->certificate.not_before() + std::chrono::days(367)) == IssuerError::period_over);
  CHECK(error(signers, signers.seal->certificate.not_after() + std::chrono::seconds(1)) == IssuerError::expired);
  signers.seal = std::move(signers.status);
  CHECK(error(signers, sample::kAt) == IssuerError::wrong_signer);
  signers.seal.reset();
  const auto none = issuer(engine, signers).draw_seal(sample::order(), sample::kAt);
  REQUIRE(none);
  CHECK_FALSE(*none);
}

TEST_CASE("an order's seal is drawn once, and stays through a torn card") {
  const std::string id(sample::kOrderId);
  const auto base = sample::workplace() / "journal-seal";
  const auto file = sample::blank("seal.card", 0x51, *sample::domain().transport);
  REQUIRE_FALSE(sample::Station("journal-seal").issue(sample::order(), sample::power(file, 20)));
  const auto png = content(base / (id + ".qr.png"));
  const auto form = content(base / (id + ".print.json"));
  REQUIRE(sample::Station("journal-seal").issue(sample::order(), sample::power(file)));
  CHECK(content(base / (id + ".qr.png")) == png);
  CHECK(content(base / (id + ".print.json")) == form);
  Json::Value json;
  REQUIRE(Json::Reader().parse(form, json));
  CHECK(json["back"]["qr"]["png"].asString() == id + ".qr.png");
  CHECK(json["back"]["qr"]["svg"].asString() == id + ".qr.svg");
  const auto octets = crypto::from_base64(json["back"]["qr"]["octets"].asString());
  REQUIRE(octets);
  CHECK(reader::read_picture(crypto::as_bytes(png)) == *octets);
  CHECK(content(base / (id + ".qr.svg")).starts_with("<svg "));
}
