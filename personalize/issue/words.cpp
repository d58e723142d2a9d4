// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/words.hpp"

#include <fmt/format.h>

#include <array>

#include "reader/inspect/names.hpp"
#include "reader/judge/reasons.hpp"

namespace personalize {
namespace {

struct Text {
  std::string_view code;
  std::string_view words;  // {} stands for the subject
};

// In the order of the enums.
constexpr std::array kRefusals{
    Text{"issued_already", "the order is issued already; its receipt is {}"},
    Text{"voided_already", "the order was voided ({}); a new card needs a new order"},
    Text{"order_changed", "the order was begun with another text; finish that one, or void it"},
    Text{"card_number_used", "the card number belongs to order {}"},
    Text{"patent_number_used", "the patent number belongs to order {}"},
    Text{"open_on_another_chip", "the order was begun on chip {}: bring that card, or void the order"},
    Text{"chip_of_another_order", "this chip was begun for order {}: finish that one, or void it"},
    Text{"already_personalized", "this card is personalized already {}"},
    Text{"blank_mismatch", "the order names another blank than {}, which is in the reader"},
    Text{"no_blank_number",
         "neither the order nor the stock names the blank: enter the delivery, or name it in the order"},
    Text{"of_another_station", "another station has the order"},
    Text{"held_back", "the order is held back; look at it, then release it"},
    Text{"clock_set_back", "the clock is behind the issue date of order {}, and was not when it came in: set it right"},
    Text{"clock_ahead",
         "by the clock the days of order {} are over, but the clock is two weeks or more ahead of all that the ledger "
         "has: set it right, or, when it is right, open a shift first"},
};
constexpr std::array kIssuerErrors{
    Text{"wrong_signer", "the certificate of {} is not made for this, or belongs to another key"},
    Text{"not_yet_valid", "the certificate of {} is not valid yet"},
    Text{"expired", "the certificate of {} has expired: renew it"},
    Text{"period_over", "the private key usage period of {} is over: renew it"},
    Text{"too_large", "{} is larger than the card's layout allows"},
    Text{"not_encodable", "a value does not fit the form of {}"},
    Text{"signing_failed", "{} could not sign"},
    Text{"no_trust_point",
         "the order has fingerprints, but the trust domain no {}: patent-pki new cvca-link makes one"},
    Text{
        "no_terminal",
        "the order has fingerprints, but no certificate of {} holds with which they could be read back: patent-pki new "
        "dv and new terminal make them"},
    Text{"not_acceptable", "a reader would not accept this card: {}"},
    Text{"trust_unreadable",
         "the trust folder cannot be read anew: {}; nothing is signed under what it was. Put a whole copy there, and "
         "give the same command again"},
};
constexpr std::array kRunErrors{
    Text{"link", "the card cannot be reached: {}"},
    Text{"another_product", "this chip is another product: it has no security domain, CPLC or AES keys of ours"},
    Text{"unknown_keys", "the chip's keys are neither the transport nor the issuer keys"},
    Text{"wrong_keys", "the chip does not have this domain's keys; no try was used up"},
    Text{"out_of_service", "the chip is locked or terminated"},
    Text{"refused", "the chip refused: {}"},
    Text{"malformed_answer", "the chip's answer has no known form"},
    Text{"wrong_check_value", "the chip stored other keys than were sent"},
    Text{"too_many_blocks", "more data than STORE DATA can carry over this link"},
    Text{"crypto", "a key could not be derived or used"},
};
constexpr std::array kLedgerErrors{
    Text{"journal_in_use", "another process works with {}: let it end, then give the same command again"},
    Text{"journal_storage", "the journal or ledger cannot be read or written: {}"},
    Text{"journal_corrupt", "what the journal or ledger holds cannot be read: {}"},
    Text{"unknown_order", "the journal or ledger does not know {}"},
    Text{"card_number_used", "the card number belongs to order {}"},
    Text{"patent_number_used", "the patent number belongs to order {}"},
    Text{"wrong_state", "the state of {} does not allow this"},
    Text{"newer_schema", "{} was made by a newer version of this software: update it"},
    Text{"ledger_unavailable", "the database {} is away; what was committed stays, and the same command goes on"},
    Text{"blank_unknown", "the blank is not in the stock of {}: enter its delivery, or give another blank"},
    Text{"blank_used", "the blank was used already, for {}: give another one"},
    Text{"blank_of_another_product", "the stock of {} knows the blank as another product: give another one"},
    Text{"blank_of_another_chip", "the stock of {} knows the blank by another chip: look which blank this is"},
    Text{"no_ledger_key", "personal data in {} are not under this domain's key, or no --domain was given"},
    Text{"ledger_in_doubt",
         "the database {} went away in the moment of a commit: give the same command again, which finds what was done"},
};

template <class Enum, std::size_t N>
const Text& text(const std::array<Text, N>& table, Enum value) {
  return table.at(static_cast<std::size_t>(value));
}

std::string fill(std::string_view words, std::string_view subject) { return fmt::format(fmt::runtime(words), subject); }

// What is wrong with the keys, and what helps.
std::string_view words_for(crypto::CryptoError error) {
  switch (error) {
    case crypto::CryptoError::unavailable: return ": the HSM, its token or its session is away";
    case crypto::CryptoError::locked:
      return ": passphrase or PIN are not right any more, and none is tried again by itself";
    case crypto::CryptoError::expired: return ": its key was used as often as it may be; renew it";
    default: return "";
  }
}
std::string with(std::string words, const std::optional<crypto::CryptoError>& error) {
  return error ? words.append(words_for(*error)) : words;
}

std::string spaced(std::string_view name) {
  std::string out(name);
  for (auto& c : out)
    if (c == '_') c = ' ';
  return out;
}

std::string words_of_link(wire::LinkError error) {
  return error == wire::LinkError::no_daemon ? "no PC/SC service answers: is pcscd running?"
                                             : spaced(reader::name_of(error));
}

struct Codes {
  std::string_view operator()(const Refused& f) const { return text(kRefusals, f.refusal).code; }
  std::string_view operator()(const LedgerFailure& f) const { return text(kLedgerErrors, f.error).code; }
  std::string_view operator()(const IssuerFailure& f) const { return text(kIssuerErrors, f.error).code; }
  std::string_view operator()(const RunFailure& f) const { return text(kRunErrors, f.error).code; }
  std::string_view operator()(const wire::LinkError&) const { return text(kRunErrors, RunError::link).code; }
  std::string_view operator()(const Rejection&) const { return "rejected"; }
  std::string_view operator()(const ProgramFault&) const { return "program_fault"; }
};

struct Sentences {
  std::string operator()(const Refused& f) const { return fill(text(kRefusals, f.refusal).words, f.subject); }
  std::string operator()(const LedgerFailure& f) const { return words_for(f); }
  std::string operator()(const IssuerFailure& f) const {
    return with(fill(text(kIssuerErrors, f.error).words,
                     f.reason ? reader::rule_of(*f.reason).name : std::string_view(f.subject)),
                f.crypto);
  }
  std::string operator()(const RunFailure& f) const {
    std::string detail;
    if (f.link) detail = words_of_link(*f.link);
    if (f.status) detail = fmt::format("{:04X}", value(*f.status));
    return with(fmt::format("{} (at: {})", fill(text(kRunErrors, f.error).words, detail), f.step), f.crypto);
  }
  std::string operator()(const wire::LinkError& f) const {
    return fill(text(kRunErrors, RunError::link).words, words_of_link(f));
  }
  std::string operator()(const Rejection& f) const {
    auto words = fmt::format("the finished card is rejected and its order voided: the reader says {}",
                             reader::rule_of(f.reason).name);
    for (const auto id : f.differences) words += fmt::format("; {} differs", layout::file(id).name);
    return words + (f.terminated ? "; the chip is terminated" : "; destroy the card");
  }
  std::string operator()(const ProgramFault& f) const {
    return fmt::format("this program cannot go on ({}): a card that was begun is finished by the next run", f.what);
  }
};

}  // namespace

std::string_view code_of(const IssuanceFailure& failure) { return std::visit(Codes{}, failure); }

std::string words_for(const IssuanceFailure& failure) { return std::visit(Sentences{}, failure); }

std::string words_for(const LedgerFailure& failure) {
  return fill(text(kLedgerErrors, failure.error).words, failure.by_order.empty() ? failure.where : failure.by_order);
}

}  // namespace personalize
