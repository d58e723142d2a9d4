// SPDX-License-Identifier: Apache-2.0
// The whole card over the real PC/SC service: issued through it by the engine, then met by programs that are not ours.
#include <sys/eventfd.h>

#include <catch2/catch.hpp>
#include <thread>

#include "card/host/vpcd.hpp"
#include "private_service.hpp"
#include "reader/link/card_source.hpp"
#include "tests/unit/personalize/station.hpp"

using namespace std::chrono_literals;

namespace {

// A card file in the first slot, as patent-card serves it.
class Served {
public:
  Served(const std::filesystem::path& file, std::uint16_t port) : stop_(eventfd(0, EFD_CLOEXEC)) {
    auto card = host::EmbeddedCard::open(file);
    REQUIRE(card);
    card_ = *std::move(card);
    thread_ = std::jthread([this, port] { host::serve(*card_, {"127.0.0.1", port}, stop_, [](host::VpcdEvent) {}); });
  }
  ~Served() {
    eventfd_write(stop_, 1);
    thread_.join();
    close(stop_);
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

private:
  int stop_;
  std::unique_ptr<host::EmbeddedCard> card_;
  std::jthread thread_;
};

std::string output_of(const std::string& command) {
  std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 256> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) output += line.data();
  CAPTURE(output);
  CHECK(::pclose(pipe) == 0);
  return output;
}

bool has_program(const std::string& name) { return std::system(("command -v " + name + " >/dev/null").c_str()) == 0; }

using Catch::Matchers::Contains;

}  // namespace

TEST_CASE("a card is issued over PC/SC, and programs that are not ours can talk to it") {
  interop::PrivateService service;
  service.start();
  const auto file = sample::blank("pcsc.card", 1, *sample::domain().transport);
  const Served served(file, service.port(0));
  {
    auto powered = reader::open_card("", 10s, {});
    REQUIRE(powered);
    const auto receipt = sample::Station("pcsc").issue(sample::order(), *std::move(powered));
    REQUIRE(receipt);
    CHECK(receipt->verdict == "VALID");  // the engine reads back over the same link
  }
  if (has_program("opensc-tool")) {
    CHECK_THAT(output_of("opensc-tool --reader 0 --atr"), Contains("3b:"));
    // Without its search for known cards, which would leave the master file before EF.CardAccess is read.
    const auto answers = output_of(
        "opensc-tool --reader 0 --card-driver default -s 00:B0:9C:00:08 -s 00:A4:04:0C:07:A0:00:00:02:47:10:01");
    CHECK_THAT(answers, Contains("31 28 30 12"));
    CHECK_THAT(answers, Contains("Received (SW1=0x90, SW2=0x00)"));
    CHECK_THAT(answers, !Contains("SW1=0x6"));
  } else {
    WARN("opensc-tool is not installed");
  }
  if (has_program("scriptor")) {
    // Its last command is an extended one.
    const auto answers = output_of(
        "printf 'reset\\n00 B0 9C 00 08\\n00 A4 04 0C 07 A0 00 00 02 47 10 01\\n"
        "00 B0 9E 00 00 00 08\\n' | scriptor -r 'Virtual PCD 00 00'");
    CHECK_THAT(answers, Contains("31 ") && Contains("90 00 : Normal processing"));
    CHECK_THAT(answers, Contains("69 82 "));  // EF.COM is not for those without the password
  } else {
    WARN("scriptor is not installed");
  }
}
