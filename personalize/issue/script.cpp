// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "card/layout/dgi.hpp"
#include "reader/inspect/names.hpp"

namespace personalize {
namespace {

using layout::Application;
using layout::LifeCycle;

// MVD's issuer identification number does not exist; the country and the product are named instead (ISO 3166-1: 643).
constexpr std::array<crypto::Byte, 4> kIssuerNumber{0x06, 0x43, 0x50, 0x41};

std::string_view name(Application application) {
  switch (application) {
    case Application::master_file: return "master file";
    case Application::security_domain: return "security domain";
    case Application::emrtd: return "eMRTD";
    case Application::records: return "patent records";
  }
  return "?";
}

std::string_view name(LifeCycle state) {
  switch (state) {
    case LifeCycle::op_ready: return "OP_READY";
    case LifeCycle::initialized: return "INITIALIZED";
    case LifeCycle::secured: return "SECURED";
    case LifeCycle::personalized: return "PERSONALIZED";
    case LifeCycle::locked: return "LOCKED";
    case LifeCycle::terminated: return "TERMINATED";
  }
  return "?";
}

void append_files(StoreData& store, const CardImage& image, Application application) {
  for (const auto& [id, content] : image.files) {
    const auto& file = layout::file(id);
    if (file.application != application || file.write != layout::Access::personalizer) continue;
    store.groupings.push_back({file.fid, std::string(file.name), content});
  }
}

StoreData security_domain_data(const CardImage& image) {
  StoreData store{Application::security_domain, {}};
  const auto number = crypto::as_bytes(image.card_number);
  store.groupings.push_back(
      {layout::kDgiIssuerNumber, "IIN", crypto::Bytes(kIssuerNumber.begin(), kIssuerNumber.end())});
  store.groupings.push_back({layout::kDgiCardNumber, "CIN", crypto::Bytes(number.begin(), number.end())});
  append_files(store, image, Application::master_file);
  return store;
}

StoreData emrtd_data(const CardImage& image) {
  StoreData store{Application::emrtd, {}};
  append_files(store, image, Application::emrtd);
  if (image.trust_point) {
    store.groupings.push_back({layout::kDgiTrustPoint, "CVCA certificate", image.trust_point->certificate});
    store.groupings.push_back({layout::kDgiCurrentDate, "current date", image.trust_point->date});
  }
  store.groupings.push_back({layout::kDgiCan, "CAN", SecretRef::can});
  store.groupings.push_back({layout::kDgiMrzPassword, "MRZ password", SecretRef::mrz_password});
  return store;
}

StoreData records_data(const CardImage& image) {
  StoreData store{Application::records, {}};
  const auto append = [&store](layout::FileId id, const std::vector<crypto::Bytes>& records) {
    const auto& file = layout::file(id);
    for (const auto& record : records) store.groupings.push_back({file.fid, std::string(file.name), record});
  };
  append(layout::FileId::certificates, image.certificate_records);
  append(layout::FileId::status, image.status_records);
  return store;
}

std::string describe_value(const std::variant<crypto::Bytes, SecretRef>& value) {
  if (const auto* octets = std::get_if<crypto::Bytes>(&value)) return fmt::format("{} octets", octets->size());
  return "secret, under the DEK";
}

struct Words {
  std::string operator()(const SelectSecurityDomain&) const { return "SELECT security domain"; }
  std::string operator()(const Identify&) const { return "GET DATA 9F7F (CPLC), 00E0 (key information)"; }
  std::string operator()(const OpenChannel& step) const {
    return fmt::format("INITIALIZE UPDATE, EXTERNAL AUTHENTICATE: SCP03 level 33, {} keys (version {:02X})",
                       step.keys == KeySet::transport ? "transport" : "issuer", static_cast<unsigned>(step.keys));
  }
  std::string operator()(const PutKeys&) const { return "PUT KEY: transport keys (01) -> issuer keys (02)"; }
  std::string operator()(const SetLifeCycle& step) const { return fmt::format("SET STATUS {}", name(step.to)); }
  std::string operator()(const DeleteApplication& step) const {
    return fmt::format("DELETE {}", name(step.application));
  }
  std::string operator()(const InstallApplication& step) const {
    return fmt::format("INSTALL [install, make selectable] {}", name(step.application));
  }
  std::string operator()(const BeginPersonalization& step) const {
    return fmt::format("INSTALL [personalization] {}", name(step.application));
  }
  std::string operator()(const GenerateChipKey& step) const {
    return fmt::format("GENERATE ASYMMETRIC KEY PAIR: chip authentication, {}", reader::name_of(step.curve));
  }
  std::string operator()(const StoreData& step) const {
    auto line = fmt::format("STORE DATA {}:", name(step.application));
    for (const auto& grouping : step.groupings)
      line += fmt::format(" {:04X} {} ({});", grouping.dgi, grouping.name, describe_value(grouping.value));
    line.pop_back();
    return line;
  }
};

}  // namespace

PersoScript identification(KeySet keys) { return {SelectSecurityDomain{}, Identify{}, OpenChannel{keys}}; }

PersoScript preparation(crypto::Curve chip_curve, const ScriptStart& start) {
  PersoScript script;
  if (start.keys == KeySet::transport) {
    script.insert(script.end(), {PutKeys{}, OpenChannel{KeySet::issuer}});
  } else {
    script.insert(script.end(), {DeleteApplication{Application::emrtd}, DeleteApplication{Application::records}});
  }
  if (start.life_cycle < LifeCycle::initialized) script.push_back(SetLifeCycle{LifeCycle::initialized});
  if (start.life_cycle < LifeCycle::secured) script.push_back(SetLifeCycle{LifeCycle::secured});
  script.insert(script.end(), {InstallApplication{Application::emrtd}, InstallApplication{Application::records},
                               BeginPersonalization{Application::emrtd}, GenerateChipKey{chip_curve}});
  return script;
}

// The eMRTD is being personalized already; after its last block the security domain itself is the target.
PersoScript completion(const CardImage& image) {
  return {emrtd_data(image), security_domain_data(image), BeginPersonalization{Application::records},
          records_data(image), SetLifeCycle{LifeCycle::personalized}};
}

std::string describe(const Step& step) { return std::visit(Words{}, step); }

}  // namespace personalize
