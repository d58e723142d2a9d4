// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/deadlines.hpp"

#include <array>

#include "crypto/domain_files.hpp"
#include "crypto/guarded_file.hpp"

namespace personalize {
namespace {

using Kind = Deadline::Kind;

constexpr std::array kSigners{crypto::kCscaKey, crypto::kDocumentSignerKey, crypto::kStatusSignerKey};
constexpr std::array kTerminals{crypto::kCvcaKey, crypto::kDvKey, crypto::kInspectionKey, crypto::kStatusTerminalKey};

void add_certificate(const crypto::TrustDomain& domain, std::string_view name, std::vector<Deadline>& out) {
  const auto certificate = domain.certificate(name);
  if (!certificate) {
    out.push_back({Kind::certificate, std::string(name)});
    return;
  }
  out.push_back({Kind::certificate, std::string(name), certificate->not_after(), certificate->not_before()});
  if (const auto last = certificate->private_key_not_after())
    out.push_back({Kind::signing, std::string(name), last, certificate->not_before()});
}

void add_terminal(const crypto::TrustDomain& domain, std::string_view name, std::vector<Deadline>& out) {
  Deadline deadline{Kind::terminal, std::string(name)};
  if (const auto octets = domain.cv_certificate(name))
    if (const auto certificate = crypto::parse_cv_certificate(*octets)) {
      deadline.begin = certificate->effective;
      // To the end of its last day.
      deadline.end = certificate->expires + std::chrono::days(1) - std::chrono::seconds(1);
    }
  out.push_back(std::move(deadline));
}

}  // namespace

std::vector<Deadline> deadlines_of(const crypto::TrustDomain& domain) {
  std::vector<Deadline> out;
  for (const auto name : kSigners) add_certificate(domain, name, out);
  // A domain from before seals or CV certificates has none.
  if (crypto::file_exists(crypto::certificate_file(domain.folder(), crypto::kSealSignerKey)))
    add_certificate(domain, crypto::kSealSignerKey, out);
  if (crypto::file_exists(crypto::cv_certificate_file(domain.folder(), crypto::kCvcaKey)))
    for (const auto name : kTerminals) add_terminal(domain, name, out);

  Deadline list{Kind::revocations, std::string(crypto::kRevocationListName)};
  if (const auto revocations = domain.revocation_list()) {
    list.begin = revocations->this_update();
    list.end = revocations->next_update();
  }
  out.push_back(std::move(list));
  return out;
}

}  // namespace personalize
