// SPDX-License-Identifier: Apache-2.0
// Owns one reader's work in a batch: takes blanks from its feed, makes cards of them, and parts with each only when it
// is known what became of it.
#pragma once

#include "personalize/floor/preparation.hpp"

namespace personalize {

class CardWorker {
public:
  CardWorker(Issuance& issuance, OrderSource& source, Preparation& preparation, const BatchSettings& settings,
             BatchState& state, CardFeed& feed)
      : issuance_(issuance),
        source_(source),
        preparation_(preparation),
        settings_(settings),
        state_(state),
        feed_(feed),
        reader_(feed.reader_name()) {}

  // Until there is nothing more to do for this reader.
  void run();

private:
  // What one try left of the card in the reader.
  struct Done {};
  struct Idle {};   // a good blank, and no order for it
  struct Ended {};  // the batch is over
  struct Unfit {
    IssuanceFailure failure;
  };
  struct Voided {
    std::string reason;
    bool alive = false;  // the chip was not ended with its order
  };
  struct Torn {
    IssuanceFailure failure;
  };
  struct Stuck {  // only a person can help
    std::string reason;
  };
  using Clock = std::chrono::steady_clock;
  using Outcome = std::variant<Done, Idle, Ended, Unfit, Voided, Torn, Stuck>;

  void work();
  bool serve(FedCard fed);
  Outcome attempt(FedCard& fed);
  Outcome meet(CardInHand& hand);
  Outcome serve_known(const KnownChip& known, CardInHand& hand);
  Outcome serve_blank(CardInHand& hand);
  Outcome terminate(CardInHand& hand);
  [[nodiscard]] bool is_same_card() const;
  [[nodiscard]] Outcome swapped() const;
  Outcome after(const IssuanceFailure& failure);
  Outcome succeed(const Receipt& receipt);
  void drop_order(const IssuanceFailure& failure);
  [[nodiscard]] bool look_what_is_bound();
  void return_order();

  bool done();
  bool give_up(const IssuanceFailure& failure);
  bool leave_open(const std::string& reason);
  bool discard(const std::string& reason, bool alive = false);
  bool discard_mute(const FeedFailure& failure);
  Fed<FedCard> awoken(Fed<FedCard> fed, const std::stop_token& stop);
  std::optional<FedCard> reconnect(bool hung);
  bool is_late(std::optional<Clock::time_point>& give_up_at);
  void pause();
  bool report(const FeedFailure& failure);
  Issuance::Progress progress();

  Issuance& issuance_;
  OrderSource& source_;
  Preparation& preparation_;
  const BatchSettings& settings_;
  BatchState& state_;
  CardFeed& feed_;
  std::string reader_;
  // Of the card in the reader.
  std::optional<PreparedOrder> order_;  // that is to become it
  std::string order_id_;                // that was tried last
  std::string bound_;                   // that is open on the chip
  bool bears_voided_ = false;           // a part of an order that ended; only its termination makes it harmless
  std::string chip_serial_;             // as it was last told
  std::string told_by_;                 // which card that was, as the feed knows it
  bool identified_ = false;             // by the card that is in the reader now
  std::string blank_number_;
  bool mute_ = false;  // it does not answer any more
  unsigned unfit_in_a_row_ = 0;
};

}  // namespace personalize
