// SPDX-License-Identifier: Apache-2.0
// Owns the tables of cases against the reader, one for each unit of the standard, and those of our own liars.
#pragma once

#include "tests/conformance/reader/scenario.hpp"

namespace simulator {

std::vector<Row> application_rows();        // ISO7816_A, _B
std::vector<Row> file_rows();               // ISO7816_C
std::vector<Row> chip_authenticity_rows();  // ISO7816_D, _F
std::vector<Row> pace_rows();               // ISO7816_G
std::vector<Row> com_and_zone_rows();       // LDS_A, LDS_B
std::vector<Row> face_rows();               // LDS_C
std::vector<Row> security_info_rows();      // LDS_F, LDS_I, LDS_J, LDS_K
std::vector<Row> security_object_rows();    // LDS_H, what EF.SOD says
std::vector<Row> signer_rows();             // LDS_H, who signed it

std::vector<Row> passport_rows();  // what only documents of other states have
std::vector<Row> terminal_rows();  // ISO7816_E, LDS_D, LDS_G

std::vector<Row> lying_chip_rows();    // LIAR_: files, secure messaging, PACE, proofs
std::vector<Row> lying_issuer_rows();  // LIAR_: security objects, certificates, status

// ISO7816_D_10, which takes two inspections.
conformance::Case ephemeral_keys_case();

std::vector<LeftOut> left_out();

}  // namespace simulator
