// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for data groups 2 and 3: whatever the octets are, faces and fingers are taken out of them or
// not; what was taken lies in the file, is an image, and comes back when it is written.
#include <cstdlib>

#include "card/layout/files.hpp"
#include "card/patent/biometric_template.hpp"
#include "card/patent/face.hpp"
#include "card/patent/finger.hpp"
#include "crypto/tlv.hpp"

using namespace patent;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool inside(const Bytes& part, ByteView whole) { return !std::ranges::search(whole, part).empty(); }

void read_face(ByteView file) {
  const auto face = decode_dg2(file);
  if (!face) return;
  require(!face->image.data.empty() && inside(face->image.data, file));
  const Bytes written = encode_dg2(*face);
  require(written.empty() || decode_dg2(written) == *face);
}

void read_fingers(ByteView file) {
  const auto fingers = decode_dg3(file);
  if (!fingers) return;
  require(fingers->images.empty() == fingers->absent.has_value());
  for (const auto& finger : fingers->images) {
    require(inside(finger.image, file));
    require(finger_size(finger.format, finger.image).has_value());
  }
  const Bytes written = encode_dg3(*fingers);
  require(written.empty() || decode_dg3(written) == *fingers);
}

// What stands inside a file's group 7F61.
std::optional<ByteView> group_of(ByteView file) {
  crypto::TlvReader outer(file, crypto::TlvForm::ber);
  const auto whole = outer.next();
  const auto group = whole ? crypto::read_only_tlv(whole->value, kBiometricGroup, crypto::TlvForm::ber) : whole;
  return group ? std::optional(group->value) : std::nullopt;
}

// The frame of both, with more instances than either may have.
void read_templates(ByteView group) {
  constexpr std::size_t kMany = 20;
  const auto contents = decode_biometric_group(group, kMany);
  if (!contents) return;
  require(contents->size() <= kMany);
  for (const auto content : *contents) {
    const auto one = decode_biometric_template(content);
    if (!one) continue;
    const Bytes written = crypto::tlv(layout::file(layout::FileId::dg2).tag, encode_biometric_group({*one}));
    const auto again = decode_biometric_group(group_of(written).value(), 1);
    const auto same = decode_biometric_template(again.value().at(0));
    require(same && same->type == one->type && same->subtype == one->subtype && same->format == one->format &&
            std::ranges::equal(same->block, one->block));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  read_face(input);
  read_fingers(input);
  if (const auto group = group_of(input)) read_templates(*group);
  for (const auto format : {FingerFormat::wsq, FingerFormat::jpeg2000})
    if (const auto found = finger_size(format, input)) require(found->width != 0 && found->height != 0);
  return 0;
}
