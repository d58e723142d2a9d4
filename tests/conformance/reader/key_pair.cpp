// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/key_pair.hpp"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <cstdlib>

#include "crypto/der.hpp"
#include "crypto/key_vault.hpp"

namespace simulator {
namespace {

namespace der = crypto::der;
using crypto::HashAlgorithm;
using crypto::SignatureKind;

// A test document that cannot be made is a fault of the kit.
template <class T>
T needed(T value) {
  if (!value) std::abort();
  return value;
}
void need(int done) { needed(done == 1); }

Bytes number(const EVP_PKEY* key, const char* name, std::size_t size) {
  BIGNUM* found = nullptr;
  need(EVP_PKEY_get_bn_param(key, name, &found));
  const crypto::openssl::Handle<BIGNUM, BN_free> owner(found);
  Bytes out(size);
  needed(BN_bn2binpad(found, out.data(), static_cast<int>(size)) > 0);
  return out;
}

std::size_t field_octets(const EVP_PKEY* key) { return (static_cast<std::size_t>(EVP_PKEY_get_bits(key)) + 7) / 8; }

constexpr std::string_view rsa_oid(HashAlgorithm hash) {
  switch (hash) {
    case HashAlgorithm::sha1: return "1.2.840.113549.1.1.5";
    case HashAlgorithm::sha224: return "1.2.840.113549.1.1.14";
    case HashAlgorithm::sha256: return "1.2.840.113549.1.1.11";
    case HashAlgorithm::sha384: return "1.2.840.113549.1.1.12";
    case HashAlgorithm::sha512: break;
  }
  return "1.2.840.113549.1.1.13";
}

Bytes with_null(std::string_view oid) {
  return der::sequence({der::object_identifier(oid), crypto::tlv(der::kNull, {})});
}

// RSASSA-PSS-params (RFC 4055, 3.1): hash, mask generation with the same hash, salt of the hash's length.
Bytes pss_identifier(HashAlgorithm hash) {
  const Bytes hash_name = crypto::hash_identifier(hash);
  const Bytes mask = der::sequence({der::object_identifier("1.2.840.113549.1.1.8"), hash_name});
  const Bytes salt = der::integer(std::uint64_t{crypto::hash_size(hash)});
  const Bytes parameters =
      der::sequence({crypto::tlv(0xA0, hash_name), crypto::tlv(0xA1, mask), crypto::tlv(0xA2, salt)});
  return der::sequence({der::object_identifier("1.2.840.113549.1.1.10"), parameters});
}

}  // namespace

KeyPair KeyPair::ec(const char* group) { return KeyPair(crypto::openssl::KeyHandle(needed(EVP_EC_gen(group)))); }
KeyPair KeyPair::rsa(unsigned bits) { return KeyPair(crypto::openssl::KeyHandle(needed(EVP_RSA_gen(bits)))); }

Bytes KeyPair::spki() const { return crypto::openssl::write_der<const EVP_PKEY>(i2d_PUBKEY, key_.get()); }

Bytes KeyPair::point() const {
  Bytes out(1 + 2 * field_octets(key_.get()));
  std::size_t size = 0;
  need(EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, out.data(), out.size(), &size));
  needed(size == out.size());
  return out;
}

Bytes KeyPair::scalar() const { return number(key_.get(), OSSL_PKEY_PARAM_PRIV_KEY, field_octets(key_.get())); }

Bytes KeyPair::sign(const crypto::SignatureScheme& scheme, ByteView message, const EVP_MD* hash) const {
  const crypto::openssl::DigestContextHandle context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  need(EVP_DigestSignInit(context.get(), &parameters, hash ? hash : crypto::evp_digest(scheme.hash), nullptr,
                          key_.get()));
  if (scheme.kind == SignatureKind::rsa_pss) {
    need(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING));
    need(EVP_PKEY_CTX_set_rsa_mgf1_md(parameters, crypto::evp_digest(scheme.mask_hash)));
    need(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, scheme.salt_length));
  }
  Bytes out(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
  std::size_t size = out.size();
  need(EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()));
  out.resize(size);
  return out;
}

Bytes KeyPair::sign_plain(HashAlgorithm hash, ByteView message) const {
  const Bytes signature = sign({SignatureKind::ecdsa, hash}, message);
  crypto::TlvReader numbers(crypto::read_only_tlv(signature, der::kSequence).value().value);
  const std::size_t field = field_octets(key_.get());
  Bytes out;
  for (int i = 0; i < 2; ++i) {
    auto value = numbers.expect(der::kInteger).value().value;
    if (value.size() > field) value = value.last(field);
    out.insert(out.end(), field - value.size(), 0);
    out.insert(out.end(), value.begin(), value.end());
  }
  return out;
}

Bytes KeyPair::raise(ByteView representative) const {
  const crypto::openssl::KeyContextHandle context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  Bytes out(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
  std::size_t size = out.size();
  need(EVP_PKEY_decrypt_init(context.get()));
  need(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING));
  need(EVP_PKEY_decrypt(context.get(), out.data(), &size, representative.data(), representative.size()));
  return out;
}

crypto::SignatureScheme Signing::scheme() const {
  return {kind, hash, hash, kind == SignatureKind::rsa_pss ? static_cast<int>(crypto::hash_size(hash)) : 0};
}

Bytes Signing::identifier() const {
  if (md5) return with_null("1.2.840.113549.1.1.4");
  if (bare_rsa) return with_null("1.2.840.113549.1.1.1");
  switch (kind) {
    case SignatureKind::ecdsa: return crypto::ecdsa_identifier(hash);
    case SignatureKind::rsa_pss: return pss_identifier(hash);
    case SignatureKind::rsa_pkcs1: break;
  }
  return with_null(rsa_oid(hash));
}

Bytes Signing::sign(const KeyPair& key, ByteView message) const {
  return key.sign(scheme(), message, md5 ? EVP_md5() : nullptr);
}

Bytes md5_identifier() { return with_null("1.2.840.113549.2.5"); }

}  // namespace simulator
