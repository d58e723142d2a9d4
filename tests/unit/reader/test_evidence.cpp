// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "tests/seed.hpp"
#include "tests/unit/reader/issuing_house.hpp"

using namespace reader;
using testing::FileId;

namespace {

Evidence sample() {
  auto evidence = testing::Specimen{}.evidence();
  evidence.reader_name = "Reader \"1\" Ж";
  evidence.answer_to_reset = {0x3B, 0x80, 0x80, 0x01, 0x01};
  evidence.pace = crypto::PaceParameters{crypto::Curve::brainpoolP384r1, crypto::AesKey::aes192};
  evidence.chip_mapping.emplace().curve = crypto::Curve::secp384r1;
  if (!evidence.chip_mapping->mapping_key.assign(Bytes(97, 4)) || !evidence.chip_mapping->ca_data.assign(Bytes(48, 7)))
    std::abort();
  evidence.chip_authentication = KeyAgreement{crypto::Curve::secp256r1, Bytes(65, 4), true};
  evidence.active_authentication = ChallengeAnswer{Bytes(8, 1), Bytes(64, 2)};
  evidence.files.push_back({FileId::dg3, ReadOutcome::refused, {}});
  evidence.terminal_authentication = TerminalAuthentication{
      TerminalOutcome::refused, "RUDV00001", TerminalStep::verify_certificate, wire::StatusWord::authentication_failed};
  evidence.link_error = wire::LinkError::card_removed;
  evidence.traffic = {19, 1234, 25000, std::chrono::microseconds{98765}};
  return evidence;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto found = text.find(from);
  REQUIRE(found != std::string::npos);
  return text.replace(found, from.size(), to);
}

}  // namespace

TEST_CASE("evidence comes back from its JSON as it was") {
  const auto evidence = sample();
  const auto text = to_json(evidence);
  const auto back = evidence_from_json(text);
  REQUIRE(back);
  CHECK(to_json(*back) == text);
  CHECK(back->taken_at == evidence.taken_at);
  CHECK(back->reader_name == evidence.reader_name);
  CHECK(back->answer_to_reset == evidence.answer_to_reset);
  CHECK(back->pace == evidence.pace);
  REQUIRE(back->chip_mapping);
  CHECK(back->chip_mapping->curve == crypto::Curve::secp384r1);
  CHECK(std::ranges::equal(back->chip_mapping->mapping_key.view(), Bytes(97, 4)));
  CHECK(std::ranges::equal(back->chip_mapping->ca_data.view(), Bytes(48, 7)));
  REQUIRE(back->chip_authentication);
  CHECK(back->chip_authentication->held);
  CHECK(back->chip_authentication->static_key == Bytes(65, 4));
  REQUIRE(back->active_authentication);
  CHECK(back->active_authentication->challenge == Bytes(8, 1));
  CHECK(back->active_authentication->answer == Bytes(64, 2));
  REQUIRE(back->terminal_authentication);
  CHECK(back->terminal_authentication->outcome == TerminalOutcome::refused);
  CHECK(back->terminal_authentication->reference == "RUDV00001");
  CHECK(back->terminal_authentication->refused_at == TerminalStep::verify_certificate);
  CHECK(back->terminal_authentication->status == wire::StatusWord::authentication_failed);
  CHECK(back->access == AccessOutcome::opened);
  REQUIRE(back->files.size() == evidence.files.size());
  for (std::size_t i = 0; i < evidence.files.size(); ++i) {
    CHECK(back->files[i].file == evidence.files[i].file);
    CHECK(back->files[i].outcome == evidence.files[i].outcome);
    CHECK(back->files[i].content == evidence.files[i].content);
  }
  CHECK(back->status_records == evidence.status_records);
  CHECK(back->certificate_records == evidence.certificate_records);
  CHECK(back->link_error == evidence.link_error);
  CHECK(back->traffic.octets_received == 25000);
  CHECK(back->traffic.elapsed.count() == 98765);
}

TEST_CASE("evidence that is not of the published form is refused") {
  const auto good = to_json(sample());
  const std::array faults{
      std::pair{replaced(good, "\"opened\"", "\"open\""), EvidenceError::malformed},
      std::pair{replaced(good, "\"version\" : 1", "\"version\" : 2"), EvidenceError::wrong_version},
      std::pair{replaced(good, "\"version\" : 1", "\"version\" : \"1\""), EvidenceError::wrong_version},
      std::pair{replaced(good, "\"version\" : 1", "\"version\" : 1, \"can\" : \"123456\""), EvidenceError::malformed},
      std::pair{replaced(good, "\"version\" : 1", "\"version\" : 1, \"version\" : 1"), EvidenceError::not_json},
      std::pair{replaced(good, "\"EF.DG1\"", "\"EF.DG99\""), EvidenceError::malformed},
      std::pair{replaced(good, "\"GM\"", "\"DM\""), EvidenceError::malformed},
      std::pair{replaced(good, "\"held\" : true", "\"held\" : 1"), EvidenceError::malformed},
      std::pair{replaced(good, "\"ca_data\" : \"", "\"ca_data\" : \"" + std::string(400, 'A')),
                EvidenceError::malformed},
      std::pair{replaced(good, "\"verify_certificate\"", "\"verify\""), EvidenceError::malformed},
      std::pair{replaced(good, "\"status_word\" : 25344", "\"status_word\" : 65536"), EvidenceError::malformed},
      std::pair{replaced(good, "\"RUDV00001\"", "\"RUDV0000100000001\""), EvidenceError::malformed},
      std::pair{replaced(good, "\"refused_at\"", "\"at\""), EvidenceError::malformed},
      std::pair{replaced(good, "\"file\" : \"EF.DG3\",\n   \"outcome\" : \"refused\"",
                         "\"file\" : \"EF.DG3\",\n   \"outcome\" : \"withheld\""),
                EvidenceError::malformed},
      std::pair{replaced(good, "\"file\" : \"EF.DG3\"", "\"file\" : \"EF.DG3\", \"digests\" : {\"MD5\" : \"\"}"),
                EvidenceError::malformed},
      std::pair{replaced(good, "\"EF.DG1\"", "\"EF.DG2\""), EvidenceError::malformed},
      std::pair{replaced(good, "\"refused\"", "\"read \""), EvidenceError::malformed},
      std::pair{replaced(good, "\"O4CAAQE=\"", "\"O4CAAQF=\""), EvidenceError::malformed},
      std::pair{replaced(good, "\"O4CAAQE=\"", "\"O4CAAQE\""), EvidenceError::malformed},
      std::pair{replaced(good, "\"O4CAAQE=\"", "7"), EvidenceError::malformed},
      std::pair{replaced(good, "\"apdus\" : 19", "\"apdus\" : -1"), EvidenceError::malformed},
      std::pair{replaced(good, "\"apdus\" : 19", "\"apdus\" : 1e300"), EvidenceError::malformed},
      std::pair{good + "{}", EvidenceError::not_json},
      std::pair{"\xEF\xBB\xBF" + good, EvidenceError::not_json},
      std::pair{std::string("[]"), EvidenceError::malformed},
      std::pair{std::string(), EvidenceError::not_json},
      std::pair{std::string(100000, '['), EvidenceError::not_json},
      std::pair{std::string(5U << 20, ' '), EvidenceError::too_large},
  };
  for (const auto& [text, error] : faults) {
    INFO(text.substr(0, 200));
    const auto parsed = evidence_from_json(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error() == error);
  }
}

TEST_CASE("evidence cut or changed anywhere never throws and never gains content") {
  const auto seed = test_seed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto good = to_json(sample());
  for (int i = 0; i < 300; ++i) {
    auto text = good;
    text[random() % text.size()] = static_cast<char>(random());
    const auto changed = evidence_from_json(text);
    if (changed) CHECK(changed->files.size() <= layout::kFiles.size());
    CHECK_FALSE(evidence_from_json(std::string_view(good).substr(0, random() % (good.size() - 2))));
  }
}

TEST_CASE("instants and dates are read strictly") {
  CHECK(to_iso(testing::at("2026-03-10T09:08:07Z")) == "2026-03-10T09:08:07Z");
  CHECK(to_iso(testing::day("2024-02-29")) == "2024-02-29");
  for (const auto* text : {"2026-02-29T00:00:00Z", "2026-03-10T24:00:00Z", "2026-03-10T09:00:00", "2026-3-10T09:00:00Z",
                           "2026-03-10 09:00:00Z", "+026-03-10T09:00:00Z", "2026-03-10T09:00:60Z"})
    CHECK_FALSE(instant_from_iso(text));
  CHECK_FALSE(date_from_iso("2026-13-01"));
}
