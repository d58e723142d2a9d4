// SPDX-License-Identifier: Apache-2.0
#include "card/patent/finger.hpp"

#include <algorithm>
#include <array>

#include "card/patent/biometric_template.hpp"
#include "card/patent/record_octets.hpp"

namespace patent {

namespace {

constexpr std::uint32_t kDiscretionaryData = 0x53;
constexpr std::size_t kMaxInstances = 20;  // Doc 9303-10 says n; nobody has more fingers

// ISO/IEC 19794-4:2005, 7.1 and 7.2.
constexpr std::array<std::uint8_t, 8> kFormatAndVersion{'F', 'I', 'R', 0, '0', '1', '0', 0};
constexpr std::size_t kRecordHeader = 32;
constexpr std::size_t kImageHeader = 14;
constexpr std::uint16_t kLevel31 = 31;  // 500 pixels per inch, 8 bits of grey
constexpr std::uint16_t kPixelsPerInch = 500;
constexpr std::uint8_t kPerInch = 1;
constexpr std::uint8_t kGreyBits = 8;
constexpr std::uint8_t kQualityUndefined = 254;
constexpr std::uint8_t kLiveScanPlain = 0;

constexpr auto kLastPosition = FingerPosition::left_little;
constexpr auto kLastAbsence = FingerAbsence::exempt;

// Doc 9303-10, table 49: the finger's number within its hand above the hand.
std::uint8_t subtype_of(FingerPosition position) {
  constexpr std::uint8_t kRight = 1, kLeft = 2, kFingersOfAHand = 5;
  const auto number = static_cast<std::uint8_t>(position);
  if (number == 0) return 0;
  const bool left = number > kFingersOfAHand;
  return static_cast<std::uint8_t>((left ? number - kFingersOfAHand : number) << 2 | (left ? kLeft : kRight));
}

std::optional<FingerPosition> position_of(std::uint8_t subtype) {
  for (std::uint8_t number = 0; number <= static_cast<std::uint8_t>(kLastPosition); ++number)
    if (const auto position = static_cast<FingerPosition>(number); subtype_of(position) == subtype) return position;
  return std::nullopt;
}

bool is_what_it_says(const FingerImage& finger) {
  return finger_size(finger.format, finger.image) == FingerSize{finger.width, finger.height};
}

Bytes encode_record(const FingerImage& finger) {
  const std::size_t block = kImageHeader + finger.image.size();
  RecordWriter out;
  out.octets(kFormatAndVersion);
  out.u16(0);  // the length has six octets
  out.u32(kRecordHeader + block);
  out.u16(0);  // capture device: not said
  out.u16(kLevel31);
  out.u8(1);  // fingers
  out.u8(kPerInch);
  for (int i = 0; i < 4; ++i) out.u16(kPixelsPerInch);  // of the scan and of the image, across and down
  out.u8(kGreyBits);
  out.u8(static_cast<std::uint8_t>(finger.format));
  out.u16(0);
  out.u32(block);
  out.u8(static_cast<std::uint8_t>(finger.position));
  out.u8(1);  // views
  out.u8(1);  // number of this view
  out.u8(kQualityUndefined);
  out.u8(kLiveScanPlain);
  out.u16(finger.width);
  out.u16(finger.height);
  out.u8(0);
  out.octets(finger.image);
  return out.take();
}

Decoded<FingerImage> decode_view(ByteView block, FingerFormat format, FingerPosition named) {
  RecordReader in(block);
  const auto number = in.u8();
  const auto views = in.u8();
  const auto view = in.u8();
  in.octets(2);  // quality, impression
  FingerImage finger{static_cast<FingerPosition>(number), format, in.u16(), in.u16(), {}};
  in.octets(1);
  // Palms and several fingers in one picture have numbers too, but no place in a data group 3.
  if (!in.ok() || view > views || finger.position > kLastPosition) return crypto::unexpected(DecodeError::bad_value);
  if (finger.position == FingerPosition::unknown) finger.position = named;
  if (named != FingerPosition::unknown && finger.position != named) return crypto::unexpected(DecodeError::bad_value);
  finger.image.assign(in.rest().begin(), in.rest().end());
  // The sizes are a claim; what the image says itself decides how much memory a decoder would take.
  if (!is_what_it_says(finger)) return crypto::unexpected(DecodeError::bad_value);
  return finger;
}

// Doc 9303-10 wants one image in a record; 19794-4 allows more fingers and more views, which are all taken.
Decoded<void> decode_record(ByteView record, FingerPosition named, std::vector<FingerImage>& into) {
  RecordReader in(record);
  if (!std::ranges::equal(in.octets(kFormatAndVersion.size()), kFormatAndVersion))
    return crypto::unexpected(DecodeError::unsupported_version);
  const auto length = in.u48();
  in.octets(4);
  const std::size_t fingers = in.u8();
  in.octets(10);
  const auto format = static_cast<FingerFormat>(in.u8());
  in.octets(2);
  if (!in.ok() || length != record.size() || fingers == 0) return crypto::unexpected(DecodeError::bad_value);
  if (format != FingerFormat::wsq && format != FingerFormat::jpeg2000)
    return crypto::unexpected(DecodeError::unsupported_version);
  std::size_t views = 0;
  for (; !in.rest().empty(); ++views) {
    const std::size_t block = in.u32();
    if (!in.ok() || block < kImageHeader) return crypto::unexpected(DecodeError::bad_value);
    const auto content = in.octets(block - 4);
    if (!in.ok()) return crypto::unexpected(DecodeError::bad_value);
    PATENT_TRY(auto finger, decode_view(content, format, named));
    into.push_back(std::move(finger));
  }
  if (views < fingers) return crypto::unexpected(DecodeError::bad_value);
  return {};
}

Decoded<void> decode_instance(ByteView content, std::vector<FingerImage>& into) {
  PATENT_TRY(const auto instance, decode_biometric_template(content));
  if (instance.type != 0 && instance.type != kFingerprint) return crypto::unexpected(DecodeError::bad_value);
  if (instance.format != kFingerImage19794 || instance.block_tag == kConstructedBiometricBlock)
    return crypto::unexpected(DecodeError::unsupported_version);
  if (instance.block_tag != kBiometricBlock) return crypto::unexpected(DecodeError::missing_object);
  const auto named = position_of(instance.subtype);
  if (!named) return crypto::unexpected(DecodeError::bad_value);
  return decode_record(instance.block, *named, into);
}

constexpr std::uint8_t kAbsenceVersion = 0x01;

// Version, reason, salt; octets of another issuer say nothing to us.
FingerAbsence absence_of(const std::optional<crypto::Tlv>& discretionary) {
  if (!discretionary) return FingerAbsence::unspecified;
  const auto octets = discretionary->value;
  if (octets.size() != 2 + kAbsenceSalt || octets[0] != kAbsenceVersion ||
      octets[1] > static_cast<std::uint8_t>(kLastAbsence))
    return FingerAbsence::unspecified;
  return static_cast<FingerAbsence>(octets[1]);
}

Bytes encode_absence(FingerAbsence absence, const AbsenceSalt& salt) {
  RecordWriter out;
  out.u8(kAbsenceVersion);
  out.u8(static_cast<std::uint8_t>(absence));
  out.octets(salt);
  return out.take();
}

Bytes encode_images(const std::vector<FingerImage>& images) {
  std::vector<Bytes> records;
  std::vector<BiometricTemplate> templates;
  records.reserve(images.size());  // the templates look into them
  for (const auto& finger : images) {
    if (finger.position > kLastPosition || !is_what_it_says(finger)) return {};
    records.push_back(encode_record(finger));
    templates.push_back(
        {kFingerprint, subtype_of(finger.position), kFingerImage19794, kBiometricBlock, records.back()});
  }
  return encode_biometric_group(templates);
}

}  // namespace

Bytes encode_dg3(const Fingers& fingers, const AbsenceSalt& salt) {
  if (fingers.images.empty() != fingers.absent.has_value() || fingers.images.size() > kMaxInstances) return {};
  Bytes content = encode_images(fingers.images);
  if (content.empty()) return {};
  if (fingers.absent) crypto::append_tlv(content, kDiscretionaryData, encode_absence(*fingers.absent, salt));
  const auto& place = layout::file(layout::FileId::dg3);
  Bytes file = crypto::tlv(place.tag, content);
  if (file.size() > place.capacity) return {};
  return file;
}

Decoded<Fingers> decode_dg3(ByteView file) {
  const auto ber = crypto::TlvForm::ber;
  PATENT_TRY(const auto value, open_file(file, layout::file(layout::FileId::dg3).tag, ber));
  crypto::TlvReader in(value, ber);
  PATENT_TRY(const auto group, decoded(in.expect(kBiometricGroup)));
  PATENT_TRY(const auto discretionary, decoded(in.accept(kDiscretionaryData)));
  PATENT_TRY_VOID(decoded(in.finish()));
  PATENT_TRY(const auto instances, decode_biometric_group(group.value, kMaxInstances));
  Fingers fingers;
  for (const auto& instance : instances) PATENT_TRY_VOID(decode_instance(instance, fingers.images));
  if (instances.empty()) fingers.absent = absence_of(discretionary);
  return fingers;
}

}  // namespace patent
