// SPDX-License-Identifier: Apache-2.0
// Owns the explanation of a card's memory: what is there and how large, never what it says. For people and for tools.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

#include "card/host/card_file_error.hpp"
#include "card/host/factory.hpp"
#include "card/host/key_set.hpp"
#include "card/host/trust_points.hpp"
#include "card/layout/files.hpp"
#include "card/layout/life_cycle.hpp"

namespace host {

struct MemoryMap {
  struct Keys {
    KeyOrigin origin = KeyOrigin::transport;
    crypto::Byte version = 0;
    std::size_t octets = 0;  // of each of the three
  };
  struct File {
    layout::File layout;
    bool present = false;
    std::size_t octets = 0;   // of all records together
    std::size_t records = 0;  // 0 for a transparent file
  };

  struct Password {
    bool present = false;
    std::size_t failures = 0;           // in a row
    std::chrono::milliseconds delay{};  // that the next try is held back
  };

  layout::LifeCycle life_cycle = layout::LifeCycle::op_ready;
  std::array<crypto::Byte, kCplcOctets> cplc{};
  Keys keys;
  std::size_t scp03_failures = 0;  // in a row
  Password can, mrz;
  std::size_t card_number_octets = 0;  // 0 where there is none
  std::size_t issuer_number_octets = 0;
  std::vector<crypto::CvHolder> trust_points;  // the newest first
  std::optional<crypto::CvDate> current_date;
  std::vector<layout::Application> applications;  // installed
  std::vector<File> files;                        // all of layout::kFiles, in their order
  ObjectStore::Usage usage;
  std::size_t free_octets = 0;
  std::size_t objects = 0;
  bool interrupted = false;  // a power cut left something that the next power-on tidies up

  [[nodiscard]] crypto::ByteView chip_serial() const {
    return crypto::ByteView(cplc).subspan(kCplcSerialOffset, kChipSerialOctets);
  }
};

// Looks without changing anything. in_use while the card is being served.
crypto::Result<MemoryMap, CardFileError> map_memory(const std::filesystem::path& file);

}  // namespace host
