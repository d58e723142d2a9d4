// SPDX-License-Identifier: Apache-2.0
// Owns the eMRTD application and the master file, which answers the same commands over other files.
#pragma once

#include "card/host/applet.hpp"
#include "card/host/chip_authentication.hpp"
#include "card/host/file_system.hpp"
#include "card/host/pace_authentication.hpp"
#include "card/host/terminal_authentication.hpp"

namespace host {

class EmrtdApplet final : public Applet {
public:
  // `application`: emrtd or master_file. One authentication at a time, wherever it is begun.
  EmrtdApplet(layout::Application application, Platform& platform, PaceAuthentication& pace, ChipAuthentication& chip)
      : application_(application),
        platform_(platform),
        pace_(pace),
        chip_(chip),
        terminal_(platform),
        files_(platform.store) {}

  void select() override { current_.reset(); }
  void deselect() override { current_.reset(); }
  void reset() override { current_.reset(); }
  wire::StatusWord process(const wire::Command& command, wire::Reply& reply) override;

private:
  wire::StatusWord execute(const SelectFile& command, wire::Reply& reply);
  wire::StatusWord execute(const ReadBinary& command, wire::Reply& reply);
  wire::StatusWord execute(const SetPace& command, wire::Reply& reply);
  wire::StatusWord execute(const AuthenticatePace& command, wire::Reply& reply);
  wire::StatusWord execute(const SetChipAuthentication& command, wire::Reply& reply);
  wire::StatusWord execute(const AuthenticateChip& command, wire::Reply& reply);
  wire::StatusWord execute(const InternalAuthenticate& command, wire::Reply& reply);
  wire::StatusWord execute(const GetChallenge& command, wire::Reply& reply);
  wire::StatusWord execute(const SetVerificationKey& command, wire::Reply& reply);
  wire::StatusWord execute(const VerifyCertificate& command, wire::Reply& reply);
  wire::StatusWord execute(const SetTerminalAuthentication& command, wire::Reply& reply);
  wire::StatusWord execute(const AuthenticateTerminal& command, wire::Reply& reply);
  Answer<const layout::File*> reachable(std::optional<layout::File> file);
  Answer<const layout::File*> target_of(const ReadBinary& command);

  layout::Application application_;
  Platform& platform_;
  PaceAuthentication& pace_;
  ChipAuthentication& chip_;
  TerminalAuthentication terminal_;
  FileSystem files_;
  std::optional<layout::FileId> current_;
};

}  // namespace host
