// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "personalize/issue/card_image.hpp"

namespace personalize {

using crypto::AesKey;
using crypto::Curve;
using crypto::HashAlgorithm;
using crypto::Mapping;

const CryptoProfile* find_profile(std::string_view name) {
  static const std::array profiles{
      CryptoProfile{"icao-2026",
                    {{Curve::secp384r1, AesKey::aes256, Mapping::chip_authentication},
                     {Curve::secp384r1, AesKey::aes256, Mapping::generic}},
                    Curve::secp384r1,
                    AesKey::aes256,
                    Curve::secp384r1,
                    HashAlgorithm::sha384,
                    AesKey::aes256},
      CryptoProfile{"icao-compat",
                    {{Curve::secp256r1, AesKey::aes128, Mapping::chip_authentication},
                     {Curve::secp256r1, AesKey::aes128, Mapping::generic}},
                    Curve::secp256r1,
                    AesKey::aes128,
                    Curve::secp256r1,
                    HashAlgorithm::sha256,
                    AesKey::aes128},
  };
  const auto found = std::ranges::find(profiles, name, &CryptoProfile::name);
  return found == profiles.end() ? nullptr : &*found;
}

}  // namespace personalize
