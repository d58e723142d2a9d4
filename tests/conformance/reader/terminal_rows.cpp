// SPDX-License-Identifier: Apache-2.0
// TR-03105 Part 5.1, units ISO7816_E, LDS_D and LDS_G: terminal authentication and the fingerprints behind it. What
// "inspection successful" means of a terminal without the right: the document is judged, the fingers stay unread.
#include "card/patent/finger.hpp"
#include "tests/conformance/reader/tables.hpp"
#include "tests/conformance/reader/terminal_tree.hpp"
#include "tests/conformance/reader/tlv_tree.hpp"
#include "tests/unit/patent/finger_images.hpp"

namespace simulator {
namespace {

using reader::Check;
using wire::StatusWord;

SetUp asks(TerminalPlan plan = {}, int trusted_root = 0, SetUp more = nullptr) {
  return [=](Scenario& s) {
    if (more) more(s);
    ask_for_fingerprints(s, TerminalTree(plan), trusted_root);
  };
}
SetUp on(const char* group, crypto::Curve curve) { return asks({.group = group, .curve = curve}); }
// What EF.CVCA holds, and no trust point but the tree's.
SetUp cvca_holds(Bytes content) {
  return asks({}, 0, [content = std::move(content)](Scenario& s) {
    s.chip = [content](ChipProfile& chip) {
      chip.files[{layout::Application::emrtd, std::uint16_t{0x011C}}] = content;
    };
  });
}
SetUp identity(std::function<void(reader::TerminalIdentity&)> change) {
  return [change = std::move(change)](Scenario& s) {
    ask_for_fingerprints(s, TerminalTree());
    change(*s.terminal);
  };
}
SetUp deviating(Deviation deviation) {
  return asks({}, 0, [deviation = std::move(deviation)](Scenario& s) { s.deviate(deviation); });
}

SetUp fingers(patent::Fingers fingers) {
  return asks({}, 0, [fingers = std::move(fingers)](Scenario& s) {
    s.document.before_signing = [fingers](Files& files) { files[FileId::dg3] = patent::encode_dg3(fingers); };
  });
}
SetUp in_dg3(std::function<void(Bytes&)> change) {
  return asks({}, 0, [change = std::move(change)](Scenario& s) {
    s.document.before_signing = [change](Files& files) { change(files[FileId::dg3]); };
  });
}
// In the first finger's template.
SetUp in_first(std::function<void(Node&)> change) {
  return in_dg3([change = std::move(change)](Bytes& file) {
    edit(file, [&](Node& dg3) { change(dg3.at({0x7F61, 0x7F60})); });
  });
}

patent::FingerImage wsq_of(patent::FingerPosition position) {
  return {position, patent::FingerFormat::wsq, 300, 400, wsq(300, 400)};
}
patent::FingerImage jp2_of(patent::FingerPosition position) {
  return {position, patent::FingerFormat::jpeg2000, 300, 400, jp2(300, 400)};
}

std::vector<Row> access_rows() {
  const auto read = accepted().and_also(fingerprints_read());
  Expected unread = no_fingerprints();
  const auto document_holds = accepted().and_also(no_fingerprints());
  return {
      {"ISO7816_E_07",
       "Terminal Authentication with ECDSA and SHA256",
       read,
       {asks(), on("brainpoolP256r1", crypto::Curve::brainpoolP256r1)}},
      {"ISO7816_E_08",
       "Verify certificates with wrong CAR in EF.CVCA",
       unread,
       {cvca_holds(cvca_file({"RUCONFCVCA00002"})), cvca_holds(cvca_file({"DETESTCVCA00002"}))}},
      {"ISO7816_E_09",
       "Verify certificates with missing CAR in EF.CVCA",
       unread,
       {cvca_holds(Bytes{0x42, 0, 0, 0, 0}), cvca_holds(cvca_file({}))}},
      {"ISO7816_E_10",
       "Verify certificates with 3 CAR in EF.CVCA",
       Expected{std::nullopt, {}, "read or not: the inspection ends"},
       {cvca_holds(cvca_file({"DECV00001", "DECV00002", "DECV00003"}))}},
      {"ISO7816_E_11",
       "External authenticate with wrong document number",
       unread,
       {deviating(answers_with(Step::ta_authenticate, StatusWord::authentication_failed))}},
      {"ISO7816_E_12",
       "External authenticate command with shorter challenge (7 bytes)",
       unread,
       {deviating(truncates(Step::ta_challenge, 7))}},
      {"ISO7816_E_13",
       "External authenticate command with longer challenge (9 bytes)",
       unread,
       {deviating(appends(Step::ta_challenge, Bytes{0x09}))}},
      {"ISO7816_E_14",
       "Verify access denied to DG3",
       document_holds,
       {asks({.dv_rights = {.read_irises = true}}), asks({.terminal_rights = {.read_irises = true}})}},
      {"ISO7816_E_16", "Verify denied access to DG3 and DG4", document_holds, {asks({.dv_rights = {}})}},
      {"ISO7816_E_17",
       "Verify certificates with wrong signature in DV certificate",
       unread,
       {identity([](reader::TerminalIdentity& one) { one.certificates[0].back() ^= 0x01; })}},
      {"ISO7816_E_18",
       "Verify certificates with wrong signature in IS certificate",
       unread,
       {identity([](reader::TerminalIdentity& one) { one.certificates[1].back() ^= 0x01; })}},
      {"ISO7816_E_19",
       "Terminal Authentication with expired certificate chain",
       unread,
       {asks({}, 0, [](Scenario& s) { s.chip = [](ChipProfile& chip) { chip.today = testing::day("2026-07-01"); }; })}},
      {"ISO7816_E_24",
       "Terminal Authentication with missing certificates",
       unread,
       {identity([](reader::TerminalIdentity& one) { one.certificates.clear(); }),
        identity([](reader::TerminalIdentity& one) { one.certificates.erase(one.certificates.begin()); }),
        identity([](reader::TerminalIdentity& one) { one.sign = [](ByteView) { return std::nullopt; }; })}},
      {"ISO7816_E_26", "Terminal Authentication with additional data groups (DG11, DG12)", read, {asks()}},
      {"ISO7816_E_28",
       "Switch between different algorithms key sizes in CA and TA (EC, CA with 224 and TA with 256)",
       read,
       {asks({}, 0, [](Scenario& s) { s.document.chip_curve = crypto::Curve::brainpoolP384r1; })}},
      {"ISO7816_E_29", "Terminal authentication with DG3 but no DG4", read, {asks()}},
      {"ISO7816_E_31",
       "Terminal authentication in combination with PACE to check dynamic binding between protocols",
       read,
       {asks(), asks({}, 0, [](Scenario& s) { s.document.proof = Proof::mapping; })}},
      {"ISO7816_E_32", "Terminal authentication including trust anchor update", read, {asks({.roots = 2}, 0)}},
      {"ISO7816_E_33",
       "Terminal authentication with two different trust anchor updates",
       read,
       {asks({.roots = 3}, 0)}},
      {"ISO7816_E_34",
       "Terminal authentication with offered but not needed trust anchor update",
       read,
       {asks({.roots = 2}, 1)}},
      {"ISO7816_E_37", "Terminal Authentication with ECDSA and SHA384", read, {on("P-384", crypto::Curve::secp384r1)}},
      {"ISO7816_E_38",
       "Terminal Authentication with ECDSA and SHA512",
       read,
       {on("P-521", crypto::Curve::secp521r1), on("brainpoolP512r1", crypto::Curve::brainpoolP512r1)}},
      {"LDS_G_01", "First CAR not encoded by tag 42", unread, {cvca_holds([] {
         auto file = cvca_file({"RUCONFCVCA00001"});
         file[0] = 0x00;
         return file;
       }())}},
      {"LDS_G_02",
       "Missing CARs, file empty, no trust point implemented",
       unread,
       {asks({}, 0,
             [](Scenario& s) {
               s.chip = [](ChipProfile& chip) {
                 chip.files[{layout::Application::emrtd, std::uint16_t{0x011C}}] = Bytes(36, 0);
                 chip.trust_points.clear();
               };
             })}},
  };
}

std::vector<Row> finger_rows() {
  using enum patent::FingerPosition;
  const auto read = accepted().and_also(fingerprints_read());
  const auto wrong = refused(Check::content);
  return {
      {"LDS_D_01", "Two JPEG2000 fingerprint images", read, {fingers({{jp2_of(right_index), jp2_of(left_index)}, {}})}},
      {"LDS_D_02", "Two WSQ fingerprint images", read, {fingers({{wsq_of(right_index), wsq_of(left_index)}, {}})}},
      {"LDS_D_03",
       "Three WSQ fingerprint images",
       read,
       {fingers({{wsq_of(right_index), wsq_of(left_index), wsq_of(right_thumb)}, {}})}},
      {"LDS_D_04", "DG tag 63 wrong (tag 64 instead)", wrong, {in_dg3([](Bytes& f) { f[0] = 0x64; })}},
      {"LDS_D_05", "DG tag 63 length byte too small", refused(), {in_dg3([](Bytes& f) {
         f[f[1] == 0x81 ? 2 : 3] -= 1;
       })}},
      {"LDS_D_06", "DG tag 63 length byte too big", refused(), {in_dg3([](Bytes& f) {
         f[f[1] == 0x81 ? 2 : 3] += 1;
       })}},
      {"LDS_D_07", "BIGT, missing number of instances", wrong, {in_dg3([](Bytes& f) {
         edit(f, [](Node& dg3) { dg3.at({0x7F61}).drop(0x02); });
       })}},
      {"LDS_D_08", "BHT, not allowed format owner", wrong, {in_first([](Node& t) {
         t.at({0xA1, 0x87}).value = {0x01, 0xFF};
       })}},
      {"LDS_D_09", "BHT, missing format owner", wrong, {in_first([](Node& t) { t.at({0xA1}).drop(0x87); })}},
      {"LDS_D_10", "BHT, not allowed format type", wrong, {in_first([](Node& t) {
         t.at({0xA1, 0x88}).value = {0x00, 0x09};
       })}},
      {"LDS_D_11", "BHT, missing format type", wrong, {in_first([](Node& t) { t.at({0xA1}).drop(0x88); })}},
      {"LDS_D_12", "BHT, incorrect biometric subtype", wrong, {in_first([](Node& t) {
         t.at({0xA1, 0x82}).value = {0xFE};
       })}},
      {"LDS_D_14", "GRH, incorrect format identifier", wrong, {in_first([](Node& t) {
         t.at({0x5F2E}).value[1] = 0x49, t.at({0x5F2E}).value[2] = 0x52 + 1;
       })}},
      {"LDS_D_15", "Missing fingerprint image in instance two (tag 5F2E)", wrong, {in_dg3([](Bytes& f) {
         edit(f, [](Node& dg3) { dg3.at({0x7F61}).children.back().drop(0x5F2E); });
       })}},
  };
}

std::vector<Row> lying_finger_rows() {
  const auto changed = [](std::function<void(Bytes&)> change) {
    return asks({}, 0, [change = std::move(change)](Scenario& s) {
      s.document.after_signing = [change](Files& files) { change(files[FileId::dg3]); };
    });
  };
  return {
      {"LIAR_TA_01",
       "Fingers that were changed after they were signed, or are another's",
       refused(Check::data_group_hashes),
       {changed([](Bytes& dg3) { dg3.back() ^= 0x01; }), changed([](Bytes& dg3) {
          dg3 = patent::encode_dg3({{wsq_of(patent::FingerPosition::left_thumb)}, {}});
        })}},
      {"LIAR_TA_02",
       "A chip that takes every terminal, and keeps its fingers",
       accepted().and_also(no_fingerprints()),
       {asks({}, 0,
             [](Scenario& s) {
               auto refusal = answers_with(Step::read_binary, StatusWord::security_not_satisfied);
               refusal.fid = 0x0103;
               s.deviate(refusal);
               s.deviate(Fault::trusts_everybody);
             })}},
      {"LIAR_TA_03",
       "A challenge that is empty, or has no end",
       no_fingerprints(),
       {deviating(truncates(Step::ta_challenge, 0)), deviating(appends(Step::ta_challenge, Bytes(4000, 0x55)))}},
      {"LIAR_TA_04",
       "EF.CVCA of garbage",
       no_fingerprints(),
       {cvca_holds(Bytes(36, 0x42)), cvca_holds(Bytes(36, 0xFF)), cvca_holds(Bytes{0x42, 0x7F, 0x00})}},
  };
}

}  // namespace

std::vector<Row> terminal_rows() {
  auto rows = access_rows();
  for (const auto table : {finger_rows, lying_finger_rows})
    for (auto& row : table()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace simulator
