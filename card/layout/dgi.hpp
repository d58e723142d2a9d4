// SPDX-License-Identifier: Apache-2.0
// Owns the data grouping identifiers of personalization (EMV CPS 1.1 form in GlobalPlatform STORE DATA;
// docs/file-layout.md, 5). A file's DGI is its FID in the application named by INSTALL [for personalization]; what is
// no file has a DGI here.
#pragma once

#include <cstdint>

namespace layout {

// Sent to the eMRTD application; values encrypted under the DEK (AES-CBC, zero IV, padding 80 00..).
inline constexpr std::uint16_t kDgiCan = 0x8001;          // six digits, ISO 8859-1
inline constexpr std::uint16_t kDgiMrzPassword = 0x8002;  // SHA-1 of the MRZ information, 20 octets

// Sent to the eMRTD application, in clear: without them there is no terminal authentication.
inline constexpr std::uint16_t kDgiTrustPoint = 0x011C;   // self-signed CVCA certificate, 7F21; EF.CVCA is made from it
inline constexpr std::uint16_t kDgiCurrentDate = 0x8003;  // YYMMDD, one digit an octet

// Sent to the security domain, in clear (inside SCP03): what GET DATA answers afterwards.
inline constexpr std::uint16_t kDgiCardNumber =
    0x0045;  // card image number (CIN): the card number of the patent card, 9 octets
inline constexpr std::uint16_t kDgiIssuerNumber = 0x0042;  // issuer identification number (IIN), up to 8 octets

// The records application takes records one by one: DGI = the file's FID, value = the record, appended in order.

}  // namespace layout
