// SPDX-License-Identifier: Apache-2.0
#include "card/patent/face.hpp"

#include <catch2/catch.hpp>

#include "card/layout/files.hpp"
#include "crypto/tlv.hpp"
#include "random_patent.hpp"
#include "tests/seed.hpp"
#include "vectors.hpp"

using namespace patent;

namespace {

const std::string kJpeg = "FFD8FFE000104A464946FFD9";
const std::string kJp2 = "0000000C6A5020200D0A870A";
const std::string kCodestream = "FF4FFF51002F";

FaceRecord face(ImageFormat format, const std::string& data) {
  FaceRecord record;
  record.image = {format, 413, 531, hex(data)};
  record.sex = Sex::female;
  return record;
}

// DG2 around a record and a header of the test's own making.
Bytes dg2(const std::string& header, const Bytes& record, std::uint32_t block_tag = 0x5F2E) {
  Bytes information = hex(header);
  crypto::append_tlv(information, block_tag, record);
  Bytes group = hex("020101");
  crypto::append_tlv(group, 0x7F60, information);
  return crypto::tlv(0x75, crypto::tlv(0x7F61, group));
}

const std::string kHeader = "A10F800201018101028702010188020008";

std::string number(std::size_t value, int octets) {
  std::string text;
  for (int i = 2 * octets - 1; i >= 0; --i) text += "0123456789ABCDEF"[value >> (4 * i) & 15];
  return text;
}

std::string image_block(std::size_t points, const std::string& image, std::string gender = "01",
                        std::string type = "00") {
  const std::string body = number(points, 2) + gender + std::string(2 * 13, '0') + std::string(16 * points, 'A') +
                           "01" + type + "019D0213" + std::string(12, '0') + image;
  return number(4 + body.size() / 2, 4) + body;
}

Bytes record(const std::vector<std::string>& blocks, int length_error = 0, std::string version = "30313000") {
  std::string body;
  for (const auto& block : blocks) body += block;
  return hex("46414300" + version + number(14 + body.size() / 2 + static_cast<std::size_t>(length_error), 4) +
             number(blocks.size(), 2) + body);
}

}  // namespace

TEST_CASE("a face comes back in each image format") {
  for (const auto& f :
       {face(ImageFormat::jpeg, kJpeg), face(ImageFormat::jpeg2000, kJp2), face(ImageFormat::jpeg2000, kCodestream)}) {
    const auto read = decode_dg2(encode_dg2(f));
    REQUIRE(read);
    CHECK(*read == f);
  }
}

TEST_CASE("DG2 has the octets of Doc 9303-10 and ISO/IEC 19794-5") {
  CHECK(crypto::to_hex(encode_dg2(face(ImageFormat::jpeg, kJpeg))) ==
        "75577F6154020101"
        "7F604E"
        "A10F80020101810102870201018802"
        "0008"
        "5F2E3A"
        "4641430030313000"
        "0000003A"
        "0001"
        "0000002C"
        "0000"
        "02"
        "00"
        "00"
        "000000"
        "0000"
        "000000"
        "000000"
        "01"
        "00"
        "019D"
        "0213"
        "00"
        "00"
        "0000"
        "0000" +
            kJpeg);
}

TEST_CASE("ICAO's own biometric header is read") {
  for (const auto& row : vectors("lds.json")["dg2_header"]) {
    const auto read = decode_dg2(dg2(row["hex"].asString(), record({image_block(0, kJpeg)})));
    REQUIRE(read);
    CHECK(read->sex == Sex::male);
    CHECK(read->image.width == 413);
    CHECK(read->image.height == 531);
    CHECK(read->image.data == hex(kJpeg));
  }
}

TEST_CASE("feature points are passed over and the first of several images is taken") {
  const auto read = decode_dg2(dg2(kHeader, record({image_block(3, kJpeg, "FF"), image_block(0, kJp2, "01", "01")})));
  REQUIRE(read);
  CHECK(read->image.data == hex(kJpeg));
  CHECK(read->sex == Sex::unspecified);
}

TEST_CASE("lengths that do not add up are refused") {
  const auto error = [](const Bytes& r) { return decode_dg2(dg2(kHeader, r)).error(); };
  CHECK(error(record({image_block(0, kJpeg)}, 1)) == DecodeError::bad_value);
  CHECK(error(record({image_block(0, kJpeg)}, -1)) == DecodeError::bad_value);
  CHECK(error(record({})) == DecodeError::bad_value);
  CHECK(error(record({image_block(0, "")})) == DecodeError::bad_value);
  std::string block = image_block(0, kJpeg);
  block.replace(8, 4, "FFFF");  // feature points far behind the end
  CHECK(error(record({block})) == DecodeError::bad_value);
  for (const auto* length : {"00000000", "00000003", "0000001F", "0000002B", "0000002D", "FFFFFFFF"}) {
    block = image_block(0, kJpeg);
    block.replace(0, 8, length);
    INFO(length);
    CHECK(error(record({block})) == DecodeError::bad_value);
  }
  Bytes many = record({image_block(0, kJpeg)});
  many[12] = many[13] = 0xFF;  // 65535 images
  CHECK(error(many) == DecodeError::bad_value);
  const Bytes good = record({image_block(1, kJpeg)});
  for (std::size_t n = 0; n < good.size(); ++n)
    CHECK_FALSE(decode_dg2(dg2(kHeader, Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n)))));
}

TEST_CASE("other formats are told apart from broken ones") {
  const Bytes good = record({image_block(0, kJpeg)});
  REQUIRE(decode_dg2(dg2(kHeader, good)));
  CHECK(decode_dg2(dg2(kHeader, record({image_block(0, kJpeg)}, 0, "30323000"))).error() ==
        DecodeError::unsupported_version);
  CHECK(decode_dg2(dg2("A1088702010188020007", good)).error() == DecodeError::unsupported_version);  // fingers
  CHECK(decode_dg2(dg2("A1088702000A88020008", good)).error() == DecodeError::unsupported_version);
  CHECK(decode_dg2(dg2(kHeader, good, 0x7F2E)).error() == DecodeError::unsupported_version);  // ISO/IEC 39794-5
  CHECK(decode_dg2(dg2(kHeader, good, 0x5F2F)).error() == DecodeError::missing_object);
  CHECK(decode_dg2(dg2("A10487020101", good)).error() == DecodeError::missing_object);
  CHECK(decode_dg2(hex("7500")).error() == DecodeError::malformed_tlv);
  CHECK(decode_dg2(hex("75067F6103020100")).error() == DecodeError::bad_value);
  CHECK(decode_dg2(hex("75067F610302010A")).error() == DecodeError::bad_value);
  CHECK(decode_dg2(hex("75067F6103020101")).error() == DecodeError::malformed_tlv);
  Bytes two = dg2(kHeader, good);
  two[7] = 2;  // says two instances and has one
  REQUIRE(crypto::to_hex(two).substr(10, 6) == "020102");
  CHECK_FALSE(decode_dg2(two));
  CHECK(decode_dg2(Bytes(40000, 0x75)).error() == DecodeError::too_long);
}

TEST_CASE("an image that is not what its type claims is refused, read or written") {
  CHECK(decode_dg2(dg2(kHeader, record({image_block(0, kJp2, "01", "00")}))).error() == DecodeError::bad_value);
  CHECK(decode_dg2(dg2(kHeader, record({image_block(0, kJpeg, "01", "01")}))).error() == DecodeError::bad_value);
  CHECK(decode_dg2(dg2(kHeader, record({image_block(0, kJpeg, "01", "02")}))).error() == DecodeError::bad_value);
  CHECK(encode_dg2(face(ImageFormat::jpeg, kJp2)).empty());
  CHECK(encode_dg2(face(ImageFormat::jpeg, "")).empty());
}

TEST_CASE("a face of the budget fits the file and a larger one is not written") {
  auto f = face(ImageFormat::jpeg, kJpeg);
  f.image.data.resize(20480);
  CHECK(encode_dg2(f).size() <= layout::file(layout::FileId::dg2).capacity);
  CHECK(*decode_dg2(encode_dg2(f)) == f);
  f.image.data.resize(24576);
  CHECK(encode_dg2(f).empty());
}

TEST_CASE("a face in an ISO/IEC 39794-5 block is read as one in a record") {
  for (const auto& row : vectors("lds.json")["dg2_39794"]) {
    INFO(row["where"].asString());
    const auto read = decode_dg2(hex(row["hex"].asString()));
    REQUIRE(read);
    CHECK(read->image.format == (row["format"].asString() == "jpeg" ? ImageFormat::jpeg : ImageFormat::jpeg2000));
    CHECK(read->image.width == row["width"].asUInt());
    CHECK(read->image.height == row["height"].asUInt());
    CHECK(read->image.data == hex(row["image"].asString()));
    CHECK(read->sex == Sex::unspecified);
  }
}

TEST_CASE("an ISO/IEC 39794-5 block that lacks its image or lies about it is refused") {
  const std::string image = "800C" + kJp2;
  const auto read = [](const std::string& two_d, const std::string& header = "A108870201018802002A") {
    const Bytes base = crypto::tlv(0xA0, crypto::tlv(0xA0, hex(two_d)));
    const Bytes representation = crypto::tlv(0x30, crypto::tlv(0xA1, base));
    return decode_dg2(dg2(header, crypto::tlv(0xA1, crypto::tlv(0x65, crypto::tlv(0xA1, representation))), 0x7F2E));
  };
  REQUIRE(read(image + "A105A003800103"));
  CHECK(read("A105A003800103").error() == DecodeError::missing_object);                    // no image
  CHECK(read(image).error() == DecodeError::missing_object);                               // nothing about it
  CHECK(read(image + "A105A003800102").error() == DecodeError::bad_value);                 // a JPEG, it says
  CHECK(read(image + "A105A003800101").error() == DecodeError::unsupported_version);       // another format
  CHECK(read(image + "A104A0028000").error() == DecodeError::bad_value);                   // no number
  CHECK(read(image + "A105A003800183").error() == DecodeError::bad_value);                 // a negative one
  CHECK(read(image + "A107A0058003010003").error() == DecodeError::bad_value);             // one above 65535
  CHECK(read(image + "A10AA003800103A703800101").error() == DecodeError::missing_object);  // a width, no height
  CHECK(read(image + "A105A003800103", "A1088702010188020008").error() == DecodeError::unsupported_version);
}

TEST_CASE("an ISO/IEC 39794-5 block that ends early or is damaged is refused or read, and no more") {
  const Bytes good = hex(vectors("lds.json")["dg2_39794"][1]["hex"].asString());
  for (std::size_t n = 0; n < good.size(); ++n)
    CHECK_FALSE(decode_dg2(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n))));
  const std::uint32_t seed = test_seed();
  INFO("seed " << seed);
  Random random(seed);
  for (int i = 0; i < 5000; ++i) {
    Bytes file = good;
    file[random.below(file.size())] = static_cast<std::uint8_t>(random.below(256));
    if (const auto read = decode_dg2(file)) CHECK(read->image.data.size() < file.size());
  }
}

TEST_CASE("no octet string makes the decoder of faces misbehave") {
  const std::uint32_t seed = test_seed();
  INFO("seed " << seed);
  Random random(seed);
  const Bytes good = dg2(kHeader, record({image_block(2, kJpeg), image_block(0, kJp2, "01", "01")}));
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    Bytes file = good;
    for (std::size_t n = 1 + random.below(3); n > 0; --n)
      file[random.below(60)] = static_cast<std::uint8_t>(random.below(256));
    const auto read = decode_dg2(file);
    if (!read) ++refused;
    if (read) CHECK(read->image.data.size() <= file.size());
  }
  CHECK(refused > 1000);
}
