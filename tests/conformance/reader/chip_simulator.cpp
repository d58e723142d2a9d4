// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/chip_simulator.hpp"

#include "crypto/tlv.hpp"
#include "tests/conformance/reader/chip_protocols.hpp"

namespace simulator {
namespace {

using layout::Application;
using wire::StatusWord;

constexpr Byte kSecureCla = 0x0C;
constexpr Byte kChained = 0x10;
constexpr std::size_t kMaxExchanges = 8192;  // a reader that takes more hangs

Bytes bytes(ByteView view) { return {view.begin(), view.end()}; }

// The short file identifier is the FID's low five bits for every file of Doc 9303-10 but EF.DIR.
std::uint16_t short_id(std::uint16_t fid) { return fid == 0x2F00 ? 0x1E : fid & 0x1F; }

}  // namespace

ChipSimulator::ChipSimulator(ChipProfile profile)
    : profile_(std::move(profile)),
      chain_memory_(wire::kMaxCommandOctets),
      opened_command_(wire::kMaxCommandOctets),
      protected_response_(wire::kMaxResponseOctets),
      chain_(chain_memory_) {}

ChipSimulator::~ChipSimulator() = default;

std::size_t ChipSimulator::count(Step step) const {
  return static_cast<std::size_t>(std::ranges::count(passed_, step, &Passed::step));
}

crypto::Result<wire::Response, wire::LinkError> ChipSimulator::transmit(const wire::Command& command) {
  if (passed_.size() == kMaxExchanges) return crypto::unexpected(wire::LinkError::internal);
  auto answer = receive(command);
  answer_ = std::move(answer.data);
  return wire::Response{answer_, answer.sw};
}

Answer ChipSimulator::receive(const wire::Command& command) {
  if (command.ins == 0xC0) return in_parts({std::exchange(rest_, {}), StatusWord::ok}, command);
  if (profile_.short_apdus && (command.extended || command.data.size() > 255 || command.le > wire::kMaxShortLe))
    return {{}, StatusWord::wrong_length};
  // The steps of PACE bear the chaining bit too; each is whole by itself (Doc 9303-11, 4.4.4.2).
  auto whole = command;
  if (command.ins != 0x86) {
    const auto taken = chain_.take(command);
    if (!taken) return {{}, taken.error()};
    if (!*taken) return {};
    whole = **taken;
  }
  if ((whole.cla & kSecureCla) == kSecureCla && secure_) return in_parts(receive_protected(whole), whole);
  secure_.reset();  // a command in the clear ends the session (9.8.3)
  if (profile_.access != Access::unprotected) opened_ = false;
  auto answer = process(whole, false);
  deviate(Layer::wire, step_, whole, answer);
  return in_parts(std::move(answer), whole);
}

// What is longer than a short response goes in parts, where the reader asked for a short one.
Answer ChipSimulator::in_parts(Answer whole, const wire::Command& command) {
  if (command.extended || command.le > wire::kMaxShortLe || whole.data.size() <= wire::kMaxShortLe) return whole;
  rest_.assign(whole.data.begin() + wire::kMaxShortLe, whole.data.end());
  whole.data.resize(wire::kMaxShortLe);
  whole.sw = wire::bytes_remaining(rest_.size());
  return whole;
}

Answer ChipSimulator::receive_protected(const wire::Command& command) {
  auto opened = secure_->open(command, opened_command_);
  if (!opened) {
    secure_.reset();
    return {{}, opened.error()};
  }
  auto plain = *opened;
  plain.cla = static_cast<Byte>(plain.cla & ~kSecureCla);
  auto answer = process(plain, true);
  if (has(Fault::drops_session)) return answer;
  auto& session = has(Fault::keeps_old_keys) && former_ ? *former_ : *secure_;
  if (has(Fault::skips_counter) && selected_ != Application::master_file)
    (void)session.protect({}, StatusWord::ok, false, protected_response_);
  const auto wrapped = session.protect(answer.data, answer.sw, (plain.ins & 1) != 0, protected_response_);
  if (!wrapped) return {{}, wrapped.error()};
  const auto sent = *wire::parse_response(*wrapped);
  Answer out{bytes(sent.data), sent.sw};
  deviate(Layer::wire, step_, plain, out);
  if (next_keys_) {
    former_.emplace(*std::move(secure_));
    secure_.emplace(engine_, *std::exchange(next_keys_, {}));
  }
  return out;
}

Answer ChipSimulator::process(const wire::Command& command, bool secure) {
  step_ = step_of(command, secure);
  ++occurrences_[step_];
  auto answer = dispatch(step_, command);
  deviate(Layer::plain, step_, command, answer);
  Bytes octets{command.cla, command.ins, command.p1, command.p2};
  octets.insert(octets.end(), command.data.begin(), command.data.end());
  passed_.push_back({step_, secure, std::move(octets), command.le, answer.data, answer.sw});
  return answer;
}

void ChipSimulator::deviate(Layer layer, Step step, const wire::Command& command, Answer& answer) {
  for (const auto& deviation : profile_.deviations) {
    const bool here = deviation.layer == layer && deviation.at == step &&
                      (deviation.occurrence == 0 || deviation.occurrence == occurrences_[step]) &&
                      (deviation.fid == 0 || deviation.fid == file_);
    if (here) deviation.change(command, answer);
  }
}

Step ChipSimulator::step_of(const wire::Command& command, bool secure) const {
  const auto parameters = static_cast<unsigned>(command.p1 << 8 | command.p2);
  switch (command.ins) {
    case 0xA4: return command.p1 == 0x04 ? Step::select_application : Step::select_file;
    case 0xB0:
    case 0xB1: return Step::read_binary;
    case 0xB2: return Step::read_record;
    case 0x22:
      if (parameters == 0xC1A4) return Step::pace_set;
      if (parameters == 0x41A4 || parameters == 0x41A6) return Step::ca_set;
      if (parameters == 0x81B6) return Step::ta_set_dst;
      return parameters == 0x81A4 ? Step::ta_set_at : Step::other;
    case 0x86: return general_authenticate_step(command.data);
    case 0x2A: return Step::ta_verify;
    case 0x84: return secure ? Step::ta_challenge : Step::bac_challenge;
    case 0x82: return secure ? Step::ta_authenticate : Step::bac_authenticate;
    case 0x88: return Step::active_authentication;
    default: return Step::other;
  }
}

Answer ChipSimulator::dispatch(Step step, const wire::Command& command) {
  switch (step) {
    case Step::select_application: return select_application(command);
    case Step::select_file: return select_file(command);
    case Step::read_binary: return read_binary(command);
    case Step::read_record: return read_record(command);
    case Step::pace_set: return set_pace(command);
    case Step::pace_nonce:
    case Step::pace_map:
    case Step::pace_agree:
    case Step::pace_token: return run_pace(step, command);
    case Step::bac_challenge:
    case Step::bac_authenticate: return run_bac(step, command);
    case Step::ca_set: return set_chip_authentication(command);
    case Step::ca_agree: return agree(command);
    case Step::active_authentication:
      if (!profile_.answers) break;
      return {profile_.answers(command.data), StatusWord::ok};
    case Step::ta_set_dst:
    case Step::ta_verify:
    case Step::ta_set_at:
    case Step::ta_challenge:
    case Step::ta_authenticate: return run_terminal_authentication(step, command);
    default: break;
  }
  return {{}, StatusWord::ins_not_supported};
}

Answer ChipSimulator::select_application(const wire::Command& command) {
  const bool open = opened_ || profile_.access != Access::pace;
  const auto is = [&](ByteView aid) { return std::ranges::equal(command.data, aid); };
  if (!is(layout::kEmrtdAid) && (!is(layout::kRecordsAid) || profile_.records.empty()))
    return {{}, StatusWord::file_not_found};
  if (!open) return {{}, StatusWord::security_not_satisfied};
  selected_ = is(layout::kEmrtdAid) ? Application::emrtd : Application::records;
  file_ = 0;
  return {};
}

bool ChipSimulator::may_read(std::uint16_t fid) const {
  constexpr std::uint16_t kCardSecurity = 0x011D;
  if (selected_ == Application::master_file) return fid != kCardSecurity || opened_;
  if (selected_ == Application::emrtd && profile_.guarded.contains(fid)) return rights_.read_fingerprints;
  return opened_ || profile_.access == Access::unprotected;
}

Answer ChipSimulator::select_file(const wire::Command& command) {
  if (command.data.size() != 2) return {{}, StatusWord::wrong_data};
  const auto fid = crypto::load_be16(command.data.first<2>());
  if (!profile_.files.contains({selected_, fid})) return {{}, StatusWord::file_not_found};
  if (!may_read(fid)) return {{}, StatusWord::security_not_satisfied};
  file_ = fid;
  return {};
}

Answer ChipSimulator::read_binary(const wire::Command& command) {
  std::size_t offset = 0;
  if ((command.p1 & 0x80) != 0) {
    file_ = 0;
    for (const auto& [key, content] : profile_.files)
      if (key.first == selected_ && short_id(key.second) == (command.p1 & 0x1F)) file_ = key.second;
    offset = command.p2;
  } else {
    offset = static_cast<std::size_t>(command.p1 << 8 | command.p2);
  }
  const bool odd = (command.ins & 1) != 0;
  if (odd) {  // ISO/IEC 7816-4:2020, 11.3.3: the offset stands in object 54
    const auto object = crypto::read_only_tlv(command.data, 0x54, crypto::TlvForm::ber);
    if (!object || object->value.size() > 4) return {{}, StatusWord::wrong_data};
    offset = 0;
    for (const auto octet : object->value) offset = offset << 8 | octet;
  }
  const auto found = profile_.files.find({selected_, file_});
  if (found == profile_.files.end()) return {{}, StatusWord::file_not_found};
  if (!may_read(file_)) return {{}, StatusWord::security_not_satisfied};
  Bytes content = found->second;
  if (has(Fault::forgets_file_end)) content.resize(std::max(content.size(), offset + command.le));
  if (offset > content.size()) return {{}, StatusWord::wrong_p1p2};
  const auto rest = ByteView(content).subspan(offset);
  const auto given = rest.first(std::min<std::size_t>(rest.size(), command.le));
  Answer answer{bytes(given), given.size() < command.le ? profile_.at_end : StatusWord::ok};
  if (wire::sw1(answer.sw) == 0x6C) return {{}, wire::status_word(0x6C, static_cast<Byte>(given.size()))};
  if (!wire::is_ok(answer.sw) && !wire::is_warning(answer.sw)) answer.data.clear();
  if (odd) answer.data = crypto::tlv(0x53, answer.data);
  return answer;
}

Answer ChipSimulator::read_record(const wire::Command& command) {
  file_ = 0;
  if (selected_ == Application::records)
    for (const auto& [fid, records] : profile_.records)
      if (short_id(fid) == command.p2 >> 3) file_ = fid;
  const auto found = profile_.records.find(file_);
  if (found == profile_.records.end()) return {{}, StatusWord::file_not_found};
  if (!may_read(file_)) return {{}, StatusWord::security_not_satisfied};
  if (command.p1 == 0 || command.p1 > found->second.size()) return {{}, StatusWord::record_not_found};
  Answer answer;
  const bool to_the_last = (command.p2 & 0x07) == 0x05;
  const std::size_t last = to_the_last ? found->second.size() : command.p1;
  for (std::size_t i = command.p1 - 1U; i < last; ++i) {
    const auto& record = found->second[i];
    if (answer.data.size() + record.size() > command.le) break;
    answer.data.insert(answer.data.end(), record.begin(), record.end());
  }
  return answer;
}

}  // namespace simulator
