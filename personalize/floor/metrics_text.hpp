// SPDX-License-Identifier: Apache-2.0
// Owns the form of metrics: Prometheus' text exposition format, version 0.0.4.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace personalize {

// Upper bounds in seconds: from one APDU to a card that is fed by hand.
inline constexpr std::array kBuckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0};

struct Histogram {
  std::array<std::uint64_t, kBuckets.size()> counts{};  // each bucket's own; beyond the last one: in `count` only
  std::uint64_t count = 0;
  double sum = 0;

  void observe(double seconds);
};

// Of one label and its value, or of none.
struct Label {
  std::string_view name;
  std::string_view value;
};

class MetricsText {
public:
  enum class Type : std::uint8_t { counter, gauge, histogram };
  // The samples of one family follow its head.
  void family(std::string_view name, Type type, std::string_view help);
  void sample(double value, const Label& label = {});
  void sample(const Histogram& histogram, const Label& label = {});

  // A family of one label, a sample for each of its values.
  template <class Value>
  void family(std::string_view name, Type type, std::string_view help, std::string_view label,
              const std::map<std::string, Value>& values) {
    family(name, type, help);
    for (const auto& [key, value] : values) {
      if constexpr (requires { value.sum; })
        sample(value, {label, key});
      else
        sample(static_cast<double>(value), {label, key});
    }
  }
  [[nodiscard]] const std::string& text() const { return text_; }

private:
  void line(std::string_view suffix, const Label& label, std::string_view bound, double value);

  std::string name_;
  std::string text_;
};

}  // namespace personalize
