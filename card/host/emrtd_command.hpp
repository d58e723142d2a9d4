// SPDX-License-Identifier: Apache-2.0
// Owns the commands of the eMRTD application and the master file taken apart (ICAO Doc 9303-10, 3.6; 9303-11, 4.4.4):
// what is none of these never reaches a file.
#pragma once

#include <variant>

#include "card/host/answer.hpp"
#include "card/wire/command.hpp"
#include "crypto/kdf.hpp"

namespace host {

// Views are into the command's data.
struct SelectFile {
  std::uint16_t fid = 0;
  bool with_information = false;  // P2 = 00 and Le: file control information is wanted
};
// ISO/IEC 7816-4:2020, 11.3.1: how much READ commands may answer, and whether an end before that is worth a warning.
struct ExpectedLength {
  std::size_t octets = 0;
  bool or_less = false;  // Le was 00 or 0000: as much as there is
};
struct ReadBinary {
  enum class Target : std::uint8_t { current, sfi, fid };
  Target target = Target::current;
  std::uint16_t file = 0;  // SFI or FID
  std::size_t offset = 0;
  bool as_data_object = false;  // odd INS: offset in DO 54, answer in DO 53
  ExpectedLength expected;
};
struct SetPace {
  crypto::ByteView oid;
  crypto::PasswordKind password = crypto::PasswordKind::can;
  std::optional<crypto::Byte> parameter_id;
};
struct AuthenticatePace {
  enum class Step : std::uint8_t { nonce, map, agree, token };
  Step step = Step::nonce;
  crypto::ByteView value;
};
struct SetChipAuthentication {
  crypto::ByteView oid;
};
struct AuthenticateChip {
  crypto::ByteView ephemeral_key;
};
struct InternalAuthenticate {
  crypto::ByteView challenge;  // kActiveChallengeSize octets
};
struct GetChallenge {
  std::size_t octets = 0;
};
struct SetVerificationKey {
  crypto::ByteView reference;  // of whom the next certificate is by
};
struct VerifyCertificate {
  crypto::ByteView content;  // body and signature
};
struct SetTerminalAuthentication {
  crypto::ByteView reference;  // of the terminal
};
struct AuthenticateTerminal {
  crypto::ByteView signature;
};

using EmrtdCommand = std::variant<SelectFile, ReadBinary, SetPace, AuthenticatePace, SetChipAuthentication,
                                  AuthenticateChip, InternalAuthenticate, GetChallenge, SetVerificationKey,
                                  VerifyCertificate, SetTerminalAuthentication, AuthenticateTerminal>;

[[nodiscard]] Answer<EmrtdCommand> parse_emrtd_command(const wire::Command& command);

// wrong_length without Le.
[[nodiscard]] Answer<ExpectedLength> expected_length(const wire::Command& command);
// GENERAL AUTHENTICATE sets CLA bit 5 in all its steps but the last, yet each is answered: no chain to assemble.
[[nodiscard]] bool is_general_authenticate(const wire::Command& command);

}  // namespace host
