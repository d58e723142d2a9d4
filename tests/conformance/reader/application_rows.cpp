// SPDX-License-Identifier: Apache-2.0
// TR-03105 Part 5.1, units ISO7816_A and ISO7816_B. The failures of secure messaging are PACE's here; those of BAC's
// 3DES stand beside the passports.
#include "crypto/der.hpp"
#include "tests/conformance/reader/tables.hpp"

namespace simulator {
namespace {

using reader::Reason;
using wire::StatusWord;

constexpr auto kRead = Step::read_binary;

// In the answers that carry DG1.
Deviation in_dg1(Deviation deviation) {
  deviation.fid = 0x0101;
  return deviation;
}

SetUp on_the_wire(Deviation deviation) {
  return [deviation = in_dg1(std::move(deviation))](Scenario& s) { s.deviate(deviation); };
}

}  // namespace

std::vector<Row> application_rows() {
  const auto broken = refused().and_also(session_broken());
  return {
      {"ISO7816_A_03", "Application selection failure", refused(Reason::not_a_patent), {[](Scenario& s) {
         s.deviate(answers_with(Step::select_application, StatusWord::file_not_found));
       }}},
      {"ISO7816_B_04",
       "SM failure returned by MRTD",
       broken,
       {[](Scenario& s) {
          auto refusal = answers_with(kRead, StatusWord::sm_objects_missing);
          refusal.layer = Layer::wire;
          s.deviate(in_dg1(refusal));
        },
        [](Scenario& s) {
          auto refusal = answers_with(kRead, StatusWord::sm_objects_incorrect);
          refusal.layer = Layer::wire;
          s.deviate(in_dg1(refusal));
        }}},
      {"ISO7816_B_05", "SM failure - MAC missing", broken, {on_the_wire(drops(kRead, 0x8E, Layer::wire))}},
      {"ISO7816_B_06", "SM failure - cryptogram missing", broken, {on_the_wire(drops(kRead, 0x87, Layer::wire))}},
      {"ISO7816_B_07",
       "SM failure - secured status bytes missing",
       broken,
       {on_the_wire(drops(kRead, 0x99, Layer::wire))}},
      {"ISO7816_B_08", "SM failure - incorrect MAC", broken, {on_the_wire(corrupts(kRead, 0x8E, Layer::wire))}},
      {"ISO7816_B_09", "SM failure - incorrect cryptogram", broken, {on_the_wire(corrupts(kRead, 0x87, Layer::wire))}},
      {"ISO7816_B_10",
       "Passive Authentication with revocation list",
       refused(Reason::signer_revoked),
       {[](Scenario& s) {
         s.document.in_signer = [&plan = s.document](CertificateRecipe& signer) { plan.revoked = {signer.serial}; };
       }}},
  };
}

}  // namespace simulator
