// SPDX-License-Identifier: Apache-2.0
#include "tests/kill/floor_world.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cstdio>

#include "crypto/sha256_text.hpp"
#include "personalize/floor/virtual_feed.hpp"
#include "personalize/issue/words.hpp"
#include "tests/kill/doomed_database.hpp"
#include "tests/kill/fragile_card.hpp"
#include "tests/kill/real_reader.hpp"
#include "tests/kill/settings.hpp"
#include "tests/unit/personalize/floor_station.hpp"

namespace kill_test {
namespace fs = std::filesystem;
using namespace personalize;
using sample::domain;
using sample::kAt;
using sample::profile;

namespace {

constexpr unsigned kLongestRun = 120;  // seconds, on a busy machine
constexpr std::chrono::seconds kLease{3};

int work_at(const Floor& floor, const Station& station, Fate fate, Tally& tally) {
  Reaper reaper(std::move(fate), tally);
  const auto cards = floor.folder / station.cards;
  std::vector<std::unique_ptr<CardFeed>> feeds;
  if (station.real_reader)
    feeds.push_back(real_feed(cards, reaper));
  else if (!VirtualFeed::prepare(cards))
    return 73;
  for (unsigned i = 1; feeds.size() < station.readers; ++i)
    feeds.push_back(std::make_unique<VirtualFeed>(cards, "reader " + std::to_string(i),
                                                  fragile_cards(Graves(floor.folder / "dead"), reaper)));

  auto opened = open_database(floor.ledger, MissingDatabase::refuse);
  if (!opened) return 69;
  sample::Books books(std::make_unique<DoomedDatabase>(*std::move(opened), reaper), station.name);
  if (!books.queue.release_all(station.name)) return 69;
  crypto::ThreadedEngine engine;
  Issuer issuer(engine, profile(), domain().signers, domain().trust);
  CommitQueue commits(*books.database);
  SharedLedger ledger(books.orders, commits);
  const ChannelKeys keys{*domain().transport, *domain().issuer, profile().channel_key};
  Issuance issuance(engine, ledger, issuer, keys, "test");
  OrderFiles files({floor.folder / "orders.jsonl"});
  LedgerOrders orders({commits, books.queue, books.orders, books.stock, books.statuses},
                      station.orders == OrdersIn::file ? &files : nullptr,
                      {.workplace = {.station = station.name, .operator_name = "test"},
                       .list_base = "https://status.example/lists",
                       .lease = kLease,
                       .orders = {},
                       .clock = [] { return kAt; }});
  BatchSettings settings;
  settings.apdu_limit = std::chrono::seconds(60);
  settings.reader_pause = std::chrono::milliseconds(1);
  settings.preparing_threads = 1;
  settings.clock = [] { return kAt; };
  const auto tell = [&](const BatchEvent& event) {
    if (kill_test::settings().only.empty()) return;
    if (const auto* lost = std::get_if<ReaderLost>(&event))
      std::fprintf(stderr, "%s: %s\n", station.name.c_str(), lost->failure.detail.c_str());
  };
  const auto result = Batch(issuance, orders, settings).run(feeds, tell, {});
  if (result.station_failure)
    std::fprintf(stderr, "%s: %s\n", station.name.c_str(), words_for(*result.station_failure).c_str());
  return result.complete && !result.station_failure ? 0 : 1;
}

}  // namespace

Floor make_floor(const std::string& name, const std::string& ledger, unsigned orders, unsigned blanks, OrdersIn where) {
  const auto folder = sample::workplace() / name;
  fs::remove_all(folder);
  fs::create_directories(folder / "cards");
  Floor floor{folder, ledger.empty() ? (folder / "ledger").string() : ledger, 0, blanks};
  {
    sample::Books books(open_database(floor.ledger, MissingDatabase::make).value());
    for (unsigned n = 1; n <= blanks; ++n) {
      const auto number = fmt::format("PR{:07}", n);
      sample::blank(name + "/cards/" + number + ".card", static_cast<crypto::Byte>(n), *domain().transport);
      books.receive_blank(number, fmt::format("01020304050607{:02X}", n));
    }
  }
  if (where == OrdersIn::queue) {
    while (floor.orders < orders) submit_order(floor);
    return floor;
  }
  std::ofstream file(folder / "orders.jsonl", std::ios::binary);
  while (floor.orders < orders) file << sample::line(sample::order_json(++floor.orders));
  return floor;
}

void submit_order(Floor& floor) {
  const auto n = ++floor.orders;
  const auto text = sample::line(sample::order_json(n));
  sample::Books books(open_database(floor.ledger, MissingDatabase::refuse).value());
  REQUIRE(books.queue.submit({sample::order_id(n), crypto::sha256_text(crypto::as_bytes(text)), "test", text}, kAt));
}

Floor copy_of(const Floor& floor, const std::string& name) {
  const auto folder = sample::workplace() / name;
  fs::remove_all(folder);
  fs::copy(floor.folder, folder, fs::copy_options::recursive);
  return {folder, (folder / "ledger").string(), floor.orders, floor.blanks};
}

SharedTally::SharedTally() {
  auto* const memory = ::mmap(nullptr, sizeof(Tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  tally_ = new (memory) Tally;
}
SharedTally::~SharedTally() { ::munmap(tally_, sizeof(Tally)); }

pid_t start(const Floor& floor, const Station& station, Fate fate, Tally& tally) {
  static_cast<void>(domain());  // made once, by the parent
  std::fflush(nullptr);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::alarm(kLongestRun);
  for (const int fault : {SIGSEGV, SIGABRT, SIGFPE, SIGILL}) ::signal(fault, SIG_DFL);  // no report but the parent's
  int status = 70;
  try {
    status = work_at(floor, station, std::move(fate), tally);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s: %s\n", station.name.c_str(), e.what());
  } catch (...) {
    std::fprintf(stderr, "%s: an assertion failed\n", station.name.c_str());
  }
  ::_exit(status);  // nothing of the parent's is to be cleared away
}

End wait_for(pid_t process) {
  int status = 0;
  REQUIRE(::waitpid(process, &status, 0) == process);
  if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGKILL ? End::killed : End::broken;
  switch (WEXITSTATUS(status)) {
    case 0: return End::complete;
    case 1: return End::incomplete;
    default: return End::broken;
  }
}

End run(const Floor& floor, const Station& station, const Fate& fate, Tally& tally) {
  return wait_for(start(floor, station, fate, tally));
}
End run(const Floor& floor, const Station& station, const Fate& fate) {
  const SharedTally tally;
  return run(floor, station, fate, *tally);
}

namespace {

// Whether the books did not know it yet.
bool end_by_print(sample::Books& books, const std::string& number) {
  const auto blank = books.stock.find(number).value().value();
  if (blank.state != BlankState::in_stock && blank.state != BlankState::taken) return false;
  const auto ended = blank.state == BlankState::taken ? books.orders.void_order(blank.order_id, "chip is dead")
                                                      : books.stock.reject(number, "dead", "Ivanova", kAt);
  if (!ended) throw std::runtime_error(number + " cannot be ended by hand");
  return true;
}

std::vector<fs::path> cards_in(const fs::path& folder) {
  std::vector<fs::path> cards;
  if (!fs::exists(folder)) return cards;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".card") cards.push_back(entry.path());
  std::ranges::sort(cards);
  return cards;
}

}  // namespace

void take_away_card(const Floor& floor, const Station& station) {
  const auto cards = cards_in(floor.folder / station.cards);
  if (cards.empty()) return;
  const auto& in_reader = cards.front();  // the feed gives them by their names
  fs::create_directories(floor.folder / "away");
  fs::rename(in_reader, floor.folder / "away" / in_reader.filename());
}

bool clear_up(const Floor& floor, const std::vector<std::string>& folders) {
  const Graves graves(floor.folder / "dead");
  auto lost = cards_in(floor.folder / "away");
  for (const auto& name : folders) {
    const auto bin = floor.folder / name / "rejected";
    for (const auto& place : {floor.folder / name, bin})
      for (const auto& card : cards_in(place)) {
        if (!graves.of(card)) continue;
        lost.push_back(bin / card.filename());
        if (place != bin) fs::rename(card, lost.back());
      }
  }
  bool ended = false;
  sample::Books books(open_database(floor.ledger, MissingDatabase::refuse).value());
  for (const auto& card : lost) ended = end_by_print(books, card.stem().string()) || ended;
  return ended;
}

}  // namespace kill_test
