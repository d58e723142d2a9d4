// SPDX-License-Identifier: Apache-2.0
// Owns key pairs of every kind that documents are signed with, and the names of signature algorithms. For the makers of
// test documents only: a product's keys live in a vault.
#pragma once

#include "crypto/openssl_handle.hpp"
#include "crypto/signature.hpp"

namespace simulator {

using crypto::Bytes;
using crypto::ByteView;

class KeyPair {
public:
  static KeyPair ec(const char* group);  // "P-256", "secp224r1", "brainpoolP384r1"
  static KeyPair rsa(unsigned bits);

  [[nodiscard]] Bytes spki() const;
  [[nodiscard]] Bytes point() const;   // 04 || X || Y
  [[nodiscard]] Bytes scalar() const;  // of an EC key
  // DER ECDSA-Sig-Value or RSA's octets; the hash by OpenSSL's name, for some are none of ours.
  [[nodiscard]] Bytes sign(const crypto::SignatureScheme& scheme, ByteView message, const EVP_MD* hash = nullptr) const;
  [[nodiscard]] Bytes sign_plain(crypto::HashAlgorithm hash, ByteView message) const;  // r || s
  [[nodiscard]] Bytes raise(ByteView representative) const;                            // RSA: representative^d mod n

private:
  explicit KeyPair(crypto::openssl::KeyHandle key) : key_(std::move(key)) {}
  crypto::openssl::KeyHandle key_;
};

// How something is signed, and under which name.
struct Signing {
  crypto::SignatureKind kind = crypto::SignatureKind::ecdsa;
  crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha256;
  bool bare_rsa = false;  // the SignerInfo says rsaEncryption only
  bool md5 = false;       // in place of the hash
  [[nodiscard]] crypto::SignatureScheme scheme() const;
  [[nodiscard]] Bytes identifier() const;  // AlgorithmIdentifier
  [[nodiscard]] Bytes sign(const KeyPair& key, ByteView message) const;
};

// id-md5, which nobody may use any more.
Bytes md5_identifier();

}  // namespace simulator
