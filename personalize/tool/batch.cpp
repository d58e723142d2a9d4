// SPDX-License-Identifier: Apache-2.0
// The command that writes many cards by many readers.
#include <fmt/format.h>

#include "card/host/card_file_error.hpp"
#include "card/host/embedded_card.hpp"
#include "crypto/file_lock.hpp"
#include "crypto/sha256_text.hpp"
#include "personalize/audit/chain_signature.hpp"
#include "personalize/floor/feeds.hpp"
#include "personalize/floor/ledger_orders.hpp"
#include "personalize/issue/words.hpp"
#include "personalize/ledger/floor_facts.hpp"
#include "personalize/ledger/shared_ledger.hpp"
#include "personalize/tool/batch_screen.hpp"
#include "personalize/tool/floor.hpp"
#include "personalize/tool/interrupts.hpp"
#include "personalize/tool/issuing.hpp"
#include "personalize/tool/observation.hpp"

namespace personalize::tool {
namespace {

// Two runs would give each other's claims back.
crypto::Result<crypto::FileLock, Exit> lock_station(const Arguments& arguments, const std::string& station) {
  const auto name = crypto::sha256_text(crypto::as_bytes(arguments.text("ledger") + '\n' + station)).substr(0, 16);
  auto lock = crypto::FileLock::take(std::filesystem::path(arguments.text("domain")) / ("batch-" + name + ".lock"));
  if (!lock)
    return crypto::unexpected<Exit>(
        complain(fmt::format("another batch of station {} is running; give this one another --station", station),
                 Exit::cannot_create));
  return *std::move(lock);
}

Exit exit_for(const BatchResult& result) {
  if (result.station_failure) return exit_of(*result.station_failure);
  if (result.interrupted) return Exit::interrupted;
  if (!result.complete) return Exit::unavailable;
  return result.refused == 0 ? Exit::ok : Exit::bad_input;
}

class BatchCommand {
public:
  BatchCommand(const Arguments& arguments, Floor& floor, Issuing& issuing, const patent::RegionProfiles& regions)
      : arguments_(arguments), floor_(floor), issuing_(issuing), clock_(clock_of(arguments)) {
    context_.regions = &regions;
  }

  crypto::Result<Exit, Exit> run(const std::stop_token& stop) {
    OrderFiles files = file_list();
    OrderFiles* const reading = arguments_.given("ORDER") ? &files : nullptr;
    Observation observation(arguments_, floor_.workplace.station);
    BatchScreen screen(arguments_, floor_.workplace.station, [&files] { return files.part_read(); });
    PATENT_TRY(const auto feeds, open_feeds(screen));
    if (const auto released = floor_.queue.release_all(floor_.workplace.station); !released)
      return complain(words_for(released.error()), exit_of(IssuanceFailure(released.error())));

    const auto facts = read_floor_facts(*floor_.database, clock_());
    if (!facts) return complain(words_for(facts.error()), exit_of(IssuanceFailure(facts.error())));

    CommitQueue commits(*floor_.database);
    SharedLedger ledger(floor_.orders, commits);
    Issuance issuance(issuing_.engine(), ledger, issuing_.issuer(), issuing_.keys(), floor_.workplace.operator_name);
    LedgerOrders orders({commits, floor_.queue, floor_.orders, floor_.stock, *floor_.statuses}, reading,
                        {.workplace = floor_.workplace,
                         .list_base = arguments_.text("list-uri"),
                         .follow = arguments_.given("follow"),
                         .previous_elsewhere = arguments_.given("previous-elsewhere") ? &floor_.audit : nullptr,
                         .orders = context_,
                         .clock = clock_});
    BatchSettings settings;
    settings.apdu_limit = std::chrono::seconds(arguments_.number("apdu-limit"));
    settings.tries = arguments_.number("tries");
    settings.clock = clock_;
    if (!arguments_.given("at")) settings.newest_known = facts->newest;
    settings.orders = context_;
    const auto tell = [&](const BatchEvent& event) {
      observation.take(event);
      screen.take(event);
    };
    const auto result = Batch(issuance, orders, settings).run(feeds, tell, stop);
    if (const auto signed_now = commits.run<void>([this] { return sign_chain(); }); !signed_now)
      complain(words_for(signed_now.error()), Exit::bad_input);
    observation.end(result);
    screen.end(result);
    return exit_for(result);
  }

private:
  using Feeds = std::vector<std::unique_ptr<CardFeed>>;

  Logged<void> sign_chain() {
    PATENT_TRY_VOID(floor_.audit.sign(clock_()));
    return {};
  }

  [[nodiscard]] OrderFiles file_list() const {
    const auto names = arguments_.texts("ORDER");
    return OrderFiles({names.begin(), names.end()});
  }

  crypto::Result<Feeds, Exit> open_feeds(BatchScreen& screen) const {
    FeedOptions options;
    options.feed = arguments_.text("feed");
    options.readers = readers();
    options.virtual_cards = reader::virtual_cards<host::EmbeddedCard>();
    options.reader_limit = std::chrono::seconds(arguments_.number("apdu-limit"));
    options.prompt = [&screen, russian = in_russian(arguments_)](const FeedPrompt& prompt) {
      screen.say(words_for(prompt, russian));
    };
    auto feeds = make_feeds(options);
    if (!feeds)
      return crypto::unexpected<Exit>(
          complain(feeds.error().sentence, feeds.error().link ? Exit::unavailable : Exit::usage));
    return *std::move(feeds);
  }

  // --readers A,B --readers C
  [[nodiscard]] std::vector<std::string> readers() const {
    std::vector<std::string> out;
    for (const auto& text : arguments_.texts("readers"))
      for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(',', begin), text.size());
        if (end > begin) out.push_back(text.substr(begin, end - begin));
        begin = end + 1;
      }
    return out;
  }

  const Arguments& arguments_;
  Floor& floor_;
  Issuing& issuing_;
  std::function<crypto::Time()> clock_;
  OrderContext context_;
};

crypto::Result<Exit, Exit> run_on(const Command& command, const Arguments& arguments) {
  PATENT_TRY(const auto regions, load_regions(arguments));
  PATENT_TRY(const auto floor, open_floor(arguments, MissingDatabase::make, FloorKeys::needed));
  PATENT_TRY(const auto lock, lock_station(arguments, floor->workplace.station));
  PATENT_TRY(const auto issuing, Issuing::open(command, arguments, *floor->domain));
  floor->audit.sign_by(signs_chain(issuing->signers()));  // a batch that follows outlives a signer
  const Interrupts interrupts;                            // from here on: before, the passphrase may still be asked for
  return BatchCommand(arguments, *floor, *issuing, regions).run(interrupts.token());
}

}  // namespace

Exit run_batch(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add_options()("readers", options::value<std::vector<std::string>>()->value_name("WHICH"),
                            "all (as without it), or names, parts of names, serial:NUMBER, port:PORT, divided by "
                            "commas; of virtual:DIR and program:CMD how many")(
      "feed", options::value<std::string>()->default_value("manual"),
      "manual, virtual:DIR of card files, or program:CMD (docs/card-feed.md)")(
      "list-uri", options::value<std::string>()->value_name("BASE"),
      "the status lists are BASE/0, BASE/1, ..., needed: for orders that name none themselves")(
      "tries", options::value<unsigned>()->default_value(3), "of an order on one chip, before both are given up")(
      "apdu-limit", options::value<unsigned>()->default_value(10), "seconds until a reader that hangs is given up")(
      "previous-elsewhere", "an order may follow a card that the ledger does not know; said in the audit chain")(
      "follow", "without ORDER: wait for what comes into the queue")("json", "a JSON line for each event")(
      "quiet", "faults and the summary only")("lang", options::value<std::string>(),
                                              "ru or en; default: from LC_ALL and LANG");
  description.add(domain_option())
      .add(passphrase_option())
      .add(ledger_option())
      .add(workplace_options())
      .add(profile_option())
      .add(regions_option())
      .add(observation_options())
      .add(at_option());
  Arguments arguments(command, description, {"[ORDER...]"});
  if (const auto end = arguments.read(words)) return *end;
  if (!arguments.given("domain")) return report_usage(command, "--domain is missing");
  if (!arguments.given("ledger")) return report_usage(command, "--ledger is missing");
  if (arguments.number("tries") == 0 || arguments.number("apdu-limit") == 0)
    return report_usage(command, "--tries and --apdu-limit are at least 1");
  if (arguments.given("follow") && arguments.given("ORDER"))
    return report_usage(command, "--follow goes without ORDER");
  // Orders are read as they are written: that none is without a list would show too late.
  if (const auto fault = list_fault(arguments, true); !fault.empty()) return report_usage(command, fault);
  must_be_there(arguments, "ORDER");
  const auto exit = run_on(command, arguments);
  return exit ? *exit : exit.error();
}

}  // namespace personalize::tool
