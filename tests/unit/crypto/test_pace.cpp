// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <random>

#include "tests/seed.hpp"
#include "tests/unit/crypto/pace_run.hpp"
#include "tests/vectors.hpp"

using namespace crypto;

namespace {

void require_whole_run(Run& run) {
  run.to_nonce();
  run.to_mapping();
  run.to_agreement();
  const Token chip_token = run.chip.finish(run.terminal_token).value();
  const auto terminal_keys = run.terminal.finish(chip_token);
  const auto chip_keys = run.chip.take_keys();
  REQUIRE(terminal_keys.has_value());
  REQUIRE(chip_keys.has_value());
  REQUIRE(terminal_keys->cipher == run.parameters.cipher);
  REQUIRE(chip_keys->cipher == run.parameters.cipher);
  REQUIRE(terminal_keys->encryption.size() == octets(run.parameters.key));
  REQUIRE(terminal_keys->mac.size() == octets(run.parameters.key));
  REQUIRE(constant_time_equal(terminal_keys->encryption, chip_keys->encryption));
  REQUIRE(constant_time_equal(terminal_keys->mac, chip_keys->mac));
  REQUIRE_FALSE(constant_time_equal(terminal_keys->mac, terminal_keys->encryption));
}

// multiples of `base`, one after the other, until one's X starts with a zero octet; its factor, as a scalar.
Bytes factor_with_leading_zero(Engine& engine, Curve curve, ByteView base) {
  Point multiple = engine.ec_multiply(curve, Bytes{2}, base).value();
  std::uint32_t factor = 2;
  for (; multiple.view()[1] != 0; ++factor) {
    REQUIRE(factor < 10000);
    multiple = engine.ec_add(curve, multiple, base).value();
  }
  Bytes scalar(field_size(curve));
  store_be32(std::span(scalar).last<4>(), factor);
  return scalar;
}

}  // namespace

TEST_CASE("PACE runs under 3DES on every curve", "[pace]") {
  for (const Curve curve : kCurves) {
    Run run({curve, AesKey::aes128, Mapping::generic, SmCipher::triple_des});
    require_whole_run(run);
  }
  CHECK(to_hex(pace_oid({Curve::secp256r1, AesKey::aes128, Mapping::generic, SmCipher::triple_des})) ==
        "04007F00070202040201");
}

TEST_CASE("PACE under 3DES has generic mapping and one key length", "[pace]") {
  ScriptedEngine engine;
  for (const Mapping mapping : kMappings)
    for (const AesKey key : kAesKeys) {
      if (mapping == Mapping::generic && key == AesKey::aes128) continue;
      const PaceParameters parameters{Curve::secp256r1, key, mapping, SmCipher::triple_des};
      const Secret password(Bytes(octets(key), 1));
      CHECK_FALSE(PaceChip(engine, parameters).encrypt_nonce(password));
      CHECK_FALSE(PaceTerminal(engine, parameters).decrypt_nonce(password, Bytes(16)));
    }
}

TEST_CASE("PACE under 3DES with another password ends on the token", "[pace]") {
  const PaceParameters parameters{Curve::secp256r1, AesKey::aes128, Mapping::generic, SmCipher::triple_des};
  Run run(parameters);
  run.to_nonce("123456", "123457");
  run.to_mapping();
  run.to_agreement();
  CHECK(run.chip.finish(run.terminal_token).error() == CryptoError::bad_token);
  CHECK(run.terminal.finish(run.terminal_token).error() == CryptoError::bad_token);
}

TEST_CASE("PACE-GM gives every value of the published examples, in both roles", "[pace]") {
  const Json::Value vectors = read_vectors("pace_gm");
  for (const char* name : {"icao9303_11_g1", "bsi_eac2_worked_example"}) {
    CAPTURE(name);
    const Json::Value& v = vectors[name];
    const PaceParameters parameters{static_cast<Curve>(v["curve"].asInt()), static_cast<AesKey>(v["key"].asInt() / 8)};
    ScriptedEngine chip_engine;
    ScriptedEngine terminal_engine;
    chip_engine.nonces = {octets_at(v["nonce"])};
    chip_engine.scalars = {octets_at(v["chip_mapping_scalar"]), octets_at(v["chip_ephemeral_scalar"])};
    terminal_engine.scalars = {octets_at(v["terminal_mapping_scalar"]), octets_at(v["terminal_ephemeral_scalar"])};

    Secret password;
    Secret key;
    if (v.isMember("mrz_information")) {
      REQUIRE(mrz_password(chip_engine, v["mrz_information"].asString(), password).has_value());
    } else {
      REQUIRE(can_password(v["digits"].asString(), password).has_value());
    }
    REQUIRE(password_key(chip_engine, password, parameters.key, key).has_value());

    PaceChip chip(chip_engine, parameters);
    PaceTerminal terminal(terminal_engine, parameters);
    const auto encrypted = chip.encrypt_nonce(key);
    CHECK(to_hex(encrypted.value()) == v["encrypted_nonce"].asString());
    const auto terminal_mapping = terminal.decrypt_nonce(key, *encrypted);
    CHECK(to_hex(terminal_mapping.value()) == v["terminal_mapping_key"].asString());
    const auto chip_mapping = chip.map(*terminal_mapping);
    CHECK(to_hex(chip_mapping.value()) == v["chip_mapping_key"].asString());
    const auto terminal_ephemeral = terminal.map(*chip_mapping);
    CHECK(to_hex(terminal_ephemeral.value()) == v["terminal_ephemeral_key"].asString());
    const auto chip_ephemeral = chip.agree(*terminal_ephemeral);
    CHECK(to_hex(chip_ephemeral.value()) == v["chip_ephemeral_key"].asString());
    const auto terminal_token = terminal.agree(*chip_ephemeral);
    CHECK(to_hex(terminal_token.value()) == v["terminal_token"].asString());
    const auto chip_token = chip.finish(*terminal_token);
    CHECK(to_hex(chip_token.value()) == v["chip_token"].asString());
    const auto terminal_keys = terminal.finish(*chip_token);
    const auto chip_keys = chip.take_keys();
    CHECK(to_hex(terminal_keys.value().encryption.view()) == v["encryption_key"].asString());
    CHECK(to_hex(terminal_keys.value().mac.view()) == v["mac_key"].asString());
    CHECK(to_hex(chip_keys.value().encryption.view()) == v["encryption_key"].asString());
    CHECK(to_hex(chip_keys.value().mac.view()) == v["mac_key"].asString());
  }
}

// A coordinate that starts with zeros must keep its width: without that, PACE fails once in some 150 runs. The long
// form (PATENT_LONG_TESTS=1) makes 10,000 runs a curve; -c "curve 13" picks one.
TEST_CASE("PACE agrees on every curve with every key length, every mapping and any CAN", "[pace]") {
  const std::uint32_t seed = test_seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const int runs = long_tests() ? 10'000 : 27;
  for (const Curve curve : kCurves) {
    DYNAMIC_SECTION("curve " << static_cast<int>(curve)) {
      ChipKey chip_key(curve);
      for (int i = 0; i < runs; ++i) {
        const AesKey length = kAesKeys[static_cast<std::size_t>(i) % kAesKeys.size()];
        const Mapping mapping = kMappings[static_cast<std::size_t>(i) / kAesKeys.size() % kMappings.size()];
        CAPTURE(static_cast<int>(curve), octets(length), static_cast<int>(mapping), i);
        const std::string can = fmt::format("{:06}", random() % 1'000'000);
        Run run({curve, length, mapping});
        run.chip.set_chip_key(chip_key.secret);
        run.to_nonce(can, can);
        run.to_mapping();
        run.to_agreement();
        const auto chip_token = run.chip.finish(run.terminal_token);
        REQUIRE(chip_token.has_value());
        const auto terminal_keys = run.terminal.finish(*chip_token);
        if (mapping == Mapping::chip_authentication) {
          const auto shown = run.terminal.open_chip_authentication(run.chip.chip_authentication_data().value());
          REQUIRE(check_chip_mapping(run.terminal_engine, shown.value(), chip_key.open).has_value());
        }
        const auto chip_keys = run.chip.take_keys();
        REQUIRE((terminal_keys.has_value() && chip_keys.has_value()));
        REQUIRE(constant_time_equal(terminal_keys->encryption, chip_keys->encryption));
        REQUIRE(constant_time_equal(terminal_keys->mac, chip_keys->mac));
      }
    }
  }
}

TEST_CASE("Coordinates with leading zeros keep their width", "[pace]") {
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    CAPTURE(static_cast<int>(curve));
    const std::size_t field = field_size(curve);
    const Bytes nonce(16, 0x07);
    Bytes one(field);
    one.back() = 1;

    // The terminal's mapping key gets a short X; the chip's scalar is 1, so H is that same point.
    const Bytes mapping = factor_with_leading_zero(engine, curve, engine.ec_multiply(curve, one, {}).value());
    const Point shared = engine.ec_multiply(curve, mapping, {}).value();
    REQUIRE(shared.view()[1] == 0);
    const Point generator = engine.ec_add(curve, engine.ec_multiply(curve, nonce, {}).value(), shared).value();
    // So do the terminal's ephemeral key and, as the chip's scalar is 1 again, the shared secret K.
    const Bytes ephemeral = factor_with_leading_zero(engine, curve, generator);

    Run run({curve, AesKey::aes256});
    run.chip_engine.nonces = {nonce};
    run.chip_engine.scalars = {one, one};
    run.terminal_engine.scalars = {mapping, ephemeral};
    run.to_nonce();
    run.to_mapping();
    CHECK(run.terminal_mapping.view()[1] == 0);
    CHECK(run.terminal_ephemeral.view()[1] == 0);
    CHECK(to_hex(run.chip_mapping) == to_hex(engine.ec_multiply(curve, one, {}).value()));
    run.to_agreement();
    CHECK(to_hex(run.chip_ephemeral) == to_hex(generator));
    const auto keys = run.terminal.finish(run.chip.finish(run.terminal_token).value());
    Secret expected;
    const ByteView x = run.terminal_ephemeral.view().subspan(1, field);
    REQUIRE(icao_kdf(engine, x, KdfCounter::encryption, AesKey::aes256, expected).has_value());
    CHECK(constant_time_equal(keys.value().encryption, expected));
  }
}

TEST_CASE("A wrong password is found by the chip first, and ends both sides", "[pace]") {
  Run run;
  run.to_nonce("123457", "123456");
  run.to_mapping();
  run.to_agreement();
  CHECK(run.chip.finish(run.terminal_token).error() == CryptoError::bad_token);
  CHECK(run.chip.take_keys().error() == CryptoError::bad_state);
  CHECK(run.chip.finish(run.terminal_token).error() == CryptoError::bad_state);  // no second try
  CHECK(run.terminal.finish(run.terminal_token).error() == CryptoError::bad_token);
  CHECK(run.terminal.finish(run.terminal_token).error() == CryptoError::bad_state);
}

TEST_CASE("Every changed octet of a token is seen, on both sides", "[pace]") {
  for (std::size_t i = 0; i < Token::capacity(); ++i) {
    Run run;
    run.to_nonce();
    run.to_mapping();
    run.to_agreement();
    const bool chip_side = i % 2 == 0;
    Token token = chip_side ? run.terminal_token : run.chip.finish(run.terminal_token).value();
    token.span()[i] ^= 0x80;
    if (chip_side) {
      CHECK(run.chip.finish(token).error() == CryptoError::bad_token);
    } else {
      CHECK(run.terminal.finish(token).error() == CryptoError::bad_token);
    }
  }
  for (const std::size_t size : {0U, 7U}) {
    Run run;
    run.to_nonce();
    run.to_mapping();
    run.to_agreement();
    CHECK(run.chip.finish(run.terminal_token.view().first(size)).error() == CryptoError::bad_token);
  }
}

TEST_CASE("A peer that mirrors our keys is refused", "[pace]") {
  SECTION("the terminal's mapping key") {
    Run run;
    run.to_nonce();
    CHECK(run.terminal.map(run.terminal_mapping).error() == CryptoError::bad_point);
    CHECK(run.terminal.map(run.terminal_mapping).error() == CryptoError::bad_state);
  }
  SECTION("the chip's mapping key, guessed") {
    Run run;
    const Bytes scalar(32, 0x21);
    run.chip_engine.scalars = {scalar};
    run.to_nonce();
    const Point guessed = run.chip_engine.ec_multiply(Curve::secp256r1, scalar, {}).value();
    CHECK(run.chip.map(guessed).error() == CryptoError::bad_point);
  }
  SECTION("the terminal's ephemeral key") {
    Run run;
    run.to_nonce();
    run.to_mapping();
    CHECK(run.terminal.agree(run.terminal_ephemeral).error() == CryptoError::bad_point);
  }
  SECTION("the chip's ephemeral key, guessed") {
    Run run;
    const Bytes scalar(32, 0x21);
    run.chip_engine.scalars = {Bytes(32, 0x11), scalar};
    run.terminal_engine.scalars = {Bytes(32, 0x12), scalar};
    run.to_nonce();
    run.to_mapping();
    CHECK(run.chip.agree(run.terminal_ephemeral).error() == CryptoError::bad_point);
  }
}

// With s = 1, the chip's scalar 1 and the peer's key -G, the mapped generator would be G - G. Order: SEC 2, 2.4.2.
TEST_CASE("A mapped generator at infinity is refused", "[pace]") {
  Run run;
  const Bytes minus_one = from_hex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550").value();
  Bytes nonce(16);
  nonce.back() = 1;
  Bytes one(32);
  one.back() = 1;
  run.chip_engine.nonces = {nonce};
  run.chip_engine.scalars = {one};
  run.to_nonce();
  const Point minus_g = run.chip_engine.ec_multiply(Curve::secp256r1, minus_one, {}).value();
  CHECK(run.chip.map(minus_g).error() == CryptoError::bad_point);
  CHECK(run.chip.agree(minus_g).error() == CryptoError::bad_state);

  Run other;
  other.chip_engine.nonces = {nonce};
  other.terminal_engine.scalars = {one};
  other.to_nonce();
  CHECK(other.terminal.map(minus_g).error() == CryptoError::bad_point);
  CHECK(other.terminal.agree(minus_g).error() == CryptoError::bad_state);
}

TEST_CASE("Points that are no points of the curve are refused in every step", "[pace]") {
  std::vector<Bytes> bad{Bytes{}, Bytes{0x00}, Bytes(65, 0x04), Bytes(64), Bytes(66)};
  OpensslEngine engine;
  const Point other = engine.ec_multiply(Curve::brainpoolP256r1, Bytes{3}, {}).value();
  bad.emplace_back(other.view().begin(), other.view().end());
  const Point compressed = engine.ec_multiply(Curve::secp256r1, Bytes{3}, {}).value();
  bad.emplace_back(compressed.view().begin(), compressed.view().begin() + 33);
  bad.back()[0] = 0x02;
  for (const Bytes& point : bad) {
    CAPTURE(to_hex(point));
    Run first;
    first.to_nonce();
    CHECK(first.chip.map(point).error() == CryptoError::bad_point);
    CHECK(first.terminal.map(point).error() == CryptoError::bad_point);
    Run second;
    second.to_nonce();
    second.to_mapping();
    CHECK(second.chip.agree(point).error() == CryptoError::bad_point);
    CHECK(second.terminal.agree(point).error() == CryptoError::bad_point);
  }
}

TEST_CASE("Steps out of order end the run", "[pace]") {
  const auto out_of_order = [](const auto& outcome) { return outcome.error() == CryptoError::bad_state; };
  const Point point = OpensslEngine().ec_multiply(Curve::secp256r1, Bytes{9}, {}).value();
  const Bytes token(8);
  {
    Run run;
    CHECK(out_of_order(run.chip.map(point)));
    CHECK(out_of_order(run.chip.encrypt_nonce(key_from_can(run.chip_engine, "123456", AesKey::aes128))));
  }
  {
    Run run;
    run.to_nonce();
    CHECK(out_of_order(run.chip.agree(point)));
    CHECK(out_of_order(run.chip.map(point)));
    CHECK(out_of_order(run.terminal.agree(point)));
    CHECK(out_of_order(run.terminal.map(point)));
  }
  {
    Run run;
    run.to_nonce();
    run.to_mapping();
    CHECK(out_of_order(run.chip.finish(token)));
    CHECK(out_of_order(run.terminal.finish(token)));
  }
  {
    Run run;
    run.to_nonce();
    run.to_mapping();
    run.to_agreement();
    CHECK(out_of_order(run.chip.take_keys()));  // not before the terminal's token was checked
  }
  {
    Run run;
    require_whole_run(run);
    CHECK(out_of_order(run.chip.take_keys()));  // once only
    CHECK(out_of_order(run.terminal.finish(token)));
  }
}

TEST_CASE("A nonce or a password key of another length is refused", "[pace]") {
  const Secret key(Bytes(16, 0x55));
  for (const std::size_t size : {0U, 8U, 15U, 17U, 48U}) {
    Run run;
    CHECK(run.terminal.decrypt_nonce(key, Bytes(size)).error() == CryptoError::bad_length);
  }
  Run run;
  CHECK(run.terminal.decrypt_nonce(Secret(Bytes(32)), Bytes(16)).error() == CryptoError::bad_length);
  CHECK(run.chip.encrypt_nonce(Secret(Bytes(32))).error() == CryptoError::bad_length);
}

TEST_CASE("Two runs share nothing", "[pace]") {
  Run first;
  Run second;
  first.to_nonce();
  second.to_nonce();
  CHECK(to_hex(first.terminal_mapping) != to_hex(second.terminal_mapping));
  first.to_mapping();
  second.to_mapping();
  first.to_agreement();
  CHECK(second.chip.agree(first.terminal_ephemeral).has_value());  // a good point, but of another generator
  CHECK(second.chip.finish(first.terminal_token).error() == CryptoError::bad_token);
}

TEST_CASE("The protocol's names are Doc 9303's", "[pace]") {
  const auto name = [](AesKey key, Mapping mapping) { return to_hex(pace_oid({.key = key, .mapping = mapping})); };
  CHECK(name(AesKey::aes128, Mapping::generic) == "04007F00070202040202");
  CHECK(name(AesKey::aes192, Mapping::generic) == "04007F00070202040203");
  CHECK(name(AesKey::aes256, Mapping::generic) == "04007F00070202040204");
  CHECK(name(AesKey::aes128, Mapping::integrated) == "04007F00070202040402");
  CHECK(name(AesKey::aes256, Mapping::integrated) == "04007F00070202040404");
  CHECK(name(AesKey::aes128, Mapping::chip_authentication) == "04007F00070202040602");
  CHECK(name(AesKey::aes192, Mapping::chip_authentication) == "04007F00070202040603");
}
