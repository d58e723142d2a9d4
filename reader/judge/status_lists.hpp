// SPDX-License-Identifier: Apache-2.0
// Owns the status and paid lists that a device has installed: what they say of one card (docs/status.md).
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "card/patent/status_list.hpp"
#include "card/patent/status_record.hpp"

namespace reader {

// What the lists say of one card. Each list speaks for itself: they may be of different times.
struct ListedState {
  patent::State state{};  // also what no State is: the draft keeps those values for others
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

enum class ListRefusal : std::uint8_t {
  older,       // than the list of this kind and name that is there
  bad_months,  // a paid list with a number above 12
};

class StatusLists {
public:
  // Whether put() would take it.
  [[nodiscard]] crypto::Result<void, ListRefusal> admits(const patent::StatusList& list) const;
  // In the place of the list of the same kind and name. Refused, nothing changes.
  crypto::Result<void, ListRefusal> put(patent::StatusList list);
  // Of a card whose document names this list and this index (docs/file-layout.md, DG13). Never allocates.
  [[nodiscard]] ListedStatus find(std::string_view uri, std::uint32_t index) const;
  [[nodiscard]] const patent::StatusList* list(patent::ListKind kind, std::string_view uri) const;
  // Every one of them, by name and kind.
  [[nodiscard]] std::vector<const patent::StatusList*> all() const;
  // The newest moment that a list names: the device's clock cannot be before it.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> newest_signed_time() const;

private:
  using OfBothKinds = std::array<std::optional<patent::StatusList>, 2>;  // by ListKind
  std::map<std::string, OfBothKinds, std::less<>> lists_;
};

}  // namespace reader
