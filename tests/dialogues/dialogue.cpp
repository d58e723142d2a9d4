// SPDX-License-Identifier: Apache-2.0
#include "tests/dialogues/dialogue.hpp"

#include <sstream>

namespace dialogue {

namespace {

std::string without_spaces(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\t' && c != '\r') out.push_back(c);
  return out;
}

std::optional<Expect> parse_expectation(std::string text) {
  Expect expect;
  if (!text.empty() && text[0] == '*') {
    expect.any_before = true;
    text.erase(0, 1);
  }
  if (text.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto pair = text.substr(i, 2);
    const auto octet = crypto::from_hex(pair);
    if (pair != ".." && !octet) return std::nullopt;
    expect.octets.push_back(octet ? std::optional((*octet)[0]) : std::nullopt);
  }
  return expect;
}

std::optional<decltype(Step::what)> parse_event(const std::string& text) {
  std::istringstream words(text);
  std::string verb, rest;
  words >> verb;
  if (verb == "reset") return Reset{};
  if (verb == "card" && words >> rest) return Begin{rest};
  std::size_t writes = 0;
  if (verb == "power-cut" && words >> writes && writes > 0) return PowerCut{writes};
  return std::nullopt;
}

std::optional<decltype(Step::what)> parse_line(const std::string& line) {
  const std::string rest = line.substr(1);
  if (line[0] == '!') return parse_event(rest);
  if (line[0] == '<') {
    auto expect = parse_expectation(without_spaces(rest));
    if (expect) return *std::move(expect);
  }
  if (line[0] == '>') {
    auto apdu = crypto::from_hex(without_spaces(rest));
    if (apdu) return Send{*std::move(apdu)};
  }
  return std::nullopt;
}

}  // namespace

std::vector<Step> parse(std::istream& in, std::optional<Fault>& fault) {
  std::vector<Step> steps;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (without_spaces(line).empty() || line[0] == '#') continue;
    auto what = parse_line(line);
    if (!what) {
      fault = Fault{number, "neither command, answer nor event: " + line};
      return {};
    }
    steps.push_back({number, *std::move(what)});
  }
  return steps;
}

bool matches(const Expect& expected, crypto::ByteView answer) {
  if (answer.size() < expected.octets.size()) return false;
  if (!expected.any_before && answer.size() != expected.octets.size()) return false;
  const auto tail = answer.last(expected.octets.size());
  for (std::size_t i = 0; i < tail.size(); ++i)
    if (expected.octets[i] && *expected.octets[i] != tail[i]) return false;
  return true;
}

}  // namespace dialogue
