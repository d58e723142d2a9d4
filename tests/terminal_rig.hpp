// SPDX-License-Identifier: Apache-2.0
// Owns terminals for tests: a CVCA and who hangs below it, a card that trusts it, and terminal authentication as a
// terminal runs it (BSI TR-03110-1, 3.5).
#pragma once

#include "crypto/cv_certificate_make.hpp"
#include "crypto/terminal_authentication.hpp"
#include "tests/card_rig.hpp"

namespace rig {

using std::chrono::days;

inline constexpr crypto::CvDate kToday = std::chrono::year(2026) / 3 / 10;  // the card's, when it goes out
inline constexpr crypto::CvRights kAllRights{true, true, true};

// The key of a certificate's holder.
class CvSigner final : public crypto::SigningKey {
public:
  explicit CvSigner(crypto::Curve curve = crypto::Curve::secp256r1) : curve_(curve) {
    if (!engine().ec_random_scalar(curve, scalar_)) return;
    const auto point = engine().ec_multiply(curve, scalar_.view(), {});
    if (point) point_.assign(point->view().begin(), point->view().end());
  }
  // A point alone: what a certificate names is at the end of a SubjectPublicKeyInfo, and this is its end.
  [[nodiscard]] crypto::PublicKey public_key() const override { return {point_}; }
  [[nodiscard]] crypto::Curve curve() const override { return curve_; }
  crypto::Result<Bytes, crypto::CryptoError> sign_digest(ByteView digest) const override {
    const auto signature = engine().ecdsa_sign(curve_, scalar_.view(), digest);
    if (!signature) return crypto::unexpected(signature.error());
    return Bytes(signature->view().begin(), signature->view().end());
  }

private:
  crypto::Curve curve_;
  crypto::Secret scalar_;
  Bytes point_;
};

inline crypto::CvPlan cv_plan(std::string authority, std::string holder, crypto::CvRole role,
                              crypto::CvRights rights = kAllRights) {
  return {std::move(authority), std::move(holder), role, rights, kToday - days(10), kToday + days(30)};
}
// Empty when the plan gives none.
inline Bytes cv_certificate(const crypto::CvPlan& plan, const CvSigner& subject, const CvSigner& issuer) {
  const auto key = crypto::cv_key_of(subject);
  return key ? crypto::make_cv_certificate(engine(), plan, *key, issuer).value_or(Bytes{}) : Bytes{};
}

// CVCA, domestic document verifier, inspection system; each with every right unless a test makes it another way.
struct CvTree {
  explicit CvTree(crypto::Curve curve = crypto::Curve::secp256r1)
      : cvca_key(curve), dv_key(curve), terminal_key(curve) {}
  CvSigner cvca_key, dv_key, terminal_key;
  crypto::CvPlan cvca_plan = cv_plan("RURIGCVCA00001", "RURIGCVCA00001", crypto::CvRole::cvca);
  crypto::CvPlan dv_plan = cv_plan("RURIGCVCA00001", "RURIGDV00001", crypto::CvRole::dv_domestic);
  crypto::CvPlan terminal_plan = cv_plan("RURIGDV00001", "RURIGIS00001", crypto::CvRole::terminal);

  [[nodiscard]] Bytes cvca() const { return cv_certificate(cvca_plan, cvca_key, cvca_key); }
  [[nodiscard]] Bytes dv() const { return cv_certificate(dv_plan, dv_key, cvca_key); }
  [[nodiscard]] Bytes terminal() const { return cv_certificate(terminal_plan, terminal_key, dv_key); }
};

// A card that can prove that it is no copy, with fingerprints for those whom the tree's CVCA lets have them.
inline Content guarded_content(const CvTree& tree, std::size_t face_octets = 600, crypto::PaceParameters pace = kPace) {
  Content made = genuine_content(face_octets, pace);
  made.files[FileId::dg3] = crypto::tlv(layout::file(FileId::dg3).tag, Bytes(400, 0xF1));
  made.cvca = tree.cvca();
  return made;
}

// A session, and what a terminal signs in it.
struct Inspection {
  std::unique_ptr<SecureTerminal> secure;
  Bytes chip_id;
  Bytes terminal_key;
  [[nodiscard]] wire::SecureChannel& channel() const { return secure->channel(); }
};

inline Bytes octets_of(ByteView view) { return {view.begin(), view.end()}; }

// PACE in the parameters' mapping; `secure` is empty when it fails. Only PACE-CAM shows that the chip is no copy.
inline Inspection inspect(wire::Channel& card, crypto::PaceParameters parameters = with_chip_authentication()) {
  wire::StatusWord sw{};
  std::optional<crypto::ChipMapping> mapping;
  EphemeralKeys keys;
  auto session = pace(card, crypto::PasswordKind::can, can(), sw, parameters, &mapping, &keys);
  if (!session) return {};
  return {std::make_unique<SecureTerminal>(card, *std::move(session)), octets_of(crypto::compressed(keys.chip)),
          octets_of(crypto::compressed(keys.terminal))};
}

// Chip authentication inside the session; it goes on under the new keys. EF.CardSecurity of the rig holds the key.
inline bool prove_chip(wire::Channel& card, Inspection& inspection, crypto::PaceParameters parameters = kPace) {
  (void)send(inspection.channel(), {.ins = 0xA4, .p2 = 0x0C, .data = Bytes{0x3F, 0x00}});
  const Bytes file = fetch(inspection.channel(), read_sfi(FileId::card_security, 65536));
  const auto static_key = crypto::read_only_tlv(file, layout::file(FileId::card_security).tag);
  crypto::ChipAuthenticationTerminal terminal(engine(), parameters.curve, parameters.key);
  const auto ephemeral =
      static_key ? terminal.start(static_key->value) : crypto::Result<crypto::Point, crypto::CryptoError>{};
  if (!static_key || !ephemeral ||
      set_chip_authentication(inspection.channel(), crypto::ca_oid(parameters.key)) != wire::StatusWord::ok ||
      send_ephemeral_key(inspection.channel(), *ephemeral) != wire::StatusWord::ok)
    return false;
  inspection.terminal_key = octets_of(crypto::compressed(*ephemeral));
  auto keys = terminal.finish();
  if (!keys) return false;
  inspection.secure = std::make_unique<SecureTerminal>(card, *std::move(keys));
  return true;
}

inline wire::StatusWord set_verification_key(wire::Channel& secure, std::string_view reference) {
  return send(secure, {.ins = 0x22, .p1 = 0x81, .p2 = 0xB6, .data = crypto::tlv(0x83, crypto::as_bytes(reference))});
}
// The certificate without its outermost tag and length, as it travels.
inline Bytes content_of(ByteView certificate) {
  const auto whole = crypto::read_only_tlv(certificate, 0x7F21);
  return whole ? octets_of(whole->value) : Bytes{};
}
inline wire::StatusWord verify_content(wire::Channel& secure, ByteView content) {
  return send(secure, {.ins = 0x2A, .p2 = 0xBE, .data = content, .extended = content.size() > 255});
}
inline wire::StatusWord verify_certificate(wire::Channel& secure, std::string_view issuer, ByteView certificate) {
  const auto sw = set_verification_key(secure, issuer);
  return sw == wire::StatusWord::ok ? verify_content(secure, content_of(certificate)) : sw;
}
inline wire::StatusWord set_terminal(wire::Channel& secure, std::string_view reference) {
  return send(secure, {.ins = 0x22, .p1 = 0x81, .p2 = 0xA4, .data = crypto::tlv(0x83, crypto::as_bytes(reference))});
}
inline Bytes get_challenge(wire::Channel& secure) { return fetch(secure, {.ins = 0x84, .le = 8}); }
inline wire::StatusWord external_authenticate(wire::Channel& secure, ByteView signature) {
  return send(secure, {.ins = 0x82, .data = signature});
}

inline Bytes terminal_signature(const Inspection& inspection, ByteView challenge, const CvSigner& key) {
  const auto own = crypto::cv_key_of(key);
  const auto digest =
      own ? crypto::terminal_digest(engine(), own->hash, {inspection.chip_id, challenge, inspection.terminal_key})
          : crypto::unexpected(own.error());
  return digest ? key.sign_digest(*digest).value_or(Bytes{}) : Bytes{};
}

// The chain below the trust point, up to the terminal's key.
inline wire::StatusWord send_chain(const Inspection& inspection, const CvTree& tree) {
  auto& secure = inspection.channel();
  return in_order([&] { return verify_certificate(secure, tree.dv_plan.authority, tree.dv()); },
                  [&] { return verify_certificate(secure, tree.terminal_plan.authority, tree.terminal()); },
                  [&] { return set_terminal(secure, tree.terminal_plan.holder); });
}
inline wire::StatusWord authenticate_terminal(const Inspection& inspection, const CvTree& tree) {
  return in_order([&] { return send_chain(inspection, tree); },
                  [&] {
                    const Bytes challenge = get_challenge(inspection.channel());
                    return external_authenticate(inspection.channel(),
                                                 terminal_signature(inspection, challenge, tree.terminal_key));
                  });
}

}  // namespace rig
