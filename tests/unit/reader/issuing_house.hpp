// SPDX-License-Identifier: Apache-2.0
// Owns a whole issuer in a test: CSCA, signers, revocation list, and patents signed by them as the evidence of a
// reading. Every deviation that a test wants is a member of Specimen.
#pragma once

#include <filesystem>
#include <functional>
#include <map>

#include "card/patent/data_groups.hpp"
#include "card/patent/face.hpp"
#include "card/patent/paid_period.hpp"
#include "card/patent/status_record.hpp"
#include "crypto/file_key_vault.hpp"
#include "crypto/signature.hpp"
#include "crypto/signed_object.hpp"
#include "reader/inspect/evidence.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/judge/trust.hpp"
#include "reader/judge/verify.hpp"
#include "tests/temporary_folder.hpp"

namespace testing {

using crypto::Bytes;
using crypto::Time;
using layout::FileId;

inline Time at(const char* text) { return reader::instant_from_iso(text).value(); }
inline patent::Date day(const char* text) { return reader::date_from_iso(text).value(); }

inline constexpr auto kCurve = crypto::Curve::secp256r1;
inline constexpr auto kHash = crypto::HashAlgorithm::sha256;

struct Signer {
  std::unique_ptr<crypto::SigningKey> key;
  std::optional<crypto::Certificate> certificate;
  [[nodiscard]] Bytes sign(crypto::ByteView message) const {
    return key->sign_digest(crypto::digest(kHash, message).value()).value();
  }
};

struct IssuingHouse {
  Signer csca, document, status;
  std::optional<crypto::RevocationList> revocations;

  explicit IssuingHouse(const std::string& name = "Test CSCA", const std::string& country = "RU",
                        const std::string& state = "RUS") {
    TemporaryFolder folder;
    crypto::FileKeyVault vault(folder.path(), crypto::Passphrase("test"));
    csca.key = vault.make_signing_key("csca", kCurve).value();
    document.key = vault.make_signing_key("document-signer", kCurve).value();
    status.key = vault.make_signing_key("status-signer", kCurve).value();
    csca.certificate = certify(crypto::CertificateRole::csca, name, country, state, csca);
    document.certificate = certify(crypto::CertificateRole::document_signer, "Test signer", country, state, document);
    status.certificate = certify(crypto::CertificateRole::status_signer, "Test status", country, state, status);
    publish({});
  }

  void publish(const std::vector<crypto::RevokedSerial>& revoked, const char* this_update = "2026-03-01T00:00:00Z",
               const char* next_update = "2027-06-01T00:00:00Z") {
    revocations =
        crypto::issue_revocation_list(*csca.certificate, *csca.key, revoked, at(this_update), at(next_update), 1)
            .value();
  }
  [[nodiscard]] reader::Trust trust() const { return {{*csca.certificate}, {*revocations}}; }

  crypto::Certificate certify(crypto::CertificateRole role, const std::string& name, const std::string& country,
                              const std::string& state, const Signer& subject) const {
    crypto::CertificateRequest request;
    request.role = role;
    request.country = country;
    request.state = state;
    request.organization = "Test";
    request.common_name = name;
    const bool is_csca = role == crypto::CertificateRole::csca;
    request.not_before = at(is_csca ? "2025-01-01T00:00:00Z" : "2026-01-01T00:00:00Z");
    request.not_after = at(is_csca ? "2035-01-01T00:00:00Z" : "2027-12-31T00:00:00Z");
    request.private_key_until = at(is_csca ? "2030-01-01T00:00:00Z" : "2026-12-31T00:00:00Z");
    return crypto::issue_certificate(request, subject.key->public_key(),
                                     csca.certificate ? &*csca.certificate : nullptr, *csca.key)
        .value();
  }
};

inline const IssuingHouse& house() {
  static const IssuingHouse kHouse;
  return kHouse;
}

inline patent::Patent sample_patent() {
  patent::Patent p;
  p.series = "77";
  p.number = "2600123456";
  p.card_number = "P00000017";
  p.blank_number = "PR1234567";
  p.issue_date = day("2026-03-10");
  p.last_day = day("2027-03-09");
  p.issuer_name = "ГУ МВД РОССИИ ПО Г. МОСКВЕ";
  p.issuer_code = "770-001";
  p.surname_ru = "ШАРИПОВ";
  p.given_ru = "ФАРРУХ";
  p.patronymic_ru = "РУСТАМОВИЧ";
  p.surname_latin = "SHARIPOV";
  p.given_latin = "FARRUKH";
  p.sex = patent::Sex::male;
  p.birth_date = {1990, 5, 12};
  p.citizenship = "TJK";
  p.identity_document = "402345678";
  p.inn = "775123456798";
  p.territory_oktmo = "45000000";
  p.territory_name = "г. Москва";
  p.profession = "подсобный рабочий";
  return p;
}

inline patent::StatusRecord sample_status(const patent::Patent& p = sample_patent()) {
  patent::StatusRecord record;
  record.card_number = p.card_number;
  record.patent_number = p.series + p.number;
  record.months_paid = 3;
  record.as_of = at("2026-03-10T06:00:00Z");
  record.issuing_unit = "770-001";
  return record;
}

// A patent card as a reading sees it. The hooks change one thing each, before or after it is signed.
struct Specimen {
  patent::Patent patent = sample_patent();
  std::vector<patent::StatusRecord> status{sample_status()};
  const IssuingHouse* issuer = &house();
  const Signer* signer = nullptr;         // of the document; the house's by default
  const Signer* status_signer = nullptr;  // the house's by default
  Time signed_at = at("2026-03-10T06:00:00Z");
  std::function<void(std::map<FileId, Bytes>&)> before_signing{};
  std::function<void(patent::LdsSecurityObject&)> in_security_object{};
  std::string content_type{crypto::kOidLdsSecurityObject};

  [[nodiscard]] Bytes status_record(const patent::StatusRecord& record, std::uint8_t certificate = 1) const {
    const auto info = patent::encode_status_info(record);
    const auto& by = status_signer ? *status_signer : issuer->status;
    return patent::encode_status_record(info, by.sign(info), certificate, record.sequence);
  }

  [[nodiscard]] reader::Evidence evidence() const {
    const auto infos = patent::encode_security_infos({{crypto::Curve::secp256r1, crypto::AesKey::aes128}});
    std::map<FileId, Bytes> files{
        {FileId::card_access, infos},
        {FileId::dg1, patent::encode_dg1(patent)},
        {FileId::dg2,
         patent::encode_dg2({{patent::ImageFormat::jpeg, 413, 531, {0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xD9}}, patent.sex})},
        {FileId::dg11, patent::encode_dg11(patent)},
        {FileId::dg12, patent::encode_dg12(patent)},
        {FileId::dg13, patent::encode_dg13(patent)},
        {FileId::dg14, patent::encode_dg14(infos)}};
    if (before_signing) before_signing(files);
    patent::LdsSecurityObject object;
    object.hash = kHash;
    patent::Com com;
    for (const auto& [id, content] : files) {
      const auto number = layout::file(id).data_group;
      if (number == 0) continue;
      object.hashes.push_back({number, crypto::digest(kHash, content).value()});
      com.tags.push_back(layout::file(id).tag);
    }
    if (in_security_object) in_security_object(object);
    files[FileId::com] = patent::encode_com(com);
    const auto& by = signer ? *signer : issuer->document;
    files[FileId::sod] = patent::wrap_sod(crypto::sign_object(content_type, patent::encode_lds_security_object(object),
                                                              kHash, *by.certificate, *by.key, signed_at)
                                              .value());
    reader::Evidence out;
    out.taken_at = signed_at;
    out.access = reader::AccessOutcome::opened;
    for (auto& [id, content] : files) out.files.push_back({id, reader::ReadOutcome::read, std::move(content)});
    out.records = reader::ReadOutcome::read;
    const auto& cert = *(status_signer ? *status_signer : issuer->status).certificate;
    out.certificate_records.push_back(
        patent::encode_certificate_record(cert.country(), crypto::from_hex(cert.serial_hex()).value(), cert.der()));
    for (const auto& record : status) out.status_records.push_back(status_record(record));
    return out;
  }
};

inline Bytes& file_of(reader::Evidence& evidence, FileId id) {
  return std::ranges::find(evidence.files, id, &reader::ReadFile::file)->content;
}
inline void set_outcome(reader::Evidence& evidence, FileId id, reader::ReadOutcome outcome) {
  auto& file = *std::ranges::find(evidence.files, id, &reader::ReadFile::file);
  file.outcome = outcome;
  file.content.clear();
}

}  // namespace testing
