// SPDX-License-Identifier: Apache-2.0
#include "card/host/embedded_card.hpp"

#include <condition_variable>
#include <mutex>

#include "card/host/card.hpp"
#include "card/host/factory.hpp"
#include "crypto/openssl_engine.hpp"

namespace host {
namespace {

// Lets the time pass, unless the power goes.
class SleepingDelay final : public Delay {
public:
  void hold(std::chrono::milliseconds time) override {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return off_; });
  }
  void power_off() {
    const std::lock_guard lock(mutex_);
    off_ = true;
    changed_.notify_all();
  }
  [[nodiscard]] bool off() {
    const std::lock_guard lock(mutex_);
    return off_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool off_ = false;
};

class FileCard final : public EmbeddedCard {
public:
  explicit FileCard(std::unique_ptr<NvmFile> memory)
      : memory_(std::move(memory)), store_(*memory_), card_(engine_, store_, delay_) {}

  ObjectStore::Outcome power_on() {
    auto outcome = card_.power_on();
    mute_ = !outcome.has_value();
    return outcome;
  }

  crypto::ByteView answer_to_reset() const override { return card_.answer_to_reset(); }
  void reset() override { static_cast<void>(power_on()); }
  void power_off() override { delay_.power_off(); }

  crypto::ByteView exchange(crypto::ByteView command_apdu) override {
    if (mute_) return {};
    const auto response = card_.process(command_apdu, response_);
    return delay_.off() ? crypto::ByteView{} : response;
  }

  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    const auto apdu = wire::encode(command, command_);
    if (!apdu) return crypto::unexpected(wire::LinkError::command_too_long);
    const auto answer = exchange(*apdu);
    if (answer.empty()) return crypto::unexpected(wire::LinkError::card_mute);
    const auto response = wire::parse_response(answer);
    if (!response) return crypto::unexpected(wire::LinkError::bad_response);
    return *response;
  }

private:
  std::unique_ptr<NvmFile> memory_;
  ObjectStore store_;
  crypto::OpensslEngine engine_;
  SleepingDelay delay_;
  Card card_;
  bool mute_ = true;
  std::array<crypto::Byte, wire::kMaxCommandOctets> command_{};
  std::array<crypto::Byte, wire::kMaxResponseOctets> response_{};
};

}  // namespace

crypto::Result<void, CardFileError> make_blank(const std::filesystem::path& file, const Blank& blank) {
  PATENT_TRY(const auto memory, NvmFile::create(file).map_error(to_card_file_error));
  const auto store = std::make_unique<ObjectStore>(*memory);
  PATENT_TRY_VOID(store->format().map_error(to_card_file_error));
  const FactoryData data{blank.chip_serial, blank.transport_key_version, blank.transport_enc, blank.transport_mac,
                         blank.transport_dek};
  const auto written = write_blank(*store, data);
  if (!written && written.error() == StoreError::out_of_range) return crypto::unexpected(CardFileError::bad_blank);
  PATENT_TRY_VOID(written.map_error(to_card_file_error));
  return memory->publish().map_error(to_card_file_error);
}

crypto::Result<std::unique_ptr<EmbeddedCard>, CardFileError> EmbeddedCard::open(const std::filesystem::path& file) {
  PATENT_TRY(auto memory, NvmFile::open(file).map_error(to_card_file_error));
  auto card = std::make_unique<FileCard>(std::move(memory));
  PATENT_TRY_VOID(card->power_on().map_error(to_card_file_error));
  return card;
}

}  // namespace host
