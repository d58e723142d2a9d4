// SPDX-License-Identifier: Apache-2.0
// Owns what the other side has proven since power-on, and the protected sessions in which alone that counts.
#pragma once

#include "card/host/answer.hpp"
#include "card/host/terminal_session.hpp"
#include "card/wire/scp03.hpp"
#include "card/wire/secure_messaging.hpp"

namespace host {

class SecurityStatus {
public:
  explicit SecurityStatus(crypto::Engine& engine) : engine_(engine) {}

  // Inside secure messaging that PACE opened.
  [[nodiscard]] bool pace() const { return secure_messaging_ && secure_messaging_->alive(); }
  // The security level of the SCP03 session; kNoSecurity without one.
  [[nodiscard]] crypto::Byte scp03_level() const;
  // For keys and values encrypted under the DEK; null without a session.
  [[nodiscard]] const wire::Scp03Session* scp03() const;

  // What terminal authentication gave the other side of this session: nothing outside it.
  [[nodiscard]] crypto::CvRights rights() const { return pace() ? terminal_.rights : crypto::CvRights{}; }
  // Only inside secure messaging.
  [[nodiscard]] TerminalSession& terminal() { return terminal_; }

  // PACE or chip authentication is done: the keys come into force after the answer that says so has been made (Doc
  // 9303-11, 4.4.1, 6.2.3), and with them a session in which the terminal has shown nothing yet.
  void stage(crypto::SessionKeys keys, const TerminalSession& terminal);
  // The answer to this command is the session's last.
  void end_with_answer() { ends_ = true; }
  // EXTERNAL AUTHENTICATE was right; its own answer is not protected.
  void open_scp03(wire::Scp03Session session) { scp03_.emplace(std::move(session)); }
  void close_scp03() { scp03_.reset(); }
  // Nothing is proven any longer.
  void forget();

  // Takes a command out of its protection, into `memory`. A plain command ends whatever session there is, and so does
  // any failure (Doc 9303-11, 9.8.3; Amendment D, 4.9).
  [[nodiscard]] Answer<wire::Command> open(const wire::Command& command, crypto::ByteSpan memory);
  // The most that an answer to the command just opened may take before it is protected, status word included.
  [[nodiscard]] std::size_t reply_limit(std::size_t room) const;
  // Puts the answer to the command just opened into the same protection; `room` is the reply's memory. Then staged
  // keys come into force, or the session ends.
  [[nodiscard]] crypto::ByteView close(wire::Reply& reply, wire::StatusWord sw, crypto::ByteSpan room);

private:
  enum class Protection : std::uint8_t { none, secure_messaging, scp03 };

  [[nodiscard]] Answer<wire::Command> open_secure_messaging(const wire::Command& command, crypto::ByteSpan memory);
  [[nodiscard]] Answer<wire::Command> open_scp03(const wire::Command& command, crypto::ByteSpan memory);
  [[nodiscard]] crypto::ByteView protect(wire::Reply& reply, wire::StatusWord sw, crypto::ByteSpan room);
  void close_secure_messaging();

  struct Staged {
    crypto::SessionKeys keys;
    TerminalSession terminal;
  };

  crypto::Engine& engine_;
  std::optional<wire::SecureMessaging> secure_messaging_;
  TerminalSession terminal_;
  std::optional<wire::Scp03Session> scp03_;
  std::optional<Staged> staged_;
  Protection protection_ = Protection::none;
  bool odd_instruction_ = false;
  bool ends_ = false;
};

}  // namespace host
