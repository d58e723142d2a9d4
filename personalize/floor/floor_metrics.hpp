// SPDX-License-Identifier: Apache-2.0
// Owns how the floor stands, as metrics: what the ledger counts, and what of the trust domain ends when.
#pragma once

#include <span>

#include "personalize/floor/deadlines.hpp"
#include "personalize/floor/metrics_text.hpp"
#include "personalize/ledger/floor_facts.hpp"

namespace personalize {

void add_metrics(const FloorFacts& facts, MetricsText& out);
void add_metrics(const crypto::SignerUse& use, MetricsText& out);
void add_metrics(std::span<const Deadline> deadlines, crypto::Time now, MetricsText& out);

}  // namespace personalize
