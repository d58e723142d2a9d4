// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for status and paid lists and their deltas. Whatever the octets are, they are read or refused:
// what is read as a list is written and read again as the same; no token is believed that nobody trusted has signed;
// a delta makes the list that it says, or none.
#include "reader/judge/list_tokens.hpp"
#include "tests/fuzz/genuine_lists.hpp"

using namespace fuzz;
using patent::ListKind;

namespace {

constexpr std::array kKinds{ListKind::states, ListKind::months};

const patent::StatusList& base(ListKind kind) {
  static const std::array all{genuine_list(ListKind::states), genuine_list(ListKind::months)};
  return all[static_cast<std::size_t>(kind)];
}

void read_claims(std::string_view text) {
  for (const auto kind : kKinds) {
    const auto list = patent::status_list_from_claims(kind, text);
    if (!list) continue;
    require(patent::status_list_from_claims(kind, patent::to_claims(*list)) == *list);
    reader::StatusLists lists;
    if (!lists.put(*list)) continue;
    const auto found = lists.find(list->uri, 0);
    require(found.state.has_value() == (kind == ListKind::states && list->entries.size() != 0));
    require(!found.months || found.months->months_paid <= 12);
  }
}

void read_token(std::string_view text) {
  for (const auto kind : kKinds) {
    const auto opened = reader::open_list(text, kind, {}, trust(), {}, kNow);
    require(!opened || opened->list == base(kind));
  }
}

void read_delta(ByteView octets) {
  for (const auto kind : kKinds) {
    const auto next = patent::apply_delta(base(kind), octets);
    if (!next) continue;
    const auto names = patent::delta_names(octets);
    require(names && names->uri == next->uri && names->base == patent::list_fingerprint(base(kind)));
    require(next->entries.size() == base(kind).entries.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_claims(text);
  read_token(text);
  read_delta({data, size});
  return 0;
}
