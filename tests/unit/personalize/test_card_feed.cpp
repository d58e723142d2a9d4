// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "card/host/embedded_card.hpp"
#include "personalize/floor/feeds.hpp"
#include "personalize/floor/program_feed.hpp"
#include "tests/temporary_folder.hpp"

namespace {

using namespace personalize;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

void blank(const fs::path& file, crypto::Byte number) {
  host::Blank made;
  made.chip_serial[7] = number;
  made.transport_enc = made.transport_mac = made.transport_dek = crypto::Bytes(32, number);
  REQUIRE(host::make_blank(file, made));
}

std::vector<std::unique_ptr<CardFeed>> virtual_feeds(const fs::path& folder, const std::string& readers) {
  auto feeds = make_feeds({.feed = "virtual:" + folder.string(),
                           .readers = {readers},
                           .virtual_cards = reader::virtual_cards<host::EmbeddedCard>()});
  REQUIRE(feeds);
  return *std::move(feeds);
}

template <class T>
std::optional<FeedError> fault(const Fed<T>& result) {
  return result ? std::nullopt : std::optional(result.error().error);
}

constexpr auto kNone = std::optional<FeedError>();

// A program in sh that answers as `body` says: "$verb" and "$reader" are what it was asked.
std::string script(const TemporaryFolder& folder, const std::string& body) {
  const auto file = (folder / "feed.sh").string();
  std::ofstream(file) << "while read -r verb reader; do\n" << body << "\ndone\n";
  return file;
}

struct Asked {
  explicit Asked(const std::string& body) : program(ChildProgram::start({"sh", script(folder, body)})) {
    REQUIRE(program);
  }
  crypto::Result<std::string, AnswerError> ask(const std::string& line, std::chrono::milliseconds limit = 5s) const {
    return program->ask(line, limit, {});
  }
  TemporaryFolder folder;
  std::unique_ptr<ChildProgram> program;
};

AnswerError error_of(const crypto::Result<std::string, AnswerError>& answer) {
  REQUIRE(!answer);
  return answer.error();
}

// Without a service, so that what the program says cannot be confirmed.
struct Programmed {
  explicit Programmed(const std::string& body) {
    ::setenv("PCSCLITE_CSOCK_NAME", (folder / "none").c_str(), 1);
    auto program = ChildProgram::start({"sh", script(folder, body)});
    REQUIRE(program);
    feed = std::make_unique<ProgramFeed>(WatchedReader({"Reader 00 00", {}, {}}, 5s), std::move(program),
                                         FeedLimits{300ms, 300ms, 300ms});
  }
  TemporaryFolder folder;
  std::unique_ptr<ProgramFeed> feed;
};

}  // namespace

TEST_CASE("A folder feeds each card to one reader, and keeps what has ended", "[feed]") {
  const TemporaryFolder folder;
  for (crypto::Byte i = 1; i <= 3; ++i) blank(folder / ("b" + std::to_string(i) + ".card"), i);
  std::ofstream(folder / "notes.txt") << "no card";
  {
    const auto feeds = virtual_feeds(folder / "", "2");
    REQUIRE(feeds.size() == 2);
    auto one = feeds[0]->get({});
    auto two = feeds[1]->get({});
    REQUIRE((one && two));
    CHECK(one->card.reader_name == "virtual 1");
    one->card.channel.reset();
    const auto in_hand = feeds[0]->card_in_hand();
    CHECK(feeds[0]->again({}).has_value());
    CHECK(feeds[0]->card_in_hand() == in_hand);
    CHECK(feeds[1]->card_in_hand() != in_hand);
    REQUIRE(feeds[0]->done());
    two->card.channel.reset();
    REQUIRE(feeds[1]->reject("chip_dead"));
    CHECK(fs::exists(folder / "issued/b1.card"));
    CHECK(fs::exists(folder / "rejected/b2.card"));
    CHECK(fault(feeds[0]->done()) == FeedError::failed);  // none is in hand
    REQUIRE(feeds[1]->get({}));
    CHECK(fault(feeds[0]->get({})) == FeedError::empty);  // the last one is the other's
  }
  // The run broke off with the last card in hand: it is given again.
  const auto later = virtual_feeds(folder / "", "1");
  REQUIRE(later[0]->get({}));
  REQUIRE(later[0]->done());
  CHECK(fault(later[0]->get({})) == FeedError::empty);
  CHECK(fs::exists(folder / "issued/b3.card"));
}

TEST_CASE("A card that another program serves is passed over, a dead one is in hand", "[feed]") {
  const TemporaryFolder folder;
  blank(folder / "a.card", 1);
  std::ofstream(folder / "b.card") << "this was a card once";
  const auto served = host::EmbeddedCard::open(folder / "a.card");
  REQUIRE(served);
  const auto feeds = virtual_feeds(folder / "", "1");
  const auto dead = feeds[0]->get({});
  REQUIRE(!dead);
  CHECK(dead.error().link == wire::LinkError::card_mute);
  REQUIRE(feeds[0]->reject("chip_dead"));
  CHECK(fs::exists(folder / "rejected/b.card"));
  CHECK(fs::exists(folder / "a.card"));
}

TEST_CASE("A finished card never takes another's place", "[feed]") {
  const TemporaryFolder folder;
  blank(folder / "a.card", 1);
  const auto feeds = virtual_feeds(folder / "", "1");
  blank(folder / "issued/a.card", 2);
  REQUIRE(feeds[0]->get({}));
  CHECK(fault(feeds[0]->done()) == FeedError::failed);
  CHECK(fs::exists(folder / "a.card"));
}

TEST_CASE("A feed that cannot be made says why", "[feed]") {
  ::setenv("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd", 1);
  const auto sentence = [](const FeedOptions& options) {
    const auto feeds = make_feeds(options);
    REQUIRE(!feeds);
    return feeds.error().sentence;
  };
  using Catch::Matchers::Contains;
  const auto virtual_cards = reader::virtual_cards<host::EmbeddedCard>();
  CHECK_THAT(sentence({.feed = "conveyor", .readers = {}}), Contains("manual, virtual:FOLDER or program:PATH"));
  CHECK_THAT(sentence({.feed = "virtual:/nonexistent", .readers = {}, .virtual_cards = virtual_cards}),
             Contains("no folder"));
  CHECK_THAT(sentence({.feed = "virtual:/tmp", .readers = {"all"}, .virtual_cards = virtual_cards}),
             Contains("the number of its readers"));
  CHECK(make_feeds({.feed = "manual", .readers = {"all"}}).error().link == wire::LinkError::no_daemon);
}

TEST_CASE("A child program answers, or the error has a name", "[feed]") {
  CHECK(*Asked("echo \"ok $reader\"").ask("get My Reader 00 00") == "ok My Reader 00 00");
  CHECK(error_of(Asked("sleep 60").ask("get", 100ms)) == AnswerError::late);
  CHECK(error_of(Asked("exit 1").ask("get")) == AnswerError::ended);
  CHECK(error_of(Asked("printf '%400s\\n' x").ask("get")) == AnswerError::malformed);
  CHECK(error_of(Asked("printf '%400s' x; sleep 60").ask("get")) == AnswerError::malformed);
  CHECK(error_of(Asked("printf 'ok\\033[2J\\n'").ask("get")) == AnswerError::malformed);
  {
    const Asked twice("echo ok; echo ok");
    CHECK(*twice.ask("get") == "ok");
    std::this_thread::sleep_for(200ms);
    CHECK(error_of(twice.ask("get")) == AnswerError::unasked);
  }
  std::stop_source stop;
  stop.request_stop();
  CHECK(error_of(Asked("sleep 60").program->ask("get", 5s, stop.get_token())) == AnswerError::interrupted);
  CHECK_FALSE(ChildProgram::start({"/nonexistent/program"}));
  CHECK_FALSE(ChildProgram::start({}));
}

TEST_CASE("A child program and what it began end with us, whatever they ignore", "[feed]") {
  // A zombie until its new parent has waited for it.
  const auto lives = [](pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/stat");
    std::string number, name, state;
    return (status >> number >> name >> state) && state != "Z";
  };
  // Left behind by a program that ends when its input does; then in one that heeds neither that nor SIGTERM.
  for (const auto* const body : {"sleep 300 & echo \"$$ $!\"", "trap '' TERM; sleep 300 & echo \"$$ $!\"; wait"}) {
    pid_t leader = 0, left_behind = 0;
    {
      const Asked asked(body);
      const auto answer = asked.ask("get");
      REQUIRE(answer);
      std::istringstream(*answer) >> leader >> left_behind;
      REQUIRE((lives(leader) && lives(left_behind)));
    }
    CHECK_FALSE(lives(leader));
    std::this_thread::sleep_for(50ms);  // a signal is on its way
    CHECK_FALSE(lives(left_behind));
  }
}

TEST_CASE("A feed program that hangs, lies or fails is told so, and not asked again", "[feed]") {
  const auto detail_of = [](const Fed<FedCard>& got) { return got ? std::string() : got.error().detail; };
  {
    Programmed hanging("sleep 60");
    CHECK(fault(hanging.feed->get({})) == FeedError::hangs);
    CHECK(fault(hanging.feed->done()) == FeedError::hangs);
  }
  {
    Programmed lying("echo 'sure thing'");
    const auto got = lying.feed->get({});
    CHECK(fault(got) == FeedError::lies);
    CHECK(detail_of(got) == "to \"get\" it said \"sure thing\"");
    CHECK(fault(lying.feed->again({})) == FeedError::lies);
  }
  CHECK(fault(Programmed("echo empty").feed->get({})) == FeedError::empty);
  CHECK(fault(Programmed("echo empty").feed->again({})) == FeedError::lies);
  CHECK(fault(Programmed("echo 'ok ../../etc'").feed->get({})) == FeedError::lies);
  CHECK(fault(Programmed("echo 'ok thanks'").feed->done()) == FeedError::lies);
  CHECK(fault(Programmed("exit").feed->get({})) == FeedError::failed);
  {
    Programmed failing("[ \"$verb\" = get ] && echo 'failed ribbon is torn' || echo ok");
    const auto got = failing.feed->get({});
    CHECK(fault(got) == FeedError::failed);
    CHECK(detail_of(got) == "ribbon is torn");
    CHECK(fault(failing.feed->done()) == kNone);  // a program that says so can be asked again
  }
  // Nobody can confirm a card while the service is away: that is the link's fault, not the program's.
  const Programmed naming("[ \"$verb\" = get ] && echo 'ok AB1234567' || echo ok");
  const auto unseen = naming.feed->get({});
  CHECK(fault(unseen) == FeedError::link);
  CHECK(unseen.error().link == wire::LinkError::no_daemon);
  CHECK(unseen.error().blank_number == "AB1234567");
  CHECK(naming.feed->card_in_hand() == "AB1234567");
  CHECK(fault(naming.feed->again({})) == FeedError::link);
  CHECK(naming.feed->card_in_hand().empty());
}

TEST_CASE("A reason goes to the program as one word", "[feed]") {
  const TemporaryFolder folder;
  const auto heard = (folder / "heard").string();
  Programmed program("echo \"$verb $reader\" >>" + heard + "; echo ok");
  CHECK(fault(program.feed->reject("chip does\nnot answer")) == kNone);
  CHECK(fault(program.feed->reject("")) == kNone);
  std::ifstream in(heard);
  std::string line;
  std::getline(in, line);
  CHECK(line == "reject chip_does_not_answer Reader 00 00");
  std::getline(in, line);
  CHECK(line == "reject rejected Reader 00 00");
}
