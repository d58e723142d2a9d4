// SPDX-License-Identifier: Apache-2.0
#include "reader/link/trace.hpp"

#include <ostream>

#include "reader/inspect/names.hpp"

namespace reader {

namespace {

using crypto::Bytes;
using crypto::unexpected;
using wire::LinkError;

Bytes encoded(const wire::Command& command) {
  Bytes apdu(wire::encoded_size(command));
  if (!wire::encode(command, apdu)) apdu.clear();
  return apdu;
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

crypto::Result<wire::Response, LinkError> Recorder::transmit(const wire::Command& command) {
  out_ << "> " << crypto::to_hex(encoded(command)) << std::endl;  // flushed: the card may take the process along
  const auto response = below_.transmit(command);
  if (response) {
    const std::array status{wire::sw1(response->sw), wire::sw2(response->sw)};
    out_ << "< " << crypto::to_hex(response->data) << crypto::to_hex(status) << std::endl;
  } else {
    out_ << "! " << name_of(response.error()) << std::endl;
  }
  return response;
}

Replayer::Replayer(std::vector<Exchange> exchanges) : exchanges_(std::move(exchanges)) {}
Replayer::Replayer(Replayer&& other) noexcept : exchanges_(std::move(other.exchanges_)), next_(other.next_) {}

std::optional<Replayer> Replayer::parse(std::string_view trace) {
  std::vector<Exchange> exchanges;
  bool asked = false;
  while (!trace.empty()) {
    const auto line = take_line(trace);
    if (line.empty() || line[0] == '#') continue;
    if (line.size() < 2 || line[1] != ' ' || asked != (line[0] != '>')) return std::nullopt;
    const auto rest = line.substr(2);
    if (line[0] == '!') {
      exchanges.back().error = from_name<LinkError>(rest);
      if (!exchanges.back().error) return std::nullopt;
    } else {
      auto octets = crypto::from_hex(rest);
      if (!octets) return std::nullopt;
      if (line[0] == '>') {
        exchanges.push_back({.command = *std::move(octets), .response = {}, .error = {}});
      } else if (line[0] == '<' && wire::parse_response(*octets)) {
        exchanges.back().response = *std::move(octets);
      } else {
        return std::nullopt;
      }
    }
    asked = line[0] == '>';
  }
  if (asked) return std::nullopt;
  return Replayer(std::move(exchanges));
}

crypto::Result<wire::Response, LinkError> Replayer::transmit(const wire::Command& command) {
  if (at_end()) return unexpected(LinkError::card_removed);
  const Exchange& exchange = exchanges_[next_];
  if (encoded(command) != exchange.command) return unexpected(LinkError::bad_response);
  ++next_;
  if (exchange.error) return unexpected(*exchange.error);
  return *wire::parse_response(exchange.response);
}

}  // namespace reader
