// SPDX-License-Identifier: Apache-2.0
#include "card/wire/scp03.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "crypto/openssl_engine.hpp"
#include "tests/seed.hpp"
#include "tests/vectors.hpp"

using crypto::Byte;
using crypto::Bytes;
using crypto::ByteView;
using wire::Command;
using wire::LinkError;
using wire::Response;
using wire::Scp03Error;
using wire::Scp03Mode;
using wire::Scp03Session;
using wire::StatusWord;

namespace {

crypto::OpensslEngine engine;

const Json::Value& vectors() {
  static const Json::Value read = read_vectors("scp03_sessions");
  return read;
}

Bytes encoded(const Command& command) {
  Bytes out(wire::encoded_size(command));
  REQUIRE(wire::encode(command, out));
  return out;
}

wire::Scp03Keys keys(std::size_t size, Byte fill = 0x40) {
  return {1, crypto::Secret(Bytes(size, fill)), crypto::Secret(Bytes(size, static_cast<Byte>(fill + 1))),
          crypto::Secret(Bytes(size, static_cast<Byte>(fill + 2)))};
}

// Both ends of one open session.
struct Pair {
  Scp03Session terminal, card;
  Bytes command_memory = Bytes(4000), plain_memory = Bytes(4000), reply_memory = Bytes(4000),
        response_memory = Bytes(4000);

  Pair(Scp03Mode mode, Byte level, std::size_t key_size = 16) : terminal(engine, mode), card(engine, mode) {
    const Bytes host(wire::octets(mode), 0x51), chip(wire::octets(mode), 0x52);
    for (Scp03Session* each : {&terminal, &card}) {
      REQUIRE(each->derive(keys(key_size), host, chip));
      each->set_level(level);
    }
  }
  Command sent(const Command& plain) {
    const auto wrapped = terminal.wrap_command(plain, command_memory);
    REQUIRE(wrapped);
    return *wrapped;
  }
  Command received(const Command& wrapped) {
    const auto plain = card.unwrap_command(wrapped, plain_memory);
    REQUIRE(plain);
    return *plain;
  }
  Response answered(ByteView data, StatusWord sw) {
    wire::Reply reply(reply_memory);
    REQUIRE(reply.append(data));
    REQUIRE(card.wrap_response(reply, sw));
    return *wire::parse_response(reply.finish(sw));
  }
  void card_refuses(const Command& wrapped, StatusWord why) {
    const auto plain = card.unwrap_command(wrapped, plain_memory);
    REQUIRE_FALSE(plain);
    CHECK(plain.error() == why);
    CHECK_FALSE(card.alive());
    CHECK_FALSE(card.unwrap_command(wrapped, plain_memory));
  }
  void terminal_refuses(const Response& wrapped) {
    CHECK_FALSE(terminal.unwrap_response(wrapped, response_memory));
    CHECK_FALSE(terminal.alive());
    CHECK_FALSE(terminal.wrap_command({.cla = 0x80}, command_memory));
  }
};

constexpr std::array<Byte, 6> kLevels{0x00, 0x01, 0x03, 0x11, 0x13, 0x33};

// A security domain that opens a session, for the terminal's functions.
class SecurityDomain final : public wire::Channel {
public:
  explicit SecurityDomain(Scp03Mode mode, std::size_t key_size = 32) : session(engine, mode), keys_(keys(key_size)) {}
  Scp03Session session;
  bool break_answer = false, remove = false;
  int authentications = 0;

  crypto::Result<Response, LinkError> transmit(const Command& command) override {
    if (remove) return crypto::unexpected<LinkError>(LinkError::card_removed);
    wire::Reply reply(memory_);
    return *wire::parse_response(reply.finish(answer(command, reply)));
  }

private:
  StatusWord answer(const Command& command, wire::Reply& reply) {
    const std::size_t size = wire::octets(session.mode());
    if (command.ins == 0x50) {
      if (command.data.size() != size) return StatusWord::wrong_length;
      const Bytes challenge(size, 0xC0);
      REQUIRE(session.derive(keys_, command.data, challenge));
      Bytes cryptogram(size);
      REQUIRE(session.card_cryptogram(cryptogram));
      const Bytes head{0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, static_cast<Byte>(size == 16 ? 0x61 : 0x60)};
      REQUIRE((reply.append(head) && reply.append(challenge) && reply.append(cryptogram)));
      if (break_answer) reply.data()[12] ^= 0x01;
      session.set_level(wire::kCMac);
      return StatusWord::ok;
    }
    const auto plain = session.unwrap_command(command, plain_);
    if (!plain) return plain.error();
    if (command.ins == 0x82) {
      ++authentications;
      Bytes expected(size);
      REQUIRE(session.host_cryptogram(expected));
      if (!std::ranges::equal(expected, plain->data)) return StatusWord::authentication_failed;
      session.set_level(command.p1);
      return StatusWord::ok;
    }
    REQUIRE(reply.append(plain->data));
    if (const auto wrapped = session.wrap_response(reply, StatusWord::ok); !wrapped) return wrapped.error();
    return StatusWord::ok;
  }

  wire::Scp03Keys keys_;
  Bytes memory_ = Bytes(1000), plain_ = Bytes(1000);
};

}  // namespace

TEST_CASE("SCP03: captured sessions come out to the bit, for both roles") {
  REQUIRE(vectors()["sessions"].size() == 5);
  for (const auto& vector : vectors()["sessions"]) {
    CAPTURE(vector["id"].asString());
    const wire::Scp03Keys static_keys{octets_at(vector["key_version"])[0], crypto::Secret(octets_at(vector["enc"])),
                                      crypto::Secret(octets_at(vector["mac"])),
                                      crypto::Secret(octets_at(vector["dek"]))};
    const Bytes initialize_update = octets_at(vector["initialize_update"]);
    const auto host_challenge = wire::parse_command(initialize_update)->data;
    const auto answer = wire::parse_initialize_update(octets_at(vector["initialize_update_answer"]));
    REQUIRE(answer);
    CHECK(answer->key_version == static_keys.version);
    CHECK(answer->mode == Scp03Mode::s8);
    CHECK(answer->i_parameter == 0x70);
    CHECK(answer->sequence_counter.size() == 3);
    const Byte level = octets_at(vector["level"])[0];

    Scp03Session terminal(engine, answer->mode), card(engine, answer->mode);
    for (Scp03Session* each : {&terminal, &card}) {
      REQUIRE(each->derive(static_keys, host_challenge, answer->card_challenge));
      each->set_level(wire::kCMac);
    }
    Bytes memory(600), opened(600);
    const auto cryptogram = crypto::ByteSpan(memory).first(8);
    REQUIRE(terminal.card_cryptogram(cryptogram));
    CHECK(std::ranges::equal(cryptogram, octets_at(vector["card_cryptogram"])));
    REQUIRE(card.host_cryptogram(cryptogram));
    CHECK(std::ranges::equal(cryptogram, octets_at(vector["host_cryptogram"])));

    const Bytes host_cryptogram = octets_at(vector["host_cryptogram"]);
    const auto authenticate =
        terminal.wrap_command({.cla = 0x80, .ins = 0x82, .p1 = level, .data = host_cryptogram}, memory);
    REQUIRE(authenticate);
    CHECK(encoded(*authenticate) == octets_at(vector["external_authenticate"]));
    REQUIRE(card.unwrap_command(*authenticate, opened));
    terminal.set_level(level);
    card.set_level(level);

    for (const auto& step : vector["commands"]) {
      CAPTURE(step["plain"].asString());
      const Bytes plain_apdu = octets_at(step["plain"]);
      const auto plain = wire::parse_command(plain_apdu);
      REQUIRE(plain);
      const auto wrapped = terminal.wrap_command(*plain, memory);
      REQUIRE(wrapped);
      REQUIRE(encoded(*wrapped) == octets_at(step["wrapped"]));
      const auto unwrapped = card.unwrap_command(*wrapped, opened);
      REQUIRE(unwrapped);
      CHECK(encoded(*unwrapped) == plain_apdu);
      if (!step.isMember("answer")) continue;

      const Bytes expected = octets_at(step["answer"]), clear = octets_at(step["opened"]);
      const auto sw = static_cast<StatusWord>(std::stoul(step["sw"].asString(), nullptr, 16));
      Bytes out(600);
      wire::Reply reply(out);
      REQUIRE(reply.append(clear));
      REQUIRE(card.wrap_response(reply, sw));
      CHECK(std::ranges::equal(reply.data(), expected));
      const auto response = terminal.unwrap_response({expected, sw}, opened);
      REQUIRE(response);
      CHECK(std::ranges::equal(response->data, clear));
    }
  }
}

TEST_CASE("SCP03: key check values") {
  REQUIRE(vectors()["key_check_values"].size() == 3);
  for (const auto& vector : vectors()["key_check_values"]) {
    const auto value = wire::key_check_value(engine, octets_at(vector[0]));
    REQUIRE(value);
    CHECK(std::ranges::equal(value->view(), octets_at(vector[1])));
  }
  CHECK_FALSE(wire::key_check_value(engine, Bytes(15)));
}

TEST_CASE("SCP03: the security levels that exist") {
  int exist = 0;
  for (int level = 0; level < 256; ++level)
    if (wire::is_security_level(static_cast<Byte>(level))) ++exist;
  CHECK(exist == 6);
  for (const Byte level : kLevels) CHECK(wire::is_security_level(level));
}

TEST_CASE("SCP03: every mode, level, key length and size goes there and back") {
  std::mt19937 random(test_seed());
  for (const auto mode : {Scp03Mode::s8, Scp03Mode::s16})
    for (const Byte level : kLevels)
      for (const std::size_t key_size : {16, 24, 32}) {
        Pair pair(mode, level, key_size);
        for (const std::size_t size : {0, 1, 15, 16, 17, 223, 239, 247, 255, 256, 3000})
          for (const std::uint32_t le : {0U, 256U, 1000U}) {
            CAPTURE(static_cast<int>(mode), level, key_size, size, le);
            Bytes data(size);
            for (auto& octet : data) octet = static_cast<Byte>(random());
            const Command plain{.cla = 0x80, .ins = 0xE2, .p1 = 3, .p2 = 4, .data = data, .le = le};
            // Over the wire, so that the length form is part of the test.
            const Bytes apdu = encoded(pair.sent(plain));
            CHECK(apdu[0] == (level == 0 ? 0x80 : 0x84));
            const Command back = pair.received(*wire::parse_command(apdu));
            CHECK(back.cla == 0x80);
            CHECK(back.ins == 0xE2);
            CHECK(back.p1 == 3);
            CHECK(back.p2 == 4);
            CHECK(back.le == le);
            CHECK(std::ranges::equal(back.data, data));
            for (const StatusWord sw : {StatusWord::ok, StatusWord::end_of_file}) {
              const auto response = pair.terminal.unwrap_response(pair.answered(data, sw), pair.response_memory);
              REQUIRE(response);
              CHECK(response->sw == sw);
              CHECK(std::ranges::equal(response->data, data));
            }
            const auto error = pair.answered({}, StatusWord::wrong_data);
            CHECK(error.data.empty());  // 6.2.5
            CHECK(pair.terminal.unwrap_response(error, pair.response_memory)->sw == StatusWord::wrong_data);
          }
      }
}

TEST_CASE("SCP03: what is encrypted is not readable, and repeats never look alike") {
  Pair pair(Scp03Mode::s16, wire::kFullSecurity);
  const Bytes data(32, 0x33);
  const Bytes first = encoded(pair.sent({.cla = 0x80, .ins = 0xE2, .data = data}));
  const Bytes second = encoded(pair.sent({.cla = 0x80, .ins = 0xE2, .data = data}));
  CHECK(first != second);
  CHECK(std::ranges::search(first, data).empty());
}

TEST_CASE("SCP03: no flipped bit and no truncation of a command is accepted") {
  const Bytes data{1, 2, 3};
  const Command plain{.cla = 0x80, .ins = 0xE2, .p1 = 1, .p2 = 2, .data = data};
  for (const auto mode : {Scp03Mode::s8, Scp03Mode::s16}) {
    Pair sample(mode, wire::kFullSecurity);
    const std::size_t size = sample.sent(plain).data.size();
    for (std::size_t bit = 0; bit < 8 * (4 + size); ++bit) {
      CAPTURE(bit);
      Pair pair(mode, wire::kFullSecurity);
      Command wrapped = pair.sent(plain);
      const auto mask = static_cast<Byte>(1U << bit % 8);
      Byte* header[] = {&wrapped.cla, &wrapped.ins, &wrapped.p1, &wrapped.p2};
      if (bit / 8 < 4)
        *header[bit / 8] ^= mask;
      else
        pair.command_memory[bit / 8 - 4] ^= mask;
      CHECK_FALSE(pair.card.unwrap_command(wrapped, pair.plain_memory));
      CHECK_FALSE(pair.card.alive());
    }
    for (std::size_t shorter = 0; shorter < size; ++shorter) {
      Pair pair(mode, wire::kFullSecurity);
      Command wrapped = pair.sent(plain);
      wrapped.data = wrapped.data.first(shorter);
      CHECK_FALSE(pair.card.unwrap_command(wrapped, pair.plain_memory));
      CHECK_FALSE(pair.card.alive());
    }
  }
}

TEST_CASE("SCP03: no flipped bit and no truncation of a response is accepted") {
  const Bytes data{1, 2, 3};
  const Command plain{.cla = 0x80, .ins = 0xCA, .le = 256};
  Pair sample(Scp03Mode::s16, wire::kFullSecurity);
  (void)sample.received(sample.sent(plain));
  const std::size_t size = sample.answered(data, StatusWord::ok).data.size();
  for (std::size_t bit = 0; bit < 8 * size; ++bit) {
    Pair pair(Scp03Mode::s16, wire::kFullSecurity);
    (void)pair.received(pair.sent(plain));
    const Response wrapped = pair.answered(data, StatusWord::ok);
    pair.reply_memory[bit / 8] ^= static_cast<Byte>(1U << bit % 8);
    pair.terminal_refuses(wrapped);
  }
  for (std::size_t shorter = 0; shorter < size; ++shorter) {
    Pair pair(Scp03Mode::s16, wire::kFullSecurity);
    (void)pair.received(pair.sent(plain));
    Response wrapped = pair.answered(data, StatusWord::ok);
    wrapped.data = wrapped.data.first(shorter);
    pair.terminal_refuses(wrapped);
  }
  Pair pair(Scp03Mode::s16, wire::kFullSecurity);
  (void)pair.received(pair.sent(plain));
  Response wrapped = pair.answered(data, StatusWord::ok);
  wrapped.sw = StatusWord::end_of_file;  // the status word is authenticated too
  pair.terminal_refuses(wrapped);
}

TEST_CASE("SCP03: an error loses whatever data came with it") {
  Pair pair(Scp03Mode::s8, wire::kFullSecurity);
  (void)pair.sent({.cla = 0x80, .ins = 0xCA, .le = 256});
  const Bytes smuggled(20, 9);
  const auto response = pair.terminal.unwrap_response({smuggled, StatusWord::wrong_data}, pair.response_memory);
  REQUIRE(response);
  CHECK(response->data.empty());
}

TEST_CASE("SCP03: stripped, replayed and reordered commands are refused") {
  const Command plain{.cla = 0x80, .ins = 0xF2};
  for (const Byte level : kLevels) {
    if (level == 0) continue;
    CAPTURE(level);
    Pair pair(Scp03Mode::s8, level);
    SECTION("a plain command, level " + std::to_string(level)) {
      pair.card_refuses(plain, StatusWord::security_not_satisfied);
    }
    SECTION("no MAC, level " + std::to_string(level)) {
      pair.card_refuses({.cla = 0x84, .ins = 0xF2}, StatusWord::sm_objects_missing);
    }
    SECTION("twice, level " + std::to_string(level)) {
      const Command wrapped = pair.sent(plain);
      (void)pair.received(wrapped);
      pair.card_refuses(wrapped, StatusWord::sm_objects_incorrect);
    }
    SECTION("one left out, level " + std::to_string(level)) {
      (void)pair.sent(plain);
      pair.card_refuses(pair.sent(plain), StatusWord::sm_objects_incorrect);
    }
  }
  Pair open(Scp03Mode::s8, wire::kNoSecurity);
  open.card_refuses({.cla = 0x84, .ins = 0xF2}, StatusWord::secure_messaging_not_supported);
}

TEST_CASE("SCP03: data that do not fit destroy the session instead of writing outside") {
  const Bytes data(64, 1);
  Bytes small(70);
  Pair pair(Scp03Mode::s16, wire::kFullSecurity);
  SECTION("terminal") {
    CHECK_FALSE(pair.terminal.wrap_command({.cla = 0x80, .data = data}, small));
    CHECK_FALSE(pair.terminal.alive());
  }
  SECTION("card") {
    CHECK_FALSE(pair.card.unwrap_command(pair.sent({.cla = 0x80, .data = data}), small));
    CHECK_FALSE(pair.card.alive());
  }
  SECTION("card, response") {
    (void)pair.received(pair.sent({.cla = 0x80}));
    wire::Reply reply(small);
    REQUIRE(reply.append(data));
    CHECK_FALSE(pair.card.wrap_response(reply, StatusWord::ok));
    CHECK_FALSE(pair.card.alive());
    CHECK(reply.size() == 0);
  }
}

TEST_CASE("SCP03: answers to INITIALIZE UPDATE that have no known form") {
  const Bytes good = octets_at(vectors()["sessions"][0]["initialize_update_answer"]);
  REQUIRE(wire::parse_initialize_update(good));
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FALSE(wire::parse_initialize_update(ByteView(good).first(size)));
  Bytes bad = good;
  bad.push_back(0);
  CHECK_FALSE(wire::parse_initialize_update(bad));
  bad = good;
  bad[11] = 2;  // SCP02
  CHECK_FALSE(wire::parse_initialize_update(bad));
  bad = good;
  bad[12] = 0x71;  // claims S16 with an answer of S8
  CHECK_FALSE(wire::parse_initialize_update(bad));
  bad = good;
  bad[12] = 0x60;  // a sequence counter where there should be none
  CHECK_FALSE(wire::parse_initialize_update(bad));
}

TEST_CASE("SCP03: a session is opened, used and closed by the first failure") {
  for (const auto mode : {Scp03Mode::s8, Scp03Mode::s16})
    for (const Byte level : kLevels) {
      CAPTURE(static_cast<int>(mode), level);
      SecurityDomain card(mode);
      const Bytes challenge(wire::octets(mode), 0x0F);
      const auto answer = wire::initialize_update(card, 1, challenge);
      REQUIRE(answer);
      CHECK(answer->mode == mode);
      auto session = wire::external_authenticate(engine, card, keys(32), challenge, *answer, level);
      REQUIRE(session);
      Bytes command_memory(600), response_memory(600);
      wire::Scp03Channel channel(card, *std::move(session), command_memory, response_memory);
      const Bytes data(100, 0x44);
      for (int i = 0; i < 3; ++i) {
        const auto echo = channel.transmit({.cla = 0x80, .ins = 0xE2, .data = data, .le = 256});
        REQUIRE(echo);
        CHECK(std::ranges::equal(echo->data, data));
      }
      card.remove = true;
      CHECK(channel.transmit({.cla = 0x80}).error() == LinkError::card_removed);
      card.remove = false;
      CHECK(channel.transmit({.cla = 0x80}).error() == LinkError::secure_messaging);
    }
}

TEST_CASE("SCP03: a wrong key stops before EXTERNAL AUTHENTICATE, so no try is burnt") {
  SecurityDomain card(Scp03Mode::s16);
  const Bytes challenge(16, 0x0F);
  const auto answer = wire::initialize_update(card, 1, challenge);
  REQUIRE(answer);
  const auto session = wire::external_authenticate(engine, card, keys(32, 0x77), challenge, *answer, 0x33);
  REQUIRE_FALSE(session);
  CHECK(session.error() == Scp03Error::wrong_cryptogram);
  CHECK(card.authentications == 0);
}

TEST_CASE("SCP03: what goes wrong while a session is opened has a name") {
  SecurityDomain card(Scp03Mode::s16);
  const Bytes challenge(16, 0x0F);
  CHECK(wire::initialize_update(card, 1, Bytes(8)).error() == Scp03Error::refused);
  card.break_answer = true;
  CHECK(wire::initialize_update(card, 1, challenge).error() == Scp03Error::malformed);
  card.break_answer = false;
  const auto answer = wire::initialize_update(card, 1, challenge);
  REQUIRE(answer);
  CHECK(wire::external_authenticate(engine, card, keys(32), challenge, *answer, 0x02).error() == Scp03Error::malformed);
  CHECK(wire::external_authenticate(engine, card, keys(32), Bytes(8), *answer, 0x33).error() == Scp03Error::malformed);
  card.remove = true;
  CHECK(wire::initialize_update(card, 1, challenge).error() == Scp03Error::link);
  CHECK(wire::external_authenticate(engine, card, keys(32), challenge, *answer, 0x33).error() == Scp03Error::link);
}

TEST_CASE("SCP03: sensitive data come back under the same DEK only") {
  Pair pair(Scp03Mode::s16, wire::kFullSecurity, 32);
  const Bytes key(32, 0x99);
  Bytes encrypted(32), back(32);
  REQUIRE(pair.terminal.encrypt_sensitive(key, encrypted));
  CHECK(encrypted != key);
  REQUIRE(pair.card.decrypt_sensitive(encrypted, back));
  CHECK(back == key);
  CHECK_FALSE(pair.terminal.encrypt_sensitive(Bytes(15), crypto::ByteSpan(back).first(15)));
  pair.terminal.destroy();
  CHECK_FALSE(pair.terminal.encrypt_sensitive(key, encrypted));
}
