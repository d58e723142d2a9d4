// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/chip/tlv_edit.hpp"

#include <algorithm>

#include "tests/conformance/kit/case.hpp"

namespace conformance {
namespace {

constexpr std::uint32_t kBody = 0x7F4E, kSignature = 0x5F37;

Bytes joined(ByteView a, ByteView b) {
  Bytes out(a.begin(), a.end());
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

ByteView value_of(ByteView body) {
  const auto object = crypto::read_only_tlv(body, kBody);
  if (!object) cannot_run("a test certificate has no body");
  return object->value;
}

Bytes signed_as(ByteView body, const Bytes& signature) { return joined(body, crypto::tlv(kSignature, signature)); }

Bytes copy(ByteView octets) { return {octets.begin(), octets.end()}; }

}  // namespace

Bytes edited(ByteView value, const std::function<std::optional<Bytes>(const crypto::Tlv&)>& change) {
  Bytes out;
  crypto::TlvReader reader(value);
  while (!reader.at_end()) {
    const auto object = reader.next();
    if (!object) cannot_run("a test certificate cannot be taken apart");
    if (const auto kept = change(*object)) out.insert(out.end(), kept->begin(), kept->end());
  }
  return out;
}

Bytes as_it_is(ByteView body, ByteView signature) { return signed_as(body, copy(signature)); }
Bytes without_signature(ByteView body, ByteView) { return copy(body); }
Bytes without_body(ByteView, ByteView signature) { return crypto::tlv(kSignature, signature); }
Bytes with_body_tag_7f4f(ByteView body, ByteView signature) {
  return signed_as(crypto::tlv(kBody + 1, value_of(body)), copy(signature));
}
Bytes with_signature_tag_5f38(ByteView body, ByteView signature) {
  return joined(body, crypto::tlv(kSignature + 1, signature));
}
Bytes with_longer_body_length(ByteView body, ByteView signature) {
  Bytes out = as_it_is(body, signature);
  ++out[body.size() - value_of(body).size() - 1];  // the length's last octet
  return out;
}
Bytes with_shorter_signature_length(ByteView body, ByteView signature) {
  Bytes out = as_it_is(body, signature);
  --out[out.size() - signature.size() - 1];
  return out;
}
Bytes with_last_octet_increased(ByteView body, ByteView signature) {
  Bytes changed = copy(signature);
  ++changed.back();
  return signed_as(body, changed);
}
Bytes with_last_octet_dropped(ByteView body, ByteView signature) {
  return signed_as(body, copy(signature.first(signature.size() - 1)));
}
Bytes with_r_zero(ByteView body, ByteView signature) {
  Bytes changed = copy(signature);
  std::fill_n(changed.begin(), changed.size() / 2, Byte{0});
  return signed_as(body, changed);
}
Bytes with_s_zero(ByteView body, ByteView signature) {
  Bytes changed = copy(signature);
  std::fill_n(changed.rbegin(), changed.size() / 2, Byte{0});
  return signed_as(body, changed);
}

}  // namespace conformance
