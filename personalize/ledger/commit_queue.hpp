// SPDX-License-Identifier: Apache-2.0
// Owns the one thread that works with a ledger's database for many: what waits together is committed together, so that
// one sync serves all readers of a station.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "personalize/ledger/database.hpp"

namespace personalize {

class CommitQueue {
public:
  // The database is this queue's alone while it lives.
  explicit CommitQueue(Database& database);
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;
  ~CommitQueue();  // after what was posted is done

  using Work = std::function<Logged<void>()>;
  // Runs `work` on the queue's thread, in a transaction shared with whatever else waits; a part that fails is undone
  // alone. The future is ready when all of it is durable, or says why it is not. From any thread. What the database
  // undid for others' sake, or because its server went away, is run again: a work begins anew each time.
  std::future<Logged<void>> post(Work work);

  // The same, and waits. Not from within a work, which would wait for itself.
  template <class T>
  Logged<T> run(const std::function<Logged<T>()>& work) {
    std::optional<Logged<T>> result;
    PATENT_TRY_VOID(post([&]() -> Logged<void> {
                      result.emplace(work());
                      if (!*result) return crypto::unexpected<LedgerFailure>(result->error());
                      return {};
                    }).get());
    return *std::move(result);
  }

private:
  struct Job {
    Work work;
    std::promise<Logged<void>> done;
  };
  // Of one part of a common transaction.
  struct Outcome {
    Logged<void> result;
    std::exception_ptr thrown;
  };
  void serve();
  Outcome attempt(const Work& work);
  void commit(std::deque<Job> jobs);

  Database& database_;
  std::mutex mutex_;
  std::condition_variable waiting_;
  std::deque<Job> jobs_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace personalize
