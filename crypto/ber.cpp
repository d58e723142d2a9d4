// SPDX-License-Identifier: Apache-2.0
#include "crypto/ber.hpp"

namespace crypto {

namespace {

constexpr std::uint32_t kOctetString = 0x04, kDividedOctetString = 0x24;
constexpr std::array<Byte, 2> kEndOfContents{0, 0};

bool starts_indefinite(ByteView in) {
  constexpr Byte kConstructed = 0x20, kLongTag = 0x1F, kIndefinite = 0x80;
  return in.size() >= 2 && (in[0] & kConstructed) != 0 && (in[0] & kLongTag) != kLongTag && in[1] == kIndefinite;
}

bool at_end_of_contents(ByteView in) { return in.size() >= 2 && std::ranges::equal(in.first(2), kEndOfContents); }

void append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }

Result<Bytes, TlvError> join_octet_strings(ByteView parts) {
  Bytes joined;
  while (!parts.empty()) {
    // A reader of its own for each: a stream has more parts than one reader takes.
    PATENT_TRY(const Tlv part, TlvReader(parts, TlvForm::ber).expect(kOctetString));
    append(joined, part.value);
    parts = parts.subspan(part.whole.size());
  }
  return tlv(kOctetString, joined);
}

Result<Bytes, TlvError> written_anew(std::uint32_t tag, ByteView value) {
  if (tag == kDividedOctetString) return join_octet_strings(value);
  if (value.size() > TlvLimits::kMaxLength) return unexpected(TlvError::bad_length);
  return tlv(tag, value);
}

// Takes one object off the front of `rest`.
Result<Bytes, TlvError> take(ByteView& rest, std::size_t depth) {
  if (depth == 0) return unexpected(TlvError::too_deep);
  Bytes value;
  if (starts_indefinite(rest)) {
    const std::uint32_t tag = rest[0];
    for (rest = rest.subspan(2); !at_end_of_contents(rest);) {
      PATENT_TRY(const Bytes inner, take(rest, depth - 1));
      append(value, inner);
    }
    rest = rest.subspan(kEndOfContents.size());
    return written_anew(tag, value);
  }
  TlvReader reader(rest, TlvForm::ber);
  PATENT_TRY(const Tlv object, reader.next());
  rest = reader.rest();
  if (!object.constructed()) return Bytes(object.whole.begin(), object.whole.end());
  for (ByteView inside = object.value; !inside.empty();) {
    PATENT_TRY(const Bytes inner, take(inside, depth - 1));
    append(value, inner);
  }
  if (object.tag != kDividedOctetString && std::ranges::equal(value, object.value))
    return Bytes(object.whole.begin(), object.whole.end());
  return written_anew(object.tag, value);
}

}  // namespace

Result<Bytes, TlvError> with_definite_lengths(ByteView ber) {
  PATENT_TRY(Bytes out, take(ber, kMaxBerDepth));
  if (!ber.empty()) return unexpected(TlvError::trailing_data);
  return out;
}

}  // namespace crypto
