// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/kit/transcript.hpp"

#include <fmt/format.h>

#include <array>

#include "reader/inspect/names.hpp"

namespace conformance {
namespace {

using wire::StatusWord;

constexpr int kAny = -1;
struct CommandName {
  int ins, p1, p2;
  std::string_view name;
};
constexpr std::array kCommandNames{
    CommandName{0xA4, kAny, kAny, "SELECT"},
    CommandName{0xB0, kAny, kAny, "READ BINARY"},
    CommandName{0xB1, kAny, kAny, "READ BINARY, odd"},
    CommandName{0xB2, kAny, kAny, "READ RECORD"},
    CommandName{0x22, 0xC1, 0xA4, "MSE:SET AT, PACE"},
    CommandName{0x22, 0x41, 0xA4, "MSE:SET AT, CA"},
    CommandName{0x22, 0x41, 0xA6, "MSE:SET KAT"},
    CommandName{0x22, 0x81, 0xB6, "MSE:SET DST"},
    CommandName{0x22, 0x81, 0xA4, "MSE:SET AT, TA"},
    CommandName{0x86, kAny, kAny, "GENERAL AUTHENTICATE"},
    CommandName{0x2A, 0x00, 0xBE, "PSO:VERIFY CERTIFICATE"},
    CommandName{0x84, kAny, kAny, "GET CHALLENGE"},
    CommandName{0x82, kAny, kAny, "EXTERNAL AUTHENTICATE"},
    CommandName{0x88, kAny, kAny, "INTERNAL AUTHENTICATE"},
    CommandName{0xC0, kAny, kAny, "GET RESPONSE"},
};

struct StatusName {
  StatusWord sw;
  std::string_view name;
};
constexpr std::array kStatusNames{
    StatusName{StatusWord::end_of_file, "end of file"},
    StatusName{StatusWord::authentication_failed, "authentication failed"},
    StatusName{StatusWord::wrong_length, "wrong length"},
    StatusName{StatusWord::security_not_satisfied, "security status not satisfied"},
    StatusName{StatusWord::secure_messaging_not_supported, "secure messaging not supported"},
    StatusName{StatusWord::reference_data_unusable, "reference data not usable"},
    StatusName{StatusWord::function_not_supported, "function not supported"},
    StatusName{StatusWord::conditions_not_satisfied, "conditions of use not satisfied"},
    StatusName{StatusWord::no_current_file, "no current file"},
    StatusName{StatusWord::sm_objects_missing, "secure messaging objects missing"},
    StatusName{StatusWord::sm_objects_incorrect, "secure messaging objects incorrect"},
    StatusName{StatusWord::wrong_data, "incorrect data"},
    StatusName{StatusWord::file_not_found, "file not found"},
    StatusName{StatusWord::incorrect_p1p2, "incorrect P1-P2"},
    StatusName{StatusWord::referenced_data_not_found, "referenced data not found"},
    StatusName{StatusWord::wrong_p1p2, "wrong P1-P2"},
    StatusName{StatusWord::ins_not_supported, "instruction not supported"},
    StatusName{StatusWord::cla_not_supported, "class not supported"},
};

bool reads_content(const wire::Command& command) { return command.ins >= 0xB0 && command.ins <= 0xB3; }

}  // namespace

std::string_view name_of(const wire::Command& command) {
  const auto fits = [](int wanted, crypto::Byte octet) { return wanted == kAny || wanted == octet; };
  for (const auto& one : kCommandNames)
    if (one.ins == command.ins && fits(one.p1, command.p1) && fits(one.p2, command.p2)) return one.name;
  return {};
}

std::string spaced_hex(crypto::ByteView octets, std::size_t most) {
  std::string out;
  for (const auto octet : octets.first(std::min(octets.size(), most))) out += fmt::format("{:02X} ", octet);
  if (octets.size() > most) return out + fmt::format(".. ({} octets)", octets.size());
  if (!out.empty()) out.pop_back();
  return out;
}

std::string text_of(StatusWord sw) {
  std::string out = fmt::format("{:02X} {:02X}", wire::sw1(sw), wire::sw2(sw));
  for (const auto& one : kStatusNames)
    if (one.sw == sw) return fmt::format("{} ({})", out, one.name);
  return out;
}

void Transcript::add(Step step) {
  if (steps_.size() < kMaxSteps)
    steps_.push_back(std::move(step));
  else if (steps_.size() == kMaxSteps)
    steps_.push_back({Step::Kind::remark, Protection::none, "the transcript ends here: the case goes on", {}});
}

void Transcript::remark(std::string text) { add({Step::Kind::remark, Protection::none, std::move(text), {}}); }

void Transcript::command(const wire::Command& command, Protection protection) {
  crypto::Bytes octets(wire::encoded_size(command));
  const auto encoded = wire::encode(command, octets);
  reads_ = reads_content(command);
  protection_ = protection;
  add({Step::Kind::command, protection, encoded ? spaced_hex(*encoded, octets.size()) : "too long to be sent",
       std::string(name_of(command))});
}

void Transcript::answer(const crypto::Result<wire::Response, wire::LinkError>& answer) {
  std::string text;
  if (!answer)
    text = fmt::format("no answer: {}", reader::name_of(answer.error()));
  else if (answer->data.empty())
    text = text_of(answer->sw);
  else if (reads_)
    text = fmt::format("({} octets) {}", answer->data.size(), text_of(answer->sw));
  else
    text = fmt::format("{} {}", spaced_hex(answer->data), text_of(answer->sw));
  add({Step::Kind::answer, protection_, std::move(text), {}});
}

crypto::Result<wire::Response, wire::LinkError> Recording::transmit(const wire::Command& command) {
  transcript_.command(command, protection_);
  const auto answer = below_.transmit(command);
  transcript_.answer(answer);
  return answer;
}

}  // namespace conformance
