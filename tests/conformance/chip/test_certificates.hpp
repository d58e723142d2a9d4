// SPDX-License-Identifier: Apache-2.0
// Owns the test certificates of TR-03105-3.2, 2.4: the sets as data, and their making under the test domain's keys.
#pragma once

#include <string>

#include "crypto/cv_certificate.hpp"
#include "tests/conformance/chip/test_keys.hpp"
#include "tests/conformance/chip/tlv_edit.hpp"

namespace conformance {

// A certificate's day, counted from the trust point's first or last one (CVCAeff, CVCAexp).
struct Day {
  enum class From : std::uint8_t { first, last };
  From from = From::first;
  int months = 0, days = 0;
};

struct CertificateSpec {
  std::string_view id;                 // as published; changes that a case makes to a certificate stand behind a slash
  std::string_view authority, holder;  // references; empty: the card's trust point
  crypto::CvRole role;
  Byte rights;  // bit 1 DG3, bit 2 DG4
  Day effective, expires;
  std::string_view subject_key, signing_key;
  BodyChange change_body = nullptr;
  SignedChange change_signed = as_it_is;
};

// Sets 1 to 14.
[[nodiscard]] std::span<const CertificateSpec> published_certificates();

class TestCertificates {
public:
  // `trust_point`: the certificate of the card's trust point. `first_day` takes the place of CVCAeff: the card's
  // current date may not lie behind it.
  TestCertificates(crypto::Engine& engine, TestKeys& keys, std::span<const CertificateSpec> specs, ByteView trust_point,
                   crypto::CvDate first_day);

  // What PSO:VERIFY CERTIFICATE carries: body and signature.
  Bytes content(std::string_view id);
  // The holder's reference.
  [[nodiscard]] Bytes holder(std::string_view id) const;
  [[nodiscard]] const std::string& trust_point() const { return trust_point_; }  // its reference
  [[nodiscard]] crypto::CvDate first_day() const { return first_; }
  // Which key the holder has; the terminal signs with it.
  const crypto::SigningKey& holder_key(std::string_view id);
  // The trust point's validity must leave room for the sets.
  [[nodiscard]] bool has_room() const;
  // On which curve the keys of set 13 are: the algorithm that a link certificate brings.
  void migrate_to(crypto::Curve curve);

private:
  [[nodiscard]] const CertificateSpec& spec_of(std::string_view id) const;
  [[nodiscard]] crypto::CvDate day(const Day& day) const;

  crypto::Engine& engine_;
  TestKeys& keys_;
  std::span<const CertificateSpec> specs_;
  std::string trust_point_;
  crypto::CvDate first_, last_;
};

}  // namespace conformance
