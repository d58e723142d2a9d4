// SPDX-License-Identifier: Apache-2.0
#include "crypto/pace_mapping.hpp"

#include "tests/unit/crypto/pace_run.hpp"
#include "tests/vectors.hpp"

using namespace crypto;

namespace {

constexpr PaceParameters kIntegrated{Curve::brainpoolP256r1, AesKey::aes128, Mapping::integrated};
constexpr PaceParameters kCam{Curve::secp256r1, AesKey::aes128, Mapping::chip_authentication};

// A run with PACE-CAM up to its tokens.
struct CamRun : Run {
  explicit CamRun(PaceParameters chosen = kCam) : Run(chosen), key(chosen.curve) {
    chip.set_chip_key(key.secret);
    to_nonce();
    to_mapping();
    to_agreement();
  }
  EncryptedChipData finish() {
    const Token token = chip.finish(terminal_token).value();
    REQUIRE(terminal.finish(token).has_value());
    return chip.chip_authentication_data().value();
  }
  ChipKey key;
};

}  // namespace

TEST_CASE("PACE-IM gives every value of the published example, in both roles", "[pace]") {
  const Json::Value v = read_vectors("pace_im")["icao9303_11_h1"];
  const Secret key(octets_at(v["password_key"]));
  ScriptedEngine chip_engine;
  ScriptedEngine terminal_engine;
  chip_engine.nonces = {octets_at(v["nonce"])};
  chip_engine.scalars = {octets_at(v["chip_ephemeral_scalar"])};
  terminal_engine.nonces = {octets_at(v["terminal_nonce"])};
  terminal_engine.scalars = {octets_at(v["terminal_ephemeral_scalar"])};
  PaceChip chip(chip_engine, kIntegrated);
  PaceTerminal terminal(terminal_engine, kIntegrated);

  const auto encrypted = chip.encrypt_nonce(key);
  CHECK(to_hex(encrypted.value()) == v["encrypted_nonce"].asString());
  const auto terminal_nonce = terminal.decrypt_nonce(key, *encrypted);
  CHECK(to_hex(terminal_nonce.value()) == v["terminal_nonce"].asString());
  const SecretPoint generator = map_integrated(terminal_engine, kIntegrated.curve, kIntegrated.key,
                                               Secret(octets_at(v["nonce"])), *terminal_nonce);
  REQUIRE(generator.outcome().has_value());
  CHECK(to_hex(generator.view()) == v["mapped_generator"].asString());
  const auto chip_mapping = chip.map(*terminal_nonce);
  CHECK(chip_mapping.value().empty());
  const auto terminal_ephemeral = terminal.map(*chip_mapping);
  CHECK(to_hex(terminal_ephemeral.value()) == v["terminal_ephemeral_key"].asString());
  const auto chip_ephemeral = chip.agree(*terminal_ephemeral);
  CHECK(to_hex(chip_ephemeral.value()) == v["chip_ephemeral_key"].asString());
  const auto terminal_token = terminal.agree(*chip_ephemeral);
  CHECK(to_hex(terminal_token.value()) == v["terminal_token"].asString());
  const auto chip_token = chip.finish(*terminal_token);
  CHECK(to_hex(chip_token.value()) == v["chip_token"].asString());
  const auto keys = terminal.finish(*chip_token);
  CHECK(to_hex(keys.value().encryption.view()) == v["encryption_key"].asString());
  CHECK(to_hex(keys.value().mac.view()) == v["mac_key"].asString());
  CHECK(to_hex(chip.take_keys().value().mac.view()) == v["mac_key"].asString());
}

TEST_CASE("The point encoding reduces its number and refuses those that encode no point", "[pace]") {
  const Json::Value v = read_vectors("pace_im")["icao9303_11_h1"];
  OpensslEngine engine;
  const auto encode = [&](ByteView number) { return engine.ec_encode_point(Curve::brainpoolP256r1, number); };
  CHECK(to_hex(encode(octets_at(v["pseudo_random"])).value()) == v["mapped_generator"].asString());
  CHECK(to_hex(encode(octets_at(v["field_element"])).value()) == v["mapped_generator"].asString());
  // 0, 1, p - 1 and p (RFC 5639, 3.4) leave nothing to invert.
  const std::string p = "A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E53";
  CHECK(encode(Bytes{}).error() == CryptoError::bad_point);
  CHECK(encode(Bytes{0}).error() == CryptoError::bad_point);
  CHECK(encode(Bytes{1}).error() == CryptoError::bad_point);
  CHECK(encode(from_hex(p + "76").value()).error() == CryptoError::bad_point);
  CHECK(encode(from_hex(p + "77").value()).error() == CryptoError::bad_point);
  CHECK(encode(Bytes{2}).has_value());
  CHECK(engine.ec_encode_point(static_cast<Curve>(99), Bytes{2}).error() == CryptoError::unsupported);
}

// Both branches of the encoding, on every curve: t and -t encode the same X, whatever the branch; and the point is one
// of the curve, which the Engine checks when it multiplies.
TEST_CASE("Every small number encodes a point of its curve", "[pace]") {
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    CAPTURE(static_cast<int>(curve));
    for (Byte t = 2; t < 34; ++t) {
      const auto point = engine.ec_encode_point(curve, Bytes{t});
      REQUIRE(point.has_value());
      CHECK(engine.ec_multiply(curve, Bytes{1}, *point).has_value());
    }
  }
}

TEST_CASE("Integrated mapping holds its nonces to the key's length", "[pace]") {
  for (const AesKey length : kAesKeys) {
    CAPTURE(octets(length));
    Run run({Curve::secp384r1, length, Mapping::integrated});
    const std::size_t nonce = length == AesKey::aes128 ? 16 : 32;
    const auto encrypted = run.chip.encrypt_nonce(key_from_can(run.chip_engine, "123456", length));
    CHECK(encrypted.value().size() == nonce);
    const auto terminal_nonce =
        run.terminal.decrypt_nonce(key_from_can(run.terminal_engine, "123456", length), *encrypted);
    CHECK(terminal_nonce.value().size() == octets(length));
    CHECK(run.chip.map(Bytes(octets(length) - 1)).error() == CryptoError::bad_length);
    CHECK(run.terminal.map(Bytes(1)).error() == CryptoError::bad_length);  // the chip has nothing to add

    Run other({Curve::secp384r1, length, Mapping::integrated});
    const Secret key = key_from_can(other.terminal_engine, "123456", length);
    REQUIRE(other.terminal.decrypt_nonce(key, Bytes(48 - nonce)).has_value());
    CHECK(other.terminal.map({}).error() == CryptoError::bad_length);
  }
}

TEST_CASE("A wrong password ends a run with integrated mapping", "[pace]") {
  Run run(kIntegrated);
  run.to_nonce("123457", "123456");
  run.to_mapping();
  run.to_agreement();
  CHECK(run.chip.finish(run.terminal_token).error() == CryptoError::bad_token);
}

TEST_CASE("PACE-CAM gives the published example's values, and its chip data fit the static key", "[pace]") {
  const Json::Value v = read_vectors("pace_cam")["icao9303_11_i1"];
  const PaceParameters parameters{Curve::brainpoolP256r1, AesKey::aes128, Mapping::chip_authentication};
  ScriptedEngine engine;
  engine.scalars = {octets_at(v["terminal_mapping_scalar"]), octets_at(v["terminal_ephemeral_scalar"])};
  Secret password;
  Secret key;
  REQUIRE(mrz_password(engine, v["mrz_information"].asString(), password).has_value());
  REQUIRE(password_key(engine, password, parameters.key, key).has_value());
  CHECK(to_hex(key.view()) == v["password_key"].asString());

  PaceTerminal terminal(engine, parameters);
  CHECK(to_hex(terminal.decrypt_nonce(key, octets_at(v["encrypted_nonce"])).value()) ==
        v["terminal_mapping_key"].asString());
  CHECK(to_hex(terminal.map(octets_at(v["chip_mapping_key"])).value()) == v["terminal_ephemeral_key"].asString());
  CHECK(to_hex(terminal.agree(octets_at(v["chip_ephemeral_key"])).value()) == v["terminal_token"].asString());
  const auto keys = terminal.finish(octets_at(v["chip_token"]));
  CHECK(to_hex(keys.value().encryption.view()) == v["encryption_key"].asString());
  CHECK(to_hex(keys.value().mac.view()) == v["mac_key"].asString());
  const auto mapping = terminal.open_chip_authentication(octets_at(v["encrypted_chip_data"]));
  CHECK(to_hex(mapping.value().ca_data) == v["chip_data"].asString());
  CHECK(to_hex(mapping->mapping_key) == v["chip_mapping_key"].asString());
  CHECK(check_chip_mapping(engine, *mapping, octets_at(v["static_public_key"])).has_value());
}

TEST_CASE("A chip without the static private key fits no static key", "[pace]") {
  CamRun run;
  const auto mapping = run.terminal.open_chip_authentication(run.finish());
  REQUIRE(check_chip_mapping(run.terminal_engine, mapping.value(), run.key.open).has_value());

  const auto fits = [&](const ChipMapping& shown, ByteView key) {
    return check_chip_mapping(run.terminal_engine, shown, key);
  };
  CHECK(fits(*mapping, ChipKey(kCam.curve).open).error() == CryptoError::bad_token);
  // An empty key would mean the generator, whose private key everybody knows to be 1.
  CHECK(fits(*mapping, {}).error() == CryptoError::bad_point);
  Point off_curve = run.key.open;
  off_curve.span().back() ^= 1;
  CHECK(fits(*mapping, off_curve).error() == CryptoError::bad_point);
  CHECK(fits(*mapping, ChipKey(Curve::brainpoolP256r1).open).error() == CryptoError::bad_point);
  for (const std::size_t place : {0U, 31U}) {
    ChipMapping changed = *mapping;
    changed.ca_data.span()[place] ^= 1;
    CHECK(fits(changed, run.key.open).error() == CryptoError::bad_token);
  }
  ChipMapping zero = *mapping;
  REQUIRE(zero.ca_data.assign(Bytes(32)));
  CHECK_FALSE(fits(zero, run.key.open).has_value());
  ChipMapping nothing = *mapping;
  nothing.ca_data.clear();
  CHECK_FALSE(fits(nothing, run.key.open).has_value());
  ChipMapping other_run = *mapping;
  other_run.mapping_key = run.terminal_mapping;
  CHECK(fits(other_run, run.key.open).error() == CryptoError::bad_token);
}

TEST_CASE("Chip data that do not decrypt to a padded scalar are refused, once and for all", "[pace]") {
  const auto refused = [](auto change) {
    CamRun run;
    const EncryptedChipData data = run.finish();
    Bytes sent(data.view().begin(), data.view().end());
    change(sent);
    CHECK(run.terminal.open_chip_authentication(sent).error() == CryptoError::bad_token);
    CHECK(run.terminal.open_chip_authentication(data).error() == CryptoError::bad_state);
  };
  refused([](Bytes& data) { data.back() ^= 1; });             // in the padding's block
  refused([](Bytes& data) { data[data.size() - 17] ^= 1; });  // one bit of the padding
  refused([](Bytes& data) { data.pop_back(); });
  refused([](Bytes& data) { data.resize(data.size() - 16); });
  refused([](Bytes& data) { data.resize(data.size() + 16); });
  refused([](Bytes& data) { data.clear(); });
}

TEST_CASE("Chip data have the field's width on every curve", "[pace]") {
  for (const Curve curve : kCurves) {
    CAPTURE(static_cast<int>(curve));
    CamRun run({curve, AesKey::aes256, Mapping::chip_authentication});
    const EncryptedChipData data = run.finish();
    CHECK(data.size() == (field_size(curve) / 16 + 1) * 16);
    CHECK(run.terminal.open_chip_authentication(data).value().ca_data.size() == field_size(curve));
  }
}

TEST_CASE("Chip data of another run decrypt to nothing", "[pace]") {
  CamRun first;
  CamRun second;
  const EncryptedChipData data = first.finish();
  static_cast<void>(second.finish());
  CHECK(second.terminal.open_chip_authentication(data).error() == CryptoError::bad_token);
}

TEST_CASE("There are chip data only after a good run with PACE-CAM", "[pace]") {
  SECTION("not before the terminal's token was checked") {
    CamRun run;
    CHECK(run.chip.chip_authentication_data().error() == CryptoError::bad_state);
    CHECK(run.terminal.open_chip_authentication(Bytes(48)).error() == CryptoError::bad_state);
  }
  SECTION("not after a wrong token") {
    CamRun run;
    run.terminal_token.span()[0] ^= 1;
    CHECK(run.chip.finish(run.terminal_token).error() == CryptoError::bad_token);
    CHECK(run.chip.chip_authentication_data().error() == CryptoError::bad_state);
  }
  SECTION("not once the keys are taken") {
    CamRun run;
    static_cast<void>(run.finish());
    REQUIRE(run.chip.take_keys().has_value());
    CHECK(run.chip.chip_authentication_data().error() == CryptoError::bad_state);
  }
  SECTION("not with generic mapping") {
    Run run;
    run.to_nonce();
    run.to_mapping();
    run.to_agreement();
    REQUIRE(run.terminal.finish(run.chip.finish(run.terminal_token).value()).has_value());
    CHECK(run.chip.chip_authentication_data().error() == CryptoError::bad_state);
    CHECK(run.terminal.open_chip_authentication(Bytes(48)).error() == CryptoError::bad_state);
  }
  SECTION("not without a static key") {
    Run run(kCam);
    run.to_nonce();
    run.to_mapping();
    run.to_agreement();
    CHECK(run.chip.finish(run.terminal_token).error() == CryptoError::bad_state);
    CHECK(run.chip.take_keys().error() == CryptoError::bad_state);
  }
}

TEST_CASE("Two blocks of nonce are as good as one with generic mapping", "[pace]") {
  OpensslEngine engine;
  const Secret key = key_from_can(engine, "123456", AesKey::aes128);
  for (const std::size_t size : {16U, 32U}) {
    PaceTerminal terminal(engine, {Curve::secp256r1, AesKey::aes128});
    CHECK(terminal.decrypt_nonce(key, Bytes(size)).has_value());
  }
}
