// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/feeds.hpp"

#include <fmt/format.h>

#include <charconv>

#include "personalize/floor/manual_feed.hpp"
#include "personalize/floor/program_feed.hpp"
#include "personalize/floor/virtual_feed.hpp"

namespace personalize {
namespace {

using Feeds = std::vector<std::unique_ptr<CardFeed>>;
template <class T>
using Made = crypto::Result<T, NoFeeds>;

constexpr unsigned kMaxVirtualReaders = 64;

crypto::unexpected<NoFeeds> none(std::string sentence, std::optional<wire::LinkError> link = {}) {
  return crypto::unexpected<NoFeeds>({std::move(sentence), link});
}

// The rest behind "KIND:"; nothing when it is another kind.
std::optional<std::string> rest_of(const std::string& text, std::string_view kind) {
  if (!text.starts_with(kind) || text.size() == kind.size()) return std::nullopt;
  return text.substr(kind.size());
}

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Made<Feeds> virtual_feeds(const FeedOptions& options, const std::string& folder) {
  unsigned count = 1;
  if (!options.readers.empty()) {
    const auto& text = options.readers.front();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const bool number = error == std::errc{} && end == text.data() + text.size();
    if (options.readers.size() > 1 || !number || count == 0 || count > kMaxVirtualReaders)
      return none(
          fmt::format("a virtual feed wants the number of its readers, 1 to {}: --readers 4", kMaxVirtualReaders));
  }
  if (!options.virtual_cards) return none("this program has no virtual cards");
  if (!VirtualFeed::prepare(folder))
    return none(folder + " is no folder to write in: make it, and put card files there");
  Feeds feeds;
  for (unsigned i = 1; i <= count; ++i)
    feeds.push_back(std::make_unique<VirtualFeed>(folder, fmt::format("virtual {}", i), options.virtual_cards));
  return feeds;
}

Made<std::vector<reader::ReaderIdentity>> readers_of(const FeedOptions& options) {
  const auto all = reader::identify_readers();
  if (!all) return none("the PC/SC service does not answer: is pcscd running?", all.error());
  const std::vector<std::string> everything{"all"};
  const auto chosen = reader::choose_readers(*all, options.readers.empty() ? everything : options.readers);
  if (!chosen) {
    if (all->empty() || chosen.error().text == "all")
      return none("no PC/SC reader is there", wire::LinkError::no_reader);
    if (chosen.error().several)
      return none(fmt::format("{} fits more than one reader: see patent-personalize readers", chosen.error().text));
    return none(fmt::format("no reader is {}: see patent-personalize readers", chosen.error().text),
                wire::LinkError::no_reader);
  }
  return *chosen;
}

Made<std::unique_ptr<CardFeed>> program_feed(const FeedOptions& options, const reader::ReaderIdentity& reader,
                                             const std::vector<std::string>& words) {
  auto program = ChildProgram::start(words);
  if (!program) return none("the feed's program cannot be started: " + (words.empty() ? std::string() : words.front()));
  const FeedLimits limits{.get = options.answer_limit * 10, .other = options.answer_limit};
  return std::make_unique<ProgramFeed>(WatchedReader(reader, options.reader_limit), std::move(program), limits);
}

}  // namespace

Made<Feeds> make_feeds(const FeedOptions& options) {
  if (const auto folder = rest_of(options.feed, "virtual:")) return virtual_feeds(options, *folder);
  const auto program = rest_of(options.feed, "program:");
  if (!program && options.feed != "manual")
    return none("--feed is manual, virtual:FOLDER or program:PATH (docs/card-feed.md)");
  PATENT_TRY(const auto readers, readers_of(options));
  Feeds feeds;
  for (const auto& reader : readers) {
    if (!program) {
      feeds.push_back(std::make_unique<ManualFeed>(WatchedReader(reader, options.reader_limit), options.prompt));
      continue;
    }
    PATENT_TRY(auto feed, program_feed(options, reader, words_in(*program)));
    feeds.push_back(std::move(feed));
  }
  return feeds;
}

std::string words_for(const FeedPrompt& prompt, bool russian) {
  using Ask = FeedPrompt::Ask;
  const auto say = [&](std::string_view ru, std::string_view en) {
    return fmt::format("{}: {}", prompt.reader, russian ? ru : en);
  };
  switch (prompt.ask) {
    case Ask::insert: return say("вставьте бланк", "put in a blank");
    case Ask::put_back: return say("верните ту же карту", "put the same card back");
    case Ask::take_out: return say("карта готова, выньте её", "done, take the card out");
    case Ask::into_reject_bin: break;
  }
  return say("БРАК, в ящик для брака: ", "REJECTED, into the reject bin: ") + prompt.reason;
}

std::string words_for(const FeedFailure& failure) {
  const auto& detail = failure.detail;
  switch (failure.error) {
    case FeedError::empty: return "there are no more blanks";
    case FeedError::interrupted: return "stopped";
    case FeedError::link: return "the reader or its card cannot be reached: " + detail;
    case FeedError::hangs: return "the feed's program did not answer in its time; clear its device and start again";
    case FeedError::lies: return "the feed's program does not do as it says: " + detail;
    case FeedError::failed: break;
  }
  return detail.empty() ? "the card feed failed" : "the card feed failed: " + detail;
}

}  // namespace personalize
