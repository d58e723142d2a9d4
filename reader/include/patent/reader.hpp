// SPDX-License-Identifier: Apache-2.0
// Owns the public face of libpatentreader: a handheld brings its own way to the card and gets a verdict. No exception
// crosses it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "patent/verdict.hpp"

#define PATENT_READER_API __attribute__((visibility("default")))

namespace reader {

// A device's way to a card that is powered and not yet spoken to.
struct CardLink {
  // One command APDU in, the response APDU with its status word out. Nothing when the card is gone. It may throw: that
  // counts as gone.
  std::function<std::optional<std::vector<std::uint8_t>>(const std::vector<std::uint8_t>& command)> exchange;
  std::size_t max_command = 261;   // octets of a whole command APDU that device and driver carry
  std::size_t max_response = 258;  // of a whole response APDU
};

// Who may read fingerprints: a terminal's CV certificates, and its key, which may stay in an HSM or far away.
struct Terminal {
  // The terminal's own, its DV's, and link certificates; in any order.
  std::vector<std::vector<std::uint8_t>> certificates;
  // ECDSA over a digest, plain r || s. Nothing when it cannot sign now. It may throw: that counts as nothing.
  std::function<std::optional<std::vector<std::uint8_t>>(const std::vector<std::uint8_t>& digest)> sign;
};

struct InspectionRequest {
  std::string can;  // the six digits that are printed on the card, or
  std::string mrz;  // its MRZ: three lines of 30 characters, joined
  bool photo = true;
  bool fingers = false;                   // as the terminal that was given to use_terminal()
  bool fingerprints_in_evidence = false;  // else the evidence holds their hashes only
  std::string territory_oktmo;            // where the check takes place; empty: the policy's. No OKTMO: UNREADABLE
  OfficerAnswers officer{};               // what only the officer can know
  std::chrono::sys_seconds at{};          // the device's clock
};

struct Inspection {
  Verdict verdict;
  std::string evidence;  // JSON: kept, it can be judged again without the card
};

enum class SetupError : std::uint8_t { none = 0, bad_trust = 1, bad_policy = 2, internal = 3 };

// Trusted certificates and a policy, loaded once; then any number of inspections, one at a time.
class Inspector {
public:
  // `trust_folder`: certificates and revocation lists, or a handheld's installed trust packages (patent-reader package).
  // `policy_file` may be empty: the installed policy, or the defaults. On failure nothing, and `error` says why.
  PATENT_READER_API static std::unique_ptr<Inspector> open(const std::string& trust_folder,
                                                           const std::string& policy_file, SetupError& error) noexcept;
  PATENT_READER_API ~Inspector();
  Inspector(const Inspector&) = delete;
  Inspector& operator=(const Inspector&) = delete;

  // From now on; returns false, and keeps the present one, when memory ran out.
  PATENT_READER_API bool use_terminal(Terminal terminal) noexcept;
  PATENT_READER_API Inspection inspect(const CardLink& link, const InspectionRequest& request) noexcept;
  // Evidence of an earlier inspection, judged for another time or place, or with other answers. UNREADABLE when it is
  // not of the published form, or the place is no OKTMO.
  PATENT_READER_API Verdict verify(std::string_view evidence, const std::string& territory_oktmo,
                                   std::chrono::sys_seconds at, const OfficerAnswers& officer = {}) noexcept;

private:
  struct State;
  explicit Inspector(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The verdict in words; `language` is "ru" or "en".
PATENT_READER_API std::string describe(const Verdict& verdict, std::string_view language) noexcept;
// One line for the holder of the card; `language` is "ru", "en", "uz", "uz-Cyrl", "tg", "az", "ro", "uk" or "ky". Empty
// for another.
PATENT_READER_API std::string describe_for_holder(const Verdict& verdict, std::string_view language) noexcept;
// The verdict as JSON of the published schema.
PATENT_READER_API std::string verdict_json(const Verdict& verdict) noexcept;

}  // namespace reader
