// SPDX-License-Identifier: Apache-2.0
// The command that shows the PC/SC readers of a station.
#include <fmt/format.h>
#include <json/value.h>

#include <iostream>

#include "personalize/tool/command.hpp"
#include "reader/link/reader_identity.hpp"

namespace personalize::tool {

Exit run_readers(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add_options()("json", "a JSON line a reader");
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  const auto readers = reader::identify_readers();
  if (!readers) return complain("the PC/SC service does not answer: is pcscd running?", Exit::unavailable);
  if (readers->empty()) return complain("no PC/SC reader is there", Exit::unavailable);
  for (const auto& each : *readers) {
    if (arguments.given("json")) {
      Json::Value json;
      json["name"] = each.name;
      json["serial"] = each.serial;
      json["port"] = each.port;
      json["card_present"] = each.card_present;
      print_line(json);
      continue;
    }
    const auto given = [](std::string_view kind, const std::string& value) {
      return value.empty() ? std::string() : fmt::format("  {}:{}", kind, value);
    };
    put_line(std::cout, fmt::format("{}{}{}  {}", each.name, given("serial", each.serial), given("port", each.port),
                                    each.card_present ? "card" : "empty"));
  }
  return Exit::ok;
}

}  // namespace personalize::tool
