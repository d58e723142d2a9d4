// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/chip/test_keys.hpp"

#include "tests/conformance/kit/case.hpp"

namespace conformance {
namespace {

using crypto::Bytes;
using crypto::CryptoError;
using crypto::Curve;

class EngineKey final : public crypto::SigningKey {
public:
  EngineKey(crypto::Engine& engine, Curve curve) : engine_(engine), curve_(curve) {
    if (!engine_.ec_random_scalar(curve_, scalar_)) cannot_run("no random numbers");
    const auto point = engine_.ec_multiply(curve_, scalar_.view(), {});
    if (!point || !point_.assign(*point)) cannot_run("no key pair could be made");
  }
  // What uses a test key looks for the point alone, which ends a SubjectPublicKeyInfo.
  [[nodiscard]] crypto::PublicKey public_key() const override { return {{point_.view().begin(), point_.view().end()}}; }
  [[nodiscard]] Curve curve() const override { return curve_; }
  crypto::Result<Bytes, CryptoError> sign_digest(crypto::ByteView digest) const override {
    PATENT_TRY(const auto signature, engine_.ecdsa_sign(curve_, scalar_.view(), digest));
    return Bytes(signature.view().begin(), signature.view().end());
  }

private:
  crypto::Engine& engine_;
  Curve curve_;
  crypto::Secret scalar_;
  crypto::Point point_;
};

}  // namespace

TestKeys::TestKeys(crypto::Engine& engine, std::unique_ptr<crypto::SigningKey> trust_point)
    : engine_(engine), curve_(trust_point->curve()) {
  keys_.emplace(kTrustPoint, std::move(trust_point));
}

const crypto::SigningKey& TestKeys::key(std::string_view name) { return key_on(name, curve_); }

const crypto::SigningKey& TestKeys::key_on(std::string_view name, Curve curve) {
  const auto found = keys_.find(name);
  if (found != keys_.end()) return *found->second;
  return *keys_.emplace(name, std::make_unique<EngineKey>(engine_, curve)).first->second;
}

}  // namespace conformance
