// SPDX-License-Identifier: Apache-2.0
// Plays dialogues against a card in this process: dialogue_player FILE...; 1 when an answer is not the expected one.
#include <fmt/format.h>

#include <fstream>

#include "tests/card_rig.hpp"
#include "tests/dialogues/dialogue.hpp"
#include "tests/power/power_cut_nvm.hpp"

namespace {

using dialogue::Fault;

class Player {
public:
  std::optional<Fault> play(const std::vector<dialogue::Step>& steps) {
    for (const auto& step : steps) {
      const auto fault = std::visit([&](const auto& what) { return perform(what); }, step.what);
      if (fault) return Fault{step.line, *fault};
    }
    return unheard_ ? std::optional(Fault{steps.empty() ? 0 : steps.back().line, "an answer is not judged"})
                    : std::nullopt;
  }

private:
  using Outcome = std::optional<std::string>;

  Outcome perform(const dialogue::Begin& begin) {
    memory_ = std::make_unique<power::RamNvm>();
    nvm_ = std::make_unique<power::PowerCutNvm>(*memory_);
    if (begin.card != "blank" && begin.card != "issued") return "no such card: " + begin.card;
    if (!rig::make_blank(*nvm_)) return "no blank can be made";
    if (const auto fault = power_on()) return fault;
    if (begin.card == "issued" && !rig::personalize(rig_->channel, rig::content(600))) return "cannot be personalized";
    return power_on();
  }
  Outcome perform(const dialogue::Send& send) {
    if (!rig_ && power_on()) return "no card: `! card blank|issued` comes first";
    if (unheard_) return "the answer before is not judged";
    const auto answer = rig_->channel.exchange(send.apdu);
    answer_.assign(answer.begin(), answer.end());
    unheard_ = true;
    // A card without power says nothing; it comes back with what was committed.
    if (nvm_->lost()) {
      answer_.clear();
      nvm_->restore();
      return power_on();
    }
    return std::nullopt;
  }
  Outcome perform(const dialogue::Expect& expect) {
    if (!unheard_) return "there is no answer to judge";
    unheard_ = false;
    if (dialogue::matches(expect, answer_)) return std::nullopt;
    return "the card answers " + crypto::to_hex(answer_);
  }
  Outcome perform(const dialogue::Reset&) { return power_on(); }
  Outcome perform(const dialogue::PowerCut& cut) {
    if (!nvm_) return "no card: `! card blank|issued` comes first";
    nvm_->cut_at(cut.writes, power::Prefix::half);
    return std::nullopt;
  }

  Outcome power_on() {
    rig_ = nvm_ ? rig::power_on(*nvm_) : nullptr;
    return rig_ ? std::nullopt : Outcome("the card is mute");
  }

  std::unique_ptr<power::RamNvm> memory_;
  std::unique_ptr<power::PowerCutNvm> nvm_;
  std::unique_ptr<rig::Rig> rig_;
  crypto::Bytes answer_;
  bool unheard_ = false;
};

std::optional<Fault> play_file(const char* path) {
  std::ifstream in(path);
  if (!in) return Fault{0, "cannot be read"};
  std::optional<Fault> fault;
  const auto steps = dialogue::parse(in, fault);
  if (!fault && steps.empty()) return Fault{0, "says nothing"};
  return fault ? fault : Player().play(steps);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: dialogue_player FILE...\n");
    return 64;
  }
  int failures = 0;
  for (int i = 1; i < argc; ++i) {
    if (const auto fault = play_file(argv[i])) {
      fmt::print(stderr, "{}:{}: {}\n", argv[i], fault->line, fault->text);
      ++failures;
    }
  }
  return failures == 0 ? 0 : 1;
}
