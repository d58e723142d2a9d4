// SPDX-License-Identifier: Apache-2.0
// Owns the appending of a status to a card, in one session: open it, let the reader judge that it is genuine, show it
// the status terminal, sign, verify what was signed, append, read back. Torn anywhere, the next run finishes it.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "personalize/issue/status_signing.hpp"
#include "personalize/status/card_records.hpp"
#include "personalize/status/status_choice.hpp"
#include "reader/link/card_source.hpp"

namespace personalize {

enum class AppendError : std::uint8_t {
  not_opened,        // subject: how PACE ended
  not_genuine,       // subject: the reader's check that did not hold
  terminal_refused,  // subject: how terminal authentication ended, and with which certificate
  no_records,        // the card has no patent-records application
  card_is_ahead,     // its newest record has the sequence `sequence` or a higher one, and says something else
  not_acceptable,    // no reader would believe what was signed: the signer's chain or its revocation list
  file_full,         // subject: the file; the card must be replaced
  refused,           // by the card, with `status`
  read_back,         // the card does not give back what was appended
};
struct AppendRefusal {
  AppendError error{};
  std::string subject{};
  wire::StatusWord status{};
  std::uint32_t sequence = 0;
};
using AppendFailure = std::variant<AppendRefusal, wire::LinkError, IssuerFailure, ChoiceFailure>;

struct Appended {
  patent::StatusRecord status;     // the card's newest
  bool already = false;            // it was there before
  bool certificate_added = false;  // the signer's was not on the card
  std::uint32_t apdus = 0;
};

// Which status a genuine card gets; the newest that it has itself, where there is nothing to do.
using ChooseStatus = std::function<Choice(const CardStatus&)>;

class CardAppend {
public:
  // All are used through references and must outlive it.
  CardAppend(crypto::Engine& engine, const Signer& signer, const reader::TerminalIdentity& terminal,
             const reader::Trust& trust)
      : engine_(engine), signer_(signer), terminal_(terminal), trust_(trust) {}

  // `card` is freshly powered.
  crypto::Result<Appended, AppendFailure> run(reader::PoweredCard& card, const reader::AccessKey& key,
                                              const ChooseStatus& choose, crypto::Time at) const;

private:
  class Work;

  crypto::Engine& engine_;
  const Signer& signer_;
  const reader::TerminalIdentity& terminal_;
  const reader::Trust& trust_;
};

}  // namespace personalize
