// SPDX-License-Identifier: Apache-2.0
// The cases against a card can fail: cards, links and certificates that are wrong on purpose, and the cases that must
// see it. Against the right card they pass.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "crypto/der.hpp"
#include "tests/conformance/chip/cases.hpp"
#include "tests/conformance/kit/run.hpp"
#include "tests/power/power_cut_nvm.hpp"
#include "tests/terminal_rig.hpp"

using namespace conformance;
using crypto::CvDate;
using layout::FileId;

namespace {

crypto::OpensslEngine& engine() { return rig::engine(); }

// What may be wrong with a card under test.
struct Wrong {
  std::function<void(rig::Content&)> content = [](rig::Content&) {};
  // Answers as they pass the link.
  std::function<void(const wire::Command&, Bytes&)> link = [](const wire::Command&, Bytes&) {};
  std::span<const CertificateSpec> certificates = published_certificates();
  bool other_trust_point = false;
};

class RigCard final : public wire::Channel {
public:
  RigCard(const Wrong& wrong, const rig::Content& content) : wrong_(wrong) {
    REQUIRE(rig::make_blank(nvm_));
    REQUIRE(rig::personalize(rig::power_on(nvm_)->channel, content));
    reset();
  }
  void reset() {
    rig_ = rig::power_on(nvm_);
    REQUIRE(rig_);
  }
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    const auto answer = rig_->channel.transmit(command);
    if (!answer) return answer;
    data_.assign(answer->data.begin(), answer->data.end());
    wrong_.link(command, data_);
    return wire::Response{data_, answer->sw};
  }

private:
  const Wrong& wrong_;
  power::RamNvm nvm_;
  std::unique_ptr<rig::Rig> rig_;
  Bytes data_;
};

Bytes finger_template(Byte subtype) {
  Bytes header;
  crypto::append_tlv(header, 0x82, Bytes{subtype});
  crypto::append_tlv(header, 0x87, Bytes{0x01, 0x01});
  crypto::append_tlv(header, 0x88, Bytes{0x00, 0x07});
  Bytes out = crypto::tlv(0xA1, header);
  crypto::append_tlv(out, 0x5F2E, Bytes{'F', 'I', 'R', 0, '0', '1', '0', 0});
  return crypto::tlv(0x7F60, out);
}
Bytes group(Byte count, const std::vector<Bytes>& templates) {
  Bytes inside = crypto::tlv(0x02, Bytes{count});
  for (const auto& one : templates) inside.insert(inside.end(), one.begin(), one.end());
  return crypto::tlv(0x63, crypto::tlv(0x7F61, inside));
}
Bytes fingers() { return group(2, {finger_template(0x09), finger_template(0x0A)}); }

Bytes dg14(const std::vector<Bytes>& infos) { return crypto::tlv(0x6E, crypto::der::set_of(infos)); }
Bytes id_ta(std::initializer_list<Byte> below = {}) {
  Bytes oid(crypto::kTerminalAuthenticationOid.begin(), crypto::kTerminalAuthenticationOid.end());
  oid.insert(oid.end(), below);
  return crypto::tlv(0x06, oid);
}
Bytes terminal_info(const Bytes& oid, const Bytes& file = {}) {
  return crypto::der::sequence({oid, crypto::der::integer(1), file});
}

// Its CVCA lives long enough for the published sets.
struct LongTree : rig::CvTree {
  LongTree() { cvca_plan.expires = rig::kToday + std::chrono::days(365); }
};

class CvcaKey final : public crypto::SigningKey {
public:
  explicit CvcaKey(const crypto::SigningKey& key) : key_(key) {}
  [[nodiscard]] crypto::PublicKey public_key() const override { return key_.public_key(); }
  [[nodiscard]] crypto::Curve curve() const override { return key_.curve(); }
  crypto::Result<Bytes, crypto::CryptoError> sign_digest(ByteView digest) const override {
    return key_.sign_digest(digest);
  }

private:
  const crypto::SigningKey& key_;
};

// No passive authentication here: the rig's EF.SOD is signed by nobody.
constexpr std::string_view kNeedsSignedDocument = "ISO7816_K_19";

std::set<std::string> failures(const Wrong& wrong) {
  const LongTree tree, other;
  auto content = rig::guarded_content(tree, 600, rig::with_chip_authentication());
  content.files[FileId::card_access] = rig::card_access({rig::with_chip_authentication()});
  content.files[FileId::com] = patent::encode_com({.tags = {0x61, 0x75, 0x63, 0x6B, 0x6C, 0x6D, 0x6E}});
  content.files[FileId::dg14] = dg14({terminal_info(id_ta())});
  content.files[FileId::dg3] = fingers();
  wrong.content(content);

  auto owned = std::make_unique<RigCard>(wrong, content);
  RigCard* const card = owned.get();
  const rig::CvTree& trusted = wrong.other_trust_point ? other : tree;
  Bench bench(engine(), {.card = {.reader_name = "rig",
                                  .answer_to_reset = {},
                                  .limits = {65535, 65535},
                                  .channel = std::move(owned),
                                  .reset =
                                      [card] {
                                        card->reset();
                                        return reader::Linked<void>{};
                                      }},
                         .password = {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(rig::kCan))},
                         .trust_point_key = std::make_unique<CvcaKey>(trusted.cvca_key),
                         .trust_point = trusted.cvca(),
                         .csca = std::nullopt,
                         .first_day = rig::kToday,
                         .absent = {Need::migration},
                         .certificates = wrong.certificates});
  bench.learn();
  const auto cases = chip_cases([&bench]() -> Bench& { return bench; });
  std::set<std::string> out;
  for (const auto& report : run_cases(cases, {}, {})) {
    INFO(report.of->id << ": " << report.outcome.seen);
    CHECK(
        (report.outcome.result != Result::error || wrong.other_trust_point || report.of->id.starts_with("ISO7816_M")));
    if (report.outcome.result == Result::failed) out.insert(report.of->id);
  }
  out.erase(std::string(kNeedsSignedDocument));
  return out;
}

void expect(const std::set<std::string>& failed, std::initializer_list<const char*> wanted) {
  for (const char* const id : wanted) {
    INFO(id);
    CHECK(failed.count(id) == 1);
  }
}

}  // namespace

TEST_CASE("a right card fails no case") { CHECK(failures({}).empty()); }

TEST_CASE("certificates without their faults are taken, and the cases say so") {
  const auto published = published_certificates();
  std::vector<CertificateSpec> faultless(published.begin(), published.end());
  for (auto& spec : faultless) {
    spec.change_body = nullptr;
    spec.change_signed = as_it_is;
  }
  Wrong wrong;
  wrong.certificates = faultless;
  expect(
      failures(wrong),
      {"ISO7816_J_3",  "ISO7816_J_4",  "ISO7816_J_5",  "ISO7816_J_6",  "ISO7816_J_7",  "ISO7816_J_8",  "ISO7816_J_9",
       "ISO7816_J_10", "ISO7816_J_17", "ISO7816_J_18", "ISO7816_J_19", "ISO7816_J_20", "ISO7816_J_21", "ISO7816_J_23",
       "ISO7816_J_24", "ISO7816_J_26", "ISO7816_J_27", "ISO7816_J_28", "ISO7816_J_29", "ISO7816_J_30", "ISO7816_J_31",
       "ISO7816_J_33", "ISO7816_J_34", "ISO7816_J_36", "ISO7816_J_37", "ISO7816_J_38", "ISO7816_J_41"});
}

TEST_CASE("certificates with more rights open DG3, and the cases say so") {
  const auto published = published_certificates();
  std::vector<CertificateSpec> generous(published.begin(), published.end());
  for (auto& spec : generous) spec.rights = 3;
  Wrong wrong;
  wrong.certificates = generous;
  CHECK(failures(wrong) == std::set<std::string>{"ISO7816_L_4", "ISO7816_L_8"});
}

TEST_CASE("a domestic DV in place of a foreign one moves the date") {
  const auto published = published_certificates();
  std::vector<CertificateSpec> domestic(published.begin(), published.end());
  for (auto& spec : domestic)
    if (spec.role == crypto::CvRole::dv_foreign) spec.role = crypto::CvRole::dv_domestic;
  Wrong wrong;
  wrong.certificates = domestic;
  expect(failures(wrong), {"ISO7816_J_11"});
}

TEST_CASE("a card that trusts another authority") {
  Wrong wrong;
  wrong.other_trust_point = true;
  expect(failures(wrong), {"ISO7816_J_1", "ISO7816_J_11", "ISO7816_J_22", "ISO7816_J_25", "ISO7816_J_44", "ISO7816_K_1",
                           "ISO7816_K_4", "ISO7816_L_1", "ISO7816_L_5", "ISO7816_M_1", "ISO7816_M_3", "LDS_G_1"});
}

TEST_CASE("DG14 that announces terminal authentication in a wrong form") {
  Wrong wrong;
  SECTION("an algorithm below id-TA") {
    wrong.content = [](rig::Content& content) {
      content.files[FileId::dg14] = dg14({terminal_info(id_ta()), terminal_info(id_ta({2, 3}))});
    };
    CHECK(failures(wrong).count("LDS_E_2") == 1);
  }
  SECTION("the FID is an integer") {
    wrong.content = [](rig::Content& content) {
      content.files[FileId::dg14] =
          dg14({terminal_info(id_ta()), terminal_info(id_ta(), crypto::der::sequence({crypto::der::integer(0x011C)}))});
    };
    CHECK(failures(wrong).count("LDS_E_5") == 1);
  }
}

TEST_CASE("DG3 with a wrong frame") {
  const auto with_dg3 = [](Bytes dg3) {
    Wrong wrong;
    wrong.content = [dg3 = std::move(dg3)](rig::Content& content) { content.files[FileId::dg3] = dg3; };
    return failures(wrong);
  };
  Bytes other_block = fingers();
  *std::search(other_block.begin(), other_block.end(), std::begin("FIR"), std::begin("FIR") + 3) = 'X';
  Bytes other_owner = fingers();
  const Bytes owner{0x87, 0x02, 0x01};
  std::search(other_owner.begin(), other_owner.end(), owner.begin(), owner.end())[2] = 0x02;
  Bytes other_type = fingers();
  const Bytes type{0x88, 0x02, 0x00, 0x07};
  std::search(other_type.begin(), other_type.end(), type.begin(), type.end())[3] = 0x08;
  expect(with_dg3(crypto::tlv(0x76, crypto::tlv(0x7F61, crypto::tlv(0x02, Bytes{0})))), {"LDS_G_1", "LDS_G_2"});
  Bytes two_groups = crypto::tlv(0x7F61, crypto::tlv(0x02, Bytes{0}));
  crypto::append_tlv(two_groups, 0x04, Bytes{1});
  expect(with_dg3(crypto::tlv(0x63, two_groups)), {"LDS_G_3"});
  expect(with_dg3(group(1, {finger_template(0x09), finger_template(0x0A)})), {"LDS_G_4"});
  expect(with_dg3(group(1, {crypto::tlv(0x7F62, Bytes{1})})), {"LDS_G_5", "LDS_G_6"});
  expect(with_dg3(other_owner), {"LDS_G_7"});
  expect(with_dg3(other_type), {"LDS_G_8"});
  expect(with_dg3(group(1, {finger_template(0x1B)})), {"LDS_G_9"});
  expect(with_dg3(group(1, {crypto::tlv(0x7F60, crypto::tlv(0xA1, Bytes{}))})), {"LDS_G_10"});
  expect(with_dg3(other_block), {"LDS_G_11"});
}

TEST_CASE("a link that changes what passes") {
  Wrong wrong;
  SECTION("EF.ATR/INFO") {
    wrong.link = [](const wire::Command& command, Bytes& data) {
      if (command.cla == 0 && command.ins == 0xB0 && data.size() > 10 && data[0] == 0x43)
        data = Bytes{0x47, 0x03, 0, 0, 0};
    };
    expect(failures(wrong), {"LDS_L_2", "LDS_L_3", "LDS_L_4"});
  }
  SECTION("the MAC of each answer about a certificate") {
    wrong.link = [](const wire::Command& command, Bytes& data) {
      if (command.cla == 0x0C && command.ins == 0x2A && !data.empty()) data.back() = static_cast<Byte>(data.back() ^ 1);
    };
    expect(failures(wrong),
           {"ISO7816_J_1", "ISO7816_J_3", "ISO7816_J_30", "ISO7816_J_43", "ISO7816_K_1", "ISO7816_L_1"});
  }
}
