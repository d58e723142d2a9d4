// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "card/patent/der_integer.hpp"

namespace patent {

namespace {

using crypto::HashAlgorithm;
using crypto::TlvReader;

constexpr std::uint32_t kOctetString = 0x04;
constexpr std::uint32_t kNull = 0x05;
constexpr std::uint32_t kObjectIdentifier = 0x06;
constexpr std::uint32_t kPrintableString = 0x13;
constexpr std::uint32_t kSequence = 0x30;
constexpr std::uint8_t kMaxDataGroup = 16;

struct HashName {
  HashAlgorithm algorithm;
  std::array<std::uint8_t, 9> oid;
  std::size_t size;
  [[nodiscard]] ByteView view() const { return {oid.data(), size}; }
};
constexpr std::array kHashNames{
    HashName{HashAlgorithm::sha1, {0x2B, 0x0E, 0x03, 0x02, 0x1A}, 5},
    HashName{HashAlgorithm::sha224, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04}, 9},
    HashName{HashAlgorithm::sha256, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01}, 9},
    HashName{HashAlgorithm::sha384, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02}, 9},
    HashName{HashAlgorithm::sha512, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03}, 9},
};

Decoded<TlvReader> open_sequence(TlvReader& reader) {
  PATENT_TRY(const auto sequence, decoded(reader.expect(kSequence)));
  return TlvReader(sequence.value);
}

// Parameters are absent or NULL (RFC 5754, 2): both are in the field.
Decoded<HashAlgorithm> read_algorithm(TlvReader& reader) {
  PATENT_TRY(auto inside, open_sequence(reader));
  PATENT_TRY(const auto oid, decoded(inside.expect(kObjectIdentifier)));
  PATENT_TRY(const auto null, decoded(inside.accept(kNull)));
  if (null && !null->value.empty()) return crypto::unexpected(DecodeError::bad_value);
  PATENT_TRY_VOID(decoded(inside.finish()));
  const auto known = std::ranges::find_if(
      kHashNames, [&](const HashName& name) { return std::ranges::equal(name.view(), oid.value); });
  if (known == kHashNames.end()) return crypto::unexpected(DecodeError::bad_value);
  return known->algorithm;
}

Decoded<DataGroupHash> read_hash(TlvReader& reader, std::size_t size) {
  PATENT_TRY(auto inside, open_sequence(reader));
  PATENT_TRY(const auto number_object, decoded(inside.next()));
  PATENT_TRY(const auto number, read_der_integer(number_object));
  PATENT_TRY(const auto hash, decoded(inside.expect(kOctetString)));
  PATENT_TRY_VOID(decoded(inside.finish()));
  if (number < 1 || number > kMaxDataGroup || hash.value.size() != size)
    return crypto::unexpected(DecodeError::bad_value);
  return DataGroupHash{number, Bytes(hash.value.begin(), hash.value.end())};
}

Decoded<std::vector<DataGroupHash>> read_hashes(TlvReader& reader, std::size_t size) {
  PATENT_TRY(auto inside, open_sequence(reader));
  std::vector<DataGroupHash> hashes;
  while (!inside.at_end()) {
    PATENT_TRY(auto hash, read_hash(inside, size));
    // A second hash of one group would leave open which of them is signed for; so at most 16 are read.
    if (std::ranges::find(hashes, hash.number, &DataGroupHash::number) != hashes.end())
      return crypto::unexpected(DecodeError::bad_value);
    hashes.push_back(std::move(hash));
  }
  if (hashes.size() < 2) return crypto::unexpected(DecodeError::bad_value);
  return hashes;
}

Decoded<void> read_version_info(TlvReader& reader, LdsSecurityObject& object) {
  PATENT_TRY(auto inside, open_sequence(reader));
  PATENT_TRY(const auto lds, decoded(inside.expect(kPrintableString)));
  PATENT_TRY(const auto unicode, decoded(inside.expect(kPrintableString)));
  PATENT_TRY_VOID(decoded(inside.finish()));
  if (lds.value.size() != 4 || unicode.value.size() != 6) return crypto::unexpected(DecodeError::bad_value);
  object.lds_version = text_of(lds.value);
  object.unicode_version = text_of(unicode.value);
  return {};
}

void append(Bytes& out, const Bytes& more) { out.insert(out.end(), more.begin(), more.end()); }

}  // namespace

Bytes encode_lds_security_object(const LdsSecurityObject& object) {
  const auto name = std::ranges::find(kHashNames, object.hash, &HashName::algorithm);
  Bytes hashes;
  for (const auto& group : object.hashes) {
    Bytes pair = der_integer(group.number);
    crypto::append_tlv(pair, kOctetString, group.hash);
    crypto::append_tlv(hashes, kSequence, pair);
  }
  Bytes value = der_integer(static_cast<std::uint8_t>(object.version));
  crypto::append_tlv(value, kSequence, crypto::tlv(kObjectIdentifier, name->view()));
  crypto::append_tlv(value, kSequence, hashes);
  if (object.version == 1) {
    Bytes versions = crypto::tlv(kPrintableString, crypto::as_bytes(object.lds_version));
    append(versions, crypto::tlv(kPrintableString, crypto::as_bytes(object.unicode_version)));
    crypto::append_tlv(value, kSequence, versions);
  }
  return crypto::tlv(kSequence, value);
}

Decoded<LdsSecurityObject> decode_lds_security_object(ByteView der) {
  PATENT_TRY(const auto value, open_file(der, kSequence, crypto::TlvForm::der));
  TlvReader reader(value);
  LdsSecurityObject object;
  PATENT_TRY(const auto version_object, decoded(reader.next()));
  PATENT_TRY(object.version, read_der_integer(version_object));
  if (object.version > 1) return crypto::unexpected(DecodeError::unsupported_version);
  PATENT_TRY(object.hash, read_algorithm(reader));
  PATENT_TRY(object.hashes, read_hashes(reader, crypto::hash_size(object.hash)));
  if (object.version == 1) PATENT_TRY_VOID(read_version_info(reader, object));
  PATENT_TRY_VOID(decoded(reader.finish()));
  return object;
}

Bytes wrap_sod(ByteView signed_data) { return crypto::tlv(layout::file(layout::FileId::sod).tag, signed_data); }

Decoded<ByteView> unwrap_sod(ByteView file) {
  return open_file(file, layout::file(layout::FileId::sod).tag, crypto::TlvForm::ber);
}

}  // namespace patent
