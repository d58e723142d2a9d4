// SPDX-License-Identifier: Apache-2.0
#include "card/host/retry_counter.hpp"

#include <limits>

namespace host {

Answer<std::uint8_t> RetryCounter::failures() {
  if (!store_.exists(id_)) return std::uint8_t{0};
  std::uint8_t count = 0;
  PATENT_TRY_VOID(answer_of(store_.read(id_, 0, {&count, 1})));
  return count;
}

Answer<> RetryCounter::charge() {
  PATENT_TRY(const std::uint8_t before, failures());
  const auto after =
      before == std::numeric_limits<std::uint8_t>::max() ? before : static_cast<std::uint8_t>(before + 1);
  PATENT_TRY_VOID(store(after));
  PATENT_TRY(const std::uint8_t stored, failures());
  if (stored != after) return refuse(wire::StatusWord::memory_failure);
  return {};
}

Answer<> RetryCounter::clear() {
  PATENT_TRY(const std::uint8_t count, failures());
  if (count == 0) return {};
  return store(0);
}

Answer<> RetryCounter::store(std::uint8_t failures) {
  if (store_.in_transaction()) return refuse(wire::StatusWord::memory_failure);
  store_.begin();
  auto outcome = store_.write(id_, {&failures, 1});
  if (outcome) outcome = store_.commit();
  if (!outcome) store_.abort();
  return answer_of(outcome);
}

}  // namespace host
