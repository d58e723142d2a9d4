// SPDX-License-Identifier: Apache-2.0
// Owns the judgement of a visible seal: the way out when the chip is dead. Whose seal it is, whether the patent lives,
// and whether seal, chip and print say the same. Without a photo nothing is VALID: NO_CHIP is always among the
// findings.
#pragma once

#include <map>
#include <span>
#include <string>

#include "card/patent/patent.hpp"
#include "reader/include/patent/verdict.hpp"
#include "reader/inspect/evidence.hpp"
#include "reader/judge/trust.hpp"

namespace reader {

// The names by which the officer types what is printed, as the print form has them: "series", "surname", ...
std::span<const std::string_view> printed_fields();

struct SealComparison {
  std::optional<patent::Patent> chip{};        // what the chip's data groups say, where they could be read
  std::map<std::string, std::string> print{};  // by printed_fields()
};
// Nothing when the evidence holds no readable patent.
std::optional<patent::Patent> patent_in(const Evidence& evidence);

struct SealVerdict {
  Verdict verdict;
  std::vector<std::string> differences{};  // "surname (print)", in the order of printed_fields()
};
// `octets`: what the bar code holds.
SealVerdict check_seal(ByteView octets, const SealComparison& with, const Trust& trust, const Policy& policy,
                       std::chrono::sys_seconds at, const OfficerAnswers& officer = {});

}  // namespace reader
