// SPDX-License-Identifier: Apache-2.0
// The commands that hand out events: next, follow, acknowledge, receivers.
#include <fmt/format.h>
#include <json/json.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iostream>
#include <thread>

#include "personalize/tool/floor.hpp"

namespace personalize::tool {
namespace {

constexpr std::int64_t kAtOnce = 1000;

options::options_description receiver_options() {
  auto out = ledger_option();
  out.add_options()("receiver", options::value<std::string>()->value_name("NAME"),
                    "whom the events are for: its position is kept under this name");
  return out;
}

std::string receiver_of(const Arguments& arguments) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-._";
  constexpr std::size_t kMostName = 64;
  auto name = arguments.text("receiver");
  if (name.empty()) throw Stop{Exit::usage, "--receiver is missing"};
  if (name.size() > kMostName || name.find_first_not_of(kAllowed) != std::string::npos)
    throw Stop{Exit::usage, "--receiver: up to 64 of a-z, 0-9, \"-\", \".\" and \"_\""};
  return name;
}

void print(const std::vector<StoredEvent>& events) {
  for (const auto& event : events) std::cout << to_json(event) << '\n';
  if (!std::cout.flush()) throw Stop{Exit::cannot_create, "nobody takes the events"};
}

Exit run_next(const Command& command, const Words& words) {
  auto description = receiver_options();
  description.add_options()("most", options::value<unsigned>()->value_name("N")->default_value(kAtOnce),
                            "at most so many");
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  const auto receiver = receiver_of(arguments);
  const auto database = open_ledger_database(arguments);
  print(must(EventOutbox(*database).next(receiver, arguments.number("most"))));
  return Exit::ok;
}

// What was printed and not acknowledged is printed again by the next run.
Exit run_follow(const Command& command, const Words& words) {
  auto description = receiver_options();
  description.add_options()("every", options::value<unsigned>()->value_name("SECONDS")->default_value(1),
                            "how often to look for new ones");
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  const auto receiver = receiver_of(arguments);
  const auto database = open_ledger_database(arguments);
  EventOutbox outbox(*database);
  for (auto position = must(outbox.position(receiver));;) {
    const auto events = must(outbox.after(position, kAtOnce));
    print(events);
    if (events.empty())
      std::this_thread::sleep_for(std::chrono::seconds(std::max(1U, arguments.number("every"))));
    else
      position = events.back().sequence;
  }
}

Exit run_acknowledge(const Command& command, const Words& words) {
  Arguments arguments(command, receiver_options(), {"SEQUENCE"});
  if (const auto end = arguments.read(words)) return *end;
  const auto receiver = receiver_of(arguments);
  const auto text = arguments.text("SEQUENCE");
  std::int64_t sequence = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sequence);
  if (error != std::errc() || end != text.data() + text.size() || sequence < 1)
    return report_usage(command, "SEQUENCE is an event's number");
  const auto database = open_ledger_database(arguments);
  const auto done = EventOutbox(*database).acknowledge(receiver, sequence);
  if (!done && done.error().error == LedgerError::wrong_state)
    return complain("there is no event " + text + " yet", Exit::bad_input);
  must(done);
  return Exit::ok;
}

Exit run_receivers(const Command& command, const Words& words) {
  auto description = ledger_option();
  description.add_options()("json", "a JSON line a receiver");
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  const auto database = open_ledger_database(arguments);
  for (const auto& receiver : must(EventOutbox(*database).receivers())) {
    if (!arguments.given("json")) {
      put_line(std::cout,
               fmt::format("{}: has events up to {}, {} wait", receiver.name, receiver.position, receiver.waiting));
      continue;
    }
    Json::Value json;
    json["receiver"] = receiver.name;
    json["position"] = Json::Int64{receiver.position};
    json["waiting"] = Json::Int64{receiver.waiting};
    print_line(json);
  }
  return Exit::ok;
}

constexpr std::array kActions{
    Command{"events acknowledge", "Says that a receiver has all events up to this one.",
            "SEQUENCE --ledger WHERE --receiver NAME",
            "  patent-personalize events acknowledge 1207 --ledger floor.db --receiver portal\n", run_acknowledge},
    Command{"events follow", "Prints what a receiver has not acknowledged, and then each event as it happens.",
            "--ledger WHERE --receiver NAME [--every SECONDS]",
            "  patent-personalize events follow --ledger floor.db --receiver portal | deliver\n", run_follow},
    Command{"events next", "Prints what a receiver has not acknowledged, a JSON line each, the oldest first.",
            "--ledger WHERE --receiver NAME [--most N]",
            "  patent-personalize events next --ledger floor.db --receiver portal --most 100\n", run_next},
    Command{"events receivers", "Shows how far each receiver has got.", "--ledger WHERE [--json]",
            "  patent-personalize events receivers --ledger floor.db\n", run_receivers},
};

}  // namespace

Exit run_events(const Command& command, const Words& words) { return run_action(command, kActions, words); }

}  // namespace personalize::tool
