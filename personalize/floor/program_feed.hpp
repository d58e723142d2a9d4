// SPDX-License-Identifier: Apache-2.0
// Owns the feed by an external program, as printers with encoders need it (docs/card-feed.md).
#pragma once

#include "personalize/floor/card_feed.hpp"
#include "personalize/floor/child_program.hpp"
#include "personalize/floor/watched_reader.hpp"

namespace personalize {

struct FeedLimits {
  std::chrono::milliseconds get{600'000};   // a hopper may have to be filled
  std::chrono::milliseconds other{60'000};  // an answer to anything else
  std::chrono::milliseconds card{10'000};   // until PC/SC sees what the program says
};

// One program for each reader. What it says is checked against the reader: a card must be there after `get`, and none
// after `done`. A program that hung, lied or ended is not asked again.
class ProgramFeed final : public CardFeed {
public:
  ProgramFeed(WatchedReader reader, std::unique_ptr<ChildProgram> program, const FeedLimits& limits)
      : reader_(std::move(reader)), program_(std::move(program)), limits_(limits) {}

  [[nodiscard]] const std::string& reader_name() const override { return reader_.name(); }
  Fed<FedCard> get(std::stop_token stop) override;
  Fed<FedCard> again(std::stop_token stop) override;
  // As the program reads it on the card.
  [[nodiscard]] std::string card_in_hand() const override { return blank_number_; }
  Fed<void> done() override;
  Fed<void> reject(std::string_view reason) override;

private:
  // What stands behind "ok" in the answer to "REQUEST READER".
  Fed<std::string> ask(const std::string& request, std::chrono::milliseconds limit, const std::stop_token& stop);
  crypto::unexpected<FeedFailure> give_up(FeedError error, std::string detail);
  Fed<FedCard> card_in_reader(const std::string& request, std::chrono::milliseconds limit, const std::stop_token& stop);
  Fed<void> put_away(const std::string& request);

  WatchedReader reader_;
  std::unique_ptr<ChildProgram> program_;
  FeedLimits limits_;
  std::string blank_number_;  // that it named last
  std::optional<FeedFailure> given_up_;
};

}  // namespace personalize
