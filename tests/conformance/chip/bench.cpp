// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/chip/bench.hpp"

#include <algorithm>

#include "reader/inspect/read_plan.hpp"
#include "tests/conformance/chip/dialogue.hpp"

namespace conformance {
namespace {

constexpr Byte kTagDg3 = 0x63;

struct Reason {
  Need need;
  bool (*met)(const Bench&);
  std::string_view why;
};
bool not_stated_absent(const Bench& bench, Need need) { return bench.absent.count(need) == 0; }
template <Need need>
bool stated(const Bench& bench) {
  return not_stated_absent(bench, need);
}
bool never(const Bench&) { return false; }

template <class T>
void append(std::vector<T>& out, const std::vector<T>& more) {
  out.insert(out.end(), more.begin(), more.end());
}

// One by one, so that a malformed one hides no other: it is for a case to complain of.
patent::SecurityInfos well_formed(ByteView set) {
  patent::SecurityInfos out;
  crypto::TlvReader reader(set);
  while (!reader.at_end()) {
    const auto info = reader.next();
    if (!info) break;
    const auto one = patent::decode_security_infos(crypto::tlv(0x31, info->whole));
    if (!one) continue;
    append(out.pace, one->pace);
    append(out.chip_authentication, one->chip_authentication);
    append(out.chip_keys, one->chip_keys);
    append(out.active_authentication, one->active_authentication);
    append(out.terminal_authentication, one->terminal_authentication);
  }
  return out;
}

constexpr std::array kReasons{
    Reason{Need::terminal_authentication, [](const Bench& b) { return b.announces_terminals; },
           "DG14 does not announce terminal authentication"},
    Reason{Need::dg3, [](const Bench& b) { return b.lists(kTagDg3); }, "EF.COM does not list DG3"},
    Reason{Need::dg4, never, "the profile has no DG4 (irises)"},
    Reason{Need::odd_ins, stated<Need::odd_ins>, "the tester states: no READ BINARY with odd instruction"},
    Reason{Need::date, stated<Need::date>, "the tester states: the form of dates is not checked"},
    Reason{Need::ef_atr, stated<Need::ef_atr>, "the tester states: no EF.ATR/INFO"},
    Reason{Need::mf, stated<Need::mf>, "the tester states: no master file"},
    Reason{Need::short_key, [](const Bench& b) { return crypto::field_size(b.keys.curve()) > 32; },
           "the profile has no curve shorter than the trust point's"},
    Reason{Need::migration, stated<Need::migration>, "no --migration was stated"},
    Reason{Need::bac, never, "the profile has no BAC: PACE only"},
    Reason{Need::rsa, never, "the profile's terminals have ECDSA keys only"},
    Reason{Need::withdrawn, never, "the specification has withdrawn this case"},
    Reason{Need::change_card, stated<Need::change_card>,
           "it changes the card's date and trust points for good: allow that with --change-card"},
};

}  // namespace

Bench::Bench(crypto::Engine& the_engine, Tester tester)
    : engine(the_engine),
      card(std::move(tester.card)),
      password(std::move(tester.password)),
      csca(std::move(tester.csca)),
      absent(std::move(tester.absent)),
      keys(engine, std::move(tester.trust_point_key)),
      certificates(engine, keys, tester.certificates, tester.trust_point, tester.first_day) {}

void Bench::learn() {
  Transcript unseen;
  Dialogue plain(*this, unseen);
  plain.reset();
  card_access = plain.read_file(layout::FileId::card_access);
  const auto offered = crypto::read_only_tlv(card_access, 0x31);
  if (!offered) cannot_run("EF.CardAccess is malformed");
  access_infos = well_formed(offered->value);
  if (absent.count(Need::ef_atr) == 0)
    limits = reader::smaller_of(card.limits, reader::card_limits(plain.read_file(layout::FileId::atr_info)));

  Dialogue dialogue(*this, unseen);
  dialogue.open();
  const auto com = patent::decode_com(dialogue.read_file(layout::FileId::com));
  dg14 = dialogue.read_file(layout::FileId::dg14);
  const auto inside = patent::decode_dg14(dg14);
  const auto announced =
      inside ? crypto::read_only_tlv(*inside, 0x31) : crypto::unexpected(crypto::TlvError::truncated);
  if (!com || !announced) cannot_run("EF.COM or DG14 is malformed");
  data_groups = com->tags;
  infos = well_formed(announced->value);
  announces_terminals = !std::ranges::search(dg14, crypto::kTerminalAuthenticationOid).empty();
}

std::optional<crypto::PaceParameters> Bench::pace(crypto::Mapping mapping) const {
  for (const auto& info : access_infos.pace)
    if (const auto parameters = patent::supported(info); parameters && parameters->mapping == mapping)
      return parameters;
  return std::nullopt;
}

crypto::Mapping Bench::usual_mapping() const {
  const bool chip_authentication = !infos.chip_authentication.empty();
  return pace(crypto::Mapping::generic) && (chip_authentication || !pace(crypto::Mapping::chip_authentication))
             ? crypto::Mapping::generic
             : crypto::Mapping::chip_authentication;
}

patent::TerminalAuthenticationInfo::File Bench::cvca() const {
  for (const auto& info : infos.terminal_authentication)
    if (info.cvca) return *info.cvca;
  const auto& usual = layout::file(layout::FileId::cvca);
  return {usual.fid, usual.sfi};
}

std::string why_not(const Bench& bench, Need need) {
  const auto* const reason = std::ranges::find(kReasons, need, &Reason::need);
  return reason->met(bench) ? std::string() : std::string(reason->why);
}

}  // namespace conformance
