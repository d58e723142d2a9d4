// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for the card: whatever stream of commands comes, in plain or inside a session, it answers, its
// memory stays a card's, and without PACE nothing leaves that PACE protects.
#include <cstdlib>

#include "tests/card_rig.hpp"
#include "tests/power/power_cut_nvm.hpp"

using namespace rig;

namespace {

constexpr std::size_t kMemory = 128 * 1024;
constexpr Byte kMark = 0xD5;  // fills everything that PACE protects
constexpr std::size_t kLeak = 8;
constexpr std::size_t kMaxCommands = 64;

void require(bool holds) {
  if (!holds) std::abort();
}

Content marked_content() {
  Content what = genuine_content(600);
  for (auto& [id, octets] : what.files)
    if (id != FileId::card_access) octets = crypto::tlv(layout::file(id).tag, Bytes(octets.size() - 8, kMark));
  what.certificate_record.assign(200, kMark);
  what.status_record.assign(100, kMark);
  return what;
}

const Bytes& blank_memory() {
  static const Bytes memory = [] {
    power::RamNvm nvm(kMemory);
    require(make_blank(nvm));
    return nvm.octets();
  }();
  return memory;
}
const Bytes& issued_memory() {
  static const Bytes memory = [] {
    power::RamNvm nvm(kMemory);
    nvm.octets() = blank_memory();
    require(personalize(power_on(nvm)->channel, marked_content()));
    return nvm.octets();
  }();
  return memory;
}

// What PACE protects; a private key leaves not even then.
bool leaks(ByteView answer) { return !std::ranges::search_n(answer, kLeak, kMark).empty(); }
bool leaks_key(host::ObjectStore& store, ByteView answer) {
  return std::ranges::any_of(host::kChipKeyUses, [&](host::ChipKeyUse use) {
    const auto key = host::load_chip_key(store, use);
    return key && !std::ranges::search(answer, key->scalar.view().first(kLeak)).empty();
  });
}

// The input: commands one after the other, each behind its length in two octets; length 0 is a reset.
class Stream {
public:
  explicit Stream(ByteView input) : rest_(input) {}
  std::optional<ByteView> next() {
    if (rest_.size() < 2 || count_++ == kMaxCommands) return std::nullopt;
    const std::size_t length = std::min<std::size_t>(crypto::load_be16(rest_.first<2>()), rest_.size() - 2);
    const auto apdu = rest_.subspan(2, length);
    rest_ = rest_.subspan(2 + length);
    return apdu;
  }

private:
  ByteView rest_;
  std::size_t count_ = 0;
};

void play_plain(Rig& card, Stream stream) {
  while (const auto apdu = stream.next()) {
    if (apdu->empty()) {
      require(card.card.reset().has_value());
      continue;
    }
    const auto answer = card.channel.exchange(*apdu);
    require(answer.size() >= 2 && answer.size() <= host::Card::kMaxResponse);
    require(!leaks(answer) && !leaks_key(card.store, answer));
  }
}

// Commands that are well protected but else anything: what stands behind a session is fuzzed too.
void play_protected(Rig& card, wire::Channel& session, Stream stream) {
  while (const auto apdu = stream.next()) {
    const auto command = wire::parse_command(*apdu);
    if (!command || (command->cla & 0x7F) != 0) continue;
    wire::Command with_le = *command;
    if (with_le.le == 0) with_le.le = 256;
    const auto answer = session.transmit(with_le);
    if (!answer) return;
    require(!leaks_key(card.store, answer->data));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Byte mode = data[0] % 3;
  const Stream stream(ByteView(data + 1, size - 1));
  power::RamNvm nvm(kMemory);
  nvm.octets() = mode == 2 ? blank_memory() : issued_memory();
  const auto card = power_on(nvm);
  require(card != nullptr);
  if (mode == 0) play_plain(*card, stream);
  if (mode == 1) {
    const auto terminal = open_pace(card->channel);
    require(terminal != nullptr);
    play_protected(*card, terminal->channel(), stream);
  }
  if (mode == 2) {
    const auto gp = open_scp03(card->channel, keys(1));
    require(gp != nullptr);
    play_protected(*card, gp->channel(), stream);
  }
  require(power_on(nvm) != nullptr);
  return 0;
}
