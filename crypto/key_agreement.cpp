// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_agreement.hpp"

namespace crypto {

SecretPoint::SecretPoint(Result<Point, CryptoError> point) : point_(point) {
  if (point) wipe(point->span());
}

SecretPoint::~SecretPoint() {
  if (point_) wipe(point_->span());
}

Engine::Outcome SecretPoint::outcome() const {
  if (!point_) return unexpected(point_.error());
  return {};
}

Result<Point, CryptoError> multiply_peer_point(Engine& engine, Curve curve, ByteView scalar, ByteView point) {
  if (point.size() != point_size(curve)) return unexpected(CryptoError::bad_point);
  return engine.ec_multiply(curve, scalar, point);
}

Engine::Outcome derive_session_keys(Engine& engine, const SecretPoint& shared, AesKey key, SessionKeys& out,
                                    SmCipher cipher) {
  PATENT_TRY_VOID(shared.outcome());
  out.cipher = cipher;
  if (cipher == SmCipher::triple_des) {
    if (key != AesKey::aes128) return unexpected(CryptoError::unsupported);
    PATENT_TRY_VOID(triple_des_kdf(engine, shared.x(), KdfCounter::encryption, out.encryption));
    return triple_des_kdf(engine, shared.x(), KdfCounter::mac, out.mac);
  }
  PATENT_TRY_VOID(icao_kdf(engine, shared.x(), KdfCounter::encryption, key, out.encryption));
  return icao_kdf(engine, shared.x(), KdfCounter::mac, key, out.mac);
}

}  // namespace crypto
