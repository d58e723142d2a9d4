// SPDX-License-Identifier: Apache-2.0
#include "card/host/routing.hpp"

namespace host {

void Routing::reset(layout::Application first) {
  for (Applet* each : applets_) each->reset();
  current_ = first;
}

void Routing::select(layout::Application application) {
  applet().deselect();
  current_ = application;
  applet().select();
}

}  // namespace host
