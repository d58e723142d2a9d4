// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/personal_data.hpp"

#include <array>

#include "crypto/openssl_engine.hpp"
#include "crypto/sealed_octets.hpp"

namespace personalize {
namespace {

constexpr std::size_t kKeyOctets = 32;
constexpr std::string_view kSealLabel = "ledger personal data", kNameLabel = "ledger pseudonyms";

}  // namespace

crypto::Result<PersonalData, crypto::CryptoError> PersonalData::open(const crypto::MasterKey& master) {
  PATENT_TRY(auto seal_key, master.derive(crypto::as_bytes(kSealLabel), {}, kKeyOctets));
  PATENT_TRY(auto name_key, master.derive(crypto::as_bytes(kNameLabel), {}, kKeyOctets));
  return PersonalData(std::move(seal_key), std::move(name_key));
}

crypto::Result<crypto::Bytes, crypto::CryptoError> PersonalData::seal(std::string_view row,
                                                                      crypto::ByteView plain) const {
  if (seal_key_.empty()) return crypto::unexpected(crypto::CryptoError::locked);
  return crypto::seal_octets(seal_key_, crypto::as_bytes(row), plain);
}

crypto::Result<crypto::Bytes, crypto::CryptoError> PersonalData::open(std::string_view row,
                                                                      crypto::ByteView sealed) const {
  if (seal_key_.empty()) return crypto::unexpected(crypto::CryptoError::locked);
  return crypto::open_sealed_octets(seal_key_, crypto::as_bytes(row), sealed);
}

crypto::Result<std::string, crypto::CryptoError> PersonalData::pseudonym(std::string_view kind,
                                                                         std::string_view value) const {
  if (name_key_.empty()) return crypto::unexpected(crypto::CryptoError::locked);
  constexpr std::array<crypto::Byte, 1> end{};  // no kind contains it: ("a", "bc") is not ("ab", "c")
  const std::array<crypto::ByteView, 3> parts{crypto::as_bytes(kind), end, crypto::as_bytes(value)};
  std::array<crypto::Byte, crypto::kAesBlock> mac{};
  crypto::OpensslEngine engine;
  PATENT_TRY_VOID(engine.aes_cmac(name_key_.view(), parts, mac));
  return crypto::to_hex(mac);
}

}  // namespace personalize
