// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/commit_queue.hpp"

#include <vector>

namespace personalize {
namespace {

constexpr int kMoreTries = 4;

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

CommitQueue::Outcome CommitQueue::attempt(const Work& work) {
  try {
    return {database_.transaction(work), {}};
  } catch (...) {
    return {{}, std::current_exception()};
  }
}

void CommitQueue::commit(std::deque<Job> jobs) {
  std::vector<Outcome> outcomes(jobs.size());
  const auto attempt_all = [&] {
    return database_.transaction([&]() -> Logged<void> {
      for (std::size_t i = 0; i < jobs.size(); ++i) outcomes[i] = attempt(jobs[i].work);
      return {};
    });
  };
  auto whole = attempt_all();
  // The server went away and undid it all. By now it may be there again, and then go once more.
  for (int more = kMoreTries; more > 0 && !whole && whole.error().error == LedgerError::unavailable; --more)
    whole = attempt_all();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    auto& [result, thrown] = outcomes[i];
    // A part may have waited for another station's row while the parts before it held what that station waits for, and
    // the server ended one of the two. Alone it holds nothing.
    const bool blocked = !thrown && !result && result.error().error == LedgerError::in_use;
    if (blocked && jobs.size() > 1 && database_.is_shared())
      outcomes[i] = attempt(jobs[i].work);
    else if (result)
      result = whole;
    if (thrown)
      jobs[i].done.set_exception(thrown);
    else
      jobs[i].done.set_value(result);
  }
}

}  // namespace personalize
