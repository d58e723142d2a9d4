// SPDX-License-Identifier: Apache-2.0
// Owns the key pairs of the test certificates (TR-03105-3.2, 2.3): made when they are first named, gone with the run.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "crypto/key_vault.hpp"

namespace conformance {

class TestKeys {
public:
  // `trust_point`: the private key of the card's trust point, CVCA_KEY_00.
  TestKeys(crypto::Engine& engine, std::unique_ptr<crypto::SigningKey> trust_point);

  static constexpr std::string_view kTrustPoint = "CVCA_KEY_00";
  // "DV_KEY_01" and so on, on the trust point's curve unless it was made on another before.
  const crypto::SigningKey& key(std::string_view name);
  // Makes the key of this name on another curve.
  const crypto::SigningKey& key_on(std::string_view name, crypto::Curve curve);
  [[nodiscard]] crypto::Curve curve() const { return curve_; }

private:
  crypto::Engine& engine_;
  crypto::Curve curve_;
  std::map<std::string, std::unique_ptr<crypto::SigningKey>, std::less<>> keys_;
};

}  // namespace conformance
