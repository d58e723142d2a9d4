// SPDX-License-Identifier: Apache-2.0
#include "crypto/bac.hpp"

#include "tests/unit/crypto/pace_run.hpp"
#include "tests/vectors.hpp"

using namespace crypto;

namespace {

Secret password_of(std::string_view mrz_information) {
  OpensslEngine engine;
  Secret password;
  REQUIRE(mrz_password(engine, mrz_information, password));
  return password;
}

const std::string kMrz = "L898902C<369080619406236";

// A run between our own two sides, up to the terminal's cryptogram.
struct BacRun {
  ScriptedEngine terminal_engine, chip_engine;
  BacTerminal terminal{terminal_engine};
  BacChip chip{chip_engine};
  Secret password = password_of(kMrz);
  BacCryptogram sent;

  void start() { sent = terminal.authenticate(password, chip.challenge().value()).value(); }
  Bytes altered(ByteView cryptogram, std::size_t bit) const {
    Bytes out(cryptogram.begin(), cryptogram.end());
    out[bit / 8] ^= static_cast<Byte>(1U << bit % 8);
    return out;
  }
};

}  // namespace

TEST_CASE("3DES keys are derived as published, with odd parity", "[bac]") {
  OpensslEngine engine;
  const Json::Value v = read_vectors("bac")["run"];
  const Secret password = password_of(v["mrz_information"].asString());
  CHECK(to_hex(password.view().first(16)) == v["seed"].asString());
  Secret key;
  REQUIRE(triple_des_kdf(engine, octets_at(v["seed"]), KdfCounter::encryption, key));
  CHECK(to_hex(key.view()) == v["encryption"].asString());
  REQUIRE(triple_des_kdf(engine, octets_at(v["seed"]), KdfCounter::mac, key));
  CHECK(to_hex(key.view()) == v["mac"].asString());
  for (const Byte octet : key.view()) CHECK(std::popcount(octet) % 2 == 1);
}

TEST_CASE("BAC's worked example comes out in both roles", "[bac]") {
  const Json::Value v = read_vectors("bac")["run"];
  const auto check = [&](const SessionKeys& keys) {
    CHECK(keys.cipher == SmCipher::triple_des);
    CHECK(to_hex(keys.encryption.view()) == v["session_encryption"].asString());
    CHECK(to_hex(keys.mac.view()) == v["session_mac"].asString());
    CHECK(to_hex(keys.counter_start) == v["counter_start"].asString());
  };
  const Secret password = password_of(v["mrz_information"].asString());
  ScriptedEngine engine;
  engine.nonces = {octets_at(v["terminal_challenge"]), octets_at(v["terminal_part"])};
  BacTerminal terminal(engine);
  CHECK(to_hex(terminal.authenticate(password, octets_at(v["chip_challenge"])).value()) ==
        v["terminal_cryptogram"].asString());
  check(terminal.finish(octets_at(v["chip_cryptogram"])).value());

  engine.nonces = {octets_at(v["chip_challenge"]), octets_at(v["chip_part"])};
  BacChip chip(engine);
  CHECK(to_hex(chip.challenge().value()) == v["chip_challenge"].asString());
  CHECK(to_hex(chip.answer(password, octets_at(v["terminal_cryptogram"])).value()) == v["chip_cryptogram"].asString());
  check(chip.take_keys().value());
}

TEST_CASE("BAC's sides agree, each time on other keys", "[bac]") {
  Bytes last;
  for (int i = 0; i < 10; ++i) {
    BacRun run;
    run.start();
    const auto answer = run.chip.answer(run.password, run.sent);
    const auto terminal = run.terminal.finish(answer.value());
    const auto chip = run.chip.take_keys();
    REQUIRE((terminal && chip));
    CHECK(constant_time_equal(terminal->encryption, chip->encryption));
    CHECK(constant_time_equal(terminal->mac, chip->mac));
    CHECK(terminal->counter_start == chip->counter_start);
    CHECK_FALSE(std::ranges::equal(last, terminal->mac.view()));
    last.assign(terminal->mac.view().begin(), terminal->mac.view().end());
  }
}

TEST_CASE("BAC with another MRZ is refused by the chip and by the terminal", "[bac]") {
  BacRun run;
  run.start();
  const Secret other = password_of("L898902C<369080619406247");
  CHECK(run.chip.answer(other, run.sent).error() == CryptoError::bad_token);
  CHECK(run.chip.take_keys().error() == CryptoError::bad_state);

  // A chip that takes any terminal cannot show that it knows the MRZ.
  BacTerminal stranger(run.terminal_engine);
  BacChip chip(run.chip_engine);
  const auto sent = stranger.authenticate(other, chip.challenge().value());
  const auto answer = chip.answer(other, sent.value());
  CHECK(run.terminal.finish(answer.value()).error() == CryptoError::bad_token);
}

TEST_CASE("No flipped bit of a BAC cryptogram is accepted", "[bac]") {
  for (std::size_t bit = 0; bit < 8 * BacCryptogram::capacity(); ++bit) {
    CAPTURE(bit);
    BacRun run;
    run.start();
    CHECK(run.chip.answer(run.password, run.altered(run.sent, bit)).error() == CryptoError::bad_token);
    CHECK(run.chip.take_keys().error() == CryptoError::bad_state);
    run.start();
    const auto answer = run.chip.answer(run.password, run.sent).value();
    CHECK(run.terminal.finish(run.altered(answer, bit)).error() == CryptoError::bad_token);
    CHECK(run.terminal.finish(answer).error() == CryptoError::bad_state);  // one try
  }
}

TEST_CASE("BAC messages of another run are refused", "[bac]") {
  BacRun run;
  run.start();
  const BacCryptogram old = run.sent;
  const auto old_answer = run.chip.answer(run.password, old).value();
  run.start();
  SECTION("an old answer") { CHECK(run.terminal.finish(old_answer).error() == CryptoError::bad_token); }
  SECTION("the terminal's own cryptogram, mirrored") {
    CHECK(run.terminal.finish(run.sent).error() == CryptoError::bad_token);
  }
  SECTION("an old terminal's cryptogram") {
    CHECK(run.chip.answer(run.password, old).error() == CryptoError::bad_token);
  }
  SECTION("a second terminal on one challenge") {
    REQUIRE(run.chip.answer(run.password, run.sent));
    CHECK(run.chip.answer(run.password, run.sent).error() == CryptoError::bad_state);
    CHECK(run.chip.take_keys().error() == CryptoError::bad_state);
  }
}

TEST_CASE("BAC refuses steps out of order and lengths it does not have", "[bac]") {
  BacRun run;
  CHECK(run.terminal.finish(Bytes(40)).error() == CryptoError::bad_state);
  CHECK(run.chip.answer(run.password, Bytes(40)).error() == CryptoError::bad_state);
  CHECK(run.chip.take_keys().error() == CryptoError::bad_state);
  for (const std::size_t size : {0, 7, 9})
    CHECK(run.terminal.authenticate(run.password, Bytes(size)).error() == CryptoError::bad_length);
  CHECK(run.terminal.authenticate(Secret(Bytes(15)), Bytes(8)).error() == CryptoError::bad_length);
  CHECK(run.terminal.finish(Bytes(40)).error() == CryptoError::bad_state);
  for (const std::size_t size : {0, 39, 41}) {
    run.start();
    CHECK(run.chip.answer(run.password, Bytes(size)).error() == CryptoError::bad_length);
    CHECK(run.terminal.finish(Bytes(size)).error() == CryptoError::bad_length);
  }
  run.start();
  REQUIRE(run.chip.answer(run.password, run.sent));
  REQUIRE(run.chip.take_keys());
  CHECK(run.chip.take_keys().error() == CryptoError::bad_state);  // once
}

TEST_CASE("A BAC chip without random values has no challenge to answer to", "[bac]") {
  BacRun run;
  run.chip_engine.exhausted = true;
  CHECK(run.chip.challenge().error() == CryptoError::engine_failure);
  run.chip_engine.exhausted = false;
  const auto sent = run.terminal.authenticate(run.password, BacChallenge{});
  CHECK(run.chip.answer(run.password, sent.value()).error() == CryptoError::bad_state);
}
