// SPDX-License-Identifier: Apache-2.0
#include "card/host/data_grouping.hpp"

#include "card/host/card_objects.hpp"
#include "card/host/file_system.hpp"
#include "card/host/record_file.hpp"
#include "card/host/trust_points.hpp"
#include "card/layout/dgi.hpp"
#include "card/wire/padding.hpp"

namespace host {

using layout::Application;
using wire::StatusWord;

namespace {

constexpr crypto::Byte kLongLength = 0xFF;
constexpr std::size_t kShortHeader = 3;
constexpr std::size_t kLongHeader = 5;
constexpr std::size_t kCanOctets = 6;
constexpr std::size_t kMrzPasswordOctets = 20;
constexpr std::size_t kCardNumberOctets = 9;
constexpr std::size_t kMaxIssuerNumberOctets = 8;

bool is_digit(crypto::Byte octet) { return octet >= '0' && octet <= '9'; }

}  // namespace

Answer<> drop_unfinished(ObjectStore& store) {
  PATENT_TRY(const ObjectId unfinished, unfinished_object(store));
  if (unfinished == 0) return {};
  if (store.exists(unfinished)) PATENT_TRY_VOID(answer_of(store.remove(unfinished)));
  return answer_of(store.remove(kUnfinishedObject));
}

void DataGroupings::reset() {
  active_ = in_value_ = marked_ = false;
  next_block_ = 0;
  header_.clear();
  cryptogram_.clear();
}

Answer<> DataGroupings::take(Application application, const StoreData& block, const wire::Scp03Session& session) {
  const auto outcome = take_octets(application, block, session);
  if (!outcome || block.last) reset();
  return outcome;
}

Answer<> DataGroupings::take_octets(Application application, const StoreData& block,
                                    const wire::Scp03Session& session) {
  if (block.block == 0 && !(active_ && next_block_ == 0)) {
    reset();
    active_ = true;
    PATENT_TRY_VOID(drop_unfinished(store_));
  }
  if (!active_ || block.block != next_block_) return refuse(StatusWord::incorrect_p1p2);
  ++next_block_;
  crypto::ByteView rest = block.data;
  while (!rest.empty()) {
    if (!in_value_) {
      PATENT_TRY(rest, take_header(rest));
      if (header_.size() < kShortHeader || (header_.view()[2] == kLongLength && header_.size() < kLongHeader)) break;
      PATENT_TRY_VOID(begin_value(application, block.encrypted));
    }
    const auto part = rest.first(std::min(rest.size(), length_ - received_));
    rest = rest.subspan(part.size());
    PATENT_TRY_VOID(take_value(part));
    if (received_ == length_) PATENT_TRY_VOID(end_value(session));
  }
  if (block.last) return in_value_ || !header_.empty() ? refuse(StatusWord::wrong_data) : Answer<>{};
  return mark_unfinished();
}

// Gathers DGI and length; gives what stands behind them.
Answer<crypto::ByteView> DataGroupings::take_header(crypto::ByteView rest) {
  while (!rest.empty()) {
    const std::size_t whole =
        header_.size() >= kShortHeader && header_.view()[2] == kLongLength ? kLongHeader : kShortHeader;
    if (header_.size() == whole) break;
    if (!header_.append(rest[0])) return refuse(StatusWord::wrong_data);
    rest = rest.subspan(1);
  }
  return rest;
}

Answer<> DataGroupings::begin_value(Application application, bool encrypted) {
  const auto header = header_.view();
  dgi_ = crypto::load_be16(header.first<2>());
  length_ = header.size() == kLongHeader ? crypto::load_be16(header.subspan(3).first<2>()) : header[2];
  received_ = 0;
  header_.clear();
  if (length_ == 0) return refuse(StatusWord::wrong_data);
  PATENT_TRY(destination_, destination_of(application, encrypted));
  in_value_ = true;
  if (destination_.secret_octets != 0 || !store_.exists(destination_.object)) return {};
  return answer_of(store_.remove(destination_.object));
}

Answer<DataGroupings::Destination> DataGroupings::fits(bool right_form, Destination destination) {
  if (!right_form) return refuse(StatusWord::wrong_data);
  return destination;
}

Answer<DataGroupings::Destination> DataGroupings::destination_of(Application application, bool encrypted) {
  if (application == Application::emrtd) return emrtd_destination(encrypted);
  if (encrypted) return refuse(StatusWord::wrong_data);
  if (application == Application::security_domain && dgi_ == layout::kDgiCardNumber)
    return fits(length_ == kCardNumberOctets, {kCardNumberObject});
  if (application == Application::security_domain && dgi_ == layout::kDgiIssuerNumber)
    return fits(length_ <= kMaxIssuerNumberOctets, {kIssuerNumberObject});
  return file_destination(application);
}

Answer<DataGroupings::Destination> DataGroupings::emrtd_destination(bool encrypted) {
  switch (dgi_) {
    case layout::kDgiCan:
      return fits(encrypted && length_ == wire::padded_size(kCanOctets), {kCanObject, kCanOctets, true});
    case layout::kDgiMrzPassword:
      return fits(encrypted && length_ == wire::padded_size(kMrzPasswordOctets),
                  {kMrzPasswordObject, kMrzPasswordOctets});
    case layout::kDgiTrustPoint:
      return fits(!encrypted && length_ <= crypto::kMaxCvCertificate,
                  {.object = trust_point_object(TrustPoint::newest), .settle = settle_trust_point});
    case layout::kDgiCurrentDate:
      return fits(!encrypted && length_ == std::tuple_size_v<crypto::CvDateOctets>,
                  {.object = kCurrentDateObject, .settle = check_current_date});
    default: return encrypted ? refuse(StatusWord::wrong_data) : file_destination(Application::emrtd);
  }
}

// The master file's own files come through the security domain.
Answer<DataGroupings::Destination> DataGroupings::file_destination(Application application) {
  const auto owner = application == Application::security_domain ? Application::master_file : application;
  const auto file = layout::find_by_fid(owner, dgi_);
  if (!file || file->write == layout::Access::never) return refuse(StatusWord::referenced_data_not_found);
  if (file->structure == layout::Structure::linear_variable) {
    PATENT_TRY(const ObjectId record, RecordFile(store_, *file).next_record(length_));
    return Destination{record};
  }
  if (length_ > file->capacity) return refuse(StatusWord::not_enough_memory);
  return Destination{file_object(file->id)};
}

Answer<> DataGroupings::take_value(crypto::ByteView part) {
  if (destination_.secret_octets != 0) {
    if (!cryptogram_.append(part)) return refuse(StatusWord::wrong_data);
  } else if (!part.empty()) {
    PATENT_TRY_VOID(answer_of(store_.append(destination_.object, part)));
  }
  received_ += part.size();
  return {};
}

Answer<> DataGroupings::end_value(const wire::Scp03Session& session) {
  if (destination_.secret_octets != 0) PATENT_TRY_VOID(store_secret(session));
  if (destination_.settle != nullptr) PATENT_TRY_VOID(destination_.settle(engine_, store_));
  if (marked_) PATENT_TRY_VOID(answer_of(store_.remove(kUnfinishedObject)));
  in_value_ = marked_ = false;
  return {};
}

Answer<> DataGroupings::store_secret(const wire::Scp03Session& session) {
  crypto::Secret plain;
  PATENT_TRY_VOID(answer_of(session.decrypt_sensitive(cryptogram_, plain.prepare(cryptogram_.size()))));
  cryptogram_.clear();
  const auto value = plain.view().first(destination_.secret_octets);
  if (wire::unpadded_size(plain.view()) != value.size() ||
      (destination_.digits && !std::ranges::all_of(value, is_digit)))
    return refuse(StatusWord::wrong_data);
  return answer_of(store_.write(destination_.object, value));
}

Answer<> DataGroupings::mark_unfinished() {
  if (!in_value_ || marked_ || destination_.secret_octets != 0) return {};
  std::array<crypto::Byte, 2> id{};
  crypto::store_be16(id, destination_.object);
  marked_ = true;
  return answer_of(store_.write(kUnfinishedObject, id));
}

}  // namespace host
