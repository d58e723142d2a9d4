// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iostream>

#include "reader/judge/printed_zone.hpp"
#include "reader/judge/verify.hpp"
#include "reader/tool/command.hpp"

namespace reader::tool {
namespace {

void write_fingers(const std::filesystem::path& folder, const std::vector<FingerPicture>& fingers) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Stop{Exit::cannot_create, "cannot make " + folder.string()};
  std::size_t number = 0;
  for (const auto& finger : fingers)
    write_file(
        folder / fmt::format("{}-{}.{}", ++number, finger_name(finger.position), finger.is_jpeg2000 ? "jp2" : "wsq"),
        {reinterpret_cast<const char*>(finger.image.data()), finger.image.size()});
}

// evidence_from_json() names what is too large; this only bounds the memory.
constexpr std::size_t kMostRead = 16U << 20;

}  // namespace

Evidence read_evidence(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Stop{Exit::usage, "cannot read " + file};
  std::string text(kMostRead, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  auto evidence = evidence_from_json(text);
  constexpr std::array kWords{"not JSON", "another version", "not of the published form", "too large"};
  if (!evidence)
    throw Stop{Exit::usage, fmt::format("{}: {}", file, kWords[static_cast<std::size_t>(evidence.error())])};
  return *std::move(evidence);
}

Exit judge(const Evidence& evidence, const Rules& by, const Arguments& arguments) {
  auto verdict = verify(evidence, by.trust, by.policy, arguments.at(), by.officer);
  if (const auto zone = typed_zone(arguments); !zone.empty()) compare_zone(zone, evidence, verdict);
  if (arguments.given("photo") && !verdict.facts.photo.empty())
    write_file(arguments.text("photo"),
               {reinterpret_cast<const char*>(verdict.facts.photo.data()), verdict.facts.photo.size()});
  if (arguments.given("fingers")) write_fingers(arguments.text("fingers"), verdict.facts.fingers);
  std::cout << (arguments.given("json")
                    ? to_json(verdict, &evidence.traffic, by.holder)
                    : to_text(verdict, &evidence.traffic, {by.language, by.policy.utc_offset, by.holder}));
  std::cout.flush();
  if (by.recorder) by.recorder->record(verdict);
  return static_cast<Exit>(verdict.outcome);
}

Exit run_verify(const Command& command, const Words& words) {
  options::options_description described;
  described.add(judgement_options()).add(at_option()).add(output_options());
  Arguments arguments(command, described, {"FILE..."});
  if (const auto exit = arguments.read(words)) return *exit;
  if (arguments.texts("FILE").size() > 1)
    for (const auto* const option : {"photo", "fingers"})
      if (arguments.given(option))
        throw Stop{Exit::usage, fmt::format("--{} takes the images of one card: name one FILE", option)};
  const auto by = rules(arguments);
  auto worst = static_cast<Exit>(Outcome::valid);
  for (const auto& file : arguments.texts("FILE")) {
    const auto outcome = judge(read_evidence(file), by, arguments);
    if (worst == static_cast<Exit>(Outcome::valid) || outcome == static_cast<Exit>(Outcome::invalid)) worst = outcome;
  }
  return worst;
}

}  // namespace reader::tool
