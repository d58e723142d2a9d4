// SPDX-License-Identifier: Apache-2.0
#include "reader/link/pcsc_context.hpp"

#include <algorithm>
#include <array>

namespace reader {
namespace {

using crypto::unexpected;
using std::chrono::milliseconds;
using wire::LinkError;

struct NamedError {
  LONG code;
  LinkError error;
};
// What is not here is LinkError::internal.
constexpr std::array kErrors{
    NamedError{SCARD_E_NO_SERVICE, LinkError::no_daemon},
    NamedError{SCARD_E_SERVICE_STOPPED, LinkError::no_daemon},
    NamedError{SCARD_F_COMM_ERROR, LinkError::no_daemon},      // the service went away during the call
    NamedError{SCARD_E_INVALID_HANDLE, LinkError::no_daemon},  // it came back and knows nothing of us
    NamedError{SCARD_E_UNKNOWN_READER, LinkError::no_reader},
    NamedError{SCARD_E_READER_UNAVAILABLE, LinkError::no_reader},
    NamedError{SCARD_E_NO_READERS_AVAILABLE, LinkError::no_reader},
    NamedError{SCARD_E_READER_UNSUPPORTED, LinkError::no_reader},
    NamedError{SCARD_E_NO_SMARTCARD, LinkError::no_card},
    NamedError{SCARD_E_SHARING_VIOLATION, LinkError::reader_busy},
    NamedError{SCARD_E_SERVER_TOO_BUSY, LinkError::reader_busy},
    NamedError{SCARD_W_REMOVED_CARD, LinkError::card_removed},
    NamedError{SCARD_E_NOT_TRANSACTED, LinkError::card_removed},  // contactless: the field lost the card
    NamedError{SCARD_E_COMM_DATA_LOST, LinkError::card_removed},
    NamedError{SCARD_W_RESET_CARD, LinkError::card_reset},
    NamedError{SCARD_W_UNPOWERED_CARD, LinkError::card_mute},
    NamedError{SCARD_W_UNRESPONSIVE_CARD, LinkError::card_mute},
    NamedError{SCARD_W_UNSUPPORTED_CARD, LinkError::card_mute},
    NamedError{SCARD_E_CARD_UNSUPPORTED, LinkError::card_mute},
    NamedError{SCARD_E_INVALID_ATR, LinkError::card_mute},
    NamedError{SCARD_E_PROTO_MISMATCH, LinkError::card_mute},  // a card without T=1
    NamedError{SCARD_E_INSUFFICIENT_BUFFER, LinkError::bad_response},
    NamedError{SCARD_E_TIMEOUT, LinkError::timed_out},
    NamedError{SCARD_F_WAITED_TOO_LONG, LinkError::timed_out},
    NamedError{SCARD_E_CANCELLED, LinkError::interrupted},
    NamedError{SCARD_E_SYSTEM_CANCELLED, LinkError::interrupted},
};

LinkError link_error(LONG code) {
  const auto* const found = std::ranges::find(kErrors, code, &NamedError::code);
  return found == kErrors.end() ? LinkError::internal : found->error;
}

}  // namespace

Linked<void> checked(LONG code) {
  if (code == SCARD_S_SUCCESS) return {};
  return unexpected(link_error(code));
}

Linked<Context> Context::establish() {
  SCARDCONTEXT handle = 0;
  PATENT_TRY_VOID(checked(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &handle)));
  return Context(handle);
}

Context::~Context() {
  if (handle_ != 0) SCardReleaseContext(handle_);
}

Linked<std::vector<PcscReader>> Context::readers() const {
  DWORD size = 0;
  LONG code = SCardListReaders(handle_, nullptr, nullptr, &size);
  std::string names(size, '\0');
  if (code == SCARD_S_SUCCESS) code = SCardListReaders(handle_, nullptr, names.data(), &size);
  if (code == SCARD_E_NO_READERS_AVAILABLE) return std::vector<PcscReader>{};
  PATENT_TRY_VOID(checked(code));
  std::vector<PcscReader> readers;
  for (const char* name = names.c_str(); *name != '\0'; name += readers.back().name.size() + 1)
    readers.push_back({name, false});
  PATENT_TRY(const bool changed, look(readers, milliseconds{0}));
  (void)changed;
  return readers;
}

Linked<bool> Context::look(std::vector<PcscReader>& readers, milliseconds wait) const {
  std::vector<SCARD_READERSTATE> states(readers.size());
  for (std::size_t i = 0; i < readers.size(); ++i) {
    states[i].szReader = readers[i].name.c_str();
    states[i].dwCurrentState = wait.count() == 0         ? SCARD_STATE_UNAWARE
                               : readers[i].card_present ? SCARD_STATE_PRESENT
                                                         : SCARD_STATE_EMPTY;
  }
  if (states.empty()) return false;
  const LONG code =
      SCardGetStatusChange(handle_, static_cast<DWORD>(wait.count()), states.data(), static_cast<DWORD>(states.size()));
  if (code == SCARD_E_TIMEOUT) return false;
  PATENT_TRY_VOID(checked(code));
  bool changed = false;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    const bool present = (states[i].dwEventState & SCARD_STATE_PRESENT) != 0;
    changed = changed || present != readers[i].card_present;
    readers[i].card_present = present;
  }
  return changed;
}

}  // namespace reader
