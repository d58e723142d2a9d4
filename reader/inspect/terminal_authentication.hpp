// SPDX-License-Identifier: Apache-2.0
// Owns how the terminal shows a chip, inside secure messaging, that it may read fingerprints: Terminal Authentication
// version 1 (ICAO Doc 9303-11, 7.1; BSI TR-03110-1, 3.5). Its chain of certificates is judged by the chip alone.
#pragma once

#include <functional>
#include <optional>

#include "crypto/cv_certificate.hpp"
#include "reader/inspect/chip_proof.hpp"

namespace reader {

struct TerminalIdentity {
  // The terminal's own CV certificate, its DV's, and link certificates, in any order; one terminal's only. What does
  // not lead to a chip's trust point is left out.
  std::vector<Bytes> certificates;
  // ECDSA with the terminal's key over a digest, plain r || s: by a key vault, an HSM or a far service. Nothing when it
  // cannot sign now.
  std::function<std::optional<Bytes>(ByteView digest)> sign;
};

// The references that EF.CVCA names (TR-03110-3, A.6.2.2): the trust point in force and the one before it. Nothing when
// the file is malformed.
std::optional<std::vector<crypto::CvReference>> trust_points(ByteView cvca);

// The shortest way from a trust point to the terminal, as the chip must see it: links, DV, terminal. The views are into
// `certificates`. Empty when no way leads there.
struct PathStep {
  ByteView content;  // of 7F21, as PSO:VERIFY CERTIFICATE carries it
  crypto::CvCertificate certificate;
};
std::vector<PathStep> certificate_path(const std::vector<Bytes>& certificates,
                                       const std::vector<crypto::CvReference>& trust_points);

// What binds the signature to this session.
struct TerminalBinding {
  Bytes chip_id;       // PACE: X of the chip's ephemeral key; BAC: the document number with its check digit
  Bytes terminal_key;  // X of the terminal's ephemeral key: chip authentication's, or PACE-CAM's
};
Bytes x_of(ByteView point);
// MSE:SET DST and PSO:VERIFY CERTIFICATE for each certificate, MSE:SET AT, GET CHALLENGE, EXTERNAL AUTHENTICATE. The
// chip must have been asked for its own proof before.
ChipAnswer<TerminalAuthentication> authenticate_terminal(crypto::Engine& engine, wire::Channel& secure,
                                                         const TerminalIdentity& terminal,
                                                         const TerminalBinding& binding, ByteView cvca);

}  // namespace reader
