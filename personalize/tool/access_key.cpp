// SPDX-License-Identifier: Apache-2.0
// What a card is opened with. A machine readable zone is personal data and comes from a file, for lists of processes
// show a command's words; the six digits of a CAN name nobody, and open only what lies on the reader.
#include <fmt/format.h>

#include <algorithm>

#include "card/patent/mrz.hpp"
#include "personalize/ledger/durable_file.hpp"
#include "personalize/tool/command.hpp"

namespace personalize::tool {
namespace {

constexpr std::size_t kMaxKeyFile = 4096;

std::string content_of(const std::string& file) {
  const auto text = read_whole(file, kMaxKeyFile);
  if (!text) throw Stop{Exit::bad_input, file + " cannot be read"};
  return *text;
}

std::string joined(std::string text) {
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '/'; });
  return text;
}

}  // namespace

reader::AccessKey access_key(const Arguments& arguments) {
  constexpr std::array kSources{"mrz-file", "can", "can-file"};
  if (std::ranges::count_if(kSources, [&](const char* name) { return arguments.given(name); }) != 1)
    throw Stop{Exit::usage, "exactly one of the access number and the machine readable zone is needed"};
  if (arguments.given("can") || arguments.given("can-file")) {
    const auto can = joined(arguments.given("can") ? arguments.text("can") : content_of(arguments.text("can-file")));
    if (can.size() != 6 || !std::ranges::all_of(can, [](char c) { return c >= '0' && c <= '9'; }))
      throw Stop{arguments.given("can") ? Exit::usage : Exit::bad_input, "a CAN has six digits"};
    return {crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(can))};
  }
  const auto information = patent::mrz_information(joined(content_of(arguments.text("mrz-file"))));
  if (!information)
    throw Stop{Exit::bad_input,
               "that is no MRZ: two lines of 44 or 36 characters, or three of 30, with right check digits"};
  return {crypto::PasswordKind::mrz, crypto::Secret(crypto::as_bytes(*information))};
}

}  // namespace personalize::tool
