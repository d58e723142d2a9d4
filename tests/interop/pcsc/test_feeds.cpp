// SPDX-License-Identifier: Apache-2.0
// The card feeds over the real PC/SC service: by hand, and by the sample program.
#include <sys/eventfd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "card/host/embedded_card.hpp"
#include "card/host/vpcd.hpp"
#include "personalize/floor/feeds.hpp"
#include "personalize/floor/manual_feed.hpp"
#include "personalize/floor/program_feed.hpp"
#include "private_service.hpp"
#include "tests/temporary_folder.hpp"

using namespace personalize;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

using Ask = FeedPrompt::Ask;

void blank(const fs::path& file, crypto::Byte number) {
  host::Blank made;
  made.chip_serial[7] = number;
  made.transport_enc = made.transport_mac = made.transport_dek = crypto::Bytes(32, number);
  REQUIRE(host::make_blank(file, made));
}

// A card file in a slot, as a hand puts it there and takes it out.
class Inserted {
public:
  Inserted(const fs::path& file, std::uint16_t port) : stop_(eventfd(0, EFD_CLOEXEC)) {
    auto card = host::EmbeddedCard::open(file);
    REQUIRE(card);
    card_ = *std::move(card);
    thread_ = std::jthread([this, port] { host::serve(*card_, {"127.0.0.1", port}, stop_, [](host::VpcdEvent) {}); });
  }
  ~Inserted() {
    eventfd_write(stop_, 1);
    thread_.join();
    close(stop_);
  }
  Inserted(const Inserted&) = delete;
  Inserted& operator=(const Inserted&) = delete;

private:
  int stop_;
  std::unique_ptr<host::EmbeddedCard> card_;
  std::jthread thread_;
};

reader::ReaderIdentity identity_of(const std::string& name) {
  const auto all = reader::identify_readers();
  REQUIRE(all);
  const auto chosen = reader::choose_readers(*all, std::vector{name});
  REQUIRE(chosen);
  return chosen->front();
}

WatchedReader reader_named(const std::string& name) { return {identity_of(name), 10s}; }

template <class T>
std::optional<FeedError> fault(const Fed<T>& result) {
  return result ? std::nullopt : std::optional(result.error().error);
}
constexpr auto kNone = std::optional<FeedError>();

std::unique_ptr<ProgramFeed> saying(const fs::path& script, const std::string& body) {
  std::ofstream(script) << "while read -r verb reader; do " << body << "; done\n";
  return std::make_unique<ProgramFeed>(reader_named("Virtual PCD 00 00"), ChildProgram::start({"sh", script.string()}),
                                       FeedLimits{5s, 5s, 1s});
}

}  // namespace

TEST_CASE("feeds work over PC/SC, and a program's word is not taken for it") {
  interop::PrivateService service;
  service.start();
  const TemporaryFolder folder;

  {  // by hand
    blank(folder / "hand-1.card", 1);
    blank(folder / "hand-2.card", 2);
    std::vector<Ask> prompts;
    ManualFeed feed(reader_named("Virtual PCD 00 00"),
                    [&](const FeedPrompt& prompt) { prompts.push_back(prompt.ask); });
    std::stop_source stop;
    std::optional<Inserted> card(std::in_place, folder / "hand-1.card", service.port(0));
    CHECK(feed.get({}).has_value());
    prompts.clear();  // the first one was asked for, unless the reader had seen it already
    CHECK(feed.again({}).has_value());
    CHECK(fault(feed.done()) == kNone);
    std::jthread hand([&] {
      std::this_thread::sleep_for(1500ms);
      card.reset();
      std::this_thread::sleep_for(1500ms);
      card.emplace(folder / "hand-2.card", service.port(0));
    });
    CHECK(feed.get({}).has_value());
    hand.join();
    CHECK(fault(feed.reject("chip_dead")) == kNone);
    CHECK(prompts == std::vector{Ask::take_out, Ask::insert, Ask::into_reject_bin});
    stop.request_stop();
    CHECK(fault(feed.get(stop.get_token())) == FeedError::interrupted);
  }

  std::this_thread::sleep_for(1500ms);  // the reader sees that its card is gone
  {                                     // a program that says what is not there
    CHECK(fault(saying(folder / "lie.sh", "echo ok")->get({})) == FeedError::lies);
    const Inserted card(folder / "hand-1.card", service.port(0));
    auto feed = saying(folder / "lie.sh", "echo ok");
    for (int i = 0; i < 50 && !identity_of("Virtual PCD 00 00").card_present; ++i) std::this_thread::sleep_for(100ms);
    CHECK(fault(feed->get({})) == kNone);
    CHECK(fault(feed->done()) == FeedError::lies);
  }

  {  // the sample, two readers at once
    const auto blanks = folder / "blanks";
    fs::create_directory(blanks);
    for (crypto::Byte i = 1; i <= 3; ++i) blank(blanks / ("b" + std::to_string(i) + ".card"), i);
    ::setenv("PATENT_CARD", PATENT_CARD, 1);
    ::setenv("VPCD_PORT", std::to_string(service.port(0)).c_str(), 1);
    FeedOptions options;
    options.feed = "program:" TESTS_DIR "/../samples/card-feed.sh " + blanks.string();
    options.readers = {"all"};
    auto feeds = make_feeds(options);
    REQUIRE(feeds);
    REQUIRE(feeds->size() == 2);
    auto one = (*feeds)[0]->get({});
    auto two = (*feeds)[1]->get({});
    REQUIRE((one && two));
    one->card.channel.reset();
    two->card.channel.reset();
    CHECK((*feeds)[1]->again({}).has_value());
    CHECK(fault((*feeds)[0]->done()) == kNone);
    CHECK(fault((*feeds)[1]->reject("chip_dead")) == kNone);
    CHECK((*feeds)[1]->get({}).has_value());
    CHECK(fault((*feeds)[0]->get({})) == FeedError::empty);
    feeds->clear();  // the run breaks off: the card in hand goes to whoever comes next
    CHECK(fs::exists(blanks / "slot-1/b3.card"));
    options.readers = {"Virtual PCD 00 00"};
    auto later = make_feeds(options);
    REQUIRE(later);
    CHECK((*later)[0]->get({}).has_value());
    CHECK(fault((*later)[0]->done()) == kNone);
    CHECK(fault((*later)[0]->get({})) == FeedError::empty);
    CHECK(fs::exists(blanks / "rejected/b2.card"));
    CHECK(fs::exists(blanks / "issued/b1.card"));
    CHECK(fs::exists(blanks / "issued/b3.card"));
  }
}
