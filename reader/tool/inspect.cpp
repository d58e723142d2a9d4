// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <json/json.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>

#include "card/host/embedded_card.hpp"
#include "card/patent/mrz.hpp"
#include "crypto/openssl_engine.hpp"
#include "reader/inspect/domain_terminal.hpp"
#include "reader/inspect/names.hpp"
#include "reader/inspect/session.hpp"
#include "reader/link/card_source.hpp"
#include "reader/link/trace.hpp"
#include "reader/tool/command.hpp"

namespace reader::tool {
namespace {

constexpr std::size_t kMostLine = 64;  // a CAN has six characters

// Whatever stands behind a name, a device without an end included, no more than a short line is read of it.
std::string first_line(std::istream&& in, const std::string& from) {
  std::string line;
  char c = '\0';
  while (line.size() <= kMostLine && in.get(c) && c != '\n') line += c;
  if (line.empty() && !in) throw Stop{Exit::usage, "cannot read a line from " + from};
  if (line.size() > kMostLine) throw Stop{Exit::usage, "the first line of " + from + " is too long"};
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string card_access_number(const Arguments& arguments) {
  if (arguments.given("can")) return arguments.text("can");
  if (arguments.given("can-file"))
    return first_line(std::ifstream(arguments.text("can-file")), arguments.text("can-file"));
  if (arguments.given("can-fd")) {
    const auto path = fmt::format("/dev/fd/{}", arguments.number("can-fd"));
    return first_line(std::ifstream(path), path);
  }
  std::cerr << "CAN: " << std::flush;
  return first_line(std::ifstream("/dev/tty"), "the terminal");
}

AccessKey access_key(const Arguments& arguments) {
  constexpr std::array kSources{"can", "can-file", "can-fd", "can-prompt", "mrz"};
  if (std::ranges::count_if(kSources, [&](const char* name) { return arguments.given(name); }) != 1)
    throw Stop{Exit::usage, "exactly one of --can, --can-file, --can-fd, --can-prompt, --mrz is needed"};
  if (arguments.given("mrz")) {
    const auto information = patent::mrz_information(typed_zone(arguments));
    if (!information) throw Stop{Exit::usage, "--mrz takes the three lines of 30 characters, with right check digits"};
    return {crypto::PasswordKind::mrz, crypto::Secret(crypto::as_bytes(*information))};
  }
  const auto can = card_access_number(arguments);
  if (can.size() != 6 || !std::ranges::all_of(can, [](char c) { return c >= '0' && c <= '9'; }))
    throw Stop{Exit::usage, "a CAN has six digits"};
  return {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(can))};
}

// What the link says before any card could be inspected. A mute card is evidence; no card is none.
Evidence without_session(wire::LinkError error, std::chrono::sys_seconds at) {
  if (error == wire::LinkError::no_daemon)
    throw Stop{Exit::unavailable, "no card to read: no PC/SC service answers: is pcscd running?"};
  if (error != wire::LinkError::card_mute)
    throw Stop{Exit::unavailable, fmt::format("no card to read: {}", name_of(error))};
  Evidence evidence;
  evidence.taken_at = at;
  evidence.link_error = error;
  return evidence;
}

using Terminal = std::optional<TerminalIdentity>;
// Opens the trust domain that fingerprints are read with, if there is one; what is wrong with it has been said.
crypto::Result<Terminal, Exit> terminal_of(const Arguments& arguments) {
  if (!arguments.given("terminal")) {
    for (const auto* const option : {"fingers", "with-fingerprints"})
      if (arguments.given(option)) throw Stop{Exit::usage, fmt::format("--{} needs --terminal DOMAIN", option)};
    return Terminal{};
  }
  PATENT_TRY(const auto domain, open_domain(arguments, arguments.text("terminal")));
  return domain_terminal(domain).map_error([](const auto& failure) { return report(failure); });
}

Evidence take_evidence(const Arguments& arguments, const Terminal& terminal) {
  const auto key = access_key(arguments);
  const auto at = arguments.at();
  const std::chrono::seconds wait{arguments.number("wait")};
  auto card = open_card(arguments.text("reader"), wait, virtual_cards<host::EmbeddedCard>());
  if (!card) return without_session(card.error(), at);

  std::ofstream trace;
  std::optional<Recorder> recorder;
  if (arguments.given("trace")) {
    trace.open(arguments.text("trace"), std::ios::trunc);
    if (!trace) throw Stop{Exit::internal, "cannot write " + arguments.text("trace")};
    recorder.emplace(*card->channel, trace);
  }
  crypto::OpensslEngine engine;
  const ReadPlan plan{.photo = !arguments.given("no-photo"), .status = true, .fingers = terminal.has_value()};
  wire::Channel& channel = recorder ? static_cast<wire::Channel&>(*recorder) : *card->channel;
  auto evidence =
      inspect(engine, channel, key, plan, {.link = card->limits, .terminal = terminal ? &*terminal : nullptr}, at);
  evidence.reader_name = card->reader_name;
  evidence.answer_to_reset = card->answer_to_reset;
  return evidence;
}

std::string saved(const Evidence& evidence, const Arguments& arguments) {
  return to_json(evidence, {.fingerprints = arguments.given("with-fingerprints")});
}

options::options_description card_options() {
  options::options_description out("Card");
  out.add_options()  //
      ("reader", options::value<std::string>()->value_name("NAME"),
       "PC/SC reader (name, part of it, number) or virtual:FILE")                                                     //
      ("can", options::value<std::string>()->value_name("DIGITS"), "card access number, as printed")                  //
      ("can-file", options::value<std::string>()->value_name("FILE"), "the CAN is the file's first line")             //
      ("can-fd", options::value<unsigned>()->value_name("N"), "the CAN comes from an open descriptor")                //
      ("can-prompt", "ask for the CAN")                                                                               //
      ("mrz", options::value<std::string>()->value_name("LINES"), "open with the MRZ: three lines of 30 characters")  //
      ("wait", options::value<unsigned>()->default_value(0)->value_name("SECONDS"), "wait for a card")                //
      ("no-photo", "leave the photo unread")                                                                          //
      ("terminal", options::value<std::string>()->value_name("DOMAIN"),
       "read the fingerprints, as this trust domain's inspection terminal")             //
      ("with-fingerprints", "keep the fingerprints in the evidence")                    //
      ("save", options::value<std::string>()->value_name("FILE"), "save the evidence")  //
      ("trace", options::value<std::string>()->value_name("FILE"), "record the APDUs, as they pass the reader");
  return out;
}

}  // namespace

std::string typed_zone(const Arguments& arguments) {
  auto zone = arguments.text("mrz");
  std::erase_if(zone, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '/'; });
  return zone;
}

Exit run_inspect(const Command& command, const Words& words) {
  options::options_description described;
  described.add(card_options())
      .add(passphrase_option())
      .add(judgement_options())
      .add(at_option())
      .add(output_options());
  Arguments arguments(command, described, {});
  if (const auto exit = arguments.read(words)) return *exit;
  const auto by = rules(arguments);
  const auto terminal = terminal_of(arguments);
  if (!terminal) return terminal.error();
  const auto evidence = take_evidence(arguments, *terminal);
  if (arguments.given("save")) write_file(arguments.text("save"), saved(evidence, arguments));
  return judge(evidence, by, arguments);
}

Exit run_capture(const Command& command, const Words& words) {
  options::options_description described;
  described.add(card_options()).add(passphrase_option()).add(at_option()).add(output_options());
  Arguments arguments(command, described, {});
  if (const auto exit = arguments.read(words)) return *exit;
  const auto terminal = terminal_of(arguments);
  if (!terminal) return terminal.error();
  const auto evidence = take_evidence(arguments, *terminal);
  const auto json = saved(evidence, arguments);
  if (arguments.given("save"))
    write_file(arguments.text("save"), json);
  else
    std::cout << json;
  if (evidence.access == AccessOutcome::opened && !evidence.link_error) return Exit::ok;
  std::cerr << "patent-reader: incomplete: access " << name_of(evidence.access)
            << (evidence.link_error ? fmt::format(", {}", name_of(*evidence.link_error)) : "") << '\n';
  return static_cast<Exit>(Outcome::needs_check);
}

Exit run_readers(const Command& command, const Words& words) {
  Arguments arguments(command, output_options(), {});
  if (const auto exit = arguments.read(words)) return *exit;
  const auto readers = list_pcsc_readers();
  if (!readers) throw Stop{Exit::unavailable, fmt::format("no readers: {}", name_of(readers.error()))};
  Json::Value list(Json::arrayValue);
  for (const auto& one : *readers) {
    Json::Value entry;
    entry["name"] = one.name;
    entry["card_present"] = one.card_present;
    list.append(std::move(entry));
  }
  if (arguments.given("json"))
    std::cout << list.toStyledString();
  else
    for (unsigned i = 0; i < readers->size(); ++i)
      std::cout << fmt::format("{}  {}  {}\n", i, (*readers)[i].card_present ? "card" : "-   ", (*readers)[i].name);
  return readers->empty() ? Exit::unavailable : Exit::ok;
}

}  // namespace reader::tool
