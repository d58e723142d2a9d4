// SPDX-License-Identifier: Apache-2.0
// Owns the key derivations: ICAO Doc 9303-11 9.7.1, GlobalPlatform SCP03 4.1.5, SP 800-108 in counter mode.
#pragma once

#include <cstdint>

#include "crypto/engine.hpp"

namespace crypto {

// AES key lengths in octets.
enum class AesKey : std::uint8_t { aes128 = 16, aes192 = 24, aes256 = 32 };
[[nodiscard]] constexpr std::size_t octets(AesKey key) { return static_cast<std::size_t>(key); }

// Doc 9303-11, 9.7.1: KDF(K, c) = H(K || c), SHA-1 for AES-128, SHA-256 for AES-192 and -256, leftmost octets.
enum class KdfCounter : std::uint32_t { encryption = 1, mac = 2, password = 3 };
Engine::Outcome icao_kdf(Engine& engine, ByteView k, KdfCounter counter, AesKey length, Secret& out);
// The same for two-key 3DES: 16 octets by SHA-1, with odd parity.
Engine::Outcome triple_des_kdf(Engine& engine, ByteView k, KdfCounter counter, Secret& out);

// What a holder can prove knowledge of (Doc 9303-11, 4.4.3.2; the values are those of MSE:Set AT's tag 83).
enum class PasswordKind : std::uint8_t { mrz = 1, can = 2 };
// The PACE password octets: SHA-1 of document number, birth and expiry date, each with its check digit.
// `mrz_information` is that concatenation (24 characters for a nine-character number).
Engine::Outcome mrz_password(Engine& engine, std::string_view mrz_information, Secret& out);
// The six printed digits as ISO 8859-1; bad_length for anything but six digits.
Engine::Outcome can_password(std::string_view digits, Secret& out);
// K_pi = KDF(password, 3).
Engine::Outcome password_key(Engine& engine, const Secret& password, AesKey length, Secret& out);

// GlobalPlatform Amendment D 1.2, 4.1.5: label = 11 zero octets || constant, 00, L, i, context. Up to 256 bits an
// iteration of 128; `out.size()` octets are made.
Engine::Outcome scp03_kdf(Engine& engine, ByteView key, Byte constant, ByteView context, ByteSpan out);

// NIST SP 800-108r1, counter mode with AES-CMAC: [i]_32 || label || 00 ||
// context || [L]_32. Diversifies per-chip keys from a master key.
// One block of the result is the CMAC of one message, which an HSM may compute.
class CounterMessage {
public:
  CounterMessage(ByteView label, ByteView context, std::size_t size);
  // The message of block `i`, which starts at 1.
  [[nodiscard]] std::array<ByteView, 5> block(std::uint32_t i);

private:
  ByteView label_, context_;
  std::array<Byte, 4> counter_{}, bits_{};
};
Engine::Outcome counter_kdf(Engine& engine, ByteView key, ByteView label, ByteView context, ByteSpan out);

}  // namespace crypto
