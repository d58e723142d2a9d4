// SPDX-License-Identifier: Apache-2.0
#include "crypto/tlv.hpp"

namespace crypto {

namespace {

constexpr std::uint32_t kMaxTag = 0xFFFFFF;

constexpr std::size_t octets_of(std::size_t number) {
  std::size_t count = 1;
  while ((number >>= 8) != 0) ++count;
  return count;
}

constexpr std::size_t length_octets(std::size_t length) { return length < 0x80 ? 1 : 1 + octets_of(length); }

struct Header {
  std::uint32_t tag = 0;
  std::size_t length = 0;
  std::size_t size = 0;  // octets of tag and length
};

// A number below 31 in a tag of two octets is taken: ISO/IEC 7816-6 and Doc 9303-10 have such tags (5F01, 5F0E).
Result<Header, TlvError> read_tag(ByteView in) {
  if (in.empty()) return unexpected(TlvError::truncated);
  if (in[0] == 0x00) return unexpected(TlvError::bad_tag);
  Header header{in[0], 0, 1};
  if ((in[0] & 0x1F) != 0x1F) return header;
  for (bool more = true; more; ++header.size) {
    if (header.size == TlvLimits::kMaxTagOctets) return unexpected(TlvError::bad_tag);
    if (header.size == in.size()) return unexpected(TlvError::truncated);
    const Byte octet = in[header.size];
    if (header.size == 1 && octet == 0x80) return unexpected(TlvError::bad_tag);
    header.tag = header.tag << 8 | octet;
    more = (octet & 0x80) != 0;
  }
  return header;
}

Result<Header, TlvError> read_header(ByteView in, TlvForm form) {
  PATENT_TRY(Header header, read_tag(in));
  if (header.size == in.size()) return unexpected(TlvError::truncated);
  const Byte first = in[header.size++];
  if (first < 0x80) {
    header.length = first;
    return header;
  }
  const std::size_t count = first & 0x7F;
  if (count == 0 || count > 4) return unexpected(TlvError::bad_length);
  if (in.size() - header.size < count) return unexpected(TlvError::truncated);
  for (const Byte octet : in.subspan(header.size, count)) header.length = header.length << 8 | octet;
  header.size += count;
  if (header.length > TlvLimits::kMaxLength) return unexpected(TlvError::bad_length);
  if (form == TlvForm::der && length_octets(header.length) != 1 + count) return unexpected(TlvError::bad_length);
  return header;
}

// What stands before a value. Room for the largest tag and length that the types can hold.
class HeaderOctets {
public:
  HeaderOctets(std::uint32_t tag, std::size_t length) {
    put_number(tag);
    if (length >= 0x80) octets_[size_++] = static_cast<Byte>(0x80 | octets_of(length));
    put_number(length);
  }
  [[nodiscard]] ByteView view() const { return {octets_.data(), size_}; }

private:
  void put_number(std::size_t number) {
    for (std::size_t i = octets_of(number); i > 0; --i) octets_[size_++] = static_cast<Byte>(number >> (8 * (i - 1)));
  }

  std::array<Byte, sizeof(std::uint32_t) + 1 + sizeof(std::size_t)> octets_{};
  std::size_t size_ = 0;
};

}  // namespace

bool Tlv::constructed() const {
  const std::size_t low_bits = 8 * (octets_of(tag) - 1);
  return (tag >> low_bits & 0x20) != 0;
}

Result<Tlv, TlvError> TlvReader::next() {
  if (read_ == TlvLimits::kMaxObjects) return unexpected(TlvError::too_many);
  PATENT_TRY(const Header header, read_header(rest_, form_));
  if (rest_.size() - header.size < header.length) return unexpected(TlvError::truncated);
  const Tlv object{header.tag, rest_.subspan(header.size, header.length), rest_.first(header.size + header.length)};
  rest_ = rest_.subspan(object.whole.size());
  ++read_;
  return object;
}

Result<Tlv, TlvError> TlvReader::expect(std::uint32_t tag) {
  TlvReader ahead = *this;
  PATENT_TRY(const Tlv object, ahead.next());
  if (object.tag != tag) return unexpected(TlvError::unexpected_tag);
  *this = ahead;
  return object;
}

Result<std::optional<Tlv>, TlvError> TlvReader::accept(std::uint32_t tag) {
  if (at_end()) return std::nullopt;
  TlvReader ahead = *this;
  PATENT_TRY(const Tlv object, ahead.next());
  if (object.tag != tag) return std::nullopt;
  *this = ahead;
  return object;
}

Result<void, TlvError> TlvReader::finish() const {
  if (!at_end()) return unexpected(TlvError::trailing_data);
  return {};
}

Result<Tlv, TlvError> read_only_tlv(ByteView data, std::uint32_t tag, TlvForm form) {
  TlvReader reader(data, form);
  PATENT_TRY(const Tlv object, reader.expect(tag));
  PATENT_TRY_VOID(reader.finish());
  return object;
}

Result<std::optional<Tlv>, TlvError> find_tlv(ByteView data, std::uint32_t tag, TlvForm form) {
  TlvReader reader(data, form);
  while (!reader.at_end()) {
    PATENT_TRY(const Tlv object, reader.next());
    if (object.tag == tag) return object;
  }
  return std::nullopt;
}

std::size_t tlv_header_size(std::uint32_t tag, std::size_t length) { return octets_of(tag) + length_octets(length); }

Result<std::size_t, TlvError> tlv_total_size(ByteView head) {
  PATENT_TRY(const Header header, read_header(head, TlvForm::ber));
  return header.size + header.length;
}

void TlvWriter::raw(ByteView octets) {
  if (failed_ || octets.size() > out_.size() - used_) {
    failed_ = true;
    return;
  }
  std::copy(octets.begin(), octets.end(), out_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ += octets.size();
}

void TlvWriter::put(std::uint32_t tag, ByteView value) {
  header(tag, value.size());
  raw(value);
}

void TlvWriter::header(std::uint32_t tag, std::size_t length) {
  if (tag > kMaxTag || length > TlvLimits::kMaxLength) {
    failed_ = true;  // nothing that our own reader would refuse
    return;
  }
  raw(HeaderOctets(tag, length).view());
}

Result<ByteView, TlvError> TlvWriter::finish() const {
  if (failed_) return unexpected(TlvError::out_of_space);
  return ByteView(out_.first(used_));
}

Bytes tlv(std::uint32_t tag, ByteView value) {
  Bytes out;
  append_tlv(out, tag, value);
  return out;
}

void append_tlv(Bytes& out, std::uint32_t tag, ByteView value) {
  const HeaderOctets header(tag, value.size());
  out.insert(out.end(), header.view().begin(), header.view().end());
  out.insert(out.end(), value.begin(), value.end());
}

}  // namespace crypto
