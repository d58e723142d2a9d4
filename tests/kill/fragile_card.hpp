// SPDX-License-Identifier: Apache-2.0
// Owns the shipped card over its file, with a power that can be cut at an APDU or within a write of its memory, and a
// chip that can die there.
#pragma once

#include <filesystem>
#include <fstream>

#include "card/host/card.hpp"
#include "card/host/card_file_error.hpp"
#include "crypto/openssl_engine.hpp"
#include "reader/link/card_source.hpp"
#include "tests/kill/fate.hpp"

namespace kill_test {

// The dead chips of a floor: a file for each, with its card's name, that says how it died. Whoever powers it finds it
// so; what its memory holds only the judge sees.
class Graves {
public:
  explicit Graves(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void bury(const std::filesystem::path& card, Deed how) const {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / card.filename()) << name_of(how, kDeeds);
  }
  [[nodiscard]] std::optional<Deed> of(const std::filesystem::path& card) const {
    std::string how;
    std::ifstream(folder_ / card.filename()) >> how;
    return detail::named<Deed>(kDeeds, how);
  }

private:
  std::filesystem::path folder_;
};

class FragileMemory final : public host::Nvm {
public:
  FragileMemory(std::unique_ptr<host::NvmFile> file, Reaper& reaper) : file_(std::move(file)), reaper_(reaper) {}

  // What befell it within a write.
  [[nodiscard]] std::optional<Deed> befallen() const { return befallen_; }
  [[nodiscard]] std::size_t size() const override { return file_->size(); }
  Outcome read(std::size_t offset, crypto::ByteSpan out) override {
    return befallen_ ? crypto::unexpected(host::NvmError::power_lost) : file_->read(offset, out);
  }
  Outcome program(std::size_t offset, crypto::ByteView data) override {
    return write([&] { return file_->program(offset, data.first(data.size() / 2)); },
                 [&] { return file_->program(offset, data); });
  }
  // No half of it can be made here; tests/power does that.
  Outcome erase(std::size_t page) override {
    return write([] { return Outcome{}; }, [&] { return file_->erase(page); });
  }
  Outcome sync() override { return befallen_ ? crypto::unexpected(host::NvmError::power_lost) : file_->sync(); }

private:
  template <class Half, class Whole>
  Outcome write(const Half& half, const Whole& whole) {
    if (befallen_) return crypto::unexpected(host::NvmError::power_lost);
    const auto deed = reaper_.comes_to(Point::card_write);
    if (!deed) return whole();
    PATENT_TRY_VOID(half());
    if (deed == Deed::kill || deed == Deed::away) Reaper::die();
    befallen_ = deed;
    return crypto::unexpected(host::NvmError::power_lost);
  }

  std::unique_ptr<host::NvmFile> file_;
  Reaper& reaper_;
  std::optional<Deed> befallen_;
};

class FragileCard final : public wire::Channel {
public:
  FragileCard(std::filesystem::path name, std::unique_ptr<host::NvmFile> file, Graves graves, Reaper& reaper)
      : name_(std::move(name)),
        graves_(std::move(graves)),
        memory_(std::move(file), reaper),
        reaper_(reaper),
        store_(memory_),
        card_(engine_, store_, delay_),
        befallen_(graves_.of(name_)) {}

  [[nodiscard]] bool power_on() {
    const bool answers = card_.power_on().has_value();  // it writes where a write was torn
    if (!befallen_) befall(memory_.befallen());
    return befallen_ ? befallen_ == Deed::refuse : answers;
  }
  [[nodiscard]] crypto::ByteView answer_to_reset() const { return card_.answer_to_reset(); }

  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    if (!befallen_) befall(reaper_.strikes(Point::before_apdu));
    if (befallen_) return answer();
    const auto apdu = wire::encode(command, command_);
    if (!apdu) return crypto::unexpected(wire::LinkError::command_too_long);
    const auto response = wire::parse_response(card_.process(*apdu, response_));
    befall(memory_.befallen());
    if (!befallen_) befall(reaper_.strikes(Point::after_apdu));
    if (befallen_) return answer();
    if (!response) return crypto::unexpected(wire::LinkError::bad_response);
    return *response;
  }

private:
  class NoDelay final : public host::Delay {
    void hold(std::chrono::milliseconds) override {}
  };
  void befall(std::optional<Deed> deed) {
    befallen_ = deed;
    if (deed == Deed::mute || deed == Deed::refuse) graves_.bury(name_, *deed);
  }
  [[nodiscard]] crypto::Result<wire::Response, wire::LinkError> answer() const {
    if (befallen_ == Deed::refuse) return wire::Response{{}, wire::StatusWord::no_precise_diagnosis};
    return crypto::unexpected(wire::LinkError::card_removed);
  }

  std::filesystem::path name_;
  Graves graves_;
  FragileMemory memory_;
  Reaper& reaper_;
  crypto::OpensslEngine engine_;
  NoDelay delay_;
  host::ObjectStore store_;
  host::Card card_;
  std::optional<Deed> befallen_;
  std::array<crypto::Byte, wire::kMaxCommandOctets> command_{};
  std::array<crypto::Byte, wire::kMaxResponseOctets> response_{};
};

inline reader::VirtualCardFactory fragile_cards(const Graves& graves, Reaper& reaper) {
  return [graves, &reaper](const std::string& name) -> reader::Linked<reader::PoweredCard> {
    auto file = host::NvmFile::open(name);
    if (!file) return crypto::unexpected(host::link_error(host::card_file_error(file.error())));
    auto card = std::make_unique<FragileCard>(name, *std::move(file), graves, reaper);
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
