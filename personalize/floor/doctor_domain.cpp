// SPDX-License-Identifier: Apache-2.0
// What the doctor looks at in the trust domain: keys and their files, certificates, lists.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "crypto/domain_vault.hpp"
#include "crypto/opened_ceremony.hpp"
#include "personalize/floor/deadlines.hpp"
#include "personalize/floor/doctor.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/judge/trust.hpp"

namespace personalize {
namespace {

namespace fs = std::filesystem;

struct Troubles {
  Trouble soon, over, unreadable;
};
// In the order of Deadline::Kind.
constexpr std::array kTroublesOf{
    Troubles{Trouble::certificate_ends_soon, Trouble::certificate_ended, Trouble::certificate_missing},
    Troubles{Trouble::signing_ends_soon, Trouble::signing_ended, Trouble::signing_ended},
    Troubles{Trouble::revocations_due_soon, Trouble::revocations_overdue, Trouble::revocations_overdue},
    Troubles{Trouble::terminal_ends_soon, Trouble::terminal_ended, Trouble::terminal_ended},
};

std::string dated(std::string_view name, crypto::Time time) {
  return fmt::format("{} ({})", name, reader::to_iso(time));
}

bool is_private(const fs::path& place) {
  struct stat facts {};
  return ::lstat(place.c_str(), &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

// What a batch works with.
constexpr std::array kKeys{std::pair{crypto::kDocumentSignerKey, crypto::KeyKind::signing},
                           std::pair{crypto::kStatusSignerKey, crypto::KeyKind::signing},
                           std::pair{crypto::kScp03TransportKey, crypto::KeyKind::master},
                           std::pair{crypto::kScp03IssuerKey, crypto::KeyKind::master},
                           std::pair{crypto::kLedgerKey, crypto::KeyKind::master}};

std::optional<crypto::CryptoError> use(crypto::KeyVault& vault, std::string_view name, crypto::KeyKind kind) {
  const auto failure = [](const auto& key) {
    return key ? std::optional<crypto::CryptoError>() : std::optional(key.error());
  };
  return kind == crypto::KeyKind::signing ? failure(vault.signing_key(name)) : failure(vault.master_key(name));
}

// Whether the passphrase comes without a person, and can be read twice.
bool is_unattended(const crypto::TrustDomain& domain, std::string_view source) {
  return source.empty() ? domain.is_sample() : source.starts_with("file:") || source.starts_with("credential:");
}

}  // namespace

void look_at_private_files(const fs::path& place, Findings& found) {
  if (!is_private(place)) found.push_back({Trouble::file_exposed, place.string()});
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(place, none))
    if (entry.is_regular_file(none) && !is_private(entry.path()))
      found.push_back({Trouble::file_exposed, entry.path().string()});
}

void look_at_pin(const crypto::Pkcs11Token& token,
                 const crypto::Result<crypto::Pkcs11PinState, crypto::CryptoError>& pin, Findings& found) {
  using enum Trouble;
  if (!pin)
    found.push_back({hsm_away, fmt::format("{} of {}", token.label, token.module.string())});
  else if (!pin->set)
    found.push_back({pin_not_set, token.label});
  else if (pin->locked)
    found.push_back({pin_locked, token.label});
  else if (pin->last_try)
    found.push_back({pin_last_try, token.label});
  else if (pin->was_wrong)
    found.push_back({pin_was_wrong, token.label});
}

void look_at_ceremony(const fs::path& domain, Findings& found) {
  if (const auto opening = crypto::unended_ceremony(domain))
    found.push_back({Trouble::ceremony_unended, opening->string()});
}

void look_at_vault(const crypto::TrustDomain& domain, std::string_view passphrase_source, Findings& found) {
  if (domain.is_sample()) found.push_back({Trouble::sample_keys, domain.folder().string()});
  const auto token = crypto::vault_token(domain.folder());
  if (!token) return found.push_back({Trouble::domain_unreadable, token.error().file.string()});
  if (*token) look_at_pin(**token, crypto::pin_state(**token), found);

  if (!is_unattended(domain, passphrase_source)) return;
  auto passphrase = crypto::domain_passphrase(domain.folder(), passphrase_source);
  if (!passphrase) return found.push_back({Trouble::passphrase_unreadable, std::string(passphrase_source)});
  if (*token) return;  // a login would use a try
  const auto opened = crypto::TrustDomain::open(domain.folder(), *std::move(passphrase));
  if (!opened) return;  // it was there a moment ago
  for (const auto& [name, kind] : kKeys) {
    const auto failure = use(opened->vault(), name, kind);
    if (!failure || *failure == crypto::CryptoError::exposed) continue;  // look_at_private_files() tells of that
    const auto trouble = *failure == crypto::CryptoError::not_found ? Trouble::key_missing
                         : *failure == crypto::CryptoError::locked  ? Trouble::passphrase_wrong
                                                                    : Trouble::domain_unreadable;
    found.push_back({trouble, opened->vault().place(name, kind).string()});
    if (trouble == Trouble::passphrase_wrong) return;  // it is for all of them
  }
}

void look_at_certificates(const crypto::TrustDomain& domain, const Ahead& ahead, Findings& found) {
  if (const auto trust = reader::load_trust(domain.trust_folder()); !trust)
    found.push_back({Trouble::trust_unreadable, trust.error().file.string()});
  for (const auto& [kind, name, end, begin] : deadlines_of(domain)) {
    const auto& troubles = kTroublesOf.at(static_cast<std::size_t>(kind));
    if (!end)
      found.push_back({troubles.unreadable, name});
    else if (*end < ahead.now)
      found.push_back({troubles.over, dated(name, *end)});
    else if (*end < ahead.now + ahead.warn)
      found.push_back({troubles.soon, dated(name, *end)});
    if (kind == Deadline::Kind::certificate && ahead.now < begin)
      found.push_back({Trouble::certificate_not_yet, dated(name, begin)});
  }
}

void look_at_signer_use(const crypto::SignerUse& use, Findings& found) {
  if (!use.nearly_over()) return;
  found.push_back({use.used >= use.limit ? Trouble::signer_used_up : Trouble::signer_nearly_used_up,
                   fmt::format("{} ({} of {})", crypto::kDocumentSignerKey, use.used, use.limit)});
}

std::vector<Moment> moments_of(const crypto::TrustDomain& domain) {
  std::vector<Moment> moments;
  for (const auto& deadline : deadlines_of(domain)) moments.push_back({deadline.begin, deadline.name});
  return moments;
}

}  // namespace personalize
