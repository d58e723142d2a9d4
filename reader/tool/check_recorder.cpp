// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "reader/tool/command.hpp"
#include "reader/tool/log_words.hpp"

namespace reader::tool {
namespace {

std::string logged_name(const Arguments& arguments, const char* option, const std::string& otherwise) {
  const auto name = arguments.given(option) ? arguments.text(option) : otherwise;
  if (!may_be_logged(name)) throw Stop{Exit::usage, fmt::format("--{} takes at most 64 printable characters", option)};
  return name;
}

}  // namespace

CheckRecorder::CheckRecorder(CheckLog log, std::string device, std::string role)
    : log_(std::move(log)), device_(std::move(device)), role_(std::move(role)) {}

std::shared_ptr<CheckRecorder> CheckRecorder::from(const Arguments& arguments) {
  if (!arguments.given("log")) {
    if (arguments.given("device")) throw Stop{Exit::usage, "--device is said in the log: it needs --log FILE"};
    return nullptr;
  }
  auto device = logged_name(arguments, "device", host_name());
  auto role = logged_name(arguments, "role", "");
  auto log = CheckLog::open_to_append(arguments.text("log"));
  if (!log) throw stop(log.error(), arguments.text("log"));
  return std::shared_ptr<CheckRecorder>(new CheckRecorder(*std::move(log), std::move(device), std::move(role)));
}

void CheckRecorder::record(const Verdict& verdict) {
  auto entry = entry_of(verdict);
  entry.written = now();
  entry.device = device_;
  entry.role = role_;
  if (const auto written = log_.append(entry); !written) throw stop(written.error(), "the log of checks");
}

}  // namespace reader::tool
