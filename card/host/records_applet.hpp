// SPDX-License-Identifier: Apache-2.0
// Owns the patent-records application: append-only record files, modelled on LDS2 of ICAO Doc 9303-10.
#pragma once

#include "card/host/applet.hpp"
#include "card/host/platform.hpp"
#include "card/host/records_command.hpp"
#include "card/layout/files.hpp"

namespace host {

class RecordsApplet final : public Applet {
public:
  explicit RecordsApplet(Platform& platform) : platform_(platform) {}

  void select() override {}
  void deselect() override {}
  void reset() override {}
  wire::StatusWord process(const wire::Command& command, wire::Reply& reply) override;

private:
  wire::StatusWord execute(const ReadRecord& command, wire::Reply& reply);
  wire::StatusWord execute(const AppendRecord& command, wire::Reply& reply);
  wire::StatusWord execute(const SearchRecord& command, wire::Reply& reply);
  Answer<> append(const AppendRecord& command);
  Answer<> search(const SearchRecord& command, wire::Reply& reply);

  Platform& platform_;
};

}  // namespace host
