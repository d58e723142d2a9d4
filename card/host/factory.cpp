// SPDX-License-Identifier: Apache-2.0
#include "card/host/factory.hpp"

#include "card/host/card_objects.hpp"
#include "card/host/key_set.hpp"
#include "card/layout/life_cycle.hpp"

namespace host {

ObjectStore::Outcome write_blank(ObjectStore& store, const FactoryData& data) {
  PATENT_TRY(const auto keys, encode_key_set(KeyOrigin::transport, data.key_version, data.enc, data.mac, data.dek));
  std::array<crypto::Byte, kCplcOctets> cplc{};
  std::ranges::copy(data.chip_serial, cplc.begin() + kCplcSerialOffset);
  const auto state = static_cast<crypto::Byte>(layout::LifeCycle::op_ready);

  store.begin();
  PATENT_TRY_VOID(store.write(kLifeCycleObject, {&state, 1}));
  PATENT_TRY_VOID(store.write(kCplcObject, cplc));
  PATENT_TRY_VOID(store.write(kKeySetObject, keys.view()));
  return store.commit();
}

}  // namespace host
