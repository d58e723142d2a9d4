// SPDX-License-Identifier: Apache-2.0
#include "crypto/file_key_vault.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>

#include <openssl/cms.h>  // behind pem.h, which it looks for

#include "crypto/guarded_file.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/openssl_handle.hpp"

namespace crypto {

namespace {

using openssl::failure;
using CmsHandle = openssl::Handle<CMS_ContentInfo, CMS_ContentInfo_free>;
using Pkcs8Handle = openssl::Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using SealedKeyHandle = openssl::Handle<X509_SIG, X509_SIG_free>;
using AlgorithmHandle = openssl::Handle<X509_ALGOR, X509_ALGOR_free>;
using NumberHandle = openssl::Handle<BIGNUM, BN_free>;

// HMAC-SHA256 for PKCS#8. OpenSSL's PasswordRecipientInfo has HMAC-SHA1 only, of which a 256-bit key takes two blocks
// an iteration, so that a guess costs about the same.
constexpr int kIterations = 210'000;
constexpr int kSaltOctets = 16;
constexpr std::size_t kMaxKeyFile = 64 * 1024;
constexpr std::string_view kSigningSuffix = ".p8", kMasterSuffix = ".master";

constexpr std::array<std::pair<Curve, const char*>, 6> kGroups{{{Curve::secp256r1, "prime256v1"},
                                                                {Curve::brainpoolP256r1, "brainpoolP256r1"},
                                                                {Curve::secp384r1, "secp384r1"},
                                                                {Curve::brainpoolP384r1, "brainpoolP384r1"},
                                                                {Curve::brainpoolP512r1, "brainpoolP512r1"},
                                                                {Curve::secp521r1, "secp521r1"}}};

openssl::BioHandle reading(ByteView octets) {
  return openssl::BioHandle(BIO_new_mem_buf(octets.data(), static_cast<int>(octets.size())));
}

Bytes content_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, data + size};
}

// In OpenSSL's memory; freed with its content cleared.
class FileSigningKey final : public SigningKey {
public:
  FileSigningKey(openssl::KeyHandle key, Curve curve) : key_(std::move(key)), curve_(curve) {}

  [[nodiscard]] PublicKey public_key() const override {
    return {openssl::write_der(i2d_PUBKEY, static_cast<const EVP_PKEY*>(key_.get()))};
  }
  [[nodiscard]] Curve curve() const override { return curve_; }
  Result<Bytes, CryptoError> sign_digest(ByteView digest) const override {
    if (digest.empty() || digest.size() > kMaxHashSize) return unexpected(CryptoError::bad_length);
    const openssl::KeyContextHandle context(EVP_PKEY_CTX_new(key_.get(), nullptr));
    Bytes der(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
    std::size_t size = der.size();
    if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
        EVP_PKEY_sign(context.get(), der.data(), &size, digest.data(), digest.size()) != 1)
      return failure();
    return ecdsa_der_to_plain(ByteView(der).first(size), curve_);
  }

private:
  openssl::KeyHandle key_;
  Curve curve_;
};

class FileMasterKey final : public MasterKey {
public:
  explicit FileMasterKey(Secret key) : key_(std::move(key)) {}

  Result<Secret, CryptoError> derive(ByteView label, ByteView context, std::size_t length) const override {
    OpensslEngine engine;
    Secret derived;
    const ByteSpan out = derived.prepare(length);
    if (out.size() != length || length == 0) return unexpected(CryptoError::bad_length);
    PATENT_TRY_VOID(counter_kdf(engine, key_.view(), label, context, out));
    return derived;
  }
  Result<Buffer<3>, CryptoError> check_value() const override {
    OpensslEngine engine;
    std::array<Byte, kAesBlock> block{}, ones{};
    ones.fill(0x01);
    // One block of CBC under a zero vector is ECB (GlobalPlatform Card Specification 2.3.1, B.5).
    PATENT_TRY_VOID(engine.aes_cbc(Direction::encrypt, key_.view(), std::array<Byte, kAesBlock>{}, ones, block));
    Buffer<3> value;
    if (!value.assign(ByteView(block).first(3))) return unexpected(CryptoError::bad_length);
    return value;
  }

private:
  Secret key_;
};

Result<std::unique_ptr<SigningKey>, CryptoError> usable(openssl::KeyHandle key) {
  std::array<char, 64> name{};
  if (EVP_PKEY_get_group_name(key.get(), name.data(), name.size(), nullptr) != 1)
    return failure(CryptoError::unsupported);
  for (const auto& [curve, group] : kGroups)
    if (std::string_view(name.data()) == group) return std::make_unique<FileSigningKey>(std::move(key), curve);
  return unexpected(CryptoError::unsupported);
}

// PKCS#8 under PBES2: PBKDF2 with HMAC-SHA256, AES-256-CBC (RFC 8018, 6.2), as PEM.
Result<Bytes, CryptoError> seal_signing_key(EVP_PKEY* key, const Passphrase& passphrase) {
  const Pkcs8Handle plain(EVP_PKEY2PKCS8(key));
  std::array<Byte, kSaltOctets> salt{};
  if (!plain || RAND_bytes(salt.data(), kSaltOctets) != 1) return failure();
  AlgorithmHandle algorithm(
      PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), kIterations, salt.data(), kSaltOctets, nullptr, NID_hmacWithSHA256));
  if (!algorithm) return failure();
  const auto* const words = reinterpret_cast<const char*>(passphrase.view().data());
  const SealedKeyHandle sealed(
      PKCS8_set0_pbe(words, static_cast<int>(passphrase.view().size()), plain.get(), algorithm.get()));
  if (!sealed) return failure();
  static_cast<void>(algorithm.release());  // now the sealed key's
  const openssl::BioHandle out(BIO_new(BIO_s_mem()));
  if (!out || PEM_write_bio_PKCS8(out.get(), sealed.get()) != 1) return failure();
  return content_of(out.get());
}

Result<openssl::KeyHandle, CryptoError> open_signing_key(ByteView file, const Passphrase& passphrase) {
  const auto in = reading(file);
  const SealedKeyHandle sealed(in ? PEM_read_bio_PKCS8(in.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!sealed) return failure(CryptoError::bad_encoding);
  const auto* const words = reinterpret_cast<const char*>(passphrase.view().data());
  const Pkcs8Handle plain(PKCS8_decrypt(sealed.get(), words, static_cast<int>(passphrase.view().size())));
  if (!plain) return failure(CryptoError::locked);
  openssl::KeyHandle key(EVP_PKCS82PKEY(plain.get()));
  if (!key) return failure(CryptoError::bad_encoding);
  return key;
}

// CMS AuthEnvelopedData (RFC 5083) under a PasswordRecipientInfo (RFC 3211), AES-256-GCM, as PEM: an altered file is
// found out, not opened to another key.
Result<Bytes, CryptoError> seal_master_key(const Secret& key, const Passphrase& passphrase) {
  constexpr unsigned kFlags = CMS_BINARY | CMS_PARTIAL;
  const auto in = reading(key.view());
  const CmsHandle cms(CMS_AuthEnvelopedData_create(EVP_aes_256_gcm()));
  if (!in || !cms || CMS_set_detached(cms.get(), 0) != 1) return failure();
  CMS_RecipientInfo* const recipient =
      CMS_add0_recipient_password(cms.get(), kIterations, NID_id_alg_PWRI_KEK, -1, nullptr, 0, EVP_aes_256_cbc());
  if (recipient == nullptr) return failure();
  // The recipient owns its password, and clears it.
  auto* const words = static_cast<unsigned char*>(OPENSSL_memdup(passphrase.view().data(), passphrase.view().size()));
  if (CMS_RecipientInfo_set0_password(recipient, words, static_cast<ossl_ssize_t>(passphrase.view().size())) != 1)
    return failure();
  const openssl::BioHandle out(BIO_new(BIO_s_mem()));
  if (!out || CMS_final(cms.get(), in.get(), nullptr, kFlags) != 1 || PEM_write_bio_CMS(out.get(), cms.get()) != 1)
    return failure();
  return content_of(out.get());
}

Result<Secret, CryptoError> open_master_key(ByteView file, const Passphrase& passphrase) {
  const auto in = reading(file);
  const CmsHandle cms(in ? PEM_read_bio_CMS(in.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!cms) return failure(CryptoError::bad_encoding);
  auto* const words = const_cast<Byte*>(passphrase.view().data());  // only read
  const auto size = static_cast<ossl_ssize_t>(passphrase.view().size());
  const openssl::BioHandle out(BIO_new(BIO_s_secmem()));
  if (!out || CMS_decrypt_set1_password(cms.get(), words, size) != 1 ||
      CMS_decrypt(cms.get(), nullptr, nullptr, nullptr, out.get(), CMS_BINARY) != 1)
    return failure(CryptoError::locked);
  char* data = nullptr;
  const long length = BIO_get_mem_data(out.get(), &data);
  if (length != 16 && length != 24 && length != 32) return unexpected(CryptoError::bad_encoding);
  return Secret(ByteView(reinterpret_cast<const Byte*>(data), static_cast<std::size_t>(length)));
}

}  // namespace

FileKeyVault::FileKeyVault(std::filesystem::path folder, Passphrase passphrase, std::string prefix)
    : folder_(std::move(folder)), passphrase_(std::move(passphrase)), prefix_(std::move(prefix)) {}

std::filesystem::path FileKeyVault::place(std::string_view name, KeyKind kind) const {
  const std::string_view suffix = kind == KeyKind::signing ? kSigningSuffix : kMasterSuffix;
  return folder_ / (prefix_ + std::string(name) + std::string(suffix));
}

Result<std::unique_ptr<SigningKey>, CryptoError> FileKeyVault::make_signing_key(std::string_view name, Curve curve) {
  const auto* const group =
      std::find_if(kGroups.begin(), kGroups.end(), [&](const auto& known) { return known.first == curve; });
  if (!valid_key_name(name)) return unexpected(CryptoError::bad_encoding);
  if (group == kGroups.end()) return unexpected(CryptoError::unsupported);
  if (passphrase_.empty()) return unexpected(CryptoError::locked);
  openssl::KeyHandle key(EVP_EC_gen(group->second));
  if (!key) return failure();
  PATENT_TRY(const Bytes sealed, seal_signing_key(key.get(), passphrase_));
  PATENT_TRY_VOID(write_file(place(name, KeyKind::signing), sealed, Readers::owner, Overwrite::no));
  return usable(std::move(key));
}

Result<std::unique_ptr<SigningKey>, CryptoError> FileKeyVault::signing_key(std::string_view name) {
  if (!valid_key_name(name)) return unexpected(CryptoError::not_found);
  PATENT_TRY(const Bytes sealed, read_private_file(place(name, KeyKind::signing), kMaxKeyFile));
  PATENT_TRY(openssl::KeyHandle key, open_signing_key(sealed, passphrase_));
  return usable(std::move(key));
}

Result<std::unique_ptr<MasterKey>, CryptoError> FileKeyVault::make_master_key(std::string_view name, AesKey length) {
  Secret key;
  const ByteSpan octets = key.prepare(crypto::octets(length));
  if (RAND_priv_bytes(octets.data(), static_cast<int>(octets.size())) != 1) return failure();
  return import_master_key(name, std::move(key));
}

Result<std::unique_ptr<MasterKey>, CryptoError> FileKeyVault::import_master_key(std::string_view name, Secret key) {
  if (!valid_key_name(name)) return unexpected(CryptoError::bad_encoding);
  if (!is_aes_key(key.view())) return unexpected(CryptoError::bad_length);
  if (passphrase_.empty()) return unexpected(CryptoError::locked);
  PATENT_TRY(const Bytes sealed, seal_master_key(key, passphrase_));
  PATENT_TRY_VOID(write_file(place(name, KeyKind::master), sealed, Readers::owner, Overwrite::no));
  return std::make_unique<FileMasterKey>(std::move(key));
}

Result<std::unique_ptr<MasterKey>, CryptoError> FileKeyVault::master_key(std::string_view name) {
  if (!valid_key_name(name)) return unexpected(CryptoError::not_found);
  PATENT_TRY(const Bytes sealed, read_private_file(place(name, KeyKind::master), kMaxKeyFile));
  PATENT_TRY(Secret key, open_master_key(sealed, passphrase_));
  return std::make_unique<FileMasterKey>(std::move(key));
}

Result<std::vector<KeyEntry>, CryptoError> FileKeyVault::list() {
  std::error_code error;
  std::vector<KeyEntry> keys;
  for (std::filesystem::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    const std::string file_name = at->path().filename().string();
    const std::string suffix = at->path().extension().string();
    if (!file_name.starts_with(prefix_) || (suffix != kSigningSuffix && suffix != kMasterSuffix)) continue;
    const std::string name = file_name.substr(prefix_.size(), file_name.size() - prefix_.size() - suffix.size());
    if (valid_key_name(name)) keys.push_back({name, suffix == kSigningSuffix ? KeyKind::signing : KeyKind::master});
  }
  if (error) return unexpected(CryptoError::storage);
  std::sort(keys.begin(), keys.end(), [](const KeyEntry& a, const KeyEntry& b) { return a.name < b.name; });
  return keys;
}

Result<bool, CryptoError> FileKeyVault::has(std::string_view name, KeyKind kind) {
  return valid_key_name(name) && file_exists(place(name, kind));
}

Result<void, CryptoError> FileKeyVault::rename(std::string_view name, std::string_view new_name) {
  if (!valid_key_name(new_name)) return unexpected(CryptoError::bad_encoding);
  for (const KeyKind kind : {KeyKind::signing, KeyKind::master})
    if (valid_key_name(name) && file_exists(place(name, kind)))
      return move_file(place(name, kind), place(new_name, kind), Overwrite::no);
  return unexpected(CryptoError::not_found);
}

Result<void, CryptoError> FileKeyVault::destroy(std::string_view name, KeyKind kind) {
  if (!valid_key_name(name)) return unexpected(CryptoError::not_found);
  return remove_file(place(name, kind));
}

}  // namespace crypto
