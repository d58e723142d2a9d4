// SPDX-License-Identifier: Apache-2.0
// Owns what the commands that write cards take from the trust domain: signers, trust and keys.
#pragma once

#include "crypto/threaded_engine.hpp"
#include "crypto/trust_domain.hpp"
#include "personalize/issue/signer_watch.hpp"
#include "personalize/tool/command.hpp"

namespace personalize::tool {

// What makes --list-uri unfit; empty when nothing does. A card of the ledger's that stands in no status list can be
// neither annulled nor looked up.
std::string list_fault(const Arguments& arguments, bool orders_want_one);

// Lives where it was made: its parts use each other.
class Issuing {
public:
  // Says on stderr what is wrong when it cannot, and that cards get no seal where the domain has no signer for it.
  static crypto::Result<std::unique_ptr<Issuing>, Exit> open(const Command& command, const Arguments& arguments,
                                                             crypto::TrustDomain& domain);

  [[nodiscard]] crypto::Engine& engine() { return engine_; }
  [[nodiscard]] const Issuer& issuer() const { return issuer_; }
  [[nodiscard]] const SignerWatch& signers() const { return *signers_; }
  [[nodiscard]] const ChannelKeys& keys() const { return keys_; }

private:
  using Master = std::unique_ptr<crypto::MasterKey>;
  Issuing(const CryptoProfile& profile, std::unique_ptr<SignerWatch> signers, Master transport, Master issuer)
      : signers_(std::move(signers)),
        transport_(std::move(transport)),
        issuer_key_(std::move(issuer)),
        issuer_(engine_, profile, *signers_),
        keys_{*transport_, *issuer_key_, profile.channel_key} {}

  crypto::ThreadedEngine engine_;
  std::unique_ptr<SignerWatch> signers_;
  Master transport_, issuer_key_;
  Issuer issuer_;
  ChannelKeys keys_;
};

}  // namespace personalize::tool
