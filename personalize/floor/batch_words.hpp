// SPDX-License-Identifier: Apache-2.0
// Owns the words of a running batch for those who stand at the readers, in Russian and English.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace personalize {

// Most are sentences with places ({}) for what they are about.
struct BatchWords {
  // What a reader does.
  std::string_view order, blank, step, issued_card, rejected, tries_again, lost, back;  // step: of an order
  std::string_view identify, sign, write, read_back;  // write: which, of how many, what
  // How the batch stands.
  std::string_view cards, an_hour, faults, left, minutes, hours, times;
  // What happened.
  std::string_view issued, order_refused, unreadable, into_bin, of_blank, voids, alive, torn, reader_lost, reader_back;
  // What came of it, and what is to be done.
  std::string_view summary, refused, mend, spoilt, new_order, open, bring, and_more;
  std::string_view stopped, interrupted, incomplete, no_blank;
};

const BatchWords& batch_words(bool russian);

template <class... Values>
std::string filled(std::string_view sentence, const Values&... values) {
  return fmt::format(fmt::runtime(sentence), values...);
}

}  // namespace personalize
