// SPDX-License-Identifier: Apache-2.0
// Units LDS_E, LDS_F and LDS_L: what DG14, EF.CVCA and EF.ATR/INFO say.
#include <fmt/format.h>

#include <algorithm>

#include "crypto/der.hpp"
#include "tests/conformance/chip/cases.hpp"

namespace conformance {
namespace {

using crypto::Tlv;
using crypto::TlvForm;
using enum Need;

// 0.4.0.127.0.7.2.2.2, the generic identifier; below it stand the algorithms, which belong into certificates.
constexpr ByteView kIdTa = crypto::kTerminalAuthenticationOid;

std::vector<Tlv> objects_in(ByteView value, TlvForm form, std::string_view what) {
  std::vector<Tlv> out;
  crypto::TlvReader reader(value, form);
  while (!reader.at_end()) {
    const auto object = reader.next();
    if (!object) fail(fmt::format("{} is not made of whole data objects", what));
    out.push_back(*object);
  }
  return out;
}

ByteView only(ByteView data, std::uint32_t tag, std::string_view what) {
  const auto object = crypto::read_only_tlv(data, tag);
  if (!object) fail(fmt::format("{} is not one {:X} in DER", what, tag));
  return object->value;
}

// Every SecurityInfo of DG14 whose protocol is id-TA or stands below it.
std::vector<std::vector<Tlv>> terminal_authentication_infos(Dialogue& dialogue) {
  const Bytes& dg14 = dialogue.bench().dg14;
  std::vector<std::vector<Tlv>> out;
  for (const Tlv& info : objects_in(only(only(dg14, 0x6E, "DG14"), 0x31, "DG14's value"), TlvForm::der, "DG14")) {
    auto parts = objects_in(info.value, TlvForm::der, "a SecurityInfo");
    must(info.tag == 0x30 && parts.size() >= 2 && parts[0].tag == 0x06, "a SecurityInfo is no sequence behind an OID");
    const auto oid = parts[0].value;
    if (oid.size() >= kIdTa.size() && std::ranges::equal(oid.first(kIdTa.size()), kIdTa))
      out.push_back(std::move(parts));
  }
  return out;
}

bool is_version_1(const Tlv& version) {
  return version.tag == 0x02 && version.value.size() == 1 && version.value[0] == 1;
}

std::string names_protocol(Dialogue& dialogue) {
  const auto infos = terminal_authentication_infos(dialogue);
  must(std::ranges::any_of(infos, [](const auto& parts) { return is_version_1(parts[1]); }),
       "no TerminalAuthenticationInfo of version 1");
  must(std::ranges::all_of(infos, [](const auto& parts) { return parts[0].value.size() == kIdTa.size(); }),
       "an algorithm of id-TA stands in DG14");
  return fmt::format("{} TerminalAuthenticationInfo, id-TA", infos.size());
}

std::string names_file(Dialogue& dialogue) {
  std::size_t files = 0;
  for (const auto& parts : terminal_authentication_infos(dialogue)) {
    if (!is_version_1(parts[1])) continue;
    must(parts.size() <= 3, "a TerminalAuthenticationInfo has more than three parts");
    if (parts.size() < 3) continue;
    ++files;
    const auto file = objects_in(parts[2].value, TlvForm::der, "a FileID");
    must(parts[2].tag == 0x30 && (file.size() == 1 || file.size() == 2), "a FileID is no sequence of one or two");
    must(file[0].tag == 0x04 && file[0].value.size() == 2, "the FID is no OCTET STRING of two");
    must(file.size() == 1 || (file[1].tag == 0x04 && file[1].value.size() == 1), "the SFI is no OCTET STRING of one");
  }
  return files == 0 ? "no FileID: EF.CVCA is 011C, SFI 1C" : fmt::format("{} FileID", files);
}

std::string cvca_is_formed(Dialogue& dialogue) {
  constexpr std::size_t kSize = 36, kMaxReference = 16;
  dialogue.reset();
  dialogue.open();
  must_accept(dialogue.select(dialogue.bench().cvca().fid), "SELECT EF.CVCA");
  const auto answer = dialogue.read(0, 0, wire::kMaxShortLe);
  must_accept(answer, "READ BINARY of EF.CVCA");
  must(answer.data.size() == kSize, fmt::format("EF.CVCA has {} octets", answer.data.size()));
  std::size_t references = 0;
  crypto::TlvReader reader(answer.data);
  for (; !reader.at_end() && reader.rest()[0] != 0; ++references) {
    const auto object = reader.expect(0x42);
    must(object && !object->value.empty() && object->value.size() <= kMaxReference,
         "an object is not 42 with 1 to 16 octets");
  }
  must(references == 1 || references == 2, fmt::format("{} references", references));
  must(std::ranges::all_of(reader.rest(), [](Byte octet) { return octet == 0; }), "the rest is not 00");
  return fmt::format("{} reference(s): {}", references, spaced_hex(answer.data));
}

Bytes atr_info(Dialogue& dialogue) {
  dialogue.reset();
  must(wire::is_ok(dialogue.select(layout::file(layout::FileId::atr_info).fid).sw), "SELECT EF.ATR/INFO fails");
  auto answer = dialogue.read(0, 0, wire::kMaxShortLe);
  must(wire::is_ok(answer.sw), "READ BINARY of EF.ATR/INFO: " + text_of(answer.sw));
  return std::move(answer.data);
}

Tlv atr_object(const Bytes& content, std::uint32_t tag) {
  for (const Tlv& object : objects_in(content, TlvForm::ber, "EF.ATR/INFO"))
    if (object.tag == tag) return object;
  fail(fmt::format("EF.ATR/INFO has no object {:X}", tag));
}

std::string atr_is_formed(Dialogue& dialogue) {
  const auto content = atr_info(dialogue);
  return fmt::format("{} objects: {}", objects_in(content, TlvForm::ber, "EF.ATR/INFO").size(), spaced_hex(content));
}
std::string atr_has_lengths(Dialogue& dialogue) {
  const auto content = atr_info(dialogue);
  return spaced_hex(atr_object(content, 0x7F66).whole);
}
std::string atr_lengths_are_numbers(Dialogue& dialogue) {
  const auto content = atr_info(dialogue);
  const auto numbers = objects_in(atr_object(content, 0x7F66).value, TlvForm::ber, "7F66");
  const auto positive = [](const Tlv& one) {
    return one.tag == 0x02 && !one.value.empty() && (one.value[0] & 0x80) == 0 &&
           std::ranges::any_of(one.value, [](Byte octet) { return octet != 0; });
  };
  must(numbers.size() == 2 && std::ranges::all_of(numbers, positive), "7F66 does not hold two positive integers");
  return fmt::format("commands {}, answers {}", spaced_hex(numbers[0].value), spaced_hex(numbers[1].value));
}
std::string atr_tells_chaining(Dialogue& dialogue) {
  const auto content = atr_info(dialogue);
  const auto capabilities = atr_object(content, 0x47).value;
  must(capabilities.size() >= 3, "the card capabilities have fewer than three octets");
  must((capabilities[2] & 0x80) != 0, "b8 of the third octet is not set");
  return spaced_hex(capabilities);
}
std::string atr_is_in_master_file(Dialogue& dialogue) {
  constexpr std::array<Byte, 2> kMasterFile{0x3F, 0x00};
  dialogue.reset();
  const auto master = dialogue.send({.ins = 0xA4, .p1 = 0x00, .p2 = 0x0C, .data = kMasterFile});
  must(wire::is_ok(master.sw), "SELECT of the master file: " + text_of(master.sw));
  const auto file = dialogue.select(layout::file(layout::FileId::atr_info).fid);
  must(wire::is_ok(file.sw), "SELECT of EF.ATR/INFO: " + text_of(file.sw));
  return "90 00, 90 00";
}

}  // namespace

std::vector<ChipCase> file_cases() {
  const std::vector<Need> ta{terminal_authentication}, atr{ef_atr}, gone{withdrawn};
  return {
      {"LDS_E_1", "Withdrawn", "", gone, {}},
      {"LDS_E_2", "DG14 announces terminal authentication by id-TA, version 1",
       "at least one of version 1, no algorithm below id-TA", ta, names_protocol},
      {"LDS_E_3", "Withdrawn", "", gone, {}},
      {"LDS_E_4", "Withdrawn", "", gone, {}},
      {"LDS_E_5", "The form of TerminalAuthenticationInfo", "FID and SFI, where they are there, are OCTET STRINGs", ta,
       names_file},
      {"LDS_F_1", "The form of EF.CVCA", "36 octets: one or two objects 42 of at most 16 octets, then 00", ta,
       cvca_is_formed},
      {"LDS_L_1", "EF.ATR/INFO is made of data objects", "tags and lengths fit", atr, atr_is_formed},
      {"LDS_L_2", "EF.ATR/INFO tells the lengths of commands and answers", "an object 7F66", atr, atr_has_lengths},
      {"LDS_L_3", "The lengths are numbers", "two positive integers in 7F66", atr, atr_lengths_are_numbers},
      {"LDS_L_4", "The card capabilities announce command chaining", "b8 of the third octet", atr, atr_tells_chaining},
      {"LDS_L_5", "EF.ATR/INFO stands in the master file", "9000, plain", {ef_atr, mf}, atr_is_in_master_file},
  };
}

}  // namespace conformance
