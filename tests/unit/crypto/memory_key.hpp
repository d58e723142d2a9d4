// SPDX-License-Identifier: Apache-2.0
// Owns signing keys for tests that are not about vaults, and the certificates of a small state.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <memory>

#include "crypto/certificate.hpp"

namespace crypto_test {

using namespace crypto;
using namespace std::chrono_literals;

inline constexpr Time kDay = std::chrono::sys_days(std::chrono::year(2026) / 3 / 10);
inline constexpr auto kYear = std::chrono::hours(24 * 365);

class MemoryKey final : public SigningKey {
public:
  explicit MemoryKey(Curve curve = Curve::secp256r1) : curve_(curve) {
    const char* const group = curve == Curve::secp256r1         ? "prime256v1"
                              : curve == Curve::secp384r1       ? "secp384r1"
                              : curve == Curve::secp521r1       ? "secp521r1"
                              : curve == Curve::brainpoolP512r1 ? "brainpoolP512r1"
                              : curve == Curve::brainpoolP384r1 ? "brainpoolP384r1"
                                                                : "brainpoolP256r1";
    key_.reset(EVP_EC_gen(group));
    REQUIRE(key_);
  }
  [[nodiscard]] PublicKey public_key() const override {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key_.get(), &der);
    REQUIRE(size > 0);
    PublicKey out{Bytes(der, der + size)};
    OPENSSL_free(der);
    return out;
  }
  [[nodiscard]] Curve curve() const override { return curve_; }
  Result<Bytes, CryptoError> sign_digest(ByteView digest) const override {
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new(key_.get(), nullptr),
                                                                              EVP_PKEY_CTX_free);
    Bytes der(160);
    std::size_t size = der.size();
    if (EVP_PKEY_sign_init(context.get()) != 1 ||
        EVP_PKEY_sign(context.get(), der.data(), &size, digest.data(), digest.size()) != 1)
      return unexpected(CryptoError::engine_failure);
    return ecdsa_der_to_plain(ByteView(der).first(size), curve_);
  }

private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{nullptr, EVP_PKEY_free};
  Curve curve_;
};

inline CertificateRequest request(CertificateRole role, std::string common_name = "Test") {
  CertificateRequest request;
  request.role = role;
  request.organization = "Tests";
  request.common_name = std::move(common_name);
  request.not_before = kDay;
  request.not_after = kDay + 10 * kYear;
  request.private_key_until = kDay + kYear;
  return request;
}

// One CSCA with a document signer and a status signer.
struct State {
  explicit State(Curve curve = Curve::secp256r1)
      : csca_key(curve),
        signer_key(curve),
        status_key(curve),
        csca(issue_certificate(request(CertificateRole::csca, "CSCA"), csca_key.public_key(), nullptr, csca_key)
                 .value()),
        signer(
            issue_certificate(request(CertificateRole::document_signer, "DS"), signer_key.public_key(), &csca, csca_key)
                .value()),
        status_signer(issue_certificate(request(CertificateRole::status_signer, "Status"), status_key.public_key(),
                                        &csca, csca_key)
                          .value()) {}
  MemoryKey csca_key, signer_key, status_key;
  Certificate csca, signer, status_signer;
};

}  // namespace crypto_test
