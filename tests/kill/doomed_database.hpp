// SPDX-License-Identifier: Apache-2.0
// Owns a ledger's database whose process dies at a statement, or on either side of a commit.
#pragma once

#include "personalize/ledger/database.hpp"
#include "tests/kill/fate.hpp"

namespace kill_test {

class DoomedDatabase final : public personalize::Database {
public:
  DoomedDatabase(std::unique_ptr<personalize::Database> below, Reaper& reaper)
      : below_(std::move(below)), reaper_(reaper) {}

  void queue_up() override {
    told([&] { below_->queue_up(); });
  }
  void script(const std::string& sql) override {
    told([&] { below_->script(sql); });
  }
  void begin(const char* words) override {
    told([&] { below_->begin(words); });
  }
  void commit() override {
    reaper_.strikes(Point::before_commit);
    told([&] { below_->commit(); });
    reaper_.strikes(Point::after_commit);
  }
  void roll_back() override {
    told([&] { below_->roll_back(); });
  }
  std::vector<std::string> tables() override { return below_->tables(); }
  std::vector<personalize::Column> columns(std::string_view table) override { return below_->columns(table); }
  void continue_ids(const std::string& table) override { below_->continue_ids(table); }
  [[nodiscard]] bool is_shared() const override { return below_->is_shared(); }
  [[nodiscard]] const std::string& place() const override { return below_->place(); }

private:
  using Values = std::span<const personalize::Value>;
  static constexpr std::size_t kMostValues = 24;

  // The transaction is counted here, so here it has to be known that it failed.
  template <class Work>
  auto told(const Work& work) -> decltype(work()) {
    try {
      return work();
    } catch (const personalize::DatabaseError& e) {
      throw failed(e.error);
    }
  }
  [[nodiscard]] const char* begin_words() const override { return is_shared() ? "BEGIN" : "BEGIN IMMEDIATE"; }
  [[nodiscard]] const char* snapshot_words() const override { return "BEGIN"; }
  std::int64_t execute(std::string_view sql, Values values) override {
    reaper_.strikes(Point::statement);
    return told([&] { return below_->run_list(sql, values); });
  }
  std::unique_ptr<personalize::Rows> select(std::string_view sql, Values values) override {
    reaper_.strikes(Point::statement);
    std::unique_ptr<personalize::Rows> rows;
    told([&] { rows = select_by_count(sql, values, std::make_index_sequence<kMostValues>()); });
    return rows;
  }
  std::unique_ptr<personalize::Rows> select_by_and_by(std::string_view sql, Values values) override {
    return select(sql, values);
  }

  // The port takes as many arguments as there are values.
  template <std::size_t... counts>
  std::unique_ptr<personalize::Rows> select_by_count(std::string_view sql, Values values,
                                                     std::index_sequence<counts...>) {
    std::unique_ptr<personalize::Rows> rows;
    const auto select = [&]<std::size_t... i>(std::index_sequence<i...>) {
      if (values.size() == sizeof...(i)) rows = below_->query(sql, values[i]...);
    };
    (select(std::make_index_sequence<counts>()), ...);
    return rows;
  }

  std::unique_ptr<personalize::Database> below_;
  Reaper& reaper_;
};

}  // namespace kill_test
