// SPDX-License-Identifier: Apache-2.0
// The card's end of the vpcd link against a reader's end made here, the way vpcd speaks.
#include "card/host/vpcd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

using crypto::Bytes;
using crypto::ByteView;
using host::VpcdEvent;

namespace {

// Answers each command with its length and a status word, or with what the test sets.
class EchoCard final : public host::EmbeddedCard {
public:
  crypto::ByteView answer_to_reset() const override { return atr; }
  void reset() override { ++resets; }
  crypto::ByteView exchange(crypto::ByteView command) override {
    ++exchanges;
    if (mute) return {};
    response.assign(answer_octets, 0xA5);
    response.insert(response.end(), command.begin(), command.end());
    return response;
  }
  void power_off() override {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command&) override {
    return crypto::unexpected(wire::LinkError::internal);
  }

  Bytes atr = Bytes(11, 0x3B);
  std::atomic<int> resets = 0, exchanges = 0;
  std::atomic<bool> mute = false;
  std::atomic<std::size_t> answer_octets = 0;
  Bytes response;
};

class Reader {
public:
  Reader() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(listener_, 1) == 0);
    REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~Reader() {
    eject();
    close(listener_);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void insert() {
    card_ = accept(listener_, nullptr, nullptr);
    REQUIRE(card_ >= 0);
  }
  void eject() {
    if (card_ >= 0) close(std::exchange(card_, -1));
  }
  void send_raw(ByteView octets) const {
    REQUIRE(send(card_, octets.data(), octets.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(octets.size()));
  }
  void say(const Bytes& payload) const {
    Bytes message{static_cast<crypto::Byte>(payload.size() >> 8), static_cast<crypto::Byte>(payload.size())};
    message.insert(message.end(), payload.begin(), payload.end());
    send_raw(message);
  }
  // The next message; nothing when the card is gone.
  [[nodiscard]] std::optional<Bytes> hear() const {
    Bytes length(2);
    if (recv(card_, length.data(), 2, MSG_WAITALL) != 2) return std::nullopt;
    Bytes payload(static_cast<std::size_t>(length[0] << 8 | length[1]));
    if (recv(card_, payload.data(), payload.size(), MSG_WAITALL) != static_cast<ssize_t>(payload.size()))
      return std::nullopt;
    return payload;
  }
  [[nodiscard]] std::optional<Bytes> ask(const Bytes& payload) const {
    say(payload);
    return hear();
  }

private:
  int listener_;
  int card_ = -1;
  std::uint16_t port_ = 0;
};

class Serving {
public:
  Serving(host::EmbeddedCard& card, std::uint16_t port)
      : stop_(eventfd(0, EFD_CLOEXEC)), thread_([this, &card, port] {
          host::serve(card, {"127.0.0.1", port}, stop_, [this](VpcdEvent event) { ++events[static_cast<int>(event)]; });
        }) {}
  ~Serving() {
    end();
    close(stop_);
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;
  void end() {
    REQUIRE(eventfd_write(stop_, 1) == 0);
    if (thread_.joinable()) thread_.join();
  }
  std::array<std::atomic<int>, 3> events{};

private:
  int stop_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("vpcd: power, reset and the answer to reset") {
  EchoCard card;
  Reader reader;
  Serving serving(card, reader.port());
  reader.insert();
  CHECK(reader.ask({4}) == Bytes(11, 0x3B));
  const int before = card.resets;
  CHECK(before >= 1);
  reader.say({1});
  reader.say({2});
  reader.say({0});
  CHECK(reader.ask({4}).has_value());
  CHECK(card.resets == before + 3);
  CHECK(card.exchanges == 0);
}

TEST_CASE("vpcd: an answer to reset has at most 33 octets") {
  EchoCard card;
  card.atr = Bytes(40, 0x3B);
  Reader reader;
  Serving serving(card, reader.port());
  reader.insert();
  CHECK(reader.ask({4}) == Bytes(33, 0x3B));
}

TEST_CASE("vpcd: commands of every length, in any pieces, one answer each") {
  EchoCard card;
  Reader reader;
  Serving serving(card, reader.port());
  reader.insert();
  for (const std::size_t length :
       {std::size_t{2}, std::size_t{5}, std::size_t{261}, std::size_t{4096}, std::size_t{65535}}) {
    const Bytes command(length, 0x11);
    CHECK(reader.ask(command) == command);
  }
  CHECK(reader.ask({0x77}) == Bytes{0x77});  // one octet that is no control code is a command

  reader.send_raw(Bytes{0});
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  reader.send_raw(Bytes{3, 1, 2});
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  reader.send_raw(Bytes{3, 0, 2, 8, 9, 0, 0, 0});  // the rest, a whole command, an empty message, half a length
  reader.send_raw(Bytes{2, 6, 7});
  CHECK(reader.hear() == Bytes{1, 2, 3});
  CHECK(reader.hear() == Bytes{8, 9});
  CHECK(reader.hear() == Bytes{6, 7});
}

TEST_CASE("vpcd: an exchange costs no delayed acknowledgement") {
  EchoCard card;
  Reader reader;
  Serving serving(card, reader.port());
  reader.insert();
  const Bytes command(200, 0x11);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) {
    // vpcd writes length and payload apart, which is what makes delayed acknowledgements hurt.
    reader.send_raw(Bytes{0, 200});
    reader.send_raw(command);
    REQUIRE(reader.hear() == command);
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(6));  // 200 delays would take 8 s
}

TEST_CASE("vpcd: a mute card, or an answer that fits no message, is a card removed") {
  EchoCard card;
  Reader reader;
  Serving serving(card, reader.port());
  reader.insert();
  SECTION("mute") { card.mute = true; }
  SECTION("too long") { card.answer_octets = 65535; }
  CHECK_FALSE(reader.ask({1, 2}).has_value());
  card.mute = false;
  card.answer_octets = 0;
  reader.eject();
  reader.insert();  // and it comes back
  CHECK(reader.ask({1, 2}) == Bytes{1, 2});
}

TEST_CASE("vpcd: the card comes back when the reader was away") {
  EchoCard card;
  Reader reader;
  Serving serving(card, reader.port());
  for (int i = 0; i < 3; ++i) {
    reader.insert();
    const int resets = card.resets;
    CHECK(reader.ask({1, 2}) == Bytes{1, 2});
    CHECK(resets >= i);
    reader.eject();
  }
  CHECK(serving.events[static_cast<int>(VpcdEvent::inserted)] == 3);
}

TEST_CASE("vpcd: it ends when told to, whatever it is doing") {
  EchoCard card;
  SECTION("nobody listens") {
    std::uint16_t port = 0;
    {
      const Reader gone;
      port = gone.port();
    }
    Serving serving(card, port);
    while (serving.events[static_cast<int>(VpcdEvent::waiting)] == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    serving.end();
    CHECK(serving.events[static_cast<int>(VpcdEvent::waiting)] == 1);
  }
  SECTION("waiting for a command, in the middle of one") {
    Reader reader;
    Serving serving(card, reader.port());
    reader.insert();
    reader.send_raw(Bytes{1, 0, 1, 2, 3});
    serving.end();
    CHECK_FALSE(reader.hear().has_value());
  }
}
