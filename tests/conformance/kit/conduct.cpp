// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/kit/conduct.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <thread>

namespace conformance {
namespace {

using crypto::tool::Arguments;
using crypto::tool::Exit;
using crypto::tool::Stop;

constexpr Exit kSomeFailed{1};

struct Form {
  std::string_view name;
  std::string (*write)(const Report&);
};
constexpr std::array kForms{Form{"text", to_text}, Form{"json", to_json}, Form{"junit", to_junit}};

// The first Ctrl-C lets the case at hand end, the second ends the program.
class Interrupts {
public:
  Interrupts() {
    sigemptyset(&signals_);
    for (const int signal : {SIGINT, SIGTERM}) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    waiting_ = std::jthread([this](const std::stop_token& end) {
      const timespec tick{0, 200'000'000};
      while (!end.stop_requested()) {
        if (sigtimedwait(&signals_, nullptr, &tick) < 0) continue;
        if (stop_.stop_requested()) ::_exit(static_cast<int>(Exit::interrupted));
        stop_.request_stop();
        std::cerr << "\npatent-conform: stops after this case; once more: at once\n";
      }
    });
  }
  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

private:
  sigset_t signals_{};
  std::stop_source stop_;
  std::jthread waiting_;
};

// Keeps the chosen cases; the selector that fits none, if there is one.
std::optional<std::string> choose(std::vector<Case>& cases, const std::vector<std::string>& selectors) {
  if (selectors.empty()) return std::nullopt;
  for (const auto& selector : selectors)
    if (std::ranges::none_of(cases, [&](const Case& one) { return selects(selector, one.id); })) return selector;
  std::erase_if(cases, [&](const Case& one) {
    return std::ranges::none_of(selectors, [&](const auto& selector) { return selects(selector, one.id); });
  });
  return std::nullopt;
}

void write(const std::string& text, const std::string& file) {
  if (file.empty()) {
    std::cout << text << std::flush;
    return;
  }
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  if (!out.write(text.data(), static_cast<std::streamsize>(text.size())).flush())
    throw Stop(Exit::cannot_create, "cannot write " + file);
}

void show_progress(const CaseReport& report, std::size_t place, std::size_t of) {
  const bool worth_a_word = report.outcome.result == Result::failed || report.outcome.result == Result::error;
  std::cerr << fmt::format("[{:>{}}/{}] {} {}{}{}\n", place, std::to_string(of).size(), of, report.of->id,
                           name_of(report.outcome.result), worth_a_word ? ": " : "",
                           worth_a_word ? report.outcome.seen : "");
}

Exit exit_of(const Report& report) {
  if (report.cases.size() < report.selected) return Exit::interrupted;
  const auto counts = tally(report.cases);
  const bool good =
      counts[static_cast<std::size_t>(Result::failed)] == 0 && counts[static_cast<std::size_t>(Result::error)] == 0;
  return good ? Exit::ok : kSomeFailed;
}

}  // namespace

crypto::tool::options::options_description run_options() {
  namespace options = crypto::tool::options;
  options::options_description out("Run");
  out.add_options()  //
      ("only", options::value<std::vector<std::string>>()->value_name("ID"),
       "run this case, or this unit (ISO7816_J); may be given more than once")  //
      ("report", options::value<std::string>()->default_value("text")->value_name("text|json|junit"),
       "form of the report")                                                                               //
      ("out", options::value<std::string>()->value_name("FILE"), "write the report there, not to stdout")  //
      ("list", "list the cases, and run none")                                                             //
      ("quiet", "no progress on stderr");
  return out;
}

Exit conduct(const crypto::tool::Command& command, const Arguments& arguments, Suite suite) {
  const auto wanted = arguments.text("report");
  const auto* const form = std::ranges::find(kForms, wanted, &Form::name);
  if (form == kForms.end()) return crypto::tool::report_usage(command, "--report is text, json or junit");
  if (const auto unknown = choose(suite.cases, arguments.texts("only")))
    return crypto::tool::report_usage(command, "no case is selected by " + *unknown);
  if (arguments.given("list")) {
    for (const Case& one : suite.cases) std::cout << fmt::format("{}\t{}\n", one.id, one.purpose);
    return Exit::ok;
  }

  Report report;
  report.standard = std::move(suite.standard);
  report.begun = arguments.at();
  report.selected = suite.cases.size();
  report.facts = suite.begin();
  const Interrupts interrupts;
  report.cases = run_cases(suite.cases, interrupts.token(), arguments.given("quiet") ? CaseDone() : show_progress);
  write(form->write(report), arguments.text("out"));
  return exit_of(report);
}

}  // namespace conformance
