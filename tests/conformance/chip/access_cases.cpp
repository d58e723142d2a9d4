// SPDX-License-Identifier: Apache-2.0
// Unit ISO7816_H: what terminal authentication protects, and EF.CVCA, which PACE does.
#include <fmt/format.h>

#include "tests/conformance/chip/cases.hpp"

namespace conformance {
namespace {

constexpr std::uint16_t kDg3 = 0x0103;
constexpr std::uint32_t kCvcaSize = 36;
constexpr std::string_view kRefused = "a checking error inside secure messaging";
constexpr std::string_view kRefusedPlain = "a checking error, plain";
constexpr std::string_view kWhole = "36 octets and 9000 inside secure messaging";

enum class Way : std::uint8_t { select, sfi, odd_sfi, odd_fid };

Answer read_by(Dialogue& dialogue, Way way, std::uint16_t fid, Byte sfi, std::uint32_t octets) {
  // The answer to odd READ BINARY is a data object, 53.
  constexpr std::uint32_t kFrame = 2;
  switch (way) {
    case Way::select: return dialogue.read(0, 0, octets);
    case Way::sfi: return dialogue.read(static_cast<Byte>(0x80 | sfi), 0, octets);
    case Way::odd_sfi: return dialogue.read_odd(sfi, octets + kFrame);
    case Way::odd_fid: return dialogue.read_odd(fid, octets + kFrame);
  }
  return {};
}

std::string dg3_is_closed(Dialogue& dialogue, Way way) {
  dialogue.reset();
  dialogue.open();
  dialogue.authenticate_chip();
  if (way == Way::select) {
    const auto selected = dialogue.select(kDg3);
    may_refuse(selected, "SELECT EF.DG3");
    if (!wire::is_ok(selected.sw)) return "SELECT: " + text_of(selected.sw);
  }
  const auto answer = read_by(dialogue, way, kDg3, 0x03, 5);
  must_refuse(answer, "READ BINARY of EF.DG3");
  return text_of(answer.sw);
}

// The SFI that DG14 names; a FID without one means that there is none.
Byte cvca_sfi(const Dialogue&, const patent::TerminalAuthenticationInfo::File& place) {
  if (!place.sfi) does_not_apply("DG14 names EF.CVCA by FID only");
  return *place.sfi;
}

std::string cvca_is_closed(Dialogue& dialogue, Way way) {
  const auto place = dialogue.bench().cvca();
  const Byte sfi = way == Way::sfi || way == Way::odd_sfi ? cvca_sfi(dialogue, place) : Byte{0};
  dialogue.reset();
  std::vector<Answer> selections{dialogue.select_application()};
  if (way == Way::select && wire::is_ok(selections.back().sw)) selections.push_back(dialogue.select(place.fid));
  const auto& selected = selections.back();
  if (is_checking_error(selected.sw)) return "SELECT: " + text_of(selected.sw);
  must(wire::is_ok(selected.sw), "SELECT: " + text_of(selected.sw));
  const auto answer = read_by(dialogue, way, place.fid, sfi, 1);
  must(is_checking_error(answer.sw), "READ BINARY of EF.CVCA: " + text_of(answer.sw));
  return text_of(answer.sw);
}

std::string cvca_is_open(Dialogue& dialogue, Way way) {
  const auto place = dialogue.bench().cvca();
  const Byte sfi = way == Way::sfi || way == Way::odd_sfi ? cvca_sfi(dialogue, place) : Byte{0};
  dialogue.reset();
  dialogue.open();
  if (way == Way::select) must_accept(dialogue.select(place.fid), "SELECT EF.CVCA");
  const auto answer = read_by(dialogue, way, place.fid, sfi, kCvcaSize);
  must_accept(answer, "READ BINARY of EF.CVCA");
  if (way == Way::select || way == Way::sfi) {
    must(answer.data.size() == kCvcaSize, fmt::format("EF.CVCA has {} octets", answer.data.size()));
  } else {
    const auto object = crypto::read_only_tlv(answer.data, 0x53, crypto::TlvForm::ber);
    must(object && object->value.size() == kCvcaSize, "the answer is not 53 with 36 octets");
  }
  return fmt::format("{} octets, {}", answer.data.size(), text_of(answer.sw));
}

using enum Need;
template <auto work, Way way>
std::string as(Dialogue& dialogue) {
  return work(dialogue, way);
}

}  // namespace

std::vector<ChipCase> access_cases() {
  const std::vector<Need> dg3_plain{terminal_authentication, dg3}, dg3_odd{terminal_authentication, dg3, odd_ins},
      irises{terminal_authentication, dg4}, irises_odd{terminal_authentication, dg4, odd_ins},
      cvca{terminal_authentication}, cvca_odd{terminal_authentication, odd_ins};
  return {
      {"ISO7816_H_1", "EF.DG3 stays closed after PACE and chip authentication: SELECT, READ BINARY", kRefused,
       dg3_plain, as<dg3_is_closed, Way::select>},
      {"ISO7816_H_2", "The same for EF.DG4", kRefused, irises, {}},
      {"ISO7816_H_3", "EF.DG3 stays closed: READ BINARY by SFI", kRefused, dg3_plain, as<dg3_is_closed, Way::sfi>},
      {"ISO7816_H_4", "The same for EF.DG4", kRefused, irises, {}},
      {"ISO7816_H_5", "EF.DG3 stays closed: odd READ BINARY by SFI", kRefused, dg3_odd,
       as<dg3_is_closed, Way::odd_sfi>},
      {"ISO7816_H_6", "The same for EF.DG4", kRefused, irises_odd, {}},
      {"ISO7816_H_7", "EF.CVCA is closed before PACE: SELECT, READ BINARY", kRefusedPlain, cvca,
       as<cvca_is_closed, Way::select>},
      {"ISO7816_H_8", "EF.CVCA is closed before PACE: READ BINARY by SFI", kRefusedPlain, cvca,
       as<cvca_is_closed, Way::sfi>},
      {"ISO7816_H_9", "EF.CVCA is closed before PACE: odd READ BINARY by SFI", kRefusedPlain, cvca_odd,
       as<cvca_is_closed, Way::odd_sfi>},
      {"ISO7816_H_10", "EF.CVCA is closed before PACE: odd READ BINARY by FID", kRefusedPlain, cvca_odd,
       as<cvca_is_closed, Way::odd_fid>},
      {"ISO7816_H_11", "EF.DG3 stays closed: odd READ BINARY by FID", kRefused, dg3_odd,
       as<dg3_is_closed, Way::odd_fid>},
      {"ISO7816_H_12", "The same for EF.DG4", kRefused, irises_odd, {}},
      {"ISO7816_H_13", "EF.CVCA is open after PACE: SELECT, READ BINARY", kWhole, cvca, as<cvca_is_open, Way::select>},
      {"ISO7816_H_14", "EF.CVCA is open after PACE: READ BINARY by SFI", kWhole, cvca, as<cvca_is_open, Way::sfi>},
      {"ISO7816_H_15", "EF.CVCA is open after PACE: odd READ BINARY by SFI",
       "38 octets, 53 and all, and 9000 inside secure messaging", cvca_odd, as<cvca_is_open, Way::odd_sfi>},
      {"ISO7816_H_16", "EF.CVCA is open after PACE: odd READ BINARY by FID",
       "38 octets, 53 and all, and 9000 inside secure messaging", cvca_odd, as<cvca_is_open, Way::odd_fid>},
  };
}

}  // namespace conformance
