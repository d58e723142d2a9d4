// SPDX-License-Identifier: Apache-2.0
// Owns the bench: the card under test, what it says of itself, and what the tester knows of it.
#pragma once

#include <algorithm>
#include <memory>
#include <set>

#include "card/patent/data_groups.hpp"
#include "crypto/certificate.hpp"
#include "reader/inspect/session.hpp"
#include "reader/link/card_source.hpp"
#include "tests/conformance/chip/test_certificates.hpp"

namespace conformance {

// What a case needs; a card or an implementation statement without it makes the case not applicable.
enum class Need : std::uint8_t {
  terminal_authentication,
  dg3,
  dg4,        // irises: not in the profile
  odd_ins,    // READ BINARY with odd instruction
  date,       // certificates' dates are checked for being dates
  ef_atr,     // EF.ATR/INFO
  mf,         // a master file that can be selected
  short_key,  // a trust point with a longer key than the shortest of the profile
  migration,  // another algorithm for terminal authentication, by link certificate
  bac,
  rsa,
  change_card,  // the tester allows lasting changes
  withdrawn,    // the specification has the number, and no case behind it
};

struct Bench {
  // What the tester brings. `trust_point`: the CVCA's certificate and key of the test domain.
  struct Tester {
    reader::PoweredCard card;
    reader::AccessKey password;
    std::unique_ptr<crypto::SigningKey> trust_point_key;
    Bytes trust_point;
    std::optional<crypto::Certificate> csca;  // that EF.SOD hangs under
    crypto::CvDate first_day;
    std::set<Need> absent;  // what the card is said not to have, or what it must be spared
    std::span<const CertificateSpec> certificates = published_certificates();
  };
  Bench(crypto::Engine& engine, Tester tester);
  // Reads the card once as a terminal does, for what it says of itself. Leaves by Ended when that cannot be done.
  void learn();

  crypto::Engine& engine;
  reader::PoweredCard card;
  reader::AccessKey password;
  std::optional<crypto::Certificate> csca;
  std::set<Need> absent;
  TestKeys keys;
  TestCertificates certificates;

  // Learned.
  wire::ApduLimits limits;
  Bytes card_access;
  patent::SecurityInfos access_infos;  // of EF.CardAccess, likewise
  Bytes dg14;
  patent::SecurityInfos infos;       // of DG14, as far as they are well formed
  bool announces_terminals = false;  // id-TA stands in DG14, in whatever form
  Bytes data_groups;                 // tags of EF.COM

  [[nodiscard]] bool lists(Byte tag) const {
    return data_groups.end() != std::find(data_groups.begin(), data_groups.end(), tag);
  }
  // The parameters that EF.CardAccess offers with this mapping.
  [[nodiscard]] std::optional<crypto::PaceParameters> pace(crypto::Mapping mapping) const;
  // How most cases open the card: with generic mapping where chip authentication can follow, else with PACE-CAM.
  [[nodiscard]] crypto::Mapping usual_mapping() const;
  // EF.CVCA's place, if DG14 names another than the usual one.
  [[nodiscard]] patent::TerminalAuthenticationInfo::File cvca() const;
};

// Why the case cannot apply; empty when it does.
[[nodiscard]] std::string why_not(const Bench& bench, Need need);

}  // namespace conformance
