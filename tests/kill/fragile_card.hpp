// SPDX-License-Identifier: Apache-2.0
// Owns the shipped card over its file, with a power that can be cut at an APDU or within a write of its memory.
#pragma once

#include "card/host/card.hpp"
#include "card/host/card_file_error.hpp"
#include "crypto/openssl_engine.hpp"
#include "reader/link/card_source.hpp"
#include "tests/kill/fate.hpp"

namespace kill_test {

class FragileMemory final : public host::Nvm {
public:
  FragileMemory(std::unique_ptr<host::NvmFile> file, Reaper& reaper) : file_(std::move(file)), reaper_(reaper) {}

  [[nodiscard]] bool lost() const { return lost_; }
  [[nodiscard]] std::size_t size() const override { return file_->size(); }
  Outcome read(std::size_t offset, crypto::ByteSpan out) override {
    return lost_ ? crypto::unexpected(host::NvmError::power_lost) : file_->read(offset, out);
  }
  Outcome program(std::size_t offset, crypto::ByteView data) override {
    return write([&] { return file_->program(offset, data.first(data.size() / 2)); },
                 [&] { return file_->program(offset, data); });
  }
  // No half of it can be made here; tests/power does that.
  Outcome erase(std::size_t page) override {
    return write([] { return Outcome{}; }, [&] { return file_->erase(page); });
  }
  Outcome sync() override { return lost_ ? crypto::unexpected(host::NvmError::power_lost) : file_->sync(); }

private:
  template <class Half, class Whole>
  Outcome write(const Half& half, const Whole& whole) {
    if (lost_) return crypto::unexpected(host::NvmError::power_lost);
    const auto deed = reaper_.comes_to(Point::card_write);
    if (!deed) return whole();
    PATENT_TRY_VOID(half());
    if (deed == Deed::kill) Reaper::die();
    lost_ = true;
    return crypto::unexpected(host::NvmError::power_lost);
  }

  std::unique_ptr<host::NvmFile> file_;
  Reaper& reaper_;
  bool lost_ = false;
};

class FragileCard final : public wire::Channel {
public:
  FragileCard(std::unique_ptr<host::NvmFile> file, Reaper& reaper)
      : memory_(std::move(file), reaper), reaper_(reaper), store_(memory_), card_(engine_, store_, delay_) {}

  [[nodiscard]] bool power_on() { return !gone_ && card_.power_on().has_value(); }
  [[nodiscard]] crypto::ByteView answer_to_reset() const { return card_.answer_to_reset(); }

  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    if (gone_ || reaper_.strikes(Point::before_apdu)) return removed();
    const auto apdu = wire::encode(command, command_);
    if (!apdu) return crypto::unexpected(wire::LinkError::command_too_long);
    const auto response = wire::parse_response(card_.process(*apdu, response_));
    if (memory_.lost() || reaper_.strikes(Point::after_apdu)) return removed();
    if (!response) return crypto::unexpected(wire::LinkError::bad_response);
    return *response;
  }

private:
  class NoDelay final : public host::Delay {
    void hold(std::chrono::milliseconds) override {}
  };
  crypto::unexpected<wire::LinkError> removed() {
    gone_ = true;
    return crypto::unexpected(wire::LinkError::card_removed);
  }

  FragileMemory memory_;
  Reaper& reaper_;
  crypto::OpensslEngine engine_;
  NoDelay delay_;
  host::ObjectStore store_;
  host::Card card_;
  bool gone_ = false;
  std::array<crypto::Byte, wire::kMaxCommandOctets> command_{};
  std::array<crypto::Byte, wire::kMaxResponseOctets> response_{};
};

inline reader::VirtualCardFactory fragile_cards(Reaper& reaper) {
  return [&reaper](const std::string& name) -> reader::Linked<reader::PoweredCard> {
    auto file = host::NvmFile::open(name);
    if (!file) return crypto::unexpected(host::link_error(host::card_file_error(file.error())));
    auto card = std::make_unique<FragileCard>(*std::move(file), reaper);
    if (!card->power_on()) return crypto::unexpected(wire::LinkError::card_mute);
    auto* const powered = card.get();
    const auto answer = powered->answer_to_reset();
    return reader::PoweredCard{"virtual:" + name,
                               {answer.begin(), answer.end()},
                               {65535, 65535},
                               std::move(card),
                               [powered]() -> reader::Linked<void> {
                                 if (!powered->power_on()) return crypto::unexpected(wire::LinkError::card_removed);
                                 return {};
                               }};
  };
}

}  // namespace kill_test
