// SPDX-License-Identifier: Apache-2.0
// Owns the security domain's one static key set: its form in memory, and PUT KEY's exchange of it.
#pragma once

#include "card/host/answer.hpp"
#include "card/host/gp_command.hpp"
#include "card/wire/scp03.hpp"

namespace host {

enum class KeyOrigin : std::uint8_t { transport = 0, issuer = 1 };

inline constexpr std::size_t kKeySetHeader = 3;  // origin, version, octets of a key
inline constexpr std::size_t kKeysInSet = 3;
inline constexpr std::size_t kMaxKeyOctets = 32;
inline constexpr std::size_t kMaxKeySetOctets = kKeySetHeader + kKeysInSet * kMaxKeyOctets;
static_assert(kMaxKeySetOctets <= 2 * crypto::Secret::kCapacity);

// A key set as it lies in memory; wiped when it ends.
class KeySetImage {
public:
  KeySetImage() = default;
  KeySetImage(const KeySetImage&) = default;
  KeySetImage& operator=(const KeySetImage&) = default;
  ~KeySetImage() { crypto::wipe(octets_.span()); }
  [[nodiscard]] bool append(crypto::ByteView more) { return octets_.append(more); }
  [[nodiscard]] bool resize(std::size_t size) { return octets_.resize(size); }
  [[nodiscard]] crypto::ByteView view() const { return octets_.view(); }
  [[nodiscard]] crypto::ByteSpan span() { return octets_.span(); }

private:
  crypto::Buffer<kMaxKeySetOctets> octets_;
};

// out_of_range when the version is not 01..7F or the keys are not three AES keys of one length.
crypto::Result<KeySetImage, StoreError> encode_key_set(KeyOrigin origin, crypto::Byte version, crypto::ByteView enc,
                                                       crypto::ByteView mac, crypto::ByteView dek);

struct KeySet {
  KeyOrigin origin = KeyOrigin::transport;
  wire::Scp03Keys keys;
};
[[nodiscard]] Answer<KeySet> load_key_set(ObjectStore& store);

// Inside the command's transaction: decrypts the three keys under the session's DEK, compares the check values and
// replaces the set at once. `reply` gets the version and the check values (Card Specification 2.3.1, 11.8.3.1).
Answer<> put_keys(crypto::Engine& engine, ObjectStore& store, const wire::Scp03Session& session, const PutKey& command,
                  wire::Reply& reply);

}  // namespace host
