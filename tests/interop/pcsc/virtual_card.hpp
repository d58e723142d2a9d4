// SPDX-License-Identifier: Apache-2.0
// Owns a card of the tests' own in a slot of the virtual reader: one that may lie, hesitate and vanish.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <optional>
#include <thread>

#include "crypto/bytes.hpp"

namespace interop {

using crypto::Byte;
using crypto::Bytes;

class VirtualCard {
public:
  // Gives the octets to answer with, or nothing: then the card is gone.
  using Answer = std::function<std::optional<Bytes>(const Bytes& apdu)>;

  VirtualCard(std::uint16_t port, Answer answer, Bytes answer_to_reset = {0x3B, 0x80, 0x01, 0x81})  // T=1 only
      : answer_(std::move(answer)), answer_to_reset_(std::move(answer_to_reset)) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    thread_ = std::thread([this] { serve(); });
  }
  ~VirtualCard() { remove(); }
  VirtualCard(const VirtualCard&) = delete;
  VirtualCard& operator=(const VirtualCard&) = delete;

  void remove() {
    if (!thread_.joinable()) return;
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  [[nodiscard]] int resets() const { return resets_; }

private:
  enum Control : Byte { kPowerOff = 0, kPowerOn = 1, kReset = 2, kAnswerToReset = 4 };

  bool receive(Bytes& into) const {
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    return ::recv(socket_, into.data(), into.size(), MSG_WAITALL) == static_cast<ssize_t>(into.size());
  }
  [[nodiscard]] bool send(const Bytes& octets) const {
    Bytes frame{static_cast<Byte>(octets.size() >> 8), static_cast<Byte>(octets.size())};
    frame.insert(frame.end(), octets.begin(), octets.end());
    return ::send(socket_, frame.data(), frame.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(frame.size());
  }
  void serve() {
    while (true) {
      Bytes length(2);
      if (!receive(length)) break;
      Bytes message(static_cast<std::size_t>(length[0] << 8 | length[1]));
      if (!receive(message)) break;
      if (message.size() == 1) {
        if (message[0] == kReset) ++resets_;
        if (message[0] == kAnswerToReset && !send(answer_to_reset_)) break;
        continue;
      }
      const auto answer = answer_(message);
      if (!answer || !send(*answer)) break;
    }
    ::shutdown(socket_, SHUT_RDWR);
  }

  Answer answer_;
  Bytes answer_to_reset_;
  std::atomic<int> resets_ = 0;
  int socket_ = -1;
  std::thread thread_;
};

}  // namespace interop
