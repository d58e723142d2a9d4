// SPDX-License-Identifier: Apache-2.0
#include "card/patent/visible_seal.hpp"

#include <algorithm>

#include "card/patent/c40.hpp"

namespace patent {

namespace {

using crypto::Byte;
template <class T>
using Read = crypto::Result<T, SealError>;

constexpr Byte kMagic = 0xDC, kVersion3 = 0x02, kVersion4 = 0x03, kSignatureMarker = 0xFF;
constexpr std::size_t kReferenceOctets3 = 6, kReferenceLetters3 = 9;  // 2.2, table 1
constexpr std::size_t kStateLetters = 3, kSignerLetters = 4, kCountLetters = 2;
constexpr std::size_t kMaxSerialDigits = 40;  // RFC 5280, 4.1.2.2: 20 octets

crypto::unexpected<SealError> fail(SealError error) { return crypto::unexpected<SealError>(error); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_serial(std::string_view text) {
  return !text.empty() && text.size() <= kMaxSerialDigits &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); }) &&
         text.find_first_not_of('0') != std::string_view::npos;
}
bool is_signer(std::string_view text) {
  return text.size() == kSignerLetters && is_capital(text[0]) && is_capital(text[1]) &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || is_capital(c); });
}

void append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }

// X.690, 8.1.3: a tag is one octet here, and any but FF, so that this is no BER.
void append_length(Bytes& out, std::size_t length) {
  if (length >= 0x100) out.insert(out.end(), {0x82, static_cast<Byte>(length >> 8)});
  if (length >= 0x80 && length < 0x100) out.push_back(0x81);
  out.push_back(static_cast<Byte>(length));
}

// 2.2.1: who signed, two digits that count, and the serial number's.
std::string reference_text(const SealHeader& header) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto count = header.certificate.size();
  return header.signer + kDigits[count >> 4] + kDigits[count & 0x0F] + header.certificate;
}

Bytes encode_header(const SealHeader& header) {
  Bytes out{kMagic, kVersion4};
  append(out, encode_c40(header.state + std::string(kStateLetters - header.state.size(), '<')));
  append(out, encode_c40(reference_text(header)));
  for (const Date& date : {header.issued, header.signed_on})
    append(out, encode_seal_date(int{date.year()}, unsigned{date.month()}, unsigned{date.day()}));
  out.insert(out.end(), {header.feature_definition, header.document_category});
  return out;
}

bool is_encodable(const SealHeader& header) {
  return !header.state.empty() && header.state.size() <= kStateLetters &&
         std::ranges::all_of(header.state, is_capital) && is_signer(header.signer) && is_serial(header.certificate) &&
         header.issued.ok() && header.signed_on.ok();
}

class Reading {
public:
  explicit Reading(ByteView octets) : whole_(octets), rest_(octets) {}

  Read<SignedSeal> seal() {
    if (whole_.size() > kMaxSealOctets) return fail(SealError::too_long);
    SignedSeal out;
    PATENT_TRY(out.seal.header, header());
    for (;;) {
      const auto content = whole_.first(whole_.size() - rest_.size());
      PATENT_TRY(const auto tag, take(1));
      PATENT_TRY(const auto size, length());
      PATENT_TRY(const auto value, take(size));
      if (tag[0] == kSignatureMarker) {
        out.content.assign(content.begin(), content.end());
        out.signature.assign(value.begin(), value.end());
        break;
      }
      out.seal.features.push_back({tag[0], {value.begin(), value.end()}});
    }
    if (!rest_.empty()) return fail(SealError::trailing_data);
    if (out.signature.empty() || out.signature.size() % 2 != 0) return fail(SealError::bad_signature_length);
    return out;
  }

private:
  Read<ByteView> take(std::size_t count) {
    if (count > rest_.size()) return fail(SealError::truncated);
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  Read<std::string> text(std::size_t octets) {
    PATENT_TRY(const auto taken, take(octets));
    auto text = decode_c40(taken);
    if (!text) return fail(SealError::bad_text);
    return *std::move(text);
  }
  Read<Date> date() {
    PATENT_TRY(const auto taken, take(3));
    const auto read = decode_seal_date(taken);
    if (!read) return fail(SealError::bad_date);
    const Date date{std::chrono::year(read->year), std::chrono::month(read->month), std::chrono::day(read->day)};
    if (!date.ok()) return fail(SealError::bad_date);
    return date;
  }

  // 2.3: one octet up to version 3, DER from version 4 on. Whatever it says, no more than what is left is taken.
  Read<std::size_t> length() {
    PATENT_TRY(const auto first, take(1));
    if (version_ == kVersion3 || first[0] < 0x80) return std::size_t{first[0]};
    const std::size_t octets = first[0] & 0x7F;
    if (octets == 0 || octets > 4) return fail(SealError::length_not_shortest);
    PATENT_TRY(const auto digits, take(octets));
    std::size_t size = 0;
    for (const auto digit : digits) size = size << 8 | digit;
    if (digits[0] == 0 || size < 0x80) return fail(SealError::length_not_shortest);
    return size;
  }

  Read<SealHeader> header() {
    PATENT_TRY(const auto first, take(2));
    if (first[0] != kMagic) return fail(SealError::not_a_seal);
    version_ = first[1];
    if (version_ != kVersion3 && version_ != kVersion4) return fail(SealError::unsupported_version);
    SealHeader header;
    PATENT_TRY(header.state, text(2));
    if (header.state.size() != kStateLetters) return fail(SealError::bad_text);  // filled up where it is shorter
    header.state.erase(header.state.find_last_not_of(' ') + 1);
    if (header.state.empty() || !std::ranges::all_of(header.state, is_capital)) return fail(SealError::bad_text);
    PATENT_TRY_VOID(reference(header));
    PATENT_TRY(header.issued, date());
    PATENT_TRY(header.signed_on, date());
    PATENT_TRY(const auto last, take(2));
    header.feature_definition = last[0];
    header.document_category = last[1];
    return header;
  }

  Read<void> reference(SealHeader& header) {
    PATENT_TRY(auto all, text(version_ == kVersion3 ? kReferenceOctets3 : 4));
    if (version_ == kVersion3 && all.size() != kReferenceLetters3) return fail(SealError::bad_reference);
    std::size_t skipped = kSignerLetters;
    if (version_ == kVersion4) {
      const auto count = crypto::from_hex(std::string_view(all).substr(kSignerLetters));
      if (!count || count->size() != 1 || count->front() == 0 || count->front() > kMaxSerialDigits)
        return fail(SealError::bad_reference);
      PATENT_TRY(const auto serial, text((std::size_t{count->front()} + 2) / 3 * 2));
      if (serial.size() != count->front()) return fail(SealError::bad_reference);
      all += serial;
      skipped += kCountLetters;
    }
    header.signer = all.substr(0, kSignerLetters);
    header.certificate = all.substr(skipped);
    if (!is_signer(header.signer) || !is_serial(header.certificate)) return fail(SealError::bad_reference);
    return {};
  }

  ByteView whole_, rest_;
  Byte version_ = 0;
};

}  // namespace

Bytes encode_seal_date(int year, unsigned month, unsigned day) {
  const auto number = month * 1'000'000 + day * 10'000 + static_cast<unsigned>(year);
  return {static_cast<Byte>(number >> 16), static_cast<Byte>(number >> 8), static_cast<Byte>(number)};
}

std::optional<SealDate> decode_seal_date(ByteView octets) {
  if (octets.size() != 3) return std::nullopt;
  const unsigned number = unsigned{octets[0]} << 16 | unsigned{octets[1]} << 8 | octets[2];
  return SealDate{static_cast<int>(number % 10'000), number / 1'000'000, number / 10'000 % 100};
}

std::size_t feature_size(std::size_t value_octets) {
  return 2 + value_octets + (value_octets >= 0x80 ? 1U : 0U) + (value_octets >= 0x100 ? 1U : 0U);
}

std::size_t seal_frame_size(const SealHeader& header, std::size_t signature_octets) {
  return is_encodable(header) ? encode_header(header).size() + feature_size(signature_octets) : 0;
}

Bytes encode_seal_content(const VisibleSeal& seal) {
  if (!is_encodable(seal.header)) return {};
  Bytes out = encode_header(seal.header);
  for (const auto& feature : seal.features) {
    if (feature.tag == kSignatureMarker) return {};
    out.push_back(feature.tag);
    append_length(out, feature.value.size());
    append(out, feature.value);
  }
  return out;
}

Bytes encode_seal(ByteView content, ByteView signature) {
  Bytes out(content.begin(), content.end());
  out.push_back(kSignatureMarker);
  append_length(out, signature.size());
  append(out, signature);
  return out;
}

crypto::Result<SignedSeal, SealError> decode_seal(ByteView octets) { return Reading(octets).seal(); }

}  // namespace patent
