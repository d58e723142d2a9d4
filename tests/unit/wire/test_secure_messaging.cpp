// SPDX-License-Identifier: Apache-2.0
#include "card/wire/secure_messaging.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "crypto/openssl_engine.hpp"
#include "crypto/tlv.hpp"
#include "tests/seed.hpp"
#include "tests/vectors.hpp"

using crypto::Byte;
using crypto::Bytes;
using crypto::ByteView;
using wire::Command;
using wire::LinkError;
using wire::Response;
using wire::SecureMessaging;
using wire::StatusWord;

namespace {

crypto::OpensslEngine engine;

SecureMessaging session_with(ByteView encryption, ByteView mac) {
  return {engine, {crypto::Secret(encryption), crypto::Secret(mac)}};
}

SecureMessaging session(std::size_t key_size = 32) {
  return session_with(Bytes(key_size, 0x11), Bytes(key_size, 0x22));
}

// Both ends of one session, each with memory of its own.
struct Pair {
  SecureMessaging terminal;
  SecureMessaging card;
  Bytes command_memory = Bytes(66000), plain_memory = Bytes(66000), reply_memory = Bytes(66100),
        response_memory = Bytes(66000);

  explicit Pair(std::size_t key_size = 32) : terminal(session(key_size)), card(session(key_size)) {}

  Command sent(const Command& command) {
    const auto wrapped = terminal.protect(command, command_memory);
    REQUIRE(wrapped);
    return *wrapped;
  }
  Response answered(ByteView data, StatusWord sw, bool odd = false) {
    const auto whole = card.protect(data, sw, odd, reply_memory);
    REQUIRE(whole);
    const auto response = wire::parse_response(*whole);
    REQUIRE(response);
    return *response;
  }
  void card_refuses(const Command& wrapped, StatusWord why) {
    const auto opened = card.open(wrapped, plain_memory);
    REQUIRE_FALSE(opened);
    CHECK(opened.error() == why);
    CHECK_FALSE(card.alive());
    CHECK_FALSE(card.open(wrapped, plain_memory));
    CHECK_FALSE(card.protect({}, StatusWord::ok, false, reply_memory));
  }
  void terminal_refuses(const Response& wrapped) {
    CHECK_FALSE(terminal.open(wrapped, response_memory));
    CHECK_FALSE(terminal.alive());
    CHECK_FALSE(terminal.protect({.ins = 0xB0}, command_memory));
  }
};

const Command kRead{.ins = 0xB0, .p1 = 0x9C, .le = 256};

}  // namespace

TEST_CASE("secure messaging: the worked example's cryptograms and response MACs come out") {
  const auto vectors = read_vectors("secure_messaging");
  REQUIRE(vectors["sessions"].size() == 2);
  for (const auto& vector : vectors["sessions"]) {
    const auto field = [&](const char* name) { return octets_at(vector[name]); };
    CAPTURE(vector["id"].asString());
    auto terminal = session_with(field("encryption"), field("mac"));
    auto card = session_with(field("encryption"), field("mac"));
    Bytes memory(300), plain(300);
    const Bytes data = field("data");
    const auto wrapped = terminal.protect({.ins = 0x22, .p1 = 0x81, .p2 = 0xB6, .data = data}, memory);
    REQUIRE(wrapped);
    CHECK(wrapped->cla == 0x0C);
    const Bytes encrypted = field("encrypted");
    Bytes expected{0x87, static_cast<Byte>(encrypted.size() + 1), 0x01};
    expected.insert(expected.end(), encrypted.begin(), encrypted.end());
    REQUIRE(wrapped->data.size() == expected.size() + 10);
    CHECK(std::ranges::equal(wrapped->data.first(expected.size()), expected));

    const auto opened = card.open(*wrapped, plain);
    REQUIRE(opened);
    CHECK(std::ranges::equal(opened->data, data));
    const auto answer = card.protect({}, StatusWord::ok, false, plain);
    REQUIRE(answer);
    CHECK(crypto::to_hex(*answer) == "990290008E08" + vector["response_mac"].asString() + "9000");
    const auto response = terminal.open(*wire::parse_response(*answer), memory);
    REQUIRE(response);
    CHECK(response->ok());
  }
}

TEST_CASE("secure messaging: every case, length and key length goes there and back") {
  std::mt19937 random(test_seed());
  const auto filled = [&](std::size_t size) {
    Bytes out(size);
    for (auto& octet : out) octet = static_cast<Byte>(random());
    return out;
  };
  for (const std::size_t key_size : {16, 24, 32}) {
    Pair pair(key_size);
    for (const Byte ins : {Byte{0xB0}, Byte{0xB1}})
      for (const std::size_t size : {0, 1, 15, 16, 17, 111, 112, 127, 223, 231, 256, 5000, 65000})
        for (const std::uint32_t le : {0U, 1U, 223U, 224U, 256U, 257U, 4096U, 65536U})
          for (const bool extended : {false, true}) {
            CAPTURE(key_size, ins, size, le, extended);
            const Bytes data = filled(size);
            const Command plain{.ins = ins, .p1 = 7, .p2 = 9, .data = data, .le = le, .extended = extended};
            const auto opened = pair.card.open(pair.sent(plain), pair.plain_memory);
            REQUIRE(opened);
            CHECK(opened->cla == 0);
            CHECK(opened->ins == ins);
            CHECK(opened->p1 == 7);
            CHECK(opened->p2 == 9);
            CHECK(std::ranges::equal(opened->data, data));
            CHECK(opened->le == le);
            const Bytes answer = filled(std::min<std::size_t>(le, 65000));
            const auto back =
                pair.terminal.open(pair.answered(answer, StatusWord::end_of_file, ins == 0xB1), pair.response_memory);
            REQUIRE(back);
            CHECK(back->sw == StatusWord::end_of_file);
            CHECK(std::ranges::equal(back->data, answer));
          }
  }
}

TEST_CASE("secure messaging: the outer Le always has room for the protected answer") {
  for (std::uint32_t le = 0; le <= 2000; ++le) {
    Pair pair;
    const Command wrapped = pair.sent({.ins = 0xB0, .le = le});
    CHECK(wrapped.le + 2 >= wire::protected_response_size(le));
  }
}

TEST_CASE("secure messaging: plain_capacity is the most that fits") {
  CHECK(SecureMessaging::plain_capacity(258) == 223);  // the figure every short-only reader knows
  CHECK(SecureMessaging::plain_capacity(0) == 0);
  for (std::size_t capacity = 0; capacity < 3000; ++capacity) {
    const std::size_t plain = SecureMessaging::plain_capacity(capacity);
    if (plain != 0) REQUIRE(wire::protected_response_size(plain) <= capacity);
    REQUIRE(wire::protected_response_size(plain + 1) > capacity);
  }
}

TEST_CASE("secure messaging: a response may be built over its own data") {
  Pair pair;
  const Bytes data(100, 0x77);
  for (const std::size_t offset : {0, 1, 2, 3, 5, 16, 50}) {
    std::ranges::copy(data, pair.reply_memory.begin() + static_cast<std::ptrdiff_t>(offset));
    REQUIRE(pair.card.open(pair.sent(kRead), pair.plain_memory));
    const auto in_place = ByteView(pair.reply_memory).subspan(offset, data.size());
    const auto back = pair.terminal.open(pair.answered(in_place, StatusWord::ok), pair.response_memory);
    REQUIRE(back);
    CHECK(std::ranges::equal(back->data, data));
  }
}

TEST_CASE("secure messaging: errors are protected too") {
  Pair pair;
  REQUIRE(pair.card.open(pair.sent(kRead), pair.plain_memory));
  const auto wrapped = pair.answered({}, StatusWord::file_not_found);
  CHECK(wrapped.data.size() == 14);
  CHECK(pair.terminal.open(wrapped, pair.response_memory)->sw == StatusWord::file_not_found);
  CHECK(pair.terminal.alive());
}

TEST_CASE("secure messaging: no flipped bit of a command is accepted") {
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
    if (bit / 8 < 4)
      *header[bit / 8] ^= mask;
    else
      pair.command_memory[bit / 8 - 4] ^= mask;
    CHECK_FALSE(pair.card.open(wrapped, pair.plain_memory));
    CHECK_FALSE(pair.card.alive());
  }
}

TEST_CASE("secure messaging: no flipped bit of a response is accepted") {
  const Bytes data{1, 2, 3};
  const std::size_t size = wire::protected_response_size(data.size());
  for (std::size_t bit = 0; bit < 8 * size; ++bit) {
    CAPTURE(bit);
    Pair pair;
    REQUIRE(pair.card.open(pair.sent(kRead), pair.plain_memory));
    (void)pair.answered(data, StatusWord::ok);
    pair.reply_memory[bit / 8] ^= static_cast<Byte>(1U << bit % 8);
    pair.terminal_refuses(*wire::parse_response(ByteView(pair.reply_memory).first(size)));
  }
}

TEST_CASE("secure messaging: no truncated message is accepted") {
  const Bytes data(20, 1);
  Pair sample;
  const std::size_t command_size = sample.sent({.ins = 0xD6, .data = data, .le = 1}).data.size();
  for (std::size_t size = 0; size < command_size; ++size) {
    Pair pair;
    Command wrapped = pair.sent({.ins = 0xD6, .data = data, .le = 1});
    wrapped.data = wrapped.data.first(size);
    CHECK_FALSE(pair.card.open(wrapped, pair.plain_memory));
    CHECK_FALSE(pair.card.alive());
  }
  for (std::size_t size = 0; size < wire::protected_response_size(data.size()) - 2; ++size) {
    Pair pair;
    REQUIRE(pair.card.open(pair.sent(kRead), pair.plain_memory));
    Response wrapped = pair.answered(data, StatusWord::ok);
    wrapped.data = wrapped.data.first(size);
    pair.terminal_refuses(wrapped);
  }
}

TEST_CASE("secure messaging: stripped messages are refused") {
  Pair pair;
  SECTION("a plain command") { pair.card_refuses(kRead, StatusWord::sm_objects_missing); }
  SECTION("half the secure messaging bits") {
    Command wrapped = pair.sent(kRead);
    wrapped.cla = 0x04;
    pair.card_refuses(wrapped, StatusWord::sm_objects_missing);
  }
  SECTION("no MAC") {
    Command wrapped = pair.sent(kRead);
    wrapped.data = wrapped.data.first(3);
    pair.card_refuses(wrapped, StatusWord::sm_objects_missing);
  }
  SECTION("no objects at all") {
    Command wrapped = pair.sent(kRead);
    wrapped.data = {};
    pair.card_refuses(wrapped, StatusWord::sm_objects_missing);
  }
  SECTION("a plain answer") {
    (void)pair.sent(kRead);
    const Bytes data(8, 1);
    pair.terminal_refuses({data, StatusWord::ok});
  }
  SECTION("a naked error") {
    (void)pair.sent(kRead);
    pair.terminal_refuses({{}, StatusWord::file_not_found});
  }
  SECTION("another status word outside than inside") {
    REQUIRE(pair.card.open(pair.sent(kRead), pair.plain_memory));
    Response wrapped = pair.answered({}, StatusWord::ok);
    wrapped.sw = StatusWord::end_of_file;
    pair.terminal_refuses(wrapped);
  }
}

TEST_CASE("secure messaging: replayed and reordered messages are refused") {
  Pair pair;
  const Command first = pair.sent(kRead);
  const Bytes kept(first.data.begin(), first.data.end());
  Command again = first;
  again.data = kept;
  SECTION("the same command twice") {
    REQUIRE(pair.card.open(first, pair.plain_memory));
    (void)pair.answered({}, StatusWord::ok);
    pair.card_refuses(again, StatusWord::sm_objects_incorrect);
  }
  SECTION("the same response twice") {
    REQUIRE(pair.card.open(first, pair.plain_memory));
    const Response response = pair.answered({}, StatusWord::ok);
    REQUIRE(pair.terminal.open(response, pair.response_memory));
    (void)pair.sent(kRead);
    pair.terminal_refuses(response);
  }
  SECTION("the second command before the first") {
    pair.card_refuses(pair.sent(kRead), StatusWord::sm_objects_incorrect);
  }
  SECTION("a command played back to the terminal as its answer") { pair.terminal_refuses({kept, StatusWord::ok}); }
  SECTION("a message of another session") {
    Pair other(16);
    pair.card_refuses(other.sent(kRead), StatusWord::sm_objects_incorrect);
  }
}

TEST_CASE("secure messaging: objects out of order, doubled, unknown or misshapen are refused") {
  // Each is correctly authenticated, so that the refusal is the form's.
  const auto refused = [](Byte ins, const std::string& objects) {
    CAPTURE(objects);
    Pair pair;
    Bytes data = crypto::from_hex(objects).value();
    Bytes counter(16), header{0x0C, ins, 0, 0, 0x80}, tail{0x80};
    counter[15] = 1;
    header.resize(16);
    tail.resize(16 - data.size() % 16);
    const std::array<ByteView, 4> parts{counter, header, data, tail};
    Bytes mac(16);
    REQUIRE(engine.aes_cmac(Bytes(32, 0x22), parts, mac));
    mac.resize(8);
    crypto::append_tlv(data, 0x8E, mac);
    return !pair.card.open({.cla = 0x0C, .ins = ins, .data = data, .le = 256}, pair.plain_memory).has_value() &&
           !pair.card.alive();
  };
  const std::string block = "00112233445566778899AABBCCDDEEFF";
  CHECK_FALSE(refused(0xB0, "970100"));  // the builder above makes what is accepted
  CHECK_FALSE(refused(0xB0, "97020000"));
  CHECK(refused(0xB0, "9703000000"));
  CHECK(refused(0xB0, "970100970100"));
  CHECK(refused(0xB0, "970100871101" + block));
  CHECK(refused(0xB0, "8510" + block));              // odd form for an even instruction
  CHECK(refused(0xB1, "871101" + block));            // even form for an odd one
  CHECK(refused(0xB0, "871102" + block));            // no such padding indicator
  CHECK(refused(0xB0, "871001" + block.substr(2)));  // no whole number of blocks
  CHECK(refused(0xB0, "8700"));
  CHECK(refused(0xB0,
                "8701"
                "01"));
  CHECK(refused(0xB0, "8500"));
  CHECK(refused(0xB0, "99029000"));
  CHECK(refused(0xB0, "810100"));
  CHECK(refused(0xB0, "871101" + block));  // decrypts to something without padding
  CHECK(refused(0xB0, "9780"));
  CHECK(refused(0xB0, "00"));
}

TEST_CASE("secure messaging: data that do not fit destroy the session instead of writing outside") {
  const Bytes data(64, 1);
  Bytes small(63);
  Pair pair;
  SECTION("terminal, command") {
    CHECK_FALSE(pair.terminal.protect({.ins = 0xD6, .data = data}, small));
    CHECK_FALSE(pair.terminal.alive());
  }
  SECTION("card, command") {
    const Command wrapped = pair.sent({.ins = 0xD6, .data = data});
    CHECK_FALSE(pair.card.open(wrapped, small));
    CHECK_FALSE(pair.card.alive());
  }
  SECTION("card, response") {
    REQUIRE(pair.card.open(pair.sent(kRead), pair.plain_memory));
    CHECK_FALSE(pair.card.protect(data, StatusWord::ok, false, small));
    CHECK_FALSE(pair.card.alive());
  }
  SECTION("terminal, response") {
    REQUIRE(pair.card.open(pair.sent(kRead), pair.plain_memory));
    CHECK_FALSE(pair.terminal.open(pair.answered(data, StatusWord::ok), small));
    CHECK_FALSE(pair.terminal.alive());
  }
}

TEST_CASE("secure messaging: the channel closes for good after a failure") {
  struct Card final : wire::Channel {
    SecureMessaging sm = session();
    Bytes plain = Bytes(300), reply = Bytes(300);
    bool fail = false, naked = false;
    int heard = 0;
    crypto::Result<Response, LinkError> transmit(const Command& command) override {
      ++heard;
      if (fail) return crypto::unexpected<LinkError>(LinkError::card_removed);
      if (naked) return Response{{}, StatusWord::conditions_not_satisfied};
      const auto opened = sm.open(command, plain);
      REQUIRE(opened);
      return *wire::parse_response(*sm.protect(opened->data, StatusWord::ok, false, reply));
    }
  } card;
  Bytes command_memory(300), response_memory(300);
  wire::SecureChannel channel(card, session(), command_memory, response_memory);
  const Bytes data{4, 5, 6};
  const auto echo = channel.transmit({.ins = 0xD6, .data = data});
  REQUIRE(echo);
  CHECK(std::ranges::equal(echo->data, data));
  SECTION("of the link") {
    card.fail = true;
    CHECK(channel.transmit(kRead).error() == LinkError::card_removed);
    card.fail = false;
  }
  SECTION("of secure messaging") {
    card.naked = true;
    CHECK(channel.transmit(kRead).error() == LinkError::secure_messaging);
    card.naked = false;
  }
  CHECK_FALSE(channel.alive());
  CHECK(channel.transmit(kRead).error() == LinkError::secure_messaging);
  CHECK(card.heard == 2);  // nothing goes out without protection
}
