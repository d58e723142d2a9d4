// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/order_files.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace personalize {
namespace {

constexpr std::size_t kMaxText = (1 << 20) + 1;  // one octet more than an order may have: the parser says why

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

struct Line {
  std::string text;  // without what ends it; cut off behind what an order may have
  std::uint64_t octets = 0;
  bool ended = false;  // by a newline, not by the file's end
};

// Bounded, whatever the file holds. Nothing at the end.
std::optional<Line> read_line(std::istream& in) {
  Line line;
  std::array<char, 65536> piece{};
  while (!line.ended && in.good()) {
    in.getline(piece.data(), piece.size());
    const auto got = static_cast<std::size_t>(in.gcount());
    const bool more = in.fail() && !in.eof() && !in.bad() && got > 0;  // the piece is full
    line.ended = in.good();
    line.octets += got;
    const std::string_view text(piece.data(), line.ended ? got - 1 : got);
    line.text.append(text.substr(0, kMaxText - std::min(kMaxText, line.text.size())));
    if (more) in.clear();
  }
  if (line.octets == 0) return std::nullopt;
  return line;
}

}  // namespace

OrderFiles::OrderFiles(std::vector<std::filesystem::path> files) : files_(std::move(files)) {
  for (const auto& file : files_) {
    std::error_code error;
    const auto size = std::filesystem::is_regular_file(file, error) ? std::filesystem::file_size(file, error) : 0;
    if (!error) size_ += size;
  }
}

std::optional<double> OrderFiles::part_read() const {
  if (size_ == 0) return std::nullopt;
  return std::min(1.0, static_cast<double>(read_) / static_cast<double>(size_));
}

std::string OrderFiles::where() const {
  auto place = files_[file_].string();
  return lines_ && line_ > 0 ? place + ':' + std::to_string(line_) : place;
}

OrderText OrderFiles::unreadable() const { return {.text = {}, .where = where(), .readable = false}; }

// The file that comes next: whether it can be read, and what it is.
bool OrderFiles::open() {
  const auto& file = files_[file_];
  lines_ = file.extension() == ".jsonl" || file.extension() == ".ndjson";
  line_ = 0;
  in_ = std::ifstream(file, std::ios::binary);
  std::error_code error;
  if (!in_ || std::filesystem::is_directory(file, error)) return false;
  auto first = read_line(in_);
  if (in_.bad()) return false;
  if (!first) return true;
  read_ += first->octets;
  first_line_ = std::move(first->text);
  first_line_ends_ = first->ended;
  has_first_line_ = true;
  const auto text = trimmed(first_line_);
  lines_ = lines_ || (text.starts_with('{') && text.ends_with('}') && in_.peek() != std::ifstream::traits_type::eof());
  return true;
}

// The file as it is, octet for octet, as far as an order may go: its digest tells whether it comes again.
OrderText OrderFiles::whole() {
  auto text = std::exchange(first_line_, {});
  if (first_line_ends_) text += '\n';
  std::array<char, 65536> piece{};
  while (text.size() < kMaxText && (in_.read(piece.data(), piece.size()) || in_.gcount() > 0)) {
    read_ += static_cast<std::uint64_t>(in_.gcount());
    text.append(piece.data(), static_cast<std::size_t>(in_.gcount()));
  }
  return {.text = std::move(text), .where = where()};
}

std::optional<OrderText> OrderFiles::next_line() {
  while (true) {
    auto line = has_first_line_ ? Line{std::exchange(first_line_, {}), 0} : read_line(in_).value_or(Line{});
    if (!std::exchange(has_first_line_, false) && line.octets == 0) return std::nullopt;
    ++line_;
    read_ += line.octets;
    if (!trimmed(line.text).empty()) return OrderText{.text = std::move(line.text), .where = where()};
  }
}

std::optional<OrderText> OrderFiles::next() {
  for (; file_ < files_.size(); ++file_, in_.close()) {
    if (!in_.is_open() && !open()) {
      auto fault = unreadable();
      in_.close();
      ++file_;
      return fault;
    }
    if (lines_) {
      if (auto text = next_line()) return text;
      if (!in_.bad()) continue;
      auto fault = unreadable();  // the medium
      in_.close();
      ++file_;
      return fault;
    }
    const bool empty = !std::exchange(has_first_line_, false);
    auto text = empty ? unreadable() : whole();
    in_.close();
    ++file_;
    return text;
  }
  return std::nullopt;
}

}  // namespace personalize
