// SPDX-License-Identifier: Apache-2.0
// Owns the patent-records application: append-only record files, modelled on LDS2 of ICAO Doc 9303-10.
#pragma once

#include "card/host/applet.hpp"
#include "card/host/emrtd_command.hpp"
#include "card/host/platform.hpp"
#include "card/layout/files.hpp"

namespace host {

struct ReadRecord {
  std::uint8_t first = 0;
  bool to_last = false;  // from `first` to the last, as many whole records as fit
  std::uint8_t sfi = 0;
  ExpectedLength expected;
};
[[nodiscard]] Answer<ReadRecord> parse_read_record(const wire::Command& command);

class RecordsApplet final : public Applet {
public:
  explicit RecordsApplet(Platform& platform) : platform_(platform) {}

  void select() override {}
  void deselect() override {}
  void reset() override {}
  wire::StatusWord process(const wire::Command& command, wire::Reply& reply) override;

private:
  Platform& platform_;
};

}  // namespace host
