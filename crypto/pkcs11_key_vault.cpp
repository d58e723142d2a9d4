// SPDX-License-Identifier: Apache-2.0
#include "crypto/pkcs11_key_vault.hpp"

#include <openssl/rand.h>

#include "crypto/pkcs11_keys.hpp"

namespace crypto {

namespace {

using pkcs11::Attributes;
using pkcs11::Repeat;
using pkcs11::Session;

constexpr std::size_t kMarkOctets = 8, kIdOctets = kMarkOctets + 8;

CK_OBJECT_CLASS class_of(KeyKind kind) { return kind == KeyKind::signing ? CKO_PRIVATE_KEY : CKO_SECRET_KEY; }
CK_KEY_TYPE type_of(KeyKind kind) { return kind == KeyKind::signing ? CKK_EC : CKK_AES; }

// The one object of this name, and what ties it to its public half.
struct Found {
  CK_OBJECT_HANDLE object;
  Bytes id;
};
Result<Found, CryptoError> find_key(const Session& session, std::string_view name, KeyKind kind) {
  PATENT_TRY(
      const CK_OBJECT_HANDLE object,
      find_one(session,
               Attributes().set(CKA_CLASS, class_of(kind)).set(CKA_KEY_TYPE, type_of(kind)).set(CKA_LABEL, name)));
  PATENT_TRY(Bytes id, read(session, object, CKA_ID));
  return Found{object, std::move(id)};
}

Result<Bytes, CryptoError> random_octets(std::size_t count) {
  Bytes octets(count);
  if (RAND_bytes(octets.data(), static_cast<int>(count)) != 1) return openssl::failure();
  return octets;
}

Result<Bytes, CryptoError> new_id() {
  PATENT_TRY(Bytes id, Pkcs11KeyVault::mark());
  PATENT_TRY(const Bytes own, random_octets(kIdOctets - kMarkOctets));
  id.insert(id.end(), own.begin(), own.end());
  return id;
}

// Of what stays inside: neither shown nor wrapped, for one purpose.
Attributes& sealed(Attributes& all, CK_OBJECT_CLASS kind, CK_KEY_TYPE type, std::string_view name, const Bytes& id) {
  return all.set(CKA_CLASS, kind)
      .set(CKA_KEY_TYPE, type)
      .set(CKA_TOKEN, true)
      .set(CKA_PRIVATE, true)
      .set(CKA_SENSITIVE, true)
      .set(CKA_EXTRACTABLE, false)
      .set(CKA_SIGN, true)
      .set(CKA_DECRYPT, false)
      .set(CKA_UNWRAP, false)
      .set(CKA_DERIVE, false)
      .set(CKA_LABEL, name)
      .set(CKA_ID, ByteView(id));
}

// The check value needs a block enciphered.
Attributes& sealed_master(Attributes& all, std::string_view name, const Bytes& id) {
  return sealed(all, CKO_SECRET_KEY, CKK_AES, name, id)
      .set(CKA_ENCRYPT, true)
      .set(CKA_VERIFY, false)
      .set(CKA_WRAP, false);
}

Result<void, CryptoError> generate_pair(const Session& session, std::string_view name, Curve curve, const Bytes& id) {
  const Bytes parameters = pkcs11::parameters_of(curve);
  Attributes public_half, private_half;
  public_half.set(CKA_TOKEN, true)
      .set(CKA_PRIVATE, false)
      .set(CKA_VERIFY, true)
      .set(CKA_EC_PARAMS, ByteView(parameters))
      .set(CKA_LABEL, name)
      .set(CKA_ID, ByteView(id));
  sealed(private_half, CKO_PRIVATE_KEY, CKK_EC, name, id);
  CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE, private_key = CK_INVALID_HANDLE;
  return pkcs11::outcome(session->C_GenerateKeyPair(session.handle, &mechanism, public_half.data(), public_half.size(),
                                                    private_half.data(), private_half.size(), &public_key,
                                                    &private_key));
}

Result<void, CryptoError> generate_master(const Session& session, std::string_view name, AesKey length,
                                          const Bytes& id) {
  Attributes all;
  sealed_master(all, name, id).set(CKA_VALUE_LEN, static_cast<CK_ULONG>(octets(length)));
  CK_MECHANISM mechanism{CKM_AES_KEY_GEN, nullptr, 0};
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  return pkcs11::outcome(session->C_GenerateKey(session.handle, &mechanism, all.data(), all.size(), &key));
}

Result<void, CryptoError> enter_master(const Session& session, std::string_view name, const Secret& value,
                                       const Bytes& id) {
  Attributes all;
  sealed_master(all, name, id).set(CKA_VALUE, value.view());
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  return pkcs11::outcome(session->C_CreateObject(session.handle, all.data(), all.size(), &key));
}

Result<void, CryptoError> label(const Session& session, CK_OBJECT_HANDLE object, std::string_view name) {
  Attributes change;
  change.set(CKA_LABEL, name);
  return pkcs11::outcome(session->C_SetAttributeValue(session.handle, object, change.data(), change.size()));
}

// The private half bears the name that counts, and gets it last.
Result<void, CryptoError> rename_key(const Session& session, const Found& key, KeyKind kind, std::string_view name) {
  if (kind == KeyKind::signing) {
    Attributes half;
    half.set(CKA_CLASS, CKO_PUBLIC_KEY).set(CKA_ID, ByteView(key.id));
    PATENT_TRY(const CK_OBJECT_HANDLE public_half, find_one(session, half));
    PATENT_TRY_VOID(label(session, public_half, name));
  }
  return label(session, key.object, name);
}

Result<void, CryptoError> list_kind(const Session& session, KeyKind kind, std::vector<KeyEntry>& keys) {
  PATENT_TRY(const auto objects,
             find(session, Attributes().set(CKA_CLASS, class_of(kind)).set(CKA_KEY_TYPE, type_of(kind))));
  for (const CK_OBJECT_HANDLE object : objects) {
    PATENT_TRY(const Bytes octets, read(session, object, CKA_LABEL));
    std::string name(octets.begin(), octets.end());
    if (valid_key_name(name)) keys.push_back({std::move(name), kind});
  }
  return {};
}

// RFC 7512, 2.3: what need not be escaped in every part.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    out += plain ? std::string(1, c) : "%" + to_hex(as_bytes(std::string_view(&c, 1)));
  }
  return out;
}

}  // namespace

Pkcs11KeyVault::Pkcs11KeyVault(Pkcs11Token token, Passphrase pin)
    : token_(std::make_shared<pkcs11::Token>(std::move(token), std::move(pin))) {}

template <class Make>
Result<Bytes, CryptoError> Pkcs11KeyVault::make(std::string_view name, KeyKind kind, Make make_it) {
  if (!valid_key_name(name)) return unexpected(CryptoError::bad_encoding);
  const auto there = id_of(name, kind);
  if (there || there.error() == CryptoError::bad_state) return unexpected(CryptoError::already_exists);
  if (there.error() != CryptoError::not_found) return unexpected(there.error());
  PATENT_TRY(Bytes id, new_id());
  PATENT_TRY_VOID(token_->use(Repeat::no, [&](const Session& session) { return make_it(session, id); }));
  // A token has no lock for two programs: who finds another's key of this name beside his own gives way.
  const auto alone = id_of(name, kind);
  if (alone) return id;
  PATENT_TRY_VOID(destroy_objects(kind, id));
  return unexpected(alone.error() == CryptoError::bad_state ? CryptoError::already_exists : alone.error());
}

Result<Bytes, CryptoError> Pkcs11KeyVault::mark() {
  static const auto mark = random_octets(kMarkOctets);
  return mark;
}

Result<Bytes, CryptoError> Pkcs11KeyVault::id_of(std::string_view name, KeyKind kind) {
  if (!valid_key_name(name)) return unexpected(CryptoError::not_found);
  PATENT_TRY(Found found,
             token_->use(Repeat::yes, [&](const Session& session) { return find_key(session, name, kind); }));
  return std::move(found.id);
}

Result<std::unique_ptr<SigningKey>, CryptoError> Pkcs11KeyVault::make_signing_key(std::string_view name, Curve curve) {
  PATENT_TRY(Bytes id, make(name, KeyKind::signing, [&](const Session& session, const Bytes& chosen) {
               return generate_pair(session, name, curve, chosen);
             }));
  return pkcs11::TokenSigningKey::open(token_, std::move(id));
}

Result<std::unique_ptr<SigningKey>, CryptoError> Pkcs11KeyVault::signing_key(std::string_view name) {
  PATENT_TRY(Bytes id, id_of(name, KeyKind::signing));
  return pkcs11::TokenSigningKey::open(token_, std::move(id));
}

Result<std::unique_ptr<MasterKey>, CryptoError> Pkcs11KeyVault::make_master_key(std::string_view name, AesKey length) {
  PATENT_TRY(Bytes id, make(name, KeyKind::master, [&](const Session& session, const Bytes& chosen) {
               return generate_master(session, name, length, chosen);
             }));
  return std::make_unique<pkcs11::TokenMasterKey>(token_, std::move(id));
}

Result<std::unique_ptr<MasterKey>, CryptoError> Pkcs11KeyVault::import_master_key(std::string_view name, Secret key) {
  if (!is_aes_key(key.view())) return unexpected(CryptoError::bad_length);
  PATENT_TRY(Bytes id, make(name, KeyKind::master, [&](const Session& session, const Bytes& chosen) {
               return enter_master(session, name, key, chosen);
             }));
  return std::make_unique<pkcs11::TokenMasterKey>(token_, std::move(id));
}

Result<std::unique_ptr<MasterKey>, CryptoError> Pkcs11KeyVault::master_key(std::string_view name) {
  PATENT_TRY(Bytes id, id_of(name, KeyKind::master));
  return std::make_unique<pkcs11::TokenMasterKey>(token_, std::move(id));
}

Result<std::vector<KeyEntry>, CryptoError> Pkcs11KeyVault::list() {
  return token_->use(Repeat::yes, [&](const Session& session) -> Result<std::vector<KeyEntry>, CryptoError> {
    std::vector<KeyEntry> keys;
    for (const KeyKind kind : {KeyKind::signing, KeyKind::master}) PATENT_TRY_VOID(list_kind(session, kind, keys));
    std::ranges::sort(keys, {}, &KeyEntry::name);
    return keys;
  });
}

Result<bool, CryptoError> Pkcs11KeyVault::has(std::string_view name, KeyKind kind) {
  const auto id = id_of(name, kind);
  if (!id && id.error() != CryptoError::not_found) return unexpected(id.error());
  return id.has_value();
}

Result<void, CryptoError> Pkcs11KeyVault::rename(std::string_view name, std::string_view new_name) {
  if (!valid_key_name(new_name)) return unexpected(CryptoError::bad_encoding);
  for (const KeyKind kind : {KeyKind::signing, KeyKind::master}) {
    PATENT_TRY(const bool there, has(name, kind));
    if (!there) continue;
    PATENT_TRY(const bool taken, has(new_name, kind));
    if (taken) return unexpected(CryptoError::already_exists);
    return token_->use(Repeat::no, [&](const Session& session) -> Result<void, CryptoError> {
      PATENT_TRY(const Found key, find_key(session, name, kind));
      return rename_key(session, key, kind, new_name);
    });
  }
  return unexpected(CryptoError::not_found);
}

Result<void, CryptoError> Pkcs11KeyVault::destroy(std::string_view name, KeyKind kind) {
  PATENT_TRY(const Bytes id, id_of(name, kind));
  return destroy_objects(kind, id);
}

Result<void, CryptoError> Pkcs11KeyVault::destroy_objects(KeyKind kind, ByteView id) {
  return token_->use(Repeat::no, [&](const Session& session) -> Result<void, CryptoError> {
    bool found = false;
    for (const CK_OBJECT_CLASS half : {class_of(kind), CK_OBJECT_CLASS{CKO_PUBLIC_KEY}}) {
      PATENT_TRY(const auto objects, find(session, Attributes().set(CKA_CLASS, half).set(CKA_ID, id)));
      for (const CK_OBJECT_HANDLE object : objects)
        PATENT_TRY_VOID(pkcs11::outcome(session->C_DestroyObject(session.handle, object)));
      found = found || !objects.empty();
    }
    if (!found) return unexpected(CryptoError::not_found);
    return {};
  });
}

std::filesystem::path Pkcs11KeyVault::place(std::string_view name, KeyKind kind) const {
  return "pkcs11:token=" + escaped(token_->name().label) + ";object=" + escaped(name) +
         (kind == KeyKind::signing ? ";type=private" : ";type=secret-key");
}

}  // namespace crypto
