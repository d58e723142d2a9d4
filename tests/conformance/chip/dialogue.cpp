// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/chip/dialogue.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "crypto/chip_authentication.hpp"
#include "crypto/signature.hpp"
#include "crypto/terminal_authentication.hpp"
#include "reader/inspect/chip_proof.hpp"
#include "reader/inspect/names.hpp"
#include "reader/inspect/read_plan.hpp"

namespace conformance {
namespace {

constexpr std::size_t kMemory = 65535;
constexpr std::uint32_t kCvcaSize = 36;

Bytes copy(ByteView octets) { return {octets.begin(), octets.end()}; }

template <class T, class E>
T needed(crypto::Result<T, E> result, std::string_view what) {
  if (!result) cannot_run(fmt::format("precondition: {}", what));
  return *std::move(result);
}

// The session as a Channel, for what reads whole files.
class Through final : public wire::Channel {
public:
  explicit Through(Dialogue& dialogue) : dialogue_(dialogue) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    last_ = dialogue_.send(command);
    return wire::Response{last_.data, last_.sw};
  }

private:
  Dialogue& dialogue_;
  Answer last_;
};

crypto::Secret pace_key(Bench& bench, const crypto::PaceParameters& parameters) {
  const auto octets = bench.password.password.view();
  const std::string_view text(reinterpret_cast<const char*>(octets.data()), octets.size());
  crypto::Secret password, key;
  const auto made = bench.password.kind == crypto::PasswordKind::can
                        ? crypto::can_password(text, password)
                        : crypto::mrz_password(bench.engine, text, password);
  if (!made || !crypto::password_key(bench.engine, password, parameters.key, key)) cannot_run("the password is none");
  return key;
}

}  // namespace

Dialogue::Dialogue(Bench& bench, Transcript& transcript)
    : bench_(bench),
      transcript_(transcript),
      collecting_(kMemory),
      command_memory_(kMemory),
      response_memory_(kMemory),
      link_(*bench.card.channel, bench.limits, collecting_) {}

void Dialogue::reset() {
  if (const auto done = bench_.card.reset(); !done)
    throw std::runtime_error(fmt::format("the card could not be reset: {}", reader::name_of(done.error())));
  session_.reset();
  chip_id_.clear();
  terminal_key_.clear();
  transcript_.remark("The card is reset.");
}

Answer Dialogue::exchange(const wire::Command& command, bool secured, std::optional<Byte> cla) {
  auto shown = command;
  if (cla) shown.cla = *cla;
  if (recording_) transcript_.command(shown, secured ? Protection::secure_messaging : Protection::none);
  auto wrapped = command;
  if (secured) wrapped = needed(session_->protect(command, command_memory_), "the session lives");
  if (cla) wrapped.cla = *cla;
  const auto raw = link_.transmit(wrapped);
  if (!raw) {
    if (recording_) transcript_.answer(raw);
    throw std::runtime_error(fmt::format("the card does not answer: {}", reader::name_of(raw.error())));
  }
  Answer answer{copy(raw->data), raw->sw, false};
  if (secured && !raw->data.empty()) {
    const auto plain = session_->open(*raw, response_memory_);
    if (!plain) fail("a protected answer does not hold: its objects, its MAC or its counter are wrong");
    answer = {copy(plain->data), plain->sw, true};
  }
  if (recording_) transcript_.answer(wire::Response{answer.data, answer.sw});
  if (recording_ && secured && !answer.secured) transcript_.remark("This answer came without secure messaging.");
  return answer;
}

Answer Dialogue::send(const wire::Command& command) { return exchange(command, session_.has_value()); }
// The keys stay: what is sent under them afterwards must not be taken.
Answer Dialogue::send_plain(const wire::Command& command) { return exchange(command, false); }
Answer Dialogue::send_as_class(const wire::Command& command, Byte cla) {
  return exchange(command, session_.has_value(), cla);
}

Bytes Dialogue::authenticate_step(Byte cla, Byte sent_tag, ByteView value, Byte wanted_tag) {
  const Bytes data = crypto::tlv(0x7C, sent_tag == 0 ? Bytes{} : crypto::tlv(sent_tag, value));
  const auto answer = send({.cla = cla, .ins = 0x86, .data = data, .le = wire::kMaxShortLe});
  if (!wire::is_ok(answer.sw)) cannot_run(fmt::format("precondition: PACE fails with {}", text_of(answer.sw)));
  last_answer_ =
      copy(needed(crypto::read_only_tlv(answer.data, 0x7C, crypto::TlvForm::ber), "an answer of PACE").value);
  const auto object = needed(crypto::find_tlv(last_answer_, wanted_tag, crypto::TlvForm::ber), "an answer of PACE");
  if (!object) cannot_run("precondition: an answer of PACE lacks its object");
  return copy(object->value);
}

void Dialogue::run_pace(const crypto::PaceParameters& parameters) {
  terminal_key_.clear();
  Bytes at = crypto::tlv(0x80, crypto::pace_oid(parameters));
  const auto kind = static_cast<Byte>(bench_.password.kind);
  crypto::append_tlv(at, 0x83, {&kind, 1});
  const auto parameter_id = static_cast<Byte>(parameters.curve);
  if (bench_.access_infos.pace.size() > 1) crypto::append_tlv(at, 0x84, {&parameter_id, 1});
  const auto set = send({.ins = 0x22, .p1 = 0xC1, .p2 = 0xA4, .data = at});
  if (!wire::is_ok(set.sw) && wire::sw1(set.sw) != 0x63)
    cannot_run(fmt::format("precondition: MSE:SET AT of PACE says {}", text_of(set.sw)));

  constexpr Byte kChain = 0x10;
  crypto::PaceTerminal terminal(bench_.engine, parameters);
  const auto nonce = authenticate_step(kChain, 0, {}, 0x80);
  const auto mapping = needed(terminal.decrypt_nonce(pace_key(bench_, parameters), nonce), "the nonce");
  const auto chip_mapping = authenticate_step(kChain, 0x81, mapping, 0x82);
  const auto ephemeral = needed(terminal.map(chip_mapping), "the mapping key");
  const auto chip_key = authenticate_step(kChain, 0x83, ephemeral, 0x84);
  const auto token = needed(terminal.agree(chip_key), "the ephemeral key");
  const auto chip_token = authenticate_step(0, 0x85, token, 0x86);
  auto keys = needed(terminal.finish(chip_token), "the token");
  chip_id_ = copy(crypto::compressed(terminal.chip_key()));
  if (parameters.mapping == crypto::Mapping::chip_authentication)
    terminal_key_ = copy(crypto::compressed(terminal.terminal_key()));
  session_.emplace(bench_.engine, std::move(keys));
}

void Dialogue::open() { open(bench_.usual_mapping()); }
void Dialogue::prepare() { prepare(bench_.usual_mapping()); }

void Dialogue::open(crypto::Mapping mapping) {
  const auto parameters = bench_.pace(mapping);
  if (!parameters) cannot_run("precondition: the card offers no PACE with this mapping");
  recording_ = false;
  run_pace(*parameters);
  const auto selected = select_application();
  recording_ = true;
  if (!wire::is_ok(selected.sw)) cannot_run("precondition: the eMRTD application cannot be selected");
  transcript_.remark(fmt::format("PACE-{} with {}, {}, {}; the eMRTD is selected.", reader::name_of(mapping),
                                 bench_.password.kind == crypto::PasswordKind::can ? "the CAN" : "the MRZ",
                                 reader::name_of(parameters->key), reader::name_of(parameters->curve)));
}

void Dialogue::authenticate_chip() {
  if (!terminal_key_.empty()) return;
  const auto offer = reader::choose_chip_authentication(bench_.dg14);
  if (!offer) cannot_run("precondition: DG14 offers no chip authentication");
  recording_ = false;
  crypto::ChipAuthenticationTerminal terminal(bench_.engine, offer->static_key.curve, offer->key);
  const auto key = needed(terminal.start(offer->static_key.point), "chip authentication's key");
  Bytes at = crypto::tlv(0x80, crypto::ca_oid(offer->key));
  if (offer->key_id) crypto::append_tlv(at, 0x84, {&*offer->key_id, 1});
  const auto set = send({.ins = 0x22, .p1 = 0x41, .p2 = 0xA4, .data = at});
  const Bytes data = crypto::tlv(0x7C, crypto::tlv(0x80, key));
  const auto agreed = send({.ins = 0x86, .data = data, .le = wire::kMaxShortLe});
  recording_ = true;
  if (!wire::is_ok(set.sw) || !wire::is_ok(agreed.sw))
    cannot_run(fmt::format("precondition: chip authentication fails with {}, {}", text_of(set.sw), text_of(agreed.sw)));
  session_.emplace(bench_.engine, needed(terminal.finish(), "chip authentication's keys"));
  terminal_key_ = copy(crypto::compressed(terminal.terminal_key()));
  transcript_.remark("Chip authentication is done.");
}

void Dialogue::prepare(crypto::Mapping mapping) {
  reset();
  open(mapping);
  authenticate_chip();
  recording_ = false;
  (void)read_cvca();
  recording_ = true;
  if (trust_points_.empty()) cannot_run("precondition: EF.CVCA names no trust point");
}

Answer Dialogue::select(std::uint16_t fid) {
  const std::array<Byte, 2> data{static_cast<Byte>(fid >> 8), static_cast<Byte>(fid)};
  return send({.ins = 0xA4, .p1 = 0x02, .p2 = 0x0C, .data = data});
}

Answer Dialogue::select_application() { return send({.ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = layout::kEmrtdAid}); }

Answer Dialogue::read(Byte p1, Byte p2, std::uint32_t le) { return send({.ins = 0xB0, .p1 = p1, .p2 = p2, .le = le}); }

Answer Dialogue::read_odd(std::uint16_t file, std::uint32_t le) {
  constexpr std::array<Byte, 3> kFromTheStart{0x54, 0x01, 0x00};
  return send({.ins = 0xB1,
               .p1 = static_cast<Byte>(file >> 8),
               .p2 = static_cast<Byte>(file),
               .data = kFromTheStart,
               .le = le});
}

Bytes Dialogue::read_file(layout::FileId file) {
  Through channel(*this);
  const auto& place = layout::file(file);
  recording_ = false;
  auto read = reader::read_transparent(channel, place, reader::largest_read(bench_.limits, session_.has_value()));
  recording_ = true;
  if (read.outcome != reader::ReadOutcome::read)
    fail(fmt::format("{} cannot be read: {}", place.name, reader::name_of(read.outcome)));
  transcript_.remark(fmt::format("{} is read: {} octets.", place.name, read.content.size()));
  return std::move(read.content);
}

Bytes Dialogue::read_cvca() {
  if (const auto selected = select(bench_.cvca().fid); !wire::is_ok(selected.sw)) return {};
  auto content = read(0, 0, kCvcaSize);
  trust_points_.clear();
  crypto::TlvReader objects(content.data);
  while (!objects.at_end() && objects.rest()[0] != 0) {
    const auto object = objects.expect(0x42);
    if (!object) break;
    trust_points_.push_back(copy(object->value));
  }
  return std::move(content.data);
}

Answer Dialogue::set_dst(ByteView reference) {
  const Bytes data = crypto::tlv(0x83, reference);
  return send({.ins = 0x22, .p1 = 0x81, .p2 = 0xB6, .data = data});
}

Answer Dialogue::verify(std::string_view certificate) {
  transcript_.remark(std::string(certificate));
  const Bytes data = bench_.certificates.content(certificate);
  return send({.ins = 0x2A, .p1 = 0x00, .p2 = 0xBE, .data = data});
}

Answer Dialogue::set_at(ByteView reference, Byte tag) {
  const Bytes data = crypto::tlv(tag, reference);
  return send({.ins = 0x22, .p1 = 0x81, .p2 = 0xA4, .data = data});
}

Answer Dialogue::get_challenge(std::uint32_t octets) { return send({.ins = 0x84, .le = octets}); }

Bytes Dialogue::sign(const crypto::SigningKey& key, ByteView challenge) {
  // Not by terminal_digest() alone: cases sign over challenges that are none.
  Bytes message = chip_id_;
  for (const ByteView part : {challenge, ByteView(terminal_key_)})
    message.insert(message.end(), part.begin(), part.end());
  const auto digest = needed(crypto::digest(crypto::hash_for(key.curve()), message), "a digest");
  return needed(key.sign_digest(digest), "a signature");
}

Answer Dialogue::external_authenticate(ByteView signature) { return send({.ins = 0x82, .data = signature}); }

bool is_checking_error(wire::StatusWord sw) { return wire::sw1(sw) >= 0x67 && wire::sw1(sw) <= 0x6F; }

void must(bool held, const std::string& what) {
  if (!held) fail(what);
}

namespace {

void require(bool held, const Answer& answer, std::string_view step) {
  if (!held) fail(fmt::format("{}: {}", step, text_of(answer.sw)));
  if (!answer.secured) fail(fmt::format("{}: {}, but without secure messaging", step, text_of(answer.sw)));
}

}  // namespace

void must_accept(const Answer& answer, std::string_view step) { require(wire::is_ok(answer.sw), answer, step); }
void must_refuse(const Answer& answer, std::string_view step) { require(is_checking_error(answer.sw), answer, step); }
void must_refuse_or_warn(const Answer& answer, std::string_view step) {
  require(is_checking_error(answer.sw) || answer.sw == wire::StatusWord::authentication_failed, answer, step);
}
void may_refuse(const Answer& answer, std::string_view step) {
  require(wire::is_ok(answer.sw) || is_checking_error(answer.sw), answer, step);
}

}  // namespace conformance
