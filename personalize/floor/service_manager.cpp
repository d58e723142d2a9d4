// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

namespace personalize {

void tell_service_manager(std::string_view state) {
  const char* const name = std::getenv("NOTIFY_SOCKET");
  if (name == nullptr) return;
  const std::string_view place = name;
  sockaddr_un address{};
  if (place.size() < 2 || place.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::ranges::copy(place, address.sun_path);
  if (place[0] == '@') address.sun_path[0] = '\0';  // an abstract socket
  const int channel = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (channel < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + place.size());
  static_cast<void>(::sendto(channel, state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&address), length));
  ::close(channel);
}

}  // namespace personalize
