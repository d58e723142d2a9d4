// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/succession.hpp"

#include <algorithm>
#include <array>

namespace personalize {
namespace {

using patent::State;

// From which states of the card before. A lapsed or annulled patent is not repeated; who has it gets a new one, and
// nobody gets one after an annulment by an order that refers to it (115-FZ art. 13.3). A replaced card's successor is
// the one to name. A lost card may be followed by any, a returned one by a new patent only.
struct Rule {
  OrderType type;
  State from;
};
constexpr std::array kRules{
    Rule{OrderType::duplicate, State::valid},     Rule{OrderType::duplicate, State::not_active},
    Rule{OrderType::duplicate, State::suspended}, Rule{OrderType::duplicate, State::lost},
    Rule{OrderType::amend, State::valid},         Rule{OrderType::amend, State::not_active},
    Rule{OrderType::amend, State::suspended},     Rule{OrderType::amend, State::lost},
    Rule{OrderType::reissue, State::valid},       Rule{OrderType::reissue, State::invalid},
    Rule{OrderType::reissue, State::lost},        Rule{OrderType::reissue, State::returned},
};

bool may_follow_card(OrderType type, State from) {
  return std::ranges::any_of(kRules, [&](const Rule& rule) { return rule.type == type && rule.from == from; });
}

struct Text {
  std::string_view name, words;
};
// In the order of the enum.
constexpr std::array kTexts{
    Text{"previous_unknown",
         "the ledger does not know the card that the order follows, or not whose it was any more; if another authority "
         "issued it, or papers tell: --previous-elsewhere"},
    Text{"previous_other_patent", "the card that the order follows has another patent number"},
    Text{"previous_other_holder", "the card that the order follows is another holder's (INN)"},
    Text{"previous_ended",
         "the state of the card that the order follows allows no such order; see patent-personalize status show"},
};

}  // namespace

std::string_view name_of(SuccessionFault fault) { return kTexts.at(static_cast<std::size_t>(fault)).name; }
std::string_view words_for(SuccessionFault fault) { return kTexts.at(static_cast<std::size_t>(fault)).words; }

Logged<std::optional<SuccessionFault>> succession_fault(StatusLedger& ledger, const Order& order) {
  if (order.type == OrderType::issue) return std::nullopt;
  PATENT_TRY(const auto card, ledger.card(order.previous_card_number));
  PATENT_TRY(const auto newest, ledger.newest_status(order.previous_card_number));
  if (!card || !newest) return SuccessionFault::previous_unknown;
  if (card->patent_number != order.previous_patent_number) return SuccessionFault::previous_other_patent;
  PATENT_TRY(const auto same_holder, ledger.is_held_by(order.previous_card_number, order.patent.inn));
  if (!same_holder) return SuccessionFault::previous_unknown;
  if (!*same_holder) return SuccessionFault::previous_other_holder;
  if (!may_follow_card(order.type, newest->state)) return SuccessionFault::previous_ended;
  return std::nullopt;
}

}  // namespace personalize
