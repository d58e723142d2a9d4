// SPDX-License-Identifier: Apache-2.0
// Owns how INNs stand in the ledger's tables: a holder's as a pseudonym, for it is only ever looked for; a payer's
// sealed in its payment's row, for somebody must see what was keyed wrong.
#pragma once

#include <string>

#include "personalize/ledger/personal_data.hpp"

namespace personalize {

inline crypto::Result<std::string, crypto::CryptoError> holder_column(const PersonalData& personal,
                                                                      std::string_view inn) {
  return personal.pseudonym("inn", inn);
}

inline std::string payer_row(std::string_view uin) { return "payment/" + std::string(uin); }
inline crypto::Result<crypto::Bytes, crypto::CryptoError> payer_column(const PersonalData& personal,
                                                                       std::string_view uin, std::string_view inn) {
  return personal.seal(payer_row(uin), crypto::as_bytes(inn));
}
inline crypto::Result<std::string, crypto::CryptoError> payer_in(const PersonalData& personal, std::string_view uin,
                                                                 crypto::ByteView column) {
  PATENT_TRY(const auto inn, personal.open(payer_row(uin), column));
  return std::string(inn.begin(), inn.end());
}

}  // namespace personalize
