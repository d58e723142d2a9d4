// SPDX-License-Identifier: Apache-2.0
// Spies count who hears of select, deselect and reset.
#include "card/host/routing.hpp"

#include <catch2/catch.hpp>

using layout::Application;

namespace {

class Spy final : public host::Applet {
public:
  void select() override { ++selected; }
  void deselect() override { ++deselected; }
  void reset() override { ++resets; }
  wire::StatusWord process(const wire::Command&, wire::Reply&) override {
    ++processed;
    return wire::StatusWord::ok;
  }
  int selected = 0, deselected = 0, resets = 0, processed = 0;
};

struct Counts {
  int selected, deselected, resets, processed;
  friend bool operator==(const Counts&, const Counts&) = default;
};
Counts counts(const Spy& spy) { return {spy.selected, spy.deselected, spy.resets, spy.processed}; }

}  // namespace

TEST_CASE("only the current applet is deselected, only the new one selected, all are reset") {
  Spy master_file, security_domain, emrtd, records;
  host::Routing routing({&master_file, &security_domain, &emrtd, &records});

  routing.reset(Application::master_file);
  for (const Spy* spy : {&master_file, &security_domain, &emrtd, &records}) CHECK(counts(*spy) == Counts{0, 0, 1, 0});

  routing.select(Application::emrtd);
  CHECK(counts(master_file) == Counts{0, 1, 1, 0});
  CHECK(counts(emrtd) == Counts{1, 0, 1, 0});
  CHECK(counts(records) == Counts{0, 0, 1, 0});
  CHECK(routing.current() == Application::emrtd);

  wire::Reply nothing({});
  (void)routing.applet().process({}, nothing);
  CHECK(counts(emrtd) == Counts{1, 0, 1, 1});
  CHECK(counts(master_file) == Counts{0, 1, 1, 0});

  routing.select(Application::emrtd);  // again: deselected, then selected
  CHECK(counts(emrtd) == Counts{2, 1, 1, 1});

  routing.select(Application::records);
  CHECK(counts(emrtd) == Counts{2, 2, 1, 1});
  CHECK(counts(records) == Counts{1, 0, 1, 0});
  CHECK(counts(security_domain) == Counts{0, 0, 1, 0});

  routing.reset(Application::security_domain);  // power: nobody is deselected, nobody selected
  CHECK(counts(records) == Counts{1, 0, 2, 0});
  CHECK(counts(security_domain) == Counts{0, 0, 2, 0});
  CHECK(routing.current() == Application::security_domain);
}
