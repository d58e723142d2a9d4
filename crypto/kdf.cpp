// SPDX-License-Identifier: Apache-2.0
#include "crypto/kdf.hpp"

#include <bit>
#include <limits>

namespace crypto {

namespace {

// A nine-character document number, birth and expiry date with their check digits; TD1 lets a number run on into the
// optional data, to 23 characters (Doc 9303-5, 4.2.2).
constexpr std::size_t kMinMrzInformation = 24;
constexpr std::size_t kMaxMrzInformation = 38;
constexpr std::size_t kCanDigits = 6;
constexpr std::size_t kMaxScp03Output = 32;

// SP 800-108's counter mode: out = CMAC(message 1) || CMAC(message 2) || ..., cut to its size.
template <class MessageAt>
Engine::Outcome counter_mode(Engine& engine, ByteView key, ByteSpan out, MessageAt message_at) {
  Secret block;
  for (std::uint32_t i = 1; !out.empty(); ++i) {
    PATENT_TRY_VOID(engine.aes_cmac(key, message_at(i), block.prepare(kAesBlock)));
    const ByteView part = block.view().first(std::min(out.size(), kAesBlock));
    std::copy(part.begin(), part.end(), out.begin());
    out = out.subspan(part.size());
  }
  return {};
}

}  // namespace

Engine::Outcome icao_kdf(Engine& engine, ByteView k, KdfCounter counter, AesKey length, Secret& out) {
  const HashAlgorithm algorithm = length == AesKey::aes128 ? HashAlgorithm::sha1 : HashAlgorithm::sha256;
  std::array<Byte, 4> number{};
  store_be32(number, static_cast<std::uint32_t>(counter));
  Secret digest;
  PATENT_TRY_VOID(engine.hash(algorithm, std::array<ByteView, 2>{k, number}, digest.prepare(hash_size(algorithm))));
  out = Secret(digest.view().first(octets(length)));
  return {};
}

Engine::Outcome triple_des_kdf(Engine& engine, ByteView k, KdfCounter counter, Secret& out) {
  Secret key;
  PATENT_TRY_VOID(icao_kdf(engine, k, counter, AesKey::aes128, key));
  const auto with_odd_parity = [](Byte octet) { return static_cast<Byte>(octet ^ (std::popcount(octet) + 1) % 2); };
  std::ranges::transform(key.view(), out.prepare(key.size()).begin(), with_odd_parity);
  return {};
}

Engine::Outcome mrz_password(Engine& engine, std::string_view mrz_information, Secret& out) {
  if (mrz_information.size() < kMinMrzInformation || mrz_information.size() > kMaxMrzInformation)
    return unexpected(CryptoError::bad_length);
  return engine.hash(HashAlgorithm::sha1, std::array<ByteView, 1>{as_bytes(mrz_information)},
                     out.prepare(hash_size(HashAlgorithm::sha1)));
}

Engine::Outcome can_password(std::string_view digits, Secret& out) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.size() != kCanDigits || !std::ranges::all_of(digits, is_digit)) return unexpected(CryptoError::bad_length);
  out = Secret(as_bytes(digits));
  return {};
}

Engine::Outcome password_key(Engine& engine, const Secret& password, AesKey length, Secret& out) {
  return icao_kdf(engine, password.view(), KdfCounter::password, length, out);
}

Engine::Outcome scp03_kdf(Engine& engine, ByteView key, Byte constant, ByteView context, ByteSpan out) {
  if (out.empty() || out.size() > kMaxScp03Output) return unexpected(CryptoError::bad_length);
  std::array<Byte, 16> head{};  // 11 zero octets || constant || 00 || L in bits || i
  head[11] = constant;
  store_be16(std::span(head).subspan<13, 2>(), static_cast<std::uint16_t>(8 * out.size()));
  return counter_mode(engine, key, out, [&](std::uint32_t i) {
    head[15] = static_cast<Byte>(i);
    return std::array<ByteView, 2>{head, context};
  });
}

CounterMessage::CounterMessage(ByteView label, ByteView context, std::size_t size) : label_(label), context_(context) {
  store_be32(bits_, static_cast<std::uint32_t>(8 * size));
}

std::array<ByteView, 5> CounterMessage::block(std::uint32_t i) {
  static constexpr std::array<Byte, 1> kSeparator{0x00};
  store_be32(counter_, i);
  return {counter_, label_, kSeparator, context_, bits_};
}

Engine::Outcome counter_kdf(Engine& engine, ByteView key, ByteView label, ByteView context, ByteSpan out) {
  if (out.empty() || out.size() > std::numeric_limits<std::uint32_t>::max() / 8)
    return unexpected(CryptoError::bad_length);
  CounterMessage message(label, context, out.size());
  return counter_mode(engine, key, out, [&](std::uint32_t i) { return message.block(i); });
}

}  // namespace crypto
