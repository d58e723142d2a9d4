// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <sstream>

#include "reader/link/card_source.hpp"
#include "reader/link/trace.hpp"

using crypto::Bytes;
using reader::Recorder;
using reader::Replayer;
using wire::LinkError;

namespace {

const std::string kTrace =
    "> 00A4040C07A0000002471001\n< 9000\n"
    "> 00B09C0000\n< 3114 6282\n";

std::string without_spaces_in_data(std::string text) {
  text.erase(text.find("3114 ") + 4, 1);
  return text;
}

const Bytes kEmrtd{0xA0, 0, 0, 2, 0x47, 0x10, 1};
const wire::Command kSelect{.ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = kEmrtd};
const wire::Command kRead{.ins = 0xB0, .p1 = 0x9C, .le = 256};

}  // namespace

TEST_CASE("a recorded dialogue plays as the card it was recorded from, and records the same again") {
  const std::string trace = without_spaces_in_data(kTrace) + "> 00B0000000\n! card_removed\n";
  auto card = Replayer::parse("# a remark\n\n" + trace);
  REQUIRE(card);
  std::ostringstream out;
  Recorder recorder(*card, out);
  CHECK(recorder.transmit(kSelect)->ok());
  const auto read = recorder.transmit(kRead);
  REQUIRE(read);
  CHECK(read->sw == wire::StatusWord::end_of_file);
  CHECK(crypto::to_hex(read->data) == "3114");
  CHECK(recorder.transmit({.ins = 0xB0, .le = 256}).error() == LinkError::card_removed);
  CHECK(card->at_end());
  CHECK(out.str() == trace);
}

TEST_CASE("a replayed card answers nothing but what was asked then") {
  auto card = Replayer::parse(without_spaces_in_data(kTrace));
  REQUIRE(card);
  CHECK(card->transmit(kRead).error() == LinkError::bad_response);
  CHECK_FALSE(card->at_end());
  CHECK(card->transmit(kSelect)->ok());
  CHECK(card->transmit(kRead));
  CHECK(card->transmit(kRead).error() == LinkError::card_removed);
}

TEST_CASE("what is no trace is refused") {
  CHECK(Replayer::parse(""));
  for (const std::string text :
       {"< 9000\n", "! no_card\n", "> 00A40000\n", "> 00A40000\n> 00A40000\n< 9000\n", "> 00A40000\n< 9000\n< 9000\n",
        "> 00A40000\n< 90\n", "> 00A40000\n! what_else\n", "> 0G\n< 9000\n", ">00A40000\n< 9000\n", ">\n<\n", "hello\n",
        "> 00A40000\n< 9000\n! no_card\n"}) {
    CAPTURE(text);
    CHECK_FALSE(Replayer::parse(text));
  }
  CHECK_FALSE(Replayer::parse(kTrace));  // spaces within octets
}

TEST_CASE("virtual cards come from whoever offers them, and from nowhere else") {
  using namespace std::chrono_literals;
  CHECK(reader::open_card("virtual:card.nvm", 0ms, {}).error() == LinkError::no_reader);
  std::string asked;
  const auto factory = [&](const std::string& file) -> reader::Linked<reader::PoweredCard> {
    asked = file;
    return crypto::unexpected(LinkError::no_card);
  };
  CHECK(reader::open_card("virtual:a/b.nvm", 0ms, factory).error() == LinkError::no_card);
  CHECK(asked == "a/b.nvm");
}
