// SPDX-License-Identifier: Apache-2.0
// Owns a vault's master key in the clear, for tests.
#pragma once

#include "crypto/key_vault.hpp"
#include "crypto/openssl_engine.hpp"

class OpenMasterKey final : public crypto::MasterKey {
public:
  explicit OpenMasterKey(crypto::Byte octet = 7) : key_(crypto::Bytes(32, octet)) {}
  crypto::Result<crypto::Secret, crypto::CryptoError> derive(crypto::ByteView label, crypto::ByteView context,
                                                             std::size_t length) const override {
    crypto::OpensslEngine engine;
    crypto::Secret out;
    PATENT_TRY_VOID(crypto::counter_kdf(engine, key_.view(), label, context, out.prepare(length)));
    return out;
  }
  crypto::Result<crypto::Buffer<3>, crypto::CryptoError> check_value() const override {
    return crypto::unexpected(crypto::CryptoError::unsupported);
  }

private:
  crypto::Secret key_;
};
