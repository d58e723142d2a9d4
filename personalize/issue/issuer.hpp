// SPDX-License-Identifier: Apache-2.0
// Owns Issuer: an order becomes a signed CardImage for one chip, or nothing at all.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "card/patent/data_groups.hpp"
#include "card/patent/status_record.hpp"
#include "crypto/engine.hpp"
#include "crypto/trust_domain.hpp"
#include "personalize/issue/card_image.hpp"
#include "personalize/ledger/ledger.hpp"
#include "personalize/order/order.hpp"
#include "reader/include/patent/verdict.hpp"
#include "reader/inspect/domain_terminal.hpp"
#include "reader/judge/trust.hpp"

namespace personalize {

enum class IssuerError : std::uint8_t {
  wrong_signer,      // the certificate is not made for this, or the key is another one
  not_yet_valid,     // the signer's certificate begins later
  expired,           // the signer's certificate has ended
  period_over,       // the signer's private key usage period has ended (Doc 9303-12, 7.1.2)
  too_large,         // more than the layout gives the file
  not_encodable,     // a value that the file's form cannot carry
  crypto,            // key vault or engine; see `crypto`
  no_trust_point,    // fingerprints, but no CVCA: nobody could ever read them
  no_terminal,       // fingerprints, but no inspection terminal whose certificates hold: nobody could prove them
  not_acceptable,    // the reader would not call the card VALID; see `reason`
  trust_unreadable,  // a file of the trust folder, or all of it: what was revoked meanwhile nobody can know
};
struct IssuerFailure {
  IssuerError error{};
  std::string subject;  // a file or a signer
  std::optional<crypto::CryptoError> crypto{};
  std::optional<reader::Reason> reason{};
};
template <class T>
using Signed = crypto::Result<T, IssuerFailure>;

struct Signer {
  std::string name;
  crypto::Certificate certificate;
  std::unique_ptr<crypto::SigningKey> key;
};
// The tree of those who may read fingerprints.
struct Terminals {
  crypto::Bytes cvca;                                  // the certificate that cards trust
  std::optional<reader::TerminalIdentity> inspection;  // as which fingerprints are read back
};
struct Signers {
  Signer document;
  Signer status;
  std::optional<Terminals> terminals{};  // a domain from before CV certificates has none
  std::optional<Signer> seal{};          // a domain from before visible seals has none: its cards bear no QR
};
crypto::Result<Signers, crypto::DomainFailure> load_signers(const crypto::TrustDomain& domain);
crypto::Result<Signer, crypto::DomainFailure> load_signer(const crypto::TrustDomain& domain, std::string_view name);
// Who signs, and by what is judged: of one look, so that neither is older than the other.
struct Standing {
  const Signers* signers = nullptr;
  const reader::Trust* trust = nullptr;
  [[nodiscard]] const reader::TerminalIdentity* terminal() const;  // nullptr when there is none
  friend bool operator==(const Standing&, const Standing&) = default;
};
// Whether the key is the certificate's and may sign at this time. `right_kind`: the certificate is made for the use.
Signed<void> check_signer(const Signer& signer, bool right_kind, crypto::Time at);

// The record with which the life of the order's patent begins, as it goes onto the card.
patent::StatusRecord first_status(const Order& order, crypto::Time at);

// What of an order's card needs no signature: every file but EF.SOD and EF.CardSecurity, and no records. Without the
// chip's key, which only the chip can make, and without the trust point, DG14 is not yet what it will be.
Signed<CardImage> compose(const Order& order, const CryptoProfile& profile,
                          const std::optional<patent::ChipPublicKey>& chip_key = {},
                          const std::optional<TrustPoint>& trust_point = {}, const patent::AbsenceSalt& salt = {});

class SignerWatch;

class Issuer {
public:
  // All are used through references and must outlive the issuer.
  Issuer(crypto::Engine& engine, const CryptoProfile& profile, const Signers& signers, const reader::Trust& trust)
      : engine_(engine), profile_(profile), fixed_{&signers, &trust} {}
  // Signers and trust change under way: whenever something is to be signed or judged, the watch says by whom.
  Issuer(crypto::Engine& engine, const CryptoProfile& profile, SignerWatch& watch)
      : engine_(engine), profile_(profile), watch_(&watch) {}

  // At this time; trust_unreadable, and then nothing is signed or judged.
  [[nodiscard]] Signed<Standing> standing(crypto::Time at) const;

  // Signs for the chip that owns the key, then has the result judged by the reader's own checks.
  [[nodiscard]] Signed<CardImage> sign(const Order& order, const patent::ChipPublicKey& chip_key,
                                       crypto::Time at) const;
  // Whether sign() will do it: tried with a key whose private part nobody has, so that no chip is touched in vain. What
  // is the same for all orders of these signers is tried once a minute; each order's own files, and EF.SOD over them,
  // every time.
  [[nodiscard]] Signed<void> rehearse(const Order& order, crypto::Time at) const;
  // Whether the domain's terminal can read the image's fingerprints back at this time; true of an image without them.
  [[nodiscard]] Signed<void> check_terminal(const Standing& by, const CardImage& image, crypto::Time at) const;
  [[nodiscard]] Signed<crypto::Secret> draw_can() const;
  // For the card's back; nothing where the domain has no seal signer.
  [[nodiscard]] Signed<std::optional<SealPicture>> draw_seal(const Order& order, crypto::Time at) const;
  [[nodiscard]] const CryptoProfile& profile() const { return profile_; }

private:
  // What one rehearsal leaves for the next.
  struct Rehearsal {
    Standing by;
    crypto::Time at{};
    patent::ChipPublicKey chip_key;
    std::optional<TrustPoint> trust_point;
  };
  [[nodiscard]] std::optional<Rehearsal> last_rehearsal(const Standing& by, crypto::Time at) const;
  [[nodiscard]] Signed<void> rehearse_all(const Standing& by, const Order& order, crypto::Time at) const;

  Signed<CardImage> sign_by(const Standing& by, const Order& order, const patent::ChipPublicKey& chip_key,
                            crypto::Time at) const;
  Signed<std::optional<TrustPoint>> trust_point(const Signers& by, const Order& order, crypto::Time at) const;
  Signed<crypto::Bytes> make_card_security(const Signers& by, const patent::ChipPublicKey& chip_key,
                                           crypto::Time at) const;
  Signed<crypto::Bytes> make_sod(const Signer& by, const CardImage& image, crypto::Time at) const;
  Signed<void> add_records(const Signer& by, CardImage& image, const Order& order, crypto::Time at) const;
  Signed<crypto::Bytes> digest(crypto::HashAlgorithm algorithm, crypto::ByteView data) const;

  crypto::Engine& engine_;
  const CryptoProfile& profile_;
  Standing fixed_;
  SignerWatch* watch_ = nullptr;
  mutable std::mutex rehearsal_mutex_;
  mutable std::optional<Rehearsal> rehearsal_;
};

}  // namespace personalize
