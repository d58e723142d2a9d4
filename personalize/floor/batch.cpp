// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/batch.hpp"

#include <thread>

#include "personalize/floor/card_worker.hpp"

namespace personalize {

BatchResult Batch::run(std::span<const std::unique_ptr<CardFeed>> feeds,
                       const std::function<void(const BatchEvent&)>& tell, std::stop_token stop) {
  BatchState state(tell, std::move(stop));
  Preparation preparation(issuance_, orders_, settings_, feeds.size(), state);
  {
    std::vector<std::jthread> readers;
    state.guard([&] {
      for (const auto& feed : feeds)
        readers.emplace_back(
            [&, &feed = *feed] { CardWorker(issuance_, orders_, preparation, settings_, state, feed).run(); });
    });
  }
  bool all_ended = false;
  state.guard([&] { all_ended = preparation.finish(); });
  return state.result(all_ended);
}

}  // namespace personalize
