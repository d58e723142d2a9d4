// SPDX-License-Identifier: Apache-2.0
// Owns the list of cases against a card (BSI TR-03105 Part 3.2, V1.5.1), unit by unit.
#pragma once

#include <vector>

#include "tests/conformance/chip/dialogue.hpp"

namespace conformance {

// 3.3: what is closed until terminal authentication.
[[nodiscard]] std::vector<ChipCase> access_cases();
// 3.6: certificates.
[[nodiscard]] std::vector<ChipCase> certificate_cases();
// 3.7: the terminal's proof.
[[nodiscard]] std::vector<ChipCase> terminal_cases();
// 3.8: effective rights.
[[nodiscard]] std::vector<ChipCase> rights_cases();
// 3.9 and 3.10: what changes the card for good. They stand last, in this order.
[[nodiscard]] std::vector<ChipCase> update_cases();
// 4.1, 4.2, 4.5: DG14, EF.CVCA, EF.ATR/INFO.
[[nodiscard]] std::vector<ChipCase> file_cases();
// 4.3 and 4.4: DG3, DG4.
[[nodiscard]] std::vector<ChipCase> biometric_cases();

// All of them: files first, changes last. `bench` is asked when a case runs.
[[nodiscard]] std::vector<Case> chip_cases(const std::function<Bench&()>& bench);

// The whole of terminal authentication with the certificates of these names.
void authenticate_terminal(Dialogue& dialogue, std::string_view dv, std::string_view terminal);
// Up to and including the terminal's certificate.
void verify_chain(Dialogue& dialogue, std::string_view dv, std::string_view terminal);

// The command is refused under a class that there is not; the session outlives a protected refusal.
std::string refuses_class(Dialogue& dialogue, const wire::Command& command);

inline constexpr Byte kReadDg3 = 0x83;  // P1 of READ BINARY: SFI 03

}  // namespace conformance
