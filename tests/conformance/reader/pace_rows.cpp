// SPDX-License-Identifier: Apache-2.0
// TR-03105 Part 5.1, unit ISO7816_G: PACE. Domain parameters and ciphers are those that the reader declares
// (docs/conformance-reader.md).
#include "crypto/der.hpp"
#include "tests/conformance/reader/tables.hpp"

namespace simulator {
namespace {

namespace der = crypto::der;
using crypto::Curve;
using crypto::Mapping;
using reader::AccessOutcome;
using reader::Check;
using wire::StatusWord;

constexpr auto kCam = Mapping::chip_authentication;

void map_chip(Scenario& s) { s.document.proof = Proof::mapping; }

SetUp runs(const crypto::PaceParameters& parameters) {
  return [parameters](Scenario& s) {
    s.document.pace = {parameters};
    if (parameters.mapping != kCam) return;
    s.document.proof = Proof::mapping;
    s.document.chip_curve = parameters.curve;
  };
}

std::vector<SetUp> on_each_curve(Mapping mapping) {
  std::vector<SetUp> out;
  for (const auto curve : crypto::kCurves) out.push_back(runs({curve, crypto::AesKey::aes128, mapping}));
  return out;
}

std::vector<SetUp> with_each_cipher() {
  std::vector<SetUp> out;
  for (const auto mapping : {Mapping::generic, kCam, Mapping::integrated})
    for (const auto key : {crypto::AesKey::aes128, crypto::AesKey::aes192, crypto::AesKey::aes256})
      out.push_back(runs({Curve::secp256r1, key, mapping}));
  return out;
}

SetUp with(Deviation deviation) {
  return [deviation = std::move(deviation)](Scenario& s) { s.deviate(deviation); };
}
SetUp mapped_with(Deviation deviation) {
  return [deviation = std::move(deviation)](Scenario& s) {
    map_chip(s);
    s.deviate(deviation);
  };
}

std::vector<SetUp> refuses(Step at) {
  std::vector<SetUp> out;
  for (const auto sw : {StatusWord::execution_error, StatusWord::conditions_not_satisfied, StatusWord::wrong_data,
                        StatusWord::authentication_failed})
    out.push_back(with(answers_with(at, sw)));
  return out;
}

Bytes filled(std::size_t size, Byte octet) {
  Bytes point(size, octet);
  point.front() = 0x04;
  return point;
}

// A point of the wrong form or off the curve, in place of the one that the chip sends.
std::vector<SetUp> with_bad_points(Step at, std::uint32_t tag) {
  const Bytes genuine = ec_key("P-256", 9).point();
  const auto changed = [&](auto change) {
    Bytes point = genuine;
    change(point);
    return with(sets(at, tag, point));
  };
  return {changed([](Bytes& p) { p[1] ^= 0x01; }),
          changed([](Bytes& p) { p.at(64) ^= 0x01; }),
          changed([](Bytes& p) { p[0] = 0x05; }),
          changed([](Bytes& p) { p.pop_back(); }),
          changed([](Bytes& p) { p.push_back(0); }),
          changed([](Bytes& p) { p = filled(p.size(), 0x00); }),
          changed([](Bytes& p) { p = filled(p.size(), 0xFF); }),
          changed([](Bytes& p) { p = {0x00}; }),
          changed([](Bytes& p) { p.clear(); }),
          changed([](Bytes& p) { p.resize(33), p[0] = 0x02; })};
}

// SecurityInfo of a protocol, with a version and a number.
Bytes pace_info_der(std::string_view oid, std::uint64_t parameter) {
  return der::sequence({der::object_identifier(oid), der::integer(std::uint64_t{2}), der::integer(parameter)});
}

// The same info in EF.CardAccess and DG14.
void add_info(DocumentPlan& plan, Bytes info) {
  plan.before_signing = [info = std::move(info)](Files& files) {
    files[FileId::card_access] = with_info(files[FileId::card_access], info);
    files[FileId::dg14] = patent::encode_dg14(with_info(inside(files[FileId::dg14]), info));
  };
}

SetUp card_access(Bytes content) {
  return [content = std::move(content)](Scenario& s) {
    s.document.after_signing = [content](Files& files) { files[FileId::card_access] = content; };
  };
}

void mirror(const wire::Command& command, Answer& answer) {
  const auto sent = crypto::read_only_tlv(command.data, 0x7C).value();
  const auto key = crypto::read_only_tlv(sent.value, 0x83).value();
  answer.data = crypto::tlv(0x7C, crypto::tlv(0x84, key.value));
}

std::vector<Row> running_rows() {
  const auto chip_proved = accepted().and_also(successful(Check::chip_authentication));
  return {
      {"ISO7816_G_01",
       "Correct execution of PACE protocols",
       accepted().and_also(successful(Check::pace)),
       {runs(kGeneric), [](Scenario& s) { s.password = crypto::PasswordKind::mrz; }}},
      {"ISO7816_G_02", "Check supported standardized domain parameters with Generic Mapping",
       accepted().and_also(successful(Check::pace)), on_each_curve(Mapping::generic)},
      {"ISO7816_G_03", "Check supported standardized domain parameters with Integrated Mapping",
       accepted().and_also(successful(Check::pace)), on_each_curve(Mapping::integrated)},
      {"ISO7816_G_04", "Check supported algorithms", accepted().and_also(successful(Check::pace)), with_each_cipher()},
      {"ISO7816_G_05", "Check PACE with additional entries in SecurityInfos", accepted(), {[](Scenario& s) {
         add_info(s.document, pace_info_der("1.2.3.4.5", 7));
       }}},
      {"ISO7816_G_06",
       "Check selection of standardized Domain Parameters and algorithms",
       accepted(),
       {[](Scenario& s) {
         s.document.pace = {
             kGeneric, {Curve::brainpoolP256r1, crypto::AesKey::aes128}, {Curve::secp384r1, crypto::AesKey::aes256}};
       }}},
      {"ISO7816_G_07", "EF.CardAccess contains two PACEInfo and PACEDomainParameter", accepted(), {[](Scenario& s) {
         s.document.pace = {kGeneric, {Curve::secp384r1, crypto::AesKey::aes256}};
         // PACEDomainParameterInfo (id-PACE-ECDH-GM) with the standardized parameters 13.
         add_info(s.document, der::sequence({der::object_identifier("0.4.0.127.0.7.2.2.4.2"),
                                             der::sequence({der::object_identifier("0.4.0.127.0.7.1.2"),
                                                            der::integer(std::uint64_t{13})}),
                                             der::integer(std::uint64_t{77})}));
       }}},
      {"ISO7816_G_34", "PACE-CAM with Passive Authentication", chip_proved, {map_chip}},
      {"ISO7816_G_35",
       "Return additional tag 8Ah during PACE-GM",
       accepted(),
       {with(sets(Step::pace_token, 0x8A, Bytes(48, 0x5A)))}},
      {"ISO7816_G_36", "Use invalid OID for PACE-CAM in EF.CardAccess", accepted(), {[](Scenario& s) {
         add_info(s.document, pace_info_der("0.4.0.127.0.7.2.2.4.5.2", 2));
       }}},
      {"ISO7816_G_41", "Check supported standardized domain parameters with Chip Authentication Mapping", chip_proved,
       on_each_curve(kCam)},
  };
}

std::vector<Row> aborting_rows() {
  const auto aborted = refused(Check::pace).and_also(access_is(AccessOutcome::refused));
  const auto closed = refused(Check::pace);
  return {
      {"ISO7816_G_08",
       "Abort PACE because of SW error code during MSE:Set AT",
       closed,
       {with(answers_with(Step::pace_set, StatusWord::wrong_data)),
        with(answers_with(Step::pace_set, StatusWord::referenced_data_not_found)),
        with(answers_with(Step::pace_set, StatusWord::security_not_satisfied)),
        with(answers_with(Step::pace_set, StatusWord::execution_error))}},
      {"ISO7816_G_09",
       "Error on the nonce - Value modifications after first General Authenticate",
       closed,
       {with(corrupts(Step::pace_nonce, 0x80)), with(sets(Step::pace_nonce, 0x80, Bytes(16, 0))),
        with(sets(Step::pace_nonce, 0x80, Bytes(15, 1))), with(sets(Step::pace_nonce, 0x80, Bytes{}))}},
      {"ISO7816_G_10", "Error on General Authenticate step 1 command", aborted, refuses(Step::pace_nonce)},
      {"ISO7816_G_11",
       "Error on General Authenticate step 1 command - bad tag (use 90h instead of 80h)",
       aborted,
       {with(retags(Step::pace_nonce, 0x80, 0x90))}},
      {"ISO7816_G_12", "Error on General Authenticate step 2 command", aborted, refuses(Step::pace_map)},
      {"ISO7816_G_13",
       "Error on General Authenticate step 2 command bad tag (use 92h instead of 82h)",
       aborted,
       {with(retags(Step::pace_map, 0x82, 0x92))}},
      {"ISO7816_G_14",
       "Abort PACE because of error in GA step 2 (GM)",
       closed,
       {with(sets(Step::pace_map, 0x82, ec_key("P-256", 9).point())), with(drops(Step::pace_map, 0x82))}},
      {"ISO7816_G_15",
       "Abort PACE because of error in GA step 2 (IM)",
       closed,
       {[](Scenario& s) {
          runs({Curve::secp256r1, crypto::AesKey::aes128, Mapping::integrated})(s);
          s.deviate(answers_with(Step::pace_map, StatusWord::execution_error));
        },
        [](Scenario& s) {
          runs({Curve::secp256r1, crypto::AesKey::aes128, Mapping::integrated})(s);
          s.deviate(answers_with(Step::pace_map, Bytes{0x7C}));
        }}},
      {"ISO7816_G_16",
       "Error in General Authenticate step 2 command - error on mapping data - all ECDH public key "
       "components",
       aborted, with_bad_points(Step::pace_map, 0x82)},
      {"ISO7816_G_18", "Error in General Authenticate step 3 command", aborted, refuses(Step::pace_agree)},
      {"ISO7816_G_19",
       "Error in General Authenticate step 3 command - bad tag (use 94h instead of 84h)",
       aborted,
       {with(retags(Step::pace_agree, 0x84, 0x94))}},
      {"ISO7816_G_20",
       "Abort PACE because of error in GA step 3",
       closed,
       {with(sets(Step::pace_agree, 0x84, ec_key("P-256", 9).point())), with(drops(Step::pace_agree, 0x84))}},
      {"ISO7816_G_21",
       "Error on General Authenticate step 3 command - error on ephemeral public key - all ECDH public "
       "key components",
       aborted, with_bad_points(Step::pace_agree, 0x84)},
      {"ISO7816_G_23",
       "Abort PACE because of identical ephemeral public keys",
       aborted,
       {with({Step::pace_agree, mirror})}},
      {"ISO7816_G_24", "Error on General Authenticate step 4 command", closed, refuses(Step::pace_token)},
      {"ISO7816_G_25",
       "Error on General Authenticate step 4 command - bad tag (use 96h instead of 86h)",
       aborted,
       {with(retags(Step::pace_token, 0x86, 0x96))}},
      {"ISO7816_G_26",
       "Abort PACE because of error in GA step 4",
       closed,
       {with(corrupts(Step::pace_token, 0x86)), with(sets(Step::pace_token, 0x86, Bytes(8, 0))),
        with(sets(Step::pace_token, 0x86, Bytes(7, 0))), with(sets(Step::pace_token, 0x86, Bytes{}))}},
      {"ISO7816_G_27",
       "Abort PACE because of TLV error on EF.CardAccess",
       refused(Check::pace).and_also(access_is(AccessOutcome::not_offered)),
       {card_access({0x31, 0x14, 0x30, 0x13, 0x06, 0x0A, 0x04}), card_access({0x31, 0x02, 0x30, 0x7F}),
        card_access({0x31, 0x00}), card_access({0x30, 0x00}), card_access({0x31, 0x80, 0x00, 0x00}),
        card_access(Bytes(30, 0xFF))}},
      {"ISO7816_G_28",
       "Abort PACE because of incorrect paramterId in PACEInfo",
       refused(Check::pace).and_also(access_is(AccessOutcome::not_offered)),
       {card_access(crypto::tlv(0x31, pace_info_der("0.4.0.127.0.7.2.2.4.2.2", 99))),
        card_access(crypto::tlv(0x31, pace_info_der("0.4.0.127.0.7.2.2.4.2.2", 0x10000)))}},
  };
}

// PACE opens the chip; that it is genuine is another matter.
std::vector<Row> mapping_rows() {
  const auto copy = refused(Check::chip_authentication);
  return {
      {"ISO7816_G_29",
       "PACE-CAM with missing tag 8Ah but correct ECAD",
       refused(),
       {mapped_with({Step::pace_token,
                     [](const wire::Command&, Answer& answer) {
                       const auto frame = crypto::read_only_tlv(answer.data, 0x7C).value();
                       const auto token = crypto::find_tlv(frame.value, 0x86).value().value();
                       const auto data = crypto::find_tlv(frame.value, 0x8A).value().value();
                       Bytes bare(token.whole.begin(), token.whole.end());
                       bare.insert(bare.end(), data.value.begin(), data.value.end());
                       answer.data = crypto::tlv(0x7C, bare);
                     }}),
        mapped_with(drops(Step::pace_token, 0x8A))}},
      {"ISO7816_G_30",
       "PACE-CAM with incorrectly encoded ECAD (no octet string)",
       copy,
       {mapped_with({Step::pace_token,
                     [](const wire::Command&, Answer& answer) {
                       const auto frame = crypto::read_only_tlv(answer.data, 0x7C).value();
                       const auto token = crypto::find_tlv(frame.value, 0x86).value().value();
                       const auto data = crypto::find_tlv(frame.value, 0x8A).value().value();
                       Bytes inside(token.whole.begin(), token.whole.end());
                       crypto::append_tlv(inside, 0x8A, crypto::tlv(0x30, data.value));
                       answer.data = crypto::tlv(0x7C, inside);
                     }})}},
      {"ISO7816_G_31",
       "PACE-CAM with wrong ECAD",
       copy,
       {mapped_with(corrupts(Step::pace_token, 0x8A)), mapped_with(sets(Step::pace_token, 0x8A, Bytes(48, 0x11))),
        mapped_with(sets(Step::pace_token, 0x8A, Bytes(16, 0x11)))}},
      {"ISO7816_G_32",
       "PACE-CAM with wrong tag 8Ah (use 8Bh) but correct ECAD",
       copy,
       {mapped_with(retags(Step::pace_token, 0x8A, 0x8B))}},
      {"ISO7816_G_33",
       "PACE-CAM with correct tag 8Ah but missing ECAD",
       copy,
       {mapped_with(sets(Step::pace_token, 0x8A, Bytes{}))}},
      {"ISO7816_G_38",
       "Use DG14 without SecurityInfo during PACE-CAM",
       refused(Check::chip_authentication),
       {[](Scenario& s) {
         map_chip(s);
         s.document.before_signing = [](Files& files) {
           files[FileId::dg14] = patent::encode_dg14(crypto::tlv(0x31, {}));
         };
       }}},
      {"ISO7816_G_39",
       "Use EF.CardSecurity with wrong chipAuthenticationPublicKey during PACE-CAM",
       copy,
       {[](Scenario& s) {
         map_chip(s);
         s.document.in_infos = [](Infos& infos) {
           patent::ChipPublicKey other{Curve::secp256r1, {}};
           (void)other.point.assign(ec_key("P-256", 8).point());
           infos.card_security.chip_keys = {patent::chip_key_info(other)};
         };
       }}},
      {"ISO7816_G_40",
       "Use EF.CardSecurity without ChipAuthenticationPublicKeyInfo during PACE-CAM",
       copy,
       {[](Scenario& s) {
         map_chip(s);
         s.document.in_infos = [](Infos& infos) { infos.card_security.chip_keys.clear(); };
       }}},
  };
}

}  // namespace

std::vector<Row> pace_rows() {
  auto rows = running_rows();
  for (auto& row : aborting_rows()) rows.push_back(std::move(row));
  for (auto& row : mapping_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace simulator
