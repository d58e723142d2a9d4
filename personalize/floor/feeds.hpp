// SPDX-License-Identifier: Apache-2.0
// Owns the choice of card feeds by text: one for each reader that a batch works with.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "personalize/floor/card_feed.hpp"

namespace personalize {

// What a manual feed asks of the operator.
struct FeedPrompt {
  enum class Ask : std::uint8_t { insert, put_back, take_out, into_reject_bin };
  std::string reader;
  Ask ask{};
  std::string reason;  // of into_reject_bin
};
// One sentence.
std::string words_for(const FeedPrompt& prompt, bool russian);
std::string words_for(const FeedFailure& failure);

struct FeedOptions {
  // "manual"; "virtual:FOLDER" of card files; "program:PATH WORD..." (divided at spaces, without a shell).
  std::string feed = "manual";
  // "all", "serial:S", "port:P", names (choose_readers()); of a virtual feed, how many.
  std::vector<std::string> readers;
  reader::VirtualCardFactory virtual_cards{};
  std::function<void(const FeedPrompt&)> prompt{};  // by any feed's thread
  // Of a program; of get(), which may wait for a person, ten times that.
  std::chrono::milliseconds answer_limit{60'000};
  std::chrono::milliseconds reader_limit{10'000};  // so long a reader or service may not answer
};

struct NoFeeds {
  std::string sentence;                   // what is wrong with the choice
  std::optional<wire::LinkError> link{};  // the PC/SC service or its readers are away; else the text is at fault
};
crypto::Result<std::vector<std::unique_ptr<CardFeed>>, NoFeeds> make_feeds(const FeedOptions& options);

}  // namespace personalize
