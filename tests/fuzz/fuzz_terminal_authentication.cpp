// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for a card that guards fingerprints: whatever a terminal sends in a session with a proven chip,
// fingerprints leave the card only after a signature under a chain that grants the right; what the card believes of
// certificates is what their issuers signed; and no day is followed by an earlier one.
#include "card/host/trust_points.hpp"
#include "tests/fuzz/cv_tree.hpp"
#include "tests/power/power_cut_nvm.hpp"
#include "tests/terminal_rig.hpp"

using namespace fuzz;
using layout::FileId;

namespace {

constexpr std::size_t kMemory = 128 * 1024;
constexpr Byte kMark = 0xD5;  // fills the fingerprints
constexpr std::size_t kLeak = 8;
constexpr std::size_t kMaxCommands = 32;

const Bytes& issued_memory() {
  static const Bytes memory = [] {
    power::RamNvm nvm(kMemory);
    require(rig::make_blank(nvm));
    auto what = rig::genuine_content(600);
    what.files[FileId::dg3] = crypto::tlv(layout::file(FileId::dg3).tag, Bytes(200, kMark));
    what.cvca = cv_tree().cvca;
    require(rig::personalize(rig::power_on(nvm)->channel, what));
    return nvm.octets();
  }();
  return memory;
}

// A terminal that remembers what the card took from it.
class Terminal {
public:
  explicit Terminal(rig::Rig& card) : session_(rig::inspect(card.channel)) {
    require(session_.secure != nullptr);
    require(rig::select(session_.channel(), layout::kEmrtdAid) == wire::StatusWord::ok);
  }

  // False when the session is over.
  bool send(const wire::Command& command) {
    const auto answer = session_.channel().transmit(command);
    if (!answer) return false;
    if (answer->ok()) remember(command, answer->data);
    if (!std::ranges::search_n(answer->data, kLeak, kMark).empty()) require(may_read_);
    return true;
  }
  bool send(Byte ins, Byte p1, Byte p2, ByteView data) {
    return data.empty() || send({.ins = ins, .p1 = p1, .p2 = p2, .data = data, .extended = data.size() > 255});
  }
  bool verify(ByteView content) { return send(0x2A, 0x00, 0xBE, content); }
  // The content's body, signed by the last issuer's key.
  bool verify_signed(ByteView content) {
    const Bytes whole = crypto::tlv(0x7F21, content);
    const auto certificate = crypto::parse_cv_certificate(whole);
    return verify(certificate ? rig::content_of(signed_again(*certificate, holders_.back())) : Bytes());
  }
  bool authenticate() {
    if (!send({.ins = 0x84, .le = 8})) return false;
    const auto digest = crypto::terminal_digest(engine(), crypto::HashAlgorithm::sha256,
                                                {session_.chip_id, challenge_, session_.terminal_key});
    return !digest || send(0x82, 0, 0, key_of(Owner::terminal).sign_digest(*digest).value());
  }

private:
  void remember(const wire::Command& command, ByteView answer) {
    if (command.ins == 0x84) challenge_.assign(answer.begin(), answer.end());
    if (command.ins == 0x2A) believe(command.data);
    if (command.ins == 0x82) let_in(command.data);
  }
  // Somebody whom the card trusted already has signed it.
  void believe(ByteView content) {
    const Bytes whole = crypto::tlv(0x7F21, content);
    const auto certificate = crypto::parse_cv_certificate(whole);
    require(certificate.has_value());
    crypto::CvDate long_ago{};  // dates are the card's affair: its own may lie before kToday or behind it
    for (const auto& issuer : holders_)
      if (const auto holder = crypto::accept(engine(), issuer, *certificate, long_ago)) {
        holders_.push_back(*holder);
        return;
      }
    require(false);
  }
  void let_in(ByteView signature) {
    const auto signed_it = [&](const crypto::CvHolder& holder) {
      const auto digest =
          crypto::terminal_digest(engine(), holder.key.hash, {session_.chip_id, challenge_, session_.terminal_key});
      return holder.role == crypto::CvRole::terminal && digest &&
             engine().ecdsa_verify(holder.key.curve, holder.key.point, *digest, signature).has_value();
    };
    require(std::ranges::any_of(holders_, signed_it));
    may_read_ = std::ranges::any_of(
        holders_, [&](const crypto::CvHolder& holder) { return holder.rights.read_fingerprints && signed_it(holder); });
  }

  rig::Inspection session_;
  std::vector<crypto::CvHolder> holders_{cv_anchor()};
  Bytes challenge_;
  bool may_read_ = false;
};

// A step is its kind, the length of its octets in two, and these.
bool play(Terminal& terminal, Byte kind, ByteView octets) {
  switch (kind % 6) {
    case 0: return terminal.send(0x22, 0x81, 0xB6, crypto::tlv(0x83, octets));
    case 1: return terminal.verify(octets);
    case 2: return terminal.verify_signed(octets);
    case 3: return terminal.send(0x22, 0x81, 0xA4, crypto::tlv(0x83, octets));
    case 4: return terminal.authenticate();
    default: {
      const auto command = wire::parse_command(octets);
      return !command || (command->cla & 0x7F) != 0 || terminal.send(*command);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView rest(data, size);
  power::RamNvm nvm(kMemory);
  nvm.octets() = issued_memory();
  const auto card = rig::power_on(nvm);
  require(card != nullptr);
  const auto day = host::current_date(card->store).value();
  {
    Terminal terminal(*card);
    for (std::size_t count = 0; rest.size() >= 3 && count < kMaxCommands; ++count) {
      const std::size_t length = std::min<std::size_t>(crypto::load_be16(rest.subspan<1, 2>()), rest.size() - 3);
      if (!play(terminal, rest[0], rest.subspan(3, length))) break;
      rest = rest.subspan(3 + length);
    }
  }
  require(host::current_date(card->store).value() >= day);
  const auto again = rig::power_on(nvm);
  require(again != nullptr && host::load_trust_point(again->store, host::TrustPoint::newest).has_value());
  return 0;
}
