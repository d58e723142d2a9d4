// SPDX-License-Identifier: Apache-2.0
// TR-03105 Part 5.1, units LDS_A and LDS_B: EF.COM, and the machine readable zone in DG1. The zone of a patent is
// TD1's; what only TD3 has stands beside the passports.
#include "tests/conformance/reader/tables.hpp"
#include "tests/conformance/reader/tlv_tree.hpp"

namespace simulator {
namespace {

using reader::Check;

// The file's first tag, or its length octet, in place of the right one; what stands behind stays as it is.
void retag(Bytes& file, Byte tag) { file[0] = tag; }
void resize(Bytes& file, int by) {
  std::size_t at = 1;  // the last octet of the length
  if (file[1] >= 0x80) at += file[1] & 0x7FU;
  file[at] = static_cast<Byte>(file[at] + by);
}

SetUp in_com(std::function<void(Bytes&)> change) {
  return [change = std::move(change)](Scenario& s) {
    s.document.after_signing = [change](Files& files) { change(files[FileId::com]); };
  };
}
SetUp com_edit(std::function<void(Node&)> change) {
  return in_com([change = std::move(change)](Bytes& file) { edit(file, change); });
}
// EF.SOD says the same, so that only EF.COM's own form decides.
SetUp versions(std::string lds, std::string unicode) {
  return [lds = std::move(lds), unicode = std::move(unicode)](Scenario& s) {
    s.document.in_com = [lds, unicode](patent::Com& com) { com.lds_version = lds, com.unicode_version = unicode; };
  };
}

SetUp in_dg1(std::function<void(Bytes&)> change) {
  return [change = std::move(change)](Scenario& s) {
    s.document.before_signing = [change](Files& files) { change(files[FileId::dg1]); };
  };
}
// Writes into the 90 characters of the zone; the check digits stay.
SetUp zone(std::size_t at, std::string_view text) {
  return in_dg1([at, text](Bytes& file) {
    edit(file, [&](Node& dg1) {
      auto& characters = dg1.at({0x5F1F}).value;
      std::ranges::copy(text, characters.begin() + static_cast<std::ptrdiff_t>(at));
    });
  });
}
// Puts another digit in the place of a check digit.
SetUp other_digit(std::size_t at) {
  return in_dg1([at](Bytes& file) {
    edit(file, [&](Node& dg1) {
      auto& digit = dg1.at({0x5F1F}).value[at];
      digit = static_cast<Byte>('0' + (digit - '0' + 1) % 10);
    });
  });
}
SetUp holder(std::function<void(patent::Patent&)> change) {
  return [change = std::move(change)](Scenario& s) { change(s.document.patent); };
}

// Where the fields of TD1 stand (Doc 9303-5, 4.2.2).
constexpr std::size_t kIssuer = 2, kNumber = 5, kNumberDigit = 14, kBirth = 30, kBirthDigit = 36, kSex = 37,
                      kExpiry = 38, kExpiryDigit = 44, kNationality = 45, kComposite = 59, kName = 60;

std::vector<Row> com_rows() {
  const auto inconsistent = refused(Check::com_consistency);
  return {
      {"LDS_A_01", "DG tag 60 wrong (use tag 61 instead)", inconsistent, {in_com([](Bytes& f) { retag(f, 0x61); })}},
      {"LDS_A_02", "DG tag 60 length byte too small", inconsistent, {in_com([](Bytes& f) { resize(f, -1); })}},
      {"LDS_A_03", "DG tag 60 length byte too big", inconsistent, {in_com([](Bytes& f) { resize(f, 1); })}},
      {"LDS_A_04", "Incorrect LDS version (use V3.0 instead)", inconsistent, {versions("0300", "040000")}},
      {"LDS_A_05", "Missing LDS version", inconsistent, {com_edit([](Node& com) { com.drop(0x5F01); })}},
      {"LDS_A_06", "Incorrect Unicode version (use V05.00.00 instead)", inconsistent, {versions("0108", "050000")}},
      {"LDS_A_07", "Missing Unicode version", inconsistent, {com_edit([](Node& com) { com.drop(0x5F36); })}},
      {"LDS_A_08", "Incorrect DGPM (missing DG1 tag)", inconsistent, {com_edit([](Node& com) {
         std::erase(com.at({0x5C}).value, Byte{0x61});
       })}},
      {"LDS_A_09", "Missing DGPM", inconsistent, {com_edit([](Node& com) { com.drop(0x5C); })}},
      {"LDS_A_10", "EF.COM with LDS Version 1.8", accepted(), {versions("0108", "040000")}},
  };
}

std::vector<Row> zone_rows() {
  const auto wrong = refused(Check::content);
  return {
      {"LDS_B_01", "MRZ with optional data", accepted(), {nullptr}},
      {"LDS_B_02",
       "Name in MRZ indicates abbreviation of the secondary identifier",
       accepted(),
       {holder([](patent::Patent& p) {
         p.surname_latin = "ABDURAKHMONOVAKHMADZHONOV";
         p.given_latin = "SHAMSIDDIN BAHODURSHOEVICH";
       })}},
      {"LDS_B_03", "Name in MRZ without secondary identifier", accepted(), {holder([](patent::Patent& p) {
         p.given_ru.clear(), p.given_latin.clear(), p.patronymic_ru.reset();
       })}},
      {"LDS_B_05", "DG tag 61 wrong (use tag 62 instead)", refused(), {in_dg1([](Bytes& f) { retag(f, 0x62); })}},
      {"LDS_B_06", "DG tag 61 length byte too small", refused(), {in_dg1([](Bytes& f) { resize(f, -1); })}},
      {"LDS_B_07", "DG tag 61 length byte too big", refused(), {in_dg1([](Bytes& f) { resize(f, 1); })}},
      {"LDS_B_08", "Incorrect MRZ, document type unknown", refused(), {zone(0, "XX"), zone(0, "??")}},
      {"LDS_B_09",
       "Incorrect MRZ, issuing state syntax error",
       refused(),
       {zone(kIssuer, "12?"), zone(kIssuer, "R1S")}},
      {"LDS_B_10", "Incorrect MRZ, name is void", wrong, {zone(kName, "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<")}},
      {"LDS_B_12",
       "Incorrect MRZ, document number different from data page",
       wrong,
       {zone(kNumber, "P00000018"), zone(kNumber, "P000000182")}},
      {"LDS_B_13", "Incorrect MRZ, wrong document number checksum", wrong, {other_digit(kNumberDigit)}},
      {"LDS_B_14",
       "Incorrect MRZ, nationality syntax error",
       wrong,
       {zone(kNationality, "T1K"), zone(kNationality, "tjk")}},
      {"LDS_B_15",
       "Incorrect MRZ, date of birth syntax error",
       wrong,
       {zone(kBirth, "9005AB"), zone(kBirth, "90-512")}},
      {"LDS_B_16", "Incorrect MRZ, date of birth error", wrong, {zone(kBirth, "901332"), zone(kBirth, "900231")}},
      {"LDS_B_17", "Incorrect MRZ, incorrect date of birth checksum", wrong, {other_digit(kBirthDigit)}},
      {"LDS_B_18", "Incorrect MRZ, incorrect sex", wrong, {zone(kSex, "Z"), zone(kSex, "1")}},
      {"LDS_B_19",
       "Incorrect MRZ, date of expiry syntax error",
       wrong,
       {zone(kExpiry, "27O309"), zone(kExpiry, "27 309")}},
      {"LDS_B_20", "Incorrect MRZ, date of expiry error", wrong, {zone(kExpiry, "271332"), zone(kExpiry, "<<<<<<")}},
      {"LDS_B_21", "Incorrect MRZ, incorrect date of expiry checksum", wrong, {other_digit(kExpiryDigit)}},
      {"LDS_B_23", "Incorrect MRZ, incorrect checksum", wrong, {other_digit(kComposite)}},
      {"LDS_B_24",
       "Missing MRZ data object",
       refused(),
       {in_dg1([](Bytes& f) { f = crypto::tlv(0x61, {}); }),
        in_dg1([](Bytes& f) { edit(f, [](Node& dg1) { dg1.at({0x5F1F}).tag = 0x5F1E; }); }),
        in_dg1([](Bytes& f) { edit(f, [](Node& dg1) { dg1.at({0x5F1F}).value.clear(); }); })}},
      {"LDS_B_25", "Incomplete birth date (missing day)", accepted(), {holder([](patent::Patent& p) {
         p.birth_date.day = 0;
       })}},
      {"LDS_B_26", "Incomplete birth date (missing month)", accepted(), {holder([](patent::Patent& p) {
         p.birth_date.month = 0, p.birth_date.day = 0;
       })}},
  };
}

}  // namespace

std::vector<Row> com_and_zone_rows() {
  auto rows = com_rows();
  for (auto& row : zone_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace simulator
