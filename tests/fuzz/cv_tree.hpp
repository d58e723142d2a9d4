// SPDX-License-Identifier: Apache-2.0
// Owns a small tree of CV certificates under fixed keys: what is genuine for the fuzz targets that read certificates.
#pragma once

#include <string>

#include "crypto/cv_certificate_make.hpp"
#include "crypto/signature.hpp"
#include "crypto/tlv.hpp"
#include "tests/fuzz/fixed_keys.hpp"

namespace fuzz {

inline constexpr crypto::CvDate kToday = std::chrono::year{2026} / 3 / 10;

struct CvTree {
  Bytes cvca, link, verifier, terminal;
};

inline Bytes make_certificate(const char* authority, const char* holder, crypto::CvRole role, Owner subject,
                              Owner issuer) {
  const crypto::CvPlan plan{authority, holder, role, {true, false, true}, kToday, kToday + std::chrono::days(30)};
  return crypto::make_cv_certificate(engine(), plan, crypto::cv_key_of(key_of(subject)).value(), key_of(issuer))
      .value();
}

inline const CvTree& cv_tree() {
  using enum crypto::CvRole;
  static const CvTree tree{
      make_certificate("RUFUZZCVCA00001", "RUFUZZCVCA00001", cvca, Owner::cvca, Owner::cvca),
      make_certificate("RUFUZZCVCA00001", "RUFUZZCVCA00002", cvca, Owner::next_cvca, Owner::cvca),
      make_certificate("RUFUZZCVCA00001", "RUFUZZDV00001", dv_domestic, Owner::verifier, Owner::cvca),
      make_certificate("RUFUZZDV00001", "RUFUZZTRM00001", terminal, Owner::terminal, Owner::verifier)};
  return tree;
}

inline const crypto::CvHolder& cv_anchor() {
  static const crypto::CvHolder anchor =
      crypto::cv_trust_point(engine(), crypto::parse_cv_certificate(cv_tree().cvca).value()).value();
  return anchor;
}

// What stands inside 7F21.
inline Bytes inside_of(ByteView body, ByteView signature) {
  Bytes inside(body.begin(), body.end());
  crypto::append_tlv(inside, 0x5F37, signature);
  return inside;
}

// The key of an issuer of ours; nothing where the chain has gone on to a key that nobody has.
inline const FixedKey* signer_for(const crypto::CvHolder& issuer) {
  for (const Owner owner : {Owner::cvca, Owner::next_cvca, Owner::verifier, Owner::terminal})
    if (std::ranges::equal(key_of(owner).point().view(), issuer.key.point.view())) return &key_of(owner);
  return nullptr;
}

// Nothing where that key is not ours.
inline Bytes signed_again(const crypto::CvCertificate& certificate, const crypto::CvHolder& issuer) {
  const auto* const key = signer_for(issuer);
  if (key == nullptr) return {};
  const auto hash = crypto::digest(issuer.key.hash, certificate.body);
  return crypto::tlv(0x7F21, inside_of(certificate.body, key->sign_digest(hash.value()).value()));
}

}  // namespace fuzz
