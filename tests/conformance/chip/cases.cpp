// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/chip/cases.hpp"

namespace conformance {
namespace {

Outcome run(const ChipCase& one, Bench& bench, Transcript& transcript) {
  for (const Need need : one.needs)
    if (auto why = why_not(bench, need); !why.empty()) does_not_apply(std::move(why));
  Dialogue dialogue(bench, transcript);
  return passed(one.run(dialogue));
}

}  // namespace

std::vector<Case> chip_cases(const std::function<Bench&()>& bench) {
  std::vector<Case> out;
  for (const auto& unit : {file_cases(), biometric_cases(), access_cases(), certificate_cases(), terminal_cases(),
                           rights_cases(), update_cases()})
    for (const ChipCase& one : unit)
      out.push_back({std::string(one.id), std::string(one.purpose), std::string(one.expected),
                     [one, bench](Transcript& transcript) { return run(one, bench(), transcript); }});
  return out;
}

void verify_chain(Dialogue& dialogue, std::string_view dv, std::string_view terminal) {
  auto& certificates = dialogue.bench().certificates;
  must_accept(dialogue.set_dst(dialogue.trust_points().front()), "MSE:SET DST of the trust point");
  must_accept(dialogue.verify(dv), dv);
  must_accept(dialogue.set_dst(certificates.holder(dv)), "MSE:SET DST of the DV");
  must_accept(dialogue.verify(terminal), terminal);
}

void authenticate_terminal(Dialogue& dialogue, std::string_view dv, std::string_view terminal) {
  auto& certificates = dialogue.bench().certificates;
  verify_chain(dialogue, dv, terminal);
  must_accept(dialogue.set_at(certificates.holder(terminal)), "MSE:SET AT of the terminal");
  const auto challenge = dialogue.get_challenge();
  must_accept(challenge, "GET CHALLENGE");
  must(challenge.data.size() == 8, "the challenge has not eight octets");
  must_accept(dialogue.external_authenticate(dialogue.sign(certificates.holder_key(terminal), challenge.data)),
              "EXTERNAL AUTHENTICATE");
}

}  // namespace conformance
