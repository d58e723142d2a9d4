// SPDX-License-Identifier: Apache-2.0
// Owns a PC/SC reader under watch: whether a card is in it, and its powering, or `timed_out` where reader or service
// hangs.
#pragma once

#include "reader/link/reader_identity.hpp"

namespace personalize {

class WatchedReader {
public:
  // `limit`: of what needs no waiting.
  WatchedReader(reader::ReaderIdentity reader, std::chrono::milliseconds limit)
      : reader_(std::move(reader)), limit_(limit) {}
  [[nodiscard]] const std::string& name() const { return reader_.name; }

  [[nodiscard]] reader::Linked<bool> has_card() const;
  // Waits so long for a card.
  [[nodiscard]] reader::Linked<reader::PoweredCard> open_card(std::chrono::milliseconds wait,
                                                              const std::stop_token& stop) const;
  // Whether it is empty, or becomes so meanwhile.
  [[nodiscard]] reader::Linked<bool> is_emptied(std::chrono::milliseconds wait, const std::stop_token& stop) const;

private:
  reader::ReaderIdentity reader_;
  std::chrono::milliseconds limit_;
};

}  // namespace personalize
