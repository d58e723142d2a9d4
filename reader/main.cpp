// SPDX-License-Identifier: Apache-2.0
// patent-reader: opens a patent card, reads it, judges it; or judges saved evidence again.
#include <fmt/format.h>
#include <json/json.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>

#include "card/host/embedded_card.hpp"
#include "card/patent/identifiers.hpp"
#include "card/patent/mrz.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/tool/command_line.hpp"
#include "reader/inspect/domain_terminal.hpp"
#include "reader/inspect/names.hpp"
#include "reader/inspect/session.hpp"
#include "reader/judge/verify.hpp"
#include "reader/link/card_source.hpp"
#include "reader/link/trace.hpp"
#include "reader/report/report.hpp"

namespace {

using namespace crypto::tool;  // commands are written in its words
using reader::Evidence;

reader::Language language(const Arguments& arguments) {
  return in_russian(arguments) ? reader::Language::russian : reader::Language::english;
}

std::string first_line(std::istream&& in, const std::string& from) {
  std::string line;
  if (!std::getline(in, line)) throw Stop{Exit::usage, "cannot read a line from " + from};
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

reader::AccessKey access_key(const Arguments& arguments) {
  constexpr std::array kSources{"can", "can-file", "can-fd", "can-prompt", "mrz"};
  if (std::ranges::count_if(kSources, [&](const char* name) { return arguments.given(name); }) != 1)
    throw Stop{Exit::usage, "exactly one of --can, --can-file, --can-fd, --can-prompt, --mrz is needed"};
  if (arguments.given("mrz")) {
    auto zone = arguments.text("mrz");
    std::erase_if(zone, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '/'; });
    const auto information = patent::mrz_information(zone);
    if (!information) throw Stop{Exit::usage, "--mrz takes the three lines of 30 characters, with right check digits"};
    return {crypto::PasswordKind::mrz, crypto::Secret(crypto::as_bytes(*information))};
  }
  const auto can = card_access_number(arguments);
  if (can.size() != 6 || !std::ranges::all_of(can, [](char c) { return c >= '0' && c <= '9'; }))
    throw Stop{Exit::usage, "a CAN has six digits"};
  return {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(can))};
}

reader::Trust trust(const Arguments& arguments) {
  if (!arguments.given("trust")) throw Stop{Exit::usage, "--trust DIR is needed"};
  auto loaded = reader::load_trust(arguments.text("trust"));
  if (loaded) return *std::move(loaded);
  constexpr std::array kWords{"not found",
                              "unreadable",
                              "no certificate",
                              "no revocation list",
                              "no certificate in it",
                              "no master list",
                              "a master list that no list signer of a trusted state made"};
  throw Stop{Exit::usage, fmt::format("trust: {}: {}", loaded.error().file.string(),
                                      kWords[static_cast<std::size_t>(loaded.error().error)])};
}

reader::Policy policy(const Arguments& arguments) {
  reader::Policy out;
  if (arguments.given("policy")) {
    auto loaded = reader::load_policy(arguments.text("policy"));
    constexpr std::array kWords{"not found", "no JSON object", "an unknown member", "a value out of its range"};
    if (!loaded)
      throw Stop{Exit::usage, fmt::format("policy: {}: {}", arguments.text("policy"),
                                          kWords[static_cast<std::size_t>(loaded.error())])};
    out = *std::move(loaded);
  }
  if (arguments.given("territory")) {
    out.territory_oktmo = arguments.text("territory");
    if (!patent::is_oktmo(out.territory_oktmo)) throw Stop{Exit::usage, "--territory takes an OKTMO of 8 or 11 digits"};
  }
  return out;
}

// Personal data: for the owner's eyes only.
void write_file(const std::filesystem::path& path, std::string_view content) {
  const auto mask = ::umask(S_IRWXG | S_IRWXO);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  ::umask(mask);
  std::error_code kept;  // a file that was there before keeps its mode; a device is left alone
  if (std::filesystem::is_regular_file(path, kept))
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, kept);
  if (kept || !out.write(content.data(), static_cast<std::streamsize>(content.size())).flush())
    throw Stop{Exit::internal, "cannot write " + path.string()};
}

// What the link says before any card could be inspected. A mute card is evidence; no card is none.
Evidence without_session(wire::LinkError error, std::chrono::sys_seconds at) {
  if (error != wire::LinkError::card_mute)
    throw Stop{Exit::unavailable, fmt::format("no card to read: {}", reader::name_of(error))};
  Evidence evidence;
  evidence.taken_at = at;
  evidence.link_error = error;
  return evidence;
}

using Terminal = std::optional<reader::TerminalIdentity>;
// Opens the trust domain that fingerprints are read with, if there is one; what is wrong with it has been said.
crypto::Result<Terminal, Exit> terminal_of(const Arguments& arguments) {
  if (!arguments.given("terminal")) {
    for (const auto* const option : {"fingers", "with-fingerprints"})
      if (arguments.given(option)) throw Stop{Exit::usage, fmt::format("--{} needs --terminal DOMAIN", option)};
    return Terminal{};
  }
  PATENT_TRY(const auto domain, open_domain(arguments, arguments.text("terminal")));
  return reader::domain_terminal(domain).map_error([](const auto& failure) { return report(failure); });
}

Evidence take_evidence(const Arguments& arguments, const Terminal& terminal) {
  const auto key = access_key(arguments);
  const auto at = arguments.at();
  const std::chrono::seconds wait{arguments.number("wait")};
  auto card = reader::open_card(arguments.text("reader"), wait, reader::virtual_cards<host::EmbeddedCard>());
  if (!card) return without_session(card.error(), at);

  std::ofstream trace;
  std::optional<reader::Recorder> recorder;
  if (arguments.given("trace")) {
    trace.open(arguments.text("trace"), std::ios::trunc);
    if (!trace) throw Stop{Exit::internal, "cannot write " + arguments.text("trace")};
    recorder.emplace(*card->channel, trace);
  }
  crypto::OpensslEngine engine;
  const reader::ReadPlan plan{.photo = !arguments.given("no-photo"), .status = true, .fingers = terminal.has_value()};
  wire::Channel& channel = recorder ? static_cast<wire::Channel&>(*recorder) : *card->channel;
  auto evidence = reader::inspect(engine, channel, key, plan,
                                  {.link = card->limits, .terminal = terminal ? &*terminal : nullptr}, at);
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
Rules rules(const Arguments& arguments) { return {trust(arguments), policy(arguments), language(arguments)}; }

void write_fingers(const std::filesystem::path& folder, const std::vector<reader::FingerPicture>& fingers) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Stop{Exit::cannot_create, "cannot make " + folder.string()};
  std::size_t number = 0;
  for (const auto& finger : fingers)
    write_file(folder / fmt::format("{}-{}.{}", ++number, reader::finger_name(finger.position),
                                    finger.is_jpeg2000 ? "jp2" : "wsq"),
               {reinterpret_cast<const char*>(finger.image.data()), finger.image.size()});
}

std::string saved(const Evidence& evidence, const Arguments& arguments) {
  return reader::to_json(evidence, {.fingerprints = arguments.given("with-fingerprints")});
}

int judge(const Evidence& evidence, const Rules& by, const Arguments& arguments) {
  const auto verdict = reader::verify(evidence, by.trust, by.policy, arguments.at());
  if (arguments.given("photo") && !verdict.facts.photo.empty())
    write_file(arguments.text("photo"),
               {reinterpret_cast<const char*>(verdict.facts.photo.data()), verdict.facts.photo.size()});
  if (arguments.given("fingers")) write_fingers(arguments.text("fingers"), verdict.facts.fingers);
  std::cout << (arguments.given("json")
                    ? reader::to_json(verdict, &evidence.traffic)
                    : reader::to_text(verdict, &evidence.traffic, {by.language, by.policy.utc_offset}));
  return static_cast<int>(verdict.outcome);
}

int run_inspect(const Arguments& arguments) {
  const auto by = rules(arguments);
  const auto terminal = terminal_of(arguments);
  if (!terminal) return static_cast<int>(terminal.error());
  const auto evidence = take_evidence(arguments, *terminal);
  if (arguments.given("save")) write_file(arguments.text("save"), saved(evidence, arguments));
  return judge(evidence, by, arguments);
}

int run_capture(const Arguments& arguments) {
  const auto terminal = terminal_of(arguments);
  if (!terminal) return static_cast<int>(terminal.error());
  const auto evidence = take_evidence(arguments, *terminal);
  const auto json = saved(evidence, arguments);
  if (arguments.given("save"))
    write_file(arguments.text("save"), json);
  else
    std::cout << json;
  if (evidence.access == reader::AccessOutcome::opened && !evidence.link_error) return 0;
  std::cerr << "patent-reader: incomplete: access " << reader::name_of(evidence.access)
            << (evidence.link_error ? fmt::format(", {}", reader::name_of(*evidence.link_error)) : "") << '\n';
  return static_cast<int>(reader::Outcome::needs_check);
}

// evidence_from_json() names what is too large; this only bounds the memory.
constexpr std::size_t kMostRead = 16U << 20;

int run_verify(const Arguments& arguments) {
  const auto by = rules(arguments);
  int worst = static_cast<int>(reader::Outcome::valid);
  for (const auto& file : arguments.texts("FILE")) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Stop{Exit::usage, "cannot read " + file};
    std::string text(kMostRead, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    const auto evidence = reader::evidence_from_json(text);
    constexpr std::array kWords{"not JSON", "another version", "not of the published form", "too large"};
    if (!evidence)
      throw Stop{Exit::usage, fmt::format("{}: {}", file, kWords[static_cast<std::size_t>(evidence.error())])};
    const int outcome = judge(*evidence, by, arguments);
    if (worst == 0 || outcome == static_cast<int>(reader::Outcome::invalid)) worst = outcome;
  }
  return worst;
}

int run_readers(const Arguments& arguments) {
  const auto readers = reader::list_pcsc_readers();
  if (!readers) throw Stop{Exit::unavailable, fmt::format("no readers: {}", reader::name_of(readers.error()))};
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
  return static_cast<int>(readers->empty() ? Exit::unavailable : Exit::ok);
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

options::options_description judgement_options() {
  options::options_description out("Judgement");
  out.add_options()                                                                                                  //
      ("trust", options::value<std::string>()->value_name("DIR"), "trusted CSCA certificates and revocation lists")  //
      ("policy", options::value<std::string>()->value_name("FILE"), "limits and offsets, JSON")                      //
      ("territory", options::value<std::string>()->value_name("OKTMO"), "where the check takes place")               //
      ("photo", options::value<std::string>()->value_name("FILE"), "write the photo there")                          //
      ("fingers", options::value<std::string>()->value_name("DIR"), "write the finger images there");
  return out;
}

options::options_description output_options() {
  options::options_description out("Output");
  out.add_options()                     //
      ("json", "JSON instead of text")  //
      ("lang", options::value<std::string>()->value_name("ru|en"), "language of the text");
  return out;
}

// What a command needs: the card, the rules to judge by, or both.
enum Needs : unsigned { kCard = 1, kRules = 2 };

options::options_description described(unsigned needs) {
  options::options_description out;
  if ((needs & kCard) != 0) out.add(card_options()).add(passphrase_option());
  if ((needs & kRules) != 0) out.add(judgement_options());
  if (needs != 0) out.add(at_option());
  return out.add(output_options());
}

// Reads the arguments, then does the work: its number is the exit code, a verdict's outcome among them.
template <int (*work)(const Arguments&), unsigned needs>
Exit run(const Command& command, const Words& words) {
  const bool judges_files = needs == kRules;
  Arguments arguments(command, described(needs), judges_files ? Words{"FILE..."} : Words{});
  if (const auto exit = arguments.read(words)) return *exit;
  return static_cast<Exit>(work(arguments));
}

constexpr std::array kCommands{
    Command{
        "inspect", "Reads a card and judges it.", "[options]",
        "  patent-reader inspect --can-prompt --trust trust\n"
        "  patent-reader inspect --reader virtual:one.card --can 123456 --trust trust --territory 45000000 --lang ru\n"
        "  patent-reader inspect --can-prompt --trust trust --terminal domain --fingers fingers\n",
        run<run_inspect, kCard | kRules>},
    Command{"capture", "Reads a card and keeps the evidence, unjudged.", "[options]",
            "  patent-reader capture --can-file can.txt --save evidence.json\n", run<run_capture, kCard>},
    Command{"verify", "Judges saved evidence again, without the card.", "FILE... [options]",
            "  patent-reader verify evidence.json --trust trust --at 2026-03-10\n", run<run_verify, kRules>},
    Command{"readers", "Lists the PC/SC readers.", "[--json]", "  patent-reader readers\n", run<run_readers, 0U>},
};

}  // namespace

int main(int argc, char** argv) {
  return run_program({"Reads patent cards and says VALID, INVALID or NEEDS CHECK.", kCommands,
                      "  patent-reader inspect --can-prompt --trust trust --territory 45000000\n",
                      "0 VALID, 1 INVALID, 2 NEEDS CHECK, 64 usage, 69 no reader or card, 70 internal."},
                     argc, argv);
}
