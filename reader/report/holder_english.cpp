// SPDX-License-Identifier: Apache-2.0
// English for holders.
#include "reader/report/holder.hpp"

namespace reader {

const HolderWords kHolderEnglish{
    .code = "en",
    .lines = {{
        {HolderLine::paid, "The patent is paid until {date}."},
        {HolderLine::unpaid, "The patent is not paid since {date}. If you have paid, show the receipt."},
        {HolderLine::payment_not_seen,
         "Your payment is not visible yet. Keep the receipt and go to the issuing office."},
        {HolderLine::term_over, "The patent's term is over: it is not valid since {date}. A new patent is needed."},
        {HolderLine::annulled, "The patent was annulled. Ask at the issuing office."},
        {HolderLine::card_gone,
         "This card is not valid any more: another one was issued, or it was reported lost. Hand it in."},
        {HolderLine::suspended, "The patent is suspended. Ask at the issuing office."},
        {HolderLine::elsewhere, "The patent is valid only here: {text}."},
        {HolderLine::not_active, "The patent is not valid yet."},
        {HolderLine::profession, "The patent names another profession."},
        {HolderLine::cannot_say,
         "The patent cannot be checked now. It is not your fault: the officer checks by number."},
        {HolderLine::not_genuine, "The card did not pass the check of genuineness."},
        {HolderLine::read_again, "The card could not be read. Present it again."},
        {HolderLine::not_a_patent, "This is not a patent card."},
    }},
};

}  // namespace reader
