// SPDX-License-Identifier: Apache-2.0
#include "crypto/pace.hpp"

#include "crypto/tlv.hpp"

namespace crypto {

namespace {

constexpr std::array<Byte, kDesBlock> kPadding{0x80};
constexpr std::array<Byte, kAesBlock> kZeroIv{};  // its front is 3DES's

// id-PACE, 0.4.0.127.0.7.2.2.4, then the mapping's arc, then the cipher's (Doc 9303-11, 9.2.3).
using Oid = std::array<Byte, 10>;
constexpr Oid oid_below_pace(Byte mapping, Byte cipher) {
  return {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, mapping, cipher};
}
constexpr std::array<std::array<Oid, 3>, 3> kOids{{
    {oid_below_pace(2, 2), oid_below_pace(2, 3), oid_below_pace(2, 4)},
    {oid_below_pace(4, 2), oid_below_pace(4, 3), oid_below_pace(4, 4)},
    {oid_below_pace(6, 2), oid_below_pace(6, 3), oid_below_pace(6, 4)},
}};

constexpr Oid kTripleDesOid = oid_below_pace(2, 1);

// A scalar's octets, padded (ISO/IEC 9797-1, method 2) to whole blocks.
std::size_t chip_data_size(Curve curve) { return (field_size(curve) / kAesBlock + 1) * kAesBlock; }

// 4.4.3.5.4: IV = E(KS_enc, -1).
Engine::Outcome chip_data_cipher(Engine& engine, Direction direction, const Secret& key, ByteView in, ByteSpan out) {
  std::array<Byte, kAesBlock> iv{};
  iv.fill(0xFF);
  PATENT_TRY_VOID(engine.aes_cbc(Direction::encrypt, key.view(), kZeroIv, iv, iv));
  return engine.aes_cbc(direction, key.view(), iv, in, out);
}

}  // namespace

ByteView pace_oid(const PaceParameters& parameters) {
  if (parameters.cipher == SmCipher::triple_des) return kTripleDesOid;
  return kOids[static_cast<std::size_t>(parameters.mapping)][octets(parameters.key) / 8 - 2];
}

template <class Work>
auto PaceSide::advance(Step from, Step to, Work work) -> decltype(work()) {
  auto result = step_ == from ? work() : decltype(work())(unexpected(CryptoError::bad_state));
  step_ = result ? to : Step::ended;
  if (!result) wipe_secrets();
  return result;
}

void PaceSide::wipe_secrets() {
  nonce_.clear();
  mapping_scalar_.clear();
  ephemeral_scalar_.clear();
  static_key_.clear();
  keys_ = SessionKeys{};
}

Engine::Outcome PaceSide::nonce_cipher(Direction direction, const Secret& password_key, ByteView in, ByteSpan out) {
  const SmCipher cipher = parameters_.cipher;
  if (cipher == SmCipher::triple_des && !maps_as(Mapping::generic)) return unexpected(CryptoError::unsupported);
  if (password_key.size() != octets(parameters_.key)) return unexpected(CryptoError::bad_length);
  const ByteView iv = ByteView(kZeroIv).first(block_size(cipher));
  return session_cbc(engine_, cipher, direction, password_key.view(), iv, in, out);
}

Engine::Outcome PaceSide::make_mapping_key() {
  PATENT_TRY_VOID(engine_.ec_random_scalar(parameters_.curve, mapping_scalar_));
  PATENT_TRY(mapping_data_, engine_.ec_multiply(parameters_.curve, mapping_scalar_.view(), {}));
  return {};
}

Result<Point, CryptoError> PaceSide::map_and_make_ephemeral(ByteView peer_mapping_key) {
  const Curve curve = parameters_.curve;
  // A peer that sends our own key back shares no secret with us: it has only mirrored us.
  if (std::ranges::equal(peer_mapping_key, mapping_data_.view())) return unexpected(CryptoError::bad_point);
  const SecretPoint generator = maps_as(Mapping::integrated)
                                    ? map_integrated(engine_, curve, parameters_.key, nonce_, mapping_data_)
                                    : map_generic(engine_, curve, nonce_, mapping_scalar_, peer_mapping_key);
  PATENT_TRY_VOID(generator.outcome());
  nonce_.clear();
  PATENT_TRY_VOID(engine_.ec_random_scalar(curve, ephemeral_scalar_));
  PATENT_TRY(ephemeral_key_, engine_.ec_multiply(curve, ephemeral_scalar_.view(), generator.view()));
  return ephemeral_key_;
}

Engine::Outcome PaceSide::agree(ByteView peer_ephemeral_key) {
  // 4.4.1, step 3: both ephemeral keys must differ.
  if (std::ranges::equal(peer_ephemeral_key, ephemeral_key_.view())) return unexpected(CryptoError::bad_point);
  const SecretPoint shared(
      multiply_peer_point(engine_, parameters_.curve, ephemeral_scalar_.view(), peer_ephemeral_key));
  ephemeral_scalar_.clear();
  PATENT_TRY_VOID(derive_session_keys(engine_, shared, parameters_.key, keys_, parameters_.cipher));
  if (!peer_ephemeral_key_.assign(peer_ephemeral_key)) return unexpected(CryptoError::bad_point);
  return {};
}

// The MAC over 7F49 { 06 protocol, 86 public key }.
Result<Token, CryptoError> PaceSide::token_over(ByteView public_key) const {
  const ByteView oid = pace_oid(parameters_);
  std::array<Byte, 4 + 2 + 10 + 3 + kMaxPointSize> memory{};
  TlvWriter writer(memory);
  writer.header(0x7F49, tlv_header_size(0x06, oid.size()) + oid.size() + tlv_header_size(0x86, public_key.size()) +
                            public_key.size());
  writer.put(0x06, oid);
  writer.put(0x86, public_key);
  const auto data = writer.finish();
  if (!data) return unexpected(CryptoError::bad_length);

  // The retail MAC is over whole blocks (9.8); CMAC pads for itself.
  const std::size_t padding = parameters_.cipher == SmCipher::triple_des ? kDesBlock - data->size() % kDesBlock : 0;
  const std::array<ByteView, 2> parts{*data, ByteView(kPadding).first(padding)};
  PATENT_TRY(const SessionMac mac, session_mac(engine_, parameters_.cipher, keys_.mac.view(), parts));
  Token token;
  if (!token.assign(mac)) return unexpected(CryptoError::bad_length);
  return token;
}

Engine::Outcome PaceSide::check(ByteView peer_token) const {
  PATENT_TRY(const Token expected, token_over(ephemeral_key_));
  if (!constant_time_equal(expected, peer_token)) return unexpected(CryptoError::bad_token);
  return {};
}

Result<Point, CryptoError> PaceTerminal::decrypt_nonce(const Secret& password_key, ByteView encrypted_nonce) {
  return advance(Step::idle, Step::nonce, [&]() -> Result<Point, CryptoError> {
    const std::size_t size = encrypted_nonce.size();
    // The chip chooses the length: any number of whole blocks (4.4.3.3), of which no more than two are seen.
    if (size == 0 || size > kMaxNonceSize) return unexpected(CryptoError::bad_length);
    PATENT_TRY_VOID(nonce_cipher(Direction::decrypt, password_key, encrypted_nonce, nonce_.prepare(size)));
    if (!maps_as(Mapping::integrated)) {
      PATENT_TRY_VOID(make_mapping_key());
      return mapping_data_;
    }
    if (!mapping_data_.resize(octets(parameters_.key))) return unexpected(CryptoError::bad_length);
    PATENT_TRY_VOID(engine_.random(mapping_data_.span()));
    return mapping_data_;
  });
}

Result<Point, CryptoError> PaceTerminal::map(ByteView chip_mapping_data) {
  return advance(Step::nonce, Step::mapped, [&]() -> Result<Point, CryptoError> {
    // 4.4.5.2.2: with integrated mapping the chip has nothing to add.
    if (maps_as(Mapping::integrated) && !chip_mapping_data.empty()) return unexpected(CryptoError::bad_length);
    PATENT_TRY(const Point own, map_and_make_ephemeral(chip_mapping_data));
    mapping_scalar_.clear();
    if (!chip_mapping_key_.assign(chip_mapping_data)) return unexpected(CryptoError::bad_point);
    return own;
  });
}

Result<Token, CryptoError> PaceTerminal::agree(ByteView chip_ephemeral_key) {
  return advance(Step::mapped, Step::agreed, [&]() -> Result<Token, CryptoError> {
    PATENT_TRY_VOID(PaceSide::agree(chip_ephemeral_key));
    return own_token();
  });
}

Result<SessionKeys, CryptoError> PaceTerminal::finish(ByteView chip_token) {
  return advance(Step::agreed, Step::done, [&]() -> Result<SessionKeys, CryptoError> {
    PATENT_TRY_VOID(check(chip_token));
    SessionKeys keys{keys_.encryption.clone(), std::move(keys_.mac), keys_.cipher};
    if (!maps_as(Mapping::chip_authentication)) keys_.encryption.clear();
    return keys;
  });
}

Result<ChipMapping, CryptoError> PaceTerminal::open_chip_authentication(ByteView encrypted_chip_data) {
  return advance(Step::done, Step::ended, [&]() -> Result<ChipMapping, CryptoError> {
    if (!maps_as(Mapping::chip_authentication)) return unexpected(CryptoError::bad_state);
    const std::size_t size = chip_data_size(parameters_.curve);
    if (encrypted_chip_data.size() != size) return unexpected(CryptoError::bad_token);
    std::array<Byte, EncryptedChipData::capacity()> memory{};
    const ByteSpan plain = ByteSpan(memory).first(size);
    PATENT_TRY_VOID(chip_data_cipher(engine_, Direction::decrypt, keys_.encryption, encrypted_chip_data, plain));
    keys_.encryption.clear();
    const ByteView scalar = plain.first(field_size(parameters_.curve));
    const ByteView padding = plain.subspan(scalar.size());
    if (padding[0] != 0x80 || std::ranges::any_of(padding.subspan(1), [](Byte octet) { return octet != 0; }))
      return unexpected(CryptoError::bad_token);
    ChipMapping mapping{parameters_.curve, chip_mapping_key_, {}};
    if (!mapping.ca_data.assign(scalar)) return unexpected(CryptoError::bad_token);
    return mapping;
  });
}

Result<Buffer<kMaxNonceSize>, CryptoError> PaceChip::encrypt_nonce(const Secret& password_key) {
  return advance(Step::idle, Step::nonce, [&]() -> Result<Buffer<kMaxNonceSize>, CryptoError> {
    const std::size_t size = maps_as(Mapping::integrated) ? integrated_nonce_size(parameters_.key) : kAesBlock;
    PATENT_TRY_VOID(engine_.random(nonce_.prepare(size)));
    Buffer<kMaxNonceSize> encrypted;
    if (!encrypted.resize(size)) return unexpected(CryptoError::bad_length);
    PATENT_TRY_VOID(nonce_cipher(Direction::encrypt, password_key, nonce_.view(), encrypted.span()));
    return encrypted;
  });
}

Result<Point, CryptoError> PaceChip::map(ByteView terminal_mapping_data) {
  return advance(Step::nonce, Step::mapped, [&]() -> Result<Point, CryptoError> {
    if (maps_as(Mapping::integrated)) {
      if (!mapping_data_.assign(terminal_mapping_data)) return unexpected(CryptoError::bad_length);
      PATENT_TRY_VOID(map_and_make_ephemeral({}));
      return Point{};
    }
    PATENT_TRY_VOID(make_mapping_key());
    PATENT_TRY_VOID(map_and_make_ephemeral(terminal_mapping_data));
    // The chip authentication mapping proves later that this scalar and the static key belong to one chip.
    if (!maps_as(Mapping::chip_authentication)) mapping_scalar_.clear();
    return mapping_data_;
  });
}

Result<Point, CryptoError> PaceChip::agree(ByteView terminal_ephemeral_key) {
  return advance(Step::mapped, Step::agreed, [&]() -> Result<Point, CryptoError> {
    PATENT_TRY_VOID(PaceSide::agree(terminal_ephemeral_key));
    return ephemeral_key_;
  });
}

Result<Token, CryptoError> PaceChip::finish(ByteView terminal_token) {
  return advance(Step::agreed, Step::done, [&]() -> Result<Token, CryptoError> {
    PATENT_TRY_VOID(check(terminal_token));
    if (maps_as(Mapping::chip_authentication)) PATENT_TRY_VOID(seal_chip_data());
    return own_token();
  });
}

// 4.4.3.5.1: CA_IC = SK_IC^-1 * SK_map,IC, as octets of the field's width, padded and encrypted.
Engine::Outcome PaceChip::seal_chip_data() {
  if (static_key_.empty()) return unexpected(CryptoError::bad_state);
  const Curve curve = parameters_.curve;
  Secret scalar;
  PATENT_TRY_VOID(engine_.ec_quotient(curve, mapping_scalar_.view(), static_key_.view(), scalar));
  mapping_scalar_.clear();
  static_key_.clear();
  if (!chip_data_.assign(scalar.view()) || !chip_data_.append(0x80) || !chip_data_.resize(chip_data_size(curve)))
    return unexpected(CryptoError::bad_length);
  const auto encrypted = chip_data_cipher(engine_, Direction::encrypt, keys_.encryption, chip_data_, chip_data_.span());
  if (!encrypted) {
    wipe(chip_data_.span());
    chip_data_.clear();
  }
  return encrypted;
}

Result<EncryptedChipData, CryptoError> PaceChip::chip_authentication_data() const {
  if (step_ != Step::done || chip_data_.empty()) return unexpected(CryptoError::bad_state);
  return chip_data_;
}

Result<SessionKeys, CryptoError> PaceChip::take_keys() {
  return advance(Step::done, Step::ended, [&]() -> Result<SessionKeys, CryptoError> { return std::move(keys_); });
}

}  // namespace crypto
