// SPDX-License-Identifier: Apache-2.0
// The status authority's and the stations' actions on statuses.
#include <array>

#include "personalize/tool/command.hpp"

namespace personalize::tool {
namespace {

// One file for each.
constexpr std::array kActions{
    Command{
        "status append",
        "Appends a status to a genuine card, signed by the domain's status signer and shown by its status terminal:\n"
        "the ledger's newest, or what an event makes of the newest that is known. Torn, it is finished by the same\n"
        "command; what the card says already is not written twice.",
        "--reader READER (--can-file FILE | --mrz-file FILE) --domain DIR [--ledger FILE]\n"
        "       [--event payment|activation|suspension|restoration|replacement|annulment|loss|return]\n"
        "       [--months N] [--reason N] [--at TIME] [--json] [--lang ru|en]",
        "  patent-personalize status append --reader 0 --can-file can.txt --domain /srv/trust --ledger status.db\n"
        "  patent-personalize status append --reader 0 --can-file can.txt --domain trust --event activation\n"
        "  patent-personalize status append --reader virtual:one.card --can-file can.txt --domain trust --event "
        "payment --months 3\n",
        run_status_append},
};

}  // namespace

Exit run_status(const Command& command, const Words& words) { return run_action(command, kActions, words); }

}  // namespace personalize::tool
