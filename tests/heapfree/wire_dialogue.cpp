// SPDX-License-Identifier: Apache-2.0
// Owns a whole conversation without a heap: PACE with its three mappings, chip authentication, BAC, then chained secure
// messaging, then SCP03, both ends of each.
#include "card/wire/chaining.hpp"
#include "card/wire/scp03.hpp"
#include "card/wire/secure_messaging.hpp"
#include "crypto/bac.hpp"
#include "crypto/chip_authentication.hpp"
#include "crypto/openssl_engine.hpp"
#include "heap_guard.hpp"

using namespace crypto;
using heapfree::require;
using wire::Command;
using wire::LinkError;
using wire::Response;
using wire::StatusWord;

namespace {

constexpr std::size_t kMemory = 4096;
using Memory = std::array<Byte, kMemory>;

template <class Answer>
auto must(Answer answer, const char* step) {
  require(answer.has_value(), step);
  return *std::move(answer);
}

Result<Response, LinkError> response_from(ByteView apdu) {
  const auto response = wire::parse_response(apdu);
  if (!response) return unexpected(LinkError::bad_response);
  return *response;
}

// A card that opens secure messaging and sends back what it was sent, over short APDUs.
class EchoCard final : public wire::Channel {
public:
  EchoCard(Engine& engine, SessionKeys keys) : session_(engine, std::move(keys)) {}

  Result<Response, LinkError> transmit(const Command& command) override {
    const ByteView apdu = must(wire::encode(command, link_memory_), "encode");
    const Command received = must(wire::parse_command(apdu), "parse");
    if (responses_.pending()) return part(must(responses_.next(received.le, out_memory_), "GET RESPONSE"));
    const auto whole = must(chain_.take(received), "chain");
    if (!whole) return Response{{}, StatusWord::ok};
    const Command plain = must(session_.open(*whole, plain_memory_), "open command");
    const ByteView answer = must(session_.protect(plain.data, StatusWord::ok, false, answer_memory_), "protect");
    return part(responses_.begin(ByteSpan(answer_memory_).first(answer.size()), whole->le, out_memory_));
  }

private:
  Result<Response, LinkError> part(std::size_t size) { return response_from(ByteView(out_memory_).first(size)); }

  wire::SecureMessaging session_;
  Memory link_memory_{}, chain_memory_{}, plain_memory_{}, answer_memory_{}, out_memory_{};
  wire::ChainAssembler chain_{chain_memory_};
  wire::ResponseQueue responses_;
};

// A security domain that opens SCP03 and sends back what it was sent.
class EchoSecurityDomain final : public wire::Channel {
public:
  EchoSecurityDomain(Engine& engine, wire::Scp03Keys keys)
      : session_(engine, wire::Scp03Mode::s16), keys_(std::move(keys)) {}

  Result<Response, LinkError> transmit(const Command& command) override {
    wire::Reply reply(answer_memory_);
    const StatusWord sw = command.ins == 0x50 ? initialize(command, reply) : execute(command, reply);
    return response_from(reply.finish(sw));
  }

private:
  StatusWord initialize(const Command& command, wire::Reply& reply) {
    constexpr std::array<Byte, 13> kHead{0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 0x61};
    constexpr std::array<Byte, 16> kChallenge{0xC0};
    std::array<Byte, 16> cryptogram{};
    require(session_.derive(keys_, command.data, kChallenge).has_value(), "derive");
    require(session_.card_cryptogram(cryptogram).has_value(), "card cryptogram");
    require(reply.append(kHead) && reply.append(kChallenge) && reply.append(cryptogram), "INITIALIZE UPDATE");
    session_.set_level(wire::kCMac);
    return StatusWord::ok;
  }

  StatusWord execute(const Command& command, wire::Reply& reply) {
    const Command plain = must(session_.unwrap_command(command, plain_memory_), "unwrap command");
    if (command.ins == 0x82) {
      std::array<Byte, 16> expected{};
      require(session_.host_cryptogram(expected).has_value(), "host cryptogram");
      require(constant_time_equal(expected, plain.data), "EXTERNAL AUTHENTICATE");
      session_.set_level(plain.p1);
      return StatusWord::ok;
    }
    require(reply.append(plain.data), "echo");
    require(session_.wrap_response(reply, StatusWord::ok).has_value(), "wrap response");
    return StatusWord::ok;
  }

  wire::Scp03Session session_;
  wire::Scp03Keys keys_;
  Memory plain_memory_{}, answer_memory_{};
};

struct BothKeys {
  SessionKeys terminal;
  SessionKeys chip;
};

struct StaticKey {
  StaticKey(Engine& engine, Curve curve) {
    require(engine.ec_random_scalar(curve, secret).has_value(), "static key");
    open = must(engine.ec_multiply(curve, secret.view(), {}), "static key");
  }
  Secret secret;
  Point open;
};

BothKeys pace(Engine& engine, PaceParameters parameters, const StaticKey& chip_key) {
  Secret password;
  Secret key;
  require(can_password("123456", password).has_value(), "CAN");
  require(password_key(engine, password, parameters.key, key).has_value(), "password key");
  PaceChip chip(engine, parameters);
  PaceTerminal terminal(engine, parameters);
  chip.set_chip_key(chip_key.secret);
  const auto nonce = must(chip.encrypt_nonce(key), "nonce");
  const Point terminal_mapping = must(terminal.decrypt_nonce(key, nonce), "terminal's mapping key");
  const Point chip_mapping = must(chip.map(terminal_mapping), "chip's mapping key");
  const Point terminal_ephemeral = must(terminal.map(chip_mapping), "terminal's ephemeral key");
  const Point chip_ephemeral = must(chip.agree(terminal_ephemeral), "chip's ephemeral key");
  const Token terminal_token = must(terminal.agree(chip_ephemeral), "terminal's token");
  const Token chip_token = must(chip.finish(terminal_token), "chip's token");
  BothKeys keys{must(terminal.finish(chip_token), "terminal's keys"), {}};
  if (parameters.mapping == Mapping::chip_authentication) {
    const auto data = must(chip.chip_authentication_data(), "chip data");
    const ChipMapping mapping = must(terminal.open_chip_authentication(data), "chip data");
    require(check_chip_mapping(engine, mapping, chip_key.open).has_value(), "chip data fit");
  }
  keys.chip = must(chip.take_keys(), "chip's keys");
  return keys;
}

BothKeys basic_access(Engine& engine) {
  Secret password;
  require(mrz_password(engine, "L898902C<369080619406236", password).has_value(), "MRZ");
  BacChip chip(engine);
  BacTerminal terminal(engine);
  const auto challenge = must(chip.challenge(), "challenge");
  const auto sent = must(terminal.authenticate(password, challenge), "terminal's cryptogram");
  const auto answer = must(chip.answer(password, sent), "chip's cryptogram");
  return {must(terminal.finish(answer), "terminal's keys"), must(chip.take_keys(), "chip's keys")};
}

BothKeys chip_authentication(Engine& engine, PaceParameters parameters, const StaticKey& chip_key) {
  ChipAuthenticationTerminal terminal(engine, parameters.curve, parameters.key, parameters.cipher);
  const Point ephemeral = must(terminal.start(chip_key.open), "terminal's ephemeral key");
  auto chip_keys = chip_agree(engine, parameters.curve, parameters.key, chip_key.secret, ephemeral, parameters.cipher);
  return {must(terminal.finish(), "terminal's keys"), must(std::move(chip_keys), "chip's keys")};
}

// As a chip answers in Active Authentication and hears a terminal.
void signatures(Engine& engine, Curve curve, const StaticKey& key) {
  constexpr std::array<Byte, 32> kDigest{0x5A};
  const auto signature = must(engine.ecdsa_sign(curve, key.secret.view(), kDigest), "sign");
  require(engine.ecdsa_verify(curve, key.open, kDigest, signature).has_value(), "verify");
}

void echo(wire::Channel& channel, Byte cla, std::size_t size) {
  std::array<Byte, 600> data{};
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<Byte>(i);
  const ByteView sent = ByteView(data).first(size);
  const Response response =
      must(channel.transmit({.cla = cla, .ins = 0xE2, .data = sent, .le = wire::kMaxShortLe}), "echo");
  require(response.ok() && std::ranges::equal(response.data, sent), "echo comes back");
}

void secure_messaging(Engine& engine, BothKeys keys) {
  Memory collecting{};
  Memory command_memory{};
  Memory response_memory{};
  EchoCard card(engine, std::move(keys.chip));
  wire::Chaining chaining(card, wire::ApduLimits{}, collecting);
  wire::SecureChannel channel(chaining, wire::SecureMessaging(engine, std::move(keys.terminal)), command_memory,
                              response_memory);
  for (const std::size_t size : {1U, 16U, 200U, 600U}) echo(channel, 0x00, size);  // 600: chain and GET RESPONSE
}

void scp03(Engine& engine) {
  const auto key = [](Byte fill) {
    std::array<Byte, 32> octets{};
    octets.fill(fill);
    return Secret(octets);
  };
  const wire::Scp03Keys keys{1, key(0x40), key(0x41), key(0x42)};
  Memory command_memory{};
  Memory response_memory{};
  std::array<Byte, 16> challenge{};
  require(engine.random(challenge).has_value(), "random");
  EchoSecurityDomain domain(engine, keys.clone());
  const auto answer = must(wire::initialize_update(domain, 1, challenge), "INITIALIZE UPDATE");
  wire::Scp03Channel channel(
      domain, must(wire::external_authenticate(engine, domain, keys, challenge, answer, wire::kFullSecurity), "SCP03"),
      command_memory, response_memory);
  for (const std::size_t size : {1U, 16U, 200U}) echo(channel, 0x80, size);
}

void dialogue() {
  OpensslEngine engine;  // made before the guard: its handles are the machine's, a card has its own
  const heapfree::HeapGuard guard;
  for (const AesKey key : {AesKey::aes128, AesKey::aes192, AesKey::aes256})
    for (const Curve curve : kCurves) {
      const StaticKey chip_key(engine, curve);
      for (const Mapping mapping : {Mapping::generic, Mapping::integrated, Mapping::chip_authentication})
        secure_messaging(engine, pace(engine, {curve, key, mapping}, chip_key));
      secure_messaging(engine, chip_authentication(engine, {curve, key}, chip_key));
      signatures(engine, curve, chip_key);
    }
  const StaticKey chip_key(engine, Curve::secp256r1);
  const PaceParameters old{Curve::secp256r1, AesKey::aes128, Mapping::generic, SmCipher::triple_des};
  secure_messaging(engine, pace(engine, old, chip_key));
  secure_messaging(engine, chip_authentication(engine, old, chip_key));
  secure_messaging(engine, basic_access(engine));
  scp03(engine);
}

}  // namespace

int main(int count, char** arguments) { return heapfree::run(count, arguments, dialogue); }
