// SPDX-License-Identifier: Apache-2.0
// Secure messaging with 3DES, as documents with BAC have it.
#include <catch2/catch.hpp>
#include <random>

#include "card/wire/secure_messaging.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/tlv.hpp"
#include "tests/seed.hpp"
#include "tests/vectors.hpp"

using crypto::Byte;
using crypto::Bytes;
using crypto::ByteView;
using wire::Command;
using wire::Response;
using wire::SecureMessaging;
using wire::StatusWord;

namespace {

crypto::OpensslEngine engine;

SecureMessaging session(ByteView encryption, ByteView mac, ByteView counter_start) {
  crypto::SessionKeys keys{crypto::Secret(encryption), crypto::Secret(mac), crypto::SmCipher::triple_des};
  std::ranges::copy(counter_start, keys.counter_start.begin());
  return {engine, std::move(keys)};
}

struct Pair {
  explicit Pair(const Bytes& start = Bytes(8))
      : terminal(session(Bytes(16, 0x11), Bytes(16, 0x22), start)),
        card(session(Bytes(16, 0x11), Bytes(16, 0x22), start)) {}
  SecureMessaging terminal, card;
  Bytes command_memory = Bytes(6000), plain_memory = Bytes(6000), reply_memory = Bytes(6000),
        response_memory = Bytes(6000);

  Command sent(const Command& command) { return terminal.protect(command, command_memory).value(); }
  Response answered(ByteView data, StatusWord sw, bool odd = false) {
    return wire::parse_response(card.protect(data, sw, odd, reply_memory).value()).value();
  }
};

Bytes encoded(const Command& command) {
  Bytes out(wire::encoded_size(command));
  REQUIRE(wire::encode(command, out));
  return out;
}

}  // namespace

TEST_CASE("3DES messaging: the worked example comes out octet for octet, in both roles") {
  const auto vectors = read_vectors("bac");
  const auto field = [&](const char* name) { return octets_at(vectors["run"][name]); };
  auto terminal = session(field("session_encryption"), field("session_mac"), field("counter_start"));
  auto card = session(field("session_encryption"), field("session_mac"), field("counter_start"));
  Bytes command_memory(300), plain_memory(300), response_memory(300);
  REQUIRE(vectors["secure_messaging"].size() == 3);
  for (const auto& exchange : vectors["secure_messaging"]) {
    CAPTURE(exchange["name"].asString());
    const Bytes plain = octets_at(exchange["command"]);
    const auto wrapped = terminal.protect(wire::parse_command(plain).value(), command_memory).value();
    CHECK(crypto::to_hex(encoded(wrapped)) == exchange["protected_command"].asString());
    CHECK(encoded(card.open(wrapped, plain_memory).value()) == plain);

    const Bytes answer = octets_at(exchange["response"]);
    const auto protected_answer =
        card.protect(ByteView(answer).first(answer.size() - 2), StatusWord::ok, false, plain_memory).value();
    CHECK(crypto::to_hex(protected_answer) == exchange["protected_response"].asString());
    const auto opened = terminal.open(wire::parse_response(protected_answer).value(), response_memory).value();
    CHECK(opened.ok());
    CHECK(std::ranges::equal(opened.data, ByteView(answer).first(answer.size() - 2)));
  }
}

TEST_CASE("3DES messaging: every length goes there and back, and never takes more than AES") {
  std::mt19937 random(test_seed());
  Pair pair;
  for (const Byte ins : {Byte{0xB0}, Byte{0xB1}})
    for (const std::size_t size : {0, 1, 7, 8, 9, 15, 16, 119, 120, 223, 231, 255, 256, 5000})
      for (const std::uint32_t le : {0U, 1U, 223U, 231U, 256U, 4096U}) {
        CAPTURE(ins, size, le);
        Bytes data(size), answer(le);
        for (Byte& octet : data) octet = static_cast<Byte>(random());
        for (Byte& octet : answer) octet = static_cast<Byte>(random());
        const auto opened = pair.card.open(pair.sent({.ins = ins, .p1 = 7, .data = data, .le = le}), pair.plain_memory);
        REQUIRE(opened);
        CHECK(std::ranges::equal(opened->data, data));
        CHECK(opened->le == le);
        const Response wrapped = pair.answered(answer, StatusWord::end_of_file, ins == 0xB1);
        CHECK(wrapped.data.size() + 2 <= wire::protected_response_size(le));
        const auto back = pair.terminal.open(wrapped, pair.response_memory);
        REQUIRE(back);
        CHECK(back->sw == StatusWord::end_of_file);
        CHECK(std::ranges::equal(back->data, answer));
      }
}

TEST_CASE("3DES messaging: no flipped bit is accepted") {
  const Bytes data{1, 2, 3};
  const Command plain{.ins = 0xD6, .p1 = 1, .p2 = 2, .data = data, .le = 5};
  Pair sample;
  const std::size_t bits = 8 * (4 + sample.sent(plain).data.size());
  for (std::size_t bit = 0; bit < bits; ++bit) {
    CAPTURE(bit);
    Pair pair;
    Command wrapped = pair.sent(plain);
    const auto mask = static_cast<Byte>(1U << bit % 8);
    Byte* header[] = {&wrapped.cla, &wrapped.ins, &wrapped.p1, &wrapped.p2};
    (bit / 8 < 4 ? *header[bit / 8] : pair.command_memory[bit / 8 - 4]) ^= mask;
    CHECK_FALSE(pair.card.open(wrapped, pair.plain_memory));
    CHECK_FALSE(pair.card.alive());
  }
  const std::size_t size = Pair().answered(data, StatusWord::ok).data.size() + 2;
  for (std::size_t bit = 0; bit < 8 * size; ++bit) {
    CAPTURE(bit);
    Pair pair;
    REQUIRE(pair.card.open(pair.sent(plain), pair.plain_memory));
    (void)pair.answered(data, StatusWord::ok);
    pair.reply_memory[bit / 8] ^= static_cast<Byte>(1U << bit % 8);
    CHECK_FALSE(
        pair.terminal.open(*wire::parse_response(ByteView(pair.reply_memory).first(size)), pair.response_memory));
    CHECK_FALSE(pair.terminal.alive());
  }
}

TEST_CASE("3DES messaging: replays, other counters and other ciphers are refused") {
  Pair pair;
  const Command first = pair.sent({.ins = 0xB0, .le = 4});
  SECTION("the same command twice") {
    REQUIRE(pair.card.open(first, pair.plain_memory));
    (void)pair.answered({}, StatusWord::ok);
    CHECK_FALSE(pair.card.open(first, pair.plain_memory));
  }
  SECTION("a counter that started elsewhere") {
    Pair other(Bytes{0, 0, 0, 0, 0, 0, 0, 1});
    CHECK_FALSE(other.card.open(first, other.plain_memory));
  }
  SECTION("the same keys with AES") {
    SecureMessaging card(engine, {crypto::Secret(Bytes(16, 0x11)), crypto::Secret(Bytes(16, 0x22))});
    CHECK_FALSE(card.open(first, pair.plain_memory));
  }
}

TEST_CASE("3DES messaging: the counter carries, and never starts over") {
  Pair carries(Bytes{0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF});
  REQUIRE(carries.card.open(carries.sent({.ins = 0xB0, .le = 4}), carries.plain_memory));
  CHECK(carries.terminal.open(carries.answered({}, StatusWord::ok), carries.response_memory));
  Pair ends(Bytes(8, 0xFF));
  CHECK_FALSE(ends.terminal.protect({.ins = 0xB0, .le = 4}, ends.command_memory));
  CHECK_FALSE(ends.terminal.alive());
}

TEST_CASE("3DES messaging: a cryptogram that is no whole number of blocks is refused behind a good MAC") {
  Pair pair;
  const Bytes counter{0, 0, 0, 0, 0, 0, 0, 1}, header{0x0C, 0xB0, 0, 0, 0x80, 0, 0, 0};
  Bytes data = crypto::from_hex("870A01001122334455667788").value();  // nine octets
  const Bytes padding = crypto::from_hex("80000000").value();
  const auto mac =
      crypto::retail_mac(engine, Bytes(16, 0x22), std::array<ByteView, 4>{counter, header, data, padding}).value();
  crypto::append_tlv(data, 0x8E, mac);
  const auto opened = pair.card.open({.cla = 0x0C, .ins = 0xB0, .data = data, .le = 256}, pair.plain_memory);
  REQUIRE_FALSE(opened);
  CHECK(opened.error() == StatusWord::sm_objects_incorrect);
  CHECK_FALSE(pair.card.alive());
}
