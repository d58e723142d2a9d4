// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <json/json.h>

#include <iostream>

#include "crypto/guarded_file.hpp"
#include "crypto/terminal_text.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/judge/list_tokens.hpp"
#include "reader/tool/trusted.hpp"

namespace reader::tool {
namespace {

using patent::ListKind;

std::string read_token(const std::string& file) {
  const auto octets = crypto::read_file(file, crypto::kMaxTokenOctets);
  if (!octets) throw Stop{Exit::bad_input, "cannot read " + file};
  std::string text(octets->begin(), octets->end());
  text.erase(text.find_last_not_of(" \r\n") + 1);
  return text;
}

// Of either kind: its type says which.
crypto::Result<OpenedList, ListFault> open(const std::string& token, const Trusted& by, crypto::Time at) {
  auto states = open_list(token, ListKind::states, {}, by.trust, by.policy, at);
  if (states || states.error() != ListFault::wrong_type) return states;
  return open_list(token, ListKind::months, {}, by.trust, by.policy, at);
}

Json::Value json_of(const OpenedList& opened, const Arguments& arguments) {
  const auto& list = opened.list;
  Json::Value out;
  out["kind"] = list.kind == ListKind::states ? "states" : "months";
  out["uri"] = list.uri;
  out["issued_at"] = to_iso(list.issued_at);
  if (list.expires) out["expires"] = to_iso(*list.expires);
  if (list.time_to_live) out["ttl"] = Json::Int64(list.time_to_live->count());
  out["bits"] = list.entries.bits();
  out["entries"] = Json::UInt64(list.entries.size());
  out["signer"] = opened.signer.subject();
  if (!arguments.given("index")) return out;
  const auto index = arguments.number("index");
  out["index"] = index;
  if (index < list.entries.size()) out["value"] = list.entries[index];
  return out;
}

std::string text_of(const Json::Value& json) {
  auto out = fmt::format("{} {}\n  issued {}", json["kind"].asString(), crypto::shown(json["uri"].asString(), ' '),
                         json["issued_at"].asString());
  if (json.isMember("expires")) out += ", expires " + json["expires"].asString();
  out += fmt::format("\n  {} entries of {} bits, signed by {}\n", json["entries"].asUInt64(), json["bits"].asUInt(),
                     crypto::shown(json["signer"].asString(), ' '));
  if (json.isMember("value"))
    out += fmt::format("  index {}: {:X}\n", json["index"].asUInt(), json["value"].asUInt());
  else if (json.isMember("index"))
    out += fmt::format("  index {}: not in this list\n", json["index"].asUInt());
  return out;
}

}  // namespace

Exit run_list(const Command& command, const Words& words) {
  options::options_description described("List");
  described.add_options()("index", options::value<unsigned>()->value_name("N"), "what it says of the card N");
  described.add(trust_options()).add(at_option()).add(output_options());
  Arguments arguments(command, described, {"FILE..."});
  if (const auto exit = arguments.read(words)) return *exit;
  auto by = trusted(arguments);
  auto exit = Exit::ok;
  for (const auto& file : arguments.texts("FILE")) {
    auto opened = open(read_token(file), by, arguments.at());
    if (!opened) {
      exit = Exit::bad_input;
      std::cerr << fmt::format("patent-reader: {}: {}: {}\n", file, name_of(opened.error()), words_for(opened.error()));
      continue;
    }
    auto json = json_of(*opened, arguments);
    json["file"] = file;
    std::cout << (arguments.given("json") ? json.toStyledString() : text_of(json));
    if (json.isMember("index") && !json.isMember("value")) exit = Exit::bad_input;
    static_cast<void>(by.trust.lists.put(std::move(opened->list)));  // open_list() has admitted it
  }
  return exit;
}

}  // namespace reader::tool
