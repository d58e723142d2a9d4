// SPDX-License-Identifier: Apache-2.0
// Owns the security domain's commands taken apart (GlobalPlatform Card Specification 2.3.1, chapter 11; Amendment D):
// what is none of these never reaches the security domain.
#pragma once

#include <variant>

#include "card/host/chip_key.hpp"
#include "card/layout/applications.hpp"
#include "card/layout/life_cycle.hpp"
#include "card/wire/command.hpp"

namespace host {

// Views are into the command's data.
struct GetData {
  std::uint16_t tag = 0;
};
struct InitializeUpdate {
  crypto::Byte key_version = 0;  // 0: the set in force
  crypto::ByteView host_challenge;
};
struct ExternalAuthenticate {
  crypto::Byte level = 0;
};
struct WrappedKey {
  std::size_t length = 0;
  crypto::ByteView ciphertext;
  crypto::ByteView check_value;
};
struct PutKey {
  crypto::Byte replaced_version = 0;
  crypto::Byte new_version = 0;
  std::array<WrappedKey, 3> keys;  // ENC, MAC, DEK
};
struct InstallApplication {
  layout::Application application;
};
struct InstallForPersonalization {
  layout::Application application;
};
struct StoreData {
  bool last = false;
  bool encrypted = false;  // the values are encrypted under the DEK
  crypto::Byte block = 0;
  crypto::ByteView data;
};
struct GenerateKeyPair {
  ChipKeyUse use;
  crypto::Curve curve;
};
struct GetStatus {
  bool security_domain = false;  // else: the applications
  crypto::ByteView aid_prefix;
};
struct SetStatus {
  layout::LifeCycle state;
};
struct DeleteApplication {
  layout::Application application;
};

using GpCommand =
    std::variant<GetData, InitializeUpdate, ExternalAuthenticate, PutKey, InstallApplication, InstallForPersonalization,
                 StoreData, GenerateKeyPair, GetStatus, SetStatus, DeleteApplication>;

[[nodiscard]] Answer<GpCommand> parse_gp_command(const wire::Command& command);

// The application that an AID names on this card; the master file has none.
[[nodiscard]] std::optional<layout::Application> application_of(crypto::ByteView aid);
[[nodiscard]] crypto::ByteView aid_of(layout::Application application);

}  // namespace host
