// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for what a card and a terminal are told: whatever the octets are, APDUs and protected messages
// are read inside them, and a command that is read and written again is the same octets.
#include <cstdlib>

#include "card/wire/chaining.hpp"
#include "card/wire/scp03.hpp"
#include "card/wire/secure_messaging.hpp"
#include "crypto/openssl_engine.hpp"

using namespace wire;
using crypto::Byte;
using crypto::Bytes;
using crypto::ByteView;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

crypto::OpensslEngine& engine() {
  static crypto::OpensslEngine only;
  return only;
}

const Bytes kKey(32, 0x5A);

SecureMessaging session() { return {engine(), {crypto::Secret(kKey), crypto::Secret(kKey)}}; }

// The MAC of the first message of session(), so that the objects themselves are reached and not only their MAC.
Bytes with_mac(ByteView header, ByteView objects) {
  Bytes counter(16), padding(16 - objects.size() % 16), mac(16);
  counter[15] = 1;
  padding[0] = 0x80;
  const std::array<ByteView, 4> parts{counter, header, objects, padding};
  require(engine().aes_cmac(kKey, parts, mac).has_value());
  Bytes whole(objects.begin(), objects.end());
  whole.insert(whole.end(), {0x8E, 8});
  whole.insert(whole.end(), mac.begin(), mac.begin() + 8);
  return whole;
}

void read_command(ByteView input) {
  const auto command = parse_command(input);
  if (!command) return;
  Bytes again(encoded_size(*command));
  require(encode(*command, again).has_value() && std::ranges::equal(again, input));

  Bytes memory(64), plain(input.size());
  ChainAssembler chain(memory);
  for (int part = 0; part < 3; ++part) (void)chain.take(*command);

  auto card = session();
  if (const auto opened = card.open(*command, plain)) require(opened->data.size() <= plain.size());
  auto protected_by_us = session();
  const Byte header[16] = {0x0C, command->ins, command->p1, command->p2, 0x80};
  Command forged{.cla = 0x0C, .ins = command->ins, .p1 = command->p1, .p2 = command->p2};
  const Bytes objects = with_mac(header, command->data);
  forged.data = objects;
  const auto opened = protected_by_us.open(forged, plain);
  require(opened.has_value() == protected_by_us.alive());
  if (opened) require(opened->data.size() <= command->data.size() && opened->le <= kMaxExtendedLe);
}

void read_response(ByteView input) {
  (void)parse_initialize_update(input);
  if (input.size() < 2) return;
  const Response naked{input.first(input.size() - 2), status_word(input[input.size() - 2], input[input.size() - 1])};
  Bytes plain(input.size());
  auto terminal = session();
  require(!terminal.open(naked, plain) && !terminal.alive());
  auto protected_by_us = session();
  const Bytes objects = with_mac({}, naked.data);
  const auto opened = protected_by_us.open(Response{objects, naked.sw}, plain);
  require(opened.has_value() == protected_by_us.alive());
  if (opened) require(opened->sw == naked.sw && opened->data.size() <= naked.data.size());
}

void open_channel(ByteView input) {
  const std::size_t mode_size = input.size() % 2 == 0 ? 8 : 16;
  const Scp03Keys keys{1, crypto::Secret(kKey), crypto::Secret(kKey), crypto::Secret(kKey)};
  const Bytes challenge(mode_size);
  Scp03Session card(engine(), static_cast<Scp03Mode>(mode_size));
  require(card.derive(keys, challenge, challenge).has_value());
  card.set_level(kFullSecurity);
  Bytes plain(input.size());
  require(!card.unwrap_command({.cla = 0x84, .ins = 0xE2, .data = input}, plain) && !card.alive());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  read_command(input);
  read_response(input);
  open_channel(input);
  return 0;
}
