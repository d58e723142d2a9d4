// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_vault.hpp"

#include "crypto/der.hpp"

namespace crypto {

namespace {

// An unsigned integer, as DER wants it, in `out` with leading zeros.
bool load_integer(const Tlv& integer, ByteSpan out) {
  ByteView octets = integer.value;
  if (octets.empty() || (octets[0] & 0x80) != 0) return false;
  const bool padded = octets.size() > 1 && octets[0] == 0;
  if (padded && (octets[1] & 0x80) == 0) return false;
  if (padded) octets = octets.subspan(1);
  if (octets.size() > out.size()) return false;
  std::copy(octets.begin(), octets.end(), out.end() - static_cast<std::ptrdiff_t>(octets.size()));
  return true;
}

}  // namespace

bool valid_key_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 64 && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || c == '.' || c == '-'; });
}

Result<Bytes, CryptoError> ecdsa_plain_to_der(ByteView plain) {
  if (plain.empty() || plain.size() % 2 != 0 || plain.size() > 2 * kMaxFieldSize)
    return unexpected(CryptoError::bad_length);
  const std::size_t half = plain.size() / 2;
  return der::sequence({der::integer(plain.first(half)), der::integer(plain.subspan(half))});
}

Result<Bytes, CryptoError> ecdsa_der_to_plain(ByteView der, Curve curve) {
  const auto malformed = [](TlvError) { return CryptoError::bad_encoding; };
  PATENT_TRY(const Tlv whole, read_only_tlv(der, der::kSequence).map_error(malformed));
  TlvReader reader(whole.value);
  PATENT_TRY(const Tlv r, reader.expect(der::kInteger).map_error(malformed));
  PATENT_TRY(const Tlv s, reader.expect(der::kInteger).map_error(malformed));
  PATENT_TRY_VOID(reader.finish().map_error(malformed));
  const std::size_t size = field_size(curve);
  Bytes plain(2 * size);
  if (!load_integer(r, ByteSpan(plain).first(size)) || !load_integer(s, ByteSpan(plain).subspan(size)))
    return unexpected(CryptoError::bad_encoding);
  return plain;
}

}  // namespace crypto
