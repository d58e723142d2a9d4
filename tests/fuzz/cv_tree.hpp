// SPDX-License-Identifier: Apache-2.0
// Owns a small tree of CV certificates under fixed keys: what is genuine for the fuzz targets that read certificates.
#pragma once

#include <map>
#include <string>

#include "crypto/cv_certificate_make.hpp"
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

}  // namespace fuzz
