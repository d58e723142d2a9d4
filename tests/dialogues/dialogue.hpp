// SPDX-License-Identifier: Apache-2.0
// Owns the form of a dialogue with a card: what is sent, what is expected, what befalls the card in between.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crypto/bytes.hpp"

namespace dialogue {

struct Send {
  crypto::Bytes apdu;
};
// Octets in hexadecimal; ".." stands for any one octet, a leading "*" for any octets before the rest.
struct Expect {
  bool any_before = false;
  std::vector<std::optional<crypto::Byte>> octets;
};
struct Reset {};
// The power fails at the n-th program or erase from here, and comes back when the card has fallen silent.
struct PowerCut {
  std::size_t writes = 0;
};
// The card that the dialogue is held with: "blank" or "issued".
struct Begin {
  std::string card;
};

struct Step {
  std::size_t line = 0;
  std::variant<Begin, Send, Expect, Reset, PowerCut> what;
};

struct Fault {
  std::size_t line = 0;
  std::string text;
};

// Lines: `> hex`, `< hex`, `! reset`, `! power-cut N`, `! card blank|issued`, `# why`. A fault in `fault` when a line
// is none of these.
std::vector<Step> parse(std::istream& in, std::optional<Fault>& fault);
[[nodiscard]] bool matches(const Expect& expected, crypto::ByteView answer);

}  // namespace dialogue
