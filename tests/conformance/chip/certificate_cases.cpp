// SPDX-License-Identifier: Apache-2.0
// Unit ISO7816_J: chains of certificates that a card must take, and such that it must not.
#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/chip/cases.hpp"

namespace conformance {
namespace {

using enum Need;

constexpr std::string_view kNotTaken =
    "MSE:SET DST 9000; the DV certificate a checking error or 6300; so the terminal's certificate, too";
constexpr std::string_view kNoDate =
    "a checking error or 6300; after a reset DV_CERT_1, which expires before the refused one begins, is still taken";
constexpr std::string_view kLastRefused = "9000 for all but the last certificate: a checking error or 6300";
constexpr std::string_view kRegularTerminal = "IS_CERT_1";

enum class Selected : std::uint8_t { trust_point, wrong_name, nothing };

Bytes wrong(Bytes reference) {
  // The last character is a digit or a letter; another one of its kind.
  reference.back() = reference.back() == '9' ? Byte{'8'} : Byte{'9'};
  return reference;
}

void select_authority(Dialogue& dialogue, Selected selected) {
  const auto& trust_point = dialogue.trust_points().front();
  if (selected == Selected::trust_point) must_accept(dialogue.set_dst(trust_point), "MSE:SET DST of the trust point");
  if (selected == Selected::wrong_name) may_refuse(dialogue.set_dst(wrong(trust_point)), "MSE:SET DST of a wrong name");
}

// The DV certificate is refused, and nobody can be certified under it.
std::string refuses_dv(Dialogue& dialogue, Selected selected, std::string_view dv, std::string_view terminal) {
  dialogue.prepare();
  select_authority(dialogue, selected);
  const auto refused = dialogue.verify(dv);
  must_refuse_or_warn(refused, dv);
  may_refuse(dialogue.set_dst(dialogue.bench().certificates.holder(dv)), "MSE:SET DST of the refused DV");
  const auto below = dialogue.verify(terminal);
  must_refuse_or_warn(below, terminal);
  return fmt::format("{}: {}; {}: {}", dv, text_of(refused.sw), terminal, text_of(below.sw));
}

// The certificate is refused, and its later date is not taken for the current one.
std::string keeps_date(Dialogue& dialogue, Selected selected, std::string_view dv) {
  dialogue.prepare();
  select_authority(dialogue, selected);
  const auto refused = dialogue.verify(dv);
  must_refuse_or_warn(refused, dv);
  dialogue.prepare();
  select_authority(dialogue, Selected::trust_point);
  must_accept(dialogue.verify("DV_CERT_1"), "DV_CERT_1");
  return fmt::format("{}: {}; DV_CERT_1: 90 00", dv, text_of(refused.sw));
}

using Chain = std::vector<std::string_view>;

// All certificates are taken but the last. After a terminal's certificate a card may refuse to select its key.
std::string refuses_last(Dialogue& dialogue, const Chain& chain) {
  dialogue.prepare();
  auto& certificates = dialogue.bench().certificates;
  must_accept(dialogue.set_dst(dialogue.trust_points().front()), "MSE:SET DST of the trust point");
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    must_accept(dialogue.verify(chain[i]), chain[i]);
    const auto next = dialogue.set_dst(certificates.holder(chain[i]));
    const auto step = fmt::format("MSE:SET DST of {}'s holder", chain[i]);
    if (chain[i].starts_with("IS"))
      may_refuse(next, step);
    else
      must_accept(next, step);
  }
  const auto refused = dialogue.verify(chain.back());
  must_refuse_or_warn(refused, chain.back());
  return fmt::format("{}: {}", chain.back(), text_of(refused.sw));
}

std::string takes_chain(Dialogue& dialogue) {
  dialogue.prepare();
  verify_chain(dialogue, "DV_CERT_1", kRegularTerminal);
  return "90 00 for both certificates";
}

// A foreign DV's terminals do not move the date.
std::string foreign_keeps_date(Dialogue& dialogue) {
  dialogue.prepare();
  verify_chain(dialogue, "DV_CERT_2", "IS_CERT_2a");
  dialogue.prepare();
  verify_chain(dialogue, "DV_CERT_2", "IS_CERT_2b");
  return "90 00 for both chains";
}

bool refused_plain(const Answer& answer) { return is_checking_error(answer.sw) && !answer.secured; }

std::string ends_session_for_plain(Dialogue& dialogue) {
  dialogue.prepare();
  const auto trust_point = dialogue.trust_points().front();
  const Bytes reference = crypto::tlv(0x83, trust_point);
  const auto dst = dialogue.send_plain({.ins = 0x22, .p1 = 0x81, .p2 = 0xB6, .data = reference});
  must(wire::is_ok(dst.sw) || is_checking_error(dst.sw), "plain MSE:SET DST: " + text_of(dst.sw));
  const auto after = dialogue.verify("DV_CERT_1");
  must(refused_plain(after), "DV_CERT_1 under the keys of a session that is over: " + text_of(after.sw));
  dialogue.prepare();
  must_accept(dialogue.set_dst(trust_point), "MSE:SET DST of the trust point");
  const Bytes certificate = dialogue.bench().certificates.content("DV_CERT_1");
  const auto plain = dialogue.send_plain({.ins = 0x2A, .p1 = 0x00, .p2 = 0xBE, .data = certificate});
  must(refused_plain(plain), "plain DV_CERT_1: " + text_of(plain.sw));
  const auto last = dialogue.set_dst(dialogue.bench().certificates.holder("DV_CERT_1"));
  must(refused_plain(last), "MSE:SET DST under the keys of a session that is over: " + text_of(last.sw));
  return fmt::format("{}, {}; {}, {}", text_of(dst.sw), text_of(after.sw), text_of(plain.sw), text_of(last.sw));
}

constexpr Byte kNoClass = 0x8C;

std::string refuses_class_of_dst(Dialogue& dialogue) {
  dialogue.prepare();
  const Bytes reference = crypto::tlv(0x83, dialogue.trust_points().front());
  return refuses_class(dialogue, {.ins = 0x22, .p1 = 0x81, .p2 = 0xB6, .data = reference});
}
std::string refuses_class_of_verify(Dialogue& dialogue) {
  dialogue.prepare();
  must_accept(dialogue.set_dst(dialogue.trust_points().front()), "MSE:SET DST of the trust point");
  const Bytes certificate = dialogue.bench().certificates.content("DV_CERT_1");
  return refuses_class(dialogue, {.ins = 0x2A, .p1 = 0x00, .p2 = 0xBE, .data = certificate});
}

std::string forgets_at_reset(Dialogue& dialogue) {
  dialogue.prepare();
  must_accept(dialogue.set_dst(dialogue.trust_points().front()), "MSE:SET DST of the trust point");
  must_accept(dialogue.verify("DV_CERT_1"), "DV_CERT_1");
  dialogue.prepare();
  may_refuse(dialogue.set_dst(dialogue.bench().certificates.holder("DV_CERT_1")), "MSE:SET DST of the DV");
  const auto refused = dialogue.verify(kRegularTerminal);
  must_refuse_or_warn(refused, kRegularTerminal);
  return fmt::format("{}: {}", kRegularTerminal, text_of(refused.sw));
}

struct RefusedDv {
  std::string_view id, purpose, dv;
  Need need = terminal_authentication;
  Selected selected = Selected::trust_point;
  std::string_view terminal = kRegularTerminal;
};
constexpr std::array kRefusedDvs{
    RefusedDv{"ISO7816_J_2", "The authority's name is wrong", "DV_CERT_1", terminal_authentication,
              Selected::wrong_name},
    RefusedDv{"ISO7816_J_3", "The signature is wrong", "DV_CERT_1/signature"},
    RefusedDv{"ISO7816_J_4", "The signature is missing", "DV_CERT_1/no signature"},
    RefusedDv{"ISO7816_J_5", "The body is missing", "DV_CERT_1/no body"},
    RefusedDv{"ISO7816_J_6", "The DV certificate has no holder authorization", "DV_CERT_1a"},
    RefusedDv{"ISO7816_J_7", "The DV certificate has no effective date", "DV_CERT_1b"},
    RefusedDv{"ISO7816_J_8", "The DV certificate has no expiration date", "DV_CERT_1c"},
    RefusedDv{"ISO7816_J_9", "The effective date is not BCD", "DV_CERT_1d", date},
    RefusedDv{"ISO7816_J_10", "The expiration date is not BCD", "DV_CERT_1e", date},
    RefusedDv{"ISO7816_J_17", "The body has another tag", "DV_CERT_1/body tag"},
    RefusedDv{"ISO7816_J_18", "The signature has another tag", "DV_CERT_1/signature tag"},
    RefusedDv{"ISO7816_J_19", "The effective date is the 32nd", "DV_CERT_1f", date},
    RefusedDv{"ISO7816_J_20", "The expiration date is the 32nd", "DV_CERT_1g", date},
    RefusedDv{"ISO7816_J_21", "The DV certificate expires before it begins", "DV_CERT_1h"},
    RefusedDv{"ISO7816_J_23", "The holder authorization is for no inspection system", "DV_CERT_1i"},
    RefusedDv{"ISO7816_J_24", "The public key has an algorithm that there is not", "DV_CERT_1j"},
    RefusedDv{"ISO7816_J_55", "The DV's key is shorter than the trust point's", "DV_CERT_14b", short_key,
              Selected::trust_point, "IS_CERT_14a"},
};

struct KeptDate {
  std::string_view id, purpose, dv;
  Selected selected = Selected::trust_point;
};
constexpr std::array kKeptDates{
    KeptDate{"ISO7816_J_25", "Date not moved: the authority's name is wrong", "DV_CERT_12a", Selected::wrong_name},
    KeptDate{"ISO7816_J_26", "Date not moved: the body's tag is wrong", "DV_CERT_12b"},
    KeptDate{"ISO7816_J_27", "Date not moved: the signature's tag is wrong", "DV_CERT_12c"},
    KeptDate{"ISO7816_J_28", "Date not moved: the body's length is wrong", "DV_CERT_12d"},
    KeptDate{"ISO7816_J_29", "Date not moved: the signature's length is wrong", "DV_CERT_12e"},
    KeptDate{"ISO7816_J_30", "Date not moved: the signature's last octet is one more", "DV_CERT_12f"},
    KeptDate{"ISO7816_J_31", "Date not moved: the signature's last octet is missing", "DV_CERT_12g"},
    KeptDate{"ISO7816_J_33", "Date not moved: r of the signature is zero", "DV_CERT_12p"},
    KeptDate{"ISO7816_J_34", "Date not moved: s of the signature is zero", "DV_CERT_12q"},
    KeptDate{"ISO7816_J_35", "Date not moved: no authority is selected", "DV_CERT_12a", Selected::nothing},
    KeptDate{"ISO7816_J_36", "Date not moved: the public key's OID is not below id-TA", "DV_CERT_12i"},
    KeptDate{"ISO7816_J_37", "Date not moved: the public key has no OID", "DV_CERT_12h"},
    KeptDate{"ISO7816_J_38", "Date not moved: the public key has no point", "DV_CERT_12j"},
    KeptDate{"ISO7816_J_41", "Date not moved: the public key has an unknown object", "DV_CERT_12m"},
};

struct RefusedChain {
  std::string_view id, purpose;
  std::array<std::string_view, 3> chain;
  Need need = terminal_authentication;
};
constexpr std::array kRefusedChains{
    RefusedChain{"ISO7816_J_43", "A CVCA certifies no terminal", {"IS_CERT_10"}},
    RefusedChain{"ISO7816_J_44", "A domestic DV certifies no CVCA", {"DV_CERT_10a", "LINK_CERT_10"}},
    RefusedChain{"ISO7816_J_45", "A foreign DV certifies no CVCA", {"DV_CERT_10b", "LINK_CERT_10"}},
    RefusedChain{"ISO7816_J_46", "A domestic DV certifies no domestic DV", {"DV_CERT_10a", "DV_CERT_10c"}},
    RefusedChain{"ISO7816_J_47", "A domestic DV certifies no foreign DV", {"DV_CERT_10a", "DV_CERT_10d"}},
    RefusedChain{"ISO7816_J_48", "A foreign DV certifies no domestic DV", {"DV_CERT_10b", "DV_CERT_10c"}},
    RefusedChain{"ISO7816_J_49", "A foreign DV certifies no foreign DV", {"DV_CERT_10b", "DV_CERT_10d"}},
    RefusedChain{"ISO7816_J_50", "A terminal certifies no foreign DV", {"DV_CERT_11a", "IS_CERT_11a", "DV_CERT_11b"}},
    RefusedChain{"ISO7816_J_51", "A terminal certifies no domestic DV", {"DV_CERT_11a", "IS_CERT_11a", "DV_CERT_11c"}},
    RefusedChain{"ISO7816_J_52", "A terminal certifies no terminal", {"DV_CERT_11a", "IS_CERT_11a", "IS_CERT_11b"}},
    RefusedChain{"ISO7816_J_53", "A terminal certifies no CVCA", {"DV_CERT_11a", "IS_CERT_11a", "LINK_CERT_11a"}},
    RefusedChain{"ISO7816_J_56",
                 "The terminal's key is shorter than the trust point's",
                 {"DV_CERT_14a", "IS_CERT_14b"},
                 short_key},
};

}  // namespace

std::string refuses_class(Dialogue& dialogue, const wire::Command& command) {
  const auto answer = dialogue.send_as_class(command, kNoClass);
  must(is_checking_error(answer.sw), "class 8C: " + text_of(answer.sw));
  if (!answer.secured) return text_of(answer.sw) + ", plain";
  must_accept(dialogue.read(0x81, 0x00, wire::kMaxShortLe), "READ BINARY after the protected refusal");
  return text_of(answer.sw) + ", protected; the session lives";
}

std::vector<ChipCase> certificate_cases() {
  const std::vector<Need> needs{terminal_authentication};
  std::vector<ChipCase> out{
      {"ISO7816_J_1", "A regular chain of certificates is taken", "9000 for each command", needs, takes_chain},
      {"ISO7816_J_11", "A foreign DV's terminal does not move the card's date", "9000 for each command", needs,
       foreign_keeps_date},
      {"ISO7816_J_12", "A plain command ends secure messaging, and no certificate is taken outside it",
       "9000 or a checking error for the plain MSE:SET DST; plain checking errors for the others", needs,
       ends_session_for_plain},
      {"ISO7816_J_13", "MSE:SET DST with class 8C", "a checking error; the session lives if the answer is protected",
       needs, refuses_class_of_dst},
      {"ISO7816_J_14", "Withdrawn", "", {withdrawn}, {}},
      {"ISO7816_J_15", "PSO:VERIFY CERTIFICATE with class 8C",
       "a checking error; the session lives if the answer is protected", needs, refuses_class_of_verify},
      {"ISO7816_J_16", "Withdrawn", "", {withdrawn}, {}},
      {"ISO7816_J_22", "A reset makes the card forget a DV's key",
       "a checking error or 6300 for the terminal's certificate", needs, forgets_at_reset},
      {"ISO7816_J_32", "The signature is greater than the modulus", kNoDate, {rsa}, {}},
      {"ISO7816_J_39", "The public key has no modulus", kNoDate, {rsa}, {}},
      {"ISO7816_J_40", "The public key has no exponent", kNoDate, {rsa}, {}},
      {"ISO7816_J_42", "Withdrawn", "", {withdrawn}, {}},
      {"ISO7816_J_54", "Withdrawn", "", {withdrawn}, {}},
  };
  for (const auto& one : kRefusedDvs)
    out.push_back({one.id, one.purpose, kNotTaken, {terminal_authentication, one.need}, [one](Dialogue& dialogue) {
                     return refuses_dv(dialogue, one.selected, one.dv, one.terminal);
                   }});
  for (const auto& one : kKeptDates)
    out.push_back({one.id, one.purpose, kNoDate, needs,
                   [one](Dialogue& dialogue) { return keeps_date(dialogue, one.selected, one.dv); }});
  for (const auto& one : kRefusedChains) {
    Chain chain;
    for (const auto certificate : one.chain)
      if (!certificate.empty()) chain.push_back(certificate);
    out.push_back({one.id, one.purpose, kLastRefused, {terminal_authentication, one.need}, [chain](Dialogue& dialogue) {
                     return refuses_last(dialogue, chain);
                   }});
  }
  std::ranges::sort(out, {}, [](const ChipCase& one) { return std::stoi(std::string(one.id.substr(10))); });
  return out;
}

}  // namespace conformance
