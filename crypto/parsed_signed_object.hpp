// SPDX-License-Identifier: Apache-2.0
// Owns what stands behind SignedObject, and the names that its making and its reading share.
#pragma once

#include "crypto/signature.hpp"
#include "crypto/signed_object.hpp"

namespace crypto {

inline constexpr std::string_view kSignedData = "1.2.840.113549.1.7.2";

namespace attribute {
inline constexpr std::string_view kContentType = "1.2.840.113549.1.9.3";
inline constexpr std::string_view kMessageDigest = "1.2.840.113549.1.9.4";
inline constexpr std::string_view kSigningTime = "1.2.840.113549.1.9.5";
}  // namespace attribute

namespace tag {
inline constexpr std::uint32_t kContext0 = 0xA0, kContext1 = 0xA1, kContext0Primitive = 0x80;
}  // namespace tag

// SignerInfo (RFC 5652, 5.3).
struct Signer {
  openssl::NameHandle issuer;  // null when the signer is named by key identifier
  openssl::IntegerHandle serial;
  Bytes key_id;
  HashAlgorithm digest{};
  std::string content_type;  // the attribute
  Bytes message_digest;
  std::optional<Time> signing_time;
  Bytes signed_attributes;  // as they are, under the tag of a SET
  SignatureScheme scheme;
  Bytes signature;
};

struct SignedObject::Parsed {
  std::string content_type;
  Bytes content;
  std::vector<Certificate> certificates;
  Signer signer;  // the one that counts
};

// What SignedObject::parse() does. `known`: where the object holds these very octets, they are not decoded again.
Result<std::shared_ptr<const SignedObject::Parsed>, CryptoError> read_signed_object(ByteView der, std::size_t max_size,
                                                                                    const Certificate* known = nullptr);
Engine::Outcome verify(const SignedObject::Parsed& object, const Certificate& signer);

}  // namespace crypto
