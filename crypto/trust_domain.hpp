// SPDX-License-Identifier: Apache-2.0
// Owns the trust domain: a folder with keys/ (the vault), certificates/ (NAME.cer beside the key NAME) and trust/ (what
// readers get: CSCAs, link certificates, seal signers, revocation lists).
#pragma once

#include <filesystem>
#include <memory>

#include "crypto/certificate.hpp"
#include "crypto/cv_certificate.hpp"
#include "crypto/pkcs11_key_vault.hpp"

namespace crypto {

// The names of a domain's keys, and of the certificates beside them.
inline constexpr std::string_view kCscaKey = "csca";
inline constexpr std::string_view kDocumentSignerKey = "document-signer";
inline constexpr std::string_view kStatusSignerKey = "status-signer";
inline constexpr std::string_view kSealSignerKey = "seal-signer";  // a domain from before visible seals has none
inline constexpr std::string_view kScp03TransportKey = "scp03-transport";  // key version 01, on blanks
inline constexpr std::string_view kScp03IssuerKey = "scp03-issuer";        // key version 02, after PUT KEY
inline constexpr std::string_view kLedgerKey =
    "ledger";  // personal data in the ledger; a domain from before it has none

// The tree of CV certificates (NAME.cvcert): who may read fingerprints and append records.
inline constexpr std::string_view kCvcaKey = "cvca";
inline constexpr std::string_view kDvKey = "dv";
inline constexpr std::string_view kInspectionKey = "terminal-inspection";  // reads DG3
inline constexpr std::string_view kStatusTerminalKey = "terminal-status";  // appends records

// A sample domain's keys protect nothing, for their passphrase lies beside them. Every file of its vault says so.
inline constexpr std::string_view kSamplePrefix = "INSECURE-SAMPLE-";
inline constexpr std::string_view kSampleWarning =
    "INSECURE-SAMPLE keys: their passphrase lies beside them. Never issue real cards with this trust domain.";

// What went wrong, and with which file or key.
struct DomainFailure {
  CryptoError error{};
  std::filesystem::path file;
};

// How long certificates hold and private keys are used (Doc 9303-12, 4.1, table 1: a signer's certificate outlives the
// documents it signed, and the CSCA's the last signer it certified).
inline constexpr std::chrono::months kSignerKeyUse{3};
inline constexpr std::chrono::months kSignerValidity{10 * 12 + 3};
// A seal outlives its patent's year by nothing: key use, and one more year (4.1.3; a patent is issued, at the latest, a
// month after its seal was signed). The certificate has no place for the key's period.
inline constexpr std::chrono::months kSealKeyUse{12};
inline constexpr std::chrono::months kSealSignerValidity{12 + 12 + 1};
inline constexpr std::chrono::months kCscaKeyUse{5 * 12};
inline constexpr std::chrono::months kCscaValidity{kCscaKeyUse + kSignerValidity};
inline constexpr std::chrono::days kRevocationListValidity{90};  // 5.1.4: a new one at least every 90 days

// A document signer also ends after so many signatures, that few documents fall with it (4.1.1.2 names no number): some
// 100,000 cards, each with two signatures and two rehearsed before.
inline constexpr std::uint64_t kSignerUses = 400'000;
inline constexpr std::chrono::hours kRollOverAhead{24};
// Later than that, a person renews: a clock that runs months ahead would leave successors that are not valid yet.
inline constexpr std::chrono::days kRollOverBehind{31};

// Of the document signer's key. Uses are counted in blocks, and some that were never made after a crash.
struct SignerUse {
  std::uint64_t used = 0, limit = kSignerUses;
  Time until{};
  [[nodiscard]] bool nearly_over() const { return used + limit / 20 >= limit; }
};
// Whether this certificate's key should give way to its successor for the time alone.
[[nodiscard]] bool period_ends(const Certificate& signer, Time at);

// Short on purpose, for a chip asks no revocation list.
inline constexpr std::chrono::months kCvcaValidity{3 * 12}, kDvValidity{3}, kTerminalValidity{1};

// What a stranger's key is certified for.
struct CvGrant {
  CvRole role = CvRole::terminal;  // a terminal under the DV, a DV under the CVCA
  CvRights rights;
};

// What a new domain is made of.
struct DomainPlan {
  std::string country = "RU";  // C of every subject
  std::string state = "RUS";   // the three-letter code of the alternative names (Doc 9303-12, 7.1)
  std::string organization = "Migration Centre";
  std::string crl_uri;  // where the revocation list is published; empty: ICAO's PKD
  Curve curve = Curve::secp384r1;
  AesKey channel_key = AesKey::aes256;  // of the SCP03 master keys
  bool sample = false;  // the vault's prefix and its own passphrase file; the passphrase is made, not given
  std::optional<Pkcs11Token> token{};  // where the keys are made; its PIN is the domain's passphrase. No sample's
};

class TrustDomain {
public:
  // Looks at the folder only; a wrong passphrase, or PIN, shows as `locked` when the first key is used.
  static Result<TrustDomain, DomainFailure> open(const std::filesystem::path& folder, Passphrase passphrase);
  // A new domain in a folder that does not exist or is empty: all keys, certificates and the first revocation list.
  // `passphrase` is unused, and may be empty, for a sample.
  static Result<TrustDomain, DomainFailure> create(const std::filesystem::path& folder, const DomainPlan& plan,
                                                   Passphrase passphrase, Time at);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path trust_folder() const { return folder_ / "trust"; }
  [[nodiscard]] bool is_sample() const { return sample_; }
  [[nodiscard]] KeyVault& vault() const { return *vault_; }
  // The key of this name from the vault; the document signer's counts its signatures, and is `expired` at the limit.
  [[nodiscard]] Result<std::unique_ptr<SigningKey>, DomainFailure> signing_key(std::string_view name) const;
  [[nodiscard]] Result<SignerUse, DomainFailure> document_signer_use() const;
  // For this and all later document signers of the domain.
  [[nodiscard]] Result<void, DomainFailure> limit_signer_use(std::uint64_t limit) const;
  // certificates/NAME.cer
  [[nodiscard]] Result<Certificate, DomainFailure> certificate(std::string_view name) const;
  // Every certificate of certificates/, sorted by file name.
  struct Named {
    std::string name;
    Certificate certificate;
  };
  [[nodiscard]] Result<std::vector<Named>, DomainFailure> certificates() const;
  // trust/csca.crl
  [[nodiscard]] Result<RevocationList, DomainFailure> revocation_list() const;

  // A new key and certificate in place of the present ones, which are kept as NAME-SERIAL. csca_link also makes the
  // link certificate under the old CSCA key; role csca does not, as after a compromise of the old key. New CSCAs and
  // links go into trust/, and the revocation list is signed anew; seal signers go there too, for no seal has room for
  // its signer's certificate. What was interrupted, the next call finishes. One process at a time: a roll-over and a
  // renewal by hand would make one key twice, and a token then knows neither by its name.
  // bad_state: the CSCA's private key usage period is over, so it must be renewed first. storage: the lock is held.
  Result<Certificate, DomainFailure> renew(CertificateRole role, Time at);
  // Renews document signer and status signer where their days or uses are nearly over; true when one was. For what
  // signs all day; one process does it, the others find it done.
  Result<bool, DomainFailure> roll_over(Time at);
  // certificates/NAME.cvcert, once it has been read as one.
  [[nodiscard]] Result<Bytes, DomainFailure> cv_certificate(std::string_view name) const;
  // A new key and CV certificate for kCvcaKey, kDvKey, kInspectionKey or kStatusTerminalKey; the old are kept as
  // NAME-NUMBER. A new CVCA comes with cvca-link-NUMBER under the old key. bad_state: the issuer's certificate does
  // not hold at this time. What was interrupted, the next call finishes.
  Result<Bytes, DomainFailure> renew_cv(std::string_view name, Time at);
  // A request for the key of this name, which is made where it is not there yet (TR-03110-3, C.2). `authority`: whom
  // it is meant for, may be empty. `signer`: a key with a CV certificate that signs it once more; empty for none.
  // bad_encoding for a holder that is no reference.
  Result<Bytes, DomainFailure> request_cv(std::string_view name, std::string_view holder, std::string_view authority,
                                          std::string_view signer) const;
  // A CV certificate for whoever made the request, kept as certificates/HOLDER. bad_signature: its maker has not the
  // key, or its second signature does not hold; not_found: nobody of certificates/ made that one; unsupported: a key
  // on another curve than the issuer's; bad_state: it is meant for another issuer, the issuer's certificate does not
  // hold at this time or has not these rights; already_exists: the reference was certified before.
  Result<Bytes, DomainFailure> certify_cv_request(ByteView request, const CvGrant& grant, Time at) const;
  // A new SCP03 master key under a name of its own.
  Result<void, DomainFailure> add_master_key(std::string_view name, AesKey length);
  // Enters the certificate in a new revocation list; bad_state when this domain's CSCA did not issue it, or when
  // `at` lies before the present list.
  Result<void, DomainFailure> revoke(const Certificate& certificate, Time at);
  // The same entries under a new number and new dates.
  Result<RevocationList, DomainFailure> publish_revocation_list(Time at);

private:
  TrustDomain(std::filesystem::path folder, std::unique_ptr<KeyVault> vault);
  struct Authority;
  [[nodiscard]] Result<Authority, DomainFailure> authority() const;
  Result<void, DomainFailure> found(const DomainPlan& plan, Time at);
  // The key of this name, which is made where it is not there yet.
  [[nodiscard]] Result<std::unique_ptr<SigningKey>, DomainFailure> have_signing_key(std::string_view name,
                                                                                    Curve curve) const;
  Result<Certificate, DomainFailure> succeed(CertificateRole role, Time at);  // renew(), under its lock
  [[nodiscard]] Result<bool, DomainFailure> is_over(CertificateRole role, std::string_view name, Time at) const;
  Result<Certificate, DomainFailure> prepare_successor(CertificateRole role, Time at);
  Result<void, DomainFailure> trust_successor(CertificateRole role, const Certificate& successor);
  Result<void, DomainFailure> promote(std::string_view name, std::string_view suffix, const std::string& retired);
  [[nodiscard]] Result<Bytes, DomainFailure> certify_cv(std::string_view name, const SigningKey& subject,
                                                        std::string_view issuer, Time at) const;
  // The octets of the CV certificate with this holder among certificates/; nothing when there is none.
  [[nodiscard]] Result<std::optional<Bytes>, DomainFailure> find_cv_holder(ByteView reference) const;
  [[nodiscard]] Result<void, DomainFailure> check_requester(const CvRequest& request, Curve curve) const;
  Result<void, DomainFailure> prepare_cv_successor(std::string_view name, Time at);
  [[nodiscard]] Result<RevocationList, DomainFailure> preceding_list(Time at) const;
  Result<void, DomainFailure> write_revocation_list(const std::vector<RevokedSerial>& revoked, std::uint64_t number,
                                                    Time at);

  std::filesystem::path folder_;
  bool sample_;
  std::unique_ptr<KeyVault> vault_;
};

// The passphrase of the domain in `folder`. `source` as for read_passphrase; empty means: the passphrase file of a
// sample domain, "prompt" for any other. Whoever opens a sample domain prints kSampleWarning.
Result<Passphrase, CryptoError> domain_passphrase(const std::filesystem::path& folder, std::string_view source);

}  // namespace crypto
