// SPDX-License-Identifier: Apache-2.0
// patent-reader: opens a patent card, reads it, judges it; or judges saved evidence again.
#include <fmt/format.h>
#include <json/json.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "card/host/embedded_card.hpp"
#include "card/patent/identifiers.hpp"
#include "card/patent/mrz.hpp"
#include "crypto/openssl_engine.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/inspect/names.hpp"
#include "reader/inspect/session.hpp"
#include "reader/judge/verify.hpp"
#include "reader/link/card_source.hpp"
#include "reader/link/trace.hpp"
#include "reader/report/report.hpp"

namespace {

namespace options = boost::program_options;
using reader::Evidence;

enum Exit : int { kUsage = 64, kUnavailable = 69, kInternal = 70 };  // and 0, 1, 2: a verdict's outcome

// Ends the command: the message for the person, the code for the script.
struct Failure {
  int code;
  std::string message;
};

const std::string& text(const options::variables_map& values, const char* name) {
  return values[name].as<std::string>();
}
bool has(const options::variables_map& values, const char* name) { return values.count(name) != 0; }

reader::Language language(const options::variables_map& values) {
  std::string name;
  if (has(values, "lang")) {
    name = text(values, "lang");
    if (name != "ru" && name != "en") throw Failure{kUsage, "--lang is ru or en"};
  } else {
    for (const auto* variable : {"LC_ALL", "LANG"})
      if (const char* const value = std::getenv(variable); value != nullptr && name.empty()) name = value;
  }
  return name.starts_with("ru") ? reader::Language::russian : reader::Language::english;
}

// 2026-03-10T09:00:00Z, or a date: noon in Moscow.
std::chrono::sys_seconds instant(const options::variables_map& values) {
  if (!has(values, "at")) return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (const auto exact = reader::instant_from_iso(text(values, "at"))) return *exact;
  if (const auto date = reader::date_from_iso(text(values, "at")))
    return std::chrono::sys_days{*date} + std::chrono::hours{9};
  throw Failure{kUsage, "--at takes 2026-03-10 or 2026-03-10T09:00:00Z"};
}

std::string first_line(std::istream&& in, const std::string& from) {
  std::string line;
  if (!std::getline(in, line)) throw Failure{kUsage, "cannot read a line from " + from};
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string card_access_number(const options::variables_map& values) {
  if (has(values, "can")) return text(values, "can");
  if (has(values, "can-file")) return first_line(std::ifstream(text(values, "can-file")), text(values, "can-file"));
  if (has(values, "can-fd")) {
    const auto path = fmt::format("/dev/fd/{}", values["can-fd"].as<unsigned>());
    return first_line(std::ifstream(path), path);
  }
  std::cerr << "CAN: " << std::flush;
  return first_line(std::ifstream("/dev/tty"), "the terminal");
}

reader::AccessKey access_key(const options::variables_map& values) {
  constexpr std::array kSources{"can", "can-file", "can-fd", "can-prompt", "mrz"};
  if (std::ranges::count_if(kSources, [&](const char* name) { return has(values, name); }) != 1)
    throw Failure{kUsage, "exactly one of --can, --can-file, --can-fd, --can-prompt, --mrz is needed"};
  if (has(values, "mrz")) {
    auto zone = text(values, "mrz");
    std::erase_if(zone, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '/'; });
    const auto information = patent::mrz_information(zone);
    if (!information) throw Failure{kUsage, "--mrz takes the three lines of 30 characters, with right check digits"};
    return {crypto::PasswordKind::mrz, crypto::Secret(crypto::as_bytes(*information))};
  }
  const auto can = card_access_number(values);
  if (can.size() != 6 || !std::ranges::all_of(can, [](char c) { return c >= '0' && c <= '9'; }))
    throw Failure{kUsage, "a CAN has six digits"};
  return {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(can))};
}

reader::Trust trust(const options::variables_map& values) {
  if (!has(values, "trust")) throw Failure{kUsage, "--trust DIR is needed"};
  auto loaded = reader::load_trust(text(values, "trust"));
  if (loaded) return *std::move(loaded);
  constexpr std::array kWords{"not found", "unreadable", "no certificate", "no revocation list",
                              "no certificate in it"};
  throw Failure{kUsage, fmt::format("trust: {}: {}", loaded.error().file.string(),
                                    kWords[static_cast<std::size_t>(loaded.error().error)])};
}

reader::Policy policy(const options::variables_map& values) {
  reader::Policy out;
  if (has(values, "policy")) {
    auto loaded = reader::load_policy(text(values, "policy"));
    constexpr std::array kWords{"not found", "no JSON object", "an unknown member", "a value out of its range"};
    if (!loaded)
      throw Failure{kUsage, fmt::format("policy: {}: {}", text(values, "policy"),
                                        kWords[static_cast<std::size_t>(loaded.error())])};
    out = *std::move(loaded);
  }
  if (has(values, "territory")) {
    out.territory_oktmo = text(values, "territory");
    if (!patent::is_oktmo(out.territory_oktmo)) throw Failure{kUsage, "--territory takes an OKTMO of 8 or 11 digits"};
  }
  return out;
}

// Personal data: for the owner's eyes only.
void write_file(const std::string& path, std::string_view content) {
  const auto mask = ::umask(S_IRWXG | S_IRWXO);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  ::umask(mask);
  if (!out.write(content.data(), static_cast<std::streamsize>(content.size())).flush())
    throw Failure{kInternal, "cannot write " + path};
}

// What the link says before any card could be inspected. A mute card is evidence; no card is none.
Evidence without_session(wire::LinkError error, std::chrono::sys_seconds at) {
  if (error != wire::LinkError::card_mute)
    throw Failure{kUnavailable, fmt::format("no card to read: {}", reader::name_of(error))};
  Evidence evidence;
  evidence.taken_at = at;
  evidence.link_error = error;
  return evidence;
}

Evidence take_evidence(const options::variables_map& values) {
  const auto key = access_key(values);
  const auto at = instant(values);
  const std::chrono::seconds wait{values["wait"].as<unsigned>()};
  auto card = reader::open_card(has(values, "reader") ? text(values, "reader") : "", wait,
                                reader::virtual_cards<host::EmbeddedCard>());
  if (!card) return without_session(card.error(), at);

  std::ofstream trace;
  std::optional<reader::Recorder> recorder;
  if (has(values, "trace")) {
    trace.open(text(values, "trace"), std::ios::trunc);
    if (!trace) throw Failure{kInternal, "cannot write " + text(values, "trace")};
    recorder.emplace(*card->channel, trace);
  }
  crypto::OpensslEngine engine;
  const reader::ReadPlan plan{.photo = !has(values, "no-photo"), .status = true};
  wire::Channel& channel = recorder ? static_cast<wire::Channel&>(*recorder) : *card->channel;
  auto evidence = reader::inspect(engine, channel, key, plan, {.link = card->limits}, at);
  evidence.reader_name = card->reader_name;
  evidence.answer_to_reset = card->answer_to_reset;
  return evidence;
}

struct Rules {
  reader::Trust trust;
  reader::Policy policy;
  reader::Language language;
};
// All that can be wrong is found before a card is touched.
Rules rules(const options::variables_map& values) { return {trust(values), policy(values), language(values)}; }

int judge(const Evidence& evidence, const Rules& by, const options::variables_map& values) {
  const auto verdict = reader::verify(evidence, by.trust, by.policy, instant(values));
  if (has(values, "photo") && !verdict.facts.photo.empty())
    write_file(text(values, "photo"),
               {reinterpret_cast<const char*>(verdict.facts.photo.data()), verdict.facts.photo.size()});
  std::cout << (has(values, "json") ? reader::to_json(verdict, &evidence.traffic)
                                    : reader::to_text(verdict, &evidence.traffic, {by.language, by.policy.utc_offset}));
  return static_cast<int>(verdict.outcome);
}

int run_inspect(const options::variables_map& values) {
  const auto by = rules(values);
  const auto evidence = take_evidence(values);
  if (has(values, "save")) write_file(text(values, "save"), reader::to_json(evidence));
  return judge(evidence, by, values);
}

int run_capture(const options::variables_map& values) {
  const auto evidence = take_evidence(values);
  const auto json = reader::to_json(evidence);
  if (has(values, "save"))
    write_file(text(values, "save"), json);
  else
    std::cout << json;
  if (evidence.access == reader::AccessOutcome::opened && !evidence.link_error) return 0;
  std::cerr << "patent-reader: incomplete: access " << reader::name_of(evidence.access)
            << (evidence.link_error ? fmt::format(", {}", reader::name_of(*evidence.link_error)) : "") << '\n';
  return static_cast<int>(reader::Outcome::needs_check);
}

int run_verify(const options::variables_map& values) {
  const auto by = rules(values);
  if (!has(values, "file")) throw Failure{kUsage, "verify takes at least one file of evidence"};
  int worst = static_cast<int>(reader::Outcome::valid);
  for (const auto& file : values["file"].as<std::vector<std::string>>()) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Failure{kUsage, "cannot read " + file};
    const auto evidence = reader::evidence_from_json(std::string(std::istreambuf_iterator<char>(in), {}));
    constexpr std::array kWords{"not JSON", "another version", "not of the published form", "too large"};
    if (!evidence)
      throw Failure{kUsage, fmt::format("{}: {}", file, kWords[static_cast<std::size_t>(evidence.error())])};
    const int outcome = judge(*evidence, by, values);
    if (worst == 0 || outcome == static_cast<int>(reader::Outcome::invalid)) worst = outcome;
  }
  return worst;
}

int run_readers(const options::variables_map& values) {
  const auto readers = reader::list_pcsc_readers();
  if (!readers) throw Failure{kUnavailable, fmt::format("no readers: {}", reader::name_of(readers.error()))};
  Json::Value list(Json::arrayValue);
  for (const auto& one : *readers) {
    Json::Value entry;
    entry["name"] = one.name;
    entry["card_present"] = one.card_present;
    list.append(std::move(entry));
  }
  if (has(values, "json"))
    std::cout << list.toStyledString();
  else
    for (unsigned i = 0; i < readers->size(); ++i)
      std::cout << fmt::format("{}  {}  {}\n", i, (*readers)[i].card_present ? "card" : "-   ", (*readers)[i].name);
  return readers->empty() ? kUnavailable : 0;
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
      ("save", options::value<std::string>()->value_name("FILE"), "save the evidence")                                //
      ("trace", options::value<std::string>()->value_name("FILE"), "record the APDUs, as they pass the reader");
  return out;
}

options::options_description judgement_options() {
  options::options_description out("Judgement");
  out.add_options()                                                                                                  //
      ("trust", options::value<std::string>()->value_name("DIR"), "trusted CSCA certificates and revocation lists")  //
      ("policy", options::value<std::string>()->value_name("FILE"), "limits and offsets, JSON")                      //
      ("territory", options::value<std::string>()->value_name("OKTMO"), "where the check takes place")               //
      ("photo", options::value<std::string>()->value_name("FILE"), "write the photo there");
  return out;
}

options::options_description time_option() {
  options::options_description out("Time");
  out.add_options()("at", options::value<std::string>()->value_name("TIME"),
                    "judge for this time: 2026-03-10 or 2026-03-10T09:00:00Z");
  return out;
}

options::options_description output_options() {
  options::options_description out("Output");
  out.add_options()                     //
      ("json", "JSON instead of text")  //
      ("lang", options::value<std::string>()->value_name("ru|en"), "language of the text");
  return out;
}

struct Subcommand {
  std::string_view name, summary, arguments, examples;
  bool card, judged;
  int (*run)(const options::variables_map&);
};
constexpr std::array kSubcommands{
    Subcommand{
        "inspect", "Reads a card and judges it.", "[options]",
        "  patent-reader inspect --can-prompt --trust trust\n"
        "  patent-reader inspect --reader virtual:one.card --can 123456 --trust trust --territory 45000000 --lang ru\n",
        true, true, run_inspect},
    Subcommand{"capture", "Reads a card and keeps the evidence, unjudged.", "[options]",
               "  patent-reader capture --can-file can.txt --save evidence.json\n", true, false, run_capture},
    Subcommand{"verify", "Judges saved evidence again, without the card.", "FILE... [options]",
               "  patent-reader verify evidence.json --trust trust --at 2026-03-10\n", false, true, run_verify},
    Subcommand{"readers", "Lists the PC/SC readers.", "[--json]", "  patent-reader readers\n", false, false,
               run_readers},
};

options::options_description described(const Subcommand& command) {
  options::options_description out;
  if (command.card) out.add(card_options());
  if (command.judged) out.add(judgement_options());
  if (command.card || command.judged) out.add(time_option());
  out.add(output_options());
  out.add_options()("help", "this text");
  return out;
}

std::string usage() {
  std::string out =
      "Usage: patent-reader COMMAND ...\n\nReads patent cards and says VALID, INVALID or NEEDS CHECK.\n\nCommands:\n";
  for (const auto& command : kSubcommands) out += fmt::format("  {:<8} {}\n", command.name, command.summary);
  out += "\nOptions:\n  --help, --version\n\nExamples:\n";
  for (const auto& command : kSubcommands) out += command.examples;
  return out + "\nExit codes: 0 VALID, 1 INVALID, 2 NEEDS CHECK, 64 usage, 69 no reader or card, 70 internal.\n";
}

int run(const Subcommand& command, int argc, char** argv) {
  const auto visible = described(command);
  options::options_description all;
  all.add(visible);
  all.add_options()("file", options::value<std::vector<std::string>>());
  options::positional_options_description files;
  if (!command.card && command.judged) files.add("file", -1);
  options::variables_map values;
  options::store(options::command_line_parser(argc, argv).options(all).positional(files).run(), values);
  options::notify(values);
  if (has(values, "help")) {
    std::cout << fmt::format("Usage: patent-reader {} {}\n\n{}\n\n", command.name, command.arguments, command.summary)
              << visible << "\nExamples:\n"
              << command.examples;
    return 0;
  }
  return command.run(values);
}

// Passwords must reach neither a core file nor another process's debugger.
void guard_memory() {
  const rlimit none{0, 0};
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0)
    throw Failure{kInternal, "cannot forbid core files"};
}

}  // namespace

int main(int argc, char** argv) {
  try {
    guard_memory();
    const std::string_view name = argc > 1 ? argv[1] : "";
    if (name == "--help" || name == "-h") return std::cout << usage(), 0;
    if (name == "--version") return std::cout << "patent-reader " PATENT_VERSION "\n", 0;
    const auto* const command = std::ranges::find(kSubcommands, name, &Subcommand::name);
    if (command == kSubcommands.end()) throw Failure{kUsage, "which command? See patent-reader --help"};
    return run(*command, argc - 1, argv + 1);
  } catch (const Failure& failure) {
    std::cerr << "patent-reader: " << failure.message << '\n';
    return failure.code;
  } catch (const options::error& error) {
    std::cerr << "patent-reader: " << error.what() << '\n';
    return kUsage;
  } catch (const std::exception& error) {
    std::cerr << "patent-reader: " << error.what() << '\n';
    return kInternal;
  }
}
