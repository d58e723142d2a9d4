// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/delivery.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "personalize/order/name_script.hpp"

namespace personalize {
namespace {

constexpr std::array<DeliveryFaultText, 12> kTexts{{
    {"too_large", "the file is larger than 64 MiB: divide it"},
    {"no_header", "this is no delivery: its first line must be number,product[,chip_serial]"},
    {"column_missing", "this column is missing"},
    {"column_unknown", "this column is not known: number, product, chip_serial"},
    {"column_twice", "this column is there twice"},
    {"fields", "this line has more or fewer fields than there are columns"},
    {"bad_number", "a blank's number has 1 to 12 capital letters and digits"},
    {"bad_product", "a product's name has 1 to 40 letters, digits and \"-\", \".\", \"_\""},
    {"bad_chip_serial", "a chip's serial number has 16 hexadecimal digits"},
    {"number_twice", "this number stands in an earlier line"},
    {"chip_twice", "this chip stands in an earlier line"},
    {"known_otherwise", "the stock knows this number or this chip as another blank"},
}};

constexpr std::array<std::string_view, 3> kColumns{"number", "product", "chip_serial"};
enum Column : std::uint8_t { number_column, product_column, chip_column };

constexpr std::size_t kMaxNumber = 12, kMaxProduct = 40, kMaxColumn = 40, kChipOctets = 8;

bool is_product(std::string_view text) {
  return !text.empty() && text.size() <= kMaxProduct && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  });
}

// None of these values holds a separator, so that there are no quotes to be undone but those around a whole field.
std::vector<std::string_view> fields_of(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  while (true) {
    const auto end = line.find(separator);
    auto field = line.substr(0, end);
    if (field.size() >= 2 && field.starts_with('"') && field.ends_with('"')) field = field.substr(1, field.size() - 2);
    fields.push_back(field);
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

class DeliveryReader {
public:
  DeliveryReader(std::istream& in, std::string_view note) : in_(in), note_(note) {}

  Delivery read() {
    if (!next_line() || !read_header()) {
      if (out_.findings.empty()) fault(DeliveryFault::no_header);
      return std::move(out_);
    }
    while (next_line()) {
      const auto fields = fields_of(line_, separator_);
      if (fields.size() == columns_)
        take(fields);
      else
        fault(DeliveryFault::fields);
    }
    return std::move(out_);
  }

private:
  void fault(DeliveryFault which, std::string_view column = {}) {
    out_.findings.push_back({which, line_number_, std::string(column)});
  }

  // Empty ones are passed over.
  bool next_line() {
    while (std::getline(in_, line_)) {
      ++line_number_;
      octets_ += line_.size() + 1;
      if (octets_ > kMaxDeliveryOctets) {
        fault(DeliveryFault::too_large);
        return false;
      }
      if (line_.ends_with('\r')) line_.pop_back();
      if (line_number_ == 1 && line_.starts_with("\xEF\xBB\xBF")) line_.erase(0, 3);  // spreadsheets write it
      if (!line_.empty()) return true;
    }
    return false;
  }

  bool read_header() {
    separator_ = line_.find(';') == std::string::npos ? ',' : ';';
    const auto fields = fields_of(line_, separator_);
    columns_ = fields.size();
    if (std::ranges::find_first_of(fields, kColumns) == fields.end()) {  // another file: what it holds is not repeated
      fault(DeliveryFault::no_header);
      return false;
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto known = std::ranges::find(kColumns, fields[i]);
      if (known == kColumns.end()) {
        fault(DeliveryFault::column_unknown, fields[i].size() <= kMaxColumn ? fields[i] : std::string_view());
        continue;
      }
      auto& place = place_[static_cast<std::size_t>(known - kColumns.begin())];
      if (place) fault(DeliveryFault::column_twice, *known);
      place = i;
    }
    for (const auto column : {number_column, product_column})
      if (!place_[column]) fault(DeliveryFault::column_missing, kColumns[column]);
    return out_.findings.empty();
  }

  void take(const std::vector<std::string_view>& fields) {
    const auto before = out_.findings.size();
    const auto value = [&](Column column) { return place_[column] ? fields[*place_[column]] : std::string_view(); };
    Blank blank{.number = std::string(value(number_column)),
                .product = std::string(value(product_column)),
                .chip_serial = {},
                .delivery = note_,
                .order_id = {},
                .reason = {}};
    if (blank.number.empty() || blank.number.size() > kMaxNumber || !is_blank_number(blank.number))
      fault(DeliveryFault::bad_number, kColumns[number_column]);
    else if (!numbers_.insert(blank.number).second)
      fault(DeliveryFault::number_twice, kColumns[number_column]);
    if (!is_product(blank.product)) fault(DeliveryFault::bad_product, kColumns[product_column]);
    if (const auto text = value(chip_column); !text.empty()) {
      const auto serial = crypto::from_hex(text);
      blank.chip_serial = serial ? crypto::to_hex(*serial) : std::string();
      if (!serial || serial->size() != kChipOctets)
        fault(DeliveryFault::bad_chip_serial, kColumns[chip_column]);
      else if (!chips_.insert(blank.chip_serial).second)
        fault(DeliveryFault::chip_twice, kColumns[chip_column]);
    }
    if (out_.findings.size() == before) out_.lines.push_back({line_number_, std::move(blank)});
  }

  std::istream& in_;
  std::string note_;
  Delivery out_;
  std::string line_;
  std::uint64_t line_number_ = 0;
  std::size_t octets_ = 0, columns_ = 0;
  char separator_ = ',';
  std::array<std::optional<std::size_t>, kColumns.size()> place_{};
  std::unordered_set<std::string> numbers_, chips_;
};

}  // namespace

const DeliveryFaultText& text_of(DeliveryFault fault) { return kTexts.at(static_cast<std::size_t>(fault)); }

Delivery read_delivery(std::istream& in, std::string_view note) { return DeliveryReader(in, note).read(); }

Logged<std::int64_t> enter_delivery(Database& database, Stock& stock, Delivery& delivery,
                                    std::string_view operator_name, std::chrono::sys_seconds now) {
  StockSums before, after;
  PATENT_TRY_VOID(database.transaction([&]() -> Logged<void> {
    PATENT_TRY(before, stock.sums());
    for (const auto& [line, blank] : delivery.lines) {
      const auto received = stock.receive(blank, operator_name, now);
      if (received) continue;
      if (received.error().error != LedgerError::blank_used) return received;
      delivery.findings.push_back({DeliveryFault::known_otherwise, line, {}});
    }
    if (!delivery.findings.empty()) return database.failure(LedgerError::blank_used);
    PATENT_TRY(after, stock.sums());
    return {};
  }));
  return after.received - before.received;
}

}  // namespace personalize
