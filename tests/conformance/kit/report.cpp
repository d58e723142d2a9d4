// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/kit/report.hpp"

#include <fmt/format.h>
#include <json/json.h>

#include "crypto/tool/command_line.hpp"

namespace conformance {
namespace {

constexpr std::size_t kWidth = 110;

std::string title_of(const Report& report) { return "Conformance report: " + report.standard; }
std::string tool() { return "patent-conform " PATENT_VERSION; }
double seconds(std::chrono::microseconds elapsed) { return std::chrono::duration<double>(elapsed).count(); }

// Of a long command the first octets are enough for people; the JSON report has them all.
std::string shortened(const std::string& hexadecimal) {
  constexpr std::size_t kOctets = 48, kEach = 3;
  if (hexadecimal.size() < kEach * kOctets) return hexadecimal;
  return fmt::format("{}.. ({} octets)", hexadecimal.substr(0, kEach * kOctets), (hexadecimal.size() + 1) / kEach);
}

std::string step_text(const Step& step) {
  if (step.kind == Step::Kind::remark) return "# " + step.text;
  const auto text = fmt::format("{} {}{}", step.kind == Step::Kind::command ? '>' : '<',
                                step.protection == Protection::secure_messaging ? "SM " : "   ",
                                step.kind == Step::Kind::command ? shortened(step.text) : step.text);
  return step.name.empty() ? text : fmt::format("{}  [{}]", text, step.name);
}

// "Label     words", the words wrapped, further lines indented.
std::string labelled(std::string_view label, std::string_view words) {
  constexpr std::size_t kIndent = 18;
  std::string out, line = fmt::format("  {:<{}}", label, kIndent - 2);
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.find('\n'));
    const auto word = words.substr(0, end);
    if (line.size() > kIndent && line.size() + 1 + word.size() > kWidth) {
      out += line + '\n';
      line.assign(kIndent, ' ');
    }
    if (line.size() > kIndent) line += ' ';
    line += word;
    words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
  }
  return out + line + '\n';
}

std::string summary(const Report& report) {
  const auto counts = tally(report.cases);
  auto out = fmt::format("{} cases: {} passed, {} failed, {} errors, {} not applicable", report.selected, counts[0],
                         counts[1], counts[3], counts[2]);
  if (report.cases.size() < report.selected)
    out += fmt::format("; stopped, {} not run", report.selected - report.cases.size());
  return out;
}

std::string case_text(const CaseReport& report) {
  auto out =
      fmt::format("\n{}: {} ({:.3f} s)\n", report.of->id, name_of(report.outcome.result), seconds(report.elapsed));
  out += labelled("Purpose", report.of->purpose);
  out += labelled("Expected", report.of->expected);
  out += labelled(report.outcome.result == Result::not_applicable ? "Reason" : "Seen", report.outcome.seen);
  if (!report.transcript.steps().empty()) out += "  Commands\n";
  for (const auto& step : report.transcript.steps()) out += fmt::format("    {}\n", step_text(step));
  return out;
}

Json::Value step_json(const Step& step) {
  constexpr std::array kKinds{"remark", "command", "answer"};
  Json::Value out;
  out["kind"] = kKinds[static_cast<std::size_t>(step.kind)];
  out["text"] = step.text;
  if (step.kind == Step::Kind::remark) return out;
  out["secure_messaging"] = step.protection == Protection::secure_messaging;
  if (!step.name.empty()) out["name"] = step.name;
  return out;
}

Json::Value case_json(const CaseReport& report) {
  Json::Value out;
  out["id"] = report.of->id;
  out["purpose"] = report.of->purpose;
  out["expected"] = report.of->expected;
  out["seen"] = report.outcome.seen;
  out["result"] = std::string(name_of(report.outcome.result));
  out["elapsed_us"] = static_cast<Json::Int64>(report.elapsed.count());
  out["steps"] = Json::arrayValue;
  for (const auto& step : report.transcript.steps()) out["steps"].append(step_json(step));
  return out;
}

// XML 1.0, 2.2 and 2.4: what may not stand in a document becomes a question mark.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

// The unit a case belongs to: "ISO7816_J" of "ISO7816_J_1".
std::string_view unit_of(std::string_view id) { return id.substr(0, id.rfind('_')); }

std::string case_junit(const CaseReport& report) {
  constexpr std::array<std::string_view, 4> kElements{"", "failure", "skipped", "error"};
  const auto element = kElements[static_cast<std::size_t>(report.outcome.result)];
  auto out = fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{:.6f}\">\n", escaped(unit_of(report.of->id)),
                         escaped(report.of->id), seconds(report.elapsed));
  if (!element.empty()) out += fmt::format("    <{} message=\"{}\"/>\n", element, escaped(report.outcome.seen));
  std::string said = fmt::format("Purpose: {}\nExpected: {}\nSeen: {}\n", report.of->purpose, report.of->expected,
                                 report.outcome.seen);
  for (const auto& step : report.transcript.steps()) said += step_text(step) + '\n';
  return out + fmt::format("    <system-out>{}</system-out>\n  </testcase>\n", escaped(said));
}

}  // namespace

std::string to_text(const Report& report) {
  const auto title = title_of(report);
  auto out = fmt::format("{}\n{}\n\n", title, std::string(title.size(), '='));
  out += labelled("Tool", tool());
  out += labelled("Date", crypto::tool::time_text(report.begun));
  for (const auto& [name, value] : report.facts) out += labelled(name, value);
  out += '\n' + labelled("Summary", summary(report)) + '\n';
  for (const auto& one : report.cases) out += fmt::format("  {:<14} {}\n", name_of(one.outcome.result), one.of->id);
  for (const auto& one : report.cases) out += case_text(one);
  return out;
}

std::string to_json(const Report& report) {
  const auto counts = tally(report.cases);
  Json::Value out;
  out["version"] = 1;
  out["standard"] = report.standard;
  out["tool"] = tool();
  out["date"] = crypto::tool::time_text(report.begun);
  out["facts"] = Json::arrayValue;
  for (const auto& [name, value] : report.facts) {
    Json::Value fact;
    fact["name"] = name;
    fact["value"] = value;
    out["facts"].append(std::move(fact));
  }
  auto& numbers = out["summary"];
  numbers["selected"] = static_cast<Json::UInt64>(report.selected);
  for (const auto result : {Result::passed, Result::failed, Result::not_applicable, Result::error})
    numbers[std::string(name_of(result))] = static_cast<Json::UInt64>(counts[static_cast<std::size_t>(result)]);
  out["cases"] = Json::arrayValue;
  for (const auto& one : report.cases) out["cases"].append(case_json(one));
  Json::StreamWriterBuilder form;
  form["indentation"] = "  ";
  form["emitUTF8"] = true;
  return Json::writeString(form, out) + '\n';
}

std::string to_junit(const Report& report) {
  const auto counts = tally(report.cases);
  std::chrono::microseconds elapsed{};
  for (const auto& one : report.cases) elapsed += one.elapsed;
  auto out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.6f}\" "
      "timestamp=\"{}\">\n  <properties>\n    <property name=\"Tool\" value=\"{}\"/>\n",
      escaped(title_of(report)), report.cases.size(), counts[1], counts[3], counts[2], seconds(elapsed),
      crypto::tool::time_text(report.begun), escaped(tool()));
  for (const auto& [name, value] : report.facts)
    out += fmt::format("    <property name=\"{}\" value=\"{}\"/>\n", escaped(name), escaped(value));
  out += "  </properties>\n";
  for (const auto& one : report.cases) out += case_junit(one);
  return out + "</testsuite>\n";
}

}  // namespace conformance
