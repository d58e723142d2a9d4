// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/document.hpp"

#include "card/patent/mrz.hpp"
#include "crypto/active_authentication.hpp"
#include "crypto/der.hpp"

namespace simulator {
namespace {

namespace der = crypto::der;
using layout::file;

template <class Hook, class... Args>
void run_hook(const Hook& hook, Args&... args) {
  if (hook) hook(args...);
}

const KeyPair& chip_key(const DocumentPlan& plan) {
  return plan.chip_key ? *plan.chip_key : ec_key(group_of(plan.chip_curve), 3);
}

patent::ChipPublicKey announced(const DocumentPlan& plan) {
  patent::ChipPublicKey out{plan.chip_curve, {}};
  (void)out.point.assign(chip_key(plan).point());
  return out;
}

std::vector<crypto::PaceParameters> offered(const DocumentPlan& plan) {
  if (!plan.pace.empty()) return plan.pace;
  if (plan.proof == Proof::mapping) return {kMapped, kGeneric};
  return {kGeneric};
}

Infos infos_of(const DocumentPlan& plan) {
  Infos out;
  for (const auto& parameters : offered(plan)) out.card_access.pace.push_back(patent::pace_info(parameters));
  out.dg14 = out.card_access;
  const auto key = patent::chip_key_info(announced(plan));
  if (plan.proof == Proof::agreement)
    out.dg14.chip_authentication = {patent::chip_authentication_info(plan.chip_cipher)};
  if (plan.proof == Proof::agreement || plan.proof == Proof::mapping) out.dg14.chip_keys = {key};
  if (plan.proof == Proof::answers) {
    const auto oid = crypto::plain_ecdsa_oid(crypto::HashAlgorithm::sha256);
    out.dg14.active_authentication = {{1, {oid.begin(), oid.end()}}};
  }
  out.card_security = out.dg14;
  run_hook(plan.in_infos, out);
  return out;
}

Bytes face_of(const DocumentPlan& plan) {
  Bytes image(plan.photo, 0x55);
  std::ranges::copy(Bytes{0xFF, 0xD8, 0xFF, 0xE0}, image.begin());
  std::ranges::copy(Bytes{0xFF, 0xD9}, image.end() - 2);
  return patent::encode_dg2({{patent::ImageFormat::jpeg, 413, 531, image}, plan.patent.sex});
}

class Making {
public:
  explicit Making(const DocumentPlan& plan) : plan_(plan), csca_{plan.csca_name, plan.csca_key, plan.country} {}

  Document run() {
    certify();
    const auto infos = infos_of(plan_);
    write_files(infos);
    run_hook(plan_.before_signing, out_.files);
    write_security_object();
    if (plan_.proof == Proof::mapping) write_card_security(infos);
    run_hook(plan_.after_signing, out_.files);
    write_records();
    return std::move(out_);
  }

private:
  void certify() {
    auto csca = csca_recipe(csca_, plan_.chain);
    run_hook(plan_.in_csca, csca);
    signer_ = signer_recipe({"Conformance signer", plan_.signer_key, plan_.country}, csca_, plan_.chain);
    run_hook(plan_.in_signer, signer_);
    signer_der_ = signer_.sign(*plan_.csca_key, plan_.chain);
    run_hook(plan_.in_signer_der, signer_der_);
    if (auto trusted = crypto::Certificate::parse(csca.sign(*plan_.csca_key, plan_.chain)))
      out_.trust.csca.push_back(*std::move(trusted));
    auto list = crypto::RevocationList::parse(revocation_list(csca_, plan_.chain, plan_.revoked));
    if (list) out_.trust.revocations.push_back(*std::move(list));
  }

  void write_files(const Infos& infos) {
    auto& files = out_.files;
    files[FileId::atr_info] = *crypto::from_hex("7F66080202100002027FFF");
    files[FileId::card_access] = patent::encode_security_infos(infos.card_access);
    files[FileId::dg1] = patent::encode_dg1(plan_.patent);
    files[FileId::dg2] = face_of(plan_);
    files[FileId::dg11] = patent::encode_dg11(plan_.patent);
    files[FileId::dg12] = patent::encode_dg12(plan_.patent);
    files[FileId::dg13] = patent::encode_dg13(plan_.patent);
    files[FileId::dg14] = patent::encode_dg14(patent::encode_security_infos(infos.dg14));
    if (plan_.proof == Proof::answers) files[FileId::dg15] = patent::encode_dg15(plan_.active_key->spki());
  }

  void write_security_object() {
    patent::LdsSecurityObject object;
    object.hash = plan_.lds_hash;
    patent::Com com;
    for (const auto& [id, content] : out_.files) {
      if (file(id).data_group == 0) continue;
      object.hashes.push_back({file(id).data_group, crypto::digest(plan_.lds_hash, content).value()});
      com.tags.push_back(file(id).tag);
    }
    run_hook(plan_.in_object, object);
    run_hook(plan_.in_com, com);
    out_.files[FileId::com] = patent::encode_com(com);
    Bytes content = patent::encode_lds_security_object(object);
    run_hook(plan_.in_content, content);
    const Bytes sod = signed_object(crypto::kOidLdsSecurityObject, content, plan_.in_sod, plan_.in_signed_sod);
    out_.files[FileId::sod] = patent::wrap_sod(sod);
  }

  void write_card_security(const Infos& infos) {
    out_.files[FileId::card_security] =
        signed_object(crypto::kOidSecurityObject, patent::encode_security_infos(infos.card_security),
                      plan_.in_card_security, plan_.in_signed_card_security);
  }

  Bytes signed_object(std::string_view type, ByteView content, const std::function<void(SodRecipe&)>& before,
                      const std::function<void(SodRecipe&)>& after) {
    auto recipe =
        sod_recipe({type, content, plan_.digest, plan_.sod, testing::at("2026-03-10T06:00:00Z")}, signer_, signer_der_);
    run_hook(before, recipe);
    recipe.sign(*plan_.signer_key, plan_.sod);
    run_hook(after, recipe);
    return recipe.assemble();
  }

  // Under a CSCA of its own, so that a case about the document's signature leaves the status alone.
  void write_records() {
    const Holder csca{"Conformance status CSCA", &ec_key("P-256", 5), plan_.country};
    out_.trust.csca.push_back(crypto::Certificate::parse(csca_recipe(csca, {}).sign(*csca.key, {})).value());
    out_.trust.revocations.push_back(crypto::RevocationList::parse(revocation_list(csca, {}, {})).value());
    auto signer = signer_recipe({"Conformance status", plan_.status_key, plan_.country}, csca, {});
    signer.drop(extension::kDocumentTypeList);
    signer.extensions.push_back({std::string(extension::kExtendedKeyUsage), true,
                                 der::sequence({der::object_identifier(crypto::kOidStatusSigner)})});
    run_hook(plan_.in_status_signer, signer);
    const Bytes certificate = signer.sign(*csca.key, {});
    const Bytes serial = inside(signer.serial);
    out_.certificate_records.push_back(patent::encode_certificate_record("RU", serial, certificate));
    for (const auto& record : plan_.status) {
      const auto info = patent::encode_status_info(record);
      const auto signature = plan_.status_key->sign_plain(crypto::HashAlgorithm::sha256, info);
      out_.status_records.push_back(patent::encode_status_record(info, signature, 1, record.sequence));
    }
    run_hook(plan_.in_records, out_.status_records, out_.certificate_records);
  }

  const DocumentPlan& plan_;
  Holder csca_;
  CertificateRecipe signer_;
  Bytes signer_der_;
  Document out_;
};

}  // namespace

const char* group_of(crypto::Curve curve) {
  switch (curve) {
    case crypto::Curve::secp256r1: return "P-256";
    case crypto::Curve::brainpoolP256r1: return "brainpoolP256r1";
    case crypto::Curve::secp384r1: return "P-384";
    case crypto::Curve::brainpoolP384r1: return "brainpoolP384r1";
    case crypto::Curve::brainpoolP512r1: return "brainpoolP512r1";
    case crypto::Curve::secp521r1: break;
  }
  return "P-521";
}

const KeyPair& ec_key(const char* group, int which) {
  static std::map<std::pair<std::string, int>, KeyPair> keys;
  const std::pair name(std::string(group), which);
  const auto found = keys.find(name);
  return found != keys.end() ? found->second : keys.emplace(name, KeyPair::ec(group)).first->second;
}

const KeyPair& rsa_key(unsigned bits, int which) {
  static std::map<std::pair<unsigned, int>, KeyPair> keys;
  const std::pair name(bits, which);
  const auto found = keys.find(name);
  return found != keys.end() ? found->second : keys.emplace(name, KeyPair::rsa(bits)).first->second;
}

Document make_document(const DocumentPlan& plan) { return Making(plan).run(); }

ChipProfile Document::on_chip(const DocumentPlan& plan) const {
  ChipProfile chip;
  for (const auto& [id, content] : files) chip.files[{file(id).application, file(id).fid}] = content;
  chip.records[file(FileId::status).fid] = status_records;
  chip.records[file(FileId::certificates).fid] = certificate_records;
  chip.pace = offered(plan);
  chip.mrz_information = patent::mrz_information(patent::decode_dg1(patent::encode_dg1(plan.patent)).value()).value();
  if (plan.proof == Proof::agreement || plan.proof == Proof::mapping)
    chip.chip_keys = {{plan.chip_curve, chip_key(plan).scalar(), {}}};
  if (plan.proof == Proof::answers)
    chip.answers = [key = plan.active_key](ByteView challenge) {
      return key->sign_plain(crypto::HashAlgorithm::sha256, challenge);
    };
  return chip;
}

Bytes inside(ByteView whole) {
  crypto::TlvReader reader(whole, crypto::TlvForm::ber);
  const auto object = reader.next();
  return object ? Bytes(object->value.begin(), object->value.end()) : Bytes{};
}

Bytes with_info(ByteView infos, ByteView info) {
  Bytes all = inside(infos);
  all.insert(all.end(), info.begin(), info.end());
  return crypto::tlv(der::kSet, all);
}

}  // namespace simulator
