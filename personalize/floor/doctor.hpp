// SPDX-License-Identifier: Apache-2.0
// Owns what can be wrong with a station: findings with stable codes, words and remedies, and the looking for them
// (docs/operations.md). Looking changes nothing, and tries no PIN.
#pragma once

#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/pkcs11_pin_state.hpp"
#include "crypto/trust_domain.hpp"
#include "personalize/ledger/floor_facts.hpp"
#include "reader/link/reader_identity.hpp"

namespace personalize {

enum class Trouble : std::uint8_t {
  // readers
  pcscd_away,
  pcscd_fails,
  no_reader,
  reader_not_found,
  // keys
  domain_unreadable,
  sample_keys,
  file_exposed,
  passphrase_unreadable,
  passphrase_wrong,
  key_missing,
  hsm_away,
  pin_not_set,
  pin_locked,
  pin_last_try,
  pin_was_wrong,
  ceremony_unended,
  // certificates
  trust_unreadable,
  certificate_missing,
  certificate_not_yet,
  certificate_ends_soon,
  certificate_ended,
  signing_ends_soon,
  signing_ended,
  signer_nearly_used_up,
  signer_used_up,
  revocations_due_soon,
  revocations_overdue,
  terminal_ends_soon,
  terminal_ended,
  // clock
  clock_set_back,
  time_zones_missing,
  // disk
  disk_refuses,
  disk_full,
  disk_low,
  disk_slow,
  disk_forgets,
  // ledger
  ledger_missing,
  ledger_away,
  ledger_in_use,
  ledger_newer,
  ledger_unusable,
  // orders
  orders_open,
  leases_expired,
  orders_held,
  no_blanks,
};
inline constexpr auto kTroubles = static_cast<std::size_t>(Trouble::no_blanks) + 1;

enum class Weight : std::uint8_t { warning, fault };
struct Advice {
  Trouble trouble{};
  std::string_view code;
  Weight weight{};
  struct Text {
    std::string_view words;   // {} stands for the finding's subject
    std::string_view remedy;  // what to do
  } en, ru;
};
std::span<const Advice> advices();  // in the order of the enum
const Advice& advice_for(Trouble trouble);

struct Finding {
  Trouble trouble{};
  std::string subject;  // which file, reader, certificate; how much
};
using Findings = std::vector<Finding>;

// `wanted`: as for choose_readers(); may be empty.
void look_at_readers(const reader::Linked<std::vector<reader::ReaderIdentity>>& readers,
                     std::span<const std::string> wanted, Findings& found);

// Files that hold secrets, and that only their owner may reach: the vault's, a ledger's. A folder with all in it.
void look_at_private_files(const std::filesystem::path& place, Findings& found);
void look_at_pin(const crypto::Pkcs11Token& token,
                 const crypto::Result<crypto::Pkcs11PinState, crypto::CryptoError>& pin, Findings& found);
// The HSM's PIN, and whether a vault of files opens, where that can be tried without a person and without counting
// tries: from a sample's own file, "file:" or "credential:".
void look_at_vault(const crypto::TrustDomain& domain, std::string_view passphrase_source, Findings& found);

// Of keys that nobody has a protocol of: also where the domain did not come to be.
void look_at_ceremony(const std::filesystem::path& domain, Findings& found);

struct Ahead {
  crypto::Time now{};
  std::chrono::days warn{};  // so long before an end
};
void look_at_certificates(const crypto::TrustDomain& domain, const Ahead& ahead, Findings& found);
void look_at_signer_use(const crypto::SignerUse& use, Findings& found);

// Something signed, entered or written at that time, and where it says so.
struct Moment {
  crypto::Time at{};
  std::string where;
};
std::vector<Moment> moments_of(const crypto::TrustDomain& domain);
// Stations' clocks may differ by two minutes.
void look_at_clock(crypto::Time now, std::span<const Moment> known, Findings& found);
// `folder`: of the system's time zone data.
void look_at_time_zones(const std::filesystem::path& folder, Findings& found);

// Free space, and whether what is written there is kept. `wanted`: octets.
void look_at_disk(const std::filesystem::path& folder, std::uintmax_t wanted, Findings& found);

void look_at_ledger(const LedgerFailure& failure, Findings& found);
void look_at_orders(const FloorFacts& facts, Findings& found);

}  // namespace personalize
