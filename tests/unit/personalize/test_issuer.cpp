// SPDX-License-Identifier: Apache-2.0
#include <json/json.h>

#include <set>

#include "crypto/signed_object.hpp"
#include "personalize/issue/issuer.hpp"
#include "station.hpp"

using namespace personalize;
using sample::domain;
using std::chrono::days;

namespace {

crypto::OpensslEngine engine;

Signed<CardImage> sign(const Order& order, crypto::Time at = sample::kAt, const Signers& signers = domain().signers) {
  return Issuer(engine, sample::profile(), signers, domain().trust).sign(order, sample::chip_key(), at);
}

// The chip's key as EF.CardSecurity has it, and as DG14 has it.
patent::SecurityInfos card_security(const CardImage& image) {
  const auto object = crypto::SignedObject::parse(image.files.at(layout::FileId::card_security));
  REQUIRE(object);
  CHECK(object->content_type() == crypto::kOidSecurityObject);
  REQUIRE(object->verify(domain().signers.document.certificate));
  const auto infos = patent::decode_security_infos(object->content());
  REQUIRE(infos);
  return *infos;
}
patent::SecurityInfos dg14(const CardImage& image) {
  const auto inside = patent::decode_dg14(image.files.at(layout::FileId::dg14));
  REQUIRE(inside);
  const auto infos = patent::decode_security_infos(*inside);
  REQUIRE(infos);
  return *infos;
}

}  // namespace

TEST_CASE("A signed card has every file that a patent needs, within the layout") {
  const auto card = sign(sample::order());
  REQUIRE(card);
  using enum layout::FileId;
  for (const auto id : {card_access, card_security, com, sod, dg1, dg2, dg11, dg12, dg13, dg14}) {
    REQUIRE(card->files.contains(id));
    CHECK(card->files.at(id).size() <= layout::file(id).capacity);
  }
  CHECK(card->files.size() == 10);
  CHECK(card->certificate_records.size() == 1);
  CHECK(card->status_records.size() == 1);
  const auto secrets = secrets_of(*card, crypto::as_bytes("123456"));
  REQUIRE(secrets);
  CHECK(secrets->mrz_password.size() == 20);
}

TEST_CASE("The chip's key stands under both signatures, and EF.CardAccess offers what they cover") {
  for (const auto* const name : {"icao-2026", "icao-compat"}) {
    const auto& profile = *find_profile(name);
    const auto key = sample::chip_key(profile.chip_curve);
    const auto image =
        Issuer(engine, profile, domain().signers, domain().trust).sign(sample::order(), key, sample::kAt);
    REQUIRE(image);
    for (const auto& infos : {card_security(*image), dg14(*image)}) {
      REQUIRE(infos.chip_keys.size() == 1);
      CHECK(patent::supported(infos.chip_keys[0]) == key);
      REQUIRE(infos.chip_authentication.size() == 1);
      CHECK(patent::supported(infos.chip_authentication[0]) == profile.chip_authentication_key);
      const auto offered = patent::decode_security_infos(image->files.at(layout::FileId::card_access));
      REQUIRE(offered);
      CHECK(offered->pace == infos.pace);
      CHECK(offered->chip_keys.empty());
      REQUIRE(infos.pace.size() == 2);
      CHECK(patent::supported(infos.pace[0])->mapping == crypto::Mapping::generic);
      CHECK(patent::supported(infos.pace[1])->mapping == crypto::Mapping::chip_authentication);
      CHECK(patent::supported(infos.pace[1])->curve == key.curve);
    }
  }
}

TEST_CASE("A rehearsal finds what signing would find") {
  const Issuer issuer(engine, sample::profile(), domain().signers, domain().trust);
  CHECK(issuer.rehearse(sample::order(), sample::kAt));
  const auto early = issuer.rehearse(sample::order(), sample::kAt - days{31});
  REQUIRE_FALSE(early);
  CHECK(early.error().error == IssuerError::not_yet_valid);
}

TEST_CASE("An image survives its JSON form, and nothing else does") {
  const auto card = sign(sample::order());
  REQUIRE(card);
  const auto text = to_json(*card);
  const auto again = card_image_from_json(text);
  REQUIRE(again);
  CHECK(*again == *card);
  CHECK(fingerprint(*again) == fingerprint(*card));
  CHECK(fingerprint(*card).size() == 64);
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, text.size() / 2, text.size() - 3})
    CHECK_FALSE(card_image_from_json(std::string_view(text).substr(0, cut)));
  CHECK_FALSE(card_image_from_json(R"({"version":1,"profile":"x","card_number":"y","files":{"EF.NONE":"00"}})"));
  CHECK_FALSE(card_image_from_json(std::string(5000, '[')));
}

TEST_CASE("CANs are drawn, not derived, and use all digits") {
  std::set<std::string> cans;
  std::set<char> digits;
  const Issuer issuer(engine, sample::profile(), domain().signers, domain().trust);
  for (int i = 0; i < 20; ++i) {
    const auto drawn = issuer.draw_can();
    REQUIRE(drawn);
    const auto can = drawn->view();
    REQUIRE(can.size() == 6);
    cans.insert(std::string(can.begin(), can.end()));
    digits.insert(can.begin(), can.end());
  }
  CHECK(cans.size() >= 19);
  CHECK(digits.size() == 10);
}

TEST_CASE("Nothing is signed outside the signers' time") {
  const auto until = domain().signers.document.certificate.private_key_not_after();
  REQUIRE(until);
  const auto early = sign(sample::order(), sample::kAt - days{31});
  REQUIRE_FALSE(early);
  CHECK(early.error().error == IssuerError::not_yet_valid);
  const auto over = sign(sample::order(), *until + days{1});
  REQUIRE_FALSE(over);
  CHECK(over.error().error == IssuerError::period_over);
  const auto expired = sign(sample::order(), domain().signers.document.certificate.not_after() + days{1});
  REQUIRE_FALSE(expired);
  CHECK(expired.error().error == IssuerError::expired);
}

TEST_CASE("Signers cannot stand in for each other") {
  auto swapped = load_signers(domain().domain);
  REQUIRE(swapped);
  std::swap(swapped->document, swapped->status);
  const auto card = sign(sample::order(), sample::kAt, *swapped);
  REQUIRE_FALSE(card);
  CHECK(card.error().error == IssuerError::wrong_signer);
  auto mixed = load_signers(domain().domain);
  REQUIRE(mixed);
  std::swap(mixed->document.key, mixed->status.key);
  CHECK(sign(sample::order(), sample::kAt, *mixed).error().error == IssuerError::wrong_signer);
}

TEST_CASE("What a reader would not accept is not signed") {
  auto unpaid = sample::order();
  unpaid.patent.issue_date = std::chrono::year{2025} / 12 / 1;
  unpaid.patent.last_day = std::chrono::year{2026} / 11 / 30;
  const auto card = sign(unpaid);
  REQUIRE_FALSE(card);
  CHECK(card.error().error == IssuerError::not_acceptable);
  CHECK(card.error().reason == reader::Reason::unpaid);
  const reader::Trust nobody;
  const Issuer stranger(engine, sample::profile(), domain().signers, nobody);
  CHECK(stranger.sign(sample::order(), sample::chip_key(), sample::kAt).error().error == IssuerError::not_acceptable);
}

TEST_CASE("A picture beyond the layout's budget is refused") {
  auto order = sample::order();
  order.face.data.resize(layout::file(layout::FileId::dg2).capacity);
  const auto card = sign(order);
  REQUIRE_FALSE(card);
  CHECK(card.error().error == IssuerError::not_encodable);
  CHECK(card.error().subject == "EF.DG2");
}

TEST_CASE("A plan needs no keys, is the same every time and names the holder") {
  const auto composed = compose(sample::order(), sample::profile());
  REQUIRE(composed);
  CHECK_FALSE(composed->files.contains(layout::FileId::sod));
  const auto text = describe(*composed);
  CHECK(text == describe(*compose(sample::order(), sample::profile())));
  Json::Value json;
  std::istringstream(text) >> json;
  CHECK(json["patent"]["surname_ru"] == "Шарипов");
  CHECK(json["files"]["EF.DG2"]["content"]["width"] == 413);
  CHECK(json["files"]["EF.CardAccess"]["content"][0] == "PACE-ECDH-GM secp384r1 AES-256");
  CHECK(json["files"]["EF.CardAccess"]["content"][1] == "PACE-ECDH-CAM secp384r1 AES-256");
  CHECK(json["files"]["EF.DG14"]["content"].size() == 3);  // no key yet
  const auto card = sign(sample::order());
  REQUIRE(card);
  std::istringstream(describe(*card)) >> json;
  CHECK(json["files"]["EF.DG14"]["content"].size() == 4);
  CHECK(json["files"]["EF.CardSecurity"]["content"]["infos"] == json["files"]["EF.DG14"]["content"]);
  CHECK(json["files"]["EF.SOD"]["content"]["hash_algorithm"] == "SHA-384");
  CHECK(json["status"][0]["months_paid"] == 1);
}
