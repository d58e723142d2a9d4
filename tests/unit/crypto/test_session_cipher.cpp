// SPDX-License-Identifier: Apache-2.0
#include "crypto/session_cipher.hpp"

#include <catch2/catch.hpp>

#include "crypto/kdf.hpp"
#include "crypto/openssl_engine.hpp"
#include "tests/vectors.hpp"

using namespace crypto;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

std::string mac(Engine& engine, ByteView key, std::initializer_list<ByteView> parts) {
  return to_hex(retail_mac(engine, key, parts).value());
}

}  // namespace

// NIST SP 800-20, table A.1 (variable plaintext) and ISO/IEC 9797-1's DES keys: both keys equal make single DES.
TEST_CASE("3DES with equal keys is DES, and goes back", "[session_cipher]") {
  OpensslEngine engine;
  const Bytes iv(kDesBlock);
  Bytes out(kDesBlock);
  REQUIRE(engine.triple_des_cbc(Direction::encrypt, Bytes(16, 0x01), iv, hex("8000000000000000"), out));
  CHECK(to_hex(out) == "95F8A5E5DD31D900");
  const Bytes key = hex("0123456789ABCDEFFEDCBA9876543210");
  const Bytes plain = hex("4E6F77206973207468652074696D6520");
  Bytes twice(16);
  REQUIRE(engine.triple_des_cbc(Direction::encrypt, key, iv, plain, twice));
  CHECK(twice != plain);
  REQUIRE(engine.triple_des_cbc(Direction::decrypt, key, iv, twice, twice));  // in place
  CHECK(twice == plain);
}

TEST_CASE("3DES refuses lengths it does not have", "[session_cipher]") {
  OpensslEngine engine;
  Bytes out(16);
  const Bytes iv(kDesBlock);
  for (const std::size_t key : {0, 8, 15, 17, 24, 32})
    CHECK(engine.triple_des_cbc(Direction::encrypt, Bytes(key), iv, Bytes(16), out).error() == CryptoError::bad_length);
  for (const std::size_t wrong : {0, 7, 9, 16})
    CHECK(engine.triple_des_cbc(Direction::encrypt, Bytes(16), Bytes(wrong), Bytes(16), out).error() ==
          CryptoError::bad_length);
  for (const std::size_t size : {0, 8, 15, 17, 24})
    CHECK(engine.triple_des_cbc(Direction::encrypt, Bytes(16), iv, Bytes(size), out).error() ==
          CryptoError::bad_length);
}

// The examples of ISO/IEC 9797-1 (MAC algorithm 3, paddings 1 and 2).
TEST_CASE("The retail MAC gives the published values, however the message is cut", "[session_cipher]") {
  OpensslEngine engine;
  const Bytes key = hex("0123456789ABCDEFFEDCBA9876543210");
  const ByteView message = as_bytes("Now is the time for all ");
  const Bytes padding = hex("8000000000000000");
  CHECK(mac(engine, key, {message}) == "A1C72E74EA3FA9B6");
  CHECK(mac(engine, key, {message, padding}) == "E9086230CA3BE796");
  for (std::size_t cut = 0; cut <= message.size(); ++cut)
    CHECK(mac(engine, key, {message.first(cut), {}, message.subspan(cut)}) == "A1C72E74EA3FA9B6");
}

// The last block is single DES, decrypted and encrypted again: a message of one block is 3DES alone.
TEST_CASE("The retail MAC of long messages is single DES but for its end", "[session_cipher]") {
  OpensslEngine engine;
  const Bytes key = hex("0123456789ABCDEFFEDCBA9876543210");
  const Bytes first_twice = hex("0123456789ABCDEF0123456789ABCDEF");
  for (const std::size_t size : {8, 16, 248, 256, 264, 512, 520, 4096}) {
    Bytes message(size);
    for (std::size_t i = 0; i < size; ++i) message[i] = static_cast<Byte>(i * 7 + size);
    Bytes chained(size);
    REQUIRE(engine.triple_des_cbc(Direction::encrypt, first_twice, Bytes(kDesBlock), message, chained));
    Bytes iv(kDesBlock);
    if (size > kDesBlock) std::copy_n(chained.end() - 16, kDesBlock, iv.begin());
    Bytes expected(kDesBlock);
    REQUIRE(engine.triple_des_cbc(Direction::encrypt, key, iv, ByteView(message).last(kDesBlock), expected));
    CHECK(mac(engine, key, {message}) == to_hex(expected));
    CHECK(mac(engine, key, {ByteView(message).first(3), ByteView(message).subspan(3)}) == to_hex(expected));
  }
}

TEST_CASE("The retail MAC wants whole blocks and its key", "[session_cipher]") {
  OpensslEngine engine;
  const auto error = [&](ByteView key, ByteView message) {
    return retail_mac(engine, key, std::array{message}).error();
  };
  CHECK(error(Bytes(16), {}) == CryptoError::bad_length);
  CHECK(error(Bytes(16), Bytes(7)) == CryptoError::bad_length);
  CHECK(error(Bytes(16), Bytes(257)) == CryptoError::bad_length);
  CHECK(error(Bytes(24), Bytes(8)) == CryptoError::bad_length);
  CHECK(error({}, Bytes(8)) == CryptoError::bad_length);
}

TEST_CASE("A session's MAC is its cipher's", "[session_cipher]") {
  OpensslEngine engine;
  const Bytes key(16, 0x5A);
  const std::array<ByteView, 1> message{as_bytes("two whole blocks")};
  std::array<Byte, kAesBlock> cmac{};
  REQUIRE(engine.aes_cmac(key, message, cmac));
  CHECK(to_hex(session_mac(engine, SmCipher::aes, key, message).value()) == to_hex(ByteView(cmac).first(8)));
  CHECK(session_mac(engine, SmCipher::triple_des, key, message) == retail_mac(engine, key, message));
  CHECK(block_size(SmCipher::aes) == 16);
  CHECK(block_size(SmCipher::triple_des) == 8);
}
