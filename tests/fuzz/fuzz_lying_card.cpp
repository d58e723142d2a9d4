// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for the reader: a chip that is honest but for the lies that the input tells it, before and
// behind secure messaging. No lie keeps the reader busy without end, and none but the truth is VALID.
#include "reader/report/report.hpp"
#include "tests/fuzz/genuine.hpp"

using namespace fuzz;
using simulator::Answer;
using simulator::Deviation;
using simulator::Layer;
using simulator::Step;

namespace {

constexpr std::size_t kMaxLies = 8;
constexpr std::uint32_t kMaxExchanges = 1024;  // of one session (reader/inspect/session.cpp)
constexpr auto kSteps = static_cast<Byte>(Step::other);

class Input {
public:
  explicit Input(ByteView octets) : rest_(octets) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  Byte octet() { return rest_.empty() ? Byte{0} : take(1)[0]; }
  Bytes octets(std::size_t count) {
    const auto taken = take(std::min(count, rest_.size()));
    return {taken.begin(), taken.end()};
  }

private:
  ByteView take(std::size_t count) {
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  ByteView rest_;
};

// What is done to an answer.
void lie(Answer& answer, Byte kind, std::size_t place, const Bytes& octets) {
  auto& data = answer.data;
  const auto at = data.begin() + static_cast<std::ptrdiff_t>(std::min(place, data.size()));
  switch (kind % 6) {
    case 0: data = octets; break;
    case 1: data.insert(at, octets.begin(), octets.end()); break;
    case 2: data.erase(at, data.end()); break;
    case 3:
      for (std::size_t i = 0; i < octets.size() && place + i < data.size(); ++i) data[place + i] ^= octets[i];
      break;
    case 4: data.insert(data.end(), octets.begin(), octets.end()); break;
    default:
      if (octets.size() == 2) answer.sw = wire::status_word(octets[0], octets[1]);
  }
}

// Step; occurrence and layer; kind; place in two octets; how many octets, and these.
Deviation next_lie(Input& input) {
  const auto step = static_cast<Step>(input.octet() % kSteps);
  const Byte when = input.octet();
  const Byte kind = input.octet();
  const auto place = static_cast<std::size_t>(input.octet() << 8 | input.octet());
  const auto octets = input.octets(input.octet());
  return {step, [=](const wire::Command&, Answer& answer) { lie(answer, kind, place, octets); },
          (when & 0x80) != 0 ? Layer::wire : Layer::plain, when & 0x0FU};
}

std::string judged(const reader::Evidence& evidence) {
  return reader::to_json(reader::verify(evidence, trust(), {}, kNow), nullptr);
}

// The verdict on the honest chip.
const reader::Verdict& truth(Proof proof, bool as_terminal) {
  static const auto all = [] {
    std::array<std::array<reader::Verdict, 2>, 3> out;
    for (const auto one : {Proof::mapping, Proof::agreement, Proof::answers})
      for (const bool terminal : {false, true}) {
        simulator::ChipSimulator chip(honest_chip(genuine(one)));
        auto& verdict = out[static_cast<std::size_t>(one)][terminal];
        verdict = reader::verify(read(chip, terminal), trust(), {}, kNow);
        require(verdict.outcome == reader::Outcome::valid);
      }
    return out;
  }();
  return all[static_cast<std::size_t>(proof)][as_terminal];
}

// A chip may keep its fingerprints for itself; else VALID is said of the truth alone.
void check_verdict(reader::Verdict found, Proof proof, bool as_terminal) {
  if (found.outcome != reader::Outcome::valid) return;
  const bool unread = std::erase_if(found.findings, [](const reader::Finding& finding) {
                        return finding.reason == reader::Reason::fingers_unread;
                      }) != 0;
  auto expected = truth(proof, as_terminal && !unread);
  if (unread)
    for (auto* verdict : {&found, &expected})
      std::erase_if(verdict->checks, [](const reader::CheckResult& result) {
        return result.check == reader::Check::terminal_authentication;
      });
  std::erase_if(expected.findings,
                [](const reader::Finding& finding) { return finding.reason == reader::Reason::fingers_unread; });
  require(reader::to_json(found, nullptr) == reader::to_json(expected, nullptr));
}

// A terminal obeys control characters, those of ISO/IEC 6429's second set too (in UTF-8: C2 80 to C2 9F).
void check_text(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    require((c >= 0x20 && c != 0x7F) || c == '\n');
    require(c != 0xC2 || i + 1 == text.size() || static_cast<unsigned char>(text[i + 1]) >= 0xA0);
  }
}

void check_evidence(const reader::Evidence& evidence) {
  const std::string saved = reader::to_json(evidence, {.fingerprints = true});
  const auto loaded = reader::evidence_from_json(saved);
  require(loaded && reader::to_json(*loaded, {.fingerprints = true}) == saved);
  require(judged(*loaded) == judged(evidence));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(ByteView(data, size));
  const Byte mode = input.octet();
  const auto proof = static_cast<Proof>(mode % kProofs.size());
  const bool as_terminal = (mode & 0x80) != 0;
  auto profile = honest_chip(genuine(proof));
  const Byte faults = input.octet();
  for (Byte fault = 0; fault <= static_cast<Byte>(simulator::Fault::trusts_everybody); ++fault)
    if ((faults >> fault & 1) != 0) profile.faults.insert(static_cast<simulator::Fault>(fault));
  profile.short_apdus = (faults & 0x80) != 0;
  while (!input.at_end() && profile.deviations.size() < kMaxLies) profile.deviations.push_back(next_lie(input));

  simulator::ChipSimulator chip(std::move(profile));
  const auto evidence =
      read(chip, as_terminal, (mode & 0x40) != 0 ? wire::ApduLimits{} : wire::ApduLimits{65544, 65538});
  require(evidence.traffic.apdus <= kMaxExchanges);
  check_evidence(evidence);
  const auto verdict = reader::verify(evidence, trust(), {}, kNow);
  check_verdict(verdict, proof, as_terminal);
  check_text(reader::to_text(verdict, &evidence.traffic, {}));
  return 0;
}
