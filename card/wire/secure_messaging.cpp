// SPDX-License-Identifier: Apache-2.0
#include "card/wire/secure_messaging.hpp"

#include "card/wire/padding.hpp"
#include "card/wire/protected_exchange.hpp"
#include "crypto/tlv.hpp"

namespace wire {

namespace {

using crypto::Byte;
using crypto::ByteSpan;
using crypto::ByteView;
using crypto::CryptoError;
using crypto::Direction;
using crypto::Tlv;
using crypto::TlvReader;
using crypto::TlvWriter;
using crypto::unexpected;

constexpr Byte kSecureCla = 0x0C;            // the command header is authenticated (ISO/IEC 7816-4:2020, 5.4.1)
constexpr std::uint32_t kCryptogram = 0x87;  // behind a padding indicator
constexpr std::uint32_t kOddCryptogram = 0x85;
constexpr std::uint32_t kExpectedLength = 0x97;
constexpr std::uint32_t kStatus = 0x99;
constexpr std::uint32_t kMac = 0x8E;
constexpr std::size_t kMacSize = 8;
constexpr std::size_t kMacObject = 2 + kMacSize;
constexpr std::size_t kStatusObject = 4;
constexpr Byte kPaddingIndicator = 0x01;  // ISO/IEC 7816-4 padding, method 2

using Block = std::array<Byte, crypto::kAesBlock>;

bool odd(Byte ins) { return (ins & 1) != 0; }

// What the data object of `plain` octets takes, tag and length included.
std::size_t cryptogram_size(std::size_t plain, bool odd_ins, std::size_t block = crypto::kAesBlock) {
  if (plain == 0) return 0;
  const std::size_t value = padded_size(plain, block) + (odd_ins ? 0 : 1);
  return crypto::tlv_header_size(kCryptogram, value) + value;
}

// The objects of a protected command or response, in the only order there is.
struct Objects {
  ByteView cryptogram;       // without the padding indicator
  ByteView expected_length;  // DO 97
  ByteView status;           // DO 99
  ByteView mac;              // DO 8E
  ByteView authenticated;    // everything before DO 8E, as received
};

// The encrypted octets of DO 87 or 85; nothing when there are none.
std::optional<ByteView> cryptogram_of(const Tlv& object) {
  ByteView value = object.value;
  if (object.tag == kCryptogram) {
    if (value.empty() || value[0] != kPaddingIndicator) return std::nullopt;
    value = value.subspan(1);
  }
  if (value.empty()) return std::nullopt;
  return value;
}

enum class Role : std::uint8_t { command, response };

crypto::Result<Objects, StatusWord> read_objects(ByteView data, Role role, bool odd_ins) {
  const auto incorrect = unexpected<StatusWord>(StatusWord::sm_objects_incorrect);
  Objects objects;
  TlvReader reader(data, crypto::TlvForm::ber);
  std::uint32_t last = 0;
  const auto rank = [&](std::uint32_t tag) -> std::uint32_t {
    if (tag == (odd_ins ? kOddCryptogram : kCryptogram)) return 1;
    if (tag == (role == Role::command ? kExpectedLength : kStatus)) return 2;
    return tag == kMac ? 3 : 0;
  };
  while (!reader.at_end()) {
    const std::size_t before = data.size() - reader.rest().size();
    const auto object = reader.next();
    if (!object || rank(object->tag) <= last) return incorrect;
    last = rank(object->tag);
    if (last == 1) {
      const auto cryptogram = cryptogram_of(*object);
      if (!cryptogram) return incorrect;
      objects.cryptogram = *cryptogram;
    }
    if (last == 2) (role == Role::command ? objects.expected_length : objects.status) = object->value;
    if (last == 3) objects.mac = object->value, objects.authenticated = data.first(before);
  }
  if (last != 3) return unexpected<StatusWord>(StatusWord::sm_objects_missing);
  if (objects.mac.size() != kMacSize) return incorrect;
  return objects;
}

// DO 97: one octet, or two when the plain command is extended; nothing when it is neither.
bool read_expected_length(ByteView value, Command& command) {
  if (value.empty()) return true;
  if (value.size() == 1) command.le = value[0] == 0 ? kMaxShortLe : value[0];
  if (value.size() == 2) {
    command.le = crypto::load_be16(value.first<2>());
    if (command.le == 0) command.le = kMaxExtendedLe;
    command.extended = true;
  }
  return value.size() <= 2;
}

ByteView write_expected_length(const Command& command, std::array<Byte, 2>& memory) {
  crypto::store_be16(memory, static_cast<std::uint16_t>(command.le));
  const bool two = command.extended || command.le > kMaxShortLe;
  return ByteView(memory).last(command.le == 0 ? 0 : two ? 2 : 1);
}

// The header as it is authenticated: one padded block (9.8.4), of which 3DES has the first half.
Block authenticated_header(const Command& command) {
  Block block{};
  block[0] = command.cla, block[1] = command.ins, block[2] = command.p1, block[3] = command.p2;
  block[4] = kPadding[0];
  return block;
}

}  // namespace

SecureMessaging::SecureMessaging(crypto::Engine& engine, crypto::SessionKeys keys)
    : engine_(engine), keys_(std::move(keys)) {
  if (keys_.cipher == crypto::SmCipher::triple_des) std::ranges::copy(keys_.counter_start, counter_.begin());
}

void SecureMessaging::destroy() {
  keys_.encryption.clear();
  keys_.mac.clear();
}

bool SecureMessaging::advance() {
  const ByteSpan octets = counter();
  for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet)
    if (++*octet != 0) return true;
  return false;
}

crypto::Result<SecureMessaging::Mac, CryptoError> SecureMessaging::authenticate(ByteView header, ByteView objects) {
  // ISO/IEC 7816-4:2020, 10.2.3.1: each run of octets is padded to a block by itself; no octets, no padding.
  const auto padding = ByteView(kPadding).first(objects.empty() ? 0 : block() - objects.size() % block());
  const std::array<ByteView, 4> parts{counter(), header.first(std::min(header.size(), block())), objects, padding};
  return crypto::session_mac(engine_, keys_.cipher, keys_.mac.view(), parts);
}

crypto::Engine::Outcome SecureMessaging::crypt(Direction direction, ByteView in, ByteSpan out) {
  Block memory{};
  const auto iv = ByteSpan(memory).first(block());
  // 9.8: AES has IV = E(KS_Enc, SSC), 3DES a zero one.
  if (keys_.cipher == crypto::SmCipher::aes)
    PATENT_TRY_VOID(engine_.aes_cbc(Direction::encrypt, keys_.encryption.view(), Block{}, counter_, iv));
  return crypto::session_cbc(engine_, keys_.cipher, direction, keys_.encryption.view(), iv, in, out);
}

// Writes DO 87 or 85 for `data` to the front of `out`; `data` may lie anywhere in `out`.
crypto::Result<std::size_t, CryptoError> SecureMessaging::put_cryptogram(ByteView data, bool odd_ins, ByteSpan out) {
  if (data.empty()) return 0;
  const std::size_t size = cryptogram_size(data.size(), odd_ins, block());
  const std::size_t padded = padded_size(data.size(), block());
  if (size > out.size()) return unexpected<CryptoError>(CryptoError::bad_length);
  const auto place = out.subspan(size - padded, padded);
  copy_and_pad(data, place);
  PATENT_TRY_VOID(crypt(Direction::encrypt, place, place));
  TlvWriter writer(out);
  writer.header(odd_ins ? kOddCryptogram : kCryptogram, padded + (odd_ins ? 0 : 1));
  if (!odd_ins) writer.raw({&kPaddingIndicator, 1});
  return size;
}

crypto::Result<ByteView, CryptoError> SecureMessaging::decrypt(ByteView cryptogram, ByteSpan out) {
  if (cryptogram.empty()) return ByteView{};
  if (cryptogram.size() > out.size()) return unexpected<CryptoError>(CryptoError::bad_length);
  const auto padded = out.first(cryptogram.size());
  PATENT_TRY_VOID(crypt(Direction::decrypt, cryptogram, padded));
  const auto size = unpadded_size(padded, block());
  if (!size) return unexpected<CryptoError>(CryptoError::bad_encoding);
  return ByteView(padded.first(*size));
}

crypto::Result<Command, CryptoError> SecureMessaging::protect(const Command& plain, ByteSpan out) {
  auto result = protect_command(plain, out);
  if (!result) destroy();
  return result;
}

crypto::Result<Command, CryptoError> SecureMessaging::protect_command(const Command& plain, ByteSpan out) {
  if (!alive() || !advance()) return unexpected<CryptoError>(CryptoError::bad_state);
  Command wrapped = plain;
  wrapped.cla |= kSecureCla;
  PATENT_TRY(const std::size_t cryptogram, put_cryptogram(plain.data, odd(plain.ins), out));
  std::array<Byte, 2> length{};
  TlvWriter tail(out.subspan(cryptogram));
  if (plain.le != 0) tail.put(kExpectedLength, write_expected_length(plain, length));
  const auto written = tail.finish();
  if (!written) return unexpected<CryptoError>(CryptoError::bad_length);
  PATENT_TRY(const Mac mac, authenticate(authenticated_header(wrapped), out.first(cryptogram + written->size())));
  tail.put(kMac, mac);
  const auto whole = tail.finish();
  if (!whole) return unexpected<CryptoError>(CryptoError::bad_length);
  wrapped.data = out.first(cryptogram + whole->size());
  // The outer Le is not authenticated: it only has to leave room for every answer.
  const bool large = protected_response_size(plain.le) > kMaxShortLe + 2;
  wrapped.extended = plain.extended || large;
  wrapped.le = wrapped.extended || wrapped.data.size() > 255 ? kMaxExtendedLe : kMaxShortLe;
  return wrapped;
}

crypto::Result<Response, CryptoError> SecureMessaging::open(const Response& wrapped, ByteSpan out) {
  auto result = open_response(wrapped, out);
  if (!result) destroy();
  return result;
}

crypto::Result<Response, CryptoError> SecureMessaging::open_response(const Response& wrapped, ByteSpan out) {
  const auto malformed = unexpected<CryptoError>(CryptoError::bad_encoding);
  if (!alive() || !advance()) return unexpected<CryptoError>(CryptoError::bad_state);
  // Cards are of two minds about 87 or 85 in answers to odd instructions: both are unambiguous.
  const bool odd_ins = !wrapped.data.empty() && wrapped.data[0] == kOddCryptogram;
  const auto objects = read_objects(wrapped.data, Role::response, odd_ins);
  if (!objects || objects->status.size() != 2) return malformed;
  PATENT_TRY(const Mac mac, authenticate({}, objects->authenticated));
  if (!crypto::constant_time_equal(mac, objects->mac)) return unexpected<CryptoError>(CryptoError::bad_token);
  const StatusWord sw = status_word(objects->status[0], objects->status[1]);
  if (sw != wrapped.sw) return malformed;
  PATENT_TRY(const ByteView data, decrypt(objects->cryptogram, out));
  return Response{data, sw};
}

crypto::Result<Command, StatusWord> SecureMessaging::open(const Command& wrapped, ByteSpan out) {
  auto result = open_command(wrapped, out);
  if (!result) destroy();
  return result;
}

crypto::Result<Command, StatusWord> SecureMessaging::open_command(const Command& wrapped, ByteSpan out) {
  const auto incorrect = unexpected<StatusWord>(StatusWord::sm_objects_incorrect);
  if (!alive() || !advance()) return incorrect;
  if ((wrapped.cla & kSecureCla) != kSecureCla) return unexpected<StatusWord>(StatusWord::sm_objects_missing);
  PATENT_TRY(const Objects objects, read_objects(wrapped.data, Role::command, odd(wrapped.ins)));
  const auto mac = authenticate(authenticated_header(wrapped), objects.authenticated);
  if (!mac || !crypto::constant_time_equal(*mac, objects.mac)) return incorrect;
  Command plain{
      .cla = static_cast<Byte>(wrapped.cla & ~kSecureCla), .ins = wrapped.ins, .p1 = wrapped.p1, .p2 = wrapped.p2};
  if (!read_expected_length(objects.expected_length, plain)) return incorrect;
  const auto data = decrypt(objects.cryptogram, out);
  if (!data) return incorrect;
  plain.data = *data;
  return plain;
}

std::size_t SecureMessaging::plain_capacity(std::size_t capacity) {
  if (capacity < protected_response_size(1)) return 0;
  const std::size_t room = capacity - protected_response_size(0);
  std::size_t padded = room / crypto::kAesBlock * crypto::kAesBlock;
  while (cryptogram_size(padded - 1, false) > room) padded -= crypto::kAesBlock;
  return padded - 1;
}

crypto::Result<ByteView, StatusWord> SecureMessaging::protect(ByteView data, StatusWord sw, bool odd_ins,
                                                              ByteSpan out) {
  auto result = protect_response(data, sw, odd_ins, out);
  if (result) return *result;
  destroy();
  return unexpected<StatusWord>(StatusWord::no_precise_diagnosis);
}

crypto::Result<ByteView, CryptoError> SecureMessaging::protect_response(ByteView data, StatusWord sw, bool odd_ins,
                                                                        ByteSpan out) {
  if (!alive() || !advance()) return unexpected<CryptoError>(CryptoError::bad_state);
  const std::array<Byte, 2> status{sw1(sw), sw2(sw)};
  PATENT_TRY(const std::size_t cryptogram, put_cryptogram(data, odd_ins, out));
  if (out.size() - cryptogram < kStatusObject + kMacObject + status.size())
    return unexpected<CryptoError>(CryptoError::bad_length);
  TlvWriter tail(out.subspan(cryptogram));
  tail.put(kStatus, status);
  PATENT_TRY(const Mac mac, authenticate({}, out.first(cryptogram + kStatusObject)));
  tail.put(kMac, mac);
  tail.raw(status);
  return ByteView(out.first(cryptogram + kStatusObject + kMacObject + status.size()));
}

std::size_t protected_response_size(std::size_t plain) {
  return cryptogram_size(plain, false) + kStatusObject + kMacObject + 2;
}

SecureChannel::SecureChannel(Channel& below, SecureMessaging session, ByteSpan command_memory, ByteSpan response_memory)
    : below_(below), session_(std::move(session)), command_memory_(command_memory), response_memory_(response_memory) {}

crypto::Result<Response, LinkError> SecureChannel::transmit(const Command& command) {
  return exchange_protected(
      below_, session_, [&] { return session_.protect(command, command_memory_); },
      [&](const Response& answer) { return session_.open(answer, response_memory_); });
}

}  // namespace wire
