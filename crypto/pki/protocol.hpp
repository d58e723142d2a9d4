// SPDX-License-Identifier: Apache-2.0
// Owns a key ceremony's protocol: who did what with which keys, as JSON, as text to be signed by hand, and as a token
// (RFC 7515) signed by the domain's status signer.
#pragma once

#include <json/value.h>

#include <string>
#include <vector>

#include "crypto/trust_domain.hpp"

namespace crypto::pki {

inline constexpr std::string_view kProtocolType = "patent-key-ceremony+jwt";

struct Custodian {
  std::string name, source;  // the source's kind only gets into the protocol
};

struct CeremonyKey {
  std::string name;
  KeyKind kind{};
  std::string done;  // "made", "renewed", "entered in components"
  std::vector<std::string> component_check_values{};
};

class Protocol {
public:
  Protocol(std::vector<Custodian> custodians, Time begun) : custodians_(std::move(custodians)), begun_(begun) {}
  // Into DIR/ceremonies, named after the time; gives the files' common name. Whatever the token testifies of the keys
  // is asked now.
  [[nodiscard]] Result<std::filesystem::path, DomainFailure> write(const TrustDomain& domain,
                                                                   const std::vector<CeremonyKey>& keys) const;

private:
  [[nodiscard]] Result<Json::Value, DomainFailure> facts(const TrustDomain& domain,
                                                         const std::vector<CeremonyKey>& keys) const;
  std::vector<Custodian> custodians_;
  Time begun_;
};

}  // namespace crypto::pki
