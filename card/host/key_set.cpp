// SPDX-License-Identifier: Apache-2.0
#include "card/host/key_set.hpp"

#include "card/host/card_objects.hpp"

namespace host {

using wire::StatusWord;

namespace {

constexpr bool is_aes_key(std::size_t octets) { return octets == 16 || octets == 24 || octets == 32; }

// The ciphertext of a 24-octet key fills two blocks (Amendment D, 7.2).
constexpr std::size_t padded(std::size_t octets) {
  return (octets + crypto::kAesBlock - 1) / crypto::kAesBlock * crypto::kAesBlock;
}

Answer<crypto::Secret> open_key(crypto::Engine& engine, const wire::Scp03Session& session, const WrappedKey& wrapped) {
  if (!is_aes_key(wrapped.length) || wrapped.ciphertext.size() != padded(wrapped.length))
    return refuse(StatusWord::wrong_data);
  crypto::Secret plain;
  PATENT_TRY_VOID(answer_of(session.decrypt_sensitive(wrapped.ciphertext, plain.prepare(wrapped.ciphertext.size()))));
  crypto::Secret key(plain.view().first(wrapped.length));
  const auto check = wire::key_check_value(engine, key.view());
  if (!check) return refuse(StatusWord::no_precise_diagnosis);
  if (!crypto::constant_time_equal(*check, wrapped.check_value)) return refuse(StatusWord::wrong_data);
  return key;
}

}  // namespace

crypto::Result<KeySetImage, StoreError> encode_key_set(KeyOrigin origin, crypto::Byte version, crypto::ByteView enc,
                                                       crypto::ByteView mac, crypto::ByteView dek) {
  const bool alike = mac.size() == enc.size() && dek.size() == enc.size();
  KeySetImage image;
  const std::array header{static_cast<crypto::Byte>(origin), version, static_cast<crypto::Byte>(enc.size())};
  if (version == 0 || version > 0x7F || !is_aes_key(enc.size()) || !alike || !image.append(header) ||
      !image.append(enc) || !image.append(mac) || !image.append(dek))
    return crypto::unexpected<StoreError>(StoreError::out_of_range);
  return image;
}

Answer<KeySet> load_key_set(ObjectStore& store) {
  KeySetImage image;
  if (!image.resize(std::min(store.size(kKeySetObject), kMaxKeySetOctets))) return refuse(StatusWord::memory_failure);
  PATENT_TRY_VOID(answer_of(store.read(kKeySetObject, 0, image.span())));
  const auto octets = image.view();
  if (octets.size() < kKeySetHeader || octets.size() != kKeySetHeader + kKeysInSet * std::size_t{octets[2]})
    return refuse(StatusWord::memory_failure);
  const std::size_t length = octets[2];
  const auto key = [&](std::size_t index) {
    return crypto::Secret(octets.subspan(kKeySetHeader + index * length, length));
  };
  return KeySet{static_cast<KeyOrigin>(octets[0]), {octets[1], key(0), key(1), key(2)}};
}

Answer<> put_keys(crypto::Engine& engine, ObjectStore& store, const wire::Scp03Session& session, const PutKey& command,
                  wire::Reply& reply) {
  PATENT_TRY(const KeySet current, load_key_set(store));
  // One set is all there is room for; the version that is replaced must be the one in force.
  if (command.replaced_version != current.keys.version) return refuse(StatusWord::referenced_data_not_found);
  std::array<crypto::Secret, kKeysInSet> keys;
  for (std::size_t i = 0; i < kKeysInSet; ++i) {
    PATENT_TRY(keys[i], open_key(engine, session, command.keys[i]));
  }
  const auto image =
      encode_key_set(KeyOrigin::issuer, command.new_version, keys[0].view(), keys[1].view(), keys[2].view());
  if (!image) return refuse(StatusWord::wrong_data);
  PATENT_TRY_VOID(answer_of(store.write(kKeySetObject, image->view())));

  bool fits = reply.append({&command.new_version, 1});
  for (const auto& key : command.keys) fits = fits && reply.append(key.check_value);
  return fits ? Answer<>{} : refuse(StatusWord::wrong_length);
}

}  // namespace host
