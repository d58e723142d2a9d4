// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/virtual_feed.hpp"

#include <algorithm>

#include "crypto/guarded_file.hpp"

namespace personalize {
namespace fs = std::filesystem;
namespace {

constexpr const char* kClaims = ".claims";
constexpr const char* kIssued = "issued";
constexpr const char* kRejected = "rejected";

crypto::unexpected<FeedFailure> failed(FeedError error, std::string detail) {
  return crypto::unexpected<FeedFailure>({error, std::move(detail)});
}

// In the order of their names: those that were in hand when a run broke off come first again.
std::vector<fs::path> cards_in(const fs::path& folder) {
  std::vector<fs::path> cards;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".card" && entry.is_regular_file(error)) cards.push_back(entry.path());
  std::ranges::sort(cards);
  return cards;
}

}  // namespace

bool VirtualFeed::prepare(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return false;
  for (const auto* const name : {kClaims, kIssued, kRejected}) {
    fs::create_directory(folder / name, error);
    if (error) return false;
  }
  return true;
}

fs::path VirtualFeed::claim_of(const fs::path& card) const { return folder_ / kClaims / card.filename(); }

// A claim counts only while its card lies in the folder: whoever put it away has removed the claim's file as well.
bool VirtualFeed::claim(const fs::path& card) {
  auto lock = crypto::FileLock::take(claim_of(card));
  if (!lock) return false;
  if (!crypto::file_exists(card)) {
    std::error_code none;
    fs::remove(claim_of(card), none);
    return false;
  }
  claim_.emplace(*std::move(lock));
  in_hand_ = card;
  return true;
}

Fed<FedCard> VirtualFeed::open_in_hand() {
  auto card = open_(in_hand_.string());
  if (!card) return crypto::unexpected<FeedFailure>({FeedError::link, in_hand_.string(), card.error()});
  card->reader_name = reader_name_;
  return FedCard{*std::move(card), {}};
}

Fed<FedCard> VirtualFeed::get(std::stop_token stop) {
  if (stop.stop_requested()) return failed(FeedError::interrupted, {});
  if (!in_hand_.empty()) return open_in_hand();
  for (const auto& card : cards_in(folder_)) {
    if (!claim(card)) continue;
    auto opened = open_in_hand();
    if (opened || opened.error().link != wire::LinkError::reader_busy) return opened;
    claim_.reset();  // another program serves this card: it is not ours to take
    in_hand_.clear();
  }
  return failed(FeedError::empty, folder_.string());
}

Fed<FedCard> VirtualFeed::again(std::stop_token stop) {
  if (stop.stop_requested()) return failed(FeedError::interrupted, {});
  if (in_hand_.empty()) return failed(FeedError::failed, "no card is in hand");
  return open_in_hand();
}

Fed<void> VirtualFeed::put_away(const char* place) {
  if (in_hand_.empty()) return failed(FeedError::failed, "no card is in hand");
  const auto to = folder_ / place / in_hand_.filename();
  if (!crypto::move_file(in_hand_, to, crypto::Overwrite::no))
    return failed(FeedError::failed, in_hand_.string() + " cannot be moved to " + to.string());
  std::error_code none;
  fs::remove(claim_of(in_hand_), none);
  claim_.reset();
  in_hand_.clear();
  return {};
}

Fed<void> VirtualFeed::done() { return put_away(kIssued); }

Fed<void> VirtualFeed::reject(std::string_view /*reason*/) { return put_away(kRejected); }

}  // namespace personalize
