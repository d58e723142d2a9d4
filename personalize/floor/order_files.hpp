// SPDX-License-Identifier: Apache-2.0
// Owns the reading of orders from files, one after the other, in the memory of one: a file is one order, or has one on
// each line (JSON lines).
#pragma once

#include <atomic>
#include <filesystem>
#include <fstream>
#include <vector>

#include "personalize/floor/order_source.hpp"

namespace personalize {

class OrderFiles {
public:
  // A file named *.jsonl or *.ndjson has lines; any other one has, too, when its first line is a whole object and more
  // follows.
  explicit OrderFiles(std::vector<std::filesystem::path> files);

  // Nothing at the end. What cannot be read is given as not readable, and the rest goes on.
  std::optional<OrderText> next();
  // How much of the files' octets is behind us, 0 to 1; from any thread. Nothing where their sizes are not known.
  [[nodiscard]] std::optional<double> part_read() const;

private:
  bool open();
  std::optional<OrderText> next_line();
  OrderText whole();
  [[nodiscard]] OrderText unreadable() const;
  std::string where() const;

  std::vector<std::filesystem::path> files_;
  std::size_t file_ = 0;  // the one that is open or comes next
  std::ifstream in_;
  bool lines_ = false;
  std::size_t line_ = 0;
  std::string first_line_;
  bool has_first_line_ = false;
  bool first_line_ends_ = false;
  std::uint64_t size_ = 0;  // of all files; 0: not known
  std::atomic<std::uint64_t> read_{0};
};

}  // namespace personalize
