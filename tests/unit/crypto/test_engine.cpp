// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "crypto/ecdsa_verifier.hpp"
#include "crypto/openssl_engine.hpp"
#include "tests/vectors.hpp"

using namespace crypto;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

std::string cmac(Engine& engine, ByteView key, std::initializer_list<ByteView> parts) {
  std::array<Byte, kAesBlock> tag{};
  REQUIRE(engine.aes_cmac(key, parts, tag).has_value());
  return to_hex(tag);
}

std::string digest(Engine& engine, HashAlgorithm algorithm, std::string_view text) {
  Bytes out(hash_size(algorithm));
  REQUIRE(engine.hash(algorithm, std::array{as_bytes(text)}, out).has_value());
  return to_hex(out);
}

}  // namespace

TEST_CASE("AES-CMAC gives the published tags", "[engine]") {
  OpensslEngine engine;
  const Json::Value vectors = read_vectors("aes_cmac");
  REQUIRE(vectors["rfc4493"].size() == 18);
  REQUIRE(vectors["wycheproof"].size() == 63);
  for (const char* group : {"rfc4493", "wycheproof"}) {
    for (const auto& row : vectors[group]) {
      const Bytes message = octets_at(row[1]);
      CHECK(cmac(engine, octets_at(row[0]), {message}) == row[2].asString());
      const std::size_t cut = message.size() / 3;
      CHECK(cmac(engine, octets_at(row[0]), {ByteView(message).first(cut), {}, ByteView(message).subspan(cut)}) ==
            row[2].asString());
    }
  }
  REQUIRE(vectors["wrong_tag"].size() == 243);
  for (const auto& row : vectors["wrong_tag"])
    CHECK(cmac(engine, octets_at(row[0]), {octets_at(row[1])}) != row[2].asString());
  std::array<Byte, kAesBlock> tag{};
  REQUIRE(vectors["wrong_key_size"].size() == 5);
  for (const auto& row : vectors["wrong_key_size"])
    CHECK(engine.aes_cmac(octets_at(row[0]), {}, tag).error() == CryptoError::bad_length);
  CHECK(engine.aes_cmac(Bytes(16), {}, ByteSpan(tag).first(8)).error() == CryptoError::bad_length);
}

// FIPS 180-4's one-block message.
TEST_CASE("Hashes give the published digests", "[engine]") {
  OpensslEngine engine;
  CHECK(digest(engine, HashAlgorithm::sha1, "abc") == "A9993E364706816ABA3E25717850C26C9CD0D89D");
  CHECK(digest(engine, HashAlgorithm::sha224, "abc") == "23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7");
  CHECK(digest(engine, HashAlgorithm::sha256, "abc") ==
        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");
  CHECK(digest(engine, HashAlgorithm::sha384, "abc") ==
        "CB00753F45A35E8BB5A03D699AC65007272C32AB0EDED1631A8B605A43FF5BED8086072BA1E7CC2358BAECA134C825A7");
  CHECK(digest(engine, HashAlgorithm::sha512, "abc") ==
        "DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A2192992A274FC1A836BA3C23A3FEEBBD"
        "454D4423643CE80E2A9AC94FA54CA49F");
  Bytes whole(32);
  Bytes parts(32);
  REQUIRE(engine.hash(HashAlgorithm::sha256, std::array{as_bytes("abcdef")}, whole).has_value());
  REQUIRE(engine.hash(HashAlgorithm::sha256, std::array{as_bytes("ab"), ByteView{}, as_bytes("cdef")}, parts));
  CHECK(whole == parts);
  CHECK(engine.hash(HashAlgorithm::sha384, {}, whole).error() == CryptoError::bad_length);
}

// NIST SP 800-38A, F.2: CBC-AES128, -192 and -256, first two blocks.
TEST_CASE("AES-CBC gives the published blocks, both ways and in place", "[engine]") {
  OpensslEngine engine;
  const Bytes iv = hex("000102030405060708090A0B0C0D0E0F");
  const Bytes plain = hex("6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51");
  const std::array<std::array<const char*, 2>, 3> cases{{
      {"2B7E151628AED2A6ABF7158809CF4F3C", "7649ABAC8119B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B2"},
      {"8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B",
       "4F021DB243BC633D7178183A9FA071E8B4D9ADA9AD7DEDF4E5E738763F69145A"},
      {"603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4",
       "F58C4C04D6E5F1BA779EABFB5F7BFBD69CFC4E967EDB808D679F777BC6702C7D"},
  }};
  for (const auto& [key, cipher] : cases) {
    Bytes memory = plain;
    REQUIRE(engine.aes_cbc(Direction::encrypt, hex(key), iv, memory, memory).has_value());
    CHECK(to_hex(memory) == cipher);
    Bytes opened(memory.size());
    REQUIRE(engine.aes_cbc(Direction::decrypt, hex(key), iv, memory, opened).has_value());
    CHECK(opened == plain);
    REQUIRE(engine.aes_cbc(Direction::decrypt, hex(key), iv, memory, memory).has_value());
    CHECK(memory == plain);
  }
  CHECK(engine.aes_cbc(Direction::encrypt, Bytes(16), iv, {}, {}).has_value());
}

TEST_CASE("AES-CBC refuses wrong lengths", "[engine]") {
  OpensslEngine engine;
  Bytes out(32);
  const auto encrypt = [&](std::size_t key, std::size_t iv, std::size_t in, std::size_t size) {
    return engine.aes_cbc(Direction::encrypt, Bytes(key), Bytes(iv), Bytes(in), ByteSpan(out).first(size));
  };
  CHECK(encrypt(16, 16, 32, 32).has_value());
  for (const std::size_t key : {0U, 8U, 15U, 17U, 31U, 33U})
    CHECK(encrypt(key, 16, 32, 32).error() == CryptoError::bad_length);
  CHECK(encrypt(16, 15, 32, 32).error() == CryptoError::bad_length);
  CHECK(encrypt(16, 0, 32, 32).error() == CryptoError::bad_length);
  CHECK(encrypt(16, 16, 31, 31).error() == CryptoError::bad_length);
  CHECK(encrypt(16, 16, 16, 32).error() == CryptoError::bad_length);
}

TEST_CASE("Wycheproof's shared points come out, its bad points are refused", "[engine]") {
  OpensslEngine engine;
  const Json::Value vectors = read_vectors("wycheproof_ecdh");
  REQUIRE(vectors["groups"].size() == kCurves.size());
  Json::ArrayIndex shared_points = 0, bad_points = 0;
  for (const auto& group : vectors["groups"]) {
    const auto curve = static_cast<Curve>(group["curve"].asInt());
    CAPTURE(group["curve"].asInt());
    shared_points += group["shared"].size();
    bad_points += group["refused"].size();
    for (const auto& row : group["shared"]) {
      CAPTURE(row[0].asInt());
      const auto shared = engine.ec_multiply(curve, octets_at(row[2]), octets_at(row[1]));
      REQUIRE(shared.has_value());
      REQUIRE(to_hex(shared->view().subspan(1, field_size(curve))) == row[3].asString());
    }
    for (const auto& row : group["refused"]) {
      CAPTURE(row[0].asInt(), row[3].asString());
      const Bytes point = octets_at(row[1]);
      REQUIRE(engine.ec_multiply(curve, octets_at(row[2]), point).error() == CryptoError::bad_point);
      const auto generator = engine.ec_multiply(curve, Bytes{1}, {});
      REQUIRE(engine.ec_add(curve, generator.value(), point).error() == CryptoError::bad_point);
      REQUIRE(engine.ec_add(curve, point, generator.value()).error() == CryptoError::bad_point);
    }
  }
  CHECK(shared_points == 330 + 517 + 641 + 771 + 511 + 632);
  CHECK(bad_points == 24 + 38 + 50 + 18 + 38 + 28);
}

TEST_CASE("The group laws hold on every curve", "[engine]") {
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    CAPTURE(static_cast<int>(curve));
    Secret a;
    Secret b;
    REQUIRE(engine.ec_random_scalar(curve, a).has_value());
    REQUIRE(engine.ec_random_scalar(curve, b).has_value());
    CHECK(a.size() == field_size(curve));
    CHECK_FALSE(constant_time_equal(a, b));
    const Point pa = engine.ec_multiply(curve, a.view(), {}).value();
    const Point pb = engine.ec_multiply(curve, b.view(), {}).value();
    CHECK(pa.size() == point_size(curve));
    CHECK(to_hex(engine.ec_multiply(curve, a.view(), pb).value()) ==
          to_hex(engine.ec_multiply(curve, b.view(), pa).value()));

    const Point g = engine.ec_multiply(curve, Bytes{1}, {}).value();
    const Point g2 = engine.ec_add(curve, g, g).value();
    const Point g3 = engine.ec_add(curve, g2, g).value();
    CHECK(to_hex(g2) == to_hex(engine.ec_multiply(curve, Bytes{2}, {}).value()));
    CHECK(to_hex(g3) == to_hex(engine.ec_multiply(curve, Bytes{3}, g).value()));
  }
}

TEST_CASE("Points at infinity, in other forms or off the curve are refused", "[engine]") {
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    CAPTURE(static_cast<int>(curve));
    const Bytes one{1};
    const std::size_t field = field_size(curve);
    const Point good = engine.ec_multiply(curve, Bytes{5}, {}).value();
    const auto refused = [&](ByteView point) {
      return engine.ec_multiply(curve, one, point).error() == CryptoError::bad_point;
    };
    CHECK(refused(Bytes{0x00}));  // the encoding of infinity
    CHECK(refused(Bytes(point_size(curve), 0x00)));
    CHECK(refused(good.view().first(1 + field)));  // a compressed length with an uncompressed head
    CHECK(refused(good.view().subspan(1)));
    Bytes bad(good.view().begin(), good.view().end());
    for (const Byte form : std::array<Byte, 6>{0x00, 0x02, 0x03, 0x05, 0x06, 0x07}) {
      bad[0] = form;
      CHECK(refused(bad));
    }
    bad[0] = 0x04;
    bad.back() ^= 1;
    CHECK(refused(bad));
    bad.back() ^= 1;
    bad.push_back(0);
    CHECK(refused(bad));
    std::fill(bad.begin() + 1, bad.end(), Byte{0xFF});  // coordinates above p
    bad.pop_back();
    CHECK(refused(bad));

    CHECK(engine.ec_multiply(curve, Bytes(field), {}).error() == CryptoError::bad_point);  // 0 * G
    CHECK(engine.ec_multiply(curve, Bytes(field), good).error() == CryptoError::bad_point);
    CHECK(engine.ec_multiply(curve, Bytes(field + 1, 1), good).error() == CryptoError::bad_length);
    CHECK(engine.ec_multiply(curve, {}, good).error() == CryptoError::bad_length);
  }
}

// SEC 2: the order of secp256r1.
TEST_CASE("Scalars are taken modulo the order; P + (-P) is refused", "[engine]") {
  OpensslEngine engine;
  const std::string head = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC6325";
  const Bytes order = hex(head + "51");
  const Bytes minus_one = hex(head + "50");
  const Bytes plus_two = hex(head + "53");
  const auto times = [&](ByteView scalar, ByteView point) {
    return engine.ec_multiply(Curve::secp256r1, scalar, point);
  };
  const Point g = times(Bytes{1}, {}).value();
  const Point minus_g = times(minus_one, {}).value();
  CHECK(times(order, {}).error() == CryptoError::bad_point);
  CHECK(times(order, g).error() == CryptoError::bad_point);
  CHECK(to_hex(times(plus_two, {}).value()) == to_hex(times(Bytes{2}, {}).value()));
  CHECK(to_hex(times(plus_two, g).value()) == to_hex(times(Bytes{2}, {}).value()));
  CHECK(engine.ec_add(Curve::secp256r1, g, minus_g).error() == CryptoError::bad_point);
  CHECK(to_hex(g.view().subspan(1, 32)) == to_hex(minus_g.view().subspan(1, 32)));
}

TEST_CASE("A quotient times its divisor is the dividend, on every curve", "[engine]") {
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    CAPTURE(static_cast<int>(curve));
    Secret dividend;
    Secret divisor;
    Secret quotient;
    REQUIRE(engine.ec_random_scalar(curve, dividend).has_value());
    REQUIRE(engine.ec_random_scalar(curve, divisor).has_value());
    REQUIRE(engine.ec_quotient(curve, dividend.view(), divisor.view(), quotient).has_value());
    CHECK(quotient.size() == field_size(curve));
    const Point whole = engine.ec_multiply(curve, dividend.view(), {}).value();
    const Point part = engine.ec_multiply(curve, divisor.view(), {}).value();
    CHECK(to_hex(engine.ec_multiply(curve, quotient.view(), part).value()) == to_hex(whole));
    REQUIRE(engine.ec_quotient(curve, divisor.view(), divisor.view(), quotient).has_value());
    Bytes one(field_size(curve));
    one.back() = 1;
    CHECK(to_hex(quotient.view()) == to_hex(one));  // at its full width

    const Bytes zero(field_size(curve));
    const Bytes above(field_size(curve), 0xFF);
    for (const ByteView bad : {ByteView(zero), ByteView(above), ByteView()}) {
      CHECK(engine.ec_quotient(curve, bad, divisor.view(), quotient).error() == CryptoError::bad_scalar);
      CHECK(engine.ec_quotient(curve, divisor.view(), bad, quotient).error() == CryptoError::bad_scalar);
    }
  }
}

TEST_CASE("Wycheproof's good ECDSA signatures hold, its wrong ones do not", "[engine]") {
  OpensslEngine engine;
  const Json::Value vectors = read_vectors("wycheproof_ecdsa");
  Json::ArrayIndex good = 0, wrong = 0;
  for (const auto& group : vectors["groups"]) {
    const auto curve = static_cast<Curve>(group["curve"].asInt());
    const int bits = group["hash"].asInt();
    const auto algorithm = bits == 256   ? HashAlgorithm::sha256
                           : bits == 384 ? HashAlgorithm::sha384
                                         : HashAlgorithm::sha512;
    good += group["good"].size();
    wrong += group["wrong"].size();
    const auto verifier = EcdsaVerifier::make(curve, octets_at(group["key"]));
    REQUIRE(verifier);
    const auto holds = [&](const Json::Value& row) {
      const Bytes message = octets_at(row[1]);
      Bytes value(hash_size(algorithm));
      REQUIRE(engine.hash(algorithm, std::array<ByteView, 1>{message}, value).has_value());
      const auto outcome = engine.ecdsa_verify(curve, octets_at(group["key"]), value, octets_at(row[2]));
      if (!outcome) CHECK(outcome.error() == CryptoError::bad_signature);
      CHECK(verifier->holds(value, octets_at(row[2])) == outcome.has_value());
      return outcome.has_value();
    };
    for (const auto& row : group["good"]) {
      CAPTURE(group["curve"].asInt(), row[0].asInt());
      CHECK(holds(row));
    }
    for (const auto& row : group["wrong"]) {
      CAPTURE(group["curve"].asInt(), row[0].asInt());
      CHECK_FALSE(holds(row));
    }
  }
  CHECK(good == 173 + 175 + 193 + 206 + 251 + 231);
  CHECK(wrong == 89 + 86 + 87 + 86 + 86 + 87);
}

TEST_CASE("ECDSA signs for its own key on every curve, in the plain form", "[engine]") {
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    CAPTURE(static_cast<int>(curve));
    const Bytes value(48, 0x5A);
    Secret scalar;
    REQUIRE(engine.ec_random_scalar(curve, scalar).has_value());
    const Point key = engine.ec_multiply(curve, scalar.view(), {}).value();
    const PlainSignature signature = engine.ecdsa_sign(curve, scalar.view(), value).value();
    CHECK(signature.size() == 2 * field_size(curve));
    CHECK(engine.ecdsa_verify(curve, key, value, signature).has_value());
    CHECK(engine.ecdsa_verify(curve, key, Bytes(48, 0x5B), signature).error() == CryptoError::bad_signature);
    CHECK(engine.ecdsa_verify(curve, key, value, signature.view().subspan(1)).error() == CryptoError::bad_signature);
    CHECK(engine.ecdsa_verify(curve, key, value, {}).error() == CryptoError::bad_signature);
    const Point generator = engine.ec_multiply(curve, Bytes{1}, {}).value();
    CHECK(engine.ecdsa_verify(curve, generator, value, signature).error() == CryptoError::bad_signature);
    Point off_curve = key;
    off_curve.span().back() ^= 1;
    CHECK(engine.ecdsa_verify(curve, off_curve, value, signature).error() == CryptoError::bad_point);
    CHECK(engine.ecdsa_verify(curve, {}, value, signature).error() == CryptoError::bad_point);
    CHECK(engine.ecdsa_sign(curve, Bytes(field_size(curve)), value).error() == CryptoError::bad_scalar);
    CHECK(engine.ecdsa_sign(curve, Bytes(field_size(curve), 0xFF), value).error() == CryptoError::bad_scalar);
  }
}

TEST_CASE("An unknown curve has no operations", "[engine]") {
  OpensslEngine engine;
  constexpr auto kUnknown = static_cast<Curve>(14);
  Secret scalar;
  CHECK(field_size(kUnknown) == 0);
  CHECK(engine.ec_random_scalar(kUnknown, scalar).error() == CryptoError::unsupported);
  CHECK(engine.ec_multiply(kUnknown, Bytes{1}, {}).error() == CryptoError::unsupported);
  CHECK(engine.ec_add(kUnknown, {}, {}).error() == CryptoError::unsupported);
  CHECK(engine.ec_quotient(kUnknown, Bytes{1}, Bytes{1}, scalar).error() == CryptoError::unsupported);
  CHECK(engine.ecdsa_sign(kUnknown, Bytes{1}, Bytes(32)).error() == CryptoError::unsupported);
  CHECK(engine.ecdsa_verify(kUnknown, {}, Bytes(32), {}).error() == CryptoError::unsupported);
}

TEST_CASE("Random octets fill the whole output", "[engine]") {
  OpensslEngine engine;
  Bytes first(64);
  Bytes second(64);
  REQUIRE(engine.random(first).has_value());
  REQUIRE(engine.random(second).has_value());
  CHECK(first != second);
  CHECK(std::ranges::any_of(ByteView(first).last(16), [](Byte b) { return b != 0; }));
  CHECK(engine.random({}).has_value());
}
