// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/payment_rows.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "crypto/strict_json.hpp"
#include "personalize/ledger/utf8.hpp"

namespace personalize {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool is_blank(std::string_view text) { return text.find_first_not_of(kSpace) == std::string_view::npos; }

// RFC 4180, with ';' too: what spreadsheets write where the comma stands in numbers. A field does not go on over a line
// break: none of ours has one, and one forgotten quote would swallow the file.
class CsvRows final : public PaymentRows {
public:
  CsvRows(TextLines& lines, PaymentFaults& faults) : lines_(lines), faults_(faults) { read_header(); }

  bool next(PaymentRow& row) override {
    std::string_view line;
    while (columns_ > 0 && lines_.next(line)) {
      if (is_blank(line)) continue;
      if (!split(line)) {
        faults_.add(PaymentFault::quotes, lines_.number());
      } else if (fields_.size() != columns_) {
        faults_.add(PaymentFault::fields, lines_.number());
      } else {
        row.line = lines_.number();
        for (std::size_t i = 0; i < place_.size(); ++i) row.values[i] = fields_[place_[i]];
        return true;
      }
    }
    return false;
  }

private:
  void read_header() {
    std::string_view line;
    do {
      if (!lines_.next(line)) return faults_.add(PaymentFault::no_header, 1);
    } while (is_blank(line));
    separator_ = line.find(';') == std::string_view::npos ? ',' : ';';
    if (!split(line)) return faults_.add(PaymentFault::quotes, lines_.number());
    bool good = true;
    for (std::size_t i = 0; i < place_.size(); ++i) {
      const auto found = std::ranges::find(fields_, kPaymentColumns[i]);
      const auto times = std::ranges::count(fields_, kPaymentColumns[i]);
      if (times != 1)
        faults_.add(times == 0 ? PaymentFault::column_missing : PaymentFault::column_twice, lines_.number(),
                    kPaymentColumns[i]);
      good = good && times == 1;
      place_[i] = static_cast<std::size_t>(found - fields_.begin());
    }
    if (good) columns_ = fields_.size();
  }

  bool split(std::string_view line) {
    fields_.clear();
    unquoted_.clear();
    unquoted_.reserve(line.size());  // the fields are views into it
    for (;;) {
      if (line.starts_with('"')) {
        if (!take_quoted(line)) return false;
      } else {
        const auto field = line.substr(0, line.find(separator_));
        if (field.find('"') != std::string_view::npos) return false;
        fields_.push_back(field);
        line.remove_prefix(field.size());
      }
      if (line.empty()) return true;
      line.remove_prefix(1);  // the separator
    }
  }

  // Up to the separator or the end.
  bool take_quoted(std::string_view& line) {
    const auto begin = unquoted_.size();
    for (line.remove_prefix(1);;) {
      const auto quote = line.find('"');
      if (quote == std::string_view::npos) return false;
      unquoted_ += line.substr(0, quote);
      line.remove_prefix(quote + 1);
      if (!line.starts_with('"')) break;
      unquoted_ += '"';
      line.remove_prefix(1);
    }
    fields_.push_back(std::string_view(unquoted_).substr(begin));
    return line.empty() || line.front() == separator_;
  }

  TextLines& lines_;
  PaymentFaults& faults_;
  char separator_ = ',';
  std::size_t columns_ = 0;  // of the file; zero: its header is of no use
  std::array<std::size_t, kPaymentColumns.size()> place_{};
  std::vector<std::string_view> fields_;
  std::string unquoted_;
};

// What both forms of JSON have: an object becomes a row.
class JsonRows : public PaymentRows {
public:
  JsonRows(TextLines& lines, PaymentFaults& faults) : lines_(lines), faults_(faults) {}

protected:
  bool take(std::string_view text, std::uint64_t line, PaymentRow& row) {
    const auto json = crypto::parse_strict_json(text, 4);
    if (!json || !json->isObject()) return faults_.add(PaymentFault::not_json, line), false;
    bool whole = true;
    for (std::size_t i = 0; i < kPaymentColumns.size(); ++i) {
      const auto column = kPaymentColumns[i];
      const auto* const value = json->find(column.data(), column.data() + column.size());
      if (value == nullptr) faults_.add(PaymentFault::column_missing, line, column);
      whole = whole && value != nullptr;
      values_[i] = value == nullptr ? std::string() : text_of_value(*value, column == "sum_kopecks");
      row.values[i] = values_[i];
    }
    row.line = line;
    return whole;
  }

  TextLines& lines_;
  PaymentFaults& faults_;

private:
  // Empty, which no column may be, when it is of another type. 1e6 is a number, but of no type that counts kopecks.
  static std::string text_of_value(const Json::Value& value, bool number) {
    if (!number) return value.isString() ? value.asString() : std::string();
    return value.type() == Json::intValue || value.type() == Json::uintValue ? value.asString() : std::string();
  }

  std::array<std::string, kPaymentColumns.size()> values_;
};

class JsonLineRows final : public JsonRows {
public:
  using JsonRows::JsonRows;
  bool next(PaymentRow& row) override {
    std::string_view line;
    while (lines_.next(line))
      if (!is_blank(line) && take(line, lines_.number(), row)) return true;
    return false;
  }
};

// An array is never held whole: each object is cut out by its braces and read by itself.
class JsonArrayRows final : public JsonRows {
public:
  JsonArrayRows(TextLines& lines, PaymentFaults& faults) : JsonRows(lines, faults) {
    ended_ = !skip_space();  // what was seen may stand in a line that is too long
    if (ended_) return;
    rest_.remove_prefix(1);
    skip_space();
    if (rest_.starts_with(']')) finish();
  }

  bool next(PaymentRow& row) override {
    while (!ended_) {
      const auto line = lines_.number();
      const bool cut_out = cut_object();
      if (!cut_out || !step()) {
        faults_.add(PaymentFault::not_json, lines_.number());
        ended_ = true;  // where the next object would begin, nobody knows
        if (!cut_out) return false;
      }
      if (take(object_, line, row)) return true;
    }
    return false;
  }

private:
  // To the next character that means something; false at the end of the file.
  bool skip_space() {
    for (;;) {
      const auto begin = rest_.find_first_not_of(kSpace);
      if (begin != std::string_view::npos) return rest_.remove_prefix(begin), true;
      if (!lines_.next(rest_)) return rest_ = {}, false;
    }
  }

  // The object at hand, up to the brace that closes it; false when none begins here, or none ends within bounds.
  bool cut_object() {
    object_.clear();
    if (!rest_.starts_with('{')) return false;
    int depth = 0;
    bool in_string = false, escaped = false;
    for (;;) {
      for (std::size_t i = 0; i < rest_.size(); ++i) {
        const char c = rest_[i];
        if (in_string) {
          in_string = escaped || c != '"';
          escaped = !escaped && c == '\\';
        } else {
          in_string = c == '"';
          depth += c == '{' ? 1 : c == '}' ? -1 : 0;
          if (depth == 0) {
            object_ += rest_.substr(0, i + 1);
            rest_.remove_prefix(i + 1);
            return true;
          }
        }
      }
      object_ += rest_;
      object_ += '\n';
      if (object_.size() > TextLines::kMaxLine || !lines_.next(rest_)) return false;
    }
  }

  // Over a comma to the next object, or over the bracket to the end of the file.
  bool step() {
    if (!skip_space()) return false;
    if (rest_.front() == ']') return finish();
    if (rest_.front() != ',') return false;
    rest_.remove_prefix(1);
    return skip_space();
  }

  bool finish() {
    ended_ = true;
    rest_.remove_prefix(1);
    const bool clean = !skip_space();
    if (!clean) faults_.add(PaymentFault::not_json, lines_.number());
    return true;
  }

  std::string_view rest_;  // of the line at hand
  std::string object_;
  bool ended_ = false;
};

}  // namespace

TextLines::TextLines(std::istream& in, PaymentFaults& faults) : in_(in), faults_(faults), buffer_(4 * kMaxLine) {
  fill();
  if (std::string_view(buffer_.data(), end_).starts_with("\xEF\xBB\xBF")) begin_ = 3;
}

char TextLines::first() {
  std::string_view seen(buffer_.data() + begin_, end_ - begin_);
  const auto place = seen.find_first_not_of(kSpace);
  return place == std::string_view::npos ? '\0' : seen[place];
}

bool TextLines::fill() {
  if (!in_) return false;
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
            buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  in_.read(buffer_.data() + end_, static_cast<std::streamsize>(buffer_.size() - end_));
  const auto got = static_cast<std::size_t>(in_.gcount());
  octets_ += got;
  end_ += got;
  return got > 0;
}

// False at the end of the file.
bool TextLines::cut(std::string_view& line) {
  for (;;) {
    const char* const begin = buffer_.data() + begin_;
    const auto* const found = static_cast<const char*>(std::memchr(begin, '\n', end_ - begin_));
    const bool full = begin_ == 0 && end_ == buffer_.size();
    if (found == nullptr && !full && fill()) continue;
    const auto length = found != nullptr ? static_cast<std::size_t>(found - begin) : end_ - begin_;
    if (found == nullptr && length == 0) return false;
    line = {begin, length};
    begin_ += length + (found != nullptr ? 1 : 0);
    return true;
  }
}

bool TextLines::next(std::string_view& line) {
  for (bool open = false; cut(line);) {
    const bool goes_on = begin_ == end_ && end_ == buffer_.size() && line.size() == buffer_.size();
    if (!open) ++number_;
    const bool too_long = open || line.size() > kMaxLine;
    if (too_long && !open) faults_.add(PaymentFault::line_too_long, number_);
    open = goes_on;
    if (too_long) continue;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (is_utf8(line)) return true;
    faults_.add(PaymentFault::not_utf8, number_);
  }
  return false;
}

std::unique_ptr<PaymentRows> payment_rows(TextLines& lines, PaymentFaults& faults) {
  switch (lines.first()) {
    case '[': return std::make_unique<JsonArrayRows>(lines, faults);
    case '{': return std::make_unique<JsonLineRows>(lines, faults);
    default: return std::make_unique<CsvRows>(lines, faults);
  }
}

}  // namespace personalize
