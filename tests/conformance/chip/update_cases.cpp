// SPDX-License-Identifier: Apache-2.0
// Units ISO7816_M and ISO7816_N: the card's date and its trust points move, for good. Each case builds on the one
// before.
#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/chip/cases.hpp"

namespace conformance {
namespace {

using enum Need;

constexpr std::size_t kCvcaSize = 36;
constexpr std::string_view kExpired =
    "9000 for what holds on the new date; a checking error or 6300 for what has expired";
constexpr std::string_view kTrustPoints =
    "9000 for each certificate; EF.CVCA with the new trust point before the old, 00 behind";

std::string text(const Bytes& reference) { return {reference.begin(), reference.end()}; }

void select_and_verify(Dialogue& dialogue, const Bytes& authority, std::string_view certificate) {
  must_accept(dialogue.set_dst(authority), "MSE:SET DST of " + text(authority));
  must_accept(dialogue.verify(certificate), certificate);
}

// What EF.CVCA holds, all 36 octets of it.
std::string must_hold(Dialogue& dialogue, const std::vector<Bytes>& references) {
  const auto content = dialogue.read_cvca();
  Bytes wanted;
  for (const auto& reference : references) crypto::append_tlv(wanted, 0x42, reference);
  wanted.resize(kCvcaSize);
  must(content == wanted, fmt::format("EF.CVCA holds {}", spaced_hex(content)));
  std::string names;
  for (const auto& reference : references) names += (names.empty() ? "" : ", ") + text(reference);
  return "EF.CVCA: " + names;
}

// Trust points made in this run have keys in this run only.
void must_begin_with(Dialogue& dialogue, std::string_view certificate, std::string_view case_before) {
  if (dialogue.trust_points().front() != dialogue.bench().certificates.holder(certificate))
    cannot_run(fmt::format("{} must have been carried out before, in the same run", case_before));
}

std::string terminal_moves_date(Dialogue& dialogue) {
  dialogue.prepare();
  verify_chain(dialogue, "DV_CERT_6", "IS_CERT_6a");
  dialogue.prepare();
  select_and_verify(dialogue, dialogue.trust_points().front(), "DV_CERT_6");
  must_accept(dialogue.set_dst(dialogue.bench().certificates.holder("DV_CERT_6")), "MSE:SET DST of the DV");
  const auto expired = dialogue.verify("IS_CERT_6b");
  must_refuse_or_warn(expired, "IS_CERT_6b, which has expired");
  return "IS_CERT_6b: " + text_of(expired.sw);
}

std::string dv_moves_date(Dialogue& dialogue) {
  dialogue.prepare();
  select_and_verify(dialogue, dialogue.trust_points().front(), "DV_CERT_6a");
  dialogue.prepare();
  must_accept(dialogue.set_dst(dialogue.trust_points().front()), "MSE:SET DST of the trust point");
  const auto expired = dialogue.verify("DV_CERT_6");
  must_refuse_or_warn(expired, "DV_CERT_6, which has expired");
  return "DV_CERT_6: " + text_of(expired.sw);
}

std::string link_moves_trust_point(Dialogue& dialogue) {
  dialogue.prepare();
  auto& certificates = dialogue.bench().certificates;
  const Bytes old_point = dialogue.trust_points().front(), new_point = certificates.holder("LINK_CERT_7");
  select_and_verify(dialogue, old_point, "LINK_CERT_7");
  dialogue.prepare();
  const auto seen = must_hold(dialogue, {new_point, old_point});
  select_and_verify(dialogue, old_point, "DV_CERT_7a");
  dialogue.prepare();
  select_and_verify(dialogue, new_point, "DV_CERT_7b");
  dialogue.prepare();
  may_refuse(dialogue.set_dst(old_point), "MSE:SET DST of the expired trust point");
  const auto expired = dialogue.verify("DV_CERT_7a");
  must_refuse_or_warn(expired, "DV_CERT_7a, under a trust point that has expired");
  return fmt::format("{}; DV_CERT_7a: {}", seen, text_of(expired.sw));
}

std::string two_links_move_trust_point(Dialogue& dialogue) {
  dialogue.prepare();
  must_begin_with(dialogue, "LINK_CERT_7", "ISO7816_M_3");
  auto& certificates = dialogue.bench().certificates;
  select_and_verify(dialogue, dialogue.trust_points().front(), "LINK_CERT_8");
  select_and_verify(dialogue, certificates.holder("LINK_CERT_8"), "LINK_CERT_9");
  select_and_verify(dialogue, certificates.holder("LINK_CERT_9"), "DV_CERT_9");
  return must_hold(dialogue, {certificates.holder("LINK_CERT_9"), certificates.holder("LINK_CERT_8")});
}

std::string new_cvca_certifies_no_terminal(Dialogue& dialogue) {
  dialogue.prepare();
  must_begin_with(dialogue, "LINK_CERT_9", "ISO7816_M_4");
  select_and_verify(dialogue, dialogue.trust_points().front(), "LINK_CERT_11b");
  must_accept(dialogue.set_dst(dialogue.bench().certificates.holder("LINK_CERT_11b")), "MSE:SET DST of the new CVCA");
  const auto refused = dialogue.verify("IS_CERT_11c");
  must_refuse_or_warn(refused, "IS_CERT_11c");
  return "IS_CERT_11c: " + text_of(refused.sw);
}

std::string cvca_is_sane(Dialogue& dialogue) {
  dialogue.prepare();
  must_begin_with(dialogue, "LINK_CERT_11b", "ISO7816_M_5");
  auto& certificates = dialogue.bench().certificates;
  const auto seen = must_hold(dialogue, {certificates.holder("LINK_CERT_11b"), certificates.holder("LINK_CERT_9")});
  const auto beyond = dialogue.read(0x00, kCvcaSize, 1);
  must_refuse(beyond, "READ BINARY at offset 36");
  return fmt::format("{}; at offset 36: {}", seen, text_of(beyond.sw));
}

std::string migrates(Dialogue& dialogue) {
  dialogue.prepare();
  must_begin_with(dialogue, "LINK_CERT_11b", "ISO7816_M_5");
  auto& certificates = dialogue.bench().certificates;
  select_and_verify(dialogue, dialogue.trust_points().front(), "LINK_CERT_13");
  select_and_verify(dialogue, certificates.holder("LINK_CERT_13"), "DV_CERT_13");
  select_and_verify(dialogue, certificates.holder("DV_CERT_13"), "IS_CERT_13");
  return "90 00 for the link certificate and both below it";
}

}  // namespace

std::vector<ChipCase> update_cases() {
  const std::vector<Need> needs{terminal_authentication, change_card};
  return {
      {"ISO7816_M_1", "A domestic DV's terminal moves the card's date", kExpired, needs, terminal_moves_date},
      {"ISO7816_M_2", "A domestic DV moves the card's date", kExpired, needs, dv_moves_date},
      {"ISO7816_M_3", "A link certificate makes a new trust point; the old one ends on its last day", kTrustPoints,
       needs, link_moves_trust_point},
      {"ISO7816_M_4", "Two link certificates in one session", kTrustPoints, needs, two_links_move_trust_point},
      {"ISO7816_M_5", "A CVCA from a link certificate certifies no terminal",
       "9000 for the link certificate; a checking error or 6300 for the terminal's", needs,
       new_cvca_certifies_no_terminal},
      {"ISO7816_M_6", "EF.CVCA has 36 octets and two trust points",
       "two references, 00 behind; a checking error beyond the end", needs, cvca_is_sane},
      {"ISO7816_N_1",
       "A link certificate brings another algorithm",
       "9000 for each certificate",
       {terminal_authentication, change_card, migration},
       migrates},
  };
}

}  // namespace conformance
