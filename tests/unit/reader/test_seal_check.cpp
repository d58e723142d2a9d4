// SPDX-License-Identifier: Apache-2.0
// The seal on a card's back: never VALID, and every way in which it speaks against the card.
#include <catch2/catch.hpp>

#include "card/patent/sealed_patent.hpp"
#include "reader/seal/seal_check.hpp"
#include "tests/unit/crypto/memory_key.hpp"
#include "tests/unit/reader/issuing_house.hpp"

namespace {

using namespace reader;
using crypto_test::MemoryKey;
using testing::at;
using testing::day;
using testing::house;

const std::string kUri = "https://status.example/77/0";
constexpr std::uint32_t kIndex = 7;
const auto kNow = at("2026-03-11T09:00:00Z");

patent::Patent sealed_sample() {
  auto p = testing::sample_patent();
  p.status_list_uri = kUri;
  p.status_index = kIndex;
  return p;
}

const MemoryKey& seal_key() {
  static const MemoryKey key;
  return key;
}

crypto::Certificate certify(const std::vector<std::string>& types = {"IW"}) {
  crypto::CertificateRequest request;
  request.role = crypto::CertificateRole::seal_signer;
  request.common_name = "PS";
  request.not_before = at("2026-03-01T12:00:00Z");
  request.not_after = at("2028-04-01T12:00:00Z");
  request.document_types = types;
  return crypto::issue_certificate(request, seal_key().public_key(), &*house().csca.certificate, *house().csca.key)
      .value();
}
const crypto::Certificate& seal_signer() {
  static const auto kSigner = certify();
  return kSigner;
}

Bytes seal_for(const patent::Patent& p, const crypto::Certificate& by = seal_signer(),
               patent::Date signed_on = day("2026-03-10")) {
  const auto seal = patent::seal_of(p, {by.seal_signer_identifier(), by.serial_hex()}, signed_on, 64);
  REQUIRE(seal);
  const auto content = patent::encode_seal_content(*seal);
  return patent::encode_seal(content, seal_key().sign_digest(crypto::digest(testing::kHash, content).value()).value());
}

void put(Trust& trust, patent::ListKind kind, std::uint8_t value) {
  auto entries = *patent::PackedList::zeros(4, 16);
  entries.set(kIndex, value);
  REQUIRE(trust.lists.put(
      {.kind = kind, .uri = kUri, .issued_at = at("2026-03-11T06:00:00Z"), .entries = std::move(entries)}));
}

Trust trust_with(patent::State state = patent::State::valid, std::uint8_t months = 3) {
  auto trust = house().trust();
  trust.seal_signers = {seal_signer()};
  put(trust, patent::ListKind::states, static_cast<std::uint8_t>(state));
  put(trust, patent::ListKind::months, months);
  return trust;
}

SealVerdict check(const Bytes& octets, const Trust& trust = trust_with(), const SealComparison& with = {},
                  const Policy& policy = {}) {
  return check_seal(octets, with, trust, policy, kNow);
}

bool found(const Verdict& verdict, Reason reason) {
  return std::ranges::find(verdict.findings, reason, &Finding::reason) != verdict.findings.end();
}
CheckState state(const Verdict& verdict, Check check) {
  const auto one = std::ranges::find(verdict.checks, check, &CheckResult::check);
  REQUIRE(one != verdict.checks.end());
  return one->state;
}

}  // namespace

TEST_CASE("a genuine seal of a living patent needs a check all the same: nobody saw a photo") {
  const auto [verdict, differences] = check(seal_for(sealed_sample()));
  CHECK(verdict.outcome == Outcome::needs_check);
  CHECK(verdict.headline == Reason::no_chip);
  CHECK(verdict.findings.size() == 1);
  CHECK(verdict.facts.confirmed);
  CHECK(verdict.facts.surname == "ШАРИПОВ");
  CHECK(verdict.facts.paid_until == day("2026-06-09"));
  CHECK(verdict.lists.size() == 2);
  for (const auto& [check, state] : verdict.checks) {
    INFO(static_cast<int>(check));
    const bool not_asked = check == Check::territory || check == Check::seal_agreement;
    CHECK(state == (not_asked ? CheckState::not_supported : CheckState::successful));
  }
  CHECK(differences.empty());
}

TEST_CASE("what the lists say of the card counts") {
  const auto octets = seal_for(sealed_sample());
  const auto headline = [&](const Trust& trust, const Policy& policy = {}) {
    return check(octets, trust, {}, policy).verdict.headline;
  };
  CHECK(headline(trust_with(patent::State::annulled)) == Reason::annulled);
  CHECK(headline(trust_with(patent::State::lost)) == Reason::lost);
  CHECK(headline(trust_with(patent::State::replaced)) == Reason::replaced);
  CHECK(headline(trust_with(patent::State::valid, 0)) == Reason::unpaid);
  CHECK(headline(trust_with(), {.territory_oktmo = "46000000"}) == Reason::wrong_territory);
  const auto elsewhere = check(octets, trust_with(), {}, {.territory_oktmo = "46000000"}).verdict;
  CHECK(elsewhere.outcome == Outcome::invalid);

  auto blind = house().trust();
  blind.seal_signers = {seal_signer()};
  const auto unknown = check(octets, blind).verdict;
  CHECK(unknown.headline == Reason::no_chip);
  CHECK(found(unknown, Reason::status_missing));
  auto p = sealed_sample();
  p.status_list_uri.clear();
  CHECK(found(check(seal_for(p)).verdict, Reason::status_missing));
}

TEST_CASE("a seal that was changed is forged") {
  const auto octets = seal_for(sealed_sample());
  for (const std::size_t place : {octets.size() - 1, octets.size() - 66 - 1}) {
    auto other = octets;
    other[place] ^= 1;
    const auto verdict = check(other).verdict;
    INFO(place);
    if (verdict.headline == Reason::forged) CHECK(state(verdict, Check::seal_signature) == CheckState::failed);
    CHECK_FALSE(verdict.facts.confirmed);
    CHECK(verdict.facts.paid_until == std::nullopt);
  }
  auto signature = octets;
  signature.back() ^= 1;
  CHECK(check(signature).verdict.headline == Reason::forged);
  CHECK(check(signature).verdict.outcome == Outcome::invalid);
}

TEST_CASE("a signer that nobody knows proves nothing") {
  const auto octets = seal_for(sealed_sample());
  auto none = trust_with();
  none.seal_signers.clear();
  auto verdict = check(octets, none).verdict;
  CHECK(verdict.headline == Reason::no_chip);
  CHECK(found(verdict, Reason::unknown_issuer));
  CHECK(state(verdict, Check::signer_chain) == CheckState::undetermined);
  CHECK(state(verdict, Check::seal_signature) == CheckState::aborted);
  CHECK_FALSE(verdict.facts.confirmed);

  // Under no trusted CSCA, though its certificate lies here.
  static const testing::IssuingHouse stranger("Other CSCA");
  auto other = trust_with();
  other.csca = {*stranger.csca.certificate};
  CHECK(found(check(octets, other).verdict, Reason::unknown_issuer));

  // Made for visas.
  const auto visas = certify({"V"});
  auto wrong = trust_with();
  wrong.seal_signers = {visas};
  CHECK(found(check(seal_for(sealed_sample(), visas), wrong).verdict, Reason::unknown_issuer));
}

TEST_CASE("dates and revocation of the signer are judged as a document signer's") {
  const auto early = check(seal_for(sealed_sample(), seal_signer(), day("2026-02-28"))).verdict;
  CHECK(found(early, Reason::signer_expired));
  CHECK_FALSE(early.facts.confirmed);
  CHECK_FALSE(
      found(check(seal_for(sealed_sample(), seal_signer(), day("2026-03-01"))).verdict, Reason::signer_expired));

  auto revoked = trust_with();
  revoked.revocations = {crypto::issue_revocation_list(*house().csca.certificate, *house().csca.key,
                                                       {{seal_signer().serial_hex(), at("2026-03-05T00:00:00Z")}},
                                                       at("2026-03-05T00:00:00Z"), at("2026-06-01T00:00:00Z"), 2)
                             .value()};
  CHECK(found(check(seal_for(sealed_sample()), revoked).verdict, Reason::signer_revoked));
  auto unknown = trust_with();
  unknown.revocations.clear();
  CHECK(found(check(seal_for(sealed_sample()), unknown).verdict, Reason::revocation_unknown));
  CHECK(found(check(seal_for(sealed_sample()), trust_with(), {}, {.issuing_states = {"TJK"}}).verdict,
              Reason::not_a_patent));
}

TEST_CASE("what is no seal, or none of a patent, is said to be none") {
  CHECK(found(check({}).verdict, Reason::unreadable));
  CHECK(found(check({0xDC, 0x03}).verdict, Reason::unreadable));
  const std::string link = "https://example.org";
  const auto verdict = check(Bytes(link.begin(), link.end())).verdict;
  CHECK(verdict.headline == Reason::not_a_patent);
  CHECK(verdict.outcome == Outcome::needs_check);
  CHECK(state(verdict, Check::content) == CheckState::failed);
}

TEST_CASE("the chip and the print must say what the seal says") {
  const auto p = sealed_sample();
  const auto octets = seal_for(p);
  testing::Specimen specimen;
  specimen.patent = p;
  const auto chip = patent_in(specimen.evidence());
  REQUIRE(chip);
  auto same = check(octets, trust_with(), {.chip = chip});
  CHECK(same.differences.empty());
  CHECK(state(same.verdict, Check::seal_agreement) == CheckState::successful);
  CHECK(same.verdict.headline == Reason::no_chip);

  auto other = *chip;
  other.surname_ru = "КАРИМОВ";
  other.number = "2600123457";
  const auto differs = check(octets, trust_with(), {.chip = other});
  CHECK(differs.verdict.headline == Reason::data_mismatch);
  CHECK(differs.verdict.outcome == Outcome::invalid);
  CHECK(differs.differences == std::vector<std::string>{"number (chip)", "surname (chip)"});
  CHECK(state(differs.verdict, Check::seal_agreement) == CheckState::failed);

  const auto printed = [&](const std::string& name, const std::string& value) {
    return check(octets, trust_with(), {.print = {{name, value}}}).differences;
  };
  CHECK(printed("surname", "Шарипов").empty());
  CHECK(printed("territory", "Г.МОСКВА").empty());
  CHECK(printed("birth_date", "12.05.1990").empty());
  CHECK(printed("birth_date", "1990-05-12").empty());
  CHECK(printed("issue_date", "10.03.2026").empty());
  CHECK(printed("card_number", "p000 00017").empty());
  CHECK(printed("profession", "Подсобный  рабочий").empty());
  CHECK(printed("birth_date", "13.05.1990") == std::vector<std::string>{"birth_date (print)"});
  CHECK(printed("birth_date", "1990") == std::vector<std::string>{"birth_date (print)"});
  CHECK(printed("surname", "Шарип") == std::vector<std::string>{"surname (print)"});
  CHECK(printed("patronymic", "") == std::vector<std::string>{"patronymic (print)"});
  CHECK(printed("inn", "775123456799") == std::vector<std::string>{"inn (print)"});

  auto evidence = specimen.evidence();
  evidence.files.clear();
  CHECK_FALSE(patent_in(evidence));
}

TEST_CASE("a text that the seal cut is compared as far as it goes") {
  auto p = sealed_sample();
  for (int i = 0; i < 80; ++i) p.profession += "ы";
  const auto octets = seal_for(p);
  const auto print = [&](const std::string& profession) {
    return check(octets, trust_with(), {.print = {{"profession", profession}}}).differences;
  };
  CHECK(print(p.profession).empty());
  CHECK_FALSE(print("каменщик").empty());
}
