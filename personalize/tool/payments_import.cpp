// SPDX-License-Identifier: Apache-2.0
// The command that enters files of payments.
#include <fmt/format.h>
#include <json/json.h>

#include <array>
#include <csignal>
#include <fstream>
#include <iostream>
#include <numeric>

#include "personalize/status/payment_import.hpp"
#include "personalize/tool/floor.hpp"
#include "personalize/tool/payments.hpp"

namespace personalize::tool {
namespace {

volatile std::sig_atomic_t interrupted = 0;

// Ctrl-C during an import undoes it: the file in hand is as if it had never come.
class Interrupts {
public:
  Interrupts() {
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
  }
};

class Progress {
public:
  explicit Progress(const std::filesystem::path& file) : whole_(size_of(file)) {}
  // At most once a second: a short file says nothing.
  void show(std::uint64_t octets) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::seconds(1)) return;
    last_ = now;
    put_line(std::cerr, fmt::format("  {} of {} MB", octets >> 20, whole_ >> 20));
  }

private:
  static std::uintmax_t size_of(const std::filesystem::path& file) {
    std::error_code none;
    const auto size = std::filesystem::file_size(file, none);
    return none ? 0 : size;
  }
  std::uintmax_t whole_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

std::string_view word_of(ImportEnd end) {
  constexpr std::array<std::string_view, 3> kNames{"entered", "refused", "stopped"};
  return kNames.at(static_cast<std::size_t>(end));
}

Json::Value json_of(const PaymentFileFault& fault, bool russian) {
  const auto& text = text_of(fault.fault);
  Json::Value json;
  json["line"] = Json::UInt64(fault.line);
  if (!fault.column.empty()) json["column"] = fault.column;
  json["fault"] = std::string(text.name);
  json["words"] = std::string(russian ? text.ru : text.en);
  return json;
}

std::uint64_t unmatched_of(const Import& import) {
  return std::accumulate(import.unmatched.begin(), import.unmatched.end(), std::uint64_t{0});
}

void print(const std::string& file, const Import& import, const Arguments& arguments) {
  const bool russian = in_russian(arguments);
  Json::Value unmatched(Json::objectValue);
  std::string reasons;
  for (std::size_t i = 1; i < import.unmatched.size(); ++i) {
    if (import.unmatched[i] == 0) continue;
    const std::string name(name_of(static_cast<Unmatched>(i)));
    unmatched[name] = Json::UInt64(import.unmatched[i]);
    reasons += fmt::format("{}{} {}", reasons.empty() ? ": " : ", ", name, import.unmatched[i]);
  }
  if (arguments.given("json")) {
    Json::Value json;
    json["file"] = file;
    json["result"] = std::string(word_of(import.end));
    json["matched"] = Json::UInt64(import.matched);
    json["unmatched"] = unmatched;
    json["repeated"] = Json::UInt64(import.repeated);
    json["fault_count"] = Json::UInt64(import.faults.count());
    json["faults"] = Json::Value(Json::arrayValue);
    for (const auto& fault : import.faults.kept()) json["faults"].append(json_of(fault, russian));
    return print_line(json);
  }
  for (const auto& fault : import.faults.kept())
    put_line(std::cerr,
             fmt::format("{}:{}: {}{} [{}]", file, fault.line, fault.column.empty() ? "" : fault.column + ": ",
                         russian ? text_of(fault.fault).ru : text_of(fault.fault).en, text_of(fault.fault).name));
  if (import.faults.count() > import.faults.kept().size())
    put_line(std::cerr,
             fmt::format("{}: and {} faults more", file, import.faults.count() - import.faults.kept().size()));
  if (import.end != ImportEnd::entered) return;
  put_line(std::cout, fmt::format("{}: {} payments matched, {} unmatched{}, {} known already", file, import.matched,
                                  unmatched_of(import), reasons, import.repeated));
  if (import.faults.count() > 0)
    put_line(std::cout, fmt::format("{}: {} faults passed over", file, import.faults.count()));
}

AuditEvent event_of(const std::string& file, const Import& import, const Floor& floor, const Arguments& arguments) {
  return {"payments_imported",
          arguments.at(),
          floor.workplace.operator_name,
          {{"file", std::filesystem::path(file).filename().string()},
           {"matched", std::to_string(import.matched)},
           {"unmatched", std::to_string(unmatched_of(import))},
           {"repeated", std::to_string(import.repeated)},
           {"faults", std::to_string(import.faults.count())}}};
}

Exit import_file(Floor& floor, const std::string& file, const Arguments& arguments) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return complain(file + " cannot be read", Exit::bad_input);
  Progress progress(file);
  const auto import = must(import_payments(
      *floor.statuses, in,
      {.today = today(arguments),
       .skip_bad = arguments.given("skip-bad"),
       .go_on =
           [&progress](std::uint64_t octets) {
             progress.show(octets);
             return interrupted == 0;
           },
       .entered = [&](const Import& done) { return floor.audit.append(event_of(file, done, floor, arguments)); }}));
  if (in.bad()) return complain(file + " cannot be read to its end", Exit::bad_input);
  print(file, import, arguments);
  if (import.end == ImportEnd::stopped)
    return complain("stopped: nothing of " + file + " was entered", Exit::interrupted);
  if (import.end == ImportEnd::refused)
    return complain("nothing of " + file + " was entered: mend it, or enter its sound lines with --skip-bad",
                    Exit::bad_input);
  return Exit::ok;
}

}  // namespace

Exit run_payments_import(const Command& command, const Words& words) {
  auto description = payment_options();
  description.add(workplace_options())
      .add(at_option())
      .add_options()("skip-bad", "enter the sound lines of a file that has faults");
  Arguments arguments(command, description, {"FILE..."});
  if (const auto end = arguments.read(words)) return *end;
  const auto opened = open_floor(arguments, MissingDatabase::refuse, FloorKeys::needed);
  if (!opened) return opened.error();
  const Interrupts interrupts;
  auto worst = Exit::ok;
  for (const auto& file : arguments.texts("FILE")) {
    const auto exit = import_file(**opened, file, arguments);
    if (exit == Exit::interrupted) return exit;
    if (exit != Exit::ok) worst = exit;
  }
  return worst;
}

}  // namespace personalize::tool
