// SPDX-License-Identifier: Apache-2.0
#include "tests/kill/real_reader.hpp"

#include <fstream>

#include "personalize/floor/feeds.hpp"

namespace kill_test {
namespace fs = std::filesystem;
using namespace personalize;

namespace {

constexpr const char* kReader = "Virtual PCD 00 00";

// Whoever plays a card of this folder, by its command line: nobody else's process is named so.
void kill_player(const fs::path& cards) {
  for (const auto& process : fs::directory_iterator("/proc")) {
    std::ifstream file(process.path() / "cmdline", std::ios::binary);
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    if (!line.starts_with(PATENT_CARD) || line.find(cards.string() + '/') == std::string::npos) continue;
    ::kill(std::stoi(process.path().filename()), SIGKILL);
  }
}

class ReapedLink final : public wire::Channel {
public:
  ReapedLink(std::unique_ptr<wire::Channel> below, fs::path cards, Reaper& reaper)
      : below_(std::move(below)), cards_(std::move(cards)), reaper_(reaper) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    if (reaper_.strikes(Point::before_apdu)) kill_player(cards_);
    const auto response = below_->transmit(command);
    if (reaper_.strikes(Point::after_apdu)) kill_player(cards_);
    return response;
  }

private:
  std::unique_ptr<wire::Channel> below_;
  fs::path cards_;
  Reaper& reaper_;
};

class ReapedFeed final : public CardFeed {
public:
  ReapedFeed(std::unique_ptr<CardFeed> below, fs::path cards, Reaper& reaper)
      : below_(std::move(below)), cards_(std::move(cards)), reaper_(reaper) {}
  [[nodiscard]] const std::string& reader_name() const override { return below_->reader_name(); }
  Fed<FedCard> get(std::stop_token stop) override { return reaped(below_->get(std::move(stop))); }
  Fed<FedCard> again(std::stop_token stop) override { return reaped(below_->again(std::move(stop))); }
  Fed<void> done() override { return below_->done(); }
  Fed<void> reject(std::string_view reason) override { return below_->reject(reason); }

private:
  Fed<FedCard> reaped(Fed<FedCard> fed) {
    if (fed) fed->card.channel = std::make_unique<ReapedLink>(std::move(fed->card.channel), cards_, reaper_);
    return fed;
  }

  std::unique_ptr<CardFeed> below_;
  fs::path cards_;
  Reaper& reaper_;
};

}  // namespace

RealReader::RealReader() {
  service_.start();
  ::setenv("VPCD_PORT", std::to_string(service_.port(0)).c_str(), 1);
  ::setenv("PATENT_CARD", PATENT_CARD, 1);
}

std::unique_ptr<CardFeed> real_feed(const fs::path& cards, Reaper& reaper) {
  FeedOptions options;
  options.feed = "program:" TESTS_DIR "/../samples/card-feed.sh " + cards.string();
  options.readers = {kReader};
  auto feeds = make_feeds(options);
  if (!feeds) throw std::runtime_error(feeds.error().sentence);
  return std::make_unique<ReapedFeed>(std::move(feeds->front()), cards, reaper);
}

}  // namespace kill_test
