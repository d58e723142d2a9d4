// SPDX-License-Identifier: Apache-2.0
// Owns the feed by a person's hand: blanks are put into a PC/SC reader and taken out of it as the prompts ask.
#pragma once

#include "personalize/floor/feeds.hpp"
#include "personalize/floor/watched_reader.hpp"

namespace personalize {

class ManualFeed final : public CardFeed {
public:
  using Prompt = std::function<void(const FeedPrompt&)>;
  ManualFeed(WatchedReader reader, Prompt prompt) : reader_(std::move(reader)), prompt_(std::move(prompt)) {}

  [[nodiscard]] const std::string& reader_name() const override { return reader_.name(); }
  // A card that lies in the reader when the run begins is taken as it is.
  Fed<FedCard> get(std::stop_token stop) override;
  Fed<FedCard> again(std::stop_token stop) override;
  // Says what to do with the card, and does not wait: the next get() waits until it is taken out.
  Fed<void> done() override;
  Fed<void> reject(std::string_view reason) override;

private:
  void ask(FeedPrompt::Ask what, std::string_view reason = {});
  Fed<FedCard> wait_for_card(FeedPrompt::Ask what, const std::stop_token& stop);

  WatchedReader reader_;
  Prompt prompt_;
  bool to_be_taken_ = false;                // the card in the reader has ended
  std::optional<FeedPrompt::Ask> asked_{};  // once, however often the link is lost meanwhile
};

}  // namespace personalize
