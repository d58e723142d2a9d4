// SPDX-License-Identifier: Apache-2.0
// Owns objects in a PKCS#11 token: their attributes, how they are found, and where they are in one epoch.
#pragma once

#include <deque>
#include <optional>

#include "crypto/pkcs11_token.hpp"

namespace crypto::pkcs11 {

// Attributes for the module's functions. Octets are not copied: they must outlive it.
class Attributes {
public:
  Attributes() = default;
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  Attributes& set(CK_ATTRIBUTE_TYPE type, bool value);
  Attributes& set(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
  Attributes& set(CK_ATTRIBUTE_TYPE type, ByteView octets);
  Attributes& set(CK_ATTRIBUTE_TYPE type, std::string_view text) { return set(type, as_bytes(text)); }
  [[nodiscard]] CK_ATTRIBUTE* data() { return list_.data(); }
  [[nodiscard]] CK_ULONG size() const { return list_.size(); }

private:
  std::vector<CK_ATTRIBUTE> list_;
  std::deque<CK_ULONG> numbers_;
};

Result<std::vector<CK_OBJECT_HANDLE>, CryptoError> find(const Session& session, Attributes& wanted);
// not_found; bad_state when there are several.
Result<CK_OBJECT_HANDLE, CryptoError> find_one(const Session& session, Attributes& wanted);
Result<Bytes, CryptoError> read(const Session& session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);

// DER of the curve's name, as CKA_EC_PARAMS has it.
[[nodiscard]] Bytes parameters_of(Curve curve);
// unsupported for other parameters.
Result<Curve, CryptoError> curve_of(ByteView parameters);
// CKA_EC_POINT is an OCTET STRING around the point; some tokens leave it out.
Result<Point, CryptoError> point_of(ByteView attribute, Curve curve);

// A key's object, whatever becomes of its name: CKA_ID stays with it.
class KeyObject {
public:
  KeyObject(CK_OBJECT_CLASS kind, Bytes id) : kind_(kind), id_(std::move(id)) {}
  // Its handle in this session's epoch; looked for once an epoch.
  Result<CK_OBJECT_HANDLE, CryptoError> in(const Session& session) const;

private:
  CK_OBJECT_CLASS kind_;
  Bytes id_;
  mutable std::mutex mutex_;
  mutable unsigned epoch_ = 0;
  mutable CK_OBJECT_HANDLE handle_ = CK_INVALID_HANDLE;
};

}  // namespace crypto::pkcs11
