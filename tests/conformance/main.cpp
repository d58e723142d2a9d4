// SPDX-License-Identifier: Apache-2.0
// patent-conform: runs the published conformance tests against a card, or against the inspection library.
#include <array>

#include "tests/conformance/chip/command.hpp"
#include "tests/conformance/reader/command.hpp"

namespace {

using namespace crypto::tool;

constexpr std::array kCommands{
    Command{"chip", "Runs the cases against a card.", "--domain DIR [options]",
            "  patent-conform chip --domain test --can 123456 --change-card --out report.txt\n"
            "  patent-conform chip --domain test --reader virtual:one.card --can-file can.txt --only ISO7816_J\n",
            conformance::run_chip},
    Command{"reader", "Runs the cases against the inspection library, each with a chip that lies.", "[options]",
            "  patent-conform reader\n"
            "  patent-conform reader --only EIS_ISO7816 --report junit --out reader.xml\n",
            conformance::run_reader},
};

}  // namespace

int main(int argc, char** argv) {
  return run_program({"Runs the published conformance tests against cards and readers.", kCommands,
                      "  patent-conform chip --domain test --can-file can.txt --report junit --out chip.xml\n"
                      "  patent-conform reader --report json --out reader.json\n",
                      "0 all applicable cases passed, 1 not all, 64 usage, 69 no reader or card, 70 internal, "
                      "73 the report cannot be written, 130 stopped."},
                     argc, argv);
}
