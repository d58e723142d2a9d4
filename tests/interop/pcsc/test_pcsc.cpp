// SPDX-License-Identifier: Apache-2.0
// reader/link against the real PC/SC service and its virtual reader, with cards that do what cards should not.
#include <winscard.h>

#include <catch2/catch.hpp>

#include "private_service.hpp"
#include "reader/link/card_source.hpp"
#include "virtual_card.hpp"

using namespace std::chrono_literals;
using interop::Bytes;
using interop::PrivateService;
using interop::VirtualCard;
using reader::PcscCard;
using wire::LinkError;
using Clock = std::chrono::steady_clock;

namespace {

const Bytes kOk{0x90, 0x00};
std::optional<Bytes> obey(const Bytes&) { return kOk; }

// Answers with as many octets as Le says.
std::optional<Bytes> give_all(const Bytes& apdu) {
  const auto command = wire::parse_command(apdu);
  if (!command) return Bytes{0x67, 0x00};
  Bytes answer(command->le, command->ins);
  answer.insert(answer.end(), kOk.begin(), kOk.end());
  return answer;
}

constexpr auto kSoon = 5s;  // a card is noticed within half a second; a busy machine gets more

std::unique_ptr<PcscCard> opened(std::string_view which = "0") {
  auto card = PcscCard::connect(which, kSoon);
  REQUIRE(card);
  return *std::move(card);
}

const wire::Command kRead{.ins = 0xB0, .le = 256};

// Somebody else's program, with a shared connection.
class Other {
public:
  explicit Other(DWORD protocols) {
    REQUIRE(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context_) == SCARD_S_SUCCESS);
    const auto until = Clock::now() + kSoon;
    do {
      DWORD protocol = 0;
      result = SCardConnect(context_, "Virtual PCD 00 00", SCARD_SHARE_SHARED, protocols, &card_, &protocol);
    } while (result == SCARD_E_NO_SMARTCARD && Clock::now() < until);
  }
  ~Other() {
    if (result == SCARD_S_SUCCESS) SCardDisconnect(card_, SCARD_LEAVE_CARD);
    SCardReleaseContext(context_);
  }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;
  LONG result = 0;

private:
  SCARDCONTEXT context_ = 0;
  SCARDHANDLE card_ = 0;
};

}  // namespace

TEST_CASE("without a service there is no reader, and that is said at once") {
  const PrivateService service;
  const auto begun = Clock::now();
  CHECK(reader::list_pcsc_readers().error() == LinkError::no_daemon);
  CHECK(PcscCard::connect("", 10s).error() == LinkError::no_daemon);
  CHECK(Clock::now() - begun < 5s);
}

TEST_CASE("readers are chosen by name, by a part of it, by number, and by the card in them") {
  PrivateService service;
  service.start();
  const auto readers = reader::list_pcsc_readers();
  REQUIRE(readers);
  REQUIRE(readers->size() == 2);
  CHECK((*readers)[0].name == "Virtual PCD 00 00");
  CHECK_FALSE((*readers)[0].card_present);

  for (const auto* nobody : {"2", "Acme", "Virtual PCD", "00 00 00"}) {
    CAPTURE(nobody);
    const auto begun = Clock::now();
    CHECK(PcscCard::connect(nobody, 10s).error() == LinkError::no_reader);
    CHECK(Clock::now() - begun < 5s);
  }
  VirtualCard second(service.port(1), obey);
  for (const auto* which : {"", "1", "00 01", "Virtual PCD 00 01"}) {
    CAPTURE(which);
    CHECK(opened(which)->reader_name() == "Virtual PCD 00 01");
  }
  CHECK(PcscCard::connect("0", 300ms).error() == LinkError::no_card);
  VirtualCard first(service.port(0), obey);
  CHECK(opened("0")->reader_name() == "Virtual PCD 00 00");
  CHECK(PcscCard::connect("", 10s).error() == LinkError::no_reader);  // nobody said which of the two
  CHECK((*reader::list_pcsc_readers())[1].card_present);
}

TEST_CASE("waiting for a card ends in time, by request, or with the card") {
  PrivateService service;
  service.start();
  SECTION("in time") {
    const auto begun = Clock::now();
    CHECK(PcscCard::connect("", 500ms).error() == LinkError::no_card);
    CHECK(Clock::now() - begun >= 500ms);
    CHECK(Clock::now() - begun < 4s);
  }
  SECTION("by request") {
    std::stop_source source;
    std::jthread impatient([&] {
      std::this_thread::sleep_for(300ms);
      source.request_stop();
    });
    const auto begun = Clock::now();
    CHECK(PcscCard::connect("0", 60s, source.get_token()).error() == LinkError::interrupted);
    CHECK(Clock::now() - begun < 10s);
  }
  SECTION("with the card") {
    std::unique_ptr<VirtualCard> card;
    std::jthread hand([&] {
      std::this_thread::sleep_for(500ms);
      card = std::make_unique<VirtualCard>(service.port(0), obey);
    });
    const auto powered = reader::open_card("", 20s, {});
    REQUIRE(powered);
    CHECK(crypto::to_hex(powered->answer_to_reset) == "3B800181");
    CHECK(powered->reader_name == "Virtual PCD 00 00");
    CHECK(powered->channel->transmit(kRead)->ok());
    CHECK(powered->limits == wire::ApduLimits{65535, 65535});
    hand.join();
    const int before = card->resets();
    CHECK(powered->reset());
    CHECK(card->resets() == before + 1);
    CHECK(powered->channel->transmit(kRead)->ok());
  }
}

TEST_CASE("large APDUs pass, larger ones are refused before they are sent") {
  PrivateService service;
  service.start();
  VirtualCard card(service.port(0), give_all);
  const auto link = opened();
  CHECK(link->transmit({.ins = 0xB0, .le = 65533})->data.size() == 65533);
  const Bytes data(65535 - 9, 0x55);
  CHECK(link->transmit({.ins = 0xD6, .data = data, .le = 1})->data.size() == 1);
  CHECK(link->transmit({.ins = 0xD6, .data = Bytes(65535 - 6)}).error() == LinkError::command_too_long);
  CHECK(link->transmit(kRead)->data.size() == 256);  // the card is still there
}

TEST_CASE("a card that is taken away is missed") {
  PrivateService service;
  service.start();
  SECTION("in the middle of a command") {
    VirtualCard card(service.port(0), [](const Bytes&) { return std::optional<Bytes>{}; });
    const auto link = opened();
    CHECK(link->transmit(kRead).error() == LinkError::card_removed);
    CHECK_FALSE(link->transmit(kRead));
  }
  SECTION("between commands") {
    VirtualCard card(service.port(0), obey);
    const auto link = opened();
    CHECK(link->transmit(kRead));
    card.remove();
    CHECK(link->transmit(kRead).error() == LinkError::card_removed);
  }
  SECTION("and waited for") {
    VirtualCard card(service.port(0), obey);
    const auto link = opened();
    const std::clock_t cpu = std::clock();
    CHECK(link->wait_for_removal(700ms).error() == LinkError::timed_out);
    CHECK(std::clock() - cpu < CLOCKS_PER_SEC / 5);  // it sleeps while it waits
    std::stop_source source;
    source.request_stop();
    CHECK(link->wait_for_removal(60s, source.get_token()).error() == LinkError::interrupted);
    std::jthread hand([&] {
      std::this_thread::sleep_for(300ms);
      card.remove();
    });
    CHECK(link->wait_for_removal(20s));
  }
}

TEST_CASE("cards that lie are caught by the link") {
  PrivateService service;
  service.start();
  Bytes answer;
  VirtualCard card(service.port(0), [&](const Bytes&) { return std::optional(answer); });
  const auto link = opened();
  SECTION("one octet is no response") {
    answer = {0x90};
    CHECK(link->transmit(kRead).error() == LinkError::card_removed);
  }
  SECTION("more than was asked for") {
    answer = Bytes(300, 0x90);
    CHECK(link->transmit(kRead).error() == LinkError::bad_response);
    answer = {0x01, 0x90, 0x00};
    CHECK(link->transmit({.ins = 0xA4}).error() == LinkError::bad_response);
  }
  SECTION("61XX without end") {
    answer = {0x61, 0x01};
    Bytes memory(1000);
    wire::Chaining chaining(*link, {}, memory);
    CHECK(chaining.transmit(kRead).error() == LinkError::response_too_long);
  }
}

TEST_CASE("whoever else holds the card makes the reader busy, for as long as he does") {
  PrivateService service;
  service.start();
  VirtualCard card(service.port(0), obey);
  SECTION("he stays") {
    const Other other(SCARD_PROTOCOL_T1);
    REQUIRE(other.result == SCARD_S_SUCCESS);
    CHECK(PcscCard::connect("0", 500ms).error() == LinkError::reader_busy);
  }
  SECTION("he goes") {
    auto other = std::make_unique<Other>(SCARD_PROTOCOL_T1);
    REQUIRE(other->result == SCARD_S_SUCCESS);
    std::jthread leaving([&] {
      std::this_thread::sleep_for(500ms);
      other.reset();
    });
    CHECK(opened("0")->transmit(kRead));
  }
  SECTION("he comes too late, and cannot reset the card under us") {
    const auto link = opened("0");
    const Other other(SCARD_PROTOCOL_T1);
    CHECK(other.result == SCARD_E_SHARING_VIOLATION);
    CHECK(link->transmit(kRead));
  }
}

TEST_CASE("a card that somebody left in T=0 is reset to T=1, and left reset") {
  PrivateService service;
  service.start();
  VirtualCard card(service.port(0), obey, {0x3B, 0x80, 0x80, 0x01, 0x01});
  {
    const Other other(SCARD_PROTOCOL_T0);
    REQUIRE(other.result == SCARD_S_SUCCESS);
  }
  auto link = opened("0");
  CHECK(link->transmit(kRead));
  const int before = card.resets();
  link.reset();
  CHECK(card.resets() == before + 1);
}

TEST_CASE("a service that goes away is named, and found again") {
  PrivateService service;
  service.start();
  auto card = std::make_unique<VirtualCard>(service.port(0), obey);
  const auto link = opened("0");
  CHECK(link->transmit(kRead));
  service.stop();
  CHECK(link->transmit(kRead).error() == LinkError::no_daemon);
  CHECK(link->reset().error() == LinkError::no_daemon);
  service.start();
  CHECK(link->transmit(kRead).error() == LinkError::no_daemon);  // the old connection is dead for good
  card = std::make_unique<VirtualCard>(service.port(0), obey);
  CHECK(opened("0")->transmit(kRead));
}

TEST_CASE("who waits for a card waits through a restart of the service") {
  PrivateService service;
  service.start();
  std::unique_ptr<VirtualCard> card;
  std::jthread hand([&] {
    std::this_thread::sleep_for(400ms);
    service.stop();
    service.start();
    card = std::make_unique<VirtualCard>(service.port(0), obey);
  });
  const auto link = PcscCard::connect("0", 30s);
  hand.join();
  REQUIRE(link);
  CHECK((*link)->transmit(kRead));
}
