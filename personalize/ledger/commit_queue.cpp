// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/commit_queue.hpp"

#include <exception>
#include <vector>

namespace personalize {
namespace {

// Of one part of a common transaction.
struct Outcome {
  Logged<void> result;
  std::exception_ptr thrown;
};

}  // namespace

CommitQueue::CommitQueue(Database& database) : database_(database), thread_([this] { serve(); }) {}

CommitQueue::~CommitQueue() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  waiting_.notify_one();
  thread_.join();
}

std::future<Logged<void>> CommitQueue::post(Work work) {
  Job job{std::move(work), {}};
  auto done = job.done.get_future();
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  waiting_.notify_one();
  return done;
}

void CommitQueue::serve() {
  for (;;) {
    std::unique_lock lock(mutex_);
    waiting_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    auto jobs = std::exchange(jobs_, {});
    lock.unlock();
    commit(std::move(jobs));
  }
}

void CommitQueue::commit(std::deque<Job> jobs) {
  std::vector<Outcome> outcomes(jobs.size());
  const auto whole = database_.transaction([&]() -> Logged<void> {
    for (std::size_t i = 0; i < jobs.size(); ++i) try {
        outcomes[i].result = database_.transaction(jobs[i].work);
      } catch (...) {
        outcomes[i].thrown = std::current_exception();
      }
    return {};
  });
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (outcomes[i].thrown)
      jobs[i].done.set_exception(outcomes[i].thrown);
    else if (!outcomes[i].result)
      jobs[i].done.set_value(outcomes[i].result);
    else
      jobs[i].done.set_value(whole);
  }
}

}  // namespace personalize
