// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/status_lists.hpp"

#include <algorithm>

namespace reader {
namespace {

using patent::ListKind;
constexpr unsigned kMostMonths = 12;

std::size_t slot(ListKind kind) { return static_cast<std::size_t>(kind); }

// Whole octets at once and without a branch: a list has millions of entries.
bool exceeds_months(const patent::PackedList& entries) {
  bool found = false;
  if (entries.bits() == 8)
    for (const auto octet : entries.octets()) found |= octet > kMostMonths;
  if (entries.bits() == 4)
    for (const auto octet : entries.octets()) found |= (octet & 0x0FU) > kMostMonths || octet >> 4U > kMostMonths;
  return found;
}

}  // namespace

crypto::Result<void, ListRefusal> StatusLists::admits(const patent::StatusList& candidate) const {
  if (candidate.kind == ListKind::months && exceeds_months(candidate.entries))
    return crypto::unexpected(ListRefusal::bad_months);
  const auto* const present = list(candidate.kind, candidate.uri);
  if (present && present->issued_at > candidate.issued_at) return crypto::unexpected(ListRefusal::older);
  return {};
}

crypto::Result<void, ListRefusal> StatusLists::put(patent::StatusList list) {
  PATENT_TRY_VOID(admits(list));
  auto& place = lists_[list.uri][slot(list.kind)];
  place = std::move(list);
  return {};
}

ListedStatus StatusLists::find(std::string_view uri, std::uint32_t index) const {
  ListedStatus out;
  if (const auto* const states = list(ListKind::states, uri)) {
    if (index < states->entries.size())
      out.state = {static_cast<patent::State>(states->entries[index]), states->issued_at, states->expires};
    else
      out.out_of_range = true;
  }
  if (const auto* const months = list(ListKind::months, uri)) {
    if (index < months->entries.size())
      out.months = {months->entries[index], months->issued_at, months->expires};
    else
      out.out_of_range = true;
  }
  return out;
}

const patent::StatusList* StatusLists::list(ListKind kind, std::string_view uri) const {
  const auto found = lists_.find(uri);
  if (found == lists_.end()) return nullptr;
  const auto& place = found->second[slot(kind)];
  return place ? &*place : nullptr;
}

std::vector<const patent::StatusList*> StatusLists::all() const {
  std::vector<const patent::StatusList*> out;
  for (const auto& [uri, kinds] : lists_)
    for (const auto& one : kinds)
      if (one) out.push_back(&*one);
  return out;
}

std::optional<std::chrono::sys_seconds> StatusLists::newest_signed_time() const {
  std::optional<std::chrono::sys_seconds> newest;
  for (const auto* const one : all()) newest = std::max(newest.value_or(one->issued_at), one->issued_at);
  return newest;
}

}  // namespace reader
