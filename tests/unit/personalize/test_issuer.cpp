// SPDX-License-Identifier: Apache-2.0
#include <json/json.h>

#include <set>

#include "card/patent/finger.hpp"
#include "crypto/cv_certificate.hpp"
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

TEST_CASE("A card trusts the domain's CVCA from the day of its signing") {
  const auto card = sign(sample::order());
  REQUIRE(card);
  REQUIRE(card->trust_point);
  CHECK(card->trust_point->certificate == *domain().domain.cv_certificate(crypto::kCvcaKey));
  CHECK(card->trust_point->date == crypto::Bytes{2, 6, 0, 3, 1, 0});
  for (const auto& infos : {card_security(*card), dg14(*card)})
    CHECK(infos.terminal_authentication == std::vector<patent::TerminalAuthenticationInfo>{{}});
  CHECK_FALSE(card->files.contains(layout::FileId::dg3));
  auto without = sample::order();
  auto signers = load_signers(domain().domain);
  REQUIRE(signers);
  signers->terminals.reset();  // a domain from before CV certificates
  const auto older = sign(without, sample::kAt, *signers);
  REQUIRE(older);
  CHECK_FALSE(older->trust_point);
  CHECK(dg14(*older).terminal_authentication.empty());
  CHECK(card_security(*older).terminal_authentication.empty());
  CHECK(*card_image_from_json(to_json(*older)) == *older);
}

TEST_CASE("Fingerprints stand under EF.SOD and in no plan") {
  const auto order = sample::order_with_fingers();
  const auto card = sign(order);
  REQUIRE(card);
  const auto read = patent::decode_dg3(card->files.at(layout::FileId::dg3));
  REQUIRE(read);
  CHECK(*read == *order.fingers);
  const auto com = patent::decode_com(card->files.at(layout::FileId::com));
  REQUIRE(com);
  CHECK(std::ranges::count(com->tags, 0x63) == 1);
  const auto text = describe(*card);
  Json::Value json;
  std::istringstream(text) >> json;
  CHECK(json["files"]["EF.SOD"]["content"].isMember("DG3"));
  const auto& fingers = json["files"]["EF.DG3"]["content"]["fingers"];
  REQUIRE(fingers.size() == 2);
  CHECK(fingers[0]["position"] == "right_index");
  CHECK(fingers[1]["format"] == "wsq");
  const auto& image = order.fingers->images[0].image;
  for (std::size_t at = 0; at + 8 <= image.size(); at += 8)
    CHECK(text.find(crypto::to_hex(crypto::ByteView(image).subspan(at, 8))) == text.npos);
}

TEST_CASE("An absence has another hash on every card") {
  auto order = sample::order();
  order.fingers = patent::Fingers{{}, patent::FingerAbsence::injured};
  const auto one = sign(order), two = sign(order);
  REQUIRE(one);
  REQUIRE(two);
  CHECK(one->files.at(layout::FileId::dg3) != two->files.at(layout::FileId::dg3));
  CHECK(*patent::decode_dg3(one->files.at(layout::FileId::dg3)) == *order.fingers);
}

TEST_CASE("Fingerprints that nobody could read or prove are not signed") {
  auto order = sample::order_with_fingers();
  order.months_paid = 3;
  const auto error = [&order](const Signers& signers, crypto::Time at = sample::kAt) {
    const auto card = sign(order, at, signers);
    REQUIRE_FALSE(card);
    return card.error().error;
  };
  auto signers = load_signers(domain().domain);
  REQUIRE(signers);
  REQUIRE(signers->terminals);
  // A terminal's month is over; a card without fingerprints does not need it.
  CHECK(error(*signers, sample::kAt + days{40}) == IssuerError::no_terminal);
  auto without = order;
  without.fingers.reset();
  CHECK(sign(without, sample::kAt + days{40}, *signers));
  auto& inspection = signers->terminals->inspection;
  REQUIRE(inspection);
  auto status = domain().domain.cv_certificate(crypto::kStatusTerminalKey);
  REQUIRE(status);
  const auto own = std::exchange(inspection->certificates[0], *status);  // appends, and reads no fingers
  CHECK(error(*signers) == IssuerError::no_terminal);
  inspection->certificates = {own};  // without its DV
  CHECK(error(*signers) == IssuerError::no_terminal);
  inspection.reset();
  CHECK(error(*signers) == IssuerError::no_terminal);
  signers->terminals.reset();
  CHECK(error(*signers) == IssuerError::no_trust_point);
}

TEST_CASE("A CVCA outside its time is given to no card") {
  auto signers = load_signers(domain().domain);
  REQUIRE(signers);
  REQUIRE(signers->terminals);
  const auto cvca = crypto::parse_cv_certificate(signers->terminals->cvca);
  REQUIRE(cvca);
  const auto late = sign(sample::order(), crypto::Time(cvca->expires) + days{1}, *signers);
  REQUIRE_FALSE(late);
  CHECK(late.error().subject == "document-signer");  // whose key was used for three months only
  signers->terminals->cvca.pop_back();
  const auto torn = sign(sample::order(), sample::kAt, *signers);
  REQUIRE_FALSE(torn);
  CHECK(torn.error().error == IssuerError::wrong_signer);
  CHECK(torn.error().subject == "cvca");
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
  CHECK(json["files"]["EF.DG14"]["content"].size() == 5);
  CHECK(json["files"]["EF.DG14"]["content"][4] == "TA version 1");
  CHECK(json["trust_point"]["reference"] == "RUPATCVCA00001");
  CHECK(json["files"]["EF.CardSecurity"]["content"]["infos"] == json["files"]["EF.DG14"]["content"]);
  CHECK(json["files"]["EF.SOD"]["content"]["hash_algorithm"] == "SHA-384");
  CHECK(json["status"][0]["months_paid"] == 1);
}
