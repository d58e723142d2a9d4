// SPDX-License-Identifier: Apache-2.0
// Owns the status and paid lists that a device has installed: what they say of one card (docs/status.md).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "card/patent/status_list.hpp"
#include "card/patent/status_record.hpp"

namespace reader {

// What the lists say of one card. Each list speaks for itself: they may be of different times.
struct ListedState {
  patent::State state{};
  std::chrono::sys_seconds as_of{};
  std::optional<std::chrono::sys_seconds> expires{};
};
struct ListedMonths {
  std::uint8_t months_paid = 0;  // 0 to 12; a list with a larger number was not installed
  std::chrono::sys_seconds as_of{};
  std::optional<std::chrono::sys_seconds> expires{};
};
struct ListedStatus {
  std::optional<ListedState> state{};
  std::optional<ListedMonths> months{};
  bool out_of_range = false;  // a list of this name is there, and has no such index
};

class StatusLists {
public:
  // In the place of the list of the same kind and name, unless that one is newer: then nothing changes, and false.
  bool put(patent::StatusList list);
  // Of a card whose document names this list and this index (docs/file-layout.md, DG13). Never allocates.
  [[nodiscard]] ListedStatus find(std::string_view uri, std::uint32_t index) const;
  [[nodiscard]] const patent::StatusList* list(patent::ListKind kind, std::string_view uri) const;
  // The newest moment that a list names: the device's clock cannot be before it.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> newest_signed_time() const;

private:
  std::map<std::pair<std::string, patent::ListKind>, patent::StatusList, std::less<>> lists_;
};

}  // namespace reader
