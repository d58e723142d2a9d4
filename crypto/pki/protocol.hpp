// SPDX-License-Identifier: Apache-2.0
// Owns a key ceremony's protocol: who did what with which keys, as JSON, as text to be signed by hand, and as a token
// (RFC 7515) signed by the domain's status signer.
#pragma once

#include <json/value.h>

#include <string>
#include <vector>

#include "crypto/pki/opening.hpp"

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

// How a ceremony ended that made no protocol of what it was to make.
struct Failure {
  const Opening& opening;
  std::vector<KnownKey> left, destroyed;
};

class Protocol {
public:
  Protocol(std::vector<Custodian> custodians, Time begun) : custodians_(std::move(custodians)), begun_(begun) {}
  // What the files of this domain's protocol are called, but for their suffixes.
  [[nodiscard]] std::filesystem::path name_in(const std::filesystem::path& domain) const;
  // Who is going to do what, before anything is done.
  [[nodiscard]] Json::Value opening(const std::filesystem::path& domain, const std::vector<std::string>& work) const;
  // Into DIR/ceremonies, named after the time; gives the files' common name. Whatever the token testifies of the keys
  // is asked now.
  [[nodiscard]] Result<std::filesystem::path, DomainFailure> write(const TrustDomain& domain,
                                                                   const std::vector<CeremonyKey>& keys) const;
  // The same for one that failed; beside a folder that became no domain, and then without the JWS.
  [[nodiscard]] Result<std::filesystem::path, DomainFailure> write_failed(const std::filesystem::path& folder,
                                                                          const TrustDomain* domain,
                                                                          const Failure& failure) const;

private:
  [[nodiscard]] Json::Value head(const std::filesystem::path& domain) const;
  [[nodiscard]] Result<Json::Value, DomainFailure> facts(const TrustDomain& domain,
                                                         const std::vector<CeremonyKey>& keys) const;
  std::vector<Custodian> custodians_;
  Time begun_;
};

// Whether this opening's protocol is whole: then only the opening itself was left behind.
bool is_whole(const std::filesystem::path& domain, const Opening& opening);
// What one that is not whole left unsigned.
void clear_torn_protocol(const std::filesystem::path& domain, const Opening& opening);

}  // namespace crypto::pki
