// SPDX-License-Identifier: Apache-2.0
// Owns the feed from a folder of card files: those in hand lie in it, finished ones go to issued/, spoilt ones to
// rejected/.
#pragma once

#include <filesystem>
#include <optional>

#include "crypto/file_lock.hpp"
#include "personalize/floor/card_feed.hpp"

namespace personalize {

// Several feeds, of one process or many, share a folder: each *.card is one's alone while its claim, a file in
// .claims/, is locked. So a process that dies gives its cards back.
class VirtualFeed final : public CardFeed {
public:
  // Makes the folders; false when it cannot.
  [[nodiscard]] static bool prepare(const std::filesystem::path& folder);
  VirtualFeed(std::filesystem::path folder, std::string reader_name, reader::VirtualCardFactory open)
      : folder_(std::move(folder)), reader_name_(std::move(reader_name)), open_(std::move(open)) {}

  [[nodiscard]] const std::string& reader_name() const override { return reader_name_; }
  Fed<FedCard> get(std::stop_token stop) override;
  Fed<FedCard> again(std::stop_token stop) override;
  [[nodiscard]] std::string card_in_hand() const override { return in_hand_.string(); }
  Fed<void> done() override;
  Fed<void> reject(std::string_view reason) override;

private:
  [[nodiscard]] std::filesystem::path claim_of(const std::filesystem::path& card) const;
  bool claim(const std::filesystem::path& card);
  Fed<FedCard> open_in_hand();
  Fed<void> put_away(const char* place);

  std::filesystem::path folder_;
  std::string reader_name_;
  reader::VirtualCardFactory open_;
  std::filesystem::path in_hand_;  // empty: none
  std::optional<crypto::FileLock> claim_;
};

}  // namespace personalize
