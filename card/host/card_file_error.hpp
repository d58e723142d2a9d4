// SPDX-License-Identifier: Apache-2.0
// Owns what can be wrong with a card's file, and how the errors of what lies below are called there.
#pragma once

#include "card/host/nvm_file.hpp"
#include "card/host/object_store.hpp"
#include "card/wire/channel.hpp"

namespace host {

enum class CardFileError : unsigned char {
  not_found,
  not_a_card,  // no card was ever made in this file
  corrupt,     // no consistent state can be found: the card is dead, not guessed at
  wrong_version,
  in_use,  // another process serves this card
  exists,  // a blank is not made over a card
  storage,
  bad_blank,  // the keys or their version are none
};

[[nodiscard]] constexpr CardFileError card_file_error(NvmFileError error) {
  switch (error) {
    case NvmFileError::not_found: return CardFileError::not_found;
    case NvmFileError::exists: return CardFileError::exists;
    case NvmFileError::in_use: return CardFileError::in_use;
    case NvmFileError::not_a_memory: return CardFileError::not_a_card;
    case NvmFileError::wrong_version: return CardFileError::wrong_version;
    case NvmFileError::storage: return CardFileError::storage;
  }
  return CardFileError::storage;
}

[[nodiscard]] constexpr CardFileError card_file_error(StoreError error) {
  switch (error) {
    case StoreError::unformatted: return CardFileError::not_a_card;
    case StoreError::wrong_version: return CardFileError::wrong_version;
    case StoreError::memory: return CardFileError::storage;
    case StoreError::corrupt:
    case StoreError::no_space:
    case StoreError::not_found:
    case StoreError::out_of_range:
    case StoreError::no_transaction: return CardFileError::corrupt;
  }
  return CardFileError::corrupt;
}

inline constexpr auto to_card_file_error = [](auto error) { return card_file_error(error); };

// What it is to whoever wanted to talk to the card.
[[nodiscard]] constexpr wire::LinkError link_error(CardFileError error) {
  switch (error) {
    case CardFileError::not_found: return wire::LinkError::no_card;
    case CardFileError::in_use: return wire::LinkError::reader_busy;
    case CardFileError::not_a_card:
    case CardFileError::corrupt:
    case CardFileError::wrong_version: return wire::LinkError::card_mute;
    default: return wire::LinkError::internal;
  }
}

}  // namespace host
