// SPDX-License-Identifier: Apache-2.0
#include "card/host/emrtd_command.hpp"

#include "card/host/chip_key.hpp"
#include "crypto/active_authentication.hpp"
#include "crypto/cv_certificate.hpp"
#include "crypto/tlv.hpp"

namespace host {

using wire::Command;
using wire::StatusWord;

namespace {

constexpr crypto::Byte kSelect = 0xA4;
constexpr crypto::Byte kReadBinary = 0xB0;
constexpr crypto::Byte kReadBinaryOdd = 0xB1;
constexpr crypto::Byte kManageSecurityEnvironment = 0x22;
constexpr crypto::Byte kGeneralAuthenticate = 0x86;
constexpr crypto::Byte kInternalAuthenticate = 0x88;
constexpr crypto::Byte kGetChallenge = 0x84;
constexpr crypto::Byte kPerformSecurityOperation = 0x2A;
constexpr crypto::Byte kExternalAuthenticate = 0x82;

constexpr crypto::Byte kMaxSfi = 30;

Answer<EmrtdCommand> parse_select(const Command& command) {
  constexpr crypto::Byte kByFid = 0x00;
  constexpr crypto::Byte kChildFile = 0x02;
  constexpr crypto::Byte kWithInformation = 0x00;
  constexpr crypto::Byte kWithoutInformation = 0x0C;
  if ((command.p1 != kByFid && command.p1 != kChildFile) ||
      (command.p2 != kWithInformation && command.p2 != kWithoutInformation))
    return refuse(StatusWord::incorrect_p1p2);
  const bool with_information = command.p2 == kWithInformation && command.le != 0;
  if (command.data.size() != 2) return refuse(StatusWord::wrong_length);
  return SelectFile{crypto::load_be16(command.data.first<2>()), with_information};
}

Answer<EmrtdCommand> parse_read_binary(const Command& command) {
  if (!command.data.empty()) return refuse(StatusWord::wrong_length);
  ReadBinary read;
  PATENT_TRY(read.expected, expected_length(command));
  if ((command.p1 & 0x80) == 0) {
    read.offset = static_cast<std::size_t>(command.p1) << 8 | command.p2;
    return read;
  }
  read.target = ReadBinary::Target::sfi;
  read.file = command.p1 & 0x1F;
  read.offset = command.p2;
  if ((command.p1 & 0x60) != 0 || read.file == 0 || read.file > kMaxSfi) return refuse(StatusWord::incorrect_p1p2);
  return read;
}

// 11.3.1: P1-P2 = 0000 the current file, 0001..001E a short identifier, else a file identifier.
Answer<EmrtdCommand> parse_read_binary_odd(const Command& command) {
  constexpr std::size_t kMaxOffsetOctets = 3;
  ReadBinary read;
  read.as_data_object = true;
  PATENT_TRY(read.expected, expected_length(command));
  const auto offset = crypto::read_only_tlv(command.data, 0x54);
  if (!offset || offset->value.empty() || offset->value.size() > kMaxOffsetOctets)
    return refuse(StatusWord::wrong_data);
  for (const auto octet : offset->value) read.offset = read.offset << 8 | octet;
  read.file = static_cast<std::uint16_t>(command.p1 << 8 | command.p2);
  if (read.file != 0) read.target = read.file <= kMaxSfi ? ReadBinary::Target::sfi : ReadBinary::Target::fid;
  return read;
}

Answer<crypto::PasswordKind> parse_password(crypto::ByteView reference) {
  if (reference.size() != 1) return refuse(StatusWord::wrong_data);
  if (reference[0] == static_cast<crypto::Byte>(crypto::PasswordKind::mrz)) return crypto::PasswordKind::mrz;
  if (reference[0] == static_cast<crypto::Byte>(crypto::PasswordKind::can)) return crypto::PasswordKind::can;
  return refuse(StatusWord::referenced_data_not_found);
}

// Doc 9303-11, 4.4.4.1: MSE:Set AT for PACE.
Answer<EmrtdCommand> parse_set_pace(const Command& command) {
  crypto::TlvReader reader(command.data);
  const auto oid = reader.expect(0x80);
  const auto password = reader.expect(0x83);
  const auto parameter = reader.accept(0x84);
  if (!oid || !password || !parameter || !reader.finish()) return refuse(StatusWord::wrong_data);
  SetPace set{oid->value, {}, std::nullopt};
  PATENT_TRY(set.password, parse_password(password->value));
  if (*parameter) {
    if ((*parameter)->value.size() != 1) return refuse(StatusWord::wrong_data);
    set.parameter_id = (*parameter)->value[0];
  }
  return set;
}

// Doc 9303-11, 6.2.4.2: MSE:Set AT for chip authentication; there is one key, which may be named.
Answer<EmrtdCommand> parse_set_chip_authentication(const Command& command) {
  constexpr std::array kKey{static_cast<crypto::Byte>(ChipKeyUse::chip_authentication)};
  crypto::TlvReader reader(command.data);
  const auto oid = reader.expect(0x80);
  const auto key = reader.accept(0x84);
  if (!oid || !key || !reader.finish()) return refuse(StatusWord::wrong_data);
  if (*key && !std::ranges::equal((*key)->value, kKey)) return refuse(StatusWord::referenced_data_not_found);
  return SetChipAuthentication{oid->value};
}

// BSI TR-03110-3, B.3: the name of a public key, alone.
Answer<crypto::ByteView> parse_key_reference(const Command& command) {
  const auto reference = crypto::read_only_tlv(command.data, 0x83);
  if (!reference || reference->value.empty() || reference->value.size() > crypto::kMaxCvReference)
    return refuse(StatusWord::wrong_data);
  return reference->value;
}

Answer<EmrtdCommand> parse_set_verification_key(const Command& command) {
  PATENT_TRY(const auto reference, parse_key_reference(command));
  return SetVerificationKey{reference};
}

Answer<EmrtdCommand> parse_set_terminal_authentication(const Command& command) {
  PATENT_TRY(const auto reference, parse_key_reference(command));
  return SetTerminalAuthentication{reference};
}

// What is set for what: P1-P2.
Answer<EmrtdCommand> parse_manage_security_environment(const Command& command) {
  switch (command.p1 << 8 | command.p2) {
    case 0xC1A4: return parse_set_pace(command);
    case 0x41A4: return parse_set_chip_authentication(command);
    case 0x81B6: return parse_set_verification_key(command);
    case 0x81A4: return parse_set_terminal_authentication(command);
    default: return refuse(StatusWord::incorrect_p1p2);
  }
}

// TR-03110-3, B.14.5: a self-descriptive certificate.
Answer<EmrtdCommand> parse_verify_certificate(const Command& command) {
  constexpr crypto::Byte kSelfDescriptive = 0xBE;
  if (command.p1 != 0 || command.p2 != kSelfDescriptive) return refuse(StatusWord::incorrect_p1p2);
  if (command.data.empty()) return refuse(StatusWord::wrong_length);
  return VerifyCertificate{command.data};
}

Answer<EmrtdCommand> parse_authenticate_terminal(const Command& command) {
  if (command.p1 != 0 || command.p2 != 0) return refuse(StatusWord::incorrect_p1p2);
  if (command.data.empty()) return refuse(StatusWord::wrong_length);
  return AuthenticateTerminal{command.data};
}

// Doc 9303-11, 4.4.4.2 and 6.2.4.2: dynamic authentication data 7C { one object }, or none for the nonce.
Answer<EmrtdCommand> parse_general_authenticate(const Command& command) {
  using Step = AuthenticatePace::Step;
  if (command.p1 != 0 || command.p2 != 0) return refuse(StatusWord::incorrect_p1p2);
  const auto dynamic = crypto::read_only_tlv(command.data, 0x7C);
  if (!dynamic) return refuse(StatusWord::wrong_data);
  AuthenticatePace authenticate;
  if (!dynamic->value.empty()) {
    crypto::TlvReader reader(dynamic->value);
    const auto object = reader.next();
    if (!object || !reader.finish()) return refuse(StatusWord::wrong_data);
    switch (object->tag) {
      case 0x80:
        if (command.chained()) return refuse(StatusWord::last_of_chain_expected);
        return AuthenticateChip{object->value};
      case 0x81: authenticate.step = Step::map; break;
      case 0x83: authenticate.step = Step::agree; break;
      case 0x85: authenticate.step = Step::token; break;
      default: return refuse(StatusWord::wrong_data);
    }
    authenticate.value = object->value;
  }
  if (command.chained() == (authenticate.step == Step::token)) return refuse(StatusWord::last_of_chain_expected);
  return authenticate;
}

Answer<EmrtdCommand> parse_internal_authenticate(const Command& command) {
  if (command.p1 != 0 || command.p2 != 0) return refuse(StatusWord::incorrect_p1p2);
  if (command.data.size() != crypto::kActiveChallengeSize || command.le == 0) return refuse(StatusWord::wrong_length);
  return InternalAuthenticate{command.data};
}

Answer<EmrtdCommand> parse_get_challenge(const Command& command) {
  constexpr std::size_t kMaxChallenge = 64;
  if (command.p1 != 0 || command.p2 != 0) return refuse(StatusWord::incorrect_p1p2);
  if (!command.data.empty() || command.le == 0 || command.le > kMaxChallenge) return refuse(StatusWord::wrong_length);
  return GetChallenge{command.le};
}

}  // namespace

Answer<EmrtdCommand> parse_emrtd_command(const Command& command) {
  if ((command.cla & 0x80) != 0) return refuse(StatusWord::cla_not_supported);
  switch (command.ins) {
    case kSelect: return parse_select(command);
    case kReadBinary: return parse_read_binary(command);
    case kReadBinaryOdd: return parse_read_binary_odd(command);
    case kManageSecurityEnvironment: return parse_manage_security_environment(command);
    case kGeneralAuthenticate: return parse_general_authenticate(command);
    case kInternalAuthenticate: return parse_internal_authenticate(command);
    case kGetChallenge: return parse_get_challenge(command);
    case kPerformSecurityOperation: return parse_verify_certificate(command);
    case kExternalAuthenticate: return parse_authenticate_terminal(command);
    default: return refuse(StatusWord::ins_not_supported);
  }
}

Answer<ExpectedLength> expected_length(const Command& command) {
  if (command.le == 0) return refuse(StatusWord::wrong_length);
  const bool zeros = command.le == wire::kMaxExtendedLe || (command.le == wire::kMaxShortLe && !command.extended);
  return ExpectedLength{command.le, zeros};
}

bool is_general_authenticate(const Command& command) { return command.ins == kGeneralAuthenticate; }

}  // namespace host
