// SPDX-License-Identifier: Apache-2.0
// Owns the memories that tests give a card: RAM with the manners of flash, and the same with a power that fails at the
// n-th program or erase and leaves it half done.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "card/host/nvm.hpp"

namespace power {

// Strict: a second program of an octet, or an access behind the end, is a fault of the caller and reported as such.
class RamNvm : public host::Nvm {
public:
  static constexpr std::size_t kDefaultSize = 512 * 1024;

  explicit RamNvm(std::size_t size = kDefaultSize) : octets_(size, 0xFF) {}

  [[nodiscard]] std::size_t size() const override { return octets_.size(); }

  Outcome read(std::size_t offset, crypto::ByteSpan out) override {
    if (!inside(offset, out.size())) return crypto::unexpected(host::NvmError::out_of_range);
    std::copy_n(octets_.begin() + at(offset), out.size(), out.begin());
    return {};
  }
  Outcome program(std::size_t offset, crypto::ByteView data) override {
    if (!inside(offset, data.size())) return crypto::unexpected(host::NvmError::out_of_range);
    for (std::size_t i = 0; i < data.size(); ++i)
      if (octets_[offset + i] != 0xFF) return crypto::unexpected(host::NvmError::not_erased);
    std::copy(data.begin(), data.end(), octets_.begin() + at(offset));
    ++writes_;
    synced_ = false;
    return {};
  }
  Outcome erase(std::size_t page) override {
    if (!inside(page * kPage, kPage)) return crypto::unexpected(host::NvmError::out_of_range);
    std::fill_n(octets_.begin() + at(page * kPage), kPage, crypto::Byte{0xFF});
    ++writes_;
    ++erases_;
    synced_ = false;
    return {};
  }
  Outcome sync() override {
    synced_ = true;
    return {};
  }

  // For tests that look at, or damage, what is there.
  [[nodiscard]] std::vector<crypto::Byte>& octets() { return octets_; }
  [[nodiscard]] bool everything_synced() const { return synced_; }
  [[nodiscard]] std::size_t writes() const { return writes_; }  // programs and erases so far
  [[nodiscard]] std::size_t erases() const { return erases_; }

private:
  static std::ptrdiff_t at(std::size_t offset) { return static_cast<std::ptrdiff_t>(offset); }
  [[nodiscard]] bool inside(std::size_t offset, std::size_t length) const {
    return offset <= octets_.size() && length <= octets_.size() - offset;
  }

  std::vector<crypto::Byte> octets_;
  std::size_t writes_ = 0;
  std::size_t erases_ = 0;
  bool synced_ = true;
};

// How much of the program or erase under way still gets done.
enum class Prefix { none, one_octet, half, all_but_one, all };
inline constexpr Prefix kPrefixes[] = {Prefix::none, Prefix::one_octet, Prefix::half, Prefix::all_but_one, Prefix::all};

[[nodiscard]] constexpr std::size_t done_of(Prefix prefix, std::size_t length) {
  switch (prefix) {
    case Prefix::none: return 0;
    case Prefix::one_octet: return length < 1 ? length : 1;
    case Prefix::half: return length / 2;
    case Prefix::all_but_one: return length < 1 ? 0 : length - 1;
    case Prefix::all: return length;
  }
  return length;
}

// Power over another memory. After the cut everything answers power_lost until restore().
class PowerCutNvm : public host::Nvm {
public:
  explicit PowerCutNvm(RamNvm& memory) : memory_(memory) {}

  // The n-th program or erase from now (the first is 1) is the last, and only its prefix is done.
  void cut_at(std::size_t n, Prefix prefix) {
    remaining_ = n;
    prefix_ = prefix;
  }
  void restore() {
    remaining_.reset();
    lost_ = false;
  }
  [[nodiscard]] bool lost() const { return lost_; }

  [[nodiscard]] std::size_t size() const override { return memory_.size(); }
  Outcome read(std::size_t offset, crypto::ByteSpan out) override {
    if (lost_) return crypto::unexpected(host::NvmError::power_lost);
    return memory_.read(offset, out);
  }
  Outcome program(std::size_t offset, crypto::ByteView data) override {
    if (lost_) return crypto::unexpected(host::NvmError::power_lost);
    if (!cut_now()) return memory_.program(offset, data);
    const auto done = data.first(done_of(prefix_, data.size()));
    if (!done.empty()) {
      if (auto tried = memory_.program(offset, done); !tried) return tried;
    }
    return crypto::unexpected(host::NvmError::power_lost);
  }
  Outcome erase(std::size_t page) override {
    if (lost_) return crypto::unexpected(host::NvmError::power_lost);
    if (!cut_now()) return memory_.erase(page);
    const auto begin = memory_.octets().begin() + static_cast<std::ptrdiff_t>(page * kPage);
    std::fill_n(begin, done_of(prefix_, kPage), crypto::Byte{0xFF});
    return crypto::unexpected(host::NvmError::power_lost);
  }
  Outcome sync() override {
    if (lost_) return crypto::unexpected(host::NvmError::power_lost);
    return memory_.sync();
  }

private:
  bool cut_now() {
    if (!remaining_ || --*remaining_ > 0) return false;
    lost_ = true;
    return true;
  }

  RamNvm& memory_;
  std::optional<std::size_t> remaining_;
  Prefix prefix_ = Prefix::none;
  bool lost_ = false;
};

// Runs a scenario with the power cut at its first, second, ... program or erase, each half done in every way, until a
// run needs no more of them than were allowed.
//   make():              -> RamNvm's octets at the start of each run
//   run(Nvm&):           the scenario, over a store that it mounts itself; it stops when its memory does
//   check(RamNvm&, n, prefix): judges what is left, the power being there again
// Gives how many programs and erases the scenario has.
template <class Make, class Run, class Check>
std::size_t cut_everywhere(Make make, Run run, Check check) {
  for (std::size_t n = 1;; ++n) {
    for (const Prefix prefix : kPrefixes) {
      const std::vector<crypto::Byte> start = make();
      RamNvm memory(start.size());
      memory.octets() = start;
      PowerCutNvm nvm(memory);
      nvm.cut_at(n, prefix);
      run(nvm);
      const bool was_cut = nvm.lost();
      check(memory, n, prefix);
      if (!was_cut) return n - 1;
    }
  }
}

}  // namespace power
