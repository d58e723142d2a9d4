// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/personal_data.hpp"

#include <array>

namespace personalize {
namespace {

constexpr std::size_t kKeyOctets = 32;
constexpr std::string_view kSealLabel = "ledger personal data", kNameLabel = "ledger pseudonyms";

}  // namespace

crypto::Result<PersonalData, crypto::CryptoError> PersonalData::open(const crypto::MasterKey& master) {
  PATENT_TRY(const auto seal_key, master.derive(crypto::as_bytes(kSealLabel), {}, kKeyOctets));
  PATENT_TRY(const auto name_key, master.derive(crypto::as_bytes(kNameLabel), {}, kKeyOctets));
  PATENT_TRY(auto seals, crypto::SealingKey::make(seal_key));
  PATENT_TRY(auto names, crypto::CmacKey::make(name_key));
  return PersonalData(std::make_unique<Keys>(Keys{std::move(seals), std::move(names)}));
}

crypto::Result<crypto::Bytes, crypto::CryptoError> PersonalData::seal(std::string_view row,
                                                                      crypto::ByteView plain) const {
  if (is_locked()) return crypto::unexpected(crypto::CryptoError::locked);
  return keys_->seals.seal(crypto::as_bytes(row), plain);
}

crypto::Result<crypto::Bytes, crypto::CryptoError> PersonalData::open(std::string_view row,
                                                                      crypto::ByteView sealed) const {
  if (is_locked()) return crypto::unexpected(crypto::CryptoError::locked);
  return keys_->seals.open(crypto::as_bytes(row), sealed);
}

crypto::Result<std::string, crypto::CryptoError> PersonalData::pseudonym(std::string_view kind,
                                                                         std::string_view value) const {
  if (is_locked()) return crypto::unexpected(crypto::CryptoError::locked);
  constexpr std::array<crypto::Byte, 1> end{};  // no kind contains it: ("a", "bc") is not ("ab", "c")
  const std::array<crypto::ByteView, 3> parts{crypto::as_bytes(kind), end, crypto::as_bytes(value)};
  PATENT_TRY(const auto mac, keys_->names.mac(parts));
  return crypto::to_hex(mac);
}

}  // namespace personalize
