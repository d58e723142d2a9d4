// SPDX-License-Identifier: Apache-2.0
// Owns a card's whole life without a heap: made, personalized, read through PACE, asked whether it is a copy, and by a
// terminal for fingerprints. The
// terminal may use one; every exchange and power-on of the card stands under a guard.
#include "heap_guard.hpp"
#include "tests/power/power_cut_nvm.hpp"
#include "tests/terminal_rig.hpp"

using heapfree::HeapGuard;
using heapfree::require;

namespace {

class NoDelay final : public host::Delay {
public:
  void hold(std::chrono::milliseconds) override {}
};

class GuardedCard final : public wire::Channel {
public:
  explicit GuardedCard(host::Card& card)
      : card_(card), command_(wire::kMaxCommandOctets), response_(wire::kMaxResponseOctets) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    const auto apdu = wire::encode(command, command_);
    if (!apdu) return crypto::unexpected(wire::LinkError::command_too_long);
    const auto answer = [&] {
      const HeapGuard guard;
      return card_.process(*apdu, response_);
    }();
    const auto response = wire::parse_response(answer);
    if (!response) return crypto::unexpected(wire::LinkError::bad_response);
    return *response;
  }

private:
  host::Card& card_;
  crypto::Bytes command_;
  crypto::Bytes response_;
};

// PACE-CAM, chip authentication, active authentication.
void prove(wire::Channel& channel) {
  const auto terminal = rig::open_pace(channel, crypto::PasswordKind::can, rig::with_chip_authentication());
  require(terminal != nullptr, "PACE-CAM");
  const auto file = rig::fetch(terminal->channel(), rig::read_sfi(layout::FileId::card_security, 65536));
  const auto chip_key = crypto::read_only_tlv(file, 0x30);
  require(chip_key.has_value(), "EF.CardSecurity");
  auto keys = rig::chip_authentication(terminal->channel(), rig::kPace.curve, crypto::AesKey::aes256, chip_key->value);
  require(keys.has_value(), "chip authentication");
  rig::SecureTerminal renewed(channel, *std::move(keys));
  require(is_ok(rig::send(renewed.channel(), {.ins = 0x88, .data = crypto::Bytes(8), .le = 256})),
          "active authentication");
}

// Fingerprints, and a new trust point.
void authorize(wire::Channel& channel, const rig::CvTree& tree) {
  const auto terminal = rig::inspect(channel);
  require(terminal.secure != nullptr, "PACE-CAM");
  auto& secure = terminal.channel();
  require(is_ok(rig::select(secure, layout::kEmrtdAid)), "SELECT");
  require(is_ok(rig::authenticate_terminal(terminal, tree)), "terminal authentication");
  require(!rig::fetch(secure, rig::read_sfi(layout::FileId::dg3, 65536)).empty(), "fingerprints");
}
// A status, and what finds it again.
void append(wire::Channel& channel, const rig::CvTree& tree) {
  const auto terminal = rig::inspect(channel);
  require(terminal.secure != nullptr, "PACE-CAM");
  auto& secure = terminal.channel();
  require(is_ok(rig::select(secure, layout::kEmrtdAid)), "SELECT");
  require(is_ok(rig::authenticate_terminal(terminal, tree)), "terminal authentication");
  require(is_ok(rig::select(secure, layout::kRecordsAid)), "SELECT");
  const auto record = rig::status_record(2);
  require(is_ok(rig::send(secure, rig::append_record(layout::FileId::status, record))), "APPEND RECORD");
  require(rig::fetch(secure, rig::newest_record(layout::FileId::status)) == record, "READ RECORD");
  const auto search = rig::search_template(layout::FileId::status, crypto::Bytes{0x5F, 0x20});
  require(is_ok(rig::send(secure, rig::search_record(search))), "SEARCH RECORD");
}
void renew(wire::Channel& channel, const rig::CvTree& tree) {
  const auto terminal = rig::inspect(channel);
  require(terminal.secure != nullptr, "PACE-CAM");
  const auto plan = rig::cv_plan(tree.cvca_plan.holder, "RURIGCVCA00002", crypto::CvRole::cvca);
  const auto link = rig::cv_certificate(plan, tree.dv_key, tree.cvca_key);
  require(is_ok(rig::verify_certificate(terminal.channel(), plan.authority, link)), "link certificate");
}

void live() {
  power::RamNvm nvm;
  require(rig::make_blank(nvm), "make a blank");
  const auto store = std::make_unique<host::ObjectStore>(nvm);
  NoDelay delay;
  const auto card = std::make_unique<host::Card>(rig::engine(), *store, delay);
  const auto power_on = [&] {
    const HeapGuard guard;
    require(card->power_on().has_value(), "power on");
  };
  power_on();
  GuardedCard channel(*card);
  const rig::CvTree tree;
  auto what = rig::guarded_content(tree, 2000);
  what.status_record = rig::status_record(1);
  require(rig::personalize(channel, what), "personalize");
  power_on();
  prove(channel);
  power_on();
  authorize(channel, tree);
  power_on();
  append(channel, tree);
  power_on();
  renew(channel, tree);
  power_on();
  const auto terminal = rig::open_pace(channel);
  require(terminal != nullptr, "PACE");
  require(is_ok(rig::select(terminal->channel(), layout::kEmrtdAid)), "SELECT");
  for (const auto& [id, octets] : what.files)
    if (layout::file(id).application == layout::Application::emrtd && id != layout::FileId::dg3)
      require(rig::fetch(terminal->channel(), rig::read_sfi(id, 65536)) == octets, "READ BINARY");
}

}  // namespace

int main(int count, char** arguments) { return heapfree::run(count, arguments, live); }
