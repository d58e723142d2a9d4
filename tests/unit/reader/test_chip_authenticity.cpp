// SPDX-License-Identifier: Apache-2.0
// What the chip showed, held against what the issuer signed: every way to be a copy, and what proves nothing.
#include <catch2/catch.hpp>
#include <map>

#include "crypto/chip_authentication.hpp"
#include "crypto/openssl_engine.hpp"
#include "reader/judge/reasons.hpp"
#include "tests/unit/reader/chip_specimen.hpp"

using namespace reader;
using crypto::Secret;
using testing::FileId;

namespace {

crypto::OpensslEngine& engine() {
  static crypto::OpensslEngine kEngine;
  return kEngine;
}

struct Chip {
  Secret key;
  patent::ChipPublicKey public_key;
  Chip() {
    REQUIRE(engine().ec_random_scalar(testing::kCurve, key));
    public_key = testing::on_p256(*engine().ec_multiply(testing::kCurve, key.view(), {}));
  }
  // Doc 9303-11, 4.4.3.5.1: CA_IC = SK_IC^-1 * SK_map,IC.
  [[nodiscard]] crypto::ChipMapping mapping() const {
    Secret mapping_scalar, ca_data;
    REQUIRE(engine().ec_random_scalar(testing::kCurve, mapping_scalar));
    REQUIRE(engine().ec_quotient(testing::kCurve, mapping_scalar.view(), key.view(), ca_data));
    crypto::ChipMapping out{testing::kCurve, *engine().ec_multiply(testing::kCurve, mapping_scalar.view(), {}), {}};
    REQUIRE(out.ca_data.assign(ca_data.view()));
    return out;
  }
  [[nodiscard]] ChallengeAnswer answer() const {
    ChallengeAnswer out{{1, 2, 3, 4, 5, 6, 7, 8}, {}};
    const auto digest = crypto::digest(testing::kHash, out.challenge).value();
    const auto signature = engine().ecdsa_sign(testing::kCurve, key.view(), digest);
    REQUIRE(signature);
    out.answer.assign(signature->view().begin(), signature->view().end());
    return out;
  }
  [[nodiscard]] KeyAgreement agreement(bool held = true) const {
    const auto point = public_key.point.view();
    return {testing::kCurve, {point.begin(), point.end()}, held};
  }
};
const Chip& genuine() {
  static const Chip kChip;
  return kChip;
}
const Chip& other() {
  static const Chip kChip;
  return kChip;
}

Evidence announcing(const std::function<void(testing::Files&)>& announce) {
  testing::Specimen specimen;
  specimen.before_signing = announce;
  auto evidence = specimen.evidence();
  evidence.pace = testing::kGeneric;
  return evidence;
}
Evidence mapped() {
  static const Evidence kEvidence =
      announcing([](auto& files) { testing::announce_mapping(files, genuine().public_key); });
  auto evidence = kEvidence;
  evidence.pace = testing::kMapped;
  evidence.chip_mapping = genuine().mapping();
  return evidence;
}
Evidence agreed() {
  auto evidence = announcing([](auto& files) { testing::announce_agreement(files, genuine().public_key); });
  evidence.chip_authentication = genuine().agreement();
  return evidence;
}
Evidence answered() {
  auto evidence = announcing([](auto& files) { testing::announce_answers(files, genuine().public_key.point); });
  evidence.active_authentication = genuine().answer();
  return evidence;
}

Verdict judge(const Evidence& evidence) {
  return verify(evidence, testing::house().trust(), {}, testing::at("2026-03-10T09:00:00Z"));
}
CheckState state(const Verdict& verdict, Check check) {
  return std::ranges::find(verdict.checks, check, &CheckResult::check)->state;
}

// The check, and the headline that follows from it.
void expect(const Evidence& evidence, Check check, CheckState expected, Reason headline) {
  const auto verdict = judge(evidence);
  CHECK(std::string(name_of(state(verdict, check))) == std::string(name_of(expected)));
  CHECK(std::string(rule_of(verdict.headline).name) == std::string(rule_of(headline).name));
  CHECK((verdict.outcome == Outcome::valid) == (headline == Reason::ok));
}
constexpr auto kChip = Check::chip_authentication;
constexpr auto kAnswer = Check::active_authentication;

}  // namespace

TEST_CASE("a chip that owns the signed key is genuine, by each of the three proofs") {
  expect(mapped(), kChip, CheckState::successful, Reason::ok);
  expect(agreed(), kChip, CheckState::successful, Reason::ok);
  expect(answered(), kAnswer, CheckState::successful, Reason::ok);
  expect(answered(), kChip, CheckState::not_supported, Reason::ok);
}

TEST_CASE("a card that announces no key stays valid, and says that nothing was proved") {
  const auto old_card = testing::Specimen{}.evidence();
  expect(old_card, kChip, CheckState::not_supported, Reason::ok);
  expect(old_card, kAnswer, CheckState::not_supported, Reason::ok);
  // A proof of a key that nobody signed is none.
  auto boasting = old_card;
  boasting.pace = testing::kMapped;
  boasting.chip_mapping = genuine().mapping();
  boasting.chip_authentication = genuine().agreement();
  expect(boasting, kChip, CheckState::not_supported, Reason::ok);
}

TEST_CASE("PACE-CAM by another key than the signed one is a copy") {
  auto copy = mapped();
  copy.chip_mapping = other().mapping();
  expect(copy, kChip, CheckState::failed, Reason::clone_suspect);

  // The copy brings its own EF.CardSecurity, signed by the issuer for another card ...
  testing::file_of(copy, FileId::card_security) = testing::card_security(other().public_key);
  expect(copy, kChip, CheckState::failed, Reason::clone_suspect);

  auto silent = mapped();
  silent.chip_mapping.reset();
  expect(silent, kChip, CheckState::failed, Reason::clone_suspect);
}

TEST_CASE("EF.CardSecurity must be the issuer's") {
  static const testing::IssuingHouse kStranger("Another CSCA");
  auto evidence = mapped();
  auto& file = testing::file_of(evidence, FileId::card_security);
  const auto& key = genuine().public_key;
  SECTION("signed by a stranger") { file = testing::card_security(key, kStranger.document); }
  SECTION("signed by a stranger with our CSCA's name") {
    static const testing::IssuingHouse kNamesake("Test CSCA");
    file = testing::card_security(key, kNamesake.document);
  }
  SECTION("signed by a status signer") { file = testing::card_security(key, testing::house().status); }
  SECTION("another kind of object") {
    file = testing::card_security(key, testing::house().document, crypto::kOidLdsSecurityObject);
  }
  SECTION("changed") { file.back() ^= 1; }
  SECTION("garbage") { file = {0x30, 0x02, 0x05, 0x00}; }
  SECTION("taken away") { testing::set_outcome(evidence, FileId::card_security, ReadOutcome::absent); }
  SECTION("refused") { testing::set_outcome(evidence, FileId::card_security, ReadOutcome::refused); }
  expect(evidence, kChip, CheckState::failed, Reason::clone_suspect);
}

namespace {

// A second document signer of the same CSCA.
struct SecondSigner {
  testing::Signer signer;
  explicit SecondSigner(const char* until = "2027-12-31T00:00:00Z", const char* key_until = "2026-12-31T00:00:00Z") {
    const TemporaryFolder folder;
    crypto::FileKeyVault vault(folder.path(), crypto::Passphrase("test"));
    signer.key = vault.make_signing_key("second", testing::kCurve).value();
    crypto::CertificateRequest request;
    request.organization = "Test";
    request.common_name = "Second signer";
    request.not_before = testing::at("2026-01-01T00:00:00Z");
    request.not_after = testing::at(until);
    request.private_key_until = testing::at(key_until);
    const auto& csca = testing::house().csca;
    signer.certificate =
        crypto::issue_certificate(request, signer.key->public_key(), &*csca.certificate, *csca.key).value();
  }
  [[nodiscard]] Evidence evidence() const {
    auto evidence = mapped();
    testing::file_of(evidence, FileId::card_security) = testing::card_security(genuine().public_key, signer);
    return evidence;
  }
};

}  // namespace

TEST_CASE("a second signer of EF.CardSecurity is judged as the document's own is") {
  expect(SecondSigner().evidence(), kChip, CheckState::successful, Reason::ok);
  expect(SecondSigner("2026-03-10T07:00:00Z").evidence(), kChip, CheckState::failed, Reason::signer_expired);
  expect(SecondSigner("2027-12-31T00:00:00Z", "2026-03-01T00:00:00Z").evidence(), kChip, CheckState::failed,
         Reason::signer_expired);

  const SecondSigner revoked;
  auto trust = testing::house().trust();
  const auto& csca = testing::house().csca;
  const auto now = testing::at("2026-03-10T09:00:00Z");
  trust.revocations = {
      crypto::issue_revocation_list(*csca.certificate, *csca.key, {{revoked.signer.certificate->serial_hex(), now}},
                                    testing::at("2026-03-02T00:00:00Z"), testing::at("2027-06-01T00:00:00Z"), 2)
          .value()};
  CHECK(verify(revoked.evidence(), trust, {}, now).headline == Reason::signer_revoked);
  CHECK(verify(mapped(), trust, {}, now).outcome == Outcome::valid);
}

TEST_CASE("SHA-1 under EF.CardSecurity proves nothing") {
  auto evidence = mapped();
  const auto content = crypto::SignedObject::parse(testing::file_of(evidence, FileId::card_security)).value().content();
  const auto& by = testing::house().document;
  testing::file_of(evidence, FileId::card_security) =
      crypto::sign_object(crypto::kOidSecurityObject, content, crypto::HashAlgorithm::sha1, *by.certificate, *by.key,
                          testing::at("2026-03-10T06:00:00Z"))
          .value();
  expect(evidence, kChip, CheckState::undetermined, Reason::algorithm_not_accepted);
}

TEST_CASE("a key in EF.CardSecurity that is not the one in DG14 proves nothing") {
  auto evidence = announcing([](auto& files) {
    testing::announce_mapping(files, genuine().public_key);
    files[FileId::card_security] = testing::card_security(other().public_key);
  });
  evidence.pace = testing::kMapped;
  for (const auto* chip : {&genuine(), &other()}) {
    evidence.chip_mapping = chip->mapping();
    expect(evidence, kChip, CheckState::failed, Reason::clone_suspect);
  }
}

TEST_CASE("chip authentication counts with the signed key, and when the chip went on") {
  auto evidence = agreed();
  SECTION("another key") { evidence.chip_authentication = other().agreement(); }
  SECTION("another curve") { evidence.chip_authentication->curve = crypto::Curve::brainpoolP256r1; }
  SECTION("refused") { evidence.chip_authentication->held = false; }
  SECTION("an answer under other keys") {
    evidence.chip_authentication->held = false;
    evidence.link_error = wire::LinkError::secure_messaging;
  }
  SECTION("never run, with all else read") { evidence.chip_authentication.reset(); }
  expect(evidence, kChip, CheckState::failed, Reason::clone_suspect);
}

TEST_CASE("active authentication counts with the signed key and this session's challenge") {
  auto evidence = answered();
  SECTION("another key") { evidence.active_authentication = other().answer(); }
  SECTION("another challenge") { evidence.active_authentication->challenge.back() ^= 1; }
  SECTION("no answer") { evidence.active_authentication->answer.clear(); }
  SECTION("never asked, with all else read") { evidence.active_authentication.reset(); }
  SECTION("DG15 taken away") { testing::set_outcome(evidence, FileId::dg15, ReadOutcome::absent); }
  expect(evidence, kAnswer, CheckState::failed, Reason::clone_suspect);
}

TEST_CASE("a link lost before the proof proves neither") {
  auto agreement = agreed();
  agreement.link_error = wire::LinkError::card_removed;
  agreement.chip_authentication->held = false;
  expect(agreement, kChip, CheckState::undetermined, Reason::unreadable);
  agreement.chip_authentication.reset();
  expect(agreement, kChip, CheckState::undetermined, Reason::unreadable);
  auto answer = answered();
  answer.link_error = wire::LinkError::card_removed;
  answer.active_authentication.reset();
  expect(answer, kAnswer, CheckState::undetermined, Reason::unreadable);
  testing::set_outcome(answer, FileId::dg15, ReadOutcome::incomplete);
  expect(answer, kAnswer, CheckState::undetermined, Reason::unreadable);
}

TEST_CASE("a key of a kind that this reader cannot use leaves the chip undetermined") {
  auto evidence = announcing([](auto& files) {
    patent::SecurityInfos infos;
    infos.pace = {patent::pace_info(testing::kGeneric)};
    infos.chip_keys = {patent::chip_key_info(genuine().public_key)};
    infos.chip_keys.front().protocol_oid.back() = 1;  // id-PK-DH
    files[FileId::dg14] = patent::encode_dg14(patent::encode_security_infos(infos));
  });
  expect(evidence, kChip, CheckState::undetermined, Reason::unreadable);
}

TEST_CASE("a protocol that is promised without its key in DG14 leaves the chip undetermined") {
  const auto promising = [](const auto& promise) {
    return announcing([&](auto& files) {
      patent::SecurityInfos infos;
      infos.pace = {patent::pace_info(testing::kGeneric)};
      promise(infos);
      const auto octets = patent::encode_security_infos(infos);
      files[FileId::card_access] = octets;
      files[FileId::dg14] = patent::encode_dg14(octets);
    });
  };
  const auto mapping = promising([](auto& infos) { infos.pace.push_back(patent::pace_info(testing::kMapped)); });
  expect(mapping, kChip, CheckState::undetermined, Reason::unreadable);
  const auto agreement = promising(
      [](auto& infos) { infos.chip_authentication = {patent::chip_authentication_info(crypto::AesKey::aes128)}; });
  expect(agreement, kChip, CheckState::undetermined, Reason::unreadable);
}

TEST_CASE("what the chip showed of a document that nobody trusted signed is not judged") {
  for (auto evidence : {mapped(), agreed(), answered()}) {
    testing::file_of(evidence, FileId::dg13).back() ^= 1;
    const auto verdict = judge(evidence);
    CHECK(verdict.headline == Reason::forged);
    CHECK(state(verdict, kChip) == CheckState::aborted);
    CHECK(state(verdict, kAnswer) == CheckState::aborted);
  }
}

TEST_CASE("what the chip showed comes back from JSON, and is judged the same") {
  for (const auto& evidence : {mapped(), agreed(), answered()}) {
    const auto text = to_json(evidence);
    const auto back = evidence_from_json(text);
    REQUIRE(back);
    CHECK(to_json(*back) == text);
    CHECK(back->pace == evidence.pace);
    CHECK(judge(*back).headline == Reason::ok);
  }
}
