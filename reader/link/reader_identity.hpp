// SPDX-License-Identifier: Apache-2.0
// Owns who a PC/SC reader is: by its serial number or port, because names change their index whenever the service or a
// plug does.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reader/link/card_source.hpp"

namespace reader {

struct ReaderIdentity {
  std::string name;    // as PC/SC calls it at present
  std::string serial;  // the maker's; empty when neither driver nor name tells it
  std::string port;    // "usb:BUS.DEVICE", else the channel in hexadecimal; empty when the driver does not tell
  bool card_present = false;
};

// In PC/SC's order. A reader that somebody works with tells no more than its name does.
Linked<std::vector<ReaderIdentity>> identify_readers();

// Which of them is the known one: by serial number and slot where it has a serial number, else by port and slot, else
// by name. Nothing when it is not there.
std::optional<ReaderIdentity> find_reader(const std::vector<ReaderIdentity>& all, const ReaderIdentity& known);

struct ReaderChoiceFault {
  std::string text;      // what was asked for
  bool several = false;  // it fits more than one; else it fits none
};
// Each text: "all", "serial:S", "port:P", a name, its number, or a part of one name. No reader twice.
crypto::Result<std::vector<ReaderIdentity>, ReaderChoiceFault> choose_readers(const std::vector<ReaderIdentity>& all,
                                                                              std::span<const std::string> texts);

// Waits for a card in that reader, whatever it is called by then. no_reader or no_daemon when they are away, at once.
Linked<PoweredCard> open_card(const ReaderIdentity& reader, std::chrono::milliseconds wait, std::stop_token stop = {});
// Whether a card is in that reader now.
Linked<bool> has_card(const ReaderIdentity& reader);
// Waits until none is; timed_out.
Linked<void> wait_until_empty(const ReaderIdentity& reader, std::chrono::milliseconds wait, std::stop_token stop = {});

}  // namespace reader
