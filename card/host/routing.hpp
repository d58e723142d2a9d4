// SPDX-License-Identifier: Apache-2.0
// Owns which applet is the current one, and who hears of it when that changes.
#pragma once

#include <array>

#include "card/host/applet.hpp"
#include "card/layout/applications.hpp"

namespace host {

class Routing {
public:
  static constexpr std::size_t kApplications = 4;
  // In the order of layout::Application.
  using Applets = std::array<Applet*, kApplications>;

  explicit Routing(const Applets& applets) : applets_(applets) {}

  // Every applet forgets; `first` is current, without having been selected by anybody.
  void reset(layout::Application first);
  // The old applet is deselected, then the new one selected; also when they are the same.
  void select(layout::Application application);
  [[nodiscard]] layout::Application current() const { return current_; }
  [[nodiscard]] Applet& applet() const { return *applets_[static_cast<std::size_t>(current_)]; }

private:
  Applets applets_;
  layout::Application current_ = layout::Application::master_file;
};

}  // namespace host
