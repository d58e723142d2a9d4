// SPDX-License-Identifier: Apache-2.0
// TR-03105 Part 5.1, unit ISO7816_C: reading files.
#include "tests/conformance/reader/tables.hpp"
#include "tests/conformance/reader/tlv_tree.hpp"

namespace simulator {
namespace {

using reader::Check;
using wire::StatusWord;

SetUp ends_with(StatusWord sw) {
  return [sw](Scenario& s) { s.chip = [sw](ChipProfile& chip) { chip.at_end = sw; }; };
}

SetUp refuses_file(std::uint16_t fid, StatusWord sw) {
  return [fid, sw](Scenario& s) {
    auto refusal = answers_with(Step::read_binary, sw);
    refusal.fid = fid;
    s.deviate(refusal);
  };
}

// A face record whose image has no octets; its lengths are right.
void without_image(Files& files) {
  constexpr std::uint32_t kHeader = 14, kBlock = 20 + 12;  // ISO/IEC 19794-5: record header, information blocks
  edit(files[FileId::dg2], [](Node& dg2) {
    auto& record = dg2.at({0x7F61, 0x7F60, 0x5F2E}).value;
    record.resize(kHeader + kBlock);
    crypto::store_be32(std::span<Byte, 4>(record.data() + 8, 4), kHeader + kBlock);
    crypto::store_be32(std::span<Byte, 4>(record.data() + kHeader, 4), kBlock);
  });
}

}  // namespace

std::vector<Row> file_rows() {
  return {
      {"ISO7816_C_01",
       "File selection failure",
       refused(Check::data_group_hashes),
       {refuses_file(0x0101, StatusWord::file_not_found), refuses_file(0x010D, StatusWord::file_not_found),
        refuses_file(0x0101, StatusWord::security_not_satisfied)}},
      {"ISO7816_C_02",
       "Reading large files",
       accepted(),
       {[](Scenario& s) { s.document.photo = 24000; },
        [](Scenario& s) {
          s.document.photo = 24000;
          s.link = {};
        }}},
      {"ISO7816_C_03", "Reading beyond EOF", accepted(), {[](Scenario& s) { s.deviate(Fault::forgets_file_end); }}},
      {"ISO7816_C_04", "Reading end of file with status word 6B00", accepted(), {ends_with(StatusWord::wrong_p1p2)}},
      {"ISO7816_C_05", "Reading end of file with status word 6282", accepted(), {ends_with(StatusWord::end_of_file)}},
      {"ISO7816_C_06",
       "Reading end of file with status word 6Cxx",
       accepted(),
       {ends_with(wire::status_word(0x6C, 0))}},
      {"ISO7816_C_08", "Reading DG2 with image size 0", refused(Check::content), {[](Scenario& s) {
         s.document.before_signing = without_image;
       }}},
  };
}

}  // namespace simulator
