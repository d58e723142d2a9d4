// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/manual_feed.hpp"

namespace personalize {
namespace {

using namespace std::chrono_literals;
using Ask = FeedPrompt::Ask;
using wire::LinkError;

// How long one wait for a person's hand lasts before the next: without end, but for a stop or a lost reader.
constexpr auto kTurn = 10s;

crypto::unexpected<FeedFailure> failed(LinkError error, const std::string& reader) {
  const auto kind = error == LinkError::interrupted ? FeedError::interrupted : FeedError::link;
  return crypto::unexpected<FeedFailure>({kind, reader, error});
}

}  // namespace

void ManualFeed::ask(Ask what, std::string_view reason) {
  if (asked_ != what) prompt_({reader_.name(), what, std::string(reason)});
  asked_ = what;
}

Fed<FedCard> ManualFeed::wait_for_card(Ask what, const std::stop_token& stop) {
  while (true) {
    const auto present = reader_.has_card();
    if (!present) return failed(present.error(), reader_.name());
    if (!*present) ask(what);
    auto card = reader_.open_card(kTurn, stop);
    if (card) {
      asked_.reset();
      return FedCard{*std::move(card), {}};
    }
    if (card.error() != LinkError::no_card) return failed(card.error(), reader_.name());
  }
}

Fed<FedCard> ManualFeed::get(std::stop_token stop) {
  while (to_be_taken_) {
    const auto empty = reader_.is_emptied(kTurn, stop);
    if (!empty) return failed(empty.error(), reader_.name());
    to_be_taken_ = !*empty;
  }
  return wait_for_card(Ask::insert, stop);
}

Fed<FedCard> ManualFeed::again(std::stop_token stop) { return wait_for_card(Ask::put_back, stop); }

Fed<void> ManualFeed::done() {
  to_be_taken_ = true;
  ask(Ask::take_out);
  return {};
}

Fed<void> ManualFeed::reject(std::string_view reason) {
  to_be_taken_ = true;
  ask(Ask::into_reject_bin, reason);
  return {};
}

}  // namespace personalize
