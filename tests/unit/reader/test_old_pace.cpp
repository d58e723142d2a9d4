// SPDX-License-Identifier: Apache-2.0
// PACE under 3DES, as some of the first documents with PACE offer it.
#include <catch2/catch.hpp>

#include "card/patent/data_groups.hpp"
#include "reader/inspect/access.hpp"

using namespace reader;

namespace {

constexpr crypto::PaceParameters kOld{crypto::Curve::secp521r1, crypto::AesKey::aes128, crypto::Mapping::generic,
                                      crypto::SmCipher::triple_des};
constexpr crypto::PaceParameters kNew{crypto::Curve::secp256r1, crypto::AesKey::aes128};

}  // namespace

TEST_CASE("PACE under 3DES is the last choice") {
  CHECK(choose_pace(patent::encode_security_infos({kOld}))->parameters == kOld);
  CHECK(choose_pace(patent::encode_security_infos({kOld, kNew}))->parameters == kNew);
  CHECK(choose_pace(patent::encode_security_infos({kNew, kOld}))->parameters == kNew);
}

TEST_CASE("evidence says that PACE ran under 3DES") {
  Evidence evidence;
  evidence.pace = kOld;
  const auto text = to_json(evidence);
  CHECK(text.find("3DES") != std::string::npos);
  REQUIRE(evidence_from_json(text));
  CHECK(evidence_from_json(text)->pace == kOld);
}
