// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/watched_reader.hpp"

#include "personalize/floor/watchdog.hpp"

namespace personalize {

using reader::Linked;
using std::chrono::milliseconds;

Linked<bool> WatchedReader::has_card() const {
  return in_time(limit_, [reader = reader_] { return reader::has_card(reader); });
}

Linked<reader::PoweredCard> WatchedReader::open_card(milliseconds wait, const std::stop_token& stop) const {
  return in_time(wait + limit_, [reader = reader_, wait, stop] { return reader::open_card(reader, wait, stop); });
}

Linked<bool> WatchedReader::is_emptied(milliseconds wait, const std::stop_token& stop) const {
  return in_time(wait + limit_, [reader = reader_, wait, stop]() -> Linked<bool> {
    const auto empty = reader::wait_until_empty(reader, wait, stop);
    if (!empty && empty.error() == wire::LinkError::timed_out) return false;
    return empty.map([] { return true; });
  });
}

}  // namespace personalize
