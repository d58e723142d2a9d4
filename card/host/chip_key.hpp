// SPDX-License-Identifier: Apache-2.0
// Owns the key pairs by which a chip shows that it is no copy: made here, kept here; their private parts never leave.
#pragma once

#include "card/host/answer.hpp"

namespace host {

// The key reference of GENERATE ASYMMETRIC KEY PAIR.
enum class ChipKeyUse : std::uint8_t { chip_authentication = 1, active_authentication = 2 };
inline constexpr std::array kChipKeyUses{ChipKeyUse::chip_authentication, ChipKeyUse::active_authentication};

struct ChipKey {
  crypto::Curve curve;
  crypto::Secret scalar;
};

// The curve with this number in Doc 9303-11, 9.5.1, if it is one of ours.
[[nodiscard]] std::optional<crypto::Curve> curve_of(crypto::Byte parameter_id);

[[nodiscard]] bool has_chip_key(const ObjectStore& store, ChipKeyUse use);
// referenced_data_not_found when there is none.
[[nodiscard]] Answer<ChipKey> load_chip_key(ObjectStore& store, ChipKeyUse use);
// Inside the command's transaction: a new pair in the place of the one before. Gives its public key.
[[nodiscard]] Answer<crypto::Point> make_chip_key(crypto::Engine& engine, ObjectStore& store, ChipKeyUse use,
                                                  crypto::Curve curve);

}  // namespace host
