// SPDX-License-Identifier: Apache-2.0
// Owns the Nvm port: the non-volatile memory a card has, with the manners of flash.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace host {

enum class NvmError : unsigned char { out_of_range, not_erased, failed, power_lost };

// Pages of kPage octets; erased octets read FF; an octet can be programmed once between two erasures.
// A power cut can leave a program or erase half done: any prefix written, the rest as before. What is behind a sync()
// stays.
class Nvm {
public:
  static constexpr std::size_t kPage = 4096;

  Nvm() = default;
  Nvm(const Nvm&) = delete;
  Nvm& operator=(const Nvm&) = delete;
  virtual ~Nvm() = default;

  using Outcome = crypto::Result<void, NvmError>;

  [[nodiscard]] virtual std::size_t size() const = 0;  // octets, a multiple of kPage
  virtual Outcome read(std::size_t offset, crypto::ByteSpan out) = 0;
  virtual Outcome program(std::size_t offset, crypto::ByteView data) = 0;
  virtual Outcome erase(std::size_t page) = 0;
  virtual Outcome sync() = 0;
};

}  // namespace host
