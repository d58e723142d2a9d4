// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_diversification.hpp"

namespace crypto {

namespace {

// GlobalPlatform Amendment D, 7.1.1.3: the key diversification data.
constexpr std::size_t kDiversificationData = 10;

}  // namespace

Result<ChipKeys, CryptoError> diversify(const MasterKey& master, Byte key_version, ByteView diversification_data,
                                        AesKey length) {
  if (diversification_data.size() != kDiversificationData) return unexpected(CryptoError::bad_length);
  Buffer<1 + kDiversificationData> context;
  if (!context.append(key_version) || !context.append(diversification_data)) return unexpected(CryptoError::bad_length);
  PATENT_TRY(Secret enc, master.derive(as_bytes("SCP03-ENC"), context, octets(length)));
  PATENT_TRY(Secret mac, master.derive(as_bytes("SCP03-MAC"), context, octets(length)));
  PATENT_TRY(Secret dek, master.derive(as_bytes("SCP03-DEK"), context, octets(length)));
  return ChipKeys{std::move(enc), std::move(mac), std::move(dek)};
}

}  // namespace crypto
