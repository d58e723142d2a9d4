// SPDX-License-Identifier: Apache-2.0
#include "card/patent/status_record.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "card/layout/files.hpp"
#include "crypto/tlv.hpp"
#include "random_patent.hpp"
#include "tests/seed.hpp"
#include "vectors.hpp"

using namespace patent;
using namespace std::chrono_literals;

namespace {

StatusRecord sample() {
  StatusRecord r;
  r.card_number = "P00000017";
  r.patent_number = "772100123456";
  r.sequence = 3;
  r.state = State::annulled;
  r.reason = 7;
  r.months_paid = 12;
  r.as_of = std::chrono::sys_days(2021y / 4 / 22) + 9h + 5min + 7s;
  r.issuing_unit = "770-001";
  r.policy = PaidPeriodPolicy::inclusive_clamped;
  return r;
}

Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }

Bytes record_with(const Bytes& info, std::uint32_t sequence = 3) {
  return encode_status_record(info, Bytes(96, 0x5A), 1, sequence);
}

Bytes info_with(std::uint32_t tag, const Bytes& value) {
  const Bytes info = encode_status_info(sample());
  crypto::TlvReader reader(crypto::read_only_tlv(info, 0x73)->value);
  std::map<std::uint32_t, Bytes> objects;
  while (!reader.at_end()) {
    const auto object = *reader.next();
    objects[object.tag] = Bytes(object.value.begin(), object.value.end());
  }
  objects[tag] = value;
  Bytes content;
  for (const auto& [t, v] : objects) crypto::append_tlv(content, t, v);
  return crypto::tlv(0x73, content);
}

DecodeError error_of(const Bytes& record) {
  const auto read = decode_status_record(record);
  REQUIRE_FALSE(read);
  return read.error();
}

}  // namespace

TEST_CASE("a status record has the octets that the file layout prescribes") {
  const Bytes info = encode_status_info(sample());
  CHECK(crypto::to_hex(info) ==
        "7347"
        "800101"
        "8109503030303030303137"
        "820C373732313030313233343536"
        "830400000003"
        "84010C"
        "850107"
        "86010C"
        "870E3230323130343232303930353037"
        "88073737302D303031"
        "890102");
  const Bytes record = record_with(info);
  CHECK(crypto::to_hex(record) ==
        "5F200400000003" + crypto::to_hex(info) + "5F3760" + crypto::to_hex(Bytes(96, 0x5A)) + "5F380101");
  const auto read = decode_status_record(record);
  REQUIRE(read);
  CHECK(read->record == sample());
  CHECK(read->signed_info == info);
  CHECK(read->signature == Bytes(96, 0x5A));
  CHECK(read->certificate_record == 1);
}

TEST_CASE("random status records come back") {
  const std::uint32_t seed = test_seed();
  INFO("seed " << seed);
  Random random(seed);
  for (int i = 0; i < 1000; ++i) {
    StatusRecord r = sample();
    r.card_number = random.digits(9);
    r.patent_number = random.digits(12);
    r.sequence = static_cast<std::uint32_t>(1 + random.below(0xFFFFFFFF));
    r.state = std::vector{State::valid,    State::invalid, State::suspended, State::not_active,
                          State::annulled, State::lost,    State::replaced,  State::returned}[random.below(8)];
    r.reason = static_cast<std::uint8_t>(random.below(256));
    r.months_paid = static_cast<std::uint8_t>(random.below(13));
    r.as_of = std::chrono::sys_seconds(std::chrono::seconds(random.below(4'000'000'000)));
    r.policy = static_cast<PaidPeriodPolicy>(1 + random.below(2));
    const auto read = decode_status_record(record_with(encode_status_info(r), r.sequence));
    REQUIRE(read);
    REQUIRE(read->record == r);
  }
}

TEST_CASE("the signed part is kept as read, unknown private objects included") {
  const Bytes info = info_with(0xC1, bytes("for later"));
  const auto read = decode_status_record(record_with(info));
  REQUIRE(read);
  CHECK(read->record == sample());
  CHECK(read->signed_info == info);
  CHECK(error_of(record_with(info_with(0x8A, {1}))) == DecodeError::unknown_object);
}

TEST_CASE("a status record outside its form is refused") {
  CHECK(error_of(record_with(info_with(0x80, {2}))) == DecodeError::unsupported_version);
  CHECK(error_of(record_with(info_with(0x81, bytes("P0000001")))) == DecodeError::bad_value);
  CHECK(error_of(record_with(info_with(0x82, bytes("77210012345A")))) == DecodeError::bad_value);
  CHECK(error_of(record_with(info_with(0x83, {0, 0, 0, 0}), 0)) == DecodeError::bad_value);
  CHECK(error_of(record_with(info_with(0x83, {3}))) == DecodeError::bad_value);
  for (const int state : {0x4, 0xB, 0x10, 0xFF})
    CHECK(error_of(record_with(info_with(0x84, {static_cast<std::uint8_t>(state)}))) == DecodeError::bad_value);
  CHECK(error_of(record_with(info_with(0x86, {13}))) == DecodeError::bad_value);
  for (const auto* time : {"20210230090507", "20210422240000", "20210422096000", "20210422090560", "2021042209050",
                           "2021042209050a", "20210422/90507", "202104220905070"}) {
    INFO(time);
    CHECK(error_of(record_with(info_with(0x87, bytes(time)))) == DecodeError::bad_value);
  }
  CHECK(error_of(record_with(info_with(0x88, bytes("770001")))) == DecodeError::bad_value);
  CHECK(error_of(record_with(info_with(0x89, {0}))) == DecodeError::bad_value);
  CHECK(error_of(record_with(info_with(0x89, {3}))) == DecodeError::bad_value);
}

TEST_CASE("the frame of a status record is checked") {
  const Bytes info = encode_status_info(sample());
  CHECK(error_of(record_with(info, 4)) == DecodeError::bad_value);  // the search copy lies
  CHECK(error_of(encode_status_record(info, Bytes(96, 1), 0, 3)) == DecodeError::bad_value);
  CHECK(error_of(encode_status_record(info, Bytes(96, 1), 255, 3)) == DecodeError::bad_value);
  CHECK(error_of(encode_status_record(info, Bytes(97, 1), 1, 3)) == DecodeError::bad_value);
  CHECK(error_of(encode_status_record(info, Bytes(54, 1), 1, 3)) == DecodeError::bad_value);
  CHECK(error_of(encode_status_record(info, Bytes(134, 1), 1, 3)) == DecodeError::bad_value);
  CHECK(error_of(encode_status_record({}, Bytes(96, 1), 1, 3)) == DecodeError::missing_object);
  CHECK(error_of({}) == DecodeError::malformed_tlv);
  Bytes longer = record_with(info);
  longer.push_back(0);
  CHECK(error_of(longer) == DecodeError::trailing_data);
  CHECK(error_of(Bytes(layout::kMaxRecordOctets + 1, 0x73)) == DecodeError::too_long);
  const Bytes good = record_with(info);
  for (std::size_t n = 0; n < good.size(); ++n) CHECK_FALSE(decode_status_record(crypto::ByteView(good).first(n)));
}

TEST_CASE("no status is written that could not be read") {
  StatusRecord r = sample();
  r.months_paid = 13;
  CHECK(encode_status_info(r).empty());
  r = sample();
  r.sequence = 0;
  CHECK(encode_status_info(r).empty());
  r = sample();
  r.state = static_cast<State>(4);
  CHECK(encode_status_info(r).empty());
  r = sample();
  r.patent_number = "7721001234567";
  CHECK(encode_status_info(r).empty());
}

TEST_CASE("a certificate record carries its certificate") {
  const Bytes x509 = hex("3003020101");
  const Bytes record = encode_certificate_record("RU", hex("0102FF"), x509);
  CHECK(crypto::to_hex(record) == "5F3A0552550102FF72053003020101");
  CHECK(std::ranges::equal(*decode_certificate_record(record), x509));
  const auto error = [](const Bytes& r) { return decode_certificate_record(r).error(); };
  CHECK(error(encode_certificate_record("RU", {}, x509)) == DecodeError::bad_value);
  CHECK(error(encode_certificate_record("ru", hex("01"), x509)) == DecodeError::bad_value);
  CHECK(error(encode_certificate_record("RU", Bytes(21, 1), x509)) == DecodeError::bad_value);
  CHECK(error(encode_certificate_record("RU", hex("01"), {})) == DecodeError::bad_value);
  CHECK(error(encode_certificate_record("RU", hex("01"), Bytes(901, 0))) == DecodeError::too_long);
  CHECK(error(hex("72053003020101")) == DecodeError::missing_object);
  CHECK(error(hex("5F3A0552550102FF720530030201")) == DecodeError::malformed_tlv);
}
