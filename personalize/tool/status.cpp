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
    Command{"status publish",
            "Settles all accounts by the payments that came, then publishes every list of the ledger anew: states and\n"
            "paid months as signed tokens, deltas from the versions before, and the list of lists.",
            "--ledger FILE --domain DIR --out DIR [--aggregation-uri URI] [--life HOURS] [--ttl HOURS] [--deltas N]\n"
            "       [--regions FILE] [--at TIME] [--json]",
            "  patent-personalize status publish --ledger status.db --domain /srv/trust --out /srv/lists\n",
            run_status_publish},
    Command{
        "status set",
        "Enters a decision on a card: an annulment, a loss, a restoration with the months that count. It stands in\n"
        "the lists that are published next.",
        "CARD --ledger FILE --state STATE [--reason N] [--months N] [--at TIME] [--json]",
        "  patent-personalize status set P00001701 --ledger status.db --state annulled --reason 18\n"
        "  patent-personalize status set P00001701 --ledger status.db --state valid --months 3\n",
        run_status_set},
    Command{"status show", "Shows what the ledger says: of all lists, or of one card with its statuses and payments.",
            "[CARD] --ledger FILE [--json]",
            "  patent-personalize status show --ledger status.db\n"
            "  patent-personalize status show P00001701 --ledger status.db --json\n",
            run_status_show},
};

}  // namespace

Exit run_status(const Command& command, const Words& words) { return run_action(command, kActions, words); }

}  // namespace personalize::tool
