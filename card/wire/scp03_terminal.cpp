// SPDX-License-Identifier: Apache-2.0
// The terminal's opening of a session, and its Channel.
#include "card/wire/scp03.hpp"

#include "card/wire/protected_exchange.hpp"

namespace wire {

namespace {

using crypto::Byte;
using crypto::ByteSpan;
using crypto::ByteView;
using crypto::CryptoError;
using crypto::unexpected;

constexpr Byte kGlobalPlatformCla = 0x80;
constexpr Byte kInitializeUpdate = 0x50;
constexpr Byte kExternalAuthenticate = 0x82;
constexpr Byte kProtocol = 0x03;
// Amendment D, table 5-1: bits of "i".
constexpr Byte kS16 = 0x01;
constexpr Byte kPseudoRandom = 0x10;

template <std::size_t N>
bool take(ByteView& rest, std::size_t size, crypto::Buffer<N>& into) {
  if (rest.size() < size || !into.assign(rest.first(size))) return false;
  rest = rest.subspan(size);
  return true;
}

}  // namespace

crypto::Result<InitializeUpdateAnswer, CryptoError> parse_initialize_update(ByteView data) {
  InitializeUpdateAnswer answer;
  crypto::Buffer<3> key_information;
  ByteView rest = data;
  bool whole = take(rest, 10, answer.diversification) && take(rest, 3, key_information);
  if (!whole || key_information.view()[1] != kProtocol) return unexpected<CryptoError>(CryptoError::bad_encoding);
  answer.key_version = key_information.view()[0];
  answer.i_parameter = key_information.view()[2];
  answer.mode = (answer.i_parameter & kS16) != 0 ? Scp03Mode::s16 : Scp03Mode::s8;
  whole =
      take(rest, octets(answer.mode), answer.card_challenge) && take(rest, octets(answer.mode), answer.card_cryptogram);
  if ((answer.i_parameter & kPseudoRandom) != 0) whole = whole && take(rest, 3, answer.sequence_counter);
  if (!whole || !rest.empty()) return unexpected<CryptoError>(CryptoError::bad_encoding);
  return answer;
}

crypto::Result<InitializeUpdateAnswer, Scp03Error> initialize_update(Channel& channel, Byte key_version,
                                                                     ByteView host_challenge) {
  const auto response = channel.transmit({.cla = kGlobalPlatformCla,
                                          .ins = kInitializeUpdate,
                                          .p1 = key_version,
                                          .data = host_challenge,
                                          .le = kMaxShortLe});
  if (!response) return unexpected<Scp03Error>(Scp03Error::link);
  if (!response->ok()) return unexpected<Scp03Error>(Scp03Error::refused);
  const auto answer = parse_initialize_update(response->data);
  if (!answer || octets(answer->mode) != host_challenge.size()) return unexpected<Scp03Error>(Scp03Error::malformed);
  return *answer;
}

crypto::Result<Scp03Session, Scp03Error> external_authenticate(crypto::Engine& engine, Channel& channel,
                                                               const Scp03Keys& keys, ByteView host_challenge,
                                                               const InitializeUpdateAnswer& answer, Byte level) {
  if (!is_security_level(level)) return unexpected<Scp03Error>(Scp03Error::malformed);
  std::array<Byte, octets(Scp03Mode::s16)> memory{};
  const auto cryptogram = ByteSpan(memory).first(octets(answer.mode));
  Scp03Session session(engine, answer.mode);
  if (!session.derive(keys, host_challenge, answer.card_challenge) || !session.card_cryptogram(cryptogram))
    return unexpected<Scp03Error>(Scp03Error::malformed);
  if (!crypto::constant_time_equal(cryptogram, answer.card_cryptogram))
    return unexpected<Scp03Error>(Scp03Error::wrong_cryptogram);

  // EXTERNAL AUTHENTICATE itself is always C-MACed, and only that (7.1.2).
  session.set_level(kCMac);
  std::array<Byte, 3 * crypto::kAesBlock> command_memory{};
  if (!session.host_cryptogram(cryptogram)) return unexpected<Scp03Error>(Scp03Error::malformed);
  const auto command = session.wrap_command(
      {.cla = kGlobalPlatformCla, .ins = kExternalAuthenticate, .p1 = level, .data = cryptogram}, command_memory);
  if (!command) return unexpected<Scp03Error>(Scp03Error::malformed);
  const auto response = channel.transmit(*command);
  if (!response) return unexpected<Scp03Error>(Scp03Error::link);
  if (!response->ok()) return unexpected<Scp03Error>(Scp03Error::refused);
  session.set_level(level);
  return session;
}

Scp03Channel::Scp03Channel(Channel& below, Scp03Session session, ByteSpan command_memory, ByteSpan response_memory)
    : below_(below), session_(std::move(session)), command_memory_(command_memory), response_memory_(response_memory) {}

crypto::Result<Response, LinkError> Scp03Channel::transmit(const Command& command) {
  return exchange_protected(
      below_, session_, [&] { return session_.wrap_command(command, command_memory_); },
      [&](const Response& answer) { return session_.unwrap_response(answer, response_memory_); });
}

}  // namespace wire
