// SPDX-License-Identifier: Apache-2.0
#include "card/wire/chaining.hpp"

#include <catch2/catch.hpp>
#include <deque>

using crypto::Byte;
using crypto::Bytes;
using wire::ApduLimits;
using wire::Command;
using wire::LinkError;
using wire::Response;
using wire::StatusWord;

namespace {

// A card that answers from a list and remembers what it was asked.
class Script final : public wire::Channel {
public:
  struct Answer {
    std::size_t data;
    std::uint16_t sw;
  };
  std::deque<Answer> answers;
  std::vector<Bytes> commands;
  Answer otherwise{0, 0x9000};

  crypto::Result<Response, LinkError> transmit(const Command& command) override {
    Bytes apdu(wire::encoded_size(command));
    REQUIRE(wire::encode(command, apdu));
    commands.push_back(apdu);
    const Answer answer = answers.empty() ? otherwise : answers.front();
    if (!answers.empty()) answers.pop_front();
    data_.assign(answer.data, next_++);
    return Response{data_, static_cast<StatusWord>(answer.sw)};
  }

private:
  Bytes data_;
  Byte next_ = 1;
};

struct Terminal {
  Script card;
  Bytes memory = Bytes(2000);
  wire::Chaining chaining;
  explicit Terminal(ApduLimits limits = {}) : chaining(card, limits, memory) {}
};

Bytes numbered(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<Byte>(i);
  return out;
}

}  // namespace

TEST_CASE("what fits passes unchanged") {
  Terminal terminal;
  const Bytes data = numbered(255);
  const auto response = terminal.chaining.transmit({.ins = 0xD6, .data = data, .le = 256});
  REQUIRE(response);
  REQUIRE(terminal.card.commands.size() == 1);
  CHECK(terminal.card.commands[0].size() == 261);
}

TEST_CASE("a long command becomes a chain whose last part alone carries Le") {
  Terminal terminal;
  const Bytes data = numbered(600);
  REQUIRE(terminal.chaining.transmit({.cla = 0x0C, .ins = 0xD6, .p1 = 1, .p2 = 2, .data = data, .le = 65536}));
  const auto& sent = terminal.card.commands;
  REQUIRE(sent.size() == 3);
  CHECK(crypto::to_hex(sent[0]).substr(0, 12) == "1CD60102FF00");
  CHECK(sent[0].size() == 260);
  CHECK(crypto::to_hex(sent[1]).substr(0, 10) == "1CD60102FF");
  CHECK(crypto::to_hex(sent[2]).substr(0, 10) == "0CD601025A");
  CHECK(sent[2].back() == 0x00);
  CHECK(sent[2].size() == 5 + 90 + 1);
}

TEST_CASE("an extended link takes larger parts") {
  Terminal terminal({.max_command = 1009, .max_response = 258});
  REQUIRE(terminal.chaining.transmit({.ins = 0xD6, .data = numbered(1500)}));
  REQUIRE(terminal.card.commands.size() == 2);
  CHECK(terminal.card.commands[0].size() == 1007);
}

TEST_CASE("no part ever exceeds the limit") {
  for (std::size_t max_command = 7; max_command < 700; max_command += 13)
    for (const std::size_t max_response : {std::size_t{258}, std::size_t{4000}})
      for (const std::size_t size : {1, 254, 255, 256, 700}) {
        if (max_response > 258 && max_command < 10) continue;
        Terminal terminal({max_command, max_response});
        REQUIRE(terminal.chaining.transmit({.ins = 0xD6, .data = numbered(size), .le = 300, .extended = true}));
        std::size_t total = 0;
        for (const auto& apdu : terminal.card.commands) {
          CHECK(apdu.size() <= max_command);
          total += wire::parse_command(apdu)->data.size();
        }
        CHECK(total == size);
      }
}

TEST_CASE("a chain that cannot be made is refused before anything is sent") {
  Terminal terminal({.max_command = 6, .max_response = 258});
  CHECK(terminal.chaining.transmit({.data = numbered(9)}).error() == LinkError::command_too_long);
  Terminal already;
  CHECK(already.chaining.transmit({.cla = 0x10, .data = numbered(300)}).error() == LinkError::command_too_long);
  CHECK(terminal.card.commands.empty());
  CHECK(already.card.commands.empty());
}

TEST_CASE("a chain stops where the card refuses") {
  Terminal terminal;
  terminal.card.answers = {{0, 0x9000}, {0, 0x6884}};
  const auto response = terminal.chaining.transmit({.ins = 0xD6, .data = numbered(2000)});
  REQUIRE(response);
  CHECK(response->sw == StatusWord::chaining_not_supported);
  CHECK(terminal.card.commands.size() == 2);
}

TEST_CASE("61XX is collected") {
  Terminal terminal;
  terminal.card.answers = {{256, 0x6100}, {256, 0x6110}, {16, 0x9000}};
  const auto response = terminal.chaining.transmit({.cla = 0x0C, .ins = 0xB0, .le = 256});
  REQUIRE(response);
  CHECK(response->ok());
  REQUIRE(response->data.size() == 528);
  CHECK(response->data[255] == 1);
  CHECK(response->data[256] == 2);
  CHECK(response->data[527] == 3);
  CHECK(crypto::to_hex(terminal.card.commands[1]) == "00C0000000");
  CHECK(crypto::to_hex(terminal.card.commands[2]) == "00C0000010");
}

TEST_CASE("a warning at the end keeps the data, an error loses them") {
  for (const auto& [sw, size] : {std::pair{0x6282, 40U}, std::pair{0x6982, 0U}}) {
    Terminal terminal;
    terminal.card.answers = {{32, 0x6108}, {8, static_cast<std::uint16_t>(sw)}};
    const auto response = terminal.chaining.transmit({.ins = 0xB0, .le = 256});
    REQUIRE(response);
    CHECK(response->sw == static_cast<StatusWord>(sw));
    CHECK(response->data.size() == size);
  }
}

TEST_CASE("6CXX is repeated once with the right Le") {
  Terminal terminal;
  terminal.card.answers = {{0, 0x6C07}, {7, 0x9000}};
  CHECK(terminal.chaining.transmit({.ins = 0xB0, .le = 256})->data.size() == 7);
  CHECK(crypto::to_hex(terminal.card.commands[1]) == "00B0000007");

  Terminal stubborn;
  stubborn.card.otherwise = {0, 0x6C07};
  CHECK(stubborn.chaining.transmit({.ins = 0xB0, .le = 256})->sw == static_cast<StatusWord>(0x6C07));
  CHECK(stubborn.card.commands.size() == 2);
}

TEST_CASE("61XX without end is ended") {
  Terminal empty;
  empty.card.otherwise = {0, 0x6101};
  CHECK(empty.chaining.transmit({.ins = 0xB0, .le = 256}).error() == LinkError::response_too_long);
  CHECK(empty.card.commands.size() == wire::Chaining::kMaxResponses + 1);

  Terminal full;
  full.card.otherwise = {256, 0x6100};
  CHECK(full.chaining.transmit({.ins = 0xB0, .le = 256}).error() == LinkError::response_too_long);
  CHECK(full.card.commands.size() == 8);  // 2000 octets of memory hold seven parts of 256
}

TEST_CASE("more than was asked for is a bad response") {
  Terminal terminal;
  terminal.card.answers = {{16, 0x6108}, {9, 0x9000}};
  CHECK(terminal.chaining.transmit({.ins = 0xB0, .le = 256}).error() == LinkError::bad_response);
}

TEST_CASE("Le is cut to what the link takes") {
  Terminal terminal({.max_command = 261, .max_response = 1002});
  REQUIRE(terminal.chaining.transmit({.ins = 0xB0, .le = 65536}));
  CHECK(crypto::to_hex(terminal.card.commands[0]) == "00B000000003E8");
}

TEST_CASE("the card gathers a chain") {
  Bytes memory(300);
  wire::ChainAssembler chain(memory);
  const Bytes data = numbered(250);
  SECTION("outside a chain a command passes as it is") {
    const auto taken = chain.take({.ins = 0xA4, .data = data, .le = 7});
    REQUIRE(taken);
    REQUIRE(*taken);
    CHECK((*taken)->data.data() == data.data());
  }
  SECTION("parts become one command, without the chain bit") {
    REQUIRE(chain.take({.cla = 0x9C, .ins = 0xDA, .p1 = 1, .p2 = 2, .data = data}) == std::nullopt);
    const auto last = chain.take({.cla = 0x8C, .ins = 0xDA, .p1 = 1, .p2 = 2, .data = numbered(50), .le = 5});
    REQUIRE(last);
    REQUIRE(*last);
    CHECK((*last)->cla == 0x8C);
    CHECK((*last)->le == 5);
    REQUIRE((*last)->data.size() == 300);
    CHECK((*last)->data[249] == 249);
    CHECK((*last)->data[250] == 0);
    CHECK(chain.take({.cla = 0x00, .ins = 0xA4}).value());  // nothing is left over
  }
  SECTION("another command in the middle ends it") {
    for (const Command other :
         {Command{.cla = 0x90, .ins = 0xDB, .p1 = 1, .p2 = 2}, Command{.cla = 0x80, .ins = 0xDA, .p1 = 0, .p2 = 2},
          Command{.cla = 0x80, .ins = 0xDA, .p1 = 1, .p2 = 3}, Command{.cla = 0x84, .ins = 0xDA, .p1 = 1, .p2 = 2}}) {
      REQUIRE(chain.take({.cla = 0x90, .ins = 0xDA, .p1 = 1, .p2 = 2, .data = data}) == std::nullopt);
      CHECK(chain.take(other).error() == StatusWord::last_of_chain_expected);
      const auto fresh = chain.take({.ins = 0xA4});
      REQUIRE(fresh);
      CHECK(fresh->has_value());
    }
  }
  SECTION("too long is refused and forgotten") {
    REQUIRE(chain.take({.cla = 0x10, .ins = 0xDA, .data = data}) == std::nullopt);
    CHECK(chain.take({.cla = 0x10, .ins = 0xDA, .data = numbered(51)}).error() == StatusWord::wrong_length);
    const auto fresh = chain.take({.ins = 0xDA, .data = numbered(3)});
    REQUIRE(fresh);
    CHECK((*fresh)->data.size() == 3);
  }
}

TEST_CASE("terminal and card agree on any length and any limits") {
  for (const std::size_t max_command : {20, 261, 700, 65544})
    for (const std::size_t size : {1, 14, 15, 255, 256, 1000, 5000}) {
      Terminal terminal({.max_command = max_command, .max_response = 258});
      const Bytes data = numbered(size);
      REQUIRE(terminal.chaining.transmit({.cla = 0x84, .ins = 0xE2, .p1 = 9, .data = data, .le = 256}));
      Bytes memory(5000);
      wire::ChainAssembler chain(memory);
      std::optional<Command> whole;
      for (const auto& apdu : terminal.card.commands) {
        REQUIRE_FALSE(whole);
        whole = chain.take(*wire::parse_command(apdu)).value();
      }
      REQUIRE(whole);
      CHECK(whole->cla == 0x84);
      CHECK(std::ranges::equal(whole->data, data));
    }
}

TEST_CASE("the card serves a long response in parts") {
  Bytes whole = numbered(600);
  whole.push_back(0x62);
  whole.push_back(0x82);
  Bytes out(wire::kMaxResponseOctets);
  wire::ResponseQueue queue;
  SECTION("all at once when the reader takes it") {
    CHECK(queue.begin(whole, 65536, out) == 602);
    CHECK_FALSE(queue.pending());
    CHECK(std::ranges::equal(whole, crypto::ByteView(out).first(602)));
    CHECK(queue.next(256, out).error() == StatusWord::conditions_not_satisfied);
  }
  SECTION("as 61XX otherwise") {
    Bytes got;
    std::size_t size = queue.begin(whole, 256, out);
    REQUIRE(size == 258);
    CHECK(out[256] == 0x61);
    CHECK(out[257] == 0x00);  // 344 are more than 61XX can say
    got.insert(got.end(), out.begin(), out.begin() + 256);
    size = queue.next(256, out).value();
    REQUIRE(size == 258);
    CHECK(out[257] == 88);
    got.insert(got.end(), out.begin(), out.begin() + 256);
    size = queue.next(88, out).value();
    REQUIRE(size == 90);
    got.insert(got.end(), out.begin(), out.begin() + 90);
    CHECK(got == whole);
    CHECK_FALSE(queue.pending());
  }
  SECTION("nothing was asked for: all of it waits") {
    CHECK(queue.begin(whole, 0, out) == 2);
    CHECK(out[0] == 0x61);
    CHECK(queue.pending());
    queue.reset();
    CHECK_FALSE(queue.pending());
  }
  SECTION("the memory for one answer limits it too") {
    CHECK(queue.begin(whole, 65536, crypto::ByteSpan(out).first(102)) == 102);
    CHECK(out[100] == 0x61);
    CHECK(queue.begin(whole, 65536, crypto::ByteSpan(out).first(1)) == 0);
  }
}
