// SPDX-License-Identifier: Apache-2.0
// patent-reader: opens a patent card, reads it, judges it; or judges saved evidence again.
#include <array>

#include "reader/tool/command.hpp"

namespace {

using crypto::tool::Command;
using namespace reader::tool;

constexpr std::array kCommands{
    Command{
        "inspect", "Reads a card and judges it.", "[options]",
        "  patent-reader inspect --can-prompt --trust trust\n"
        "  patent-reader inspect --reader virtual:one.card --can 123456 --trust trust --territory 45000000 --lang ru\n"
        "  patent-reader inspect --can-prompt --trust trust --terminal domain --fingers fingers\n",
        run_inspect},
    Command{"capture", "Reads a card and keeps the evidence, unjudged.", "[options]",
            "  patent-reader capture --can-file can.txt --save evidence.json\n", run_capture},
    Command{"verify", "Judges saved evidence again, without the card.", "FILE... [options]",
            "  patent-reader verify evidence.json --trust trust --at 2026-03-10\n", run_verify},
    Command{"readers", "Lists the PC/SC readers.", "[--json]", "  patent-reader readers\n", run_readers},
};

}  // namespace

int main(int argc, char** argv) {
  return crypto::tool::run_program({"Reads patent cards and says VALID, INVALID or NEEDS CHECK.", kCommands,
                                    "  patent-reader inspect --can-prompt --trust trust --territory 45000000\n",
                                    "0 VALID, 1 INVALID, 2 NEEDS CHECK, 64 usage, 69 no reader or card, 70 internal."},
                                   argc, argv);
}
