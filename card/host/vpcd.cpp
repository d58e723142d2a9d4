// SPDX-License-Identifier: Apache-2.0
#include "card/host/vpcd.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace host {
namespace {

using crypto::Byte;
using crypto::ByteView;
using std::chrono::milliseconds;

// vpcd's control codes: messages of one octet; everything else is a command APDU.
constexpr Byte kPowerOff = 0x00;
constexpr Byte kPowerOn = 0x01;
constexpr Byte kReset = 0x02;
constexpr Byte kGetAnswerToReset = 0x04;

constexpr std::size_t kMaxAnswerToReset = 33;  // ISO/IEC 7816-3:2006, 8.2.1, and vpcd's buffer
constexpr std::size_t kMaxMessage = 0xFFFF;
constexpr std::size_t kLengthOctets = 2;
constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{1000};
constexpr milliseconds kConnectPatience{2000};
constexpr milliseconds kForever{-1};

class Socket {
public:
  explicit Socket(int descriptor = -1) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool valid() const { return descriptor_ >= 0; }

private:
  int descriptor_;
};

enum class Wake : unsigned char { ready, stop, late };

// Waits for the socket, or (with none) for the time to pass; stop goes first.
Wake wait_for(int stop, int socket, short events, milliseconds patience) {
  std::array<pollfd, 2> both{{{stop, POLLIN, 0}, {socket, events, 0}}};  // poll ignores a descriptor of -1
  for (;;) {
    const int ready = poll(both.data(), both.size(), static_cast<int>(patience.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0 || both[0].revents != 0) return Wake::stop;
    return ready == 0 ? Wake::late : Wake::ready;
  }
}

void set_option(int socket, int option) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, option, &on, sizeof on);
}

Socket connect_to(const addrinfo& address, int stop) {
  Socket made(socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol));
  if (!made.valid()) return made;
  set_option(made.get(), TCP_NODELAY);
  if (connect(made.get(), address.ai_addr, address.ai_addrlen) == 0) return made;
  if (errno != EINPROGRESS || wait_for(stop, made.get(), POLLOUT, kConnectPatience) != Wake::ready) return Socket();
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(made.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return Socket();
  return made;
}

Socket connect_to(const VpcdSlot& slot, int stop) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(slot.host.c_str(), std::to_string(slot.port).c_str(), &hints, &found) != 0) return Socket();
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next)
    if (Socket made = connect_to(*address, stop); made.valid()) return made;
  return Socket();
}

// Messages of a length, two octets big-endian, and a payload, both ways.
class Messages {
public:
  Messages(int socket, int stop) : socket_(socket), stop_(stop) {}

  // The next message's payload, until the next call; nothing when the connection or the program ends.
  std::optional<ByteView> receive() {
    used_ += std::exchange(taken_, 0);
    if (!fill(kLengthOctets)) return std::nullopt;
    const std::size_t length = crypto::load_be16(std::span<const Byte, 2>(memory_.data() + used_, 2));
    if (!fill(kLengthOctets + length)) return std::nullopt;
    taken_ = kLengthOctets + length;
    return ByteView(memory_).subspan(used_ + kLengthOctets, length);
  }

  // Length and payload in one write: two would cost a delayed acknowledgement.
  bool send(ByteView payload) {
    if (payload.empty() || payload.size() > kMaxMessage) return false;
    std::array<Byte, kLengthOctets> length{};
    crypto::store_be16(length, static_cast<std::uint16_t>(payload.size()));
    std::array<ByteView, 2> rest{length, payload};
    while (!rest[1].empty()) {
      std::array<iovec, 2> parts{};
      for (std::size_t i = 0; i < parts.size(); ++i) parts[i] = {const_cast<Byte*>(rest[i].data()), rest[i].size()};
      msghdr message{};
      message.msg_iov = parts.data();
      message.msg_iovlen = parts.size();
      const auto sent = sendmsg(socket_, &message, MSG_NOSIGNAL);
      if (sent < 0 && !again(POLLOUT)) return false;
      auto done = sent < 0 ? 0 : static_cast<std::size_t>(sent);
      for (auto& part : rest) {
        const auto here = std::min(done, part.size());
        part = part.subspan(here);
        done -= here;
      }
    }
    return true;
  }

private:
  // After a call that failed: may it be tried again, once the socket is ready?
  bool again(short events) {
    if (errno == EINTR) return true;
    return (errno == EAGAIN || errno == EWOULDBLOCK) && wait_for(stop_, socket_, events, kForever) == Wake::ready;
  }

  // Receives until `wanted` octets are there that were not yet taken.
  bool fill(std::size_t wanted) {
    if (memory_.size() - used_ < wanted) {
      std::copy(memory_.begin() + at(used_), memory_.begin() + at(end_), memory_.begin());
      end_ -= used_;
      used_ = 0;
    }
    while (end_ - used_ < wanted) {
      if (wait_for(stop_, socket_, POLLIN, kForever) != Wake::ready) return false;
      const auto got = recv(socket_, memory_.data() + end_, memory_.size() - end_, 0);
      // The system forgets quick acknowledgement after each use; without it an exchange takes 40 ms and more.
      set_option(socket_, TCP_QUICKACK);
      if (got < 0 && again(POLLIN)) continue;
      if (got <= 0) return false;
      end_ += static_cast<std::size_t>(got);
    }
    return true;
  }
  static std::ptrdiff_t at(std::size_t offset) { return static_cast<std::ptrdiff_t>(offset); }

  int socket_;
  int stop_;
  std::array<Byte, kLengthOctets + kMaxMessage> memory_{};
  std::size_t used_ = 0;   // octets of messages that were taken
  std::size_t taken_ = 0;  // octets of the message that the caller looks at
  std::size_t end_ = 0;
};

// False when the card is to be taken out.
bool answer(EmbeddedCard& card, Messages& messages, ByteView message) {
  if (message.empty()) return true;
  if (message.size() == 1) {
    switch (message[0]) {
      case kPowerOff:
      case kPowerOn:
      case kReset: card.reset(); return true;
      case kGetAnswerToReset: {
        const auto atr = card.answer_to_reset();
        return messages.send(atr.first(std::min(atr.size(), kMaxAnswerToReset)));
      }
      default: break;
    }
  }
  return messages.send(card.exchange(message));
}

// Whether anything was said at all.
bool converse(EmbeddedCard& card, int socket, int stop) {
  const auto messages = std::make_unique<Messages>(socket, stop);
  bool spoken = false;
  while (const auto message = messages->receive()) {
    spoken = true;
    if (!answer(card, *messages, *message)) break;
  }
  return spoken;
}

}  // namespace

void serve(EmbeddedCard& card, const VpcdSlot& slot, int stop, const std::function<void(VpcdEvent)>& tell) {
  milliseconds pause = kFirstPause;
  bool told_waiting = false;
  while (wait_for(stop, -1, 0, milliseconds{0}) != Wake::stop) {
    if (const Socket socket = connect_to(slot, stop); socket.valid()) {
      card.reset();
      tell(VpcdEvent::inserted);
      if (converse(card, socket.get(), stop)) pause = kFirstPause;
      tell(VpcdEvent::removed);
      told_waiting = false;
    } else if (!std::exchange(told_waiting, true)) {
      tell(VpcdEvent::waiting);
    }
    if (wait_for(stop, -1, 0, pause) == Wake::stop) return;
    pause = std::min(2 * pause, kLongestPause);
  }
}

}  // namespace host
