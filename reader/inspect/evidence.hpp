// SPDX-License-Identifier: Apache-2.0
// Owns Evidence: everything an inspection saw, before anybody judges it. Saved, loaded, judged again later without the
// card.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "card/layout/files.hpp"
#include "card/wire/channel.hpp"
#include "crypto/kdf.hpp"
#include "crypto/pace.hpp"

namespace reader {

using crypto::Bytes;
using crypto::ByteView;

// How far the terminal came in.
enum class AccessOutcome : std::uint8_t {
  not_tried,
  opened,          // PACE done, secure messaging up
  wrong_password,  // the card (or its token) said so
  not_offered,     // EF.CardAccess is missing, malformed or offers nothing this reader speaks
  refused,         // the card answered PACE with another error
};

enum class ReadOutcome : std::uint8_t {
  read,        // whole, as its own length says
  absent,      // the card has no such file
  refused,     // access denied
  malformed,   // its length makes no sense or exceeds the file's limit
  incomplete,  // the card was lost while reading
  not_tried,
  withheld,  // read whole, and left out of what was saved: fingerprints
};

struct ReadFile {
  layout::FileId file{};
  ReadOutcome outcome = ReadOutcome::not_tried;
  Bytes content;  // the octets as read, never re-encoded
  // Of content that was withheld, by each algorithm that a security object may name: it can still be told from a
  // forged one.
  struct Digest {
    crypto::HashAlgorithm algorithm{};
    Bytes value;
  };
  std::vector<Digest> digests{};
};

struct Traffic {
  std::uint32_t apdus = 0;
  std::uint64_t octets_sent = 0;  // whole APDUs as on the link
  std::uint64_t octets_received = 0;
  std::chrono::microseconds elapsed{};
};

// Chip authentication as it was run: with which static key, and whether the chip went on under the new keys.
struct KeyAgreement {
  crypto::Curve curve{};
  Bytes static_key;  // 04 || X || Y, from DG14
  bool held = false;
};
// Active authentication as it was run.
struct ChallengeAnswer {
  Bytes challenge;  // this session's own
  Bytes answer;     // empty when the chip refused
};

// How terminal authentication went.
enum class TerminalOutcome : std::uint8_t {
  not_tried,    // the chip was not asked for its proof before, or the link broke
  not_offered,  // no fingerprints on this document
  no_path,      // the terminal has no certificates that lead to a trust point of the chip
  cannot_sign,  // the terminal's own key failed
  refused,      // by the chip
  done,
};
enum class TerminalStep : std::uint8_t { set_issuer, verify_certificate, set_terminal, get_challenge, authenticate };
struct TerminalAuthentication {
  TerminalOutcome outcome = TerminalOutcome::not_tried;
  std::string reference{};  // no_path: the chip's trust point; else the holder of the certificate that was shown last
  std::optional<TerminalStep> refused_at{};
  wire::StatusWord status{};  // the refusal
};

struct Evidence {
  std::chrono::sys_seconds taken_at{};
  std::string reader_name;
  Bytes answer_to_reset;
  crypto::PasswordKind password_kind = crypto::PasswordKind::can;
  AccessOutcome access = AccessOutcome::not_tried;
  std::optional<crypto::PaceParameters> pace{};  // what was run
  bool basic_access = false;                     // Basic Access Control was, for want of PACE
  // What the chip showed of its own keys: at most one of the three was run. Results of protocols, not verdicts.
  std::optional<crypto::ChipMapping> chip_mapping{};  // PACE-CAM
  std::optional<KeyAgreement> chip_authentication{};
  std::optional<ChallengeAnswer> active_authentication{};
  std::optional<TerminalAuthentication> terminal_authentication{};  // there when fingerprints were asked for
  std::vector<ReadFile> files;
  std::vector<Bytes> status_records;  // in the card's order, as read
  std::vector<Bytes> certificate_records;
  ReadOutcome records = ReadOutcome::not_tried;
  std::optional<wire::LinkError> link_error{};  // what ended the session early
  Traffic traffic;

  // The file when it was read whole; nullptr otherwise.
  [[nodiscard]] const Bytes* content(layout::FileId file) const;
  [[nodiscard]] ReadOutcome outcome(layout::FileId file) const;
};

struct EvidenceOptions {
  bool fingerprints = false;  // DG3's content, else only its hashes
};
// JSON, version 1, published as reader/inspect/evidence.schema.json; octets in base64. No password is ever in it.
enum class EvidenceError : std::uint8_t { not_json, wrong_version, malformed, too_large };
std::string to_json(const Evidence& evidence, const EvidenceOptions& options = {});
crypto::Result<Evidence, EvidenceError> evidence_from_json(std::string_view text);

}  // namespace reader
