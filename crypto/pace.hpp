// SPDX-License-Identifier: Apache-2.0
// Owns the mathematics of PACE (ICAO Doc 9303-11, 4.4) over elliptic curves, for chip and terminal: the three mappings.
// No APDU here, no heap.
#pragma once

#include <cstdint>

#include "crypto/key_agreement.hpp"
#include "crypto/pace_mapping.hpp"

namespace crypto {

enum class Mapping : std::uint8_t { generic, integrated, chip_authentication };

struct PaceParameters {
  Curve curve = Curve::secp384r1;
  AesKey key = AesKey::aes256;
  Mapping mapping = Mapping::generic;
  SmCipher cipher = SmCipher::aes;  // 3DES's two keys are as long as one of AES-128; it has generic mapping only
  friend bool operator==(const PaceParameters&, const PaceParameters&) = default;
};

// id-PACE-ECDH-{GM,IM,CAM}-AES-CBC-CMAC-{128,192,256} or id-PACE-ECDH-GM-3DES-CBC-CBC: the OID's value octets (no tag,
// no length), 10 octets. The curve is not in it.
[[nodiscard]] ByteView pace_oid(const PaceParameters& parameters);

using Token = Buffer<8>;

// What a PACE-CAM run has shown: the chip's mapping key and what relates its private part to the static one
// (Doc 9303-11, 4.4.3.5.2). A protocol's result, not a verdict: check_chip_mapping (crypto/chip_authentication.hpp)
// says whether it fits a static key.
struct ChipMapping {
  Curve curve = Curve::secp384r1;
  Point mapping_key;              // PK_map,IC
  Buffer<kMaxFieldSize> ca_data;  // CA_IC, a scalar
};
// A_IC: CA_IC padded and encrypted.
using EncryptedChipData = Buffer<80>;

// The state that both roles share; not used by itself.
class PaceSide {
protected:
  PaceSide(Engine& engine, PaceParameters parameters) : engine_(engine), parameters_(parameters) {}

  enum class Step : std::uint8_t { idle, nonce, mapped, agreed, done, ended };

  // Does `work` if the run stands at `from`, and brings it to `to`. Out of order, or when the work fails: the run has
  // ended and its secrets are gone.
  template <class Work>
  auto advance(Step from, Step to, Work work) -> decltype(work());

  [[nodiscard]] bool maps_as(Mapping mapping) const { return parameters_.mapping == mapping; }
  Engine::Outcome nonce_cipher(Direction direction, const Secret& password_key, ByteView in, ByteSpan out);
  Engine::Outcome make_mapping_key();
  Result<Point, CryptoError> map_and_make_ephemeral(ByteView peer_mapping_key);
  Engine::Outcome agree(ByteView peer_ephemeral_key);
  // The authentication token over an ephemeral public key (Doc 9303-11, 4.4.3.4).
  [[nodiscard]] Result<Token, CryptoError> token_over(ByteView public_key) const;
  // What each side sends, and what it must get.
  [[nodiscard]] Result<Token, CryptoError> own_token() const { return token_over(peer_ephemeral_key_); }
  [[nodiscard]] Engine::Outcome check(ByteView peer_token) const;
  void wipe_secrets();

  Engine& engine_;
  PaceParameters parameters_;
  Step step_ = Step::idle;
  Secret nonce_;  // s
  Secret mapping_scalar_;
  Secret ephemeral_scalar_;
  Secret static_key_;   // SK_IC; the chip's alone
  Point mapping_data_;  // our mapping key; with integrated mapping t, which both sides know
  Point ephemeral_key_;
  Point peer_ephemeral_key_;
  SessionKeys keys_;
};

// The four steps of GENERAL AUTHENTICATE as the terminal sees them. A failed step, or one out of order, ends the run:
// later ones say bad_state, and a new run needs a new object.
class PaceTerminal : private PaceSide {
public:
  PaceTerminal(Engine& engine, PaceParameters parameters) : PaceSide(engine, parameters) {}

  // 80: the encrypted nonce z. Gives the terminal's mapping data (81): a key or, with integrated mapping, a nonce t.
  Result<Point, CryptoError> decrypt_nonce(const Secret& password_key, ByteView encrypted_nonce);
  // 82: the chip's mapping key; nothing with integrated mapping. Gives the terminal's ephemeral key on the mapped
  // generator (83).
  Result<Point, CryptoError> map(ByteView chip_mapping_data);
  // 84: the chip's ephemeral key, which must differ from the terminal's. Gives T_PCD (85).
  Result<Token, CryptoError> agree(ByteView chip_ephemeral_key);
  // 86: T_PICC. bad_token when the passwords differ.
  Result<SessionKeys, CryptoError> finish(ByteView chip_token);
  // 8A, after finish() of a run with Mapping::chip_authentication, once. bad_token when it does not decrypt to a
  // scalar.
  Result<ChipMapping, CryptoError> open_chip_authentication(ByteView encrypted_chip_data);

  // The ephemeral public keys, after agree(): what Terminal Authentication names this run by.
  [[nodiscard]] ByteView terminal_key() const { return ephemeral_key_; }
  [[nodiscard]] ByteView chip_key() const { return peer_ephemeral_key_; }

private:
  Point chip_mapping_key_;
};

class PaceChip : private PaceSide {
public:
  PaceChip(Engine& engine, PaceParameters parameters) : PaceSide(engine, parameters) {}

  // Gives the encrypted nonce z (80): one block, or with integrated mapping as many as the key needs.
  Result<Buffer<kMaxNonceSize>, CryptoError> encrypt_nonce(const Secret& password_key);
  // With Mapping::chip_authentication, before finish(): the static private key, on the run's curve.
  void set_chip_key(const Secret& static_private_key) { static_key_ = static_private_key.clone(); }
  // 81 in, 82 out.
  Result<Point, CryptoError> map(ByteView terminal_mapping_data);
  // 83 in, 84 out.
  Result<Point, CryptoError> agree(ByteView terminal_ephemeral_key);
  // 85 in, 86 out; bad_token when the passwords differ. Then take_keys() may be called, once.
  Result<Token, CryptoError> finish(ByteView terminal_token);
  // 8A, after finish() of a run with Mapping::chip_authentication and before take_keys().
  [[nodiscard]] Result<EncryptedChipData, CryptoError> chip_authentication_data() const;
  Result<SessionKeys, CryptoError> take_keys();

  // As PaceTerminal's.
  [[nodiscard]] ByteView terminal_key() const { return peer_ephemeral_key_; }
  [[nodiscard]] ByteView chip_key() const { return ephemeral_key_; }

private:
  Engine::Outcome seal_chip_data();

  EncryptedChipData chip_data_;
};

}  // namespace crypto
