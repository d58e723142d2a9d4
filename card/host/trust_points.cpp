// SPDX-License-Identifier: Apache-2.0
#include "card/host/trust_points.hpp"

#include "card/host/card_objects.hpp"
#include "crypto/tlv.hpp"

namespace host {

using wire::StatusWord;

namespace {

constexpr std::array kTrustPoints{TrustPoint::newest, TrustPoint::previous};

// docs/card.md, "Objects": curve, hash, rights, first day, last day, octets of the reference, reference, key.
constexpr std::size_t kHead = 3 + 2 * std::tuple_size_v<crypto::CvDateOctets> + 1;
using Image = crypto::Buffer<kHead + crypto::kMaxCvReference + crypto::kMaxPointSize>;

enum RightBit : crypto::Byte { kFingerprints = 0x01, kIrises = 0x02, kAppend = 0x04 };

crypto::Byte octet_of(const crypto::CvRights& rights) {
  return static_cast<crypto::Byte>((rights.read_fingerprints ? kFingerprints : 0) | (rights.read_irises ? kIrises : 0) |
                                   (rights.append_records ? kAppend : 0));
}

Answer<Image> encode(const crypto::CvHolder& holder) {
  const std::array head{static_cast<crypto::Byte>(holder.key.curve), static_cast<crypto::Byte>(holder.key.hash),
                        octet_of(holder.rights)};
  const auto size = static_cast<crypto::Byte>(holder.reference.size());
  Image image;
  const bool fits = image.append(head) && image.append(crypto::cv_date_octets(holder.effective)) &&
                    image.append(crypto::cv_date_octets(holder.expires)) && image.append(size) &&
                    image.append(holder.reference) && image.append(holder.key.point);
  if (!fits) return refuse(StatusWord::wrong_data);
  return image;
}

// What the card wrote itself: anything else is a fault of its memory.
Answer<crypto::CvHolder> decode(crypto::ByteView image) {
  if (image.size() < kHead || image[kHead - 1] > image.size() - kHead) return refuse(StatusWord::memory_failure);
  const auto curve = curve_of(image[0]);
  const auto effective = crypto::parse_cv_date(image.subspan(3, 6)),
             expires = crypto::parse_cv_date(image.subspan(9, 6));
  const auto reference = image.subspan(kHead, image[kHead - 1]), point = image.subspan(kHead + reference.size());
  crypto::CvHolder out;
  if (!curve || !effective || !expires || point.size() != crypto::point_size(*curve) ||
      image[1] > static_cast<crypto::Byte>(crypto::HashAlgorithm::sha512) || !out.reference.assign(reference) ||
      !out.key.point.assign(point))
    return refuse(StatusWord::memory_failure);
  out.role = crypto::CvRole::cvca;
  out.rights = {(image[2] & kFingerprints) != 0, (image[2] & kIrises) != 0, (image[2] & kAppend) != 0};
  out.effective = *effective;
  out.expires = *expires;
  out.key.curve = *curve;
  out.key.hash = static_cast<crypto::HashAlgorithm>(image[1]);
  return out;
}

Answer<> store_trust_point(ObjectStore& store, TrustPoint which, const crypto::CvHolder& holder) {
  PATENT_TRY(const Image image, encode(holder));
  return answer_of(store.write(trust_point_object(which), image));
}

}  // namespace

bool has_trust_point(const ObjectStore& store, TrustPoint which) { return store.exists(trust_point_object(which)); }

Answer<crypto::CvHolder> load_trust_point(ObjectStore& store, TrustPoint which) {
  if (!has_trust_point(store, which)) return refuse(StatusWord::referenced_data_not_found);
  Image image;
  if (!image.resize(store.size(trust_point_object(which)))) return refuse(StatusWord::memory_failure);
  PATENT_TRY_VOID(answer_of(store.read(trust_point_object(which), 0, image.span())));
  return decode(image);
}

Answer<std::optional<TrustPoint>> find_trust_point(ObjectStore& store, crypto::ByteView reference) {
  for (const auto which : kTrustPoints) {
    if (!has_trust_point(store, which)) continue;
    PATENT_TRY(const crypto::CvHolder holder, load_trust_point(store, which));
    if (std::ranges::equal(holder.reference.view(), reference)) return which;
  }
  return std::nullopt;
}

Answer<crypto::CvDate> current_date(ObjectStore& store) {
  crypto::CvDateOctets octets{};
  PATENT_TRY_VOID(answer_of(store.read(kCurrentDateObject, 0, octets)));
  const auto date = crypto::parse_cv_date(octets);
  if (!date) return refuse(StatusWord::memory_failure);
  return *date;
}

Answer<> settle_trust_point(crypto::Engine& engine, ObjectStore& store) {
  crypto::Buffer<crypto::kMaxCvCertificate> octets;
  const ObjectId object = trust_point_object(TrustPoint::newest);
  if (!octets.resize(store.size(object))) return refuse(StatusWord::wrong_data);
  PATENT_TRY_VOID(answer_of(store.read(object, 0, octets.span())));
  const auto certificate = crypto::parse_cv_certificate(octets);
  if (!certificate) return refuse(StatusWord::wrong_data);
  const auto holder = crypto::cv_trust_point(engine, *certificate);
  if (!holder) return refuse(StatusWord::wrong_data);
  return store_trust_point(store, TrustPoint::newest, *holder);
}

Answer<> check_current_date(crypto::Engine&, ObjectStore& store) {
  PATENT_TRY_VOID(current_date(store).map_error([](StatusWord) { return StatusWord::wrong_data; }));
  return {};
}

Answer<> renew_trust_point(ObjectStore& store, const crypto::CvHolder& next) {
  PATENT_TRY(const crypto::CvHolder before, load_trust_point(store, TrustPoint::newest));
  PATENT_TRY_VOID(store_trust_point(store, TrustPoint::previous, before));
  return store_trust_point(store, TrustPoint::newest, next);
}

Answer<> advance_date(ObjectStore& store, crypto::CvDate day) {
  PATENT_TRY(crypto::CvDate today, current_date(store));
  if (today < day) {
    today = day;
    PATENT_TRY_VOID(answer_of(store.write(kCurrentDateObject, crypto::cv_date_octets(day))));
  }
  if (!has_trust_point(store, TrustPoint::previous)) return {};
  PATENT_TRY(const crypto::CvHolder previous, load_trust_point(store, TrustPoint::previous));
  if (today <= previous.expires) return {};
  return answer_of(store.remove(trust_point_object(TrustPoint::previous)));
}

Answer<std::array<crypto::Byte, kEfCvcaOctets>> ef_cvca(ObjectStore& store) {
  constexpr std::uint32_t kAuthorityReference = 0x42;
  std::array<crypto::Byte, kEfCvcaOctets> out{};
  crypto::TlvWriter writer(out);
  for (const auto which : kTrustPoints) {
    if (!has_trust_point(store, which)) continue;
    PATENT_TRY(const crypto::CvHolder holder, load_trust_point(store, which));
    writer.put(kAuthorityReference, holder.reference);
  }
  if (!writer.finish()) return refuse(StatusWord::memory_failure);
  return out;
}

}  // namespace host
