// SPDX-License-Identifier: Apache-2.0
// patent-reader qr: judges the seal on a card's back, without the chip.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <ctime>
#include <fstream>
#include <iostream>

#include "reader/seal/seal_check.hpp"
#include "reader/seal/seal_image.hpp"
#include "reader/tool/trusted.hpp"

namespace reader::tool {
namespace {

// By ImageError.
constexpr std::array kImageWords{
    "too large: at most 16 MiB, and 8192 pixels a side",
    "neither PNG nor JPEG, nor the octets of a seal (raw, hexadecimal, base64)",
    "a damaged picture",
    "no readable QR code in it: take the picture again, straight and close",
    "more than one seal in it: leave one card in the picture",
};

Bytes read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Stop{Exit::usage, "cannot read " + file};
  Bytes octets(kMaxPictureFile + 1);  // one more than allowed shows that there is more
  in.read(reinterpret_cast<char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
  octets.resize(static_cast<std::size_t>(in.gcount()));
  return octets;
}

// The library tries every three finder patterns of a picture: a print that is full of them would keep it for days. The
// largest honest picture takes less than a second.
class SearchLimit {
public:
  SearchLimit() {
    constexpr rlim_t kSeconds = 10;
    std::signal(SIGXCPU, give_up);
    ::getrlimit(RLIMIT_CPU, &before_);
    auto limit = before_;
    limit.rlim_cur = std::min(before_.rlim_cur, static_cast<rlim_t>(std::clock() / CLOCKS_PER_SEC) + kSeconds);
    ::setrlimit(RLIMIT_CPU, &limit);
  }
  SearchLimit(const SearchLimit&) = delete;
  SearchLimit& operator=(const SearchLimit&) = delete;
  ~SearchLimit() {
    ::setrlimit(RLIMIT_CPU, &before_);
    std::signal(SIGXCPU, SIG_DFL);
  }

private:
  // Only what a signal may call.
  static void give_up(int /*signal*/) {
    constexpr std::string_view kWords =
        "patent-reader: the picture takes too long to search: take it again, with one code in it\n";
    const bool said = ::write(STDERR_FILENO, kWords.data(), kWords.size()) >= 0;
    ::_exit(static_cast<int>(said ? Exit::bad_input : Exit::internal));
  }

  rlimit before_{};
};

crypto::Result<Bytes, ImageError> octets_in(const std::string& file) {
  const auto content = read_file(file);
  const SearchLimit limit;
  return seal_octets(content);
}

// series=77,number=2600123456: a comma without a name behind it belongs to the value.
std::map<std::string, std::string> printed(const Words& given) {
  std::map<std::string, std::string> fields;
  std::string* last = nullptr;
  for (const auto& words : given) {
    last = nullptr;
    for (std::string_view rest = words; !rest.empty();) {
      const auto end = std::min(rest.find(','), rest.size());
      const auto part = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const auto name = part.substr(0, part.find('='));
      const bool is_field = std::ranges::find(printed_fields(), name) != printed_fields().end();
      if (is_field && name.size() < part.size()) {
        last = &fields[std::string(name)];
        *last = part.substr(name.size() + 1);
      } else if (last != nullptr && part.find('=') == std::string_view::npos) {
        last->append(",").append(part);
      } else {
        throw Stop{Exit::usage,
                   fmt::format("--print takes NAME=VALUE, where NAME is one of {}", fmt::join(printed_fields(), ", "))};
      }
    }
  }
  return fields;
}

SealComparison comparison(const Arguments& arguments) {
  SealComparison with;
  with.print = printed(arguments.texts("print"));
  if (!arguments.given("evidence")) return with;
  with.chip = patent_in(read_evidence(arguments.text("evidence")));
  if (!with.chip) std::cerr << "patent-reader: the evidence holds no readable patent to compare with\n";
  return with;
}

options::options_description compared_options() {
  options::options_description out("Compared with");
  out.add_options()  //
      ("print", options::value<Words>()->composing()->value_name("NAME=VALUE,..."),
       "what is printed, as the officer reads it: series, number, surname, birth_date, ...")  //
      ("evidence", options::value<std::string>()->value_name("FILE"), "what the chip said (inspect --save)");
  return out;
}

}  // namespace

Exit run_qr(const Command& command, const Words& words) {
  options::options_description described;
  described.add(compared_options()).add(trust_options()).add(check_options()).add(at_option()).add(output_options());
  Arguments arguments(command, described, {"FILE"});
  if (const auto exit = arguments.read(words)) return *exit;
  const auto by = rules(arguments);
  const auto with = comparison(arguments);
  const auto file = arguments.text("FILE");
  const auto octets = octets_in(file);
  if (!octets)
    throw Stop{Exit::bad_input, fmt::format("{}: {}", file, kImageWords.at(static_cast<std::size_t>(octets.error())))};
  const auto checked = check_seal(*octets, with, by.trust, by.policy, arguments.at(), by.officer);
  std::cout << (arguments.given("json")
                    ? to_json(checked.verdict, nullptr, by.holder)
                    : to_text(checked.verdict, nullptr, {by.language, by.policy.utc_offset, by.holder}));
  if (!arguments.given("json") && !checked.differences.empty())
    std::cout << fmt::format("{}: {}\n", by.language == Language::russian ? "Расходятся" : "Differ",
                             fmt::join(checked.differences, ", "));
  std::cout.flush();
  if (by.recorder) by.recorder->record(checked.verdict);
  return static_cast<Exit>(checked.verdict.outcome);
}

}  // namespace reader::tool
