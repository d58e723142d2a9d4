// SPDX-License-Identifier: Apache-2.0
// Owns SELECT where it names an application or the master file (ISO/IEC 7816-4:2020, 11.2.2; Card Specification 2.3.1,
// 11.9); SELECT of a file is the current applet's affair.
#pragma once

#include "card/host/answer.hpp"
#include "card/layout/applications.hpp"
#include "card/wire/command.hpp"
#include "card/wire/response.hpp"

namespace host {

struct DfSelection {
  layout::Application application = layout::Application::master_file;
  bool with_information = false;  // P2 = 00 and Le: file control information is wanted
};

// Nothing for every other command. file_not_found for an AID that no application of this product has.
[[nodiscard]] Answer<std::optional<DfSelection>> parse_df_selection(const wire::Command& command);
// FCI template: 6F { 84 AID } or, for the master file, 6F { 83 FID }; the security domain adds A5 { 9F65 length }.
Answer<> put_df_information(layout::Application application, wire::Reply& reply);

}  // namespace host
