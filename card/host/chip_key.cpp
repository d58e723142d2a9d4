// SPDX-License-Identifier: Apache-2.0
#include "card/host/chip_key.hpp"

#include "card/host/card_objects.hpp"

namespace host {

using wire::StatusWord;

std::optional<crypto::Curve> curve_of(crypto::Byte parameter_id) {
  for (const auto curve : crypto::kCurves)
    if (static_cast<crypto::Byte>(curve) == parameter_id) return curve;
  return std::nullopt;
}

bool has_chip_key(const ObjectStore& store, ChipKeyUse use) { return store.exists(chip_key_object(use)); }

Answer<ChipKey> load_chip_key(ObjectStore& store, ChipKeyUse use) {
  const ObjectId id = chip_key_object(use);
  if (!store.exists(id)) return refuse(StatusWord::referenced_data_not_found);
  crypto::Byte parameter_id = 0;
  PATENT_TRY_VOID(answer_of(store.read(id, 0, {&parameter_id, 1})));
  const auto curve = curve_of(parameter_id);
  if (!curve || store.size(id) != 1 + crypto::field_size(*curve)) return refuse(StatusWord::memory_failure);
  ChipKey key{*curve, {}};
  PATENT_TRY_VOID(answer_of(store.read(id, 1, key.scalar.prepare(crypto::field_size(*curve)))));
  return key;
}

Answer<crypto::Point> make_chip_key(crypto::Engine& engine, ObjectStore& store, ChipKeyUse use, crypto::Curve curve) {
  crypto::Secret scalar;
  PATENT_TRY_VOID(answer_of(engine.ec_random_scalar(curve, scalar)));
  const auto public_key = engine.ec_multiply(curve, scalar.view(), {});
  if (!public_key) return refuse(StatusWord::no_precise_diagnosis);
  const auto parameter_id = static_cast<crypto::Byte>(curve);
  PATENT_TRY_VOID(answer_of(store.write(chip_key_object(use), {&parameter_id, 1})));
  PATENT_TRY_VOID(answer_of(store.append(chip_key_object(use), scalar.view())));
  return *public_key;
}

}  // namespace host
