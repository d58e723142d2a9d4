// SPDX-License-Identifier: Apache-2.0
// Owns passports and identity cards of another state on simulated chips: a holder's own documents, in the sizes and
// with the ways in that are met.
#pragma once

#include "card/patent/mrz.hpp"
#include "reader/passport/passport.hpp"
#include "tests/conformance/reader/document.hpp"

namespace testing {

inline const std::string kTd3 =
    "P<TJKSHARIPOV<<FARRUKH<<<<<<<<<<<<<<<<<<<<<<4023456789TJK9005123M3105113<<<<<<<<<<<<<<06";
inline const std::string kTd2 = "I<TJKSHARIPOV<<FARRUKH<<<<<<<<<<<<<<4023456789TJK9005123M3105113<<<<<<<6";
inline const std::string kTd1 =
    "I<TJK4023456789<<<<<<<<<<<<<<<9005123M3105113TJK<<<<<<<<<<<6SHARIPOV<<FARRUKH<<<<<<<<<<<<<";

struct ForeignDocument {
  std::string zone = kTd3;
  bool pace = true;            // or BAC, without EF.CardAccess
  bool security_infos = true;  // DG14
  simulator::DocumentPlan plan{};
  std::function<void(simulator::Files&)> before_signing{};
  std::function<void(simulator::ChipProfile&)> chip{};

  ForeignDocument() {
    plan.country = "TJ";
    plan.csca_name = "CSCA of Tajikistan";
    plan.proof = simulator::Proof::none;
    plan.in_signer = [](simulator::CertificateRecipe& signer) { signer.drop(simulator::extension::kDocumentTypeList); };
  }

  [[nodiscard]] simulator::Document make() const {
    auto whole = plan;
    whole.before_signing = [this](simulator::Files& files) {
      files[FileId::dg1] = crypto::tlv(0x61, crypto::tlv(0x5F1F, crypto::as_bytes(zone)));
      files.erase(FileId::dg13);
      if (!pace) files.erase(FileId::card_access), files.erase(FileId::atr_info);
      if (!security_infos) files.erase(FileId::dg14);
      if (before_signing) before_signing(files);
    };
    return simulator::make_document(whole);
  }

  [[nodiscard]] simulator::ChipProfile on_chip(const simulator::Document& document) const {
    auto profile = document.on_chip(plan);
    profile.mrz_information = patent::mrz_information(zone).value();
    profile.records.clear();
    if (!pace) profile.access = simulator::Access::bac;
    if (chip) chip(profile);
    return profile;
  }
};

inline reader::AccessKey mrz_key(const std::string& zone) {
  return {crypto::PasswordKind::mrz, crypto::Secret(crypto::as_bytes(patent::mrz_information(zone).value()))};
}

inline reader::Evidence read_foreign(wire::Channel& chip, const reader::AccessKey& key,
                                     wire::ApduLimits link = {65544, 65538}) {
  crypto::OpensslEngine engine;
  return reader::inspect(engine, chip, key, reader::kPassportPlan, {.link = link}, at("2026-03-10T09:00:00Z"));
}

}  // namespace testing
