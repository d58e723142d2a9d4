// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/metrics_text.hpp"

#include <fmt/format.h>

#include "crypto/terminal_text.hpp"

namespace personalize {
namespace {

// A value may be any text (a reader's name comes from its maker): control characters go, the three that the format
// knows are escaped.
std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : crypto::shown(value, ' ')) {
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

constexpr std::array<std::string_view, 3> kTypes{"counter", "gauge", "histogram"};

}  // namespace

void Histogram::observe(double seconds) {
  ++count;
  sum += seconds;
  for (std::size_t i = 0; i < kBuckets.size(); ++i)
    if (seconds <= kBuckets[i]) {
      ++counts[i];
      return;
    }
}

void MetricsText::family(std::string_view name, Type type, std::string_view help) {
  name_ = name;
  text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, kTypes.at(static_cast<std::size_t>(type)));
}

void MetricsText::sample(double value, const Label& label) { line("", label, "", value); }

void MetricsText::sample(const Histogram& histogram, const Label& label) {
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < kBuckets.size(); ++i) {
    so_far += histogram.counts[i];
    line("_bucket", label, fmt::format("{}", kBuckets[i]), static_cast<double>(so_far));
  }
  line("_bucket", label, "+Inf", static_cast<double>(histogram.count));
  line("_sum", label, "", histogram.sum);
  line("_count", label, "", static_cast<double>(histogram.count));
}

void MetricsText::line(std::string_view suffix, const Label& label, std::string_view bound, double value) {
  std::string labels;
  if (!label.name.empty()) labels = fmt::format("{}=\"{}\"", label.name, escaped(label.value));
  if (!bound.empty()) labels += fmt::format("{}le=\"{}\"", labels.empty() ? "" : ",", bound);
  text_ += labels.empty() ? fmt::format("{}{} {}\n", name_, suffix, value)
                          : fmt::format("{}{}{{{}}} {}\n", name_, suffix, labels, value);
}

}  // namespace personalize
