// SPDX-License-Identifier: Apache-2.0
// Owns a dialogue with the card under test: power, PACE, chip and terminal authentication step by step, plain and
// protected commands, right and wrong ones.
#pragma once

#include "card/wire/secure_messaging.hpp"
#include "tests/conformance/chip/bench.hpp"
#include "tests/conformance/kit/case.hpp"

namespace conformance {

struct Answer {
  Bytes data;
  wire::StatusWord sw = wire::StatusWord::no_precise_diagnosis;
  bool secured = false;  // came inside secure messaging
};

class Dialogue {
public:
  Dialogue(Bench& bench, Transcript& transcript);

  Bench& bench() { return bench_; }
  Transcript& transcript() { return transcript_; }

  // Power off and on: nothing proven, nothing selected.
  void reset();
  // PACE with the tester's password, the eMRTD selected. Inside the present session when there is one.
  void open();
  void open(crypto::Mapping mapping);
  // Chip authentication; after PACE-CAM there is nothing left to do.
  void authenticate_chip();
  // The precondition of most cases: reset, open, authenticate_chip, EF.CVCA read.
  void prepare();
  void prepare(crypto::Mapping mapping);

  // In the session, or plain without one.
  Answer send(const wire::Command& command);
  // Plain, whatever session there is.
  Answer send_plain(const wire::Command& command);
  // In the session, with this class on the protected command.
  Answer send_as_class(const wire::Command& command, Byte cla);

  Answer select(std::uint16_t fid);
  Answer select_application();
  Answer read(Byte p1, Byte p2, std::uint32_t le);
  Answer read_odd(std::uint16_t file, std::uint32_t le);
  // The whole file; its octets stay out of the transcript.
  Bytes read_file(layout::FileId file);

  Answer set_dst(ByteView reference);
  Answer verify(std::string_view certificate);
  Answer set_at(ByteView reference, Byte tag = 0x83);
  Answer get_challenge(std::uint32_t octets = 8);
  // The signature that EXTERNAL AUTHENTICATE carries, over this session's keys and the challenge.
  Bytes sign(const crypto::SigningKey& key, ByteView challenge);
  Answer external_authenticate(ByteView signature);

  // The references in EF.CVCA as last read.
  [[nodiscard]] const std::vector<Bytes>& trust_points() const { return trust_points_; }
  // All 36 octets by SELECT and READ BINARY.
  Bytes read_cvca();

private:
  Answer exchange(const wire::Command& command, bool secured, std::optional<Byte> cla = std::nullopt);
  void run_pace(const crypto::PaceParameters& parameters);
  Bytes authenticate_step(Byte cla, Byte sent_tag, ByteView value, Byte wanted_tag);

  Bench& bench_;
  Transcript& transcript_;
  Bytes collecting_, command_memory_, response_memory_;
  wire::Chaining link_;
  std::optional<wire::SecureMessaging> session_;
  bool recording_ = true;
  Bytes chip_id_, terminal_key_;  // what terminal authentication binds to
  Bytes last_answer_;
  std::vector<Bytes> trust_points_;
};

// What a step must have answered; each leaves the case as failed otherwise. In a session the answer must be protected.
void must_accept(const Answer& answer, std::string_view step);
// An ISO checking error: 67XX to 6FXX.
void must_refuse(const Answer& answer, std::string_view step);
// The same, or 6300.
void must_refuse_or_warn(const Answer& answer, std::string_view step);
// Either 9000 or a checking error.
void may_refuse(const Answer& answer, std::string_view step);
void must(bool held, const std::string& what);
[[nodiscard]] bool is_checking_error(wire::StatusWord sw);

// A case against a card.
struct ChipCase {
  std::string_view id, purpose, expected;
  std::vector<Need> needs;
  // Gives what was seen.
  std::function<std::string(Dialogue&)> run;
};

}  // namespace conformance
