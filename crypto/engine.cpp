// SPDX-License-Identifier: Apache-2.0
#include "crypto/engine.hpp"

namespace crypto {

std::size_t field_size(Curve curve) {
  switch (curve) {
    case Curve::secp256r1:
    case Curve::brainpoolP256r1: return 32;
    case Curve::secp384r1:
    case Curve::brainpoolP384r1: return 48;
    case Curve::brainpoolP512r1: return 64;
    case Curve::secp521r1: return 66;
  }
  return 0;  // an id that came from outside without a check: no length is right for it
}

std::size_t point_size(Curve curve) { return 1 + 2 * field_size(curve); }

std::size_t hash_size(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha1: return 20;
    case HashAlgorithm::sha224: return 28;
    case HashAlgorithm::sha256: return 32;
    case HashAlgorithm::sha384: return 48;
    case HashAlgorithm::sha512: return 64;
  }
  return 0;
}

}  // namespace crypto
