// SPDX-License-Identifier: Apache-2.0
// Owns which applications are installed, what belongs to each, and whether nothing is missing for the card to go out.
#pragma once

#include "card/host/answer.hpp"
#include "card/layout/applications.hpp"

namespace host {

// The master file and the security domain are always there.
[[nodiscard]] bool is_installed(const ObjectStore& store, layout::Application application);

// Inside a transaction. conditions_not_satisfied when it is installed already.
Answer<> install_application(ObjectStore& store, layout::Application application);
// Inside a transaction: the application, its files, records, passwords and key pairs. referenced_data_not_found when it
// is not installed.
Answer<> delete_application(ObjectStore& store, layout::Application application);

// Issuer keys, card number, applications, the files that every patent card has, a CAN, a first status record and the
// certificate that judges it; behind EF.CardSecurity and DG15 the chip's keys; with a trust point the current date; and
// nothing half written.
[[nodiscard]] Answer<> require_complete(ObjectStore& store);

}  // namespace host
