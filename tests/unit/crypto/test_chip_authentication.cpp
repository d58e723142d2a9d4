// SPDX-License-Identifier: Apache-2.0
#include "crypto/chip_authentication.hpp"

#include "tests/unit/crypto/pace_run.hpp"
#include "tests/vectors.hpp"

using namespace crypto;

TEST_CASE("Chip Authentication agrees on every curve with every key length", "[chip_authentication]") {
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    const ChipKey chip(curve);
    for (const AesKey length : kAesKeys) {
      CAPTURE(static_cast<int>(curve), octets(length));
      ChipAuthenticationTerminal terminal(engine, curve, length);
      const Point ephemeral = terminal.start(chip.open).value();
      const auto chip_keys = chip_agree(engine, curve, length, chip.secret, ephemeral);
      const auto terminal_keys = terminal.finish();
      REQUIRE((chip_keys.has_value() && terminal_keys.has_value()));
      CHECK(chip_keys->encryption.size() == octets(length));
      CHECK(constant_time_equal(chip_keys->encryption, terminal_keys->encryption));
      CHECK(constant_time_equal(chip_keys->mac, terminal_keys->mac));
      CHECK_FALSE(constant_time_equal(chip_keys->mac, chip_keys->encryption));
      CHECK(terminal.finish().error() == CryptoError::bad_state);  // once only
    }
  }
}

TEST_CASE("Chip Authentication agrees under 3DES, with AES-128's length alone", "[chip_authentication]") {
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    const ChipKey chip(curve);
    ChipAuthenticationTerminal terminal(engine, curve, AesKey::aes128, SmCipher::triple_des);
    const Point ephemeral = terminal.start(chip.open).value();
    const auto chip_keys =
        chip_agree(engine, curve, AesKey::aes128, chip.secret, ephemeral, SmCipher::triple_des).value();
    const auto terminal_keys = terminal.finish().value();
    CHECK(terminal_keys.cipher == SmCipher::triple_des);
    CHECK(chip_keys.cipher == SmCipher::triple_des);
    CHECK(terminal_keys.counter_start == std::array<Byte, 8>{});
    CHECK(constant_time_equal(chip_keys.encryption, terminal_keys.encryption));
    CHECK(constant_time_equal(chip_keys.mac, terminal_keys.mac));
    for (const Byte octet : terminal_keys.mac.view()) REQUIRE(std::popcount(octet) % 2 == 1);
    for (const AesKey length : {AesKey::aes192, AesKey::aes256})
      CHECK(ChipAuthenticationTerminal(engine, curve, length, SmCipher::triple_des).start(chip.open).error() ==
            CryptoError::unsupported);
  }
}

// Doc 9303-11, 6.2.4.1.
TEST_CASE("MSE:Set KAT carries the ephemeral key and, when there are several, the static key's id") {
  const Bytes point = from_hex("04AABB").value();
  CHECK(to_hex(key_agreement_template(point, std::nullopt).value()) == "910304AABB");
  CHECK(to_hex(key_agreement_template(point, Byte{7}).value()) == "910304AABB840107");
  CHECK(key_agreement_template(Bytes(kMaxPointSize), Byte{1}).value().size() == 3 + kMaxPointSize + 3);
  CHECK(key_agreement_template(Bytes(kMaxPointSize + 4), std::nullopt).error() == CryptoError::bad_length);
}

// The worked example is of version 2, whose key derivation takes a nonce in: its keys show that the shared secret is
// right, and ours are derived from that same secret without the nonce (version 1).
TEST_CASE("Chip Authentication comes to the worked example's shared secret, in both roles", "[chip_authentication]") {
  const Json::Value v = read_vectors("chip_authentication")["bsi_eac2_worked_example"];
  const auto curve = static_cast<Curve>(v["curve"].asInt());
  ScriptedEngine engine;
  Bytes secret_and_nonce = octets_at(v["shared_secret"]);
  Secret expected_encryption;
  Secret expected_mac;
  REQUIRE(icao_kdf(engine, secret_and_nonce, KdfCounter::encryption, AesKey::aes128, expected_encryption).has_value());
  REQUIRE(icao_kdf(engine, secret_and_nonce, KdfCounter::mac, AesKey::aes128, expected_mac).has_value());
  const Bytes nonce = octets_at(v["nonce"]);
  secret_and_nonce.insert(secret_and_nonce.end(), nonce.begin(), nonce.end());
  Secret published;
  REQUIRE(icao_kdf(engine, secret_and_nonce, KdfCounter::encryption, AesKey::aes128, published).has_value());
  CHECK(to_hex(published.view()) == v["encryption_key"].asString());
  REQUIRE(icao_kdf(engine, secret_and_nonce, KdfCounter::mac, AesKey::aes128, published).has_value());
  CHECK(to_hex(published.view()) == v["mac_key"].asString());

  engine.scalars = {octets_at(v["terminal_scalar"])};
  ChipAuthenticationTerminal terminal(engine, curve, AesKey::aes128);
  CHECK(to_hex(terminal.start(octets_at(v["chip_key"])).value()) == v["terminal_key"].asString());
  const auto terminal_keys = terminal.finish();
  CHECK(constant_time_equal(terminal_keys.value().encryption, expected_encryption));
  CHECK(constant_time_equal(terminal_keys.value().mac, expected_mac));
  const auto chip_keys =
      chip_agree(engine, curve, AesKey::aes128, Secret(octets_at(v["chip_scalar"])), octets_at(v["terminal_key"]));
  CHECK(constant_time_equal(chip_keys.value().encryption, expected_encryption));
  CHECK(constant_time_equal(chip_keys.value().mac, expected_mac));
}

TEST_CASE("A chip with another static key comes to other keys", "[chip_authentication]") {
  OpensslEngine engine;
  const ChipKey announced(Curve::secp256r1);
  const ChipKey cloned(Curve::secp256r1);
  ChipAuthenticationTerminal terminal(engine, Curve::secp256r1, AesKey::aes128);
  const Point ephemeral = terminal.start(announced.open).value();
  const auto chip_keys = chip_agree(engine, Curve::secp256r1, AesKey::aes128, cloned.secret, ephemeral);
  const auto terminal_keys = terminal.finish();
  CHECK_FALSE(constant_time_equal(chip_keys.value().mac, terminal_keys.value().mac));
  CHECK_FALSE(constant_time_equal(chip_keys.value().encryption, terminal_keys.value().encryption));
}

TEST_CASE("Keys that are no points of the curve are refused by both sides", "[chip_authentication]") {
  OpensslEngine engine;
  const ChipKey chip(Curve::secp256r1);
  Point off_curve = chip.open;
  off_curve.span().back() ^= 1;
  const ChipKey other(Curve::brainpoolP256r1);
  const std::array<ByteView, 5> bad{ByteView(), ByteView(off_curve), other.open, chip.open.view().first(64),
                                    chip.open.view().subspan(1)};
  for (const ByteView point : bad) {
    CAPTURE(to_hex(point));
    ChipAuthenticationTerminal terminal(engine, Curve::secp256r1, AesKey::aes128);
    REQUIRE(terminal.start(chip.open).has_value());
    CHECK(terminal.start(point).error() == CryptoError::bad_point);
    CHECK(terminal.finish().error() == CryptoError::bad_state);  // nothing is left of the run before
    CHECK(chip_agree(engine, Curve::secp256r1, AesKey::aes128, chip.secret, point).error() == CryptoError::bad_point);
  }
  CHECK_FALSE(chip_agree(engine, Curve::secp256r1, AesKey::aes128, Secret(), chip.open).has_value());
}

TEST_CASE("Nothing can be finished that was not started", "[chip_authentication]") {
  OpensslEngine engine;
  CHECK(ChipAuthenticationTerminal(engine, Curve::secp256r1, AesKey::aes128).finish().error() ==
        CryptoError::bad_state);
}

TEST_CASE("Chip Authentication's names are Doc 9303's", "[chip_authentication]") {
  CHECK(to_hex(triple_des_ca_oid()) == "04007F00070202030201");
  CHECK(to_hex(ca_oid(AesKey::aes128)) == "04007F00070202030202");
  CHECK(to_hex(ca_oid(AesKey::aes192)) == "04007F00070202030203");
  CHECK(to_hex(ca_oid(AesKey::aes256)) == "04007F00070202030204");
}
