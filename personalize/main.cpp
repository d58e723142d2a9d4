// SPDX-License-Identifier: Apache-2.0
// patent-personalize: checks orders, shows what they become, writes cards and remembers them.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <exception>
#include <iostream>

#include "card/host/card_file_error.hpp"
#include "card/host/embedded_card.hpp"
#include "personalize/tool/command.hpp"

namespace {

using personalize::tool::Command;
using personalize::tool::Exit;

constexpr std::array kCommands{
    Command{"check", "Checks orders and names all their faults. No key is used, no card is touched.",
            "ORDER... [--at TIME] [--json] [--lang ru|en]",
            "  patent-personalize check samples/orders/*.json\n"
            "  patent-personalize check order.json --json --at 2026-03-10\n",
            personalize::tool::run_check},
    Command{
        "plan",
        "Shows the card that an order becomes: files, sizes, SHA-256, decoded fields, and the script that writes it,\n"
        "as JSON for people and for diff. It holds the holder's data. No key is used.",
        "ORDER [--profile NAME] [--at TIME]", "  patent-personalize plan order.json\n", personalize::tool::run_plan},
    Command{"issue",
            "Writes a card for each order, reads it back with the inspection library, and gives a receipt. All orders\n"
            "are checked before any card is touched. A card that was pulled is finished when the same command is run\n"
            "again. The CAN goes into the print form in the journal, and nowhere else.",
            "ORDER... --reader READER --domain DIR [options]",
            "  patent-personalize issue order.json --reader 0 --domain /srv/trust\n"
            "  patent-personalize issue a.json b.json --reader virtual:a.card --reader virtual:b.card --domain trust\n"
            "  patent-personalize issue day/*.json --reader ACS --domain /srv/trust --journal /srv/issued --json\n",
            personalize::tool::run_issue},
    Command{"show", "Shows the orders of a journal, or one of them.", "[ORDER_ID] [--journal DIR] [--json]",
            "  patent-personalize show --journal /srv/issued\n", personalize::tool::run_show},
    Command{"void",
            "Gives up an order that is not issued, for a chip that is dead or lost. Its card number stays used; a new\n"
            "card needs a new order.",
            "ORDER_ID [--journal DIR] [--reason TEXT]",
            "  patent-personalize void 0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e01 --reason \"chip does not answer\"\n",
            personalize::tool::run_void},
};

std::string usage() {
  std::string text =
      "Usage: patent-personalize COMMAND ...\n\nTurns orders into signed, locked patent cards.\n\nCommands:\n";
  for (const Command& command : kCommands)
    text += fmt::format("  {:<6} {}\n", command.name, command.summary.substr(0, command.summary.find('\n')));
  return text +
         "\nOptions:\n  --help, --version\n\nExamples:\n"
         "  patent-personalize check order.json\n"
         "  patent-personalize issue order.json --reader virtual:one.card --domain trust\n"
         "  patent-personalize COMMAND --help\n\n"
         "Exit codes: 0 done, 64 usage, 65 bad input, 69 no reader or card, 70 internal, 73 cannot create, 77 wrong\n"
         "passphrase or permission, 130 interrupted.\n";
}

// Keys must reach neither a core file nor another process's debugger.
bool guard_memory() {
  const rlimit none{0, 0};
  return ::prctl(PR_SET_DUMPABLE, 0) == 0 && ::setrlimit(RLIMIT_CORE, &none) == 0;
}

Exit run(const std::vector<std::string>& words) {
  if (words.empty()) {
    std::cerr << usage();
    return Exit::usage;
  }
  if (words[0] == "--help" || words[0] == "-h") {
    std::cout << usage();
    return Exit::ok;
  }
  if (words[0] == "--version") {
    std::cout << "patent-personalize " << PATENT_VERSION << '\n';
    return Exit::ok;
  }
  const auto* const command = std::ranges::find(kCommands, words[0], &Command::name);
  if (command == kCommands.end()) {
    std::cerr << fmt::format("patent-personalize: there is no command {}\n", words[0]) << usage();
    return Exit::usage;
  }
  return command->run(*command, {words.begin() + 1, words.end()}, {reader::virtual_cards<host::EmbeddedCard>()});
}

}  // namespace

int main(int argc, char** argv) {
  if (!guard_memory()) {
    std::cerr << "patent-personalize: cannot keep keys out of core files; stopped.\n";
    return static_cast<int>(Exit::internal);
  }
  try {
    return static_cast<int>(run({argv + 1, argv + argc}));
  } catch (const std::exception& fault) {
    std::cerr << "patent-personalize: " << fault.what() << '\n';
    return static_cast<int>(Exit::internal);
  }
}
