// SPDX-License-Identifier: Apache-2.0
// Owns which checks a judgement of each kind of document has, and what each is to it, in one table.
#pragma once

#include "reader/judge/reasons.hpp"

namespace reader {

// All of a judgement, in the order in which they are shown.
std::span<const Check> checks_of(DocumentKind kind);
// Those of the mandatory ones that say that the document is its state's; the others are about what it is good for.
std::span<const Check> genuine_checks(DocumentKind kind = DocumentKind::patent);

}  // namespace reader
