// SPDX-License-Identifier: Apache-2.0
#include "crypto/pace_mapping.hpp"

namespace crypto {

namespace {

using Constant = std::array<Byte, kMaxNonceSize>;
struct Constants {
  Constant c0, c1;
};
// For AES-128 the first blocks; for AES-192 and -256 both of them (Doc 9303-11, 4.4.3.3.2).
constexpr Constants kShort{
    {0xA6, 0x68, 0x89, 0x2A, 0x7C, 0x41, 0xE3, 0xCA, 0x73, 0x9F, 0x40, 0xB0, 0x57, 0xD8, 0x59, 0x04},
    {0xA4, 0xE1, 0x36, 0xAC, 0x72, 0x5F, 0x73, 0x8B, 0x01, 0xC1, 0xF6, 0x02, 0x17, 0xC1, 0x88, 0xAD}};
constexpr Constants kLong{
    {0xD4, 0x63, 0xD6, 0x52, 0x34, 0x12, 0x4E, 0xF7, 0x89, 0x70, 0x54, 0x98, 0x6D, 0xCA, 0x0A, 0x17,
     0x4E, 0x28, 0xDF, 0x75, 0x8C, 0xBA, 0xA0, 0x3F, 0x24, 0x06, 0x16, 0x41, 0x4D, 0x5A, 0x16, 0x76},
    {0x54, 0xBD, 0x72, 0x55, 0xF0, 0xAA, 0xF8, 0x31, 0xBE, 0xC3, 0x42, 0x3F, 0xCF, 0x39, 0xD6, 0x9B,
     0x6C, 0xBF, 0x06, 0x66, 0x77, 0xD0, 0xFA, 0xAE, 0x5A, 0xAD, 0xD9, 0x9D, 0xF8, 0xE5, 0x35, 0x17}};

constexpr std::array<Byte, kAesBlock> kZeroIv{};
constexpr std::size_t kMargin = 8;  // octets beyond the field's, so that the reduced number has no bias
constexpr std::size_t kMaxRandom = (kMaxFieldSize + kMargin + kMaxNonceSize - 1) / kMaxNonceSize * kMaxNonceSize;

struct WipedAtEnd {
  ByteSpan octets;
  ~WipedAtEnd() { wipe(octets); }
};

// R(s, t), as many whole blocks of s's size as `out` has room for: k_0 = E(t, s); x_i = E(k_(i-1), c1),
// k_i = E(k_(i-1), c0), keys cut to their length.
Engine::Outcome fill_pseudo_random(Engine& engine, AesKey length, const Secret& nonce, ByteView terminal_nonce,
                                   ByteSpan out) {
  const std::size_t size = nonce.size();
  const Constants& constants = length == AesKey::aes128 ? kShort : kLong;
  Secret key;
  PATENT_TRY_VOID(engine.aes_cbc(Direction::encrypt, terminal_nonce, kZeroIv, nonce.view(), key.prepare(size)));
  for (; !out.empty(); out = out.subspan(size)) {
    const ByteView current = key.view().first(octets(length));
    Secret next;
    PATENT_TRY_VOID(
        engine.aes_cbc(Direction::encrypt, current, kZeroIv, ByteView(constants.c1).first(size), out.first(size)));
    PATENT_TRY_VOID(
        engine.aes_cbc(Direction::encrypt, current, kZeroIv, ByteView(constants.c0).first(size), next.prepare(size)));
    key = std::move(next);
  }
  return {};
}

}  // namespace

SecretPoint map_generic(Engine& engine, Curve curve, const Secret& nonce, const Secret& mapping_scalar,
                        ByteView peer_mapping_key) {
  const SecretPoint shared(multiply_peer_point(engine, curve, mapping_scalar.view(), peer_mapping_key));
  if (const auto outcome = shared.outcome(); !outcome) return SecretPoint(unexpected(outcome.error()));
  const SecretPoint nonce_point(engine.ec_multiply(curve, nonce.view(), {}));
  if (const auto outcome = nonce_point.outcome(); !outcome) return SecretPoint(unexpected(outcome.error()));
  return SecretPoint(engine.ec_add(curve, nonce_point.view(), shared.view()));
}

SecretPoint map_integrated(Engine& engine, Curve curve, AesKey key, const Secret& nonce, ByteView terminal_nonce) {
  if (nonce.size() != integrated_nonce_size(key) || terminal_nonce.size() != octets(key))
    return SecretPoint(unexpected(CryptoError::bad_length));
  std::array<Byte, kMaxRandom> memory{};
  const std::size_t blocks = (field_size(curve) + kMargin + nonce.size() - 1) / nonce.size();
  const ByteSpan number = ByteSpan(memory).first(blocks * nonce.size());
  const WipedAtEnd secret{number};
  const auto filled = fill_pseudo_random(engine, key, nonce, terminal_nonce, number);
  if (!filled) return SecretPoint(unexpected(filled.error()));
  return SecretPoint(engine.ec_encode_point(curve, number));
}

}  // namespace crypto
