// SPDX-License-Identifier: Apache-2.0
// Owns Result: a value or one of a boundary's named errors; no exception, no heap.
#pragma once

#include <tl/expected.hpp>
#include <utility>

namespace crypto {

template <class T, class E>
using Result = tl::expected<T, E>;

using tl::unexpected;

}  // namespace crypto

// Takes the value out of a Result, or hands its error to the caller:
//   PATENT_TRY(const auto key, vault.load(name));
#define PATENT_TRY(declaration, expression) PATENT_TRY_AT_(declaration, expression, __LINE__)
#define PATENT_TRY_AT_(declaration, expression, line) PATENT_TRY_AS_(declaration, expression, line)
#define PATENT_TRY_AS_(declaration, expression, line)                           \
  auto try_##line = (expression);                                               \
  if (!try_##line) return ::tl::make_unexpected(std::move(try_##line).error()); \
  declaration = *std::move(try_##line)

// The same for a Result<void, E>.
#define PATENT_TRY_VOID(expression)                                                                \
  do {                                                                                             \
    if (auto tried = (expression); !tried) return ::tl::make_unexpected(std::move(tried).error()); \
  } while (false)
