// SPDX-License-Identifier: Apache-2.0
// Owns a log of checks that leaves the device: JSON lines, the last of them the signature of the inspection terminal
// over all before it (docs/check-log.md).
#pragma once

#include "crypto/key_vault.hpp"
#include "reader/inspect/terminal_authentication.hpp"
#include "reader/report/check_log.hpp"

namespace reader {

inline constexpr std::size_t kMaxLogExport = 256U << 20;

struct LogSigner {
  TerminalIdentity terminal;
  crypto::PublicKey key;  // the terminal's, as strangers' tools want it
};

// Head, entries and signature. Nothing when the signer cannot sign, or no certificate of the terminal is readable. The
// log must have been reviewed.
crypto::Result<std::optional<std::string>, LogError> export_log(const CheckLog& log, const LogReview& reviewed,
                                                                const LogSigner& signer,
                                                                std::chrono::sys_seconds exported);

struct ExportReview {
  LogReview log;
  LogHistory history;
  std::chrono::sys_seconds exported{};
  std::string signer;  // the terminal's reference
};
// Nothing for a file whose first line is no export's. `trusted`: a self-signed CVCA certificate. A problem of the
// entries goes before one of the signature, for it has a number.
std::optional<ExportReview> review_export(std::string_view text, crypto::ByteView trusted,
                                          const LogHistory* earlier = nullptr);

}  // namespace reader
