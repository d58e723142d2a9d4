// SPDX-License-Identifier: Apache-2.0
#include "card/patent/status_record.hpp"

#include <algorithm>

#include "card/patent/identifiers.hpp"
#include "card/patent/own_objects.hpp"
#include "card/patent/paid_period.hpp"
#include "card/patent/text.hpp"

namespace patent {

namespace {

// A record of the LDS2 form (Doc 9303-10, 5): a search copy, the signed part, the signature, the signer's certificate.
constexpr std::uint32_t kSearchCopy = 0x5F20;
constexpr std::uint32_t kSignedInfo = 0x73;
constexpr std::uint32_t kSignature = 0x5F37;
constexpr std::uint32_t kCertificateRecord = 0x5F38;
constexpr std::uint32_t kCertificateName = 0x5F3A;
constexpr std::uint32_t kCertificate = 0x72;

constexpr std::size_t kMaxCertificateOctets = 900;
constexpr std::size_t kMaxSerialOctets = 20;  // RFC 5280, 4.1.2.2
constexpr std::size_t kMinSignatureOctets = 2 * 28;
constexpr std::size_t kMaxSignatureOctets = 2 * crypto::kMaxFieldSize;

enum Tag : std::uint8_t {
  kCardNumber = 0x81,
  kPatentNumber = 0x82,
  kSequence = 0x83,
  kState = 0x84,
  kReason = 0x85,
  kMonthsPaid = 0x86,
  kAsOf = 0x87,
  kIssuingUnit = 0x88,
  kPolicy = 0x89,
};

bool is_state(std::uint8_t octet) { return octet <= 0x3 || (octet >= 0xC && octet <= 0xF); }

bool is_full_patent_number(std::string_view text) {
  return text.size() == 12 && is_patent_series(text.substr(0, 2)) && is_patent_number(text.substr(2));
}

bool has_form(const StatusRecord& record) {
  return is_card_number(record.card_number) && is_full_patent_number(record.patent_number) &&
         is_state(static_cast<std::uint8_t>(record.state)) && record.months_paid <= kMaxMonths &&
         is_issuer_code(record.issuing_unit) && record.sequence != 0;
}

// YYYYMMDDhhmmss in UTC, as 5F55 of DG12 has it.
std::string time_text(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text = date_text(Date(day));
  for (const auto part : {clock.hours().count(), clock.minutes().count(), clock.seconds().count()}) {
    text += static_cast<char>('0' + part / 10);
    text += static_cast<char>('0' + part % 10);
  }
  return text;
}

// Nothing where the text is not the one that its time would be written as: no leap second, no day 30 of February.
std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
  if (text.size() != 14) return std::nullopt;
  const auto date = parse_date(text.substr(0, 8));
  if (!date) return std::nullopt;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const std::chrono::sys_seconds time = std::chrono::sys_days(*date) + std::chrono::hours(two(8)) +
                                        std::chrono::minutes(two(10)) + std::chrono::seconds(two(12));
  if (time_text(time) != text) return std::nullopt;
  return time;
}

Decoded<StatusRecord> decode_status_info(ByteView value) {
  PATENT_TRY(auto objects, OwnObjects::decode(value));
  StatusRecord record;
  PATENT_TRY(record.card_number, objects.require_text(kCardNumber));
  PATENT_TRY(record.patent_number, objects.require_text(kPatentNumber));
  PATENT_TRY(record.sequence, objects.require_number(kSequence));
  PATENT_TRY(const auto state, objects.require_octet(kState));
  record.state = static_cast<State>(state);
  PATENT_TRY(record.reason, objects.require_octet(kReason));
  PATENT_TRY(record.months_paid, objects.require_octet(kMonthsPaid));
  PATENT_TRY(const auto as_of, objects.require_text(kAsOf));
  PATENT_TRY(record.issuing_unit, objects.require_text(kIssuingUnit));
  PATENT_TRY(const auto policy, objects.require_octet(kPolicy));
  PATENT_TRY_VOID(objects.finish());
  record.policy = static_cast<PaidPeriodPolicy>(policy);
  const auto time = parse_time(as_of);
  if (!time || !has_form(record) || policy < 1 || policy > 2) return crypto::unexpected(DecodeError::bad_value);
  record.as_of = *time;
  return record;
}

std::array<std::uint8_t, 4> search_copy(std::uint32_t sequence) {
  std::array<std::uint8_t, 4> octets{};
  crypto::store_be32(octets, sequence);
  return octets;
}

bool is_country(ByteView name) {
  return std::ranges::all_of(name, [](std::uint8_t c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

Bytes encode_status_info(const StatusRecord& record) {
  if (!has_form(record)) return {};
  OwnObjects objects;
  objects.put(kCardNumber, record.card_number);
  objects.put(kPatentNumber, record.patent_number);
  objects.put(kSequence, record.sequence);
  objects.put(kState, static_cast<std::uint8_t>(record.state));
  objects.put(kReason, record.reason);
  objects.put(kMonthsPaid, record.months_paid);
  objects.put(kAsOf, time_text(record.as_of));
  objects.put(kIssuingUnit, record.issuing_unit);
  objects.put(kPolicy, static_cast<std::uint8_t>(record.policy));
  return objects.encode(kSignedInfo);
}

Bytes encode_status_record(ByteView status_info, ByteView signature, std::uint8_t certificate_record,
                           std::uint32_t sequence) {
  Bytes record = crypto::tlv(kSearchCopy, search_copy(sequence));
  record.insert(record.end(), status_info.begin(), status_info.end());
  crypto::append_tlv(record, kSignature, signature);
  crypto::append_tlv(record, kCertificateRecord, ByteView(&certificate_record, 1));
  return record;
}

Decoded<SignedStatusRecord> decode_status_record(ByteView record) {
  if (record.size() > layout::kMaxRecordOctets) return crypto::unexpected(DecodeError::too_long);
  crypto::TlvReader reader(record);
  PATENT_TRY(const auto copy, decoded(reader.expect(kSearchCopy)));
  PATENT_TRY(const auto info, decoded(reader.expect(kSignedInfo)));
  PATENT_TRY(const auto signature, decoded(reader.expect(kSignature)));
  PATENT_TRY(const auto reference, decoded(reader.expect(kCertificateRecord)));
  PATENT_TRY_VOID(decoded(reader.finish()));
  SignedStatusRecord result;
  PATENT_TRY(result.record, decode_status_info(info.value));
  const auto size = signature.value.size();
  if (!std::ranges::equal(copy.value, search_copy(result.record.sequence)) || reference.value.size() != 1 ||
      reference.value[0] == 0 || reference.value[0] > layout::kMaxRecords || size < kMinSignatureOctets ||
      size > kMaxSignatureOctets || size % 2 != 0)
    return crypto::unexpected(DecodeError::bad_value);
  result.signed_info.assign(info.whole.begin(), info.whole.end());
  result.signature.assign(signature.value.begin(), signature.value.end());
  result.certificate_record = reference.value[0];
  return result;
}

Bytes encode_certificate_record(std::string_view country, ByteView serial, ByteView x509) {
  Bytes name(country.begin(), country.end());
  name.insert(name.end(), serial.begin(), serial.end());
  Bytes record = crypto::tlv(kCertificateName, name);
  crypto::append_tlv(record, kCertificate, x509);
  return record;
}

Decoded<ByteView> decode_certificate_record(ByteView record) {
  if (record.size() > layout::kMaxRecordOctets) return crypto::unexpected(DecodeError::too_long);
  crypto::TlvReader reader(record);
  PATENT_TRY(const auto name, decoded(reader.expect(kCertificateName)));
  PATENT_TRY(const auto certificate, decoded(reader.expect(kCertificate)));
  PATENT_TRY_VOID(decoded(reader.finish()));
  if (certificate.value.size() > kMaxCertificateOctets) return crypto::unexpected(DecodeError::too_long);
  if (name.value.size() < 3 || name.value.size() > 2 + kMaxSerialOctets || !is_country(name.value.first(2)) ||
      certificate.value.empty())
    return crypto::unexpected(DecodeError::bad_value);
  return certificate.value;
}

}  // namespace patent
