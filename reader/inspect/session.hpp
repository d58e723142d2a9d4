// SPDX-License-Identifier: Apache-2.0
// Owns the inspection session: the readable list of steps from a powered card to Evidence. I/O, no judgement.
#pragma once

#include <functional>
#include <stop_token>

#include "card/wire/chaining.hpp"
#include "crypto/engine.hpp"
#include "reader/inspect/document_kind.hpp"
#include "reader/inspect/evidence.hpp"
#include "reader/inspect/terminal_authentication.hpp"

namespace reader {

// What the holder's card is opened with.
struct AccessKey {
  crypto::PasswordKind kind = crypto::PasswordKind::can;
  crypto::Secret password;  // six digits, or the MRZ information; as octets
};

struct ReadPlan {
  DocumentKind document = DocumentKind::patent;  // which data groups there are to read, and whether BAC may open it
  bool photo = true;                             // DG2
  bool status = true;                            // the patent-records application
  bool fingers = false;  // DG3, where the document has it and SessionOptions::terminal may read it
};

enum class Progress : std::uint8_t {
  connecting,
  opening,
  reading_data,
  reading_photo,
  reading_status,
  reading_fingers,
  done
};
struct ProgressEvent {
  Progress step{};
  std::uint32_t done = 0;   // octets
  std::uint32_t total = 0;  // octets, 0 where unknown
};

// The session when everything has been read, for whoever may do more on the card than read it. Gone when the work
// returns.
class OpenSession {
public:
  OpenSession() = default;
  OpenSession(const OpenSession&) = delete;
  OpenSession& operator=(const OpenSession&) = delete;
  virtual ~OpenSession() = default;

  // What was seen so far; the judge says whether the chip is genuine.
  [[nodiscard]] virtual const Evidence& evidence() const = 0;
  // Selects the eMRTD application and shows the terminal; the rights hold in every application until the session ends.
  // not_tried when the chip was not asked for its own proof before.
  virtual ChipAnswer<TerminalAuthentication> authenticate(const TerminalIdentity& terminal) = 0;
  // Under the session's keys.
  virtual wire::Channel& channel() = 0;
  // The most that one answer brings to READ RECORD, also over a short link.
  [[nodiscard]] virtual std::uint32_t largest_answer() const = 0;
};

struct SessionOptions {
  wire::ApduLimits link;  // what reader and driver carry; the card's own limits are read from EF.ATR/INFO
  std::function<void(const ProgressEvent&)> progress{};
  std::stop_token stop{};
  const TerminalIdentity* terminal = nullptr;  // what fingerprints are read as
  std::function<void(OpenSession&)> work{};    // done last, when nothing was lost on the way
};

// Runs one inspection over a freshly powered (or reset) card. Never fails: what went wrong stands in the Evidence.
// `taken_at` is the caller's clock.
Evidence inspect(crypto::Engine& engine, wire::Channel& card, const AccessKey& key, const ReadPlan& plan,
                 const SessionOptions& options, std::chrono::sys_seconds taken_at);

}  // namespace reader
