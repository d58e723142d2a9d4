// SPDX-License-Identifier: Apache-2.0
#include "card/patent/face.hpp"

#include <algorithm>
#include <array>

#include "card/patent/biometric_template.hpp"
#include "card/patent/face_39794.hpp"
#include "card/patent/record_octets.hpp"

namespace patent {

namespace {

constexpr std::size_t kMaxInstances = 9;  // Doc 9303-10, 4.7.2.2

// ISO/IEC 19794-5:2005, 5.4 to 5.7: the sizes of its blocks.
constexpr std::array<std::uint8_t, 8> kFormatAndVersion{'F', 'A', 'C', 0, '0', '1', '0', 0};
constexpr std::size_t kRecordHeader = 14;
constexpr std::size_t kInformationBlock = 20;
constexpr std::size_t kFeaturePoint = 8;
constexpr std::size_t kImageInformation = 12;

constexpr std::uint8_t kFullFrontal = 0x01;
constexpr std::uint8_t kGenderMale = 0x01;
constexpr std::uint8_t kGenderFemale = 0x02;

constexpr std::array<std::uint8_t, 3> kJpegStart{0xFF, 0xD8, 0xFF};
constexpr std::array<std::uint8_t, 8> kJp2Start{0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20};
constexpr std::array<std::uint8_t, 4> kJpeg2000CodestreamStart{0xFF, 0x4F, 0xFF, 0x51};

bool starts_with(ByteView data, ByteView start) {
  return data.size() >= start.size() && std::ranges::equal(data.first(start.size()), start);
}

bool looks_like(ImageFormat format, ByteView data) {
  return format == ImageFormat::jpeg ? starts_with(data, kJpegStart)
                                     : starts_with(data, kJp2Start) || starts_with(data, kJpeg2000CodestreamStart);
}

std::uint8_t gender_of(Sex sex) {
  return sex == Sex::male ? kGenderMale : sex == Sex::female ? kGenderFemale : std::uint8_t{0};
}

Bytes encode_record(const FaceRecord& face) {
  const std::size_t block = kInformationBlock + kImageInformation + face.image.data.size();
  RecordWriter out;
  out.octets(kFormatAndVersion);
  out.u32(kRecordHeader + block);
  out.u16(1);  // facial images
  out.u32(block);
  out.u16(0);  // feature points
  out.u8(gender_of(face.sex));
  out.zeros(2 + 3 + 2 + 3 + 3);  // eye and hair colour, feature mask, expression, pose and its uncertainty: unspecified
  out.u8(kFullFrontal);
  out.u8(face.image.format == ImageFormat::jpeg ? 0 : 1);
  out.u16(face.image.width);
  out.u16(face.image.height);
  out.zeros(1 + 1 + 2 + 2);  // colour space, source, device, quality: unspecified
  out.octets(face.image.data);
  return out.take();
}

Decoded<FaceRecord> decode_image_block(ByteView block) {
  RecordReader in(block);
  const std::size_t points = in.u16();
  const auto gender = in.u8();
  in.octets(kInformationBlock - 4 - 2 - 1);
  in.octets(points * kFeaturePoint);
  in.u8();  // face image type
  const auto type = in.u8();
  FaceRecord face;
  face.image.width = in.u16();
  face.image.height = in.u16();
  in.octets(6);
  if (!in.ok() || type > 1) return crypto::unexpected(DecodeError::bad_value);
  face.sex = gender == kGenderMale ? Sex::male : gender == kGenderFemale ? Sex::female : Sex::unspecified;
  face.image.format = type == 0 ? ImageFormat::jpeg : ImageFormat::jpeg2000;
  // The type is a claim; the codestream's own first octets decide which decoder would run.
  if (!looks_like(face.image.format, in.rest())) return crypto::unexpected(DecodeError::bad_value);
  face.image.data.assign(in.rest().begin(), in.rest().end());
  return face;
}

// ISO/IEC 39794-5 leaves the sex to the machine readable zone.
Decoded<FaceRecord> decode_block(ByteView block) {
  FaceRecord face;
  PATENT_TRY(face.image, decode_face_39794(block));
  if (!looks_like(face.image.format, face.image.data)) return crypto::unexpected(DecodeError::bad_value);
  return face;
}

// The first of one or more images; the blocks of the others must still add up to the record.
Decoded<FaceRecord> decode_record(ByteView record) {
  RecordReader in(record);
  if (!std::ranges::equal(in.octets(kFormatAndVersion.size()), kFormatAndVersion))
    return crypto::unexpected(DecodeError::unsupported_version);
  const std::size_t length = in.u32();
  const std::size_t images = in.u16();
  if (!in.ok() || length != record.size() || images == 0) return crypto::unexpected(DecodeError::bad_value);
  ByteView first;
  for (std::size_t i = 0; i < images && in.ok(); ++i) {
    const std::size_t block = in.u32();
    if (block < kInformationBlock + kImageInformation) return crypto::unexpected(DecodeError::bad_value);
    const auto content = in.octets(block - 4);
    if (i == 0) first = content;
  }
  if (!in.ok() || !in.rest().empty()) return crypto::unexpected(DecodeError::bad_value);
  return decode_image_block(first);
}

}  // namespace

Bytes encode_dg2(const FaceRecord& face) {
  const auto& place = layout::file(layout::FileId::dg2);
  if (!looks_like(face.image.format, face.image.data) || face.image.data.size() > place.capacity) return {};
  const Bytes record = encode_record(face);
  const BiometricTemplate face_template{kFacialFeatures, 0, kFaceImage19794, kBiometricBlock, record};
  Bytes file = crypto::tlv(place.tag, encode_biometric_group({face_template}));
  if (file.size() > place.capacity) return {};
  return file;
}

Decoded<FaceRecord> decode_dg2(ByteView file) {
  const auto ber = crypto::TlvForm::ber;
  PATENT_TRY(const auto value, open_file(file, layout::file(layout::FileId::dg2).tag, ber));
  PATENT_TRY(const auto group, open_file(value, kBiometricGroup, ber));
  PATENT_TRY(const auto instances, decode_biometric_group(group, kMaxInstances));
  if (instances.empty()) return crypto::unexpected(DecodeError::bad_value);
  PATENT_TRY(const auto first, decode_biometric_template(instances.front()));
  if (first.type != 0 && first.type != kFacialFeatures) return crypto::unexpected(DecodeError::bad_value);
  if (first.format == kFaceImage19794 && first.block_tag == kBiometricBlock) return decode_record(first.block);
  if (first.format == kFaceImage39794 && first.block_tag == kConstructedBiometricBlock)
    return decode_block(first.block);
  const bool known = first.block_tag == kBiometricBlock || first.block_tag == kConstructedBiometricBlock;
  return crypto::unexpected(known ? DecodeError::unsupported_version : DecodeError::missing_object);
}

}  // namespace patent
