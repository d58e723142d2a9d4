// SPDX-License-Identifier: Apache-2.0
// Owns what a service says to systemd (sd_notify(3)): that it is ready, how it goes, that it stops.
#pragma once

#include <string_view>

namespace personalize {

// "READY=1", "STATUS=12 issued", "STOPPING=1". Nothing happens where nobody listens ($NOTIFY_SOCKET), and nothing
// depends on it.
void tell_service_manager(std::string_view state);

}  // namespace personalize
