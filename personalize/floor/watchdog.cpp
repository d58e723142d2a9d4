// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/watchdog.hpp"

#include <condition_variable>
#include <future>
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
      if (!job_) break;
      auto job = *std::exchange(job_, std::nullopt);
      lock.unlock();
      perform(job);
      lock.lock();
    }
    lock.unlock();
    card_ = {};  // letting go of it can hang as well
    lock.lock();
    let_go_ = true;
    changed_.notify_all();
  }

  // What is thrown there is thrown here.
  std::future<Answer> give(const std::optional<wire::Command>& command) {
    Job job{command, {}, {}};
    if (command) job.data.assign(command->data.begin(), command->data.end());
    auto answer = job.answer.get_future();
    const std::lock_guard lock(mutex_);
    job_ = std::move(job);
    changed_.notify_all();
    return answer;
  }

  // Whether the card was let go in time.
  bool end(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    ending_ = true;
    changed_.notify_all();
    return changed_.wait_for(lock, limit, [this] { return let_go_; });
  }

private:
  struct Job {
    std::optional<wire::Command> command;  // nothing: a reset
    crypto::Bytes data;                    // the caller's octets may be gone before a hung call is
    std::promise<Answer> answer;
  };

  void perform(Job& job) {
    try {
      if (job.command) job.command->data = job.data;
      job.answer.set_value(job.command ? card_.channel->transmit(*job.command)
                                       : card_.reset().map([] { return wire::Response{}; }));
    } catch (...) {
      job.answer.set_exception(std::current_exception());
    }
  }

  reader::PoweredCard card_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Job> job_;
  bool ending_ = false;
  bool let_go_ = false;
};

class Watched final : public wire::Channel {
public:
  Watched(reader::PoweredCard card, std::chrono::milliseconds limit)
      : desk_(std::make_shared<Desk>(std::move(card))), limit_(limit), thread_([desk = desk_] { desk->serve(); }) {}
  ~Watched() override {
    if (desk_->end(lost_ ? std::chrono::milliseconds{0} : limit_))
      thread_.join();
    else
      thread_.detach();
  }

  Answer transmit(const wire::Command& command) override { return ask(command); }
  reader::Linked<void> reset() {
    return ask(std::nullopt).map([](const wire::Response&) {});
  }

private:
  Answer ask(const std::optional<wire::Command>& command) {
    if (lost_) return crypto::unexpected(wire::LinkError::timed_out);
    auto answer = desk_->give(command);
    lost_ = answer.wait_for(limit_) != std::future_status::ready;
    if (lost_) return crypto::unexpected(wire::LinkError::timed_out);
    return answer.get();
  }

  std::shared_ptr<Desk> desk_;
  std::chrono::milliseconds limit_;
  bool lost_ = false;
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
