// SPDX-License-Identifier: Apache-2.0
#include "crypto/bac.hpp"

#include <functional>

namespace crypto {

namespace {

constexpr std::size_t kSeedSize = 16;  // and of K.IFD and K.IC
constexpr std::size_t kPlainSize = 2 * std::tuple_size_v<BacChallenge> + kSeedSize;
constexpr std::array<Byte, kDesBlock> kZeroIv{};
constexpr std::array<Byte, kDesBlock> kPaddingBlock{0x80};

Result<SessionKeys, CryptoError> keys_from(Engine& engine, ByteView seed) {
  SessionKeys keys;
  keys.cipher = SmCipher::triple_des;
  PATENT_TRY_VOID(triple_des_kdf(engine, seed, KdfCounter::encryption, keys.encryption));
  PATENT_TRY_VOID(triple_des_kdf(engine, seed, KdfCounter::mac, keys.mac));
  return keys;
}

// The document basic access keys (9.7.2): the seed is the leftmost half of the password.
Result<SessionKeys, CryptoError> document_keys(Engine& engine, const Secret& password) {
  if (password.size() < kSeedSize) return unexpected(CryptoError::bad_length);
  return keys_from(engine, password.view().first(kSeedSize));
}

// The session keys: their seed is K.IFD xor K.IC, and the counter starts on the challenges' ends (9.8).
Result<SessionKeys, CryptoError> session_keys(Engine& engine, ByteView terminal_part, ByteView chip_part,
                                              ByteView terminal_challenge, ByteView chip_challenge) {
  Secret seed;
  std::ranges::transform(terminal_part, chip_part, seed.prepare(kSeedSize).begin(), std::bit_xor<>());
  PATENT_TRY(SessionKeys keys, keys_from(engine, seed.view()));
  const auto behind = std::ranges::copy(chip_challenge.last(kDesBlock / 2), keys.counter_start.begin()).out;
  std::ranges::copy(terminal_challenge.last(kDesBlock / 2), behind);
  return keys;
}

// What either side says under the document keys: own challenge, the peer's, own part of the seed (4.3.2).
struct Said {
  ByteView own_challenge, peer_challenge, key_part;
};

Said parts_of(const Secret& plain) {
  const ByteView all = plain.view();
  return {all.first(kDesBlock), all.subspan(kDesBlock, kDesBlock), all.last(kSeedSize)};
}

Result<SessionMac, CryptoError> mac_over(Engine& engine, const SessionKeys& keys, ByteView encrypted) {
  return retail_mac(engine, keys.mac.view(), std::array<ByteView, 2>{encrypted, kPaddingBlock});
}

Result<BacCryptogram, CryptoError> seal(Engine& engine, const SessionKeys& keys, const Said& said) {
  Secret plain;
  auto at = plain.prepare(kPlainSize).begin();
  for (const ByteView part : {said.own_challenge, said.peer_challenge, said.key_part})
    at = std::ranges::copy(part, at).out;
  std::array<Byte, kPlainSize> encrypted{};
  PATENT_TRY_VOID(engine.triple_des_cbc(Direction::encrypt, keys.encryption.view(), kZeroIv, plain.view(), encrypted));
  PATENT_TRY(const SessionMac mac, mac_over(engine, keys, encrypted));
  BacCryptogram out;
  if (!out.append(encrypted) || !out.append(mac)) return unexpected(CryptoError::bad_length);
  return out;
}

Engine::Outcome open(Engine& engine, const SessionKeys& keys, ByteView cryptogram, Secret& plain) {
  if (cryptogram.size() != BacCryptogram::capacity()) return unexpected(CryptoError::bad_length);
  const ByteView encrypted = cryptogram.first(kPlainSize);
  PATENT_TRY(const SessionMac mac, mac_over(engine, keys, encrypted));
  if (!constant_time_equal(mac, cryptogram.subspan(kPlainSize))) return unexpected(CryptoError::bad_token);
  return engine.triple_des_cbc(Direction::decrypt, keys.encryption.view(), kZeroIv, encrypted,
                               plain.prepare(kPlainSize));
}

}  // namespace

Result<BacCryptogram, CryptoError> BacTerminal::authenticate(const Secret& password, ByteView chip_challenge) {
  run_.reset();
  if (chip_challenge.size() != kDesBlock) return unexpected(CryptoError::bad_length);
  Run run;
  std::ranges::copy(chip_challenge, run.chip_challenge.begin());
  PATENT_TRY_VOID(engine_.random(run.own_challenge));
  PATENT_TRY_VOID(engine_.random(run.key_part.prepare(kSeedSize)));
  PATENT_TRY(run.keys, document_keys(engine_, password));
  PATENT_TRY(auto sealed, seal(engine_, run.keys, {run.own_challenge, run.chip_challenge, run.key_part.view()}));
  run_ = std::move(run);
  return sealed;
}

Result<SessionKeys, CryptoError> BacTerminal::finish(ByteView chip_cryptogram) {
  if (!run_) return unexpected(CryptoError::bad_state);
  const Run run = *std::move(run_);
  run_.reset();
  Secret plain;
  PATENT_TRY_VOID(open(engine_, run.keys, chip_cryptogram, plain));
  const Said said = parts_of(plain);
  // Our own challenge: or an answer of another run would do. The chip's: or our own cryptogram would.
  if (!constant_time_equal(said.own_challenge, run.chip_challenge) ||
      !constant_time_equal(said.peer_challenge, run.own_challenge))
    return unexpected(CryptoError::bad_token);
  return session_keys(engine_, run.key_part.view(), said.key_part, run.own_challenge, run.chip_challenge);
}

Result<BacChallenge, CryptoError> BacChip::challenge() {
  keys_.reset();
  challenge_.reset();
  BacChallenge challenge{};
  PATENT_TRY_VOID(engine_.random(challenge));
  challenge_ = challenge;
  return challenge;
}

Result<BacCryptogram, CryptoError> BacChip::answer(const Secret& password, ByteView terminal_cryptogram) {
  keys_.reset();
  if (!challenge_) return unexpected(CryptoError::bad_state);
  const BacChallenge challenge = *challenge_;
  challenge_.reset();
  PATENT_TRY(const SessionKeys document, document_keys(engine_, password));
  Secret plain;
  PATENT_TRY_VOID(open(engine_, document, terminal_cryptogram, plain));
  const Said said = parts_of(plain);
  if (!constant_time_equal(said.peer_challenge, challenge)) return unexpected(CryptoError::bad_token);
  Secret key_part;
  PATENT_TRY_VOID(engine_.random(key_part.prepare(kSeedSize)));
  PATENT_TRY(auto keys, session_keys(engine_, said.key_part, key_part.view(), said.own_challenge, challenge));
  PATENT_TRY(auto sealed, seal(engine_, document, {challenge, said.own_challenge, key_part.view()}));
  keys_ = std::move(keys);
  return sealed;
}

Result<SessionKeys, CryptoError> BacChip::take_keys() {
  if (!keys_) return unexpected(CryptoError::bad_state);
  SessionKeys keys = *std::move(keys_);
  keys_.reset();
  return keys;
}

}  // namespace crypto
