// SPDX-License-Identifier: Apache-2.0
// TR-03105 Part 5.1, units LDS_F, LDS_I, LDS_J and LDS_K: DG14, DG15, EF.CardSecurity and EF.ATR/INFO.
#include "crypto/der.hpp"
#include "tests/conformance/reader/tables.hpp"
#include "tests/conformance/reader/tlv_tree.hpp"

namespace simulator {
namespace {

namespace der = crypto::der;
using reader::Check;

SetUp in_file(FileId id, Proof proof, std::function<void(Bytes&)> change) {
  return [id, proof, change = std::move(change)](Scenario& s) {
    s.document.proof = proof;
    s.document.before_signing = [id, change](Files& files) { change(files[id]); };
  };
}
SetUp in_dg14(std::function<void(Bytes&)> change) { return in_file(FileId::dg14, Proof::agreement, std::move(change)); }
SetUp in_dg15(std::function<void(Bytes&)> change) { return in_file(FileId::dg15, Proof::answers, std::move(change)); }

constexpr std::string_view kEcdhKey = "0.4.0.127.0.7.2.2.1.2", kAgreement = "0.4.0.127.0.7.2.2.3.2.2";

// The SecurityInfo of this protocol, inside DG14.
SetUp in_info(std::string_view oid, std::function<void(Node&)> change) {
  return in_dg14([name = Bytes(inside(der::object_identifier(oid))), change = std::move(change)](Bytes& file) {
    edit(file, [&](Node& dg14) {
      for (auto& info : dg14.at({der::kSet}).children)
        if (info.at({der::kObjectIdentifier}).value == name) return change(info);
    });
  });
}

SetUp card_security(std::function<void(patent::SecurityInfos&)> change) {
  return [change = std::move(change)](Scenario& s) {
    s.document.proof = Proof::mapping;
    s.document.in_infos = [change](Infos& infos) { change(infos.card_security); };
  };
}

SetUp atr_info(const char* hex) {
  return [hex](Scenario& s) {
    s.document.after_signing = [hex](Files& files) { files[FileId::atr_info] = *crypto::from_hex(hex); };
  };
}

std::vector<Row> chip_key_rows() {
  const auto wrong = refused(Check::chip_authentication);
  return {
      {"LDS_F_01", "DG tag 6E wrong (tag 6F instead)", refused(), {in_dg14([](Bytes& f) { f[0] = 0x6F; })}},
      {"LDS_F_02", "DG tag 6E length byte too small", refused(), {in_dg14([](Bytes& f) { f[2] -= 1; })}},
      {"LDS_F_03", "DG tag 6E length byte too big", refused(), {in_dg14([](Bytes& f) { f[2] += 1; })}},
      {"LDS_F_04",
       "SecurityInfos, illegal chip authentication OID",
       wrong,
       {in_info(kEcdhKey, [](Node& info) { info.at({der::kObjectIdentifier}).value.back() = 0x03; })}},
      {"LDS_F_05",
       "SecurityInfos, missing chip authentication OID",
       wrong,
       {in_info(kEcdhKey, [](Node& info) { info.drop(der::kObjectIdentifier); })}},
      {"LDS_F_06",
       "ChipAuthenticationInfo, incorrect version element",
       wrong,
       {in_info(kAgreement, [](Node& info) { info.at({der::kInteger}).value = {0x10}; })}},
      {"LDS_F_07",
       "ChipAuthenticationInfo, missing version element",
       wrong,
       {in_info(kAgreement, [](Node& info) { info.drop(der::kInteger); })}},
      {"LDS_I_01", "DG tag 6F wrong (use tag 70 instead)", refused(), {in_dg15([](Bytes& f) { f[0] = 0x70; })}},
      {"LDS_I_02", "DG tag length too small", refused(), {in_dg15([](Bytes& f) { f[1] -= 1; })}},
      {"LDS_I_03", "DG tag length too big", refused(), {in_dg15([](Bytes& f) { f[1] += 1; })}},
  };
}

std::vector<Row> free_file_rows() {
  const auto wrong = refused(Check::chip_authentication);
  return {
      {"LDS_J_01",
       "EF.CardSecurity inconsistent with EF.CardAccess (more SecurityInfos)",
       accepted(),
       {card_security([](patent::SecurityInfos& infos) {
         infos.chip_authentication = {patent::chip_authentication_info(crypto::AesKey::aes256)};
       })}},
      {"LDS_J_02",
       "EF.CardSecurity inconsistent with EF.CardAccess (less SecurityInfos)",
       wrong,
       {card_security([](patent::SecurityInfos& infos) { infos.pace.erase(infos.pace.begin()); })}},
      {"LDS_J_03",
       "EF.CardSecurity inconsistent with EF.CardAccess (different SecurityInfos)",
       wrong,
       {card_security([](patent::SecurityInfos& infos) {
         for (auto& info : infos.pace) info.parameter_id = 13;
       })}},
      {"LDS_J_04",
       "EF.CardSecurity with incorrect ChipAuthenticationPublicKeyInfo for PACE-CAM",
       wrong,
       {card_security([](patent::SecurityInfos& infos) { infos.chip_keys.front().protocol_oid.back() = 0x03; }),
        card_security([](patent::SecurityInfos& infos) { infos.chip_keys.front().public_key.back() ^= 0x01; })}},
      {"LDS_K_01", "Valid encoding with two bytes length for APDU", accepted(), {atr_info("7F66080202078002020780")}},
      {"LDS_K_02",
       "Valid encoding with three bytes length for APDU",
       accepted(),
       {atr_info("7F660A02030100000203010000")}},
  };
}

}  // namespace

std::vector<Row> security_info_rows() {
  auto rows = chip_key_rows();
  for (auto& row : free_file_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace simulator
