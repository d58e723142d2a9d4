// SPDX-License-Identifier: Apache-2.0
// Owns the words by which patent-pki calls what it renews or adds.
#pragma once

#include "crypto/trust_domain.hpp"

namespace crypto::pki {

struct Kind {
  std::string_view name;
  CertificateRole role;
  std::string_view key;
};
inline constexpr std::array kKinds{Kind{"csca", CertificateRole::csca, kCscaKey},
                                   Kind{"csca-link", CertificateRole::csca_link, kCscaKey},
                                   Kind{"document-signer", CertificateRole::document_signer, kDocumentSignerKey},
                                   Kind{"status-signer", CertificateRole::status_signer, kStatusSignerKey},
                                   Kind{"seal-signer", CertificateRole::seal_signer, kSealSignerKey}};
// Kinds of the second tree, and the names they renew.
struct CvKind {
  std::string_view name;
  std::array<std::string_view, 2> keys;
};
inline constexpr std::array kCvKinds{CvKind{"cvca-link", {kCvcaKey, {}}}, CvKind{"dv", {kDvKey, {}}},
                                     CvKind{"terminal", {kInspectionKey, kStatusTerminalKey}}};
inline constexpr std::string_view kMasterKind = "scp03-master", kLedgerKind = "ledger";

}  // namespace crypto::pki
