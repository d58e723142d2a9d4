// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/program_feed.hpp"

#include <algorithm>

#include "personalize/order/name_script.hpp"

namespace personalize {
namespace {

using crypto::unexpected;
using wire::LinkError;

// One word, whatever the reason was.
std::string as_word(std::string_view reason) {
  std::string word(reason);
  std::ranges::replace_if(
      word, [](char c) { return c <= ' ' || c > '~'; }, '_');
  return word.empty() ? "rejected" : word;
}

FeedFailure failure_of(AnswerError error) {
  switch (error) {
    case AnswerError::late: return {FeedError::hangs, {}};
    case AnswerError::ended: return {FeedError::failed, "it has ended"};
    case AnswerError::malformed: return {FeedError::lies, "its answer is no line of text"};
    case AnswerError::unasked: return {FeedError::lies, "it spoke without being asked"};
    case AnswerError::interrupted: break;
  }
  return {FeedError::interrupted, {}};
}

}  // namespace

unexpected<FeedFailure> ProgramFeed::give_up(FeedError error, std::string detail) {
  given_up_ = FeedFailure{error, std::move(detail)};
  program_.reset();
  return unexpected(*given_up_);
}

Fed<std::string> ProgramFeed::ask(const std::string& request, std::chrono::milliseconds limit,
                                  const std::stop_token& stop) {
  if (given_up_) return unexpected(*given_up_);
  const auto answer = program_->ask(request + ' ' + reader_.name(), limit, stop);
  if (!answer) {
    auto failure = failure_of(answer.error());
    return give_up(failure.error, std::move(failure.detail));
  }
  const auto space = answer->find(' ');
  const auto word = answer->substr(0, space);
  auto rest = space == std::string::npos ? std::string() : answer->substr(space + 1);
  if (word == "ok") return rest;
  if (word == "failed") return unexpected<FeedFailure>({FeedError::failed, rest});
  if (word == "empty" && request == "get") return unexpected<FeedFailure>({FeedError::empty, rest});
  return give_up(FeedError::lies, "to \"" + request + "\" it said \"" + *answer + '"');
}

Fed<FedCard> ProgramFeed::card_in_reader(const std::string& request, std::chrono::milliseconds limit,
                                         const std::stop_token& stop) {
  blank_number_.clear();
  PATENT_TRY(blank_number_, ask(request, limit, stop));
  if (!blank_number_.empty() && !is_blank_number(blank_number_))
    return give_up(FeedError::lies, "this is no blank's number: " + blank_number_);
  auto card = reader_.open_card(limits_.card, stop);
  if (card) return FedCard{*std::move(card), blank_number_};
  if (card.error() == LinkError::interrupted) return unexpected<FeedFailure>({FeedError::interrupted, {}});
  if (card.error() == LinkError::no_card)
    return give_up(FeedError::lies, "it says that a card is in the reader, and none is");
  return unexpected<FeedFailure>({FeedError::link, reader_.name(), card.error(), blank_number_});
}

Fed<FedCard> ProgramFeed::get(std::stop_token stop) { return card_in_reader("get", limits_.get, stop); }

Fed<FedCard> ProgramFeed::again(std::stop_token stop) { return card_in_reader("again", limits_.other, stop); }

Fed<void> ProgramFeed::put_away(const std::string& request) {
  PATENT_TRY(const auto nothing, ask(request, limits_.other, {}));
  if (!nothing.empty()) return give_up(FeedError::lies, "to \"" + request + "\" it said more than ok");
  // Where the service is away nobody can tell; the next get() will.
  const auto empty = reader_.is_emptied(limits_.card, {});
  if (empty && !*empty) return give_up(FeedError::lies, "it says that the card is gone, and it is in the reader");
  return {};
}

Fed<void> ProgramFeed::done() { return put_away("done"); }

Fed<void> ProgramFeed::reject(std::string_view reason) { return put_away("reject " + as_word(reason)); }

}  // namespace personalize
