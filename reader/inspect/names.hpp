// SPDX-License-Identifier: Apache-2.0
// Owns the stable names of the inspection's enums, as they stand in evidence and traces.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "reader/inspect/evidence.hpp"

namespace reader {

template <class Enum>
struct Names;

template <>
struct Names<AccessOutcome> {
  using enum AccessOutcome;
  static constexpr std::array table{std::pair{not_tried, "not_tried"}, std::pair{opened, "opened"},
                                    std::pair{wrong_password, "wrong_password"}, std::pair{not_offered, "not_offered"},
                                    std::pair{refused, "refused"}};
};
template <>
struct Names<ReadOutcome> {
  using enum ReadOutcome;
  static constexpr std::array table{
      std::pair{read, "read"},           std::pair{absent, "absent"},         std::pair{refused, "refused"},
      std::pair{malformed, "malformed"}, std::pair{incomplete, "incomplete"}, std::pair{not_tried, "not_tried"},
      std::pair{withheld, "withheld"}};
};
template <>
struct Names<TerminalOutcome> {
  using enum TerminalOutcome;
  static constexpr std::array table{std::pair{not_tried, "not_tried"}, std::pair{not_offered, "not_offered"},
                                    std::pair{no_path, "no_path"},     std::pair{cannot_sign, "cannot_sign"},
                                    std::pair{refused, "refused"},     std::pair{done, "done"}};
};
template <>
struct Names<TerminalStep> {
  using enum TerminalStep;
  static constexpr std::array table{std::pair{set_issuer, "set_issuer"},
                                    std::pair{verify_certificate, "verify_certificate"},
                                    std::pair{set_terminal, "set_terminal"}, std::pair{get_challenge, "get_challenge"},
                                    std::pair{authenticate, "authenticate"}};
};
template <>
struct Names<crypto::HashAlgorithm> {
  using enum crypto::HashAlgorithm;
  static constexpr std::array table{std::pair{sha1, "SHA-1"}, std::pair{sha224, "SHA-224"},
                                    std::pair{sha256, "SHA-256"}, std::pair{sha384, "SHA-384"},
                                    std::pair{sha512, "SHA-512"}};
};
template <>
struct Names<crypto::PasswordKind> {
  static constexpr std::array table{std::pair{crypto::PasswordKind::mrz, "mrz"},
                                    std::pair{crypto::PasswordKind::can, "can"}};
};
template <>
struct Names<crypto::Curve> {
  using enum crypto::Curve;
  static constexpr std::array table{std::pair{secp256r1, "secp256r1"},
                                    std::pair{brainpoolP256r1, "brainpoolP256r1"},
                                    std::pair{secp384r1, "secp384r1"},
                                    std::pair{brainpoolP384r1, "brainpoolP384r1"},
                                    std::pair{brainpoolP512r1, "brainpoolP512r1"},
                                    std::pair{secp521r1, "secp521r1"}};
};
template <>
struct Names<crypto::Mapping> {
  using enum crypto::Mapping;
  static constexpr std::array table{std::pair{generic, "GM"}, std::pair{integrated, "IM"},
                                    std::pair{chip_authentication, "CAM"}};
};
template <>
struct Names<crypto::AesKey> {
  using enum crypto::AesKey;
  static constexpr std::array table{std::pair{aes128, "AES-128"}, std::pair{aes192, "AES-192"},
                                    std::pair{aes256, "AES-256"}};
};
template <>
struct Names<wire::LinkError> {
  using enum wire::LinkError;
  static constexpr std::array table{std::pair{no_daemon, "no_daemon"},
                                    std::pair{no_reader, "no_reader"},
                                    std::pair{no_card, "no_card"},
                                    std::pair{reader_busy, "reader_busy"},
                                    std::pair{card_removed, "card_removed"},
                                    std::pair{card_reset, "card_reset"},
                                    std::pair{card_mute, "card_mute"},
                                    std::pair{bad_response, "bad_response"},
                                    std::pair{response_too_long, "response_too_long"},
                                    std::pair{command_too_long, "command_too_long"},
                                    std::pair{secure_messaging, "secure_messaging"},
                                    std::pair{timed_out, "timed_out"},
                                    std::pair{interrupted, "interrupted"},
                                    std::pair{internal, "internal"}};
};

template <class Enum>
constexpr std::string_view name_of(Enum value) {
  for (const auto& [known, name] : Names<Enum>::table)
    if (known == value) return name;
  return {};
}
template <class Enum>
constexpr std::optional<Enum> from_name(std::string_view name) {
  for (const auto& [known, its_name] : Names<Enum>::table)
    if (its_name == name) return known;
  return std::nullopt;
}

}  // namespace reader
