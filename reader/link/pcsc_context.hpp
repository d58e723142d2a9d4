// SPDX-License-Identifier: Apache-2.0
// Owns a connection to the PC/SC service, its list of readers, and its error codes as ours. For this folder only.
#pragma once

#include <winscard.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "reader/link/pcsc.hpp"

namespace reader {

Linked<void> checked(LONG code);

// A connection to the service. A service that restarts forgets it, so none is kept longer than one card or one look.
class Context {
public:
  static Linked<Context> establish();
  Context(Context&& other) noexcept : handle_(std::exchange(other.handle_, 0)) {}
  Context& operator=(Context&&) = delete;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context();
  [[nodiscard]] SCARDCONTEXT handle() const { return handle_; }

  // In PC/SC's order, with the states known so far.
  [[nodiscard]] Linked<std::vector<PcscReader>> readers() const;
  // Waits until a reader's card comes or goes, and updates `readers`; false when nothing has changed in time.
  [[nodiscard]] Linked<bool> look(std::vector<PcscReader>& readers, std::chrono::milliseconds wait) const;

private:
  explicit Context(SCARDCONTEXT handle) : handle_(handle) {}
  SCARDCONTEXT handle_;
};

// Those of this name, else the one of this number, else all whose names have this part.
template <class Reader>
std::vector<Reader> named(const std::vector<Reader>& all, std::string_view which) {
  for (const auto& each : all)
    if (each.name == which) return {each};
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(which.data(), which.data() + which.size(), number);
  if (error == std::errc{} && end == which.data() + which.size())
    return number < all.size() ? std::vector{all[number]} : std::vector<Reader>{};
  std::vector<Reader> fitting;
  std::ranges::copy_if(all, std::back_inserter(fitting),
                       [&](const Reader& each) { return each.name.find(which) != std::string::npos; });
  return fitting;
}

}  // namespace reader
