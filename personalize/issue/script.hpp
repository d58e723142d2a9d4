// SPDX-License-Identifier: Apache-2.0
// Owns PersoScript: the named steps that turn a blank into a patent card. A value without secrets in it, so that it may
// be printed, compared and logged.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "card/layout/applications.hpp"
#include "card/layout/life_cycle.hpp"
#include "personalize/issue/card_image.hpp"

namespace personalize {

// Which of a chip's two SCP03 key sets (GlobalPlatform Card Specification 2.3.1, 11.8: PUT KEY replaces one by the
// other). The values are the key version numbers.
enum class KeySet : crypto::Byte { transport = 0x01, issuer = 0x02 };

enum class SecretRef : std::uint8_t { can, mrz_password };

struct SelectSecurityDomain {};
struct Identify {};  // CPLC and key information
struct OpenChannel {
  KeySet keys = KeySet::transport;
};
struct PutKeys {};  // transport -> issuer, three keys in one command
struct SetLifeCycle {
  layout::LifeCycle to{};
};
struct DeleteApplication {  // an application that is not there is no error
  layout::Application application{};
};
struct InstallApplication {  // for install and make selectable
  layout::Application application{};
};
struct BeginPersonalization {  // INSTALL [for personalization]
  layout::Application application{};
};
struct GenerateChipKey {  // GENERATE ASYMMETRIC KEY PAIR, for chip authentication
  crypto::Curve curve{};
};

// One data grouping (EMV CPS 1.1, 3.2). Secrets are put in by the runner, under the DEK.
struct DataGrouping {
  std::uint16_t dgi = 0;
  std::string name;
  std::variant<crypto::Bytes, SecretRef> value;
};
// All groupings of one application, in as few STORE DATA blocks as the link takes.
struct StoreData {
  layout::Application application{};
  std::vector<DataGrouping> groupings;
};

using Step = std::variant<SelectSecurityDomain, Identify, OpenChannel, PutKeys, SetLifeCycle, DeleteApplication,
                          InstallApplication, BeginPersonalization, GenerateChipKey, StoreData>;
using PersoScript = std::vector<Step>;

// Where a chip stands when the script begins.
struct ScriptStart {
  KeySet keys = KeySet::transport;
  layout::LifeCycle life_cycle = layout::LifeCycle::op_ready;
};

// The steps that change nothing: they come first on every chip. The keys are those that Identify finds in force.
PersoScript identification(KeySet keys);
// The steps that write come in two parts, inside the channel that identification opened. The first ends with the chip's
// public key, which must be known before anything is signed. From issuer keys (a torn card) it starts over: nothing of
// an earlier try stays.
PersoScript preparation(crypto::Curve chip_curve, const ScriptStart& start);
// The second, with what was signed for this chip, ends with PERSONALIZED.
PersoScript completion(const CardImage& image);

// One line, in the words of the standards; octets as lengths only.
std::string describe(const Step& step);

}  // namespace personalize
