// SPDX-License-Identifier: Apache-2.0
#include "crypto/der.hpp"

#include <cstdio>

#include "crypto/openssl_handle.hpp"

namespace crypto::der {

namespace {

std::string digits(std::chrono::sys_seconds t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(t - day);
  std::array<char, 40> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d%02u%02u%02d%02d%02dZ", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                 static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

Bytes constructed(std::uint32_t tag, std::initializer_list<ByteView> parts) {
  Bytes value;
  for (const ByteView part : parts) value.insert(value.end(), part.begin(), part.end());
  return tlv(tag, value);
}

Bytes set_of(std::vector<Bytes> parts) {
  std::sort(parts.begin(), parts.end(), [](const Bytes& a, const Bytes& b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  });
  Bytes value;
  for (const Bytes& part : parts) value.insert(value.end(), part.begin(), part.end());
  return tlv(kSet, value);
}

Bytes integer(std::uint64_t value) {
  std::array<Byte, 8> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<Byte>(value >> (56 - 8 * i));
  return integer(ByteView(octets));
}

Bytes integer(ByteView magnitude) {
  while (magnitude.size() > 1 && magnitude[0] == 0) magnitude = magnitude.subspan(1);
  Bytes value;
  if (magnitude.empty() || (magnitude[0] & 0x80) != 0) value.push_back(0);
  value.insert(value.end(), magnitude.begin(), magnitude.end());
  return tlv(kInteger, value);
}

Bytes octet_string(ByteView octets) { return tlv(kOctetString, octets); }

Bytes bit_string(ByteView octets) {
  Bytes value{0};  // unused bits
  value.insert(value.end(), octets.begin(), octets.end());
  return tlv(kBitString, value);
}

Bytes time(std::chrono::sys_seconds t) {
  using namespace std::chrono_literals;
  if (t < std::chrono::sys_days(1950y / 1 / 1) || t >= std::chrono::sys_days(2050y / 1 / 1)) return generalized_time(t);
  return tlv(kUtcTime, as_bytes(std::string_view(digits(t)).substr(2)));
}

Bytes generalized_time(std::chrono::sys_seconds t) { return tlv(kGeneralizedTime, as_bytes(digits(t))); }

Bytes object_identifier(std::string_view dotted) {
  const openssl::ObjectHandle object(OBJ_txt2obj(std::string(dotted).c_str(), 1));
  if (!object) {
    ERR_clear_error();
    return {};
  }
  const ByteView content(OBJ_get0_data(object.get()), OBJ_length(object.get()));
  return tlv(kObjectIdentifier, content);
}

std::string dotted(ByteView object_identifier) {
  const auto object = openssl::read_der<openssl::ObjectHandle>(d2i_ASN1_OBJECT, object_identifier);
  std::array<char, 256> text{};
  if (!object) return {};
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object.get(), 1);
  if (size <= 0 || static_cast<std::size_t>(size) >= text.size()) return {};
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace crypto::der
