// SPDX-License-Identifier: Apache-2.0
// Owns the verdict: what an inspection says, as stable numbers, and what an officer says to it. Words for it are made
// at the edge (docs/reason-codes.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reader {

// The overall answer. The numbers are the exit codes of patent-reader.
enum class Outcome : std::uint8_t { valid = 0, invalid = 1, needs_check = 2 };

// BSI TR-03135-1, 3.5.2. A check that did not run never counts as successful.
enum class CheckState : std::uint8_t { successful = 0, failed = 1, undetermined = 2, not_supported = 3, aborted = 4 };

enum class Check : std::uint16_t {
  // access and chip
  pace = 10,
  bac = 11,  // Basic Access Control; a holder's own document only
  // passive authentication
  sod_signature = 20,
  signer_chain = 21,             // document signer to a trusted CSCA
  signer_validity = 22,          // dates of both at the signing time and now
  signer_revocation = 23,        // CRL
  data_group_hashes = 24,        // of the octets as read
  com_consistency = 25,          // EF.COM against EF.SOD
  card_access_consistency = 26,  // EF.CardAccess against DG14
  issuing_state = 27,            // MRZ, document signer and CSCA name the same state
  content = 28,                  // the data groups decode, and agree with each other
  expiry = 29,                   // a holder's own document has not expired
  // no copy: the chip owns the private key of a public one that the document's signer signed. not_supported where the
  // document announces none, and for active_authentication where chip_authentication was asked for instead
  chip_authentication = 30,  // PACE-CAM, or chip authentication
  active_authentication = 31,
  // the terminal showed the chip its right to the fingerprints. Decides nothing about the patent; not_supported where
  // nobody asked for them, or the document has none
  terminal_authentication = 32,
  // the patent
  status_signature = 40,  // the card's status record, its signer's chain, its card and patent number
  status_age = 41,
  state = 42,
  term = 43,  // within issue date + 12 months
  paid_period = 44,
  territory = 45,
  clock = 46,
  // the visible seal on the card's back (docs/seal.md)
  seal_signature = 50,
  seal_agreement = 51,  // with the chip and the print, as far as they were given; not_supported where neither was
};

struct CheckResult {
  Check check{};
  CheckState state = CheckState::undetermined;
  friend bool operator==(const CheckResult&, const CheckResult&) = default;
};

// Why. Numbers never change their meaning; new ones are added.
enum class Reason : std::uint16_t {
  ok = 0,
  ok_extended = 1,
  status_ageing = 2,   // said beside ok: older than the soft limit, not yet past the hard one
  fingers_unread = 3,  // said beside ok: asked for, and the chip did not give them to this terminal
  states_differ = 4,   // said beside ok: card and list name different states
  months_differ = 5,   // said beside ok: card and list name different numbers of months paid
  // the document is not what it pretends to be
  forged = 100,
  clone_suspect = 101,
  data_mismatch = 102,
  // the patent was taken back
  annulled = 200,
  lost = 201,
  replaced = 202,
  returned = 203,
  revoked = 204,  // state INVALID without a closer word
  suspended = 205,
  // the patent has ended
  term_over = 300,
  unpaid = 301,
  document_expired = 302,  // a holder's own document
  wrong_territory = 400,
  // nobody can say today
  unknown_issuer = 500,
  signer_revoked = 501,
  signer_expired = 502,
  revocation_unknown = 503,  // no revocation list of the signer's CSCA, or an expired one
  algorithm_not_accepted = 504,
  unpaid_unconfirmed = 510,
  payment_not_seen = 511,
  not_active = 512,
  status_missing = 513,
  status_untrusted = 514,   // a status record that does not decode, or whose signature does not hold
  status_other_card = 515,  // a status record of another card or patent
  status_signer = 516,      // a status record by somebody who may not sign it, or who was revoked
  status_order = 517,       // a status record whose sequence does not grow
  status_gap = 518,         // sequence numbers are left out, and no list says more than the card
  list_no_entry = 519,      // the installed list ends before the card's index
  profession = 520,
  person_flag = 521,
  state_unknown = 522,  // a state that this version has no word for
  no_chip = 530,
  can_wrong = 531,
  unreadable = 532,    // taken away, mute, garbage, secure messaging broken
  not_a_patent = 533,  // another application or another document
  paper = 534,
  terminal_expired = 540,
  region_not_live = 541,
  clock = 600,
  stale = 601,
  clock_unconfirmed = 602,  // too long since the device heard the time from somebody trusted
};

enum class Answer : std::uint8_t { not_asked = 0, yes = 1, no = 2 };

// What only the officer can know. Nothing of it makes anything VALID.
struct OfficerAnswers {
  Answer profession_fits = Answer::not_asked;  // the work that is seen is the patent's
  Answer receipt_shown = Answer::not_asked;    // the holder shows a receipt for a payment that nobody sees yet
  Answer person_flagged = Answer::not_asked;   // by the register of controlled persons; needs a role of the policy's
  std::string role{};                          // the officer's
};

// One hit. The numbers and dates are for the sentence that is made of it.
struct Finding {
  Reason reason{};
  std::optional<std::chrono::year_month_day> date{};  // unpaid since, term over since, ...
  std::optional<std::chrono::sys_seconds> as_of{};    // of the facts it rests on
  std::optional<std::int64_t> amount{};               // days left, hours of age, seconds to wait: by reason
  std::string text{};  // a name from the document or the tables (a territory): data, not words
};

// A finger image, once terminal authentication opened data group 3.
struct FingerPicture {
  std::uint8_t position = 0;  // ISO/IEC 19794-4, 7.2.2: 1 right thumb to 10 left little finger, 0 unknown
  bool is_jpeg2000 = false;   // else WSQ
  std::vector<std::uint8_t> image;
};

// What an officer compares with the person and the print. Only filled from data groups that passive authentication
// confirmed; `confirmed` says so, and an unconfirmed one must be shown as such.
struct DocumentFacts {
  bool confirmed = false;
  std::string card_number;
  std::string patent_series;
  std::string patent_number;
  std::string surname, given_names, patronymic;  // Cyrillic, as printed
  std::string surname_latin, given_names_latin;
  std::string birth_date;  // ISO 8601, unknown parts 00
  char sex = 'X';
  std::string citizenship;
  std::string identity_document;
  std::string inn;
  std::string profession;
  std::string territory_oktmo, territory_name;
  std::string issuer_name;
  std::optional<std::chrono::year_month_day> issue_date{};
  std::optional<std::chrono::year_month_day> last_day{};
  std::optional<std::chrono::year_month_day> paid_until{};
  std::optional<std::uint8_t> months_paid{};
  std::optional<std::chrono::sys_seconds> status_as_of{};
  std::vector<std::uint8_t> photo;  // the image file's octets, JPEG or JPEG 2000
  bool photo_is_jpeg2000 = false;
  std::vector<FingerPicture> fingers;            // only of an authentic document
  std::optional<std::uint8_t> fingers_absent{};  // why it has none (docs/file-layout.md, 2.1)
};

// An installed list that the verdict looked into.
struct ListUsed {
  std::string kind;  // "states" or "months"
  std::string uri;
  std::chrono::sys_seconds as_of{};
};

struct Verdict {
  Outcome outcome = Outcome::needs_check;
  Reason headline = Reason::unreadable;  // the worst finding by precedence
  std::vector<Finding> findings;         // all hits, the worst first
  std::vector<CheckResult> checks;       // in the order they are made
  std::vector<ListUsed> lists;           // empty: the card alone decided
  DocumentFacts facts;
  std::chrono::sys_seconds at{};  // the instant it was judged for
};

}  // namespace reader
