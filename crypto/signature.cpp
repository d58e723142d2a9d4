// SPDX-License-Identifier: Apache-2.0
#include "crypto/signature.hpp"

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "crypto/der.hpp"
#include "crypto/key_vault.hpp"

namespace crypto {

namespace {

using PssHandle = openssl::Handle<RSA_PSS_PARAMS, RSA_PSS_PARAMS_free>;

constexpr std::string_view kRsaEncryption = "1.2.840.113549.1.1.1";
constexpr std::string_view kRsaPss = "1.2.840.113549.1.1.10";
constexpr std::string_view kMgf1 = "1.2.840.113549.1.1.8";

struct HashNames {
  HashAlgorithm hash;
  std::string_view hash_oid, ecdsa_oid, rsa_oid;
  const EVP_MD* (*evp)();
};
constexpr std::array<HashNames, 5> kHashes{{
    {HashAlgorithm::sha1, "1.3.14.3.2.26", "1.2.840.10045.4.1", "1.2.840.113549.1.1.5", EVP_sha1},
    {HashAlgorithm::sha224, "2.16.840.1.101.3.4.2.4", "1.2.840.10045.4.3.1", "1.2.840.113549.1.1.14", EVP_sha224},
    {HashAlgorithm::sha256, "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2", "1.2.840.113549.1.1.11", EVP_sha256},
    {HashAlgorithm::sha384, "2.16.840.1.101.3.4.2.2", "1.2.840.10045.4.3.3", "1.2.840.113549.1.1.12", EVP_sha384},
    {HashAlgorithm::sha512, "2.16.840.1.101.3.4.2.3", "1.2.840.10045.4.3.4", "1.2.840.113549.1.1.13", EVP_sha512},
}};

const HashNames& names_of(HashAlgorithm hash) {
  return *std::find_if(kHashes.begin(), kHashes.end(), [&](const HashNames& names) { return names.hash == hash; });
}

struct Identifier {
  std::string oid;
  ByteView parameters;  // the whole object; empty when absent
  [[nodiscard]] bool plain() const { return parameters.empty() || (parameters.size() == 2 && parameters[0] == 0x05); }
};

Result<Identifier, CryptoError> read_identifier(ByteView octets) {
  const auto malformed = [](TlvError) { return CryptoError::bad_encoding; };
  PATENT_TRY(const Tlv whole, read_only_tlv(octets, der::kSequence, TlvForm::ber).map_error(malformed));
  TlvReader reader(whole.value, TlvForm::ber);
  PATENT_TRY(const Tlv oid, reader.expect(der::kObjectIdentifier).map_error(malformed));
  Identifier found{der::dotted(oid.whole), {}};
  if (!reader.at_end()) {
    PATENT_TRY(const Tlv parameters, reader.next().map_error(malformed));
    found.parameters = parameters.whole;
  }
  PATENT_TRY_VOID(reader.finish().map_error(malformed));
  return found;
}

Result<HashAlgorithm, CryptoError> pss_hash(const X509_ALGOR* algorithm) {
  if (algorithm == nullptr) return HashAlgorithm::sha1;  // RFC 4055, 3.1: the default
  return read_hash_identifier(openssl::write_der(i2d_X509_ALGOR, algorithm));
}

// RFC 4055, 3.1. The hash of the SignerInfo and the mask's hash are both named again in the parameters.
Result<SignatureScheme, CryptoError> read_pss(ByteView parameters) {
  const auto pss = openssl::read_der<PssHandle>(d2i_RSA_PSS_PARAMS, parameters);
  if (!pss) return unexpected(CryptoError::bad_encoding);
  constexpr std::int64_t kDefaultSalt = 20, kMaxSalt = kMaxRsaBits / 8;
  SignatureScheme scheme{SignatureKind::rsa_pss, {}, HashAlgorithm::sha1, kDefaultSalt};
  PATENT_TRY(scheme.hash, pss_hash(pss->hashAlgorithm));
  if (pss->maskGenAlgorithm != nullptr) {
    const Bytes mask = openssl::write_der(i2d_X509_ALGOR, static_cast<const X509_ALGOR*>(pss->maskGenAlgorithm));
    PATENT_TRY(const Identifier generator, read_identifier(mask));
    if (generator.oid != kMgf1) return unexpected(CryptoError::unsupported);
    PATENT_TRY(scheme.mask_hash, read_hash_identifier(generator.parameters));
  }
  if (pss->saltLength != nullptr) {
    std::int64_t octets = 0;
    if (ASN1_INTEGER_get_int64(&octets, pss->saltLength) != 1 || octets < 0 || octets > kMaxSalt)
      return openssl::failure(CryptoError::bad_encoding);
    scheme.salt_length = static_cast<int>(octets);
  }
  if (pss->trailerField != nullptr && ASN1_INTEGER_get(pss->trailerField) != 1)
    return unexpected(CryptoError::unsupported);
  return scheme;
}

std::string group_name(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) {
    ERR_clear_error();
    return {};
  }
  const std::string found(name.data(), size);
  return found == "prime256v1" ? "secp256r1" : found;
}

bool fits(const EVP_PKEY* key, SignatureKind kind) {
  switch (kind) {
    case SignatureKind::ecdsa: return EVP_PKEY_is_a(key, "EC") == 1;
    case SignatureKind::rsa_pkcs1: return EVP_PKEY_is_a(key, "RSA") == 1;
    case SignatureKind::rsa_pss: return EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1;
  }
  return false;
}

bool set_pss(EVP_PKEY_CTX* context, const SignatureScheme& scheme) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, evp_digest(scheme.mask_hash)) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, scheme.salt_length) == 1;
}

}  // namespace

const EVP_MD* evp_digest(HashAlgorithm hash) { return names_of(hash).evp(); }

Result<Bytes, CryptoError> digest(HashAlgorithm hash, ByteView message) {
  Bytes out(hash_size(hash));
  if (EVP_Digest(message.data(), message.size(), out.data(), nullptr, evp_digest(hash), nullptr) != 1)
    return openssl::failure();
  return out;
}

HashAlgorithm hash_for(Curve curve) {
  if (field_size(curve) <= 32) return HashAlgorithm::sha256;
  return field_size(curve) <= 48 ? HashAlgorithm::sha384 : HashAlgorithm::sha512;
}

Bytes hash_identifier(HashAlgorithm hash) { return der::sequence({der::object_identifier(names_of(hash).hash_oid)}); }
Bytes ecdsa_identifier(HashAlgorithm hash) { return der::sequence({der::object_identifier(names_of(hash).ecdsa_oid)}); }

Result<HashAlgorithm, CryptoError> read_hash_identifier(ByteView der) {
  PATENT_TRY(const Identifier identifier, read_identifier(der));
  if (!identifier.plain()) return unexpected(CryptoError::bad_encoding);
  for (const HashNames& names : kHashes)
    if (names.hash_oid == identifier.oid) return names.hash;
  return unexpected(CryptoError::unsupported);
}

Result<SignatureScheme, CryptoError> read_signature_identifier(ByteView der, HashAlgorithm hash) {
  PATENT_TRY(const Identifier identifier, read_identifier(der));
  if (identifier.oid == kRsaPss) {
    PATENT_TRY(const SignatureScheme scheme, read_pss(identifier.parameters));
    if (scheme.hash != hash) return unexpected(CryptoError::bad_encoding);
    return scheme;
  }
  if (!identifier.plain()) return unexpected(CryptoError::bad_encoding);
  if (identifier.oid == kRsaEncryption) return SignatureScheme{SignatureKind::rsa_pkcs1, hash, hash, 0};
  for (const HashNames& names : kHashes) {
    if (identifier.oid != names.ecdsa_oid && identifier.oid != names.rsa_oid) continue;
    if (names.hash != hash) return unexpected(CryptoError::bad_encoding);
    return SignatureScheme{identifier.oid == names.ecdsa_oid ? SignatureKind::ecdsa : SignatureKind::rsa_pkcs1, hash,
                           hash, 0};
  }
  return unexpected(CryptoError::unsupported);
}

Engine::Outcome usable_key(const EVP_PKEY* key) {
  if (describe_key(key).empty()) return unexpected(CryptoError::unsupported);
  return {};
}

std::string describe_key(const EVP_PKEY* key) {
  if (key == nullptr) return {};
  const int bits = EVP_PKEY_get_bits(key);
  if (EVP_PKEY_is_a(key, "EC") == 1) {
    const std::string name = group_name(key);
    return name.empty() || bits < kMinCurveBits ? std::string() : "ECDSA " + name;
  }
  const bool rsa = EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1;
  return rsa && bits >= kMinRsaBits && bits <= kMaxRsaBits ? "RSA " + std::to_string(bits) : std::string();
}

Engine::Outcome verify(EVP_PKEY* key, const SignatureScheme& scheme, ByteView message, ByteView signature) {
  PATENT_TRY_VOID(usable_key(key));
  if (!fits(key, scheme.kind)) return unexpected(CryptoError::bad_signature);
  const openssl::DigestContextHandle context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;  // belongs to the context
  if (!context || EVP_DigestVerifyInit(context.get(), &parameters, evp_digest(scheme.hash), nullptr, key) != 1)
    return openssl::failure();
  if (scheme.kind == SignatureKind::rsa_pss && !set_pss(parameters, scheme)) return openssl::failure();
  if (EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) != 1)
    return openssl::failure(CryptoError::bad_signature);
  return {};
}

}  // namespace crypto
