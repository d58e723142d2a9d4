// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/issuing.hpp"

#include <iostream>

namespace personalize::tool {
namespace {

crypto::Result<std::unique_ptr<crypto::MasterKey>, Exit> open_master_key(const crypto::TrustDomain& domain,
                                                                         std::string_view name) {
  auto key = domain.vault().master_key(name);
  if (!key) return crypto::unexpected<Exit>(report({key.error(), name}));
  return *std::move(key);
}

}  // namespace

std::string list_fault(const Arguments& arguments, bool orders_want_one) {
  const bool named = arguments.given("list-uri"), in_ledger = arguments.given("ledger");
  if (named && !in_ledger) return "--list-uri goes with --ledger";
  if (in_ledger && !named && orders_want_one)
    return "--list-uri is missing: an order that names no status list needs a place in one";
  if (named && arguments.text("list-uri").find("://") == std::string::npos)
    return "--list-uri is a URI: https://status.example/lists";
  return {};
}

crypto::Result<std::unique_ptr<Issuing>, Exit> Issuing::open(const Command& command, const Arguments& arguments,
                                                             crypto::TrustDomain& domain) {
  PATENT_TRY(const auto* const profile, profile_of(command, arguments));
  PATENT_TRY(auto trust, open_trust(domain));
  auto signers = SignerWatch::open(domain, std::move(trust));
  if (!signers) return crypto::unexpected<Exit>(report(signers.error()));
  if (!(*signers)->present().seal)
    std::cerr
        << "patent-personalize: no QR on these cards: the domain has no seal signer (patent-pki new seal-signer)\n";
  PATENT_TRY(auto transport, open_master_key(domain, crypto::kScp03TransportKey));
  PATENT_TRY(auto issuer_key, open_master_key(domain, crypto::kScp03IssuerKey));
  return std::unique_ptr<Issuing>(
      new Issuing(*profile, *std::move(signers), std::move(transport), std::move(issuer_key)));
}

}  // namespace personalize::tool
