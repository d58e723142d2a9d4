// SPDX-License-Identifier: Apache-2.0
// patent-personalize: checks orders, shows what they become, writes cards and remembers them.
#include <array>

#include "personalize/tool/command.hpp"

namespace {

using personalize::tool::Command;

constexpr std::array kCommands{
    Command{
        "order",
        "Reads the holder's passport or identity card and fills an order from it, or holds an order against it, field\n"
        "by field. A false document fills nothing; one that is not proved genuine only with --accept-unproven, and\n"
        "then the order says so. Both order and report are personal data.",
        "from-passport --reader NAME (--mrz-file FILE | --can DIGITS) --trust DIR --out ORDER.json\n"
        "       [--order DRAFT.json] [--policy FILE] [--accept-unproven] [--json] [--lang ru|en] [--at TIME]",
        "  patent-personalize order from-passport --reader 0 --mrz-file zone.txt --trust foreign --out order.json\n"
        "  patent-personalize order from-passport --reader 0 --can 123456 --trust foreign --order draft.json --out "
        "order.json\n",
        personalize::tool::run_order},
    Command{"check", "Checks orders and names all their faults. No key is used, no card is touched.",
            "ORDER... [--regions FILE] [--at TIME] [--json] [--lang ru|en]",
            "  patent-personalize check samples/work/orders/*.json\n"
            "  patent-personalize check order.json --json --at 2026-03-10\n",
            personalize::tool::run_check},
    Command{
        "plan",
        "Shows the card that an order becomes: files, sizes, SHA-256, decoded fields, and the script that writes it,\n"
        "as JSON for people and for diff. It holds the holder's data. No key is used.",
        "ORDER [--profile NAME] [--regions FILE] [--at TIME]", "  patent-personalize plan order.json\n",
        personalize::tool::run_plan},
    Command{"issue",
            "Writes a card for each order, reads it back with the inspection library, and gives a receipt. All orders\n"
            "are checked before any card is touched. A card that was pulled is finished when the same command is run\n"
            "again. The CAN goes into the print form in the journal, and nowhere else.",
            "ORDER... --reader READER --domain DIR [options]",
            "  patent-personalize issue order.json --reader 0 --domain /srv/trust\n"
            "  patent-personalize issue order.json --reader 0 --domain /srv/trust --ledger status.db --list-uri "
            "https://status.example/lists\n"
            "  patent-personalize issue a.json b.json --reader virtual:a.card --reader virtual:b.card --domain trust\n"
            "  patent-personalize issue day/*.json --reader ACS --domain /srv/trust --journal /srv/issued --json\n",
            personalize::tool::run_issue},
    Command{
        "batch",
        "Writes many cards by many readers at once, unattended: orders from files or from the ledger's queue, blanks\n"
        "from a feed. The same command goes on after whatever broke it off; each order is issued once.",
        "[ORDER...] --ledger WHERE --domain DIR --list-uri BASE [--readers WHICH] [--feed FEED] [options]",
        "  patent-personalize batch day.jsonl --ledger floor.db --domain /srv/trust \\\n"
        "    --list-uri https://status.example/lists\n"
        "  patent-personalize batch --follow --ledger postgresql://db/floor --domain /srv/trust \\\n"
        "    --list-uri https://status.example/lists --readers serial:4711,serial:4712\n"
        "  patent-personalize batch day/*.json --feed virtual:cards --readers 4 --ledger floor.db --domain trust \\\n"
        "    --list-uri https://status.example/lists --json\n",
        personalize::tool::run_batch},
    Command{
        "show",
        "Shows the orders of a journal or of the ledger, or one of them; from the ledger its receipt and print form.",
        "[ORDER_ID] --domain DIR | --journal DIR | --ledger WHERE [--json] [--receipt] [--print-to DIR]",
        "  patent-personalize show --domain /srv/trust\n"
        "  patent-personalize show 0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e01 --ledger floor.db --domain /srv/trust "
        "--print-to /srv/print\n",
        personalize::tool::run_show},
    Command{"void",
            "Gives up an order that is not issued, for a chip that is dead or lost. Its card number stays used; a new\n"
            "card needs a new order.",
            "ORDER_ID --domain DIR | --journal DIR | --ledger WHERE [--reason TEXT]",
            "  patent-personalize void 0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e01 --domain trust --reason \"chip does not "
            "answer\"\n",
            personalize::tool::run_void},
    Command{"payments", "Enters payments into the status authority's ledger, and finds whose they are.",
            "import|unmatched|correct|release|show ... --ledger FILE [--domain DIR]",
            "  patent-personalize payments import 2026-03-10.csv --ledger status.db --domain /srv/trust\n"
            "  patent-personalize payments unmatched --ledger status.db\n",
            personalize::tool::run_payments},
    Command{"status", "What changes in a patent's life: statuses in the ledger, in published lists and on cards.",
            "ACTION [options]",
            "  patent-personalize status append --reader 0 --can-file can.txt --domain /srv/trust --ledger status.db\n"
            "  patent-personalize status publish --ledger status.db --domain /srv/trust --out /srv/lists\n",
            personalize::tool::run_status},
    Command{"package", "Builds trust packages for handhelds.", "build ...",
            "  patent-personalize package build --domain trust --ledger status.db --out 1.package\n"
            "  patent-personalize package build --domain trust --ledger status.db --base 1 --out 1-2.package\n",
            personalize::tool::run_package},
    Command{
        "intake",
        "Takes orders into the ledger's queue: files, folders (what was taken moves to taken/ or refused/ there, with\n"
        "a report), JSON lines from standard input (-); single orders, or envelopes signed by who may send them.",
        "SOURCE... --ledger WHERE --domain DIR [--order-trust DIR [--require-envelope]] [--previous-elsewhere]\n"
        "       [--json]",
        "  patent-personalize intake /srv/inbox --ledger floor.db --domain /srv/trust\n"
        "  patent-personalize intake /srv/inbox --ledger postgresql://db/floor --domain /srv/trust \\\n"
        "    --order-trust /srv/centres --require-envelope\n"
        "  orders-of-today | patent-personalize intake - --ledger floor.db --domain /srv/trust --json\n",
        personalize::tool::run_intake},
    Command{"events", "Tells the systems outside what became of cards: at least once, in order, with ids.",
            "next|follow|acknowledge|receivers ... --ledger WHERE",
            "  patent-personalize events follow --ledger floor.db --receiver portal\n"
            "  patent-personalize events acknowledge 1207 --ledger floor.db --receiver portal\n",
            personalize::tool::run_events},
    Command{"audit", "Signs, exports and verifies the audit chains: what happened on the floor, line by line.",
            "anchor|export|verify ...",
            "  patent-personalize audit anchor --ledger floor.db --domain /srv/trust --out 2026-03-10.anchor\n"
            "  patent-personalize audit verify --ledger floor.db --trust /srv/trust/trust\n",
            personalize::tool::run_audit},
    Command{"ledger", "Moves a whole ledger from one engine to another, erases personal data, takes over a journal.",
            "export|import|erase|take-journal|release ...",
            "  patent-personalize ledger export --ledger floor.db --out floor.jsonl\n"
            "  patent-personalize ledger import floor.jsonl --ledger postgresql://db/floor\n",
            personalize::tool::run_ledger},
    Command{"stock", "Accounts for every blank: received = issued + rejected + destroyed + remaining.",
            "receive|list|reject|destroy|report ... --ledger WHERE",
            "  patent-personalize stock receive D-2026-17.csv --ledger floor.db --operator a.ivanova\n"
            "  patent-personalize stock report --ledger floor.db --check --format html --out stock.html\n",
            personalize::tool::run_stock},
    Command{"shift", "Opens and closes shifts; two sign for the stock at the end of each.",
            "enrol|dismiss|open|close|show|report ... --ledger WHERE",
            "  patent-personalize shift open --operator a.ivanova --ledger floor.db\n"
            "  patent-personalize shift close --operator a.ivanova --witness b.petrov --keys /srv/signatories --ledger "
            "floor.db\n",
            personalize::tool::run_shift},
    Command{"readers",
            "Shows this station's PC/SC readers, with the serial number and port by which --readers knows them.",
            "[--json]", "  patent-personalize readers\n", personalize::tool::run_readers},
    Command{
        "doctor",
        "Finds what is wrong with a station: readers, keys, certificates, ledger, orders, disk, clock. Exit codes: 0\n"
        "nothing, 1 warnings, 2 faults. No key is used but a file vault's, no PIN is tried (docs/operations.md).",
        "[--domain DIR] [--ledger WHERE] [--readers WHICH] [--ahead DAYS] [--min-free MIB] [--json] [--lang ru|en]",
        "  patent-personalize doctor\n"
        "  patent-personalize doctor --domain /srv/trust --ledger floor.db --ahead 30 --json\n",
        personalize::tool::run_doctor},
    Command{"metrics",
            "Shows how the floor stands in Prometheus' text form: orders, blanks, events, days left of certificates.",
            "[--ledger WHERE] [--domain DIR] [--out FILE]",
            "  patent-personalize metrics --ledger floor.db --domain /srv/trust\n"
            "  patent-personalize metrics --out /var/lib/prometheus/node-exporter/patent-floor.prom\n",
            personalize::tool::run_metrics},
};

}  // namespace

int main(int argc, char** argv) {
  return crypto::tool::run_program(
      {"Turns orders into signed, locked patent cards.", kCommands,
       "  patent-personalize check order.json\n"
       "  patent-personalize issue order.json --reader virtual:one.card --domain trust\n",
       "0 done, 64 usage, 65 bad input, 69 no reader or card, 70 internal, 73 cannot create, 77 wrong passphrase or\n"
       "permission, 130 interrupted."},
      argc, argv);
}
