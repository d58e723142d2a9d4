// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for what a chip says of its protocols and keys: SecurityInfos, DG14, DG15, EF.CVCA. What is read
// is written and read again as the same, and a reader chooses only what was offered.
#include "card/patent/data_groups.hpp"
#include "crypto/active_authentication.hpp"
#include "reader/inspect/access.hpp"
#include "reader/inspect/chip_proof.hpp"
#include "reader/inspect/terminal_authentication.hpp"
#include "tests/fuzz/cv_tree.hpp"

using namespace fuzz;
using namespace patent;

namespace {

template <class Info>
void same_set(const std::vector<Info>& a, const std::vector<Info>& b) {
  require(std::ranges::is_permutation(a, b));  // a SET is written in DER's order
}

SecurityInfos read_infos(ByteView der) {
  const auto infos = decode_security_infos(der);
  if (!infos) return {};
  const auto again = decode_security_infos(encode_security_infos(*infos));
  require(again && again->others == 0);
  same_set(infos->pace, again->pace);
  same_set(infos->chip_authentication, again->chip_authentication);
  same_set(infos->chip_keys, again->chip_keys);
  same_set(infos->active_authentication, again->active_authentication);
  same_set(infos->terminal_authentication, again->terminal_authentication);
  for (const auto& info : infos->chip_keys)
    if (const auto key = supported(info)) {
      require(key->point.size() == crypto::point_size(key->curve));
      require(supported(chip_key_info(*key)) == *key);
    }
  return *infos;
}

void choose_access(ByteView card_access) {
  const auto infos = read_infos(card_access);
  const auto offer = reader::choose_pace(card_access);
  require(!offer ||
          std::ranges::any_of(infos.pace, [&](const PaceInfo& info) { return supported(info) == offer->parameters; }));
}

void choose_proof(ByteView dg14) {
  const auto inside = decode_dg14(dg14);
  if (!inside) return;
  const auto infos = read_infos(*inside);
  const auto offer = reader::choose_chip_authentication(dg14);
  require(!offer || std::ranges::any_of(infos.chip_keys, [&](const ChipAuthenticationPublicKeyInfo& info) {
    return supported(info) == offer->static_key;
  }));
}

// Nobody answers for another's key.
void check_answer(ByteView dg15) {
  const auto key = decode_dg15(dg15);
  if (!key) return;
  static const Bytes challenge(crypto::kActiveChallengeSize, 0x11);
  static const Bytes answer = key_of(Owner::answers).sign_digest(Bytes(32, 0x22)).value();
  require(!crypto::check_active_authentication(*key, crypto::HashAlgorithm::sha256, challenge, answer));
}

void find_path(ByteView cvca) {
  const auto points = reader::trust_points(cvca);
  if (!points) return;
  const std::vector<Bytes> certificates{cv_tree().terminal, cv_tree().verifier, cv_tree().link};
  const auto path = reader::certificate_path(certificates, *points);
  require(path.empty() || std::ranges::any_of(*points, [&](const crypto::CvReference& point) {
            return std::ranges::equal(path.front().certificate.authority, point.view());
          }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  choose_access(input);
  choose_proof(input);
  check_answer(input);
  find_path(input);
  return 0;
}
