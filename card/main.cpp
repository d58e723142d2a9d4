// SPDX-License-Identifier: Apache-2.0
// patent-card: makes blank virtual cards, serves them to PC/SC, explains their memory.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <array>
#include <exception>
#include <iostream>

#include "card/tool/command.hpp"

namespace {

using host::tool::Command;
using host::tool::Exit;

constexpr std::array kCommands{
    Command{
        "new",
        "Makes blank cards in the state OP_READY. Their transport keys are derived from the domain's key\n"
        "scp03-transport and the chip serial.",
        "--domain DIR [options] FILE | --folder DIR",
        "  patent-card new --domain samples/trust one.card\n"
        "  patent-card new --domain /srv/trust --passphrase-source file:/run/keys/passphrase --folder stock --count "
        "100\n"
        "  patent-card new --domain samples/trust --key-length 128 --serial 0011223344556677 compat.card\n",
        host::tool::run_new},
    Command{"run",
            "Serves cards to pcscd through vsmartcard's vpcd, one slot each; says `ready` when all are inserted, and\n"
            "ends with Ctrl-C or SIGTERM.",
            "FILE... [options]",
            "  patent-card run one.card\n"
            "  patent-card run one.card two.card --port 40000 --quiet\n",
            host::tool::run_run},
    Command{"show",
            "Explains a card's memory: state, keys' versions, applications, files, tries, space. It shows no key, no\n"
            "password and no person's data, and changes nothing.",
            "FILE [--json]", "  patent-card show one.card\n  patent-card show one.card --json\n", host::tool::run_show},
};

std::string usage() {
  std::string text =
      "Usage: patent-card COMMAND ...\n\nMakes, serves and explains virtual patent cards.\n\nCommands:\n";
  for (const Command& command : kCommands)
    text += fmt::format("  {:<5} {}\n", command.name, command.summary.substr(0, command.summary.find('\n')));
  return text +
         "\nOptions:\n  --help, --version\n\nExamples:\n"
         "  patent-card new --domain samples/trust one.card\n  patent-card run one.card\n"
         "  patent-card COMMAND --help\n\n"
         "Exit codes: 0 done, 64 usage, 65 bad input, 69 card in use, 70 internal, 73 cannot create, 77 wrong "
         "passphrase or\npermission.\n";
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
    std::cout << "patent-card " << PATENT_VERSION << '\n';
    return Exit::ok;
  }
  for (const Command& command : kCommands)
    if (command.name == words[0]) return command.run(command, {words.begin() + 1, words.end()});
  std::cerr << fmt::format("patent-card: there is no command {}\n", words[0]) << usage();
  return Exit::usage;
}

}  // namespace

int main(int argc, char** argv) {
  if (!guard_memory()) {
    std::cerr << "patent-card: cannot keep keys out of core files; stopped.\n";
    return static_cast<int>(Exit::internal);
  }
  try {
    return static_cast<int>(run({argv + 1, argv + argc}));
  } catch (const std::exception& fault) {
    std::cerr << "patent-card: " << fault.what() << '\n';
    return static_cast<int>(Exit::internal);
  }
}
