// SPDX-License-Identifier: Apache-2.0
// Owns what is said of fingerprints: whether the chip let this terminal read them, and the images. That it did not says
// nothing about the patent.
#pragma once

#include "reader/judge/authentic_document.hpp"
#include "reader/judge/judgement.hpp"

namespace reader {

// Sets the check 32.
void judge_terminal(const Evidence& evidence, Judgement& judgement);
// The fingers of data group 3, where it was read.
void read_fingers(const AuthenticDocument& document, DocumentFacts& facts, Judgement& judgement);

}  // namespace reader
