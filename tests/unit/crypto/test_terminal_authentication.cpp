// SPDX-License-Identifier: Apache-2.0
#include "crypto/terminal_authentication.hpp"

#include "crypto/chip_authentication.hpp"
#include "crypto/cv_certificate.hpp"
#include "tests/unit/crypto/pace_run.hpp"
#include "tests/vectors.hpp"

using namespace crypto;

TEST_CASE("A terminal signs identifier, challenge and key, one behind the other", "[terminal_authentication]") {
  OpensslEngine engine;
  const std::array<Byte, 3> id{'a', 'b', 'c'};
  const std::array<Byte, 8> challenge{'d', 'b', 'c', 'd', 'e', 'c', 'd', 'e'};
  const std::array<Byte, 45> key = [] {
    std::array<Byte, 45> rest{};
    const auto text = as_bytes("fdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    std::ranges::copy(text, rest.begin());
    return rest;
  }();
  // The three parts are the second message of FIPS 180-2, appendix B.2.
  const auto digest = terminal_digest(engine, HashAlgorithm::sha256, {id, challenge, key});
  CHECK(to_hex(digest.value()) == "248D6A61D20638B8E5C026930C3E6039A33CE45964FF2167F6ECEDD419DB06C1");
  CHECK(terminal_digest(engine, HashAlgorithm::sha384, {id, challenge, key}).value().size() == 48);
}

TEST_CASE("The worked example's chain and terminal signature hold, and for nobody else", "[terminal_authentication]") {
  OpensslEngine engine;
  const Json::Value v = read_vectors("terminal_authentication")["bsi_eac2_worked_example"];
  REQUIRE(v.size() == 7);
  std::array<Bytes, 3> octets;
  std::array<CvKey, 3> keys;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    octets[i] = octets_at(v[std::array{"cvca", "verifier", "terminal"}[i]]);
    const CvCertificate certificate = parse_cv_certificate(octets[i]).value();
    keys[i] = cv_key(engine, certificate.key, i == 0 ? std::nullopt : std::optional(keys[0].curve)).value();
    for (std::size_t issuer = 0; issuer <= i; ++issuer)
      CHECK(verify(engine, certificate, keys[issuer]).has_value() == (issuer + 1 == i || (i == 0 && issuer == 0)));
  }
  const Bytes chip_key = octets_at(v["chip_key"]), challenge = octets_at(v["challenge"]);
  const Bytes terminal_key = octets_at(v["terminal_key"]), signature = octets_at(v["signature"]);
  const auto holds = [&](ByteView id, ByteView key) {
    const auto digest = terminal_digest(engine, keys[2].hash, {id, challenge, key}).value();
    return engine.ecdsa_verify(keys[2].curve, keys[2].point, digest, signature).has_value();
  };
  CHECK(holds(compressed(chip_key), compressed(terminal_key)));
  CHECK_FALSE(holds(compressed(terminal_key), compressed(chip_key)));
  CHECK_FALSE(holds(chip_key, compressed(terminal_key)));
}

TEST_CASE("A terminal signs nothing that lacks a part", "[terminal_authentication]") {
  OpensslEngine engine;
  const std::array<Byte, 32> x{};
  const std::array<Byte, 8> challenge{};
  const auto error = [&](const TerminalChallenge& parts) {
    return terminal_digest(engine, HashAlgorithm::sha256, parts).error();
  };
  CHECK(error({{}, challenge, x}) == CryptoError::bad_length);
  CHECK(error({x, challenge, {}}) == CryptoError::bad_length);
  CHECK(error({x, {}, x}) == CryptoError::bad_length);
  CHECK(error({x, ByteView(challenge).first(7), x}) == CryptoError::bad_length);
}

TEST_CASE("Both sides of a run name the same ephemeral keys", "[terminal_authentication]") {
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    CAPTURE(static_cast<int>(curve));
    Secret password;
    REQUIRE(password_key(engine, Secret(as_bytes("123456")), AesKey::aes128, password).has_value());
    const PaceParameters parameters{curve, AesKey::aes128, Mapping::generic};
    PaceTerminal terminal(engine, parameters);
    PaceChip chip(engine, parameters);
    const auto nonce = chip.encrypt_nonce(password);
    const Point mapping = terminal.decrypt_nonce(password, nonce.value()).value();
    const Point ephemeral = terminal.map(chip.map(mapping).value()).value();
    const Point of_chip = chip.agree(ephemeral).value();
    REQUIRE(chip.finish(terminal.agree(of_chip).value()).has_value());
    CHECK(std::ranges::equal(terminal.terminal_key(), ephemeral.view()));
    CHECK(std::ranges::equal(chip.terminal_key(), ephemeral.view()));
    CHECK(std::ranges::equal(terminal.chip_key(), of_chip.view()));
    CHECK(std::ranges::equal(chip.chip_key(), of_chip.view()));
    CHECK(compressed(of_chip).size() == field_size(curve));
    CHECK(std::ranges::equal(compressed(of_chip), of_chip.view().subspan(1, field_size(curve))));

    ChipAuthenticationTerminal authentication(engine, curve, AesKey::aes128);
    const Point key = authentication.start(ChipKey(curve).open).value();
    CHECK(std::ranges::equal(authentication.terminal_key(), key.view()));
  }
}
