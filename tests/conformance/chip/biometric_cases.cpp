// SPDX-License-Identifier: Apache-2.0
// Units LDS_G and LDS_H: the frame of DG3, never the fingerprints in it; DG4 the profile does not have.
#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/chip/cases.hpp"

namespace conformance {
namespace {

using crypto::Tlv;
using enum Need;

constexpr std::uint32_t kGroup = 0x63, kInstances = 0x7F61, kCount = 0x02, kInstance = 0x7F60, kHeader = 0xA1;

Tlv first_in(ByteView data, std::uint32_t tag, std::string_view where) {
  crypto::TlvReader reader(data, crypto::TlvForm::ber);
  const auto object = reader.next();
  if (!object) fail(fmt::format("the first object of {} has no valid tag and length", where));
  if (object->tag != tag) fail(fmt::format("the first object of {} is {:X}, not {:X}", where, object->tag, tag));
  return *object;
}

std::vector<Tlv> all_in(ByteView data, std::string_view where) {
  std::vector<Tlv> out;
  crypto::TlvReader reader(data, crypto::TlvForm::ber);
  while (!reader.at_end()) {
    const auto object = reader.next();
    if (!object) fail(fmt::format("a length in {} does not fit", where));
    out.push_back(*object);
  }
  return out;
}

// As read after terminal authentication; the views that the others return point into it.
Bytes dg3_of(Dialogue& dialogue) {
  dialogue.prepare();
  authenticate_terminal(dialogue, "DV_CERT_1", "IS_CERT_1");
  return dialogue.read_file(layout::FileId::dg3);
}
ByteView instances_of(const Bytes& dg3) {
  return first_in(first_in(dg3, kGroup, "EF.DG3").value, kInstances, "DG3").value;
}
// What stands behind the count.
std::vector<Tlv> templates_of(const Bytes& dg3) {
  auto out = all_in(instances_of(dg3), "7F61");
  out.erase(out.begin());
  if (out.empty()) does_not_apply("DG3 holds no fingerprint");
  return out;
}

std::string begins_with_63(Dialogue& dialogue) {
  const auto dg3 = dg3_of(dialogue);
  must(dg3[0] == kGroup, fmt::format("the first octet is {:02X}", dg3[0]));
  return "63";
}
std::string length_fits(Dialogue& dialogue) {
  const auto dg3 = dg3_of(dialogue);
  must(crypto::read_only_tlv(dg3, kGroup, crypto::TlvForm::ber).has_value(), "the length of DG3 is not encoded right");
  // Behind the length's end there is nothing.
  const auto beyond = dialogue.read(static_cast<Byte>(dg3.size() >> 8), static_cast<Byte>(dg3.size()), 1);
  must(beyond.data.empty(), "EF.DG3 goes on behind the length of DG3");
  return fmt::format("{} octets; behind them {}", dg3.size(), text_of(beyond.sw));
}
std::string holds_instances_only(Dialogue& dialogue) {
  const auto dg3 = dg3_of(dialogue);
  const auto objects = all_in(first_in(dg3, kGroup, "EF.DG3").value, "DG3");
  must(!objects.empty() && objects[0].tag == kInstances, "the first object of DG3 is not 7F61");
  const bool none = all_in(objects[0].value, "7F61").size() == 1;
  // Random octets keep the hash of an empty group from being the same everywhere.
  const bool random_behind = none && objects.size() == 2 && objects[1].tag == 0x53;
  must(objects.size() == 1 || random_behind, "something stands behind 7F61");
  return random_behind ? "7F61 without instances, 53 behind it" : "7F61 alone";
}
std::string counts_instances(Dialogue& dialogue) {
  const auto dg3 = dg3_of(dialogue);
  const auto count = first_in(instances_of(dg3), kCount, "7F61").value;
  must(count.size() == 1, "the number of instances has not one octet");
  const auto objects = all_in(instances_of(dg3), "7F61");
  const auto there = std::ranges::count(objects, kInstance, &Tlv::tag);
  must(there == count[0], fmt::format("{} announced, {} there", count[0], there));
  return fmt::format("{} instances", there);
}

// The check of one instance: `place` counts from 0. Fails by Ended.
using InstanceCheck = void (*)(const Tlv& instance, std::size_t place);

template <InstanceCheck check>
std::string each_instance(Dialogue& dialogue) {
  const auto dg3 = dg3_of(dialogue);
  const auto instances = templates_of(dg3);
  for (std::size_t place = 0; place < instances.size(); ++place) check(instances[place], place);
  return fmt::format("{} instances", instances.size());
}

ByteView header_object(const Tlv& instance, std::uint32_t tag, std::size_t size) {
  for (const Tlv& object : all_in(first_in(instance.value, kHeader, "7F60").value, "A1")) {
    if (object.tag != tag) continue;
    must(object.value.size() == size, fmt::format("{:X} has {} octets", tag, object.value.size()));
    return object.value;
  }
  fail(fmt::format("A1 has no {:X}", tag));
}
Tlv data_block(const Tlv& instance) {
  const auto objects = all_in(instance.value, "7F60");
  must(objects.size() == 2 && (objects[1].tag == 0x5F2E || objects[1].tag == 0x7F2E),
       "behind A1 there is not one data block, 5F2E or 7F2E");
  return objects[1];
}

void is_template(const Tlv& instance, std::size_t) {
  must(instance.tag == kInstance, fmt::format("{:X} in place of 7F60", instance.tag));
  (void)all_in(instance.value, "7F60");
}
void has_header(const Tlv& instance, std::size_t) {
  (void)all_in(first_in(instance.value, kHeader, "7F60").value, "A1");
}
void has_format_owner(const Tlv& instance, std::size_t place) {
  const auto owner = header_object(instance, 0x87, 2);
  must(place != 0 || std::ranges::equal(owner, std::array<Byte, 2>{0x01, 0x01}), "the format owner is not 0101");
}
void has_format_type(const Tlv& instance, std::size_t place) {
  const auto type = header_object(instance, 0x88, 2);
  must(place != 0 || std::ranges::equal(type, std::array<Byte, 2>{0x00, 0x07}), "the format type is not 0007");
}
void has_subtype(const Tlv& instance, std::size_t) {
  // ISO/IEC 19785-3: b2-b1 the hand (right, left), b5-b3 the finger (thumb 1 to little 5), 0 where not known.
  const Byte subtype = header_object(instance, 0x82, 1)[0];
  must((subtype & 0xE0) == 0 && (subtype & 0x03) != 0x03 && (subtype >> 2) <= 5,
       fmt::format("the subtype {:02X} is no finger", subtype));
}
void has_data_block(const Tlv& instance, std::size_t) { (void)data_block(instance); }
void data_block_is_finger_image(const Tlv& instance, std::size_t) {
  const auto block = data_block(instance).value;
  constexpr std::array<Byte, 4> kFinger{'F', 'I', 'R', 0};
  must(block.size() >= kFinger.size() && std::ranges::equal(block.first(kFinger.size()), kFinger),
       "the data block does not begin with FIR");
}

}  // namespace

std::vector<ChipCase> biometric_cases() {
  const std::vector<Need> needs{terminal_authentication, dg3};
  std::vector<ChipCase> out{
      {"LDS_G_1", "DG3 begins with its tag", "63", needs, begins_with_63},
      {"LDS_G_2", "The length of DG3 fits the file", "a valid length; nothing behind it", needs, length_fits},
      {"LDS_G_3", "DG3 holds the group template alone", "7F61; 53 behind it only where there is no instance", needs,
       holds_instances_only},
      {"LDS_G_4", "The number of instances", "02, and as many 7F60", needs, counts_instances},
      {"LDS_G_5", "Each instance is a biometric information template", "7F60 with a valid length", needs,
       each_instance<is_template>},
      {"LDS_G_6", "Each instance begins with its header", "A1 with a valid length", needs, each_instance<has_header>},
      {"LDS_G_7", "The format owner", "87 with two octets, 0101 in the first instance", needs,
       each_instance<has_format_owner>},
      {"LDS_G_8", "The format type", "88 with two octets, 0007 in the first instance", needs,
       each_instance<has_format_type>},
      {"LDS_G_9", "The biometric subtype", "82 with one octet that names a finger", needs, each_instance<has_subtype>},
      {"LDS_G_10", "The biometric data block", "5F2E or 7F2E with a valid length", needs,
       each_instance<has_data_block>},
      {"LDS_G_11", "The data block is a finger image record", "46 49 52 00", needs,
       each_instance<data_block_is_finger_image>},
  };
  constexpr std::array<std::string_view, 11> kIrises{"LDS_H_1", "LDS_H_2", "LDS_H_3", "LDS_H_4",  "LDS_H_5", "LDS_H_6",
                                                     "LDS_H_7", "LDS_H_8", "LDS_H_9", "LDS_H_10", "LDS_H_11"};
  for (const auto id : kIrises) out.push_back({id, "DG4: as the case of this number in LDS_G", "", {dg4}, {}});
  return out;
}

}  // namespace conformance
