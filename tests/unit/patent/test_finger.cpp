// SPDX-License-Identifier: Apache-2.0
#include "card/patent/finger.hpp"

#include <catch2/catch.hpp>

#include "card/patent/biometric_template.hpp"
#include "finger_images.hpp"
#include "random_patent.hpp"
#include "tests/seed.hpp"
#include "vectors.hpp"

using namespace patent;

namespace {

using enum FingerPosition;
constexpr auto kJp2 = FingerFormat::jpeg2000;
constexpr auto kWsq = FingerFormat::wsq;

struct View {
  int number = 2;
  int views = 1;
  int view = 1;
  std::uint16_t width = 300;
  std::uint16_t height = 400;
  Bytes image = jp2(300, 400);
  int length_error = 0;
};

// A record of the test's own making.
struct Record {
  std::vector<View> blocks{View{}};
  int fingers = 1;
  int compression = 4;
  std::string version = "30313000";
  int length_error = 0;

  [[nodiscard]] Bytes octets() const {
    RecordWriter body;
    for (const auto& v : blocks) {
      body.u32(14 + v.image.size() + static_cast<std::size_t>(v.length_error));
      for (const int n : {v.number, v.views, v.view, 254, 0}) body.u8(static_cast<std::uint8_t>(n));
      body.u16(v.width);
      body.u16(v.height);
      body.u8(0);
      body.octets(v.image);
    }
    const auto content = body.take();
    RecordWriter out;
    out.octets(hex("46495200" + version));
    out.u16(0);
    out.u32(32 + content.size() + static_cast<std::size_t>(length_error));
    out.octets(hex("0000001F"));
    out.u8(static_cast<std::uint8_t>(fingers));
    out.octets(hex("0101F401F401F401F408"));
    out.u8(static_cast<std::uint8_t>(compression));
    out.u16(0);
    out.octets(content);
    return out.take();
  }
};

BiometricTemplate instance(const Bytes& record, std::uint8_t subtype = 0) {
  return {kFingerprint, subtype, kFingerImage19794, kBiometricBlock, record};
}

Bytes dg3(const Bytes& record, std::uint8_t subtype = 0) {
  return crypto::tlv(0x63, encode_biometric_group({instance(record, subtype)}));
}

DecodeError error_of(const Record& record) {
  const auto read = decode_dg3(dg3(record.octets()));
  REQUIRE_FALSE(read);
  return read.error();
}

Record with(const View& view) { return {{view}}; }

}  // namespace

TEST_CASE("fingers come back in each format, in their order") {
  const Fingers two{{finger(right_index, kJp2, 356, 392), finger(left_index, kWsq, 300, 400)}, {}};
  CHECK(decode_dg3(encode_dg3(two)) == two);
  Fingers all;
  for (std::uint8_t i = 0; i <= 10; ++i) all.images.push_back(finger(static_cast<FingerPosition>(i), kWsq, 100, 200));
  CHECK(decode_dg3(encode_dg3(all)) == all);
  auto bare = finger(left_thumb, kJp2, 5, 7);
  bare.image = codestream(5, 7);
  CHECK(decode_dg3(encode_dg3({{bare}, {}})) == Fingers{{bare}, {}});
}

TEST_CASE("DG3 has the octets of Doc 9303-10 and ISO/IEC 19794-4") {
  const Bytes image = wsq(300, 400, 1);
  CHECK(crypto::to_hex(encode_dg3({{{left_index, kWsq, 300, 400, image}}, {}})) ==
        "63737F6170020101"
        "7F606A"
        "A11280020101810108"
        "82010A870201018802"
        "0007"
        "5F2E53"
        "4649520030313000"
        "000000000053"
        "0000"
        "001F"
        "01"
        "01"
        "01F401F401F401F4"
        "08"
        "02"
        "0000"
        "00000033"
        "07"
        "01"
        "01"
        "FE"
        "00"
        "012C"
        "0190"
        "00" +
            crypto::to_hex(image));
}

TEST_CASE("the sub-types are those of Doc 9303-10, table 49") {
  for (const auto& [position, subtype] : {std::pair{right_thumb, 0x05},
                                          {right_index, 0x09},
                                          {right_little, 0x15},
                                          {left_thumb, 0x06},
                                          {left_index, 0x0A},
                                          {left_little, 0x16}}) {
    View view;
    view.number = 0;  // the record does not say which finger
    const auto read = decode_dg3(dg3(with(view).octets(), static_cast<std::uint8_t>(subtype)));
    REQUIRE(read);
    CHECK(read->images[0].position == position);
  }
  CHECK(decode_dg3(dg3(Record().octets(), 0x09)));
  CHECK(decode_dg3(dg3(Record().octets(), 0x0A)).error() == DecodeError::bad_value);  // another finger
  CHECK(decode_dg3(dg3(Record().octets(), 0x07)).error() == DecodeError::bad_value);  // both hands
  CHECK(decode_dg3(dg3(Record().octets(), 0x18)).error() == DecodeError::bad_value);  // a sixth finger
}

TEST_CASE("a template of another biometric type is no finger") {
  const auto record = Record().octets();
  const auto of_type = [&](std::uint8_t type) {
    auto one = instance(record);
    one.type = type;
    return decode_dg3(crypto::tlv(0x63, encode_biometric_group({one})));
  };
  CHECK(of_type(kFingerprint));
  CHECK(of_type(0));  // not said
  CHECK(of_type(kFacialFeatures).error() == DecodeError::bad_value);
  CHECK(of_type(0x10).error() == DecodeError::bad_value);  // an iris
}

TEST_CASE("an absence tells its reason and hides it in the hash") {
  using enum FingerAbsence;
  for (const auto reason : {unspecified, amputated, injured, unreadable, exempt})
    CHECK(decode_dg3(encode_dg3({{}, reason}, {1, 2, 3})) == Fingers{{}, reason});
  CHECK(crypto::to_hex(encode_dg3({{}, amputated}, {0xAA})) ==
        "63187F6103020100531001"
        "01AA" +
            std::string(26, '0'));
  CHECK(encode_dg3({{}, exempt}, {1}) != encode_dg3({{}, exempt}, {2}));
  // What other issuers put there is theirs.
  for (const auto* other :
       {"63067F6103020100", "63087F61030201005300", "63107F610302010053080101020304050607",
        "63187F6103020100531002010000000000000000000000000000", "63187F6103020100531001050000000000000000000000000000"})
    CHECK(decode_dg3(hex(other)) == Fingers{{}, unspecified});
}

TEST_CASE("images and absence exclude each other") {
  CHECK(encode_dg3({}).empty());
  CHECK(encode_dg3({{finger(right_thumb, kWsq, 10, 10)}, FingerAbsence::injured}).empty());
}

TEST_CASE("several fingers and views in one record of another issuer are all taken") {
  View second;
  second.views = second.view = 2;
  View third;
  third.number = 7;
  const auto read = decode_dg3(dg3(Record{{View{}, second, third}, 2}.octets()));
  REQUIRE(read);
  REQUIRE(read->images.size() == 3);
  CHECK(read->images[2].position == left_index);
}

TEST_CASE("lengths and counts of a finger record must add up") {
  Record record;
  for (const int wrong : {-1, 1}) {
    record.length_error = wrong;
    CHECK(error_of(record) == DecodeError::bad_value);
  }
  record = {};
  record.blocks[0].length_error = 1;
  CHECK(error_of(record) == DecodeError::bad_value);
  record.blocks[0].length_error = -1;
  CHECK(error_of(record) == DecodeError::bad_value);
  CHECK(error_of({{}, 1}) == DecodeError::bad_value);
  CHECK(error_of({{View{}}, 0}) == DecodeError::bad_value);
  CHECK(error_of({{View{}}, 2}) == DecodeError::bad_value);
  View view;
  view.view = 2;  // of one
  CHECK(error_of(with(view)) == DecodeError::bad_value);
  const Bytes good = Record().octets();
  for (std::size_t n = 0; n < good.size(); ++n)
    CHECK_FALSE(decode_dg3(dg3(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n)))));
}

TEST_CASE("a finger image is what its record says of it") {
  View view;
  view.width = 301;
  CHECK(error_of(with(view)) == DecodeError::bad_value);
  view = {};
  view.height = 0xFFFF;
  CHECK(error_of(with(view)) == DecodeError::bad_value);
  for (const int number : {11, 13, 20, 255}) {  // no single finger
    view = {};
    view.number = number;
    CHECK(error_of(with(view)) == DecodeError::bad_value);
  }
  view = {};
  view.image.clear();
  CHECK(error_of(with(view)) == DecodeError::bad_value);
  Record record;
  record.compression = 2;  // says WSQ, is JPEG 2000
  CHECK(error_of(record) == DecodeError::bad_value);
  record.blocks[0].image = wsq(300, 400);
  CHECK(decode_dg3(dg3(record.octets())));
  for (const int other : {0, 1, 3, 5, 6}) {
    record.compression = other;
    CHECK(error_of(record) == DecodeError::unsupported_version);
  }
  auto wrong = finger(right_thumb, kJp2, 10, 10);
  wrong.width = 11;
  CHECK(encode_dg3({{wrong}, {}}).empty());
  wrong = finger(static_cast<FingerPosition>(13), kWsq, 10, 10);
  CHECK(encode_dg3({{wrong}, {}}).empty());
}

TEST_CASE("other forms of finger groups are told apart from broken ones") {
  const Bytes record = Record().octets();
  REQUIRE(decode_dg3(dg3(record)));
  const auto error = [](const BiometricTemplate& t) {
    return decode_dg3(crypto::tlv(0x63, encode_biometric_group({t}))).error();
  };
  CHECK(error_of({{View{}}, 1, 4, "30323000"}) == DecodeError::unsupported_version);
  auto other = instance(record);
  other.format = kFaceImage19794;
  CHECK(error(other) == DecodeError::unsupported_version);
  other = instance(record);
  other.block_tag = kConstructedBiometricBlock;  // ISO/IEC 39794-4
  CHECK(error(other) == DecodeError::unsupported_version);
  other.block_tag = 0x5F2F;
  CHECK(error(other) == DecodeError::missing_object);
  CHECK(decode_dg3(hex("6300")).error() == DecodeError::malformed_tlv);
  CHECK(decode_dg3(hex("75067F6103020100")).error() == DecodeError::missing_object);
  CHECK(decode_dg3(hex("63067F6103020101")).error() == DecodeError::malformed_tlv);
  CHECK(decode_dg3(hex("63067F6103020115")).error() == DecodeError::bad_value);
  CHECK(decode_dg3(hex("63087F61030201005400")).error() == DecodeError::trailing_data);
  CHECK(decode_dg3(Bytes(70000, 0x63)).error() == DecodeError::too_long);
}

TEST_CASE("images say their size themselves") {
  CHECK(finger_size(kJp2, jp2(300, 400)) == FingerSize{300, 400});
  CHECK(finger_size(kJp2, codestream(300, 400, 20, 10)) == FingerSize{300, 400});
  CHECK(finger_size(kWsq, wsq(300, 400)) == FingerSize{300, 400});
  CHECK_FALSE(finger_size(kWsq, jp2(300, 400)));
  CHECK_FALSE(finger_size(kJp2, wsq(300, 400)));
  CHECK_FALSE(finger_size(kJp2, jp2(300, 401, codestream(300, 400))));  // the box and the codestream contradict
  CHECK_FALSE(finger_size(kJp2, jp2(300, 400, {})));
  CHECK_FALSE(finger_size(kJp2, codestream(0, 400)));
  CHECK_FALSE(finger_size(kJp2, codestream(0x10000, 400)));
  CHECK_FALSE(finger_size(kJp2, codestream(0xFFFFFFFF, 400, 2)));  // the right end lies before the left
  CHECK_FALSE(finger_size(kWsq, wsq(300, 0)));
  for (const auto& whole : {jp2(300, 400), wsq(300, 400)})
    for (std::size_t n = 0; n < whole.size(); ++n) {
      const ByteView part = ByteView(whole).first(n);
      CHECK_FALSE(finger_size(kWsq, part));
      if (n < 60) CHECK_FALSE(finger_size(kJp2, part));
    }
}

TEST_CASE("boxes of every form of length are walked, and no length leads astray") {
  const auto stream = codestream(300, 400);
  const auto file = jp2(300, 400, stream);
  const auto last_box = file.size() - stream.size() - 8;
  Bytes open = file;  // the last box reaches to the end
  std::fill_n(open.begin() + static_cast<std::ptrdiff_t>(last_box), 4, std::uint8_t{0});
  CHECK(finger_size(kJp2, open) == FingerSize{300, 400});
  Bytes large = file;  // its length has eight octets
  large[last_box + 3] = 1;
  RecordWriter length;
  length.u32(0);
  length.u32(stream.size() + 16);
  const auto octets = length.take();
  large.insert(large.begin() + static_cast<std::ptrdiff_t>(last_box) + 8, octets.begin(), octets.end());
  CHECK(finger_size(kJp2, large) == FingerSize{300, 400});
  for (const unsigned wrong : {2U, 7U}) {
    Bytes short_box = file;
    short_box[last_box + 3] = static_cast<std::uint8_t>(wrong);
    CHECK_FALSE(finger_size(kJp2, short_box));
  }
  large[last_box + 8] = 0xFF;  // far behind the end
  CHECK_FALSE(finger_size(kJp2, large));
}

TEST_CASE("two fingers of the budget fit the file and larger ones are not written") {
  const auto large = [](std::size_t size) { return FingerImage{right_index, kWsq, 300, 400, wsq(300, 400, size)}; };
  CHECK_FALSE(encode_dg3({{large(16000), large(16000)}, {}}).empty());
  CHECK(encode_dg3({{large(17000), large(17000)}, {}}).empty());
}

TEST_CASE("no octet string makes the decoder of fingers misbehave") {
  const std::uint32_t seed = test_seed();
  INFO("seed " << seed);
  Random random(seed);
  const Bytes good = encode_dg3({{finger(right_index, kJp2, 356, 392), finger(left_index, kJp2, 300, 400)}, {}});
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    Bytes file = good;
    for (std::size_t n = 1 + random.below(3); n > 0; --n)
      file[random.below(static_cast<std::uint32_t>(file.size()))] = static_cast<std::uint8_t>(random.below(256));
    const auto read = decode_dg3(file);
    if (!read) {
      ++refused;
    } else if (const Bytes written = encode_dg3(*read); !written.empty()) {
      CHECK(decode_dg3(written) == *read);
    }
  }
  CHECK(refused > 1000);
}
