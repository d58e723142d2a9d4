// SPDX-License-Identifier: Apache-2.0
// Owns the issuer security domain (GlobalPlatform Card Specification 2.3.1, with SCP03): who may personalize, and how.
#pragma once

#include "card/host/applet.hpp"
#include "card/host/data_grouping.hpp"
#include "card/host/gp_command.hpp"
#include "card/host/platform.hpp"

namespace host {

class SecurityDomain final : public Applet {
public:
  // Wrong host cryptograms in a row before the security domain opens no session any longer.
  static constexpr std::uint8_t kMaxScp03Failures = 10;

  explicit SecurityDomain(Platform& platform) : platform_(platform), groupings_(platform.engine, platform.store) {}

  void select() override { forget(); }
  void deselect() override;
  void reset() override { forget(); }
  wire::StatusWord process(const wire::Command& command, wire::Reply& reply) override;

private:
  void forget();
  // `received`: EXTERNAL AUTHENTICATE's MAC is over the command as it came.
  Answer<> execute(const GetData& command, const wire::Command& received, wire::Reply& reply);
  Answer<> execute(const InitializeUpdate& command, const wire::Command& received, wire::Reply& reply);
  Answer<> execute(const ExternalAuthenticate& command, const wire::Command& received, wire::Reply& reply);
  Answer<> execute(const PutKey& command, const wire::Command& received, wire::Reply& reply);
  Answer<> execute(const InstallApplication& command, const wire::Command& received, wire::Reply& reply);
  Answer<> execute(const InstallForPersonalization& command, const wire::Command& received, wire::Reply& reply);
  Answer<> execute(const StoreData& command, const wire::Command& received, wire::Reply& reply);
  Answer<> execute(const GenerateKeyPair& command, const wire::Command& received, wire::Reply& reply);
  Answer<> execute(const GetStatus& command, const wire::Command& received, wire::Reply& reply);
  Answer<> execute(const SetStatus& command, const wire::Command& received, wire::Reply& reply);
  Answer<> execute(const DeleteApplication& command, const wire::Command& received, wire::Reply& reply);

  [[nodiscard]] Answer<> require_session() const;
  // A session, and a card that is not yet PERSONALIZED; opens the command's transaction.
  Answer<> begin_personalization_step();

  Platform& platform_;
  DataGroupings groupings_;
  layout::Application target_ = layout::Application::security_domain;  // of what personalizes
  std::optional<wire::Scp03Session> pending_;  // between INITIALIZE UPDATE and EXTERNAL AUTHENTICATE
};

}  // namespace host
