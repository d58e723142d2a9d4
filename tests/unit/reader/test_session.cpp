// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <map>

#include "tests/unit/reader/issued_card.hpp"

using namespace reader;
using testing::FileId;
using testing::IssuedCard;

namespace {

IssuedCard& card() {
  static IssuedCard kCard;
  return kCard;
}

// Taken away before the n-th command is answered.
class Pulled final : public wire::Channel {
public:
  Pulled(wire::Channel& below, std::uint32_t answers) : below_(below), left_(answers) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    if (left_ == 0) return crypto::unexpected(wire::LinkError::card_removed);
    --left_;
    return below_.transmit(command);
  }

private:
  wire::Channel& below_;
  std::uint32_t left_;
};

}  // namespace

TEST_CASE("a genuine card is read in few commands and is valid") {
  const auto evidence = testing::inspect(card().insert());
  REQUIRE(evidence.access == AccessOutcome::opened);
  CHECK_FALSE(evidence.link_error);
  CHECK(evidence.records == ReadOutcome::read);
  CHECK(evidence.status_records.size() == 1);
  CHECK(evidence.certificate_records.size() == 1);
  CHECK(evidence.traffic.apdus <= 21);
  const auto verdict = testing::judge(evidence);
  CHECK(verdict.headline == Reason::ok);
  CHECK(verdict.facts.photo.size() == 20000);
}

TEST_CASE("without the photo twenty commands are enough") {
  const auto evidence = testing::inspect(card().insert(), testing::can_key(), {.photo = false});
  CHECK(evidence.traffic.apdus <= 20);
  CHECK(evidence.outcome(FileId::dg2) == ReadOutcome::not_tried);
  CHECK(testing::judge(evidence).headline == Reason::ok);
}

TEST_CASE("any reader's limits bring the same evidence") {
  const auto whole = testing::inspect(card().insert());
  for (const auto& link : {wire::ApduLimits{}, wire::ApduLimits{261, 1024}, wire::ApduLimits{4096, 4096}}) {
    INFO(link.max_command << " " << link.max_response);
    const auto evidence = testing::inspect(card().insert(), testing::can_key(), {}, link);
    CHECK_FALSE(evidence.link_error);
    for (const auto& file : whole.files) {
      REQUIRE(evidence.content(file.file));
      CHECK(*evidence.content(file.file) == file.content);
    }
    CHECK(evidence.status_records == whole.status_records);
    CHECK(evidence.certificate_records == whole.certificate_records);
  }
}

TEST_CASE("the MRZ opens the card as well; a wrong password does not") {
  const AccessKey mrz{crypto::PasswordKind::mrz, crypto::Secret(crypto::as_bytes(rig::kMrzInformation))};
  CHECK(testing::judge(testing::inspect(card().insert(), mrz)).headline == Reason::ok);

  IssuedCard another;
  const auto wrong = testing::inspect(another.insert(), testing::can_key("123457"));
  CHECK(wrong.access == AccessOutcome::wrong_password);
  CHECK(testing::judge(wrong).headline == Reason::can_wrong);
  CHECK(testing::inspect(another.insert(), testing::can_key("12345")).access == AccessOutcome::wrong_password);
  CHECK(testing::inspect(another.insert()).access == AccessOutcome::opened);
}

TEST_CASE("a card pulled at any command keeps what was read, and is never valid") {
  const auto whole = testing::inspect(card().insert());
  for (std::uint32_t answers = 0; answers < whole.traffic.apdus; ++answers) {
    INFO("after " << answers);
    Pulled pulled(card().insert(), answers);
    const auto evidence = testing::inspect(pulled);
    CHECK(evidence.link_error == wire::LinkError::card_removed);
    for (const auto& file : evidence.files) {
      if (file.outcome == ReadOutcome::read) CHECK(file.content == *whole.content(file.file));
    }
    CHECK(testing::judge(evidence).outcome == Outcome::needs_check);
    const auto saved = evidence_from_json(to_json(evidence));
    REQUIRE(saved);
    CHECK(testing::judge(*saved).headline == testing::judge(evidence).headline);
  }
  Pulled patient(card().insert(), whole.traffic.apdus);
  CHECK_FALSE(testing::inspect(patient).link_error);
}

TEST_CASE("a session ends when it is asked to") {
  std::stop_source stop;
  SessionOptions options{.link = testing::kFast};
  options.stop = stop.get_token();
  options.progress = [&](const ProgressEvent& event) {
    if (event.step == Progress::reading_data) stop.request_stop();
  };
  const auto evidence = reader::inspect(rig::engine(), card().insert(), testing::can_key(), {}, options, {});
  CHECK(evidence.link_error == wire::LinkError::interrupted);
  CHECK(evidence.access == AccessOutcome::opened);
}

TEST_CASE("a blank card is no patent") {
  power::RamNvm nvm;
  REQUIRE(rig::make_blank(nvm));
  const auto blank = rig::power_on(nvm);
  const auto evidence = testing::inspect(blank->channel);
  CHECK(evidence.access == AccessOutcome::not_offered);
  CHECK(testing::judge(evidence).headline == Reason::not_a_patent);
}

TEST_CASE("a copy of the data on a chip of its own parameters is a suspected clone") {
  testing::Specimen specimen;
  auto content = testing::content_of(specimen, 2000);
  content.files[FileId::card_access] =
      patent::encode_security_infos({{crypto::Curve::secp384r1, crypto::AesKey::aes256}});
  power::RamNvm nvm;
  REQUIRE(rig::make_blank(nvm));
  REQUIRE(rig::personalize(rig::power_on(nvm)->channel, content));
  const auto copy = rig::power_on(nvm);
  CHECK(testing::judge(testing::inspect(copy->channel)).headline == Reason::clone_suspect);
}
