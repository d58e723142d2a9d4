// SPDX-License-Identifier: Apache-2.0
// Owns a tree of card-verifiable certificates: two CVCAs with links between them, a DV and a terminal, as a reader
// shows them and as a chip trusts them.
#pragma once

#include "tests/conformance/reader/scenario.hpp"

namespace simulator {

struct TerminalPlan {
  const char* group = "P-256";
  crypto::Curve curve = crypto::Curve::secp256r1;
  int roots = 1;  // CVCAs, each linked to the next; the last has made the DV's certificate
  crypto::CvRights dv_rights{.read_fingerprints = true};
  crypto::CvRights terminal_rights{.read_fingerprints = true};
  crypto::CvDate expires = testing::day("2026-06-01");
};

class TerminalTree {
public:
  explicit TerminalTree(const TerminalPlan& plan = {});

  // Links, the DV's and the terminal's certificates, with the terminal's key.
  [[nodiscard]] reader::TerminalIdentity identity() const;
  // A chip that knows the CVCA of this number, and names it in EF.CVCA.
  void trusted_by(ChipProfile& chip, int root = 0) const;

  std::vector<Bytes> roots, links;  // roots: self-signed
  Bytes dv, terminal;

private:
  TerminalPlan plan_;
};

// Puts fingerprints on the document, and the reader before it as this tree's terminal.
void ask_for_fingerprints(Scenario& scenario, const TerminalTree& tree, int trusted_root = 0);

// EF.CVCA (TR-03110-3, A.6.2.2) of these references.
Bytes cvca_file(const std::vector<std::string>& references);

}  // namespace simulator
