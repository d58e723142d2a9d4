// SPDX-License-Identifier: Apache-2.0
#include "crypto/pkcs11_object.hpp"

#include "crypto/der.hpp"
#include "crypto/openssl_curve.hpp"
#include "crypto/tlv.hpp"

namespace crypto::pkcs11 {

namespace {

constexpr CK_ULONG kAtOnce = 64;
constexpr std::size_t kMaxObjects = 4096, kMaxAttribute = 4096;

}  // namespace

Attributes& Attributes::set(CK_ATTRIBUTE_TYPE type, bool value) {
  static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  list_.push_back({type, value ? &yes : &no, sizeof(CK_BBOOL)});
  return *this;
}

Attributes& Attributes::set(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  list_.push_back({type, &numbers_.emplace_back(value), sizeof(CK_ULONG)});
  return *this;
}

Attributes& Attributes::set(CK_ATTRIBUTE_TYPE type, ByteView octets) {
  list_.push_back({type, const_cast<Byte*>(octets.data()), octets.size()});  // the module only reads
  return *this;
}

Result<std::vector<CK_OBJECT_HANDLE>, CryptoError> find(const Session& session, Attributes& wanted) {
  PATENT_TRY_VOID(outcome(session->C_FindObjectsInit(session.handle, wanted.data(), wanted.size())));
  std::vector<CK_OBJECT_HANDLE> found;
  std::array<CK_OBJECT_HANDLE, kAtOnce> some{};
  for (CK_ULONG count = kAtOnce; count != 0 && found.size() < kMaxObjects;) {
    PATENT_TRY_VOID(outcome(session->C_FindObjects(session.handle, some.data(), some.size(), &count)));
    found.insert(found.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(std::min(count, kAtOnce)));
  }
  PATENT_TRY_VOID(outcome(session->C_FindObjectsFinal(session.handle)));
  return found;
}

Result<CK_OBJECT_HANDLE, CryptoError> find_one(const Session& session, Attributes& wanted) {
  PATENT_TRY(const auto found, find(session, wanted));
  if (found.size() > 1) return unexpected(CryptoError::bad_state);
  if (found.empty()) return unexpected(CryptoError::not_found);
  return found.front();
}

Result<Bytes, CryptoError> read(const Session& session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE attribute{type, nullptr, 0};
  PATENT_TRY_VOID(outcome(session->C_GetAttributeValue(session.handle, object, &attribute, 1)));
  if (attribute.ulValueLen > kMaxAttribute) return unexpected(CryptoError::bad_length);
  Bytes octets(attribute.ulValueLen);
  attribute.pValue = octets.data();
  PATENT_TRY_VOID(outcome(session->C_GetAttributeValue(session.handle, object, &attribute, 1)));
  octets.resize(std::min<std::size_t>(octets.size(), attribute.ulValueLen));
  return octets;
}

Bytes parameters_of(Curve curve) {
  const auto index = openssl::index_of(curve);
  const auto group = index ? openssl::make_group(*index) : nullptr;
  if (!group) return {};
  const ASN1_OBJECT* const name = OBJ_nid2obj(EC_GROUP_get_curve_name(group.get()));
  return name == nullptr ? Bytes() : openssl::write_der(i2d_ASN1_OBJECT, name);
}

Result<Curve, CryptoError> curve_of(ByteView parameters) {
  const auto* const found =
      std::ranges::find_if(kCurves, [&](Curve curve) { return std::ranges::equal(parameters_of(curve), parameters); });
  if (found == kCurves.end()) return unexpected(CryptoError::unsupported);
  return *found;
}

Result<Point, CryptoError> point_of(ByteView attribute, Curve curve) {
  Point point;
  if (attribute.size() != point_size(curve)) {
    const auto wrapped = read_only_tlv(attribute, der::kOctetString);
    if (!wrapped) return unexpected(CryptoError::bad_encoding);
    attribute = wrapped->value;
  }
  if (attribute.size() != point_size(curve) || !point.assign(attribute)) return unexpected(CryptoError::bad_point);
  return point;
}

Result<CK_OBJECT_HANDLE, CryptoError> KeyObject::in(const Session& session) const {
  const std::lock_guard lock(mutex_);
  if (epoch_ != session.epoch) {
    PATENT_TRY(handle_, find_one(session, Attributes().set(CKA_CLASS, kind_).set(CKA_ID, ByteView(id_))));
    epoch_ = session.epoch;
  }
  return handle_;
}

}  // namespace crypto::pkcs11
