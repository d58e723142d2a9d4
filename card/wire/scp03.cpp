// SPDX-License-Identifier: Apache-2.0
#include "card/wire/scp03.hpp"

#include "card/wire/padding.hpp"

namespace wire {

namespace {

using crypto::Byte;
using crypto::ByteSpan;
using crypto::ByteView;
using crypto::CryptoError;
using crypto::Direction;
using crypto::unexpected;

using Block = std::array<Byte, crypto::kAesBlock>;

// Amendment D, table 4-1: the data derivation constants.
constexpr Byte kCardCryptogram = 0x00;
constexpr Byte kHostCryptogram = 0x01;
constexpr Byte kSessionEnc = 0x04;
constexpr Byte kSessionMac = 0x06;
constexpr Byte kSessionRMac = 0x07;

constexpr Byte kSecureBit = 0x04;
constexpr Byte kResponseCounterMark = 0x80;  // 6.2.7: sets the response's counter block apart from the command's

// Header and Lc as the C-MAC covers them (6.2.4): Lc in the form that goes over the wire.
crypto::Buffer<7> authenticated_header(const Command& command, std::size_t lc) {
  crypto::Buffer<7> header;
  const std::array<Byte, 4> first{command.cla, command.ins, command.p1, command.p2};
  const std::array<Byte, 3> length{0, static_cast<Byte>(lc >> 8), static_cast<Byte>(lc)};
  const bool extended = command.extended || lc > 255 || command.le > kMaxShortLe;
  (void)header.append(first);
  (void)header.append(extended ? ByteView(length) : ByteView(length).last(1));
  return header;
}

bool protects(StatusWord sw) { return is_ok(sw) || is_warning(sw); }

}  // namespace

bool is_security_level(Byte level) {
  constexpr std::array<Byte, 6> levels{0x00, 0x01, 0x03, 0x11, 0x13, 0x33};
  return std::ranges::find(levels, level) != levels.end();
}

crypto::Engine::Outcome Scp03Session::derive(const Scp03Keys& keys, ByteView host_challenge, ByteView card_challenge) {
  destroy();
  if (host_challenge.size() != octets(mode_) || card_challenge.size() != octets(mode_))
    return unexpected<CryptoError>(CryptoError::bad_length);
  challenges_.clear();
  if (!challenges_.append(host_challenge) || !challenges_.append(card_challenge))
    return unexpected<CryptoError>(CryptoError::bad_length);
  const auto session_key = [&](const crypto::Secret& from, Byte constant, crypto::Secret& to) {
    return crypto::scp03_kdf(engine_, from.view(), constant, challenges_, to.prepare(from.size()));
  };
  PATENT_TRY_VOID(session_key(keys.enc, kSessionEnc, s_enc_));
  PATENT_TRY_VOID(session_key(keys.mac, kSessionMac, s_mac_));
  PATENT_TRY_VOID(session_key(keys.mac, kSessionRMac, s_rmac_));
  dek_ = keys.dek.clone();
  alive_ = true;
  return {};
}

crypto::Engine::Outcome Scp03Session::cryptogram(Byte constant, ByteSpan out) const {
  if (!alive_) return unexpected<CryptoError>(CryptoError::bad_state);
  if (out.size() != octets(mode_)) return unexpected<CryptoError>(CryptoError::bad_length);
  return crypto::scp03_kdf(engine_, s_mac_.view(), constant, challenges_, out);
}

crypto::Engine::Outcome Scp03Session::card_cryptogram(ByteSpan out) const { return cryptogram(kCardCryptogram, out); }
crypto::Engine::Outcome Scp03Session::host_cryptogram(ByteSpan out) const { return cryptogram(kHostCryptogram, out); }

void Scp03Session::destroy() {
  for (crypto::Secret* key : {&s_enc_, &s_mac_, &s_rmac_, &dek_}) key->clear();
  chaining_ = {};
  counter_ = {};
  level_ = kNoSecurity;
  alive_ = false;
}

// 6.2.6: the counter grows with every command of a session with C-ENC, also with those that have nothing to encrypt.
bool Scp03Session::count() {
  if ((level_ & kCDecryption) == 0) return true;
  for (auto octet = counter_.rbegin(); octet != counter_.rend(); ++octet)
    if (++*octet != 0) return true;
  return false;
}

crypto::Engine::Outcome Scp03Session::crypt(Direction direction, Byte mark, ByteSpan data) {
  Block block = counter_;
  block[0] |= mark;
  Block iv{};
  PATENT_TRY_VOID(engine_.aes_cbc(Direction::encrypt, s_enc_.view(), Block{}, block, iv));
  return engine_.aes_cbc(direction, s_enc_.view(), iv, data, data);
}

crypto::Engine::Outcome Scp03Session::command_mac(const Command& command, ByteView data) {
  const auto header = authenticated_header(command, data.size() + octets(mode_));
  const std::array<ByteView, 3> parts{chaining_, header, data};
  Block whole{};
  PATENT_TRY_VOID(engine_.aes_cmac(s_mac_.view(), parts, whole));
  chaining_ = whole;
  return {};
}

crypto::Engine::Outcome Scp03Session::response_mac(ByteView data, StatusWord sw, Block& mac) {
  const std::array<Byte, 2> status{sw1(sw), sw2(sw)};
  const std::array<ByteView, 3> parts{chaining_, data, status};
  return engine_.aes_cmac(s_rmac_.view(), parts, mac);
}

crypto::Result<Command, CryptoError> Scp03Session::wrap_command(const Command& plain, ByteSpan out) {
  auto result = wrap(plain, out);
  if (!result) destroy();
  return result;
}

crypto::Result<Command, CryptoError> Scp03Session::wrap(const Command& plain, ByteSpan out) {
  if (!alive_ || !count()) return unexpected<CryptoError>(CryptoError::bad_state);
  if ((level_ & kCMac) == 0) return plain;
  Command wrapped = plain;
  wrapped.cla |= kSecureBit;
  const std::size_t mac_size = octets(mode_);
  const bool encrypts = (level_ & kCDecryption) != 0 && !plain.data.empty();
  const std::size_t size = encrypts ? padded_size(plain.data.size()) : plain.data.size();
  if (out.size() < size + mac_size) return unexpected<CryptoError>(CryptoError::bad_length);
  copy_and_pad(plain.data, out.first(size));
  if (encrypts) PATENT_TRY_VOID(crypt(Direction::encrypt, 0, out.first(size)));
  PATENT_TRY_VOID(command_mac(wrapped, out.first(size)));
  std::ranges::copy(ByteView(chaining_).first(mac_size), out.subspan(size).begin());
  wrapped.data = out.first(size + mac_size);
  return wrapped;
}

crypto::Result<Command, StatusWord> Scp03Session::unwrap_command(const Command& wrapped, ByteSpan out) {
  auto result = unwrap(wrapped, out);
  if (!result) destroy();
  return result;
}

crypto::Result<Command, StatusWord> Scp03Session::unwrap(const Command& wrapped, ByteSpan out) {
  const auto incorrect = unexpected<StatusWord>(StatusWord::sm_objects_incorrect);
  if (!alive_ || !count()) return unexpected<StatusWord>(StatusWord::security_not_satisfied);
  const bool secure = (wrapped.cla & kSecureBit) != 0;
  if ((level_ & kCMac) == 0) {
    if (secure) return unexpected<StatusWord>(StatusWord::secure_messaging_not_supported);
    return wrapped;
  }
  const std::size_t mac_size = octets(mode_);
  if (!secure) return unexpected<StatusWord>(StatusWord::security_not_satisfied);
  if (wrapped.data.size() < mac_size) return unexpected<StatusWord>(StatusWord::sm_objects_missing);
  const auto data = wrapped.data.first(wrapped.data.size() - mac_size);
  if (!command_mac(wrapped, data)) return incorrect;
  if (!crypto::constant_time_equal(ByteView(chaining_).first(mac_size), wrapped.data.last(mac_size))) return incorrect;

  Command plain = wrapped;
  plain.cla = static_cast<Byte>(wrapped.cla & ~kSecureBit);
  plain.data = {};
  if (data.empty()) return plain;
  if (data.size() > out.size()) return unexpected<StatusWord>(StatusWord::wrong_length);
  copy_and_pad(data, out.first(data.size()));
  plain.data = out.first(data.size());
  if ((level_ & kCDecryption) == 0) return plain;
  if (!crypt(Direction::decrypt, 0, out.first(data.size()))) return incorrect;
  const auto size = unpadded_size(plain.data);
  if (!size) return incorrect;
  plain.data = plain.data.first(*size);
  return plain;
}

crypto::Result<void, StatusWord> Scp03Session::wrap_response(Reply& reply, StatusWord sw) {
  const auto failed = [&] {
    destroy();
    reply.clear();
    return unexpected<StatusWord>(StatusWord::no_precise_diagnosis);
  };
  // 6.2.5: an error carries its status word only.
  if ((level_ & kRMac) == 0 || !protects(sw)) return {};
  if (!alive_) return failed();
  if ((level_ & kREncryption) != 0 && reply.size() > 0) {
    const std::size_t padding = padded_size(reply.size()) - reply.size();
    if (!reply.append(ByteView(kPadding).first(padding))) return failed();
    if (!crypt(Direction::encrypt, kResponseCounterMark, reply.data())) return failed();
  }
  Block mac{};
  if (!response_mac(reply.data(), sw, mac)) return failed();
  if (!reply.append(ByteView(mac).first(octets(mode_)))) return failed();
  return {};
}

crypto::Result<Response, CryptoError> Scp03Session::unwrap_response(const Response& wrapped, ByteSpan out) {
  auto result = unwrap(wrapped, out);
  if (!result) destroy();
  return result;
}

crypto::Result<Response, CryptoError> Scp03Session::unwrap(const Response& wrapped, ByteSpan out) {
  if (!alive_) return unexpected<CryptoError>(CryptoError::bad_state);
  if ((level_ & kRMac) == 0) return wrapped;
  if (!protects(wrapped.sw)) return Response{{}, wrapped.sw};
  const std::size_t mac_size = octets(mode_);
  if (wrapped.data.size() < mac_size) return unexpected<CryptoError>(CryptoError::bad_token);
  const auto data = wrapped.data.first(wrapped.data.size() - mac_size);
  Block mac{};
  PATENT_TRY_VOID(response_mac(data, wrapped.sw, mac));
  if (!crypto::constant_time_equal(ByteView(mac).first(mac_size), wrapped.data.last(mac_size)))
    return unexpected<CryptoError>(CryptoError::bad_token);
  if ((level_ & kREncryption) == 0 || data.empty()) return Response{data, wrapped.sw};

  if (data.size() > out.size()) return unexpected<CryptoError>(CryptoError::bad_length);
  copy_and_pad(data, out.first(data.size()));
  const auto plain = out.first(data.size());
  PATENT_TRY_VOID(crypt(Direction::decrypt, kResponseCounterMark, plain));
  const auto size = unpadded_size(plain);
  if (!size) return unexpected<CryptoError>(CryptoError::bad_encoding);
  return Response{plain.first(*size), wrapped.sw};
}

crypto::Engine::Outcome Scp03Session::encrypt_sensitive(ByteView in, ByteSpan out) const {
  if (!alive_) return unexpected<CryptoError>(CryptoError::bad_state);
  return engine_.aes_cbc(Direction::encrypt, dek_.view(), Block{}, in, out);
}

crypto::Engine::Outcome Scp03Session::decrypt_sensitive(ByteView in, ByteSpan out) const {
  if (!alive_) return unexpected<CryptoError>(CryptoError::bad_state);
  return engine_.aes_cbc(Direction::decrypt, dek_.view(), Block{}, in, out);
}

crypto::Result<crypto::Buffer<3>, CryptoError> key_check_value(crypto::Engine& engine, ByteView key) {
  Block ones;
  ones.fill(0x01);
  Block encrypted{};
  PATENT_TRY_VOID(engine.aes_cbc(Direction::encrypt, key, Block{}, ones, encrypted));
  crypto::Buffer<3> value;
  (void)value.append(ByteView(encrypted).first<3>());
  return value;
}

}  // namespace wire
