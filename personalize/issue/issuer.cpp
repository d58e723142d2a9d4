// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/issuer.hpp"

#include <algorithm>
#include <array>

#include "card/patent/face.hpp"
#include "card/patent/paid_period.hpp"
#include "crypto/signed_object.hpp"
#include "personalize/issue/read_back.hpp"
#include "personalize/issue/status_signing.hpp"

namespace personalize {
namespace {

using crypto::Bytes;
using layout::FileId;

constexpr std::size_t kCanDigits = 6;
constexpr std::chrono::minutes kMoscow{180};

crypto::unexpected<IssuerFailure> failure(IssuerError error, std::string subject = {}) {
  return crypto::unexpected<IssuerFailure>({error, std::move(subject)});
}
crypto::unexpected<IssuerFailure> failure(crypto::CryptoError error, std::string subject) {
  return crypto::unexpected<IssuerFailure>({IssuerError::crypto, std::move(subject), error});
}

Signed<void> add_file(CardImage& image, FileId id, Bytes content) {
  const auto& file = layout::file(id);
  if (content.empty()) return failure(IssuerError::not_encodable, std::string(file.name));
  if (content.size() > file.capacity) return failure(IssuerError::too_large, std::string(file.name));
  image.files[id] = std::move(content);
  return {};
}

Signed<void> add_record(std::vector<Bytes>& records, FileId id, Bytes record) {
  const auto& file = layout::file(id);
  if (record.empty()) return failure(IssuerError::not_encodable, std::string(file.name));
  if (record.size() > layout::kMaxRecordOctets) return failure(IssuerError::too_large, std::string(file.name));
  records.push_back(std::move(record));
  return {};
}

// The same infos stand under both signatures: DG14's by EF.SOD, and EF.CardSecurity's own.
Bytes signed_infos(const CryptoProfile& profile, const std::optional<patent::ChipPublicKey>& chip_key,
                   bool asks_terminals) {
  patent::SecurityInfos infos;
  for (const auto& parameters : profile.pace) infos.pace.push_back(patent::pace_info(parameters));
  infos.chip_authentication.push_back(patent::chip_authentication_info(profile.chip_authentication_key));
  if (chip_key) infos.chip_keys.push_back(patent::chip_key_info(*chip_key));
  if (asks_terminals) infos.terminal_authentication.emplace_back();
  return patent::encode_security_infos(infos);
}

}  // namespace

Signed<void> check_signer(const Signer& signer, bool right_kind, crypto::Time at) {
  const auto& certificate = signer.certificate;
  if (!right_kind || certificate.public_key().spki != signer.key->public_key().spki)
    return failure(IssuerError::wrong_signer, signer.name);
  if (at < certificate.not_before()) return failure(IssuerError::not_yet_valid, signer.name);
  if (at > certificate.not_after()) return failure(IssuerError::expired, signer.name);
  const auto until = certificate.private_key_not_after();
  if (until && at > *until) return failure(IssuerError::period_over, signer.name);
  return {};
}

Signed<CardImage> Issuer::sign(const Order& order, const patent::ChipPublicKey& chip_key, crypto::Time at) const {
  PATENT_TRY(const auto by, standing(at));
  return sign_by(by, order, chip_key, at);
}

Signed<CardImage> Issuer::sign_by(const Standing& by, const Order& order, const patent::ChipPublicKey& chip_key,
                                  crypto::Time at) const {
  const auto& document = by.signers->document;
  const auto& status = by.signers->status;
  PATENT_TRY_VOID(check_signer(document, document.certificate.is_document_signer(), at));
  PATENT_TRY_VOID(check_signer(status, status.certificate.is_status_signer(), at));
  PATENT_TRY(const auto trust_point, this->trust_point(*by.signers, order, at));
  patent::AbsenceSalt salt{};
  const auto drawn = engine_.random(salt);
  if (!drawn) return failure(drawn.error(), "random");
  PATENT_TRY(auto image, compose(order, profile_, chip_key, trust_point, salt));
  PATENT_TRY_VOID(check_terminal(by, image, at));
  PATENT_TRY(auto card_security, make_card_security(*by.signers, chip_key, at));
  PATENT_TRY_VOID(add_file(image, FileId::card_security, std::move(card_security)));
  PATENT_TRY(auto sod, make_sod(document, image, at));
  PATENT_TRY_VOID(add_file(image, FileId::sod, std::move(sod)));
  PATENT_TRY_VOID(add_records(status, image, order, at));
  const auto reason = judge_image(image, *by.trust, {}, at);
  if (!acceptable(reason, order.activate_at_handover))
    return crypto::unexpected<IssuerFailure>({IssuerError::not_acceptable, {}, {}, reason});
  return image;
}

Signed<void> Issuer::rehearse(const Order& order, crypto::Time at) const {
  PATENT_TRY(const auto by, standing(at));
  const auto last = last_rehearsal(by, at);
  if (!last) return rehearse_all(by, order, at);
  const auto paid = patent::paid_until(order.patent.issue_date, order.months_paid, order.patent.paid_period_policy);
  if (!order.activate_at_handover && (!paid || *paid < patent::civil_date(at, kMoscow)))
    return crypto::unexpected<IssuerFailure>({IssuerError::not_acceptable, {}, {}, reader::Reason::unpaid});
  PATENT_TRY(auto image, compose(order, profile_, last->chip_key, last->trust_point));
  PATENT_TRY_VOID(check_terminal(by, image, at));
  PATENT_TRY(auto sod, make_sod(by.signers->document, image, at));
  return add_file(image, FileId::sod, std::move(sod));
}

std::optional<Issuer::Rehearsal> Issuer::last_rehearsal(const Standing& by, crypto::Time at) const {
  const std::lock_guard lock(rehearsal_mutex_);
  const bool holds =
      rehearsal_ && rehearsal_->by == by && at >= rehearsal_->at && at < rehearsal_->at + std::chrono::minutes(1);
  return holds ? rehearsal_ : std::nullopt;
}

Signed<void> Issuer::rehearse_all(const Standing& by, const Order& order, crypto::Time at) const {
  crypto::Secret scalar;
  const auto drawn = engine_.ec_random_scalar(profile_.chip_curve, scalar);
  if (!drawn) return failure(drawn.error(), "random");
  const auto point = engine_.ec_multiply(profile_.chip_curve, scalar.view(), {});
  if (!point) return failure(point.error(), "random");
  Rehearsal done{by, at, {profile_.chip_curve, *point}, {}};
  PATENT_TRY(auto image, sign_by(by, order, done.chip_key, at));
  done.trust_point = std::move(image.trust_point);
  const std::lock_guard lock(rehearsal_mutex_);
  rehearsal_ = std::move(done);
  return {};
}

Signed<CardImage> compose(const Order& order, const CryptoProfile& profile,
                          const std::optional<patent::ChipPublicKey>& chip_key,
                          const std::optional<TrustPoint>& trust_point, const patent::AbsenceSalt& salt) {
  CardImage image{profile.name, order.patent.card_number, {}, {}, {}, trust_point};
  PATENT_TRY_VOID(add_file(image, FileId::card_access, patent::encode_security_infos(profile.pace)));
  PATENT_TRY_VOID(add_file(image, FileId::dg1, patent::encode_dg1(order.patent)));
  PATENT_TRY_VOID(add_file(image, FileId::dg2, patent::encode_dg2({order.face, order.patent.sex})));
  if (order.fingers) PATENT_TRY_VOID(add_file(image, FileId::dg3, patent::encode_dg3(*order.fingers, salt)));
  PATENT_TRY_VOID(add_file(image, FileId::dg11, patent::encode_dg11(order.patent)));
  PATENT_TRY_VOID(add_file(image, FileId::dg12, patent::encode_dg12(order.patent)));
  PATENT_TRY_VOID(add_file(image, FileId::dg13, patent::encode_dg13(order.patent)));
  PATENT_TRY_VOID(
      add_file(image, FileId::dg14, patent::encode_dg14(signed_infos(profile, chip_key, trust_point.has_value()))));
  patent::Com com;
  for (const auto& [id, content] : image.files)
    if (layout::file(id).data_group != 0) com.tags.push_back(layout::file(id).tag);
  PATENT_TRY_VOID(add_file(image, FileId::com, patent::encode_com(com)));
  return image;
}

// Doc 9303-11, 9.2.11: what EF.CardAccess offers, and the key, under a signature of its own.
Signed<Bytes> Issuer::make_card_security(const Signers& by, const patent::ChipPublicKey& chip_key,
                                         crypto::Time at) const {
  const auto& signer = by.document;
  auto object =
      crypto::sign_object(crypto::kOidSecurityObject, signed_infos(profile_, chip_key, by.terminals.has_value()),
                          profile_.hash, signer.certificate, *signer.key, at);
  if (!object) return failure(object.error(), signer.name);
  return *std::move(object);
}

Signed<Bytes> Issuer::make_sod(const Signer& by, const CardImage& image, crypto::Time at) const {
  patent::LdsSecurityObject object;
  object.hash = profile_.hash;
  for (const auto& [id, content] : image.files) {
    if (layout::file(id).data_group == 0) continue;
    PATENT_TRY(auto hash, digest(profile_.hash, content));
    object.hashes.push_back({layout::file(id).data_group, std::move(hash)});
  }
  const auto signed_data = crypto::sign_object(crypto::kOidLdsSecurityObject, encode_lds_security_object(object),
                                               profile_.hash, by.certificate, *by.key, at);
  if (!signed_data) return failure(signed_data.error(), by.name);
  return patent::wrap_sod(*signed_data);
}

Signed<void> Issuer::add_records(const Signer& by, CardImage& image, const Order& order, crypto::Time at) const {
  constexpr std::uint8_t kFirstCertificateRecord = 1;
  PATENT_TRY(auto certificate, certificate_record_of(by));
  PATENT_TRY_VOID(add_record(image.certificate_records, FileId::certificates, std::move(certificate)));
  PATENT_TRY(const auto status, sign_status(engine_, by, first_status(order, at)));
  return add_record(image.status_records, FileId::status, status.record(kFirstCertificateRecord));
}

patent::StatusRecord first_status(const Order& order, crypto::Time at) {
  patent::StatusRecord record;
  record.card_number = order.patent.card_number;
  record.patent_number = order.patent.series + order.patent.number;
  record.state = order.activate_at_handover ? patent::State::not_active : patent::State::valid;
  record.months_paid = order.months_paid;
  record.as_of = at;
  record.issuing_unit = order.patent.issuer_code;
  record.policy = order.patent.paid_period_policy;
  return record;
}

Signed<Bytes> Issuer::digest(crypto::HashAlgorithm algorithm, crypto::ByteView data) const {
  Bytes out(crypto::hash_size(algorithm));
  const std::array parts{data};
  const auto done = engine_.hash(algorithm, parts, out);
  if (!done) return failure(done.error(), "digest");
  return out;
}

Signed<crypto::Secret> Issuer::draw_can() const {
  constexpr crypto::Byte kFair = 250;  // the largest multiple of ten: octets from here on would favour low digits
  crypto::Secret can;
  const auto digits = can.prepare(kCanDigits);
  for (auto& digit : digits) {
    do {
      const auto drawn = engine_.random({&digit, 1});
      if (!drawn) return failure(drawn.error(), "random");
    } while (digit >= kFair);
    digit = static_cast<crypto::Byte>('0' + digit % 10);
  }
  return can;
}

}  // namespace personalize
