// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <json/json.h>

#include <algorithm>
#include <iostream>

#include "crypto/json_text.hpp"
#include "reader/judge/decision_table.hpp"
#include "reader/tool/command.hpp"
#include "reader/tool/officer.hpp"

namespace reader::tool {
namespace {

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

// One reason, or all of them.
std::vector<ReasonRule> asked_for(const Arguments& arguments) {
  const auto name = upper(arguments.text("REASON"));
  std::vector<ReasonRule> out;
  for (const auto& rule : reason_rules())
    if (name.empty() || name == rule.name || name == std::to_string(static_cast<unsigned>(rule.reason)))
      out.push_back(rule);
  if (out.empty()) throw Stop{Exit::usage, "there is no reason " + name + "; `patent-reader explain` lists them"};
  return out;
}

std::string line_for_holder(Reason reason, const HolderWords& words) {
  return std::string(std::ranges::find(words.lines, advice_of(reason).holder, &HolderSentence::line)->text);
}

// The sentence of no card: what a finding would say in it stands open.
std::string open_sentence(Reason reason, Language language) {
  const bool russian = language == Language::russian;
  const std::string_view date = russian ? "ДАТА" : "DATE";
  return fmt::format(fmt::runtime(sentence(catalogue(language), reason)), fmt::arg("date", date),
                     fmt::arg("as_of", date), fmt::arg("amount", "N"), fmt::arg("days", russian ? "N дн." : "N days"),
                     fmt::arg("text", "..."));
}

Json::Value value(std::string_view text) { return Json::Value(std::string(text)); }

Json::Value to_value(const ReasonRule& rule, const Catalogue& words, const HolderWords* holder) {
  Json::Value out;
  out["reason"] = value(rule.name);
  out["number"] = static_cast<unsigned>(rule.reason);
  out["outcome"] = value(name_of(rule.outcome));
  out["rank"] = rule.rank;
  out["sentence"] = value(sentence(words, rule.reason));
  out["officer"] = value(word(words, advice_of(rule.reason).officer));
  if (holder) out["holder"] = line_for_holder(rule.reason, *holder);
  for (const auto& row : kDecisionTable) {
    if (row.reason != rule.reason) continue;
    Json::Value one;
    one["condition"] = value(row.name);
    one["words"] = value(word(words, row.condition));
    one["needs"] = value(name_of(row.needs));
    if (row.fails) one["fails"] = value(name_of(*row.fails));
    out["said_when"].append(std::move(one));
  }
  return out;
}

void print(const ReasonRule& rule, Language language, const HolderWords* holder) {
  const auto& words = catalogue(language);
  std::cout << fmt::format("{:>3}  {:<11}  {}\n     {}\n     -> {}\n", rule.rank, name_of(rule.outcome), rule.name,
                           open_sentence(rule.reason, language), word(words, advice_of(rule.reason).officer));
  if (holder) std::cout << fmt::format("     [{}] {}\n", holder->code, line_for_holder(rule.reason, *holder));
  for (const auto& row : kDecisionTable)
    if (row.reason == rule.reason)
      std::cout << fmt::format("     ? {} [{}{}{}]\n", word(words, row.condition), name_of(row.needs),
                               row.fails ? " -> " : "", row.fails ? name_of(*row.fails) : "");
}

}  // namespace

Exit run_explain(const Command& command, const Words& words) {
  options::options_description described;
  described.add(holder_option()).add(output_options());
  Arguments arguments(command, described, {"[REASON]"});
  if (const auto exit = arguments.read(words)) return *exit;
  const auto rules = asked_for(arguments);
  const auto said_in = language(arguments);
  const auto* const holder = holder_words_of(arguments);
  Json::Value all(Json::arrayValue);
  for (const auto& rule : rules) {
    if (arguments.given("json"))
      all.append(to_value(rule, catalogue(said_in), holder));
    else
      print(rule, said_in, holder);
  }
  if (arguments.given("json")) std::cout << crypto::json_lines(all);
  return Exit::ok;
}

}  // namespace reader::tool
