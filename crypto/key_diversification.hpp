// SPDX-License-Identifier: Apache-2.0
// Owns the derivation of one chip's SCP03 key set from a master key (SP 800-108 counter mode with AES-CMAC;
// docs/profiles.md).
#pragma once

#include "crypto/key_vault.hpp"

namespace crypto {

struct ChipKeys {
  Secret enc, mac, dek;
};

// label "SCP03-ENC", "SCP03-MAC", "SCP03-DEK"; context: key version || the ten octets of diversification data that the
// chip gives in its answer to INITIALIZE UPDATE (00 00 || chip serial).
Result<ChipKeys, CryptoError> diversify(const MasterKey& master, Byte key_version, ByteView diversification_data,
                                        AesKey length);

}  // namespace crypto
