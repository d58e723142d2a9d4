// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/watchdog.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace personalize {
namespace {

using Answer = crypto::Result<wire::Response, wire::LinkError>;

// Shared by the caller and the card's thread: whoever lives longer frees it.
class Desk {
public:
  explicit Desk(reader::PoweredCard card) : card_(std::move(card)) {}

  // The card's thread.
  void serve() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return job_ || ending_; });
      if (!job_) return;
      const auto job = *std::exchange(job_, std::nullopt);
      lock.unlock();
      auto answer = perform(job);
      lock.lock();
      answer_ = std::move(answer);
      changed_.notify_all();
    }
  }

  Answer ask(const std::optional<wire::Command>& command, std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    if (lost_) return crypto::unexpected(wire::LinkError::timed_out);
    answer_.reset();
    // The caller's octets may be gone before a hung call is.
    job_ = Job{command};
    if (command) {
      data_.assign(command->data.begin(), command->data.end());
      job_->command->data = data_;
    }
    changed_.notify_all();
    if (!changed_.wait_for(lock, limit, [this] { return answer_.has_value(); })) {
      lost_ = true;
      return crypto::unexpected(wire::LinkError::timed_out);
    }
    return *answer_;
  }

  // Whether the thread ends by itself.
  bool end() {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
    return !lost_;
  }

private:
  struct Job {
    std::optional<wire::Command> command;  // nothing: a reset
  };

  Answer perform(const Job& job) {
    if (job.command) return card_.channel->transmit(*job.command);
    return card_.reset().map([] { return wire::Response{}; });
  }

  reader::PoweredCard card_;
  std::mutex mutex_;
  std::condition_variable changed_;
  crypto::Bytes data_;
  std::optional<Job> job_;
  std::optional<Answer> answer_;
  bool ending_ = false;
  bool lost_ = false;
};

class Watched final : public wire::Channel {
public:
  Watched(reader::PoweredCard card, std::chrono::milliseconds limit)
      : desk_(std::make_shared<Desk>(std::move(card))), limit_(limit), thread_([desk = desk_] { desk->serve(); }) {}
  ~Watched() override {
    if (desk_->end())
      thread_.join();
    else
      thread_.detach();
  }

  Answer transmit(const wire::Command& command) override { return desk_->ask(command, limit_); }
  reader::Linked<void> reset() {
    return desk_->ask(std::nullopt, limit_).map([](const wire::Response&) {});
  }

private:
  std::shared_ptr<Desk> desk_;
  std::chrono::milliseconds limit_;
  std::thread thread_;
};

}  // namespace

reader::PoweredCard watched(reader::PoweredCard card, std::chrono::milliseconds limit) {
  reader::PoweredCard out{card.reader_name, card.answer_to_reset, card.limits, nullptr, {}};
  auto channel = std::make_unique<Watched>(std::move(card), limit);
  out.reset = [raw = channel.get()] { return raw->reset(); };
  out.channel = std::move(channel);
  return out;
}

}  // namespace personalize
