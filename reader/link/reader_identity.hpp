// SPDX-License-Identifier: Apache-2.0
// Owns who a PC/SC reader is: by its serial number or port, because names change their index whenever the service or a
// plug does.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reader/link/pcsc.hpp"

namespace reader {

struct ReaderIdentity {
  std::string name;    // as PC/SC calls it at present
  std::string serial;  // the maker's; empty when neither driver nor name tells it
  std::string port;    // "usb:BUS.DEVICE", else the channel in hexadecimal; empty when the driver does not tell
  bool card_present = false;
};

// In PC/SC's order. A reader that somebody works with tells no more than its name does.
Linked<std::vector<ReaderIdentity>> identify_readers();

// By serial number and slot where both have one; else by port; else by name.
[[nodiscard]] bool same_reader(const ReaderIdentity& one, const ReaderIdentity& other);

struct ReaderChoiceFault {
  std::string text;      // what was asked for
  bool several = false;  // it fits more than one; else it fits none
};
// Each text: "all", "serial:S", "port:P", a name, its number, or a part of one name. No reader twice.
crypto::Result<std::vector<ReaderIdentity>, ReaderChoiceFault> choose_readers(const std::vector<ReaderIdentity>& all,
                                                                              std::span<const std::string> texts);

// What PC/SC calls this reader now; no_reader when it is not there.
Linked<std::string> current_name(const ReaderIdentity& reader);

}  // namespace reader
