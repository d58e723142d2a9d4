// SPDX-License-Identifier: Apache-2.0
// Owns the changes that make a certificate wrong in one way: plain functions over its octets, so that tables can name
// them.
#pragma once

#include <array>
#include <functional>
#include <optional>

#include "crypto/tlv.hpp"

namespace conformance {

using crypto::Byte;
using crypto::Bytes;
using crypto::ByteView;

// The objects that stand side by side in `value`, each as `change` gives it back; nothing leaves it out.
Bytes edited(ByteView value, const std::function<std::optional<Bytes>(const crypto::Tlv&)>& change);

// A change of a certificate's body: the objects inside 7F4E in, the objects out. It is signed afterwards.
using BodyChange = Bytes (*)(ByteView objects);

template <std::uint32_t tag>
Bytes without(ByteView objects) {
  return edited(objects, [](const crypto::Tlv& one) -> std::optional<Bytes> {
    if (one.tag == tag) return std::nullopt;
    return Bytes(one.whole.begin(), one.whole.end());
  });
}
template <std::uint32_t tag, auto value>
Bytes with(ByteView objects) {
  return edited(objects, [](const crypto::Tlv& one) -> std::optional<Bytes> {
    return one.tag == tag ? crypto::tlv(tag, value) : Bytes(one.whole.begin(), one.whole.end());
  });
}
// The change made inside the object of this tag.
template <std::uint32_t tag, BodyChange change>
Bytes inside(ByteView objects) {
  return edited(objects, [](const crypto::Tlv& one) -> std::optional<Bytes> {
    return one.tag == tag ? crypto::tlv(tag, change(one.value)) : Bytes(one.whole.begin(), one.whole.end());
  });
}

// A change of the signed certificate: body (7F4E and all) and signature in; what PSO:VERIFY CERTIFICATE carries out.
using SignedChange = Bytes (*)(ByteView body, ByteView signature);

Bytes as_it_is(ByteView body, ByteView signature);
Bytes without_signature(ByteView body, ByteView signature);
Bytes without_body(ByteView body, ByteView signature);
Bytes with_body_tag_7f4f(ByteView body, ByteView signature);
Bytes with_signature_tag_5f38(ByteView body, ByteView signature);
Bytes with_longer_body_length(ByteView body, ByteView signature);        // one more than there is
Bytes with_shorter_signature_length(ByteView body, ByteView signature);  // one less than there is
Bytes with_last_octet_increased(ByteView body, ByteView signature);
Bytes with_last_octet_dropped(ByteView body, ByteView signature);  // the length says so
Bytes with_r_zero(ByteView body, ByteView signature);
Bytes with_s_zero(ByteView body, ByteView signature);

}  // namespace conformance
