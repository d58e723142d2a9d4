// SPDX-License-Identifier: Apache-2.0
#include "card/tool/command.hpp"

#include <fmt/format.h>

#include <array>
#include <iostream>

namespace host::tool {
namespace {

struct Words {
  CardFileError error;
  Exit exit;
  std::string_view sentence;  // behind the file's name
};
constexpr std::array kWords{
    Words{CardFileError::not_found, Exit::bad_input, "is not there, or its folder is not."},
    Words{CardFileError::not_a_card, Exit::bad_input, "is no card's memory. Blanks are made by `patent-card new`."},
    Words{CardFileError::corrupt, Exit::bad_input,
          "is damaged: no consistent state can be found in it. The card is dead; make another."},
    Words{CardFileError::wrong_version, Exit::bad_input, "was made by a newer version of this program."},
    Words{CardFileError::in_use, Exit::unavailable, "is in use: another process serves or shows this card."},
    Words{CardFileError::exists, Exit::cannot_create, "exists already; nothing was changed. Choose another name."},
    Words{CardFileError::storage, Exit::cannot_create,
          "cannot be read or written. Look at permissions and free space."},
    Words{CardFileError::bad_blank, Exit::bad_input, "was not made: the keys are no AES keys of one length."},
};

}  // namespace

Arguments::Arguments(const Command& command, options::options_description visible)
    : command_(command), visible_(std::move(visible)) {
  visible_.add_options()("help,h", "show this help");
}

std::optional<Exit> Arguments::read(const std::vector<std::string>& words) {
  options::options_description all = visible_;
  all.add_options()("FILE", options::value<std::vector<std::string>>());
  options::positional_options_description order;
  order.add("FILE", -1);
  try {
    options::store(options::command_line_parser(words)
                       .options(all)
                       .positional(order)
                       .style(options::command_line_style::unix_style & ~options::command_line_style::allow_guessing)
                       .run(),
                   values_);
  } catch (const options::error& fault) {
    return report_usage(command_, fault.what());
  }
  if (!given("help")) return std::nullopt;
  std::cout << fmt::format("Usage: patent-card {} {}\n{}\n\n", command_.name, command_.usage, command_.summary)
            << visible_ << "\nExamples:\n"
            << command_.examples;
  return Exit::ok;
}

std::string Arguments::text(const std::string& name) const {
  return given(name) ? values_[name].as<std::string>() : std::string();
}

std::vector<std::string> Arguments::files() const {
  return given("FILE") ? values_["FILE"].as<std::vector<std::string>>() : std::vector<std::string>();
}

Exit report(const std::filesystem::path& file, CardFileError error) {
  for (const Words& words : kWords) {
    if (words.error != error) continue;
    std::cerr << fmt::format("patent-card: {} {}\n", file.string(), words.sentence);
    return words.exit;
  }
  return Exit::internal;
}

Exit report_usage(const Command& command, const std::string& fault) {
  std::cerr << fmt::format("patent-card {0}: {1}\nUsage: patent-card {0} {2}\nMore: patent-card {0} --help\n",
                           command.name, fault, command.usage);
  return Exit::usage;
}

}  // namespace host::tool
