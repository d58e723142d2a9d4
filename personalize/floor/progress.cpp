// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "personalize/issue/words.hpp"

namespace personalize {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::size_t kKept = 256;  // durations of a step
constexpr auto kLately = 15min;

// What is comparable from card to card.
std::string step_of(const IssuanceProgress& progress, const BatchWords& words) {
  switch (progress.phase) {
    case Phase::identifying: return std::string(words.identify);
    case Phase::signing: return std::string(words.sign);
    case Phase::writing: return progress.run.step.substr(0, progress.run.step.find(':'));
    case Phase::reading_back: break;
  }
  return std::string(words.read_back);
}

// "write 3/9: STORE DATA EMRTD"
std::string words_for(const IssuanceProgress& progress, const BatchWords& words) {
  auto step = step_of(progress, words);
  if (progress.phase != Phase::writing) return step;
  return filled(words.write, progress.run.done + 1, progress.run.total, step);
}

milliseconds quantile(std::vector<milliseconds> times, double part) {
  const auto nth = times.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(times.size() - 1) + 0.5);
  std::ranges::nth_element(times, nth);
  return *nth;
}

std::string duration(std::chrono::seconds time, const BatchWords& words) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(time).count();
  return minutes < 60 ? filled(words.minutes, minutes) : filled(words.hours, minutes / 60, minutes % 60);
}

}  // namespace

void BatchProgress::take(const BatchEvent& event) {
  struct Taker {
    BatchProgress& p;
    void operator()(const CardBegun& e) const { p.say(e.reader, filled(p.words_.order, e.order_id)); }
    void operator()(const CardStep& e) const {
      p.begin_step(e.reader, step_of(e.progress, p.words_));
      p.say(e.reader, filled(p.words_.step, e.order_id, words_for(e.progress, p.words_)));
    }
    void operator()(const CardIssued& e) const {
      p.end_step(e.reader);
      ++p.issued_;
      p.finished_.push_back(p.clock_());
      const auto old = p.finished_.back() - kLately;
      p.finished_.erase(p.finished_.begin(), std::ranges::lower_bound(p.finished_, old));
      p.say(e.reader, filled(p.words_.issued_card, e.receipt.card_number));
    }
    void operator()(const OrderRefused&) const { ++p.faults_; }
    void operator()(const DocumentRefused&) const { ++p.faults_; }
    void operator()(const CardRejected& e) const { fault(e.reader, filled(p.words_.rejected, e.reason)); }
    void operator()(const CardTorn& e) const { fault(e.reader, filled(p.words_.tries_again, code_of(e.failure))); }
    void operator()(const ReaderLost& e) const { fault(e.reader, std::string(p.words_.lost)); }
    void operator()(const ReaderBack& e) const { p.say(e.reader, std::string(p.words_.back)); }
    void fault(const std::string& reader, std::string what) const {
      ++p.faults_;
      p.running_.erase(reader);
      p.say(reader, std::move(what));
    }
  };
  std::visit(Taker{*this}, event);
}

void BatchProgress::say(const std::string& reader, std::string what) { readers_[reader] = std::move(what); }

void BatchProgress::begin_step(const std::string& reader, const std::string& step) {
  end_step(reader);
  running_[reader] = {step, clock_()};
}

void BatchProgress::end_step(const std::string& reader) {
  const auto running = running_.extract(reader);
  if (!running) return;
  const auto [found, fresh] = times_.try_emplace(running.mapped().step);
  auto& times = found->second;
  if (fresh) times.place = times_.size();
  const auto took = std::chrono::duration_cast<milliseconds>(clock_() - running.mapped().since);
  if (times.last.size() < kKept)
    times.last.push_back(took);
  else
    times.last[times.next++ % kKept] = took;
}

std::optional<double> BatchProgress::cards_an_hour() const {
  if (finished_.empty()) return std::nullopt;
  const auto now = clock_();
  const auto since = std::max(begun_, now - kLately);
  const auto hours = std::chrono::duration<double, std::ratio<3600>>(now - since).count();
  if (hours <= 0) return std::nullopt;
  return static_cast<double>(finished_.size()) / hours;
}

std::optional<std::chrono::seconds> BatchProgress::time_left(std::optional<double> part_done) const {
  if (!part_done || *part_done <= 0 || issued_ == 0) return std::nullopt;
  const auto passed = std::chrono::duration<double>(clock_() - begun_);
  return std::chrono::ceil<std::chrono::seconds>(passed * (1 - *part_done) / *part_done);
}

std::vector<StepTime> BatchProgress::step_times() const {
  std::vector<const std::pair<const std::string, Times>*> sorted;
  for (const auto& step : times_) sorted.push_back(&step);
  std::ranges::sort(sorted, {}, [](const auto* step) { return step->second.place; });
  std::vector<StepTime> out;
  for (const auto* step : sorted)
    out.push_back({step->first, quantile(step->second.last, 0.5), quantile(step->second.last, 0.95)});
  return out;
}

std::vector<std::string> status_block(const BatchProgress& progress, std::optional<double> part_done) {
  const auto& words = progress.words();
  std::vector<std::string> lines;
  auto head = filled(words.cards, progress.issued());
  if (const auto rate = progress.cards_an_hour()) head += filled(words.an_hour, *rate);
  head += filled(words.faults, progress.faults());
  if (const auto left = progress.time_left(part_done)) head += filled(words.left, duration(*left, words));
  lines.push_back(std::move(head));
  std::string times;
  for (const auto& step : progress.step_times())
    times += fmt::format("{}{} {}/{}", times.empty() ? "" : ", ", step.step, step.median.count(), step.p95.count());
  if (!times.empty()) lines.push_back(filled(words.times, times));
  for (const auto& [reader, what] : progress.readers()) lines.push_back(fmt::format("{}: {}", reader, what));
  return lines;
}

}  // namespace personalize
