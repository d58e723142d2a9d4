// SPDX-License-Identifier: Apache-2.0
#include "crypto/der.hpp"
#include "crypto/parsed_certificate.hpp"
#include "crypto/signature.hpp"

namespace crypto {

namespace {

X509_CRL* crl_of(const RevocationList& list) { return list.parsed().crl.get(); }

// RFC 5280, 5.2: a list with a critical extension that is not understood must not be used to tell what is good.
// Among them are delta and indirect lists, which ICAO's profile does not have.
bool has_critical_extension(const X509_CRL* crl) {
  for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i)
    if (X509_EXTENSION_get_critical(X509_CRL_get_ext(crl, i)) != 0) return true;
  return false;
}

}  // namespace

Result<RevocationList, CryptoError> RevocationList::parse(ByteView der) {
  if (der.size() > kMaxRevocationList) return unexpected(CryptoError::bad_encoding);
  const auto parsed = std::make_shared<Parsed>();
  parsed->crl = openssl::read_der<openssl::RevocationListHandle>(d2i_X509_CRL, der);
  if (!parsed->crl) return unexpected(CryptoError::bad_encoding);
  if (has_critical_extension(parsed->crl.get())) return unexpected(CryptoError::unsupported);
  const auto this_update = read_time(X509_CRL_get0_lastUpdate(parsed->crl.get()));
  const ASN1_TIME* const next_update = X509_CRL_get0_nextUpdate(parsed->crl.get());
  parsed->next_update = read_time(next_update);
  if (!this_update || (next_update != nullptr && !parsed->next_update)) return unexpected(CryptoError::bad_encoding);
  parsed->this_update = *this_update;
  parsed->der.assign(der.begin(), der.end());
  return RevocationList(parsed);
}

const Bytes& RevocationList::der() const { return parsed_->der; }
std::string RevocationList::issuer() const { return name_text(X509_CRL_get_issuer(crl_of(*this))); }
Time RevocationList::this_update() const { return parsed_->this_update; }
std::optional<Time> RevocationList::next_update() const { return parsed_->next_update; }

bool RevocationList::revokes(const Certificate& certificate) const {
  X509* const x509 = certificate.parsed().x509.get();
  if (!same_name(X509_CRL_get_issuer(crl_of(*this)), X509_get_issuer_name(x509))) return false;
  X509_REVOKED* entry = nullptr;
  return X509_CRL_get0_by_cert(crl_of(*this), &entry, x509) != 0;
}

std::vector<RevokedSerial> RevocationList::entries() const {
  std::vector<RevokedSerial> entries;
  auto* const revoked = X509_CRL_get_REVOKED(crl_of(*this));
  for (int i = 0; i < sk_X509_REVOKED_num(revoked); ++i) {
    const X509_REVOKED* const entry = sk_X509_REVOKED_value(revoked, i);
    entries.push_back({integer_hex(X509_REVOKED_get0_serialNumber(entry)),
                       read_time(X509_REVOKED_get0_revocationDate(entry)).value_or(Time{})});
  }
  return entries;
}

std::uint64_t RevocationList::number() const {
  const openssl::IntegerHandle number(
      static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(crl_of(*this), NID_crl_number, nullptr, nullptr)));
  std::uint64_t value = 0;
  if (!number || ASN1_INTEGER_get_uint64(&value, number.get()) != 1) ERR_clear_error();
  return value;
}

Engine::Outcome RevocationList::verify_signed_by(const Certificate& issuer) const {
  EVP_PKEY* const key = X509_get0_pubkey(issuer.parsed().x509.get());
  PATENT_TRY_VOID(usable_key(key));
  if (X509_CRL_verify(crl_of(*this), key) != 1) return openssl::failure(CryptoError::bad_signature);
  return {};
}

}  // namespace crypto
