// SPDX-License-Identifier: Apache-2.0
// patent-reader: opens a patent card, reads it, judges it; or judges saved evidence again.
#include <array>

#include "reader/tool/command.hpp"

namespace {

using crypto::tool::Command;
using namespace reader::tool;

constexpr std::array kCommands{
    Command{"inspect", "Reads a card and judges it.", "[options]",
            "  patent-reader inspect --can-prompt --trust /srv/trust/trust\n"
            "  patent-reader inspect --can-prompt --store /var/lib/patent --territory 45000000\n"
            "  patent-reader inspect --reader virtual:one.card --can 123456 --trust /srv/trust/trust --territory "
            "45000000 --lang ru\n"
            "  patent-reader inspect --can-prompt --trust /srv/trust/trust --terminal /srv/trust --fingers fingers\n",
            run_inspect},
    Command{"capture", "Reads a card and keeps the evidence, unjudged.", "[options]",
            "  patent-reader capture --can-file can.txt --save evidence.json\n", run_capture},
    Command{"verify", "Judges saved evidence again, without the card.", "FILE... [options]",
            "  patent-reader verify evidence.json --trust /srv/trust/trust --at 2026-03-10\n", run_verify},
    Command{"log", "Shows, exports, verifies or trims the log of checks.", "show|export|verify|trim ...",
            "  patent-reader log show --log checks.db\n"
            "  patent-reader log export --log checks.db --out checks.jsonl --terminal /srv/trust\n"
            "  patent-reader log verify checks.jsonl --trust /srv/trust/certificates/cvca.cvcert\n",
            run_log},
    Command{"package", "Installs and shows the trust packages that a handheld judges by.", "install|show ...",
            "  patent-reader package install day-1.package --store /var/lib/patent --trust /srv/trust/trust\n"
            "  patent-reader package show --store /var/lib/patent\n",
            run_package},
    Command{"list", "Verifies and shows status and paid lists as they are published.",
            "FILE... --trust DIR | --store DIR [--index N] [--policy FILE] [--at TIME] [--json]",
            "  patent-reader list 0.states.jwt 0.months.jwt --trust /srv/trust/trust --index 4711\n", run_list},
    Command{"qr", "Judges the QR code on a card's back: the way out when the chip is dead.", "FILE [options]",
            "  patent-reader qr back.jpg --store lists --territory 45000000\n"
            "  patent-reader qr back.png --trust /srv/trust/trust --print series=77,number=2600123456 --evidence "
            "evidence.json\n",
            run_qr},
    Command{"explain", "Says what a verdict's reasons mean, when they are said, and what to do.",
            "[REASON] [--holder CODE] [--lang ru|en] [--json]",
            "  patent-reader explain\n"
            "  patent-reader explain UNPAID --lang ru --holder uz\n",
            run_explain},
    Command{"readers", "Lists the PC/SC readers.", "[--json]", "  patent-reader readers\n", run_readers},
};

}  // namespace

int main(int argc, char** argv) {
  return crypto::tool::run_program(
      {"Reads patent cards and says VALID, INVALID or NEEDS CHECK.", kCommands,
       "  patent-reader inspect --can-prompt --trust /srv/trust/trust --territory 45000000\n",
       "0 VALID, 1 INVALID, 2 NEEDS CHECK, 64 usage, 69 no reader or card, 70 internal;\n"
       "65 a list or package that is refused, 73 a folder that cannot be written."},
      argc, argv);
}
