// SPDX-License-Identifier: Apache-2.0
// Owns the ownership of OpenSSL's objects: one smart pointer a type, freed by OpenSSL's own function.
#pragma once

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "crypto/engine.hpp"

namespace crypto::openssl {

template <auto release>
struct Released {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
template <class T, auto release>
using Handle = std::unique_ptr<T, Released<release>>;

using BioHandle = Handle<BIO, BIO_free_all>;
using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContextHandle = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContextHandle = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using CertificateHandle = Handle<X509, X509_free>;
using RevocationListHandle = Handle<X509_CRL, X509_CRL_free>;
using NameHandle = Handle<X509_NAME, X509_NAME_free>;
using IntegerHandle = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;
using ObjectHandle = Handle<ASN1_OBJECT, ASN1_OBJECT_free>;
using TimeHandle = Handle<ASN1_TIME, ASN1_TIME_free>;

// OpenSSL's own words must not wait in its queue for somebody else's question.
inline tl::unexpected<CryptoError> failure(CryptoError error = CryptoError::engine_failure) {
  ERR_clear_error();
  return unexpected(error);
}

// Exactly one DER object of T's kind; null, and an empty error queue, for anything else.
template <class Owner, class T>
Owner read_der(T* (*d2i)(T**, const unsigned char**, long), ByteView der) {
  const unsigned char* at = der.data();
  Owner object(d2i(nullptr, &at, static_cast<long>(der.size())));
  if (object && at != der.data() + der.size()) object.reset();
  if (!object) ERR_clear_error();
  return object;
}

// The DER of an OpenSSL object; empty on failure.
template <class T>
Bytes write_der(int (*i2d)(T*, unsigned char**), T* object) {
  unsigned char* der = nullptr;
  const int size = i2d(object, &der);
  if (size <= 0) return {};
  Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

}  // namespace crypto::openssl
