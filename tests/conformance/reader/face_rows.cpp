// SPDX-License-Identifier: Apache-2.0
// TR-03105 Part 5.1, unit LDS_C: the face in DG2.
#include "tests/conformance/reader/tables.hpp"
#include "tests/conformance/reader/tlv_tree.hpp"

namespace simulator {
namespace {

using reader::Check;

SetUp in_dg2(std::function<void(Bytes&)> change) {
  return [change = std::move(change)](Scenario& s) {
    s.document.before_signing = [change](Files& files) { change(files[FileId::dg2]); };
  };
}
SetUp in_template(std::function<void(Node&)> change) {
  return in_dg2([change = std::move(change)](Bytes& file) {
    edit(file, [&](Node& dg2) { change(dg2.at({0x7F61, 0x7F60})); });
  });
}
SetUp in_header(std::function<void(Node&)> change) {
  return in_template([change = std::move(change)](Node& information) { change(information.at({0xA1})); });
}
SetUp in_record(std::function<void(Bytes&)> change) {
  return in_template([change = std::move(change)](Node& information) { change(information.at({0x5F2E}).value); });
}

void put(Bytes& record, std::size_t at, std::initializer_list<Byte> octets) {
  std::ranges::copy(octets, record.begin() + static_cast<std::ptrdiff_t>(at));
}

// ISO/IEC 19794-5:2005: offsets in a record of one face without feature points.
constexpr std::size_t kVersion = 4, kRecordLength = 8, kBlockLength = 14, kPoints = 18, kFeatures = 34, kImageType = 35,
                      kPointSize = 8;

void grow(Bytes& record, std::size_t at, std::uint32_t by) {
  const std::span<Byte, 4> field(record.data() + at, 4);
  crypto::store_be32(field, crypto::load_be32(field) + by);
}

void add_feature_points(Bytes& record, std::size_t count, bool announced_length) {
  record.insert(record.begin() + kFeatures, count * kPointSize, Byte{0x01});
  record[kPoints + 1] = static_cast<Byte>(count);
  if (!announced_length) return;
  grow(record, kBlockLength, static_cast<std::uint32_t>(count * kPointSize));
  grow(record, kRecordLength, static_cast<std::uint32_t>(count * kPointSize));
}

void as_jpeg2000(Bytes& record) {
  record[kImageType] = 1;
  put(record, kImageType + 1 + 10, {0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A});
}

}  // namespace

std::vector<Row> face_rows() {
  const auto wrong = refused(Check::content);
  return {
      {"LDS_C_01", "JPEG2000 image, full frontal", accepted(), {in_record(as_jpeg2000)}},
      {"LDS_C_02", "JPEG image, full frontal", accepted(), {nullptr}},
      {"LDS_C_03",
       "JPEG2000 image, full frontal with additional facial feature points",
       accepted(),
       {in_record([](Bytes& r) {
         as_jpeg2000(r);
         add_feature_points(r, 3, true);
       })}},
      {"LDS_C_04", "DG tag 75 wrong (tag 76 instead)", wrong, {in_dg2([](Bytes& f) { f[0] = 0x76; })}},
      {"LDS_C_05", "DG tag 75 length byte too small", refused(), {in_dg2([](Bytes& f) { f[3] -= 1; })}},
      {"LDS_C_06", "DG tag 75 length byte too big", refused(), {in_dg2([](Bytes& f) { f[3] += 1; })}},
      {"LDS_C_07", "BIT, missing tag for number of instances", wrong, {in_dg2([](Bytes& f) {
         edit(f, [](Node& dg2) { dg2.at({0x7F61}).drop(0x02); });
       })}},
      {"LDS_C_08", "BHT, not allowed format owner", wrong, {in_header([](Node& h) {
         h.at({0x87}).value = {0x01, 0xFF};
       })}},
      {"LDS_C_09", "BHT, missing format owner", wrong, {in_header([](Node& h) { h.drop(0x87); })}},
      {"LDS_C_10", "BHT, not allowed format type", wrong, {in_header([](Node& h) {
         h.at({0x88}).value = {0x00, 0x09};
       })}},
      {"LDS_C_11", "BHT, missing format type", wrong, {in_header([](Node& h) { h.drop(0x88); })}},
      {"LDS_C_12", "BHT, deprecated biometric type", accepted(), {in_header([](Node& h) {
         h.at({0x81}).value = {0x00, 0x00, 0x02};
       })}},
      {"LDS_C_13", "BHT, incorrect biometric type", wrong, {in_header([](Node& h) { h.at({0x81}).value = {0x08}; })}},
      {"LDS_C_14", "FRH, incorrect format identifier", wrong, {in_record([](Bytes& r) {
         put(r, 0, {'F', 'A', 'D'});
       })}},
      {"LDS_C_15", "FRH, incorrect version number", wrong, {in_record([](Bytes& r) {
         put(r, kVersion, {'9', '9', '9'});
       })}},
      {"LDS_C_16",
       "FIB, incorrect Facial Record Data Length due to additional feature points",
       wrong,
       {in_record([](Bytes& r) { add_feature_points(r, 3, false); })}},
      {"LDS_C_27",
       "IIB, incorrect image data type",
       wrong,
       {in_record([](Bytes& r) { r[kImageType] = 0x05; }), in_record([](Bytes& r) { r[kImageType] = 0x01; })}},
      {"LDS_C_28", "Missing facial image (tag 5F2E)", wrong, {in_template([](Node& t) { t.drop(0x5F2E); })}},
  };
}

}  // namespace simulator
