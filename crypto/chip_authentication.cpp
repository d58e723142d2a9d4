// SPDX-License-Identifier: Apache-2.0
#include "crypto/chip_authentication.hpp"

#include "crypto/tlv.hpp"

namespace crypto {

namespace {

// id-CA-ECDH, 0.4.0.127.0.7.2.2.3.2, then the cipher (Doc 9303-11, 9.2.5).
constexpr std::array<Byte, 10> kTripleDesOid{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x01};
constexpr std::array<std::array<Byte, 10>, 3> kOids{{
    {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x02},
    {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x03},
    {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x04},
}};

}  // namespace

ByteView ca_oid(AesKey key) { return kOids[octets(key) / 8 - 2]; }
ByteView triple_des_ca_oid() { return kTripleDesOid; }

Result<KeyAgreementTemplate, CryptoError> key_agreement_template(ByteView terminal_ephemeral_key,
                                                                 std::optional<Byte> key_id) {
  std::array<Byte, KeyAgreementTemplate::capacity()> memory{};
  TlvWriter writer(memory);
  writer.put(0x91, terminal_ephemeral_key);
  if (key_id) writer.put(0x84, {&*key_id, 1});
  const auto whole = writer.finish();
  KeyAgreementTemplate out;
  if (!whole || !out.assign(*whole)) return unexpected(CryptoError::bad_length);
  return out;
}

Result<Point, CryptoError> ChipAuthenticationTerminal::start(ByteView static_public_key) {
  keys_.reset();
  Secret ephemeral_scalar;
  PATENT_TRY_VOID(engine_.ec_random_scalar(curve_, ephemeral_scalar));
  PATENT_TRY(auto keys, chip_agree(engine_, curve_, key_, ephemeral_scalar, static_public_key, cipher_));
  PATENT_TRY(terminal_key_, engine_.ec_multiply(curve_, ephemeral_scalar.view(), {}));
  keys_ = std::move(keys);
  return terminal_key_;
}

Result<SessionKeys, CryptoError> ChipAuthenticationTerminal::finish() {
  if (!keys_) return unexpected(CryptoError::bad_state);
  SessionKeys keys = *std::move(keys_);
  keys_.reset();
  return keys;
}

Result<SessionKeys, CryptoError> chip_agree(Engine& engine, Curve curve, AesKey key, const Secret& static_private_key,
                                            ByteView terminal_ephemeral_key, SmCipher cipher) {
  const SecretPoint shared(multiply_peer_point(engine, curve, static_private_key.view(), terminal_ephemeral_key));
  SessionKeys keys;
  PATENT_TRY_VOID(derive_session_keys(engine, shared, key, keys, cipher));
  return keys;
}

// 4.4.3.5.2: PK_map,IC = KA(CA_IC, PK_IC).
Engine::Outcome check_chip_mapping(Engine& engine, const ChipMapping& mapping, ByteView static_public_key) {
  PATENT_TRY(const Point expected,
             multiply_peer_point(engine, mapping.curve, mapping.ca_data.view(), static_public_key));
  if (!std::ranges::equal(expected.view(), mapping.mapping_key.view())) return unexpected(CryptoError::bad_token);
  return {};
}

}  // namespace crypto
