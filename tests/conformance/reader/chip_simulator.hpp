// SPDX-License-Identifier: Apache-2.0
// Owns a chip that is data: its files, passwords and keys, and every way in which it deviates from an honest chip. It
// stands where a card stands, as a Channel, and speaks for documents of our profile as well as for foreign ones.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "card/layout/applications.hpp"
#include "card/wire/chaining.hpp"
#include "card/wire/secure_messaging.hpp"
#include "crypto/bac.hpp"
#include "crypto/cv_certificate.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/pace.hpp"

namespace simulator {

using crypto::Byte;
using crypto::Bytes;
using crypto::ByteView;

// What a command means to the chip.
enum class Step : std::uint8_t {
  select_application,
  select_file,
  read_binary,
  read_record,
  pace_set,    // MSE:SET AT, 22 C1 A4
  pace_nonce,  // the four GENERAL AUTHENTICATE
  pace_map,
  pace_agree,
  pace_token,
  bac_challenge,
  bac_authenticate,
  ca_set,    // 22 41 A4, or the old 22 41 A6 that agrees too
  ca_agree,  // GENERAL AUTHENTICATE with object 80
  active_authentication,
  ta_set_dst,
  ta_verify,
  ta_set_at,
  ta_challenge,
  ta_authenticate,
  other,
};

struct Answer {
  Bytes data;
  wire::StatusWord sw = wire::StatusWord::ok;
};

// Where an answer is changed: before secure messaging protects it (a chip that lies), or on the wire (somebody between,
// or a chip whose secure messaging is broken).
enum class Layer : std::uint8_t { plain, wire };

// One way in which the chip is not honest. `change` sees the plain command.
struct Deviation {
  Step at{};
  std::function<void(const wire::Command&, Answer&)> change;
  Layer layer = Layer::plain;
  unsigned occurrence = 0;  // which command of this step, counted from one; 0: each
  std::uint16_t fid = 0;    // read_binary and read_record: of this file only
};

// What an honest chip's state machine would never do, and a changed answer cannot show.
enum class Fault : std::uint8_t {
  keeps_old_keys,    // after chip authentication it answers under the old keys
  skips_counter,     // of secure messaging, once in the application
  drops_session,     // answers in the clear after PACE or BAC, as if nothing had been agreed
  forgets_file_end,  // READ BINARY beyond the end gives zeros for ever
  trusts_everybody,  // takes every certificate and every terminal's signature
};

using FileKey = std::pair<layout::Application, std::uint16_t>;  // 011C and 011D stand in both directories

struct ChipKey {
  crypto::Curve curve{};
  Bytes scalar;
  std::optional<Byte> id{};  // needed in MSE:SET AT when the chip has several
};

enum class Access : std::uint8_t { unprotected, bac, pace };

struct ChipProfile {
  std::map<FileKey, Bytes> files;
  std::map<std::uint16_t, std::vector<Bytes>> records;  // of the records application
  Access access = Access::pace;
  std::string can = "123456";
  std::string mrz_information;
  std::vector<crypto::PaceParameters> pace;
  std::vector<ChipKey> chip_keys;          // chip authentication; the first is PACE-CAM's
  std::function<Bytes(ByteView)> answers;  // active authentication; empty: it has none
  // Terminal authentication: whom it trusts, its date, and which files of the eMRTD application need the right.
  std::vector<crypto::CvHolder> trust_points;
  crypto::CvDate today{};
  std::set<std::uint16_t> guarded;
  bool short_apdus = false;                                 // refuses extended length, as its EF.ATR/INFO should say
  wire::StatusWord at_end = wire::StatusWord::end_of_file;  // READ BINARY with a Le behind the end
  std::set<Fault> faults;
  std::vector<Deviation> deviations;
};

// What passed: the plain command (without what secure messaging added) and the plain answer.
struct Passed {
  Step step{};
  bool secure = false;
  Bytes command;  // header and data
  std::uint32_t le = 0;
  Bytes data;
  wire::StatusWord sw{};
};

class ChipSimulator final : public wire::Channel {
public:
  explicit ChipSimulator(ChipProfile profile);
  ~ChipSimulator() override;

  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override;

  [[nodiscard]] const std::vector<Passed>& passed() const { return passed_; }
  [[nodiscard]] std::size_t count(Step step) const;
  // Access to the guarded files was given, by a verified terminal.
  [[nodiscard]] bool terminal_authenticated() const { return rights_.read_fingerprints; }

private:
  struct PaceRun;

  Answer receive(const wire::Command& command);
  Answer receive_protected(const wire::Command& command);
  Answer process(const wire::Command& command, bool secure);
  Answer dispatch(Step step, const wire::Command& command);
  Answer in_parts(Answer whole, const wire::Command& command);
  [[nodiscard]] Step step_of(const wire::Command& command, bool secure) const;
  void deviate(Layer layer, Step step, const wire::Command& command, Answer& answer);
  [[nodiscard]] bool has(Fault fault) const { return profile_.faults.contains(fault); }

  Answer select_application(const wire::Command& command);
  Answer select_file(const wire::Command& command);
  Answer read_binary(const wire::Command& command);
  Answer read_record(const wire::Command& command);
  [[nodiscard]] bool may_read(std::uint16_t fid) const;

  Answer set_pace(const wire::Command& command);
  Answer run_pace(Step step, const wire::Command& command);
  Answer run_bac(Step step, const wire::Command& command);
  Answer set_chip_authentication(const wire::Command& command);
  Answer agree_at_once(const wire::Command& command);  // MSE:SET KAT
  Answer agree(const wire::Command& command);
  Answer run_terminal_authentication(Step step, const wire::Command& command);
  Answer verify_certificate(const wire::Command& command);
  Answer authenticate_terminal(const wire::Command& command);

  crypto::OpensslEngine engine_;
  ChipProfile profile_;
  layout::Application selected_ = layout::Application::master_file;
  std::uint16_t file_ = 0;
  Step step_ = Step::other;  // of the command in work
  bool opened_ = false;      // PACE or BAC done
  std::unique_ptr<PaceRun> pace_;
  std::optional<crypto::BacChip> bac_;
  std::optional<wire::SecureMessaging> secure_, former_;
  std::optional<crypto::SessionKeys> next_keys_;  // in force from the next command on
  const ChipKey* chosen_key_ = nullptr;
  crypto::AesKey chosen_cipher_{};
  std::optional<crypto::CvHolder> issuer_, terminal_;  // the DST, the last certificate verified
  Bytes challenge_, chip_id_, terminal_key_;
  crypto::CvRights rights_;
  std::map<Step, unsigned> occurrences_;
  Bytes chain_memory_, opened_command_, protected_response_, answer_, rest_;
  wire::ChainAssembler chain_;
  std::vector<Passed> passed_;
};

// Deviations as they are mostly wanted.
Deviation answers_with(Step at, wire::StatusWord sw);
Deviation answers_with(Step at, Bytes data, wire::StatusWord sw = wire::StatusWord::ok);
Deviation truncates(Step at, std::size_t left, Layer layer = Layer::plain);
Deviation appends(Step at, Bytes more, Layer layer = Layer::plain);
Deviation flips(Step at, std::size_t octet, Layer layer = Layer::plain);  // its lowest bit, or the last octet's
// In the objects of the answer (GENERAL AUTHENTICATE: those inside 7C; on the wire: those of secure messaging).
Deviation retags(Step at, std::uint32_t from, std::uint32_t to, Layer layer = Layer::plain);
Deviation drops(Step at, std::uint32_t tag, Layer layer = Layer::plain);
Deviation sets(Step at, std::uint32_t tag, Bytes value, Layer layer = Layer::plain);
Deviation corrupts(Step at, std::uint32_t tag, Layer layer = Layer::plain);  // the value's last octet

}  // namespace simulator
