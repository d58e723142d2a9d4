// SPDX-License-Identifier: Apache-2.0
#include "card/host/security_status.hpp"

namespace host {

using wire::Command;
using wire::StatusWord;

namespace {

constexpr crypto::Byte kIsoSecureMessaging = 0x0C;  // ISO/IEC 7816-4:2020, 5.4.1: header authenticated
constexpr crypto::Byte kGpSecureMessaging = 0x84;
constexpr crypto::Byte kChained = 0x10;
constexpr crypto::Byte kExternalAuthenticate = 0x82;

constexpr crypto::Byte without_chaining(crypto::Byte cla) { return static_cast<crypto::Byte>(cla & ~kChained); }

}  // namespace

crypto::Byte SecurityStatus::scp03_level() const {
  return scp03() != nullptr ? scp03_->level() : static_cast<crypto::Byte>(wire::kNoSecurity);
}

const wire::Scp03Session* SecurityStatus::scp03() const { return scp03_ && scp03_->alive() ? &*scp03_ : nullptr; }

void SecurityStatus::stage(crypto::SessionKeys keys, const TerminalSession& terminal) {
  staged_.emplace(Staged{std::move(keys), terminal});
}

void SecurityStatus::close_secure_messaging() {
  secure_messaging_.reset();
  terminal_ = {};
}

void SecurityStatus::forget() {
  close_secure_messaging();
  scp03_.reset();
  staged_.reset();
  protection_ = Protection::none;
  ends_ = false;
}

Answer<Command> SecurityStatus::open(const Command& command, crypto::ByteSpan memory) {
  protection_ = Protection::none;
  const auto cla = without_chaining(command.cla);
  if (cla == kIsoSecureMessaging) return open_secure_messaging(command, memory);
  // EXTERNAL AUTHENTICATE carries the first MAC of a session that is not yet open: the security domain checks it.
  if (cla == kGpSecureMessaging && command.ins != kExternalAuthenticate) return open_scp03(command, memory);
  forget();
  return command;
}

Answer<Command> SecurityStatus::open_secure_messaging(const Command& command, crypto::ByteSpan memory) {
  const bool alive = pace();
  scp03_.reset();
  if (!alive) return refuse(StatusWord::sm_objects_incorrect);
  auto plain = secure_messaging_->open(command, memory);
  if (!plain) {
    forget();
    return refuse(plain.error());
  }
  protection_ = Protection::secure_messaging;
  odd_instruction_ = (command.ins & 1) != 0;
  return *plain;
}

Answer<Command> SecurityStatus::open_scp03(const Command& command, crypto::ByteSpan memory) {
  const bool alive = scp03() != nullptr;
  close_secure_messaging();
  if (!alive) return refuse(StatusWord::security_not_satisfied);
  auto plain = scp03_->unwrap_command(command, memory);
  if (!plain) {
    forget();
    return refuse(plain.error());
  }
  protection_ = Protection::scp03;
  return *plain;
}

std::size_t SecurityStatus::reply_limit(std::size_t room) const {
  constexpr std::size_t kStatusWord = 2;
  switch (protection_) {
    case Protection::none: return room;
    case Protection::secure_messaging: return wire::SecureMessaging::plain_capacity(room) + kStatusWord;
    case Protection::scp03: return room;  // wrap_response() refuses what does not fit; GP answers are short
  }
  return room;
}

crypto::ByteView SecurityStatus::close(wire::Reply& reply, StatusWord sw, crypto::ByteSpan room) {
  const auto answer = protect(reply, sw, room);
  if (staged_ && is_ok(sw)) {
    secure_messaging_.emplace(engine_, std::move(staged_->keys));
    terminal_ = staged_->terminal;
  }
  staged_.reset();
  protection_ = Protection::none;
  if (ends_) forget();
  return answer;
}

crypto::ByteView SecurityStatus::protect(wire::Reply& reply, StatusWord sw, crypto::ByteSpan room) {
  Answer<> failure;
  if (protection_ == Protection::secure_messaging && pace()) {
    const bool carries = is_ok(sw) || is_warning(sw);
    const auto data = crypto::ByteView(reply.data()).first(carries ? reply.size() : 0);
    const auto whole = secure_messaging_->protect(data, sw, odd_instruction_, room);
    if (whole) return *whole;
    failure = refuse(whole.error());
  } else if (protection_ == Protection::scp03 && scp03() != nullptr) {
    failure = scp03_->wrap_response(reply, sw);
  }
  if (failure) return reply.finish(sw);
  forget();
  wire::Reply naked(room);
  return naked.finish(failure.error());
}

}  // namespace host
