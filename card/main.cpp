// SPDX-License-Identifier: Apache-2.0
// patent-card: makes blank virtual cards, serves them to PC/SC, explains their memory.
#include <array>

#include "card/tool/command.hpp"

namespace {

using host::tool::Command;

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

}  // namespace

int main(int argc, char** argv) {
  return crypto::tool::run_program({"Makes, serves and explains virtual patent cards.", kCommands,
                                    "  patent-card new --domain samples/trust one.card\n  patent-card run one.card\n",
                                    "0 done, 64 usage, 65 bad input, 69 card in use, 70 internal, 73 cannot create, 77 "
                                    "wrong passphrase or permission."},
                                   argc, argv);
}
