// SPDX-License-Identifier: Apache-2.0
// Owns what the tests of PACE share: an engine with scripted random values, and a run between our own two sides.
#pragma once

#include <catch2/catch.hpp>
#include <deque>

#include "crypto/chip_authentication.hpp"
#include "crypto/openssl_engine.hpp"

namespace crypto {

inline constexpr std::array kAesKeys{AesKey::aes128, AesKey::aes192, AesKey::aes256};
inline constexpr std::array kMappings{Mapping::generic, Mapping::integrated, Mapping::chip_authentication};

// Serves scripted "random" values first, as the published examples print them; OpenSSL does the rest.
class ScriptedEngine final : public Engine {
public:
  std::deque<Bytes> scalars;
  std::deque<Bytes> nonces;
  bool exhausted = false;  // no random values any longer

  Outcome random(ByteSpan out) override {
    if (exhausted) return unexpected(CryptoError::engine_failure);
    if (nonces.empty()) return below_.random(out);
    REQUIRE(nonces.front().size() == out.size());
    std::ranges::copy(nonces.front(), out.begin());
    nonces.pop_front();
    return {};
  }
  Outcome hash(HashAlgorithm algorithm, std::span<const ByteView> parts, ByteSpan out) override {
    return below_.hash(algorithm, parts, out);
  }
  Outcome aes_cbc(Direction direction, ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return below_.aes_cbc(direction, key, iv, in, out);
  }
  Outcome aes_cmac(ByteView key, std::span<const ByteView> parts, ByteSpan out) override {
    return below_.aes_cmac(key, parts, out);
  }
  Outcome triple_des_cbc(Direction direction, ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return below_.triple_des_cbc(direction, key, iv, in, out);
  }
  Outcome ec_random_scalar(Curve curve, Secret& out) override {
    if (scalars.empty()) return below_.ec_random_scalar(curve, out);
    out = Secret(scalars.front());
    scalars.pop_front();
    return {};
  }
  Result<Point, CryptoError> ec_multiply(Curve curve, ByteView scalar, ByteView point) override {
    return below_.ec_multiply(curve, scalar, point);
  }
  Result<Point, CryptoError> ec_add(Curve curve, ByteView p, ByteView q) override { return below_.ec_add(curve, p, q); }
  Outcome ec_quotient(Curve curve, ByteView dividend, ByteView divisor, Secret& out) override {
    return below_.ec_quotient(curve, dividend, divisor, out);
  }
  Result<Point, CryptoError> ec_encode_point(Curve curve, ByteView number) override {
    return below_.ec_encode_point(curve, number);
  }
  Result<PlainSignature, CryptoError> ecdsa_sign(Curve curve, ByteView scalar, ByteView digest) override {
    return below_.ecdsa_sign(curve, scalar, digest);
  }
  Outcome ecdsa_verify(Curve curve, ByteView point, ByteView digest, ByteView signature) override {
    return below_.ecdsa_verify(curve, point, digest, signature);
  }

private:
  OpensslEngine below_;
};

inline Secret key_from_can(Engine& engine, std::string_view can, AesKey length) {
  Secret password;
  Secret key;
  REQUIRE(can_password(can, password).has_value());
  REQUIRE(password_key(engine, password, length, key).has_value());
  return key;
}

// A chip's static key pair.
struct ChipKey {
  explicit ChipKey(Curve curve) {
    OpensslEngine engine;
    REQUIRE(engine.ec_random_scalar(curve, secret).has_value());
    open = engine.ec_multiply(curve, secret.view(), {}).value();
  }
  Secret secret;
  Point open;
};

// A run between our own two sides, up to the ephemeral keys.
struct Run {
  ScriptedEngine terminal_engine;
  ScriptedEngine chip_engine;
  PaceParameters parameters;
  PaceTerminal terminal{terminal_engine, parameters};
  PaceChip chip{chip_engine, parameters};

  explicit Run(PaceParameters chosen = {Curve::secp256r1, AesKey::aes128}) : parameters(chosen) {}

  void to_nonce(std::string_view terminal_can = "123456", std::string_view chip_can = "123456") {
    const auto nonce = chip.encrypt_nonce(key_from_can(chip_engine, chip_can, parameters.key));
    terminal_mapping =
        terminal.decrypt_nonce(key_from_can(terminal_engine, terminal_can, parameters.key), *nonce).value();
  }
  void to_mapping() {
    chip_mapping = chip.map(terminal_mapping).value();
    terminal_ephemeral = terminal.map(chip_mapping).value();
  }
  void to_agreement() {
    chip_ephemeral = chip.agree(terminal_ephemeral).value();
    terminal_token = terminal.agree(chip_ephemeral).value();
  }

  Point terminal_mapping, chip_mapping, terminal_ephemeral, chip_ephemeral;
  Token terminal_token;
};

}  // namespace crypto
