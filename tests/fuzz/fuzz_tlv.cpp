// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for TLV: whatever the octets are, reading stays inside them, and DER that is read and written
// again is the same octets.
#include <cstdlib>

#include "crypto/tlv.hpp"

using namespace crypto;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool inside(ByteView part, ByteView whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

void read_all(ByteView data, TlvForm form, std::size_t depth) {
  TlvReader reader(data, form);
  for (std::size_t count = 0; !reader.at_end(); ++count) {
    const ByteView before = reader.rest();
    const auto object = reader.next();
    if (!object) {
      require(reader.rest().size() == before.size());
      return;
    }
    require(count < TlvLimits::kMaxObjects);
    require(inside(object->whole, before) && inside(object->value, object->whole));
    require(object->whole.size() + reader.rest().size() == before.size());
    require(tlv_total_size(object->whole).value() == object->whole.size());
    require(find_tlv(object->whole, object->tag, form).value().has_value());
    if (form == TlvForm::der) require(std::ranges::equal(tlv(object->tag, object->value), object->whole));
    if (object->constructed() && depth < TlvLimits::kMaxDepth) read_all(object->value, form, depth + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  read_all(input, TlvForm::der, 0);
  read_all(input, TlvForm::ber, 0);
  (void)tlv_total_size(input);
  return 0;
}
