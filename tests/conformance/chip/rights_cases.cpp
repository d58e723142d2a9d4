// SPDX-License-Identifier: Apache-2.0
// Unit ISO7816_L: what the rights of DV and terminal come to together, and how long they last.
#include <fmt/format.h>

#include "tests/conformance/chip/cases.hpp"

namespace conformance {
namespace {

using enum Need;

constexpr std::uint32_t kFirstOctets = 5;
constexpr std::string_view kOpen = "9000 for terminal authentication; the first octets of EF.DG3 and 9000";
constexpr std::string_view kClosed = "9000 for terminal authentication; a checking error for EF.DG3";

std::string dg3_opens(Dialogue& dialogue, std::string_view dv, std::string_view terminal) {
  dialogue.prepare();
  authenticate_terminal(dialogue, dv, terminal);
  const auto answer = dialogue.read(kReadDg3, 0, kFirstOctets);
  must_accept(answer, "READ BINARY of EF.DG3");
  must(!answer.data.empty() && answer.data[0] == 0x63, "EF.DG3 does not begin with 63");
  return "EF.DG3: " + text_of(answer.sw);
}
std::string dg3_stays_closed(Dialogue& dialogue) {
  const auto answer = dialogue.read(kReadDg3, 0, kFirstOctets);
  must_refuse(answer, "READ BINARY of EF.DG3");
  return "EF.DG3: " + text_of(answer.sw);
}
std::string dg3_closed_to(Dialogue& dialogue, std::string_view dv, std::string_view terminal) {
  dialogue.prepare();
  authenticate_terminal(dialogue, dv, terminal);
  return dg3_stays_closed(dialogue);
}

Bytes challenged(Dialogue& dialogue) {
  dialogue.prepare();
  verify_chain(dialogue, "DV_CERT_1", "IS_CERT_1");
  must_accept(dialogue.set_at(dialogue.bench().certificates.holder("IS_CERT_1")), "MSE:SET AT of the terminal");
  auto challenge = dialogue.get_challenge();
  must_accept(challenge, "GET CHALLENGE");
  return std::move(challenge.data);
}

std::string without_proof(Dialogue& dialogue) {
  (void)challenged(dialogue);
  return dg3_stays_closed(dialogue);
}
std::string with_wrong_proof(Dialogue& dialogue) {
  const auto challenge = challenged(dialogue);
  Bytes signature = dialogue.sign(dialogue.bench().certificates.holder_key("IS_CERT_1"), challenge);
  signature.back() = static_cast<Byte>(signature.back() ^ 0x01);
  const auto answer = dialogue.external_authenticate(signature);
  must_refuse_or_warn(answer, "EXTERNAL AUTHENTICATE");
  return fmt::format("EXTERNAL AUTHENTICATE: {}; {}", text_of(answer.sw), dg3_stays_closed(dialogue));
}

// A second PACE in the session is refused, or takes the rights of the first with it.
std::string second_pace(Dialogue& dialogue) {
  dialogue.prepare();
  authenticate_terminal(dialogue, "DV_CERT_1", "IS_CERT_1");
  constexpr std::array<Byte, 2> kMasterFile{0x3F, 0x00};
  const auto selected = dialogue.send({.ins = 0xA4, .p1 = 0x00, .p2 = 0x0C, .data = kMasterFile});
  must(wire::is_ok(selected.sw) || is_checking_error(selected.sw),
       "SELECT of the master file: " + text_of(selected.sw));
  if (!wire::is_ok(selected.sw)) return "SELECT of the master file: " + text_of(selected.sw);
  try {
    dialogue.open();
  } catch (const Ended& ended) {
    if (ended.outcome().result != Result::error) throw;
    return "the second PACE run is refused: " + ended.outcome().seen;
  }
  return "the second PACE run is taken; " + dg3_stays_closed(dialogue);
}

}  // namespace

std::vector<ChipCase> rights_cases() {
  const std::vector<Need> needs{terminal_authentication, dg3}, irises{terminal_authentication, dg4};
  const auto opens = [](std::string_view dv, std::string_view terminal) {
    return [dv, terminal](Dialogue& dialogue) { return dg3_opens(dialogue, dv, terminal); };
  };
  const auto closed = [](std::string_view dv, std::string_view terminal) {
    return [dv, terminal](Dialogue& dialogue) { return dg3_closed_to(dialogue, dv, terminal); };
  };
  constexpr std::string_view kAfterSecond =
      "the second run is refused, or EF.DG3 answers with a checking error after it";
  return {
      {"ISO7816_L_1", "DV: DG3 and DG4, terminal: DG3. DG3 opens", kOpen, needs, opens("DV_CERT_3", "IS_CERT_3a")},
      {"ISO7816_L_2", "DV: DG3 and DG4, terminal: DG3. DG4 stays closed", "", irises, {}},
      {"ISO7816_L_3", "DV: DG3 and DG4, terminal: DG4. DG4 opens", "", irises, {}},
      {"ISO7816_L_4", "DV: DG3 and DG4, terminal: DG4. DG3 stays closed", kClosed, needs,
       closed("DV_CERT_3", "IS_CERT_3b")},
      {"ISO7816_L_5", "DV: DG3, terminal: DG3 and DG4. DG3 opens", kOpen, needs, opens("DV_CERT_4", "IS_CERT_4")},
      {"ISO7816_L_6", "DV: DG3, terminal: DG3 and DG4. DG4 stays closed", "", irises, {}},
      {"ISO7816_L_7", "DV: DG4, terminal: DG3 and DG4. DG4 opens", "", irises, {}},
      {"ISO7816_L_8", "DV: DG4, terminal: DG3 and DG4. DG3 stays closed", kClosed, needs,
       closed("DV_CERT_5", "IS_CERT_5")},
      {"ISO7816_L_9", "Certificates without EXTERNAL AUTHENTICATE do not open DG3", "a checking error for EF.DG3",
       needs, without_proof},
      {"ISO7816_L_10", "The same for DG4", "", irises, {}},
      {"ISO7816_L_11", "A failed EXTERNAL AUTHENTICATE does not open DG3",
       "a checking error or 6300; a checking error for EF.DG3", needs, with_wrong_proof},
      {"ISO7816_L_12", "The same for DG4", "", irises, {}},
      {"ISO7816_L_13",
       "BAC again, after terminal authentication in a session from BAC",
       kAfterSecond,
       {terminal_authentication, bac, mf},
       {}},
      {"ISO7816_L_14",
       "PACE again, after terminal authentication in a session from PACE",
       kAfterSecond,
       {terminal_authentication, dg3, mf},
       second_pace},
      {"ISO7816_L_15",
       "BAC, after terminal authentication in a session from PACE",
       kAfterSecond,
       {terminal_authentication, bac},
       {}},
      {"ISO7816_L_16",
       "PACE, after terminal authentication in a session from BAC",
       kAfterSecond,
       {terminal_authentication, bac},
       {}},
  };
}

}  // namespace conformance
