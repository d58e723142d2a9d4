// SPDX-License-Identifier: Apache-2.0
#include "reader/inspect/session.hpp"

#include "card/wire/secure_messaging.hpp"
#include "reader/inspect/access.hpp"
#include "reader/inspect/chip_proof.hpp"
#include "reader/inspect/read_plan.hpp"

namespace reader {
namespace {

using layout::FileId;

constexpr std::array kFilesOfPatent{FileId::com,  FileId::sod,  FileId::dg1, FileId::dg11,
                                    FileId::dg12, FileId::dg13, FileId::dg14};
constexpr std::array kFilesOfPassport{FileId::com, FileId::sod, FileId::dg1, FileId::dg11, FileId::dg12, FileId::dg14};
constexpr std::uint32_t kStatusRecordTag = 0x5F20;
constexpr std::uint32_t kCertificateRecordTag = 0x5F3A;
// Short APDUs over the largest files need about 200; a card that wants more is playing for time.
constexpr std::uint32_t kMaxExchanges = 1024;
// A CV certificate and its protection; no other command is longer.
constexpr std::size_t kMaxProtectedCommand = crypto::kMaxCvCertificate + 64;

// The way to the card: counts what goes over it, and ends the session when it was asked to or when it grows too long.
class Watched final : public wire::Channel {
public:
  Watched(wire::Channel& below, const std::stop_token& stop, Traffic& traffic)
      : below_(below), stop_(stop), traffic_(traffic) {}

  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    if (stop_.stop_requested()) return crypto::unexpected(wire::LinkError::interrupted);
    if (traffic_.apdus == kMaxExchanges) return crypto::unexpected(wire::LinkError::response_too_long);
    ++traffic_.apdus;
    traffic_.octets_sent += wire::encoded_size(command);
    const auto response = below_.transmit(command);
    if (response) traffic_.octets_received += response->data.size() + 2;
    return response;
  }

private:
  wire::Channel& below_;
  const std::stop_token& stop_;
  Traffic& traffic_;
};

class Session final : public OpenSession {
public:
  Session(crypto::Engine& engine, wire::Channel& card, const SessionOptions& options, Evidence& evidence)
      : engine_(engine),
        options_(options),
        evidence_(evidence),
        link_(card, options.stop, evidence.traffic),
        chaining_(link_, smaller_of(options.link, {}), collecting_) {}

  void run(const AccessKey& key, const ReadPlan& plan) {
    document_ = plan.document;
    report(Progress::connecting);
    if (!learn_the_card() || !open(key) || !read_card_security()) return;
    report(Progress::reading_data);
    const auto in_emrtd = evidence_.basic_access ? ReadOutcome::read : select(layout::kEmrtdAid);
    if (in_emrtd == ReadOutcome::incomplete) return;
    if (in_emrtd == ReadOutcome::read && !read_document(plan)) return;
    if (plan.status && !read_status()) return;
    if (in_emrtd == ReadOutcome::read && plan.fingers && options_.terminal) read_fingers();
    if (options_.work && in_emrtd == ReadOutcome::read && !evidence_.link_error) options_.work(*this);
  }

  [[nodiscard]] const Evidence& evidence() const override { return evidence_; }
  wire::Channel& channel() override { return *secure_; }
  // A record is longer than a short response: over a short link the card is asked for as much as it can hold, and GET
  // RESPONSE brings it in parts.
  [[nodiscard]] std::uint32_t largest_answer() const override {
    return reader::largest_read(chaining_.limits().extended() ? chaining_.limits() : card_limits_, true);
  }
  ChipAnswer<TerminalAuthentication> authenticate(const TerminalIdentity& terminal) override {
    if (!chip_has_answered() || select(layout::kEmrtdAid) != ReadOutcome::read) return not_shown();
    if (!read(FileId::cvca, *secure_, largest_read(chaining_.limits(), true))) return not_shown();
    const auto* const cvca = evidence_.content(FileId::cvca);
    return authenticate_terminal(engine_, *secure_, terminal, binding_, cvca ? *cvca : Bytes{});
  }

private:
  void report(Progress step, std::uint32_t done = 0, std::uint32_t total = 0) const {
    if (options_.progress) options_.progress({step, done, total});
  }

  // EF.CardAccess and EF.ATR/INFO stand in the master file, which is current after a reset (Doc 9303-10, 3.6).
  bool learn_the_card() {
    const auto unprotected = largest_read({}, false);
    if (!read(FileId::card_access, chaining_, unprotected)) return false;
    if (!read(FileId::atr_info, chaining_, unprotected)) return false;
    if (const auto* const info = evidence_.content(FileId::atr_info)) card_limits_ = card_limits(*info);
    chaining_.set_limits(smaller_of(options_.link, card_limits_));
    return true;
  }

  bool open(const AccessKey& key) {
    report(Progress::opening);
    evidence_.access = AccessOutcome::not_offered;
    const auto* const card_access = evidence_.content(FileId::card_access);
    const auto offer = card_access ? choose_pace(*card_access) : std::nullopt;
    if (!offer) return document_ == DocumentKind::passport && key.kind == crypto::PasswordKind::mrz && open_old(key);
    evidence_.pace = offer->parameters;
    return enter(open_with_pace(engine_, chaining_, *offer, key));
  }

  // A document from before PACE, whose application is selected in the clear.
  bool open_old(const AccessKey& key) {
    const auto selected = chaining_.transmit(selection(layout::kEmrtdAid));
    if (!selected) return lost(selected.error());
    if (!selected->ok()) return false;
    evidence_.basic_access = true;
    return enter(open_with_bac(engine_, chaining_, key));
  }

  bool enter(crypto::Result<Opened, AccessFailure> opened) {
    if (!opened) {
      evidence_.access = opened.error().outcome;
      evidence_.link_error = opened.error().link_error;
      return false;
    }
    evidence_.access = AccessOutcome::opened;
    evidence_.chip_mapping = opened->chip_mapping;
    binding_ = std::move(opened->binding);
    go_on_under(std::move(opened->keys));
    return true;
  }

  void go_on_under(crypto::SessionKeys keys) {
    secure_.emplace(chaining_, wire::SecureMessaging(engine_, std::move(keys)), protected_command_, plain_response_);
  }

  [[nodiscard]] bool chip_is_mapped() const {
    return evidence_.pace && evidence_.pace->mapping == crypto::Mapping::chip_authentication;
  }

  // The signed key that PACE-CAM is held against; the master file is still current.
  bool read_card_security() {
    return !chip_is_mapped() || read(FileId::card_security, *secure_, largest_read(chaining_.limits(), true));
  }

  static wire::Command selection(ByteView aid) { return {.ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = aid}; }

  // read: selected; incomplete: the link is gone.
  ReadOutcome select(ByteView aid) {
    const auto response = secure_->transmit(selection(aid));
    heard_under_new_keys(response.has_value());
    if (!response) {
      evidence_.link_error = response.error();
      return ReadOutcome::incomplete;
    }
    if (response->ok()) return ReadOutcome::read;
    return response->sw == wire::StatusWord::file_not_found ? ReadOutcome::absent : ReadOutcome::refused;
  }

  // Other states' files are as large as READ BINARY reaches.
  [[nodiscard]] layout::File place(FileId id) const {
    auto file = layout::file(id);
    if (document_ == DocumentKind::passport && file.tag != 0) file.capacity = layout::kMaxFileOctets;
    return file;
  }

  // False when the link is gone.
  bool read(FileId id, wire::Channel& channel, std::uint32_t largest, const OctetsRead& progress = {}) {
    auto file = read_transparent(channel, place(id), largest, progress);
    evidence_.files.push_back({id, file.outcome, std::move(file.content)});
    evidence_.link_error = file.link_error;
    heard_under_new_keys(!file.link_error);
    return !file.link_error;
  }

  bool read_document(const ReadPlan& plan) {
    const auto largest = largest_read(chaining_.limits(), true);
    const bool patent = document_ == DocumentKind::patent;
    for (const auto id : patent ? std::span<const FileId>(kFilesOfPatent) : kFilesOfPassport)
      if (!read(id, *secure_, largest)) return false;
    if (!prove_chip(plan, largest)) return false;
    if (!plan.photo) return true;
    return read(FileId::dg2, *secure_, largest,
                [this](std::uint32_t done, std::uint32_t total) { report(Progress::reading_photo, done, total); });
  }

  // PACE-CAM has done it already; else what DG14 offers, else active authentication. False when the link is gone.
  bool prove_chip(const ReadPlan& plan, std::uint32_t largest) {
    if (chip_is_mapped()) return true;
    const auto* const dg14 = evidence_.content(FileId::dg14);
    if (const auto offer = dg14 ? choose_chip_authentication(*dg14) : std::nullopt) return agree(*offer, plan);
    const auto* const com = evidence_.content(FileId::com);
    return !com || !announces(*com, FileId::dg15) || challenge(largest);
  }

  bool agree(const ChipAuthenticationOffer& offer, const ReadPlan& plan) {
    const auto point = offer.static_key.point.view();
    auto agreed = agree_with_chip(engine_, *secure_, offer);
    if (!agreed) return lost(agreed.error());
    evidence_.chip_authentication = KeyAgreement{offer.static_key.curve, {point.begin(), point.end()}, false};
    if (!*agreed) return true;
    go_on_under(std::move((*agreed)->keys));
    binding_.terminal_key = x_of((*agreed)->terminal_key);
    new_keys_ = true;
    // Where nothing more is to be read, one command more is the proof.
    return plan.photo || plan.status || select(layout::kEmrtdAid) != ReadOutcome::incomplete;
  }

  bool challenge(std::uint32_t largest) {
    if (!read(FileId::dg15, *secure_, largest)) return false;
    auto answer = challenge_chip(engine_, *secure_);
    if (!answer) return lost(answer.error());
    evidence_.active_authentication = *std::move(answer);
    return true;
  }

  bool lost(wire::LinkError error) {
    evidence_.link_error = error;
    return false;
  }

  // The chip derived the same keys: the first protected answer under them is the proof (Doc 9303-11, 6.2.3).
  void heard_under_new_keys(bool heard) {
    if (new_keys_ && heard) evidence_.chip_authentication->held = true;
  }

  // False when the link is gone.
  bool read_status() {
    report(Progress::reading_status);
    evidence_.records = select(layout::kRecordsAid);
    if (evidence_.records != ReadOutcome::read) return !evidence_.link_error;
    const auto largest = largest_answer();
    read(FileId::status, kStatusRecordTag, largest, evidence_.status_records);
    if (evidence_.records == ReadOutcome::read && !evidence_.status_records.empty())
      read(FileId::certificates, kCertificateRecordTag, largest, evidence_.certificate_records);
    return !evidence_.link_error;
  }

  void read(FileId id, std::uint32_t first_tag, std::uint32_t largest, std::vector<Bytes>& into) {
    auto records = read_records(*secure_, layout::file(id), first_tag, largest);
    evidence_.records = records.outcome;
    evidence_.link_error = records.link_error;
    into = std::move(records.records);
  }

  // PACE-CAM gave the chip's data, or the chip goes on under chip authentication's keys. Whether that proves anything
  // is for the judge; a terminal shows itself to no chip that has not been asked (TR-03110-1, 3.1.1).
  [[nodiscard]] bool chip_has_answered() const {
    return evidence_.chip_mapping || (evidence_.chip_authentication && evidence_.chip_authentication->held);
  }

  [[nodiscard]] ChipAnswer<TerminalAuthentication> not_shown() const {
    if (evidence_.link_error) return crypto::unexpected(*evidence_.link_error);
    return TerminalAuthentication{};
  }

  // Last, for other chips than ours may end the session over a certificate that they refuse.
  void read_fingers() {
    auto& run = evidence_.terminal_authentication.emplace();
    const auto* const com = evidence_.content(FileId::com);
    if (!com || !chip_has_answered()) return;
    run.outcome = TerminalOutcome::not_offered;
    if (!announces(*com, FileId::dg3)) return;
    report(Progress::reading_fingers);
    run.outcome = TerminalOutcome::not_tried;
    auto shown = authenticate(*options_.terminal);
    if (!shown) return void(lost(shown.error()));
    run = *std::move(shown);
    if (run.outcome != TerminalOutcome::done) return;
    read(FileId::dg3, *secure_, largest_read(chaining_.limits(), true),
         [this](std::uint32_t done, std::uint32_t total) { report(Progress::reading_fingers, done, total); });
  }

  crypto::Engine& engine_;
  const SessionOptions& options_;
  Evidence& evidence_;
  DocumentKind document_ = DocumentKind::patent;
  Bytes collecting_ = Bytes(wire::kMaxResponseOctets);
  Bytes protected_command_ = Bytes(kMaxProtectedCommand);
  Bytes plain_response_ = Bytes(wire::kMaxResponseOctets);
  Watched link_;
  wire::Chaining chaining_;  // below secure messaging: 61XX and chains carry protected octets
  wire::ApduLimits card_limits_{};
  std::optional<wire::SecureChannel> secure_;
  TerminalBinding binding_;
  bool new_keys_ = false;  // chip authentication's
};

}  // namespace

Evidence inspect(crypto::Engine& engine, wire::Channel& card, const AccessKey& key, const ReadPlan& plan,
                 const SessionOptions& options, std::chrono::sys_seconds taken_at) {
  Evidence evidence;
  evidence.taken_at = taken_at;
  evidence.password_kind = key.kind;
  const auto begin = std::chrono::steady_clock::now();
  Session(engine, card, options, evidence).run(key, plan);
  evidence.traffic.elapsed =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  if (options.progress) options.progress({Progress::done, 0, 0});
  return evidence;
}

}  // namespace reader
