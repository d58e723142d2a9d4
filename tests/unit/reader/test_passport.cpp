// SPDX-License-Identifier: Apache-2.0
#include "reader/passport/passport.hpp"

#include <openssl/core_names.h>

#include <catch2/catch.hpp>

#include "crypto/chip_authentication.hpp"
#include "reader/judge/reasons.hpp"
#include "tests/unit/reader/foreign_document.hpp"

using namespace reader;
using simulator::ec_key;
using simulator::Proof;
using simulator::rsa_key;
using simulator::Step;
using testing::ForeignDocument;

namespace {

const auto kNow = testing::at("2026-03-10T09:00:00Z");

struct Seen {
  Evidence evidence;
  PassportVerdict judged;
  std::size_t agreements = 0;

  [[nodiscard]] CheckState state(Check check) const {
    return std::ranges::find(judged.verdict.checks, check, &CheckResult::check)->state;
  }
  [[nodiscard]] bool passed(Check check) const { return state(check) == CheckState::successful; }
  [[nodiscard]] bool says(Reason reason) const {
    return std::ranges::find(judged.verdict.findings, reason, &Finding::reason) != judged.verdict.findings.end();
  }
  [[nodiscard]] std::string headline() const { return std::string(rule_of(judged.verdict.headline).name); }
};

Seen inspect_whole(const ForeignDocument& made, const Policy& policy = {}, crypto::Time at = kNow) {
  const auto document = made.make();
  simulator::ChipSimulator chip(made.on_chip(document));
  const auto key = testing::mrz_key(made.zone);
  Seen seen{testing::read_foreign(chip, key), {}, 0};
  seen.judged = judge_passport(seen.evidence, document.trust, policy, at, &key);
  seen.agreements = chip.count(Step::ca_agree) + chip.count(Step::ca_set);
  return seen;
}

ForeignDocument with_pace(crypto::Mapping mapping, crypto::AesKey key = crypto::AesKey::aes128) {
  ForeignDocument made;
  made.plan.pace = {{crypto::Curve::secp256r1, key, mapping}};
  if (mapping == crypto::Mapping::chip_authentication) made.plan.proof = Proof::mapping;
  return made;
}

ForeignDocument with_pace_under_triple_des() {
  auto made = with_pace(crypto::Mapping::generic);
  made.plan.pace.front().cipher = crypto::SmCipher::triple_des;
  return made;
}

ForeignDocument with_bac() {
  ForeignDocument made;
  made.pace = made.security_infos = false;
  return made;
}

// DG14 says this of chip authentication, and offers no PACE.
ForeignDocument with_agreement(Bytes protocol, Bytes public_key) {
  auto made = with_bac();
  made.security_infos = true;
  made.plan.proof = Proof::agreement;
  made.plan.in_infos = [=](simulator::Infos& infos) {
    infos.dg14.pace.clear();
    if (!public_key.empty()) infos.dg14.chip_keys.front().public_key = public_key;
    if (protocol.empty())
      infos.dg14.chip_authentication.clear();
    else
      infos.dg14.chip_authentication.front().protocol_oid = protocol;
  };
  return made;
}

// The passport's zone with another field, and the check digits that follow from it.
std::string passport_zone(std::size_t at, const std::string& field) {
  auto zone = testing::kTd3;
  zone.replace(at, field.size() + 1, field + *patent::check_digit(field));
  zone.back() = *patent::check_digit(zone.substr(44, 10) + zone.substr(57, 7) + zone.substr(65, 22));
  return zone;
}

Bytes octets(ByteView view) { return {view.begin(), view.end()}; }

// The same key with its curve spelt out.
Bytes spelt_out(const Bytes& spki) {
  const auto key = crypto::openssl::read_der<crypto::openssl::KeyHandle>(d2i_PUBKEY, spki);
  REQUIRE(EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_ENCODING, OSSL_PKEY_EC_ENCODING_EXPLICIT) == 1);
  return crypto::openssl::write_der<const EVP_PKEY>(i2d_PUBKEY, key.get());
}

// ISO/IEC 9796-2, scheme 1, with SHA-1 or SHA-256.
Bytes rsa_answer(const simulator::KeyPair& key, unsigned bits, crypto::HashAlgorithm hash, ByteView challenge) {
  const bool old = hash == crypto::HashAlgorithm::sha1;
  const std::size_t trailer = old ? 1 : 2;
  Bytes out{0x6A};
  out.resize(bits / 8 - crypto::hash_size(hash) - trailer, 0xBB);
  Bytes message(out.begin() + 1, out.end());
  message.insert(message.end(), challenge.begin(), challenge.end());
  const auto digest = crypto::digest(hash, message).value();
  out.insert(out.end(), digest.begin(), digest.end());
  if (!old) out.push_back(0x34);
  out.push_back(old ? 0xBC : 0xCC);
  return key.raise(out);
}

ForeignDocument with_rsa_answers(unsigned bits, crypto::HashAlgorithm hash) {
  auto made = with_bac();
  made.plan.proof = Proof::answers;
  made.plan.active_key = &rsa_key(bits, 1);
  made.chip = [=](simulator::ChipProfile& chip) {
    chip.answers = [=](ByteView challenge) { return rsa_answer(rsa_key(bits, 1), bits, hash, challenge); };
  };
  return made;
}

}  // namespace

TEST_CASE("documents of every size are read by every way in, and proved") {
  for (const auto& zone : {testing::kTd3, testing::kTd2, testing::kTd1}) {
    std::vector<ForeignDocument> all{with_bac(),
                                     with_pace(crypto::Mapping::generic),
                                     with_pace(crypto::Mapping::integrated),
                                     with_pace(crypto::Mapping::integrated, crypto::AesKey::aes256),
                                     with_pace(crypto::Mapping::chip_authentication),
                                     with_pace_under_triple_des()};
    for (auto& made : all) {
      made.zone = zone;
      const auto seen = inspect_whole(made);
      INFO(zone << ' ' << made.pace << ' ' << seen.headline());
      REQUIRE(seen.judged.verdict.outcome == Outcome::valid);
      CHECK(seen.passed(made.pace ? Check::pace : Check::bac));
      CHECK(seen.state(made.pace ? Check::bac : Check::pace) == CheckState::not_supported);
      const auto& facts = *seen.judged.facts;
      CHECK(facts.mrz.primary == "SHARIPOV");
      CHECK(facts.mrz.document_number == "402345678");
      CHECK(facts.birth_date == patent::BirthDate{1990, 5, 12});
      CHECK(facts.expires == testing::day("2031-05-11"));
      CHECK(facts.surname == "ШАРИПОВ");
      CHECK(facts.given_names == "ФАРРУХ РУСТАМОВИЧ");
      CHECK(facts.issued == testing::day("2026-03-10"));
      CHECK(facts.portrait->data.size() == 1500);
    }
  }
}

TEST_CASE("an old reader's short APDUs bring the same document") {
  const auto made = with_bac();
  const auto document = made.make();
  auto profile = made.on_chip(document);
  profile.short_apdus = true;
  simulator::ChipSimulator chip(std::move(profile));
  const auto evidence = testing::read_foreign(chip, testing::mrz_key(made.zone), {261, 258});
  CHECK(judge_passport(evidence, document.trust, {}, kNow).verdict.outcome == Outcome::valid);
}

TEST_CASE("security objects under the algorithms of other states are verified") {
  using crypto::HashAlgorithm;
  using crypto::SignatureKind;
  struct Case {
    const simulator::KeyPair* csca;
    const simulator::KeyPair* signer;
    simulator::Signing chain, sod;
  };
  const simulator::Signing ecdsa384{SignatureKind::ecdsa, HashAlgorithm::sha384};
  const simulator::Signing pkcs1{SignatureKind::rsa_pkcs1, HashAlgorithm::sha256};
  const simulator::Signing bare{SignatureKind::rsa_pkcs1, HashAlgorithm::sha256, true};
  const simulator::Signing pss{SignatureKind::rsa_pss, HashAlgorithm::sha384};
  const auto& brainpool = ec_key("brainpoolP384r1", 1);
  for (const auto& c :
       {Case{&rsa_key(3072), &rsa_key(2048), pkcs1, pkcs1}, Case{&rsa_key(3072), &rsa_key(2048), pkcs1, bare},
        Case{&rsa_key(3072), &rsa_key(2048), pss, pss},
        Case{&ec_key("brainpoolP384r1", 0), &brainpool, ecdsa384, ecdsa384},
        Case{&rsa_key(3072), &brainpool, pss, ecdsa384}}) {
    auto made = with_pace(crypto::Mapping::generic);
    made.plan.csca_key = c.csca;
    made.plan.signer_key = c.signer;
    made.plan.chain = c.chain;
    made.plan.sod = c.sod;
    made.plan.digest = made.plan.lds_hash = c.sod.hash;
    const auto seen = inspect_whole(made);
    INFO(seen.headline() << ' ' << static_cast<int>(c.chain.kind) << ' ' << static_cast<int>(c.sod.kind));
    CHECK(seen.judged.verdict.outcome == Outcome::valid);
  }
}

TEST_CASE("SHA-1 is accepted nowhere but under an issuer that the policy names") {
  using crypto::HashAlgorithm;
  const simulator::Signing sha1{crypto::SignatureKind::rsa_pkcs1, HashAlgorithm::sha1};
  const simulator::Signing sha256{crypto::SignatureKind::rsa_pkcs1, HashAlgorithm::sha256};
  for (const auto* where : {"the security object", "the data groups", "the certificate"}) {
    INFO(where);
    auto made = with_bac();
    made.plan.csca_key = &rsa_key(3072);
    made.plan.signer_key = &rsa_key(2048);
    made.plan.chain = made.plan.sod = sha256;
    if (where == std::string_view("the security object")) made.plan.sod = sha1, made.plan.digest = HashAlgorithm::sha1;
    if (where == std::string_view("the data groups")) made.plan.lds_hash = HashAlgorithm::sha1;
    if (where == std::string_view("the certificate")) made.plan.chain = sha1;
    for (const auto& states : {std::vector<std::string>{}, std::vector<std::string>{"KAZ", "RUS"}}) {
      const auto seen = inspect_whole(made, {.sha1_issuers = states});
      CHECK(seen.headline() == "ALGORITHM_NOT_ACCEPTED");
      CHECK(seen.judged.verdict.outcome == Outcome::needs_check);
    }
    CHECK(inspect_whole(made, {.sha1_issuers = {"KAZ", "TJK"}}).judged.verdict.outcome == Outcome::valid);
  }
}

TEST_CASE("chips prove by agreement with AES and 3DES, their keys named or spelt out") {
  const auto aes = octets(crypto::ca_oid(crypto::AesKey::aes128)), des = octets(crypto::triple_des_ca_oid());
  const auto spki = ec_key("P-256", 3).spki();
  for (const auto& protocol : {aes, des, Bytes{}})
    for (const auto& key : {Bytes{}, spki, spelt_out(spki)}) {
      const auto made = with_agreement(protocol, key);
      const auto seen = inspect_whole(made);
      INFO(crypto::to_hex(protocol) << ' ' << crypto::to_hex(key) << ' ' << seen.headline());
      CHECK(seen.judged.verdict.outcome == Outcome::valid);
      CHECK(seen.passed(Check::chip_authentication));
      CHECK(seen.agreements == (protocol == aes ? 2 : 1));
      auto copy = made;
      copy.chip = [](simulator::ChipProfile& chip) { chip.chip_keys.front().scalar = ec_key("P-256", 9).scalar(); };
      CHECK(inspect_whole(copy).headline() == "CLONE_SUSPECT");
    }
}

TEST_CASE("chips prove by answers with RSA and ECDSA") {
  for (const auto hash : {crypto::HashAlgorithm::sha1, crypto::HashAlgorithm::sha256}) {
    auto made = with_rsa_answers(1536, hash);
    const auto seen = inspect_whole(made);
    INFO(seen.headline());
    CHECK(seen.judged.verdict.outcome == Outcome::valid);
    CHECK(seen.passed(Check::active_authentication));
    made.chip = [=](simulator::ChipProfile& chip) {
      chip.answers = [=](ByteView) { return rsa_answer(rsa_key(1536, 1), 1536, hash, Bytes(8, 0x11)); };
    };
    CHECK(inspect_whole(made).headline() == "CLONE_SUSPECT");
    made.chip = [](simulator::ChipProfile& chip) { chip.answers = {}; };
    CHECK(inspect_whole(made).headline() == "CLONE_SUSPECT");
  }
  auto ecdsa = with_bac();
  ecdsa.security_infos = true;
  ecdsa.plan.proof = Proof::answers;
  ecdsa.plan.in_infos = [](simulator::Infos& infos) { infos.dg14.pace.clear(); };
  CHECK(inspect_whole(ecdsa).passed(Check::active_authentication));
}

TEST_CASE("an agreement that this reader cannot run is no proof, and no copy where the chip answers instead") {
  const auto strange = *crypto::from_hex("04007F000702020303FF");
  auto made = with_agreement(strange, ec_key("secp224r1", 1).spki());
  CHECK(inspect_whole(made).headline() == "UNREADABLE");
  CHECK(inspect_whole(made).judged.verdict.outcome == Outcome::needs_check);
  made.before_signing = [](simulator::Files& files) {
    files[layout::FileId::dg15] = patent::encode_dg15(rsa_key(1536, 1).spki());
  };
  made.chip = [](simulator::ChipProfile& chip) {
    chip.answers = [](ByteView challenge) {
      return rsa_answer(rsa_key(1536, 1), 1536, crypto::HashAlgorithm::sha256, challenge);
    };
  };
  const auto seen = inspect_whole(made);
  INFO(seen.headline());
  CHECK(seen.judged.verdict.outcome == Outcome::valid);
  CHECK(seen.state(Check::chip_authentication) == CheckState::not_supported);
  CHECK(seen.passed(Check::active_authentication));
}

TEST_CASE("the key of PACE-CAM may stand in EF.CardSecurity alone, but who signs that is the document's state") {
  auto made = with_pace(crypto::Mapping::chip_authentication);
  made.plan.in_infos = [](simulator::Infos& infos) { infos.dg14.chip_keys.clear(); };
  CHECK(inspect_whole(made).passed(Check::chip_authentication));
  made.chip = [](simulator::ChipProfile& chip) { chip.chip_keys.front().scalar = ec_key("P-256", 9).scalar(); };
  CHECK(inspect_whole(made).headline() == "CLONE_SUSPECT");
}

TEST_CASE("a chip that hides its PACE or its DG14 is not believed") {
  ForeignDocument hidden;  // its DG14 offers PACE
  hidden.pace = false;
  CHECK(inspect_whole(hidden).headline() == "CLONE_SUSPECT");

  auto taken = with_agreement(octets(crypto::ca_oid(crypto::AesKey::aes128)), {});
  taken.chip = [](simulator::ChipProfile& chip) { chip.files.erase({layout::Application::emrtd, 0x010E}); };
  CHECK(inspect_whole(taken).headline() == "FORGED");

  auto silent = with_rsa_answers(1536, crypto::HashAlgorithm::sha256);
  silent.plan.in_com = [](patent::Com& com) { std::erase(com.tags, 0x6F); };
  CHECK(inspect_whole(silent).judged.verdict.outcome == Outcome::invalid);
}

// EF.CardAccess leaves one offer standing that no reader speaks, so that BAC is taken.
TEST_CASE("a chip that hides the PACE of its DG14 behind BAC is not believed") {
  auto old = patent::pace_info({crypto::Curve::secp256r1, crypto::AesKey::aes128});
  old.parameter_id = 0;  // a group of integers
  REQUIRE_FALSE(patent::supported(old));
  const auto encoded = [](const std::vector<patent::PaceInfo>& offers) {
    patent::SecurityInfos infos;
    infos.pace = offers;
    return patent::encode_security_infos(infos);
  };
  for (const bool has_better : {true, false}) {
    ForeignDocument made;
    made.pace = false;
    made.before_signing = [&](simulator::Files& files) {
      std::vector<patent::PaceInfo> offers{old};
      if (has_better) offers.push_back(patent::pace_info({crypto::Curve::secp256r1, crypto::AesKey::aes128}));
      files[layout::FileId::dg14] = patent::encode_dg14(encoded(offers));
    };
    made.chip = [&](simulator::ChipProfile& chip) {
      chip.files[{layout::Application::master_file, 0x011C}] = encoded({old});
    };
    const auto seen = inspect_whole(made);
    CHECK(seen.evidence.basic_access);
    CHECK(seen.headline() == (has_better ? "CLONE_SUSPECT" : "OK"));
  }
}

TEST_CASE("what was changed, taken away or signed by another state is a forgery") {
  for (const auto fid : {0x0101, 0x0102, 0x010B, 0x010C}) {
    auto made = with_bac();
    made.chip = [fid](simulator::ChipProfile& chip) {
      chip.files[{layout::Application::emrtd, static_cast<std::uint16_t>(fid)}].back() ^= 1;
    };
    INFO(fid);
    CHECK(inspect_whole(made).headline() == "FORGED");
  }
  auto other = with_bac();
  other.plan.country = "KZ";
  CHECK(inspect_whole(other).headline() == "FORGED");
  auto gone = with_bac();
  gone.chip = [](simulator::ChipProfile& chip) { chip.files.erase({layout::Application::emrtd, 0x0102}); };
  CHECK(inspect_whole(gone).headline() == "FORGED");
}

TEST_CASE("a document is not believed without trust, out of date, or under a wrong key to it") {
  const auto made = with_bac();
  CHECK(inspect_whole(made, {}, testing::at("2031-05-11T09:00:00Z")).says(Reason::document_expired) == false);
  CHECK(inspect_whole(made, {}, testing::at("2031-05-12T09:00:00Z")).says(Reason::document_expired));

  const auto document = made.make();
  simulator::ChipSimulator chip(made.on_chip(document));
  const auto evidence = testing::read_foreign(chip, testing::mrz_key(made.zone));
  CHECK(judge_passport(evidence, testing::house().trust(), {}, kNow).verdict.headline == Reason::unknown_issuer);
  auto blind = document.trust;
  blind.revocations.clear();
  CHECK(judge_passport(evidence, blind, {}, kNow).verdict.headline == Reason::revocation_unknown);
  // A master list's word is as good for a passport.
  Trust listed = testing::house().trust();
  listed.listed = document.trust.csca;
  listed.revocations = document.trust.revocations;
  CHECK(judge_passport(evidence, listed, {}, kNow).verdict.outcome == Outcome::valid);

  simulator::ChipSimulator again(made.on_chip(document));
  const auto refused = testing::read_foreign(again, testing::mrz_key(passport_zone(44, "402345671")));
  CHECK(refused.access == AccessOutcome::wrong_password);
  CHECK(judge_passport(refused, document.trust, {}, kNow).verdict.headline == Reason::can_wrong);
  simulator::ChipSimulator third(made.on_chip(document));
  const auto by_can =
      testing::read_foreign(third, {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes("123456"))});
  CHECK(by_can.access == AccessOutcome::not_offered);
}

TEST_CASE("a chip that answers to a printed zone and holds another is a forgery") {
  const auto printed = passport_zone(44, "402345671");
  const auto key = testing::mrz_key(printed);
  auto made = with_bac();
  made.chip = [&](simulator::ChipProfile& chip) { chip.mrz_information = patent::mrz_information(printed).value(); };
  const auto document = made.make();
  simulator::ChipSimulator chip(made.on_chip(document));
  const auto evidence = testing::read_foreign(chip, key);
  REQUIRE(evidence.access == AccessOutcome::opened);
  CHECK(judge_passport(evidence, document.trust, {}, kNow, &key).verdict.headline == Reason::data_mismatch);
}

TEST_CASE("nobody is born later in this year") {
  for (const auto& [zone_date, year] : {std::pair{"260310", 2026}, std::pair{"260311", 1926}}) {
    auto made = with_bac();
    made.zone = passport_zone(57, zone_date);
    const auto facts = inspect_whole(made).judged.facts;
    REQUIRE(facts);
    CHECK(facts->birth_date->year == year);
  }
}

TEST_CASE("BAC never opens a patent, and a passport's signer never signs one") {
  const auto made = with_bac();
  const auto document = made.make();
  simulator::ChipSimulator chip(made.on_chip(document));
  crypto::OpensslEngine engine;
  const auto evidence = inspect(engine, chip, testing::mrz_key(made.zone), {}, {.link = {65544, 65538}}, kNow);
  CHECK(evidence.access == AccessOutcome::not_offered);
  CHECK(chip.count(Step::bac_challenge) == 0);

  // A patent by the CSCA of another state: known by the folder, then by a master list only.
  simulator::DocumentPlan patent;
  patent.proof = Proof::none;
  for (const auto* country : {"TJ", "RU"}) {
    patent.country = country;
    const auto forged = simulator::make_document(patent);
    simulator::ChipSimulator card(forged.on_chip(patent));
    const auto read = inspect(engine, card, {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes("123456"))}, {},
                              {.link = {65544, 65538}}, kNow);
    auto listed = testing::house().trust();
    listed.listed = forged.trust.csca;
    CHECK(verify(read, listed, {}, kNow).headline == Reason::unknown_issuer);
    if (country == std::string_view("TJ")) CHECK(verify(read, forged.trust, {}, kNow).headline == Reason::forged);
    if (country == std::string_view("RU")) CHECK(verify(read, forged.trust, {}, kNow).facts.confirmed);
  }
}

TEST_CASE("evidence of a passport keeps how it was opened") {
  const auto made = with_bac();
  const auto document = made.make();
  simulator::ChipSimulator chip(made.on_chip(document));
  const auto evidence = testing::read_foreign(chip, testing::mrz_key(made.zone));
  const auto again = evidence_from_json(to_json(evidence));
  REQUIRE(again);
  CHECK(again->basic_access);
  CHECK(judge_passport(*again, document.trust, {}, kNow).verdict.outcome == Outcome::valid);
}
