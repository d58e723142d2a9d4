// SPDX-License-Identifier: Apache-2.0
#include "card/host/record_form.hpp"

#include "crypto/tlv.hpp"

namespace host {

using wire::StatusWord;

namespace {

constexpr std::uint32_t kSearchCopy = 0x5F20;
constexpr std::uint32_t kSignedInfo = 0x73;
constexpr std::uint32_t kSignature = 0x5F37;
constexpr std::uint32_t kCertificateRecord = 0x5F38;
constexpr std::uint32_t kCertificateName = 0x5F3A;
constexpr std::uint32_t kCertificate = 0x72;

constexpr std::size_t kSequenceOctets = 4;
constexpr std::size_t kSearchCopyOctets = 3 + kSequenceOctets;  // it comes first

struct StatusForm {
  std::uint32_t sequence = 0;
  std::uint8_t certificate_record = 0;
};

std::uint32_t sequence_of(crypto::ByteView search_copy) {
  return crypto::load_be32(search_copy.first<kSequenceOctets>());
}

Answer<StatusForm> status_form(crypto::ByteView record) {
  crypto::TlvReader objects(record);
  const auto copy = objects.expect(kSearchCopy);
  const auto info = objects.expect(kSignedInfo);
  const auto signature = objects.expect(kSignature);
  const auto reference = objects.expect(kCertificateRecord);
  const bool has_form = copy && info && signature && reference && objects.finish() &&
                        copy->value.size() == kSequenceOctets && !info->value.empty() && !signature->value.empty() &&
                        reference->value.size() == 1;
  if (!has_form) return refuse(StatusWord::wrong_data);
  return StatusForm{sequence_of(copy->value), reference->value[0]};
}

bool has_certificate_form(crypto::ByteView record) {
  crypto::TlvReader objects(record);
  const auto name = objects.expect(kCertificateName);
  const auto certificate = objects.expect(kCertificate);
  return name && certificate && objects.finish() && !name->value.empty() && !certificate->value.empty();
}

// 0 in an empty file. Over a last record without a sequence nothing can be shown to grow.
Answer<std::uint32_t> last_sequence(RecordFile statuses) {
  PATENT_TRY(const std::uint8_t last, statuses.count());
  if (last == 0) return std::uint32_t{0};
  if (statuses.record_size(last) < kSearchCopyOctets) return refuse(StatusWord::conditions_not_satisfied);
  std::array<crypto::Byte, kSearchCopyOctets> head{};
  PATENT_TRY_VOID(statuses.read(last, head));
  const auto copy = crypto::read_only_tlv(head, kSearchCopy);
  if (!copy || copy->value.size() != kSequenceOctets) return refuse(StatusWord::conditions_not_satisfied);
  return sequence_of(copy->value);
}

}  // namespace

Answer<> check_new_record(ObjectStore& store, const layout::File& file, crypto::ByteView record) {
  if (file.id != layout::FileId::status)
    return has_certificate_form(record) ? Answer<>{} : refuse(StatusWord::wrong_data);
  PATENT_TRY(const StatusForm form, status_form(record));
  PATENT_TRY(const std::uint8_t certificates, RecordFile(store, layout::file(layout::FileId::certificates)).count());
  if (form.certificate_record == 0 || form.certificate_record > certificates)
    return refuse(StatusWord::referenced_data_not_found);
  PATENT_TRY(const std::uint32_t last, last_sequence(RecordFile(store, file)));
  return form.sequence > last ? Answer<>{} : refuse(StatusWord::conditions_not_satisfied);
}

}  // namespace host
