// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hpp"

namespace crypto {

void wipe(ByteSpan memory) {
  for (volatile Byte& octet : memory) octet = 0;
}

Secret::Secret(ByteView octets) {
  if (octets.size() > kCapacity) return;
  std::copy(octets.begin(), octets.end(), octets_.begin());
  size_ = octets.size();
}

Secret::Secret(Secret&& other) noexcept : octets_(other.octets_), size_(other.size_) { other.clear(); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    octets_ = other.octets_;
    size_ = other.size_;
    other.clear();
  }
  return *this;
}

ByteSpan Secret::prepare(std::size_t size) {
  clear();
  if (size > kCapacity) return {};
  size_ = size;
  return {octets_.data(), size_};
}

void Secret::clear() {
  wipe(octets_);
  size_ = 0;
}

}  // namespace crypto
