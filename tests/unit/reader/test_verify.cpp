// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "reader/judge/reasons.hpp"
#include "tests/seed.hpp"
#include "tests/unit/reader/issuing_house.hpp"

using namespace reader;
using patent::State;
using testing::at;
using testing::day;
using testing::FileId;
using testing::house;
using testing::Specimen;

namespace {

constexpr auto* kNoon = "2026-03-10T09:00:00Z";  // Moscow, on the issue date

struct Case {
  Specimen specimen{};
  std::function<void(Evidence&)> change{};
  Trust trust = house().trust();
  Policy policy{};
  crypto::Time when = at(kNoon);
  OfficerAnswers officer{};

  [[nodiscard]] Verdict judge() const {
    auto evidence = specimen.evidence();
    if (change) change(evidence);
    return verify(evidence, trust, policy, when, officer);
  }
};

bool has(const Verdict& verdict, Reason reason) {
  return std::ranges::find(verdict.findings, reason, &Finding::reason) != verdict.findings.end();
}
CheckState state(const Verdict& verdict, Check check) {
  return std::ranges::find(verdict.checks, check, &CheckResult::check)->state;
}

// A case for every reason that a verdict of this version can be headed by.
const testing::IssuingHouse& stranger() {
  static const testing::IssuingHouse kStranger("Another CSCA");
  return kStranger;
}
const testing::IssuingHouse& namesake() {
  static const testing::IssuingHouse kNamesake("Test CSCA");
  return kNamesake;
}
const testing::IssuingHouse& neighbour() {
  static const testing::IssuingHouse kNeighbour("Neighbour CSCA", "KZ", "KAZ");
  return kNeighbour;
}

Case with_state(State state) {
  Case c;
  c.specimen.status.front().state = state;
  return c;
}
Case when(const char* time, const char* as_of) {
  Case c;
  c.when = at(time);
  c.specimen.status.front().as_of = at(as_of);
  return c;
}
// Of the card's name, an hour old; the card is the sixth of 64 in both lists.
Case listed(State listed_state, std::uint8_t months) {
  Case c;
  c.specimen.patent.status_list_uri = "https://status.example/0";
  c.specimen.patent.status_index = 5;
  for (const auto kind : {patent::ListKind::states, patent::ListKind::months}) {
    auto entries = patent::PackedList::zeros(patent::kEntryBits, 64).value();
    entries.set(5, kind == patent::ListKind::states ? static_cast<std::uint8_t>(listed_state) : months);
    const patent::StatusList list{.kind = kind,
                                  .uri = c.specimen.patent.status_list_uri,
                                  .issued_at = at(kNoon) - std::chrono::hours{1},
                                  .entries = std::move(entries)};
    if (!c.trust.lists.put(list)) std::abort();
  }
  return c;
}
Case changed(std::function<void(Evidence&)> change) {
  Case c;
  c.change = std::move(change);
  return c;
}

struct Named {
  const char* what;
  Reason headline;
  std::function<Case()> make;
};

const std::vector<Named>& cases() {
  static const std::vector<Named> kCases{
      {"nothing speaks against it", Reason::ok, [] { return Case{}; }},
      {"a data group was changed", Reason::forged,
       [] { return changed([](Evidence& e) { testing::file_of(e, FileId::dg2).back() ^= 1; }); }},
      {"one digit of the patent was changed", Reason::forged,
       [] {
         return changed([](Evidence& e) {
           auto p = testing::sample_patent();
           p.series = "50";
           testing::file_of(e, FileId::dg13) = patent::encode_dg13(p);
         });
       }},
      {"the security object was changed", Reason::forged,
       [] { return changed([](Evidence& e) { testing::file_of(e, FileId::sod).back() ^= 1; }); }},
      {"the security object is garbage", Reason::forged,
       [] { return changed([](Evidence& e) {
              testing::file_of(e, FileId::sod) = {0x77, 0x02, 0x05, 0x00};
            }); }},
      {"another content type was signed", Reason::forged,
       [] {
         Case c;
         c.specimen.content_type = crypto::kOidSecurityObject;
         return c;
       }},
      {"a data group stands on the card that nobody signed", Reason::forged,
       [] {
         Case c;
         c.specimen.in_security_object = [](auto& object) { object.hashes.erase(object.hashes.begin() + 1); };
         return c;
       }},
      {"its hashes are SHA-1's", Reason::algorithm_not_accepted,
       [] {
         Case c;
         c.specimen.in_security_object = [](auto& object) {
           object.hash = crypto::HashAlgorithm::sha1;
           for (auto& group : object.hashes) group.hash.resize(crypto::hash_size(object.hash));
         };
         c.policy.sha1_issuers = {"RUS"};  // which is never said of a patent
         return c;
       }},
      {"only a master list knows its CSCA", Reason::unknown_issuer,
       [] {
         Case c;
         c.trust = neighbour().trust();
         c.trust.listed = {*house().csca.certificate};
         return c;
       }},
      {"it was opened by BAC, as passports are", Reason::not_a_patent,
       [] { return changed([](Evidence& e) { e.basic_access = true; }); }},
      {"the photo was taken away", Reason::forged,
       [] { return changed([](Evidence& e) { testing::set_outcome(e, FileId::dg2, ReadOutcome::absent); }); }},
      {"EF.COM hides a data group", Reason::forged,
       [] {
         return changed([](Evidence& e) {
           patent::Com com;
           com.tags = {0x61, 0x6B, 0x6C, 0x6D, 0x6E};
           testing::file_of(e, FileId::com) = patent::encode_com(com);
         });
       }},
      {"a status signer signed the document", Reason::forged,
       [] {
         Case c;
         c.specimen.signer = &house().status;
         return c;
       }},
      {"another state signed it", Reason::forged,
       [] {
         Case c;
         c.specimen.issuer = &neighbour();
         c.trust = neighbour().trust();
         return c;
       }},
      {"the chip offers what was not signed", Reason::clone_suspect,
       [] {
         return changed([](Evidence& e) {
           testing::file_of(e, FileId::card_access) =
               patent::encode_security_infos({{crypto::Curve::secp384r1, crypto::AesKey::aes256}});
         });
       }},
      {"annulled", Reason::annulled, [] { return with_state(State::annulled); }},
      {"lost", Reason::lost, [] { return with_state(State::lost); }},
      {"replaced", Reason::replaced, [] { return with_state(State::replaced); }},
      {"returned", Reason::returned, [] { return with_state(State::returned); }},
      {"taken back", Reason::revoked, [] { return with_state(State::invalid); }},
      {"suspended", Reason::suspended, [] { return with_state(State::suspended); }},
      {"not yet activated", Reason::not_active, [] { return with_state(State::not_active); }},
      {"the twelve months are over", Reason::term_over,
       [] {
         auto c = when("2027-03-10T06:00:00Z", "2027-03-10T05:00:00Z");
         c.specimen.status.front().months_paid = 12;
         return c;
       }},
      {"the paid period is over", Reason::unpaid, [] { return when("2026-06-10T06:00:00Z", "2026-06-10T05:00:00Z"); }},
      {"no month is paid", Reason::unpaid,
       [] {
         Case c;
         c.specimen.status.front().months_paid = 0;
         return c;
       }},
      {"the paid period is over, by an older record", Reason::unpaid_unconfirmed,
       [] { return when("2026-06-11T06:00:00Z", "2026-06-09T06:00:00Z"); }},
      {"checked in another region", Reason::wrong_territory,
       [] {
         Case c;
         c.policy.territory_oktmo = "46000000";
         return c;
       }},
      {"signed by nobody we know", Reason::unknown_issuer,
       [] {
         Case c;
         c.trust = stranger().trust();
         return c;
       }},
      {"signed under a key of the same name that we do not have", Reason::unknown_issuer,
       [] {
         Case c;
         c.trust = namesake().trust();
         return c;
       }},
      {"the signer was revoked", Reason::signer_revoked,
       [] {
         Case c;
         testing::IssuingHouse revoking;
         revoking.publish({{revoking.document.certificate->serial_hex(), at("2026-03-01T00:00:00Z")}});
         static std::vector<testing::IssuingHouse> kept;
         kept.push_back(std::move(revoking));
         c.specimen.issuer = &kept.back();
         c.trust = kept.back().trust();
         return c;
       }},
      {"the signer's certificate has ended", Reason::signer_expired,
       [] {
         auto c = when("2028-01-01T06:00:00Z", "2028-01-01T05:00:00Z");
         c.specimen.patent.issue_date = day("2027-12-01");
         c.specimen.patent.last_day = day("2028-11-30");
         c.specimen.status.front().as_of = at("2027-12-31T00:00:00Z");
         return c;
       }},
      {"signed after the key's own period", Reason::signer_expired,
       [] {
         auto c = when("2027-02-01T06:00:00Z", "2026-12-31T00:00:00Z");
         c.policy.status_hard_limit = std::chrono::hours{24 * 60};
         c.specimen.status.front().months_paid = 12;
         c.specimen.signed_at = at("2027-01-15T00:00:00Z");
         return c;
       }},
      {"no revocation list", Reason::revocation_unknown,
       [] {
         Case c;
         c.trust.revocations.clear();
         return c;
       }},
      {"the revocation list has expired", Reason::revocation_unknown,
       [] {
         Case c;
         testing::IssuingHouse late;
         late.publish({}, "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
         static std::vector<testing::IssuingHouse> kept;
         kept.push_back(std::move(late));
         c.specimen.issuer = &kept.back();
         c.trust = kept.back().trust();
         return c;
       }},
      {"the revocation list is another's", Reason::revocation_unknown,
       [] {
         Case c;
         c.trust.revocations = {*namesake().revocations};
         return c;
       }},
      {"no status record", Reason::status_missing,
       [] {
         Case c;
         c.specimen.status.clear();
         return c;
       }},
      {"no records application", Reason::status_missing,
       [] {
         return changed([](Evidence& e) {
           e.records = ReadOutcome::absent;
           e.status_records.clear();
           e.certificate_records.clear();
         });
       }},
      {"the status record was changed", Reason::status_untrusted,
       [] {
         return changed([](Evidence& e) { e.status_records.front()[e.status_records.front().size() - 20] ^= 1; });
       }},
      {"the status record is garbage", Reason::status_untrusted,
       [] { return changed([](Evidence& e) {
              e.status_records.front() = {0x5F, 0x20, 0x00};
            }); }},
      {"the status record names no certificate", Reason::status_untrusted,
       [] { return changed([](Evidence& e) { e.certificate_records.clear(); }); }},
      {"a document signer signed the status", Reason::status_signer,
       [] {
         Case c;
         c.specimen.status_signer = &house().document;
         return c;
       }},
      {"a stranger signed the status", Reason::status_signer,
       [] {
         Case c;
         c.specimen.status_signer = &stranger().status;
         return c;
       }},
      {"another state signed the status", Reason::status_signer,
       [] {
         Case c;
         c.specimen.status_signer = &neighbour().status;
         c.trust.csca.push_back(*neighbour().csca.certificate);
         c.trust.revocations.push_back(*neighbour().revocations);
         return c;
       }},
      {"the status is another card's", Reason::status_other_card,
       [] {
         Case c;
         c.specimen.status.front().card_number = "P00000018";
         return c;
       }},
      {"the status is another patent's", Reason::status_other_card,
       [] {
         Case c;
         c.specimen.status.front().patent_number = "772600123457";
         return c;
       }},
      {"the sequence does not grow", Reason::status_order,
       [] {
         Case c;
         c.specimen.status.push_back(c.specimen.status.front());
         return c;
       }},
      {"sequence numbers are left out", Reason::status_gap,
       [] {
         Case c;
         c.specimen.status.push_back(c.specimen.status.front());
         c.specimen.status.back().sequence = 3;
         return c;
       }},
      {"a list knows of a payment", Reason::ok_extended, [] { return listed(State::valid, 5); }},
      {"a list names a state of another age", Reason::state_unknown, [] { return listed(static_cast<State>(7), 3); }},
      {"the list ends before the card", Reason::list_no_entry,
       [] {
         auto c = listed(State::valid, 3);
         c.specimen.patent.status_index = 64;
         return c;
       }},
      {"a receipt for a payment that nobody sees", Reason::payment_not_seen,
       [] {
         auto c = when("2026-06-15T06:00:00Z", "2026-06-15T05:00:00Z");
         c.officer.receipt_shown = Answer::yes;
         return c;
       }},
      {"other work than the patent's", Reason::profession,
       [] {
         Case c;
         c.officer.profession_fits = Answer::no;
         return c;
       }},
      {"the register of controlled persons, for whom it concerns", Reason::person_flag,
       [] {
         Case c;
         c.officer = {.person_flagged = Answer::yes, .role = "inspector"};
         c.policy.person_flag_roles = {"inspector"};
         return c;
       }},
      {"a region without electronic patents", Reason::region_not_live,
       [] {
         Case c;
         c.trust.regions = patent::shipped_regions();
         c.specimen.patent.series = "50";
         c.specimen.status.front().patent_number = "502600123456";
         return c;
       }},
      {"no trust package for a month", Reason::clock_unconfirmed,
       [] {
         Case c;
         c.trust.newest_package = at(kNoon) - c.policy.clock_trust - std::chrono::seconds{1};
         return c;
       }},
      {"before the issue date", Reason::not_active,
       [] {
         auto c = when("2026-03-09T06:00:00Z", "2026-03-09T05:00:00Z");
         c.specimen.signed_at = at("2026-03-09T04:00:00Z");
         return c;
       }},
      {"the record is too old", Reason::stale, [] { return when("2026-03-20T06:00:00Z", "2026-03-17T05:00:00Z"); }},
      {"the record comes from the future", Reason::clock, [] { return when(kNoon, "2026-03-10T09:10:01Z"); }},
      {"the device's clock is before the signing", Reason::clock,
       [] {
         Case c;
         c.specimen.signed_at = at("2026-03-10T09:30:00Z");
         return c;
       }},
      {"wrong CAN", Reason::can_wrong,
       [] {
         return changed([](Evidence& e) {
           e = {};
           e.access = AccessOutcome::wrong_password;
         });
       }},
      {"the chip refused PACE", Reason::unreadable,
       [] {
         return changed([](Evidence& e) {
           e = {};
           e.access = AccessOutcome::refused;
         });
       }},
      {"mute", Reason::no_chip,
       [] {
         return changed([](Evidence& e) {
           e = {};
           e.link_error = wire::LinkError::card_mute;
         });
       }},
      {"pulled before anything was read", Reason::unreadable,
       [] {
         return changed([](Evidence& e) {
           e = {};
           e.link_error = wire::LinkError::card_removed;
         });
       }},
      {"pulled while DG13 was read", Reason::unreadable,
       [] {
         return changed([](Evidence& e) {
           testing::set_outcome(e, FileId::dg13, ReadOutcome::incomplete);
           e.link_error = wire::LinkError::card_removed;
         });
       }},
      {"pulled before the status was read", Reason::unreadable,
       [] {
         return changed([](Evidence& e) {
           e.records = ReadOutcome::incomplete;
           e.status_records.clear();
           e.link_error = wire::LinkError::card_removed;
         });
       }},
      {"pulled after everything was read", Reason::unreadable,
       [] { return changed([](Evidence& e) { e.link_error = wire::LinkError::card_removed; }); }},
      {"the photo was refused", Reason::unreadable,
       [] { return changed([](Evidence& e) { testing::set_outcome(e, FileId::dg2, ReadOutcome::refused); }); }},
      {"the security object was refused", Reason::unreadable,
       [] { return changed([](Evidence& e) { testing::set_outcome(e, FileId::sod, ReadOutcome::refused); }); }},
      {"signed, but no patent inside", Reason::unreadable,
       [] {
         Case c;
         c.specimen.before_signing = [](auto& files) { files[FileId::dg12] = {0x6C, 0x02, 0x04, 0x00}; };
         return c;
       }},
      {"signed, but DG1 and DG13 differ", Reason::unreadable,
       [] {
         Case c;
         c.specimen.before_signing = [](auto& files) {
           auto p = testing::sample_patent();
           p.card_number = "P00000099";
           files[FileId::dg1] = patent::encode_dg1(p);
         };
         return c;
       }},
      {"no PACE offered", Reason::not_a_patent,
       [] {
         return changed([](Evidence& e) {
           e = {};
           e.access = AccessOutcome::not_offered;
         });
       }},
      {"a passport", Reason::not_a_patent,
       [] {
         Case c;
         c.specimen.before_signing = [](auto& files) { files.erase(FileId::dg13); };
         c.change = [](Evidence& e) {
           e.files.push_back({FileId::dg13, ReadOutcome::absent, {}});
           e.records = ReadOutcome::absent;
         };
         return c;
       }},
      {"an issuer that the policy does not name", Reason::not_a_patent,
       [] {
         Case c;
         c.policy.issuing_states = {"BLR"};
         return c;
       }},
  };
  return kCases;
}

// Reasons that only signed lists, printed data, a terminal certificate, an officer's own knowledge or another document
// can give.
const std::set<Reason> kNotYetSaid{Reason::data_mismatch,    Reason::paper,         Reason::terminal_expired,
                                   Reason::status_ageing,    Reason::states_differ, Reason::months_differ,
                                   Reason::document_expired, Reason::fingers_unread};

}  // namespace

TEST_CASE("each deviation heads the verdict with its own reason") {
  for (const auto& [what, headline, make] : cases()) {
    INFO(what);
    const auto verdict = make().judge();
    CHECK(std::string(rule_of(verdict.headline).name) == std::string(rule_of(headline).name));
    CHECK(verdict.outcome == rule_of(headline).outcome);
    CHECK((verdict.outcome == Outcome::valid) == (headline == Reason::ok || headline == Reason::ok_extended));
    CHECK(verdict.findings.front().reason == verdict.headline);
    CHECK(verdict.checks.size() == mandatory_checks().size() + checks_if_announced().size() + 2);
  }
}

TEST_CASE("every reason has a case or is kept for later") {
  std::set<Reason> seen;
  for (const auto& named : cases()) seen.insert(named.headline);
  for (const auto& rule : reason_rules()) {
    INFO(rule.name);
    CHECK(seen.contains(rule.reason) != kNotYetSaid.contains(rule.reason));
  }
}

TEST_CASE("a valid patent's verdict says what is printed and until when it is paid") {
  const auto verdict = Case{}.judge();
  REQUIRE(verdict.outcome == Outcome::valid);
  for (const auto check : mandatory_checks()) {
    INFO(name_of(check));
    CHECK(state(verdict, check) == CheckState::successful);
  }
  CHECK(state(verdict, Check::territory) == CheckState::not_supported);
  CHECK(verdict.facts.confirmed);
  CHECK(verdict.facts.surname == "ШАРИПОВ");
  CHECK(verdict.facts.birth_date == "1990-05-12");
  CHECK(verdict.facts.patent_series == "77");
  CHECK(verdict.facts.paid_until == day("2026-06-09"));
  CHECK(verdict.facts.months_paid == 3);
  CHECK(verdict.facts.photo.size() == 6);
  CHECK(verdict.findings.front().date == day("2026-06-09"));
  CHECK(verdict.findings.front().amount == 91);
}

TEST_CASE("an inspection without the photo may be valid") {
  auto c = changed([](Evidence& e) { std::erase_if(e.files, [](auto& f) { return f.file == FileId::dg2; }); });
  CHECK(c.judge().headline == Reason::ok);
}

TEST_CASE("facts of a document that is not confirmed are marked so") {
  for (const auto& named : cases()) {
    if (named.headline != Reason::forged && named.headline != Reason::unknown_issuer) continue;
    INFO(named.what);
    CHECK_FALSE(named.make().judge().facts.confirmed);
  }
}

TEST_CASE("what nobody trusted has signed decides nothing about the patent") {
  Case c;
  c.trust = stranger().trust();
  c.when = at("2028-03-10T09:00:00Z");
  const auto verdict = c.judge();
  CHECK(verdict.headline == Reason::unknown_issuer);
  CHECK_FALSE(has(verdict, Reason::term_over));
  CHECK(state(verdict, Check::term) == CheckState::aborted);
}

TEST_CASE("lists say VALID of a card without records, and the verdict names them") {
  auto c = listed(State::valid, 3);
  for (const bool absent : {false, true}) {
    c.change = [absent](Evidence& e) {
      e.status_records.clear();
      if (absent) e.records = ReadOutcome::absent;
    };
    const auto verdict = c.judge();
    CHECK(verdict.headline == Reason::ok);
    CHECK(verdict.outcome == Outcome::valid);
    CHECK(state(verdict, Check::status_signature) == CheckState::successful);
    CHECK(verdict.facts.status_as_of == at(kNoon) - std::chrono::hours{1});
    REQUIRE(verdict.lists.size() == 2);
    CHECK(verdict.lists.front().kind == "states");
    CHECK(verdict.lists.back().as_of == at(kNoon) - std::chrono::hours{1});
  }
  c.specimen.patent.status_list_uri = "https://status.example/1";  // no list of the card's own name
  CHECK(c.judge().headline == Reason::status_missing);
  CHECK(c.judge().lists.empty());
}

TEST_CASE("a list never makes up for a record that lies") {
  auto c = listed(State::valid, 3);
  c.specimen.status.front().card_number = "P00000018";
  CHECK(c.judge().headline == Reason::status_other_card);
  CHECK(state(c.judge(), Check::status_signature) == CheckState::failed);
}

TEST_CASE("a card that one of its records calls lost stays lost") {
  Case c;
  auto found = c.specimen.status.front();
  found.sequence = 2;
  c.specimen.status.front().state = State::lost;
  c.specimen.status.push_back(found);
  CHECK(c.judge().headline == Reason::lost);
  c.specimen.status.front().state = State::annulled;  // and a court may lift an annulment
  CHECK(c.judge().headline == Reason::ok);
}

TEST_CASE("the register of controlled persons is for the roles that the policy names") {
  Case c;
  c.officer = {.person_flagged = Answer::yes, .role = "inspector"};
  CHECK(c.judge().headline == Reason::ok);
}

TEST_CASE("all hits are shown, the worst first") {
  auto c = when("2026-06-20T06:00:00Z", "2026-06-15T06:00:00Z");
  c.specimen.status.front().state = State::annulled;
  c.policy.territory_oktmo = "46000000";
  const auto verdict = c.judge();
  std::vector<Reason> found;
  for (const auto& finding : verdict.findings) found.push_back(finding.reason);
  CHECK(found == std::vector{Reason::annulled, Reason::wrong_territory, Reason::unpaid_unconfirmed, Reason::stale});
  CHECK(verdict.findings[1].text == "г. Москва");
}

TEST_CASE("the newest trusted record counts; a bad newer one is reported and its word not taken") {
  Case c;
  auto paid = c.specimen.status.front();
  paid.sequence = 2;
  paid.months_paid = 4;
  c.specimen.status.push_back(paid);
  CHECK(c.judge().facts.months_paid == 4);
  CHECK(c.judge().headline == Reason::ok);

  c.change = [](Evidence& e) { e.status_records.back()[e.status_records.back().size() - 20] ^= 1; };
  const auto verdict = c.judge();
  CHECK(verdict.facts.months_paid == 3);
  CHECK(verdict.headline == Reason::status_untrusted);
}

TEST_CASE("a revoked status signer is not believed") {
  testing::IssuingHouse revoking;
  revoking.publish({{revoking.status.certificate->serial_hex(), at("2026-03-01T00:00:00Z")}});
  Case c;
  c.specimen.issuer = &revoking;
  c.trust = revoking.trust();
  CHECK(c.judge().headline == Reason::status_signer);
}

TEST_CASE("a status of a time when its CSCA was not in office is not believed") {
  testing::IssuingHouse younger;
  crypto::CertificateRequest renewed;
  renewed.role = crypto::CertificateRole::csca;
  renewed.country = "RU";
  renewed.state = "RUS";
  renewed.organization = "Test";
  renewed.common_name = "Test CSCA";
  renewed.not_before = at("2026-03-10T08:00:00Z");
  renewed.not_after = at("2035-01-01T00:00:00Z");
  younger.csca.certificate =
      crypto::issue_certificate(renewed, younger.csca.key->public_key(), nullptr, *younger.csca.key).value();
  Case c;
  c.specimen.issuer = &younger;
  c.trust = younger.trust();
  c.specimen.status.front().as_of = at("2026-03-10T07:59:59Z");
  CHECK(c.judge().headline == Reason::status_signer);
  c.specimen.status.front().as_of = at("2026-03-10T08:00:00Z");
  CHECK(c.judge().headline == Reason::ok);
}

TEST_CASE("a changed octet anywhere is never valid") {
  const auto seed = test_seed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto good = Specimen{}.evidence();
  const auto trust = house().trust();
  for (int i = 0; i < 400; ++i) {
    auto evidence = good;
    std::vector<Bytes*> all;
    for (auto& file : evidence.files) all.push_back(&file.content);
    all.push_back(&evidence.status_records.front());
    all.push_back(&evidence.certificate_records.front());
    auto& octets = *all[random() % all.size()];
    octets[random() % octets.size()] ^= static_cast<crypto::Byte>(1U << random() % 8);
    INFO("round " << i);
    CHECK(verify(evidence, trust, {}, at(kNoon)).outcome != Outcome::valid);
  }
}

TEST_CASE("the rules are one table: unique numbers, names and ranks") {
  std::set<Reason> reasons;
  std::set<std::string_view> names;
  std::set<unsigned> ranks;
  for (const auto& rule : reason_rules()) {
    CHECK(reasons.insert(rule.reason).second);
    CHECK(names.insert(rule.name).second);
    CHECK(ranks.insert(rule.rank).second);
  }
  CHECK(rule_of(static_cast<Reason>(9999)).outcome == Outcome::needs_check);
}
