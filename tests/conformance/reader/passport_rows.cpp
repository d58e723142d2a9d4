// SPDX-License-Identifier: Apache-2.0
// TR-03105 Part 5.1, what only documents of other states have: plain chips, Basic Access Control, the zone of TD3.
#include "card/patent/mrz.hpp"
#include "reader/passport/passport.hpp"
#include "tests/conformance/reader/tables.hpp"

namespace simulator {
namespace {

constexpr auto kSha1 = crypto::HashAlgorithm::sha1;

// The zone of TD3 (Doc 9303-4, 4.2.2) with right check digits; the optional data's may be '<' where there are none.
std::string zone_of(std::string_view birth, std::string_view optional, std::optional<char> optional_digit = {}) {
  const auto with_digit = [](std::string_view field) {
    return std::string(field) + patent::check_digit(field).value();
  };
  std::string data(optional);
  data.resize(14, '<');
  data += optional_digit.value_or(patent::check_digit(data).value());
  const std::string number = with_digit("402345678"), born = with_digit(birth), expires = with_digit("310511");
  return "P<TJKSHARIPOV<<FARRUKH<<<<<<<<<<<<<<<<<<<<<<" + number + "TJK" + born + "M" + expires + data +
         patent::check_digit(number + born + expires + data).value();
}
const std::string kZone = zone_of("900512", "");

// DG1 with this zone, DG2 and perhaps SecurityInfos, and none of a patent's own files.
void become_passport(Scenario& s, const std::string& zone, Access access) {
  auto& plan = s.document;
  plan.country = "TJ";
  plan.proof = Proof::none;
  plan.before_signing = [=](Files& files) {
    files[FileId::dg1] = crypto::tlv(0x61, crypto::tlv(0x5F1F, crypto::as_bytes(zone)));
    for (const auto id : {FileId::dg11, FileId::dg12, FileId::dg13}) files.erase(id);
    if (access == Access::pace) return;
    for (const auto id : {FileId::card_access, FileId::atr_info, FileId::dg14}) files.erase(id);
  };
  plan.in_signer = [](CertificateRecipe& signer) { signer.drop(extension::kDocumentTypeList); };
  s.chip = [=](ChipProfile& chip) {
    chip.mrz_information = patent::mrz_information(zone).value_or(patent::mrz_information(kZone).value());
    chip.records.clear();
    chip.access = access;
  };
  s.password = crypto::PasswordKind::mrz;
  s.plan = reader::kPassportPlan;
  s.judge = [](const reader::Evidence& evidence, const reader::Trust& trust, const reader::Policy& policy,
               crypto::Time at) { return reader::judge_passport(evidence, trust, policy, at).verdict; };
}

SetUp passport(Access access, std::string zone = kZone) {
  return [=](Scenario& s) { become_passport(s, zone, access); };
}
SetUp deviating(Deviation deviation) {
  return [deviation = std::move(deviation)](Scenario& s) {
    become_passport(s, kZone, Access::bac);
    s.deviate(deviation);
  };
}

// SHA-1 everywhere, of a state whose old documents the policy accepts.
SetUp under_sha1(Signing by, bool rsa) {
  return [=](Scenario& s) {
    become_passport(s, kZone, Access::bac);
    auto& plan = s.document;
    if (rsa) plan.csca_key = &rsa_key(3072), plan.signer_key = &rsa_key(2048);
    plan.sod = plan.chain = by;
    plan.chain.bare_rsa = false;
    plan.digest = plan.lds_hash = crypto::HashAlgorithm::sha1;
    s.policy.sha1_issuers = {"TJK"};
  };
}

std::vector<Row> lying_passport_rows() {
  const auto on_the_wire = [](Deviation deviation) {
    deviation.fid = 0x0101;
    return deviating(std::move(deviation));
  };
  return {
      {"LIAR_BAC_01",
       "Secure messaging under 3DES with anything wrong",
       refused().and_also(session_broken()),
       {on_the_wire(corrupts(Step::read_binary, 0x8E, Layer::wire)),
        on_the_wire(corrupts(Step::read_binary, 0x87, Layer::wire)),
        on_the_wire(drops(Step::read_binary, 0x8E, Layer::wire)),
        on_the_wire(drops(Step::read_binary, 0x99, Layer::wire)),
        on_the_wire(sets(Step::read_binary, 0x87, Bytes(10, 0x01), Layer::wire))}},
      {"LIAR_BAC_02",
       "A document with PACE whose chip hides it",
       refused(reader::Check::card_access_consistency),
       {[](Scenario& s) {
         become_passport(s, kZone, Access::bac);
         const auto hide = s.document.before_signing;
         s.document.before_signing = [hide](Files& files) {
           const Bytes dg14 = files[FileId::dg14];
           hide(files);
           files[FileId::dg14] = dg14;
         };
       }}},
      {"LIAR_BAC_03", "A chip that knows another zone", refused(), {[](Scenario& s) {
         become_passport(s, kZone, Access::bac);
         s.secret = patent::mrz_information(zone_of("900513", "")).value();
       }}},
      {"LIAR_BAC_04", "SHA-1 of a state that the policy does not name", refused(), {[](Scenario& s) {
         under_sha1({crypto::SignatureKind::ecdsa, kSha1}, false)(s);
         s.policy.sha1_issuers = {"UZB"};
       }}},
      {"LIAR_BAC_05", "A patent that offers BAC in place of PACE", refused(reader::Check::pace), {[](Scenario& s) {
         s.document.after_signing = [](Files& files) { files.erase(FileId::card_access); };
         s.chip = [](ChipProfile& chip) { chip.access = Access::bac; };
         s.password = crypto::PasswordKind::mrz;
       }}},
  };
}

}  // namespace

std::vector<Row> passport_rows() {
  const auto closed = refused();
  std::vector<Row> rows{
      {"ISO7816_A_02", "Positive test with BAC MRTD", accepted(), {passport(Access::bac)}},
      {"ISO7816_B_01", "Mutual authentication MAC failure", closed, {deviating(flips(Step::bac_authenticate, 39))}},
      {"ISO7816_B_02",
       "Mutual authentication encryption failure",
       closed,
       {deviating(flips(Step::bac_authenticate, 0)), deviating(flips(Step::bac_authenticate, 31))}},
      {"ISO7816_B_03",
       "Mutual authentication failure",
       closed,
       {deviating(answers_with(Step::bac_authenticate, wire::StatusWord::authentication_failed)),
        deviating(answers_with(Step::bac_challenge, Bytes(8, 0x11))), deviating(truncates(Step::bac_authenticate, 39)),
        deviating(truncates(Step::bac_challenge, 7))}},
      {"LDS_H_01",
       "RSASSA-PKCS1_v15 with SHA1, SHA1 DG hash, DS stored inside SOD",
       accepted(),
       {under_sha1({crypto::SignatureKind::rsa_pkcs1, kSha1}, true)}},
      {"LDS_H_02",
       "RSASSA-PSS with SHA1, SHA1 DG hash, DS stored inside SOD",
       accepted(),
       {under_sha1({crypto::SignatureKind::rsa_pss, kSha1}, true)}},
      {"LDS_H_09",
       "ECDSA with SHA1, SHA1 DG hash, DS stored inside SOD",
       accepted(),
       {under_sha1({crypto::SignatureKind::ecdsa, kSha1}, false)}},
      {"LDS_H_79",
       "RSASSA-PKCS1_v15 with SHA1, SHA1 DG hash, DS stored inside SOD, RSA OID",
       accepted(),
       {under_sha1({crypto::SignatureKind::rsa_pkcs1, kSha1, true}, true)}},
      {"LDS_B_04",
       "No optional data, checksum is '0' instead of '<'",
       accepted(),
       {passport(Access::pace, zone_of("900512", "", '0')), passport(Access::pace, zone_of("900512", "", '<'))}},
      {"LDS_B_22",
       "Incorrect MRZ, incorrect optional data checksum",
       closed,
       {passport(Access::pace, zone_of("900512", "AB12", '9'))}},
      {"LDS_B_27", "Incomplete birth date (missing year)", accepted(), {passport(Access::pace, zone_of("<<0512", ""))}},
      {"LDS_B_28",
       "Incomplete birth date (missing complete dob)",
       accepted(),
       {passport(Access::pace, zone_of("<<<<<<", ""))}},
  };
  for (auto& row : lying_passport_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace simulator
