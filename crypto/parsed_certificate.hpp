// SPDX-License-Identifier: Apache-2.0
// Owns what stands behind Certificate and RevocationList: OpenSSL's object, the octets it was read from, its dates.
#pragma once

#include <mutex>

#include "crypto/certificate.hpp"
#include "crypto/openssl_handle.hpp"

namespace crypto {

// No certificate or list may be larger; a DS certificate on a card takes about 1 KB.
inline constexpr std::size_t kMaxCertificate = 64 * 1024;
inline constexpr std::size_t kMaxRevocationList = 4 * 1024 * 1024;

struct Certificate::Parsed {
  openssl::CertificateHandle x509;
  Bytes der;
  Time not_before{};
  Time not_after{};
  mutable std::once_flag self_signed_once;
  mutable bool self_signed = false;
};

struct RevocationList::Parsed {
  openssl::RevocationListHandle crl;
  Bytes der;
  Time this_update{};
  std::optional<Time> next_update;
};

// Whether the certificate holds under its own key. Found once, for an inspection asks it of every anchor.
bool is_self_signed(const Certificate& certificate);

[[nodiscard]] bool same_name(const X509_NAME* a, const X509_NAME* b);
// RFC 2253 text, UTF-8.
[[nodiscard]] std::string name_text(const X509_NAME* name);
[[nodiscard]] std::string integer_hex(const ASN1_INTEGER* integer);
[[nodiscard]] Bytes octets_of(const ASN1_STRING* string);
[[nodiscard]] std::optional<Time> read_time(const ASN1_TIME* time);

}  // namespace crypto
