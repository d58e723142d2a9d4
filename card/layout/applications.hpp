// SPDX-License-Identifier: Apache-2.0
// Owns the applications of a patent card and their identifiers (docs/file-layout.md, 1).
#pragma once

#include <array>
#include <cstdint>

namespace layout {

enum class Application : std::uint8_t {
  master_file,      // before any SELECT by AID
  security_domain,  // GlobalPlatform issuer security domain
  emrtd,            // LDS1, ICAO Doc 9303-10
  records,          // patent records, modelled on LDS2
};

inline constexpr std::array<std::uint8_t, 8> kSecurityDomainAid{0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00};
inline constexpr std::array<std::uint8_t, 7> kEmrtdAid{0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};
// Proprietary (ISO/IEC 7816-5: first nibble F needs no registration); "PATENT" 01.
inline constexpr std::array<std::uint8_t, 8> kRecordsAid{0xF0, 0x50, 0x41, 0x54, 0x45, 0x4E, 0x54, 0x01};

}  // namespace layout
