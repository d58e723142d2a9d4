// SPDX-License-Identifier: Apache-2.0
#include "crypto/pace.hpp"

#include "crypto/tlv.hpp"

namespace crypto {

namespace {

constexpr std::size_t kNonceSize = 16;
constexpr std::array<Byte, kAesBlock> kZeroIv{};

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

// scalar * point of the peer. Its length is checked here because an empty point means the generator to an Engine.
Result<Point, CryptoError> times_peer_point(Engine& engine, Curve curve, const Secret& scalar, ByteView point) {
  if (point.size() != point_size(curve)) return unexpected(CryptoError::bad_point);
  return engine.ec_multiply(curve, scalar.view(), point);
}

// A point nobody else may learn (H, the mapped generator, K): wiped where it ends.
class SecretPoint {
public:
  explicit SecretPoint(Result<Point, CryptoError> point) : point_(point) {
    if (point) wipe(point->span());
  }
  SecretPoint(const SecretPoint&) = delete;
  SecretPoint& operator=(const SecretPoint&) = delete;
  ~SecretPoint() {
    if (point_) wipe(point_->span());
  }
  [[nodiscard]] Engine::Outcome outcome() const {
    if (!point_) return unexpected(point_.error());
    return {};
  }
  [[nodiscard]] ByteView view() const { return *point_; }
  [[nodiscard]] ByteView x() const { return view().subspan(1, view().size() / 2); }

private:
  Result<Point, CryptoError> point_;
};

}  // namespace

ByteView pace_oid(const PaceParameters& parameters) {
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
  keys_ = SessionKeys{};
}

Result<Point, CryptoError> PaceSide::make_mapping_key() {
  PATENT_TRY_VOID(engine_.ec_random_scalar(parameters_.curve, mapping_scalar_));
  PATENT_TRY(mapping_key_, engine_.ec_multiply(parameters_.curve, mapping_scalar_.view(), {}));
  return mapping_key_;
}

// Doc 9303-11, 4.4.3.3.1: G' = s * G + H, where H is the Diffie-Hellman point of the two mapping keys.
Result<Point, CryptoError> PaceSide::map_and_make_ephemeral(ByteView peer_mapping_key) {
  const Curve curve = parameters_.curve;
  // A peer that sends our own key back shares no secret with us: it has only mirrored us.
  if (std::ranges::equal(peer_mapping_key, mapping_key_.view())) return unexpected(CryptoError::bad_point);
  const SecretPoint shared(times_peer_point(engine_, curve, mapping_scalar_, peer_mapping_key));
  PATENT_TRY_VOID(shared.outcome());
  const SecretPoint nonce_point(engine_.ec_multiply(curve, nonce_.view(), {}));
  PATENT_TRY_VOID(nonce_point.outcome());
  const SecretPoint generator(engine_.ec_add(curve, nonce_point.view(), shared.view()));
  PATENT_TRY_VOID(generator.outcome());
  nonce_.clear();
  mapping_scalar_.clear();
  PATENT_TRY_VOID(engine_.ec_random_scalar(curve, ephemeral_scalar_));
  PATENT_TRY(ephemeral_key_, engine_.ec_multiply(curve, ephemeral_scalar_.view(), generator.view()));
  return ephemeral_key_;
}

Engine::Outcome PaceSide::agree(ByteView peer_ephemeral_key) {
  // 4.4.1, step 3: both ephemeral keys must differ.
  if (std::ranges::equal(peer_ephemeral_key, ephemeral_key_.view())) return unexpected(CryptoError::bad_point);
  const SecretPoint shared(times_peer_point(engine_, parameters_.curve, ephemeral_scalar_, peer_ephemeral_key));
  PATENT_TRY_VOID(shared.outcome());
  if (!peer_ephemeral_key_.assign(peer_ephemeral_key)) return unexpected(CryptoError::bad_point);
  ephemeral_scalar_.clear();
  PATENT_TRY_VOID(icao_kdf(engine_, shared.x(), KdfCounter::encryption, parameters_.key, keys_.encryption));
  return icao_kdf(engine_, shared.x(), KdfCounter::mac, parameters_.key, keys_.mac);
}

// CMAC over 7F49 { 06 protocol, 86 public key }, the leftmost eight octets.
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

  std::array<Byte, kAesBlock> mac{};
  PATENT_TRY_VOID(engine_.aes_cmac(keys_.mac.view(), std::array{*data}, mac));
  Token token;
  if (!token.assign(ByteView(mac).first<Token::capacity()>())) return unexpected(CryptoError::bad_length);
  return token;
}

Engine::Outcome PaceSide::check(ByteView peer_token) const {
  PATENT_TRY(const Token expected, token_over(ephemeral_key_));
  if (!constant_time_equal(expected, peer_token)) return unexpected(CryptoError::bad_token);
  return {};
}

Result<Point, CryptoError> PaceTerminal::decrypt_nonce(const Secret& password_key, ByteView encrypted_nonce) {
  return advance(Step::idle, Step::nonce, [&]() -> Result<Point, CryptoError> {
    if (password_key.size() != octets(parameters_.key) || encrypted_nonce.size() != kNonceSize)
      return unexpected(CryptoError::bad_length);
    PATENT_TRY_VOID(
        engine_.aes_cbc(Direction::decrypt, password_key.view(), kZeroIv, encrypted_nonce, nonce_.prepare(kNonceSize)));
    return make_mapping_key();
  });
}

Result<Point, CryptoError> PaceTerminal::map(ByteView chip_mapping_key) {
  return advance(Step::nonce, Step::mapped, [&] { return map_and_make_ephemeral(chip_mapping_key); });
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
    return std::move(keys_);
  });
}

Result<Buffer<16>, CryptoError> PaceChip::encrypt_nonce(const Secret& password_key) {
  return advance(Step::idle, Step::nonce, [&]() -> Result<Buffer<16>, CryptoError> {
    if (password_key.size() != octets(parameters_.key)) return unexpected(CryptoError::bad_length);
    PATENT_TRY_VOID(engine_.random(nonce_.prepare(kNonceSize)));
    Buffer<kNonceSize> encrypted;
    if (!encrypted.resize(kNonceSize)) return unexpected(CryptoError::bad_length);
    PATENT_TRY_VOID(engine_.aes_cbc(Direction::encrypt, password_key.view(), kZeroIv, nonce_.view(), encrypted.span()));
    return encrypted;
  });
}

Result<Point, CryptoError> PaceChip::map(ByteView terminal_mapping_key) {
  return advance(Step::nonce, Step::mapped, [&]() -> Result<Point, CryptoError> {
    PATENT_TRY(const Point own, make_mapping_key());
    PATENT_TRY_VOID(map_and_make_ephemeral(terminal_mapping_key));
    return own;
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
    return own_token();
  });
}

Result<SessionKeys, CryptoError> PaceChip::take_keys() {
  return advance(Step::done, Step::ended, [&]() -> Result<SessionKeys, CryptoError> { return std::move(keys_); });
}

}  // namespace crypto
