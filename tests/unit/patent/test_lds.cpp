// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "card/patent/data_groups.hpp"
#include "card/patent/der_integer.hpp"
#include "random_patent.hpp"
#include "vectors.hpp"

using namespace patent;
using crypto::AesKey;
using crypto::Curve;
using crypto::HashAlgorithm;

TEST_CASE("EF.COM is read and written as ICAO's examples have it") {
  const auto rows = vectors("lds.json")["com"];
  REQUIRE(rows.size() == 2);
  for (const auto& row : rows) {
    const Bytes file = hex(row["hex"].asString());
    const auto com = decode_com(file);
    REQUIRE(com);
    CHECK(com->lds_version == row["lds"].asString());
    CHECK(com->unicode_version == row["unicode"].asString());
    CHECK(com->tags == hex(row["tags"].asString()));
    CHECK(encode_com(*com) == file);
  }
}

TEST_CASE("a malformed EF.COM is refused") {
  CHECK(decode_com(hex("60165F0104303130375F36063034303030305C046175766CFF")).error() == DecodeError::trailing_data);
  CHECK(decode_com(hex("60155F0103303130")).error() == DecodeError::malformed_tlv);
  CHECK(decode_com(hex("60125F0104303130375F36063034303030305C00")).error() == DecodeError::bad_value);
  CHECK(decode_com(hex("60155F01033031375F36063034303030305C046175766C")).error() == DecodeError::bad_value);
  CHECK(decode_com(hex("60165F0104304130375F36063034303030305C046175766C")).error() == DecodeError::bad_value);
  CHECK(decode_com(hex("61165F0104303130375F36063034303030305C046175766C")).error() == DecodeError::missing_object);
  Com many;
  many.tags.assign(17, 0x61);
  CHECK(decode_com(encode_com(many)).error() == DecodeError::bad_value);
}

namespace {

LdsSecurityObject security_object(HashAlgorithm hash, int version) {
  LdsSecurityObject object;
  object.version = version;
  object.hash = hash;
  for (const auto number : std::initializer_list<std::uint8_t>{1, 2, 11, 16})
    object.hashes.push_back({number, Bytes(crypto::hash_size(hash), number)});
  return object;
}

}  // namespace

TEST_CASE("the LDS security object comes back in both versions and with every digest") {
  for (const auto hash : {HashAlgorithm::sha1, HashAlgorithm::sha224, HashAlgorithm::sha256, HashAlgorithm::sha384,
                          HashAlgorithm::sha512})
    for (const int version : {0, 1}) {
      const auto object = security_object(hash, version);
      const auto read = decode_lds_security_object(encode_lds_security_object(object));
      REQUIRE(read);
      CHECK(*read == object);
    }
}

TEST_CASE("the LDS security object has the DER that Doc 9303-10 prescribes") {
  LdsSecurityObject object = security_object(HashAlgorithm::sha1, 1);
  object.hashes.resize(2);
  const std::string one(40, '0'), hash1 = "0101010101010101010101010101010101010101",
                                  hash2 = "0202020202020202020202020202020202020202";
  CHECK(crypto::to_hex(encode_lds_security_object(object)) ==
        "3054020101300706052B0E03021A3036"
        "30190201010414" +
            hash1 + "30190201020414" + hash2 + "300E1304303130381306303430303030");
  object.version = 0;
  // With the NULL that older signers write behind the digest's name.
  const Bytes with_null = hex("3046020100300906052B0E03021A0500303630190201010414" + hash1 + "30190201020414" + hash2);
  CHECK(*decode_lds_security_object(with_null) == object);
}

TEST_CASE("a malformed LDS security object is refused") {
  const auto error = [](const LdsSecurityObject& object) {
    const auto read = decode_lds_security_object(encode_lds_security_object(object));
    REQUIRE_FALSE(read);
    return read.error();
  };
  const auto good = security_object(HashAlgorithm::sha256, 1);
  auto bad = good;
  bad.version = 2;
  CHECK(error(bad) == DecodeError::unsupported_version);
  bad = good;
  bad.hashes[1].number = 1;  // twice the same group
  CHECK(error(bad) == DecodeError::bad_value);
  bad.hashes[1].number = 0;
  CHECK(error(bad) == DecodeError::bad_value);
  bad.hashes[1].number = 17;
  CHECK(error(bad) == DecodeError::bad_value);
  bad = good;
  bad.hashes[0].hash.pop_back();
  CHECK(error(bad) == DecodeError::bad_value);
  bad = good;
  bad.hashes.resize(1);
  CHECK(error(bad) == DecodeError::bad_value);
  bad = good;
  bad.lds_version = "18";
  CHECK(error(bad) == DecodeError::bad_value);

  Bytes unknown_digest = encode_lds_security_object(good);
  unknown_digest[17] = 0x7F;
  CHECK_FALSE(decode_lds_security_object(unknown_digest));
  Bytes longer = encode_lds_security_object(good);
  longer.push_back(0);
  CHECK_FALSE(decode_lds_security_object(longer));
  // Version 0 with the version information of version 1 behind it.
  Bytes mixed = encode_lds_security_object(good);
  REQUIRE(crypto::to_hex(mixed).substr(6, 6) == "020101");
  mixed[5] = 0;
  CHECK(decode_lds_security_object(mixed).error() == DecodeError::trailing_data);
}

TEST_CASE("EF.SOD and DG14 are templates around their content") {
  const Bytes content = hex("3003020101");
  CHECK(crypto::to_hex(wrap_sod(content)) == "77053003020101");
  CHECK(std::ranges::equal(*unwrap_sod(wrap_sod(content)), content));
  CHECK(unwrap_sod(hex("76053003020101")).error() == DecodeError::missing_object);
  CHECK(crypto::to_hex(encode_dg14(content)) == "6E053003020101");
  CHECK(std::ranges::equal(*decode_dg14(encode_dg14(content)), content));
  CHECK(decode_dg14(hex("6E0530030201")).error() == DecodeError::malformed_tlv);
  CHECK(unwrap_sod(Bytes(40000, 0x77)).error() == DecodeError::too_long);
}

namespace {

void check_chip_authentication(const SecurityInfos& infos, const Json::Value& expected) {
  REQUIRE(infos.chip_authentication.size() == expected.size());
  for (Json::ArrayIndex i = 0; i < expected.size(); ++i) {
    const auto& info = infos.chip_authentication[i];
    CHECK(info.protocol_oid == hex(expected[i][0].asString()));
    CHECK(info.version == expected[i][1].asInt());
    CHECK(info.key_id.has_value() == !expected[i][2].isNull());
    if (info.key_id) CHECK(*info.key_id == expected[i][2].asInt());
  }
}

// [version] or [version, FID, SFI]
void check_terminal_authentication(const SecurityInfos& infos, const Json::Value& expected) {
  REQUIRE(infos.terminal_authentication.size() == (expected.isNull() ? 0 : 1));
  if (expected.isNull()) return;
  const auto& info = infos.terminal_authentication[0];
  CHECK(info.version == expected[0].asInt());
  REQUIRE(info.cvca.has_value() == (expected.size() == 3));
  if (!info.cvca) return;
  CHECK(info.cvca->fid == expected[1].asUInt());
  CHECK(info.cvca->sfi == expected[2].asUInt());
}

}  // namespace

TEST_CASE("EF.CardAccess of real cards is read") {
  const auto rows = vectors("lds.json")["card_access"];
  REQUIRE(rows.size() == 6);
  for (const auto& row : rows) {
    INFO(row["where"].asString());
    const Bytes file = hex(row["hex"].asString());
    const auto infos = decode_security_infos(file);
    REQUIRE(infos);
    CHECK(infos->others == row["others"].asUInt());
    check_chip_authentication(*infos, row["chip"]);
    check_terminal_authentication(*infos, row["terminal"]);
    REQUIRE(infos->pace.size() == row["pace"].size());
    for (Json::ArrayIndex i = 0; i < row["pace"].size(); ++i) {
      const auto& expected = row["pace"][i];
      CHECK(infos->pace[i].protocol_oid == hex(expected[0].asString()));
      CHECK(infos->pace[i].version == expected[1].asInt());
      CHECK(infos->pace[i].parameter_id.has_value() == !expected[2].isNull());
      if (!expected[2].isNull()) CHECK(infos->pace[i].parameter_id == expected[2].asInt());
    }
    if (!row["behind"].asString().empty())
      CHECK(decode_security_infos(hex(row["hex"].asString() + row["behind"].asString())).error() ==
            DecodeError::trailing_data);
  }
}

TEST_CASE("the chip's key in a real EF.CardSecurity is found, and written as it stands there") {
  const auto row = vectors("lds.json")["card_security"];
  const auto infos = decode_security_infos(hex(row["hex"].asString()));
  REQUIRE(infos);
  CHECK(infos->others == row["others"].asUInt());
  check_chip_authentication(*infos, row["chip"]);
  check_terminal_authentication(*infos, row["terminal"]);
  REQUIRE(infos->chip_keys.size() == 1);
  const auto& info = infos->chip_keys[0];
  CHECK(info.protocol_oid == hex(row["key"][0].asString()));
  CHECK(info.key_id == row["key"][3].asInt());
  const auto key = supported(info);
  REQUIRE(key);
  CHECK(static_cast<int>(key->curve) == row["key"][1].asInt());
  CHECK(std::ranges::equal(key->point.view(), hex(row["key"][2].asString())));
  CHECK(chip_key_info(*key).public_key == info.public_key);
}

TEST_CASE("All infos are read as they were written, in any order") {
  for (const auto curve : crypto::kCurves) {
    ChipPublicKey key{curve, {}};
    REQUIRE(key.point.append(Bytes(crypto::point_size(curve), 0x04)));
    SecurityInfos infos;
    infos.pace = {pace_info({curve, AesKey::aes192}), pace_info({curve, AesKey::aes192, crypto::Mapping::integrated})};
    infos.chip_authentication = {chip_authentication_info(AesKey::aes128), {hex("04007F00070202030204"), 2, 200}};
    infos.chip_keys = {chip_key_info(key)};
    infos.active_authentication = {{1, hex("04007F00070101040103")}};
    infos.terminal_authentication = {{1, {}}, {1, {{0x011C, {}}}}, {1, {{0x011C, std::uint8_t{0x1C}}}}};
    const auto again = decode_security_infos(encode_security_infos(infos));
    REQUIRE(again);
    CHECK(again->pace == infos.pace);
    CHECK(again->chip_authentication == infos.chip_authentication);
    CHECK(again->chip_keys == infos.chip_keys);
    CHECK(again->active_authentication == infos.active_authentication);
    CHECK(again->terminal_authentication == infos.terminal_authentication);
    CHECK(again->others == 0);
    CHECK(supported(again->chip_authentication[0]) == AesKey::aes128);
    CHECK_FALSE(supported(again->chip_authentication[1]));  // version 2
    CHECK(supported(again->chip_keys[0]) == key);
    std::ranges::reverse(infos.pace);
    std::ranges::reverse(infos.chip_authentication);
    CHECK(encode_security_infos(infos) == encode_security_infos(*again));
  }
}

TEST_CASE("PACE under 3DES is read where old documents offer it") {
  for (const auto curve : crypto::kCurves) {
    const crypto::PaceParameters old{curve, AesKey::aes128, crypto::Mapping::generic, crypto::SmCipher::triple_des};
    CHECK(supported(pace_info(old)) == old);
  }
}

TEST_CASE("A chip's key in another form is not called supported") {
  ChipPublicKey key{Curve::secp256r1, {}};
  REQUIRE(key.point.append(Bytes(65, 0x04)));
  const auto good = chip_key_info(key);
  REQUIRE(supported(good));
  for (std::size_t i = 0; i < good.public_key.size() - 65; ++i) {
    auto bad = good;
    bad.public_key[i] ^= 0x01;
    const auto other = supported(bad);  // 12 ^ 1 is another curve of this size
    CHECK((!other || other->curve == Curve::brainpoolP256r1));
  }
  auto dh = good;
  dh.protocol_oid.back() = 1;
  CHECK_FALSE(supported(dh));
  auto cut = good;
  cut.public_key.pop_back();
  CHECK_FALSE(supported(cut));
  CHECK_FALSE(supported(ChipAuthenticationPublicKeyInfo{}));
  CHECK_FALSE(supported(ChipAuthenticationInfo{hex("04007F00070202030201"), 1, {}}));  // 3DES
  CHECK_FALSE(supported(ChipAuthenticationInfo{hex("04007F00070202030102"), 1, {}}));  // DH
}

TEST_CASE("DG15 is tag 6F around a key") {
  const Bytes content = hex("3003020101");
  CHECK(crypto::to_hex(encode_dg15(content)) == "6F053003020101");
  CHECK(std::ranges::equal(*decode_dg15(encode_dg15(content)), content));
  CHECK(decode_dg15(hex("6E053003020101")).error() == DecodeError::missing_object);
}

TEST_CASE("SecurityInfos are written in DER order and their PACE parameters are understood") {
  const Bytes one = encode_security_infos({{Curve::brainpoolP256r1, AesKey::aes128}});
  CHECK(crypto::to_hex(one) == "31143012060A04007F0007020204020202010202010D");
  const Bytes two = encode_security_infos({{Curve::secp384r1, AesKey::aes256}, {Curve::secp256r1, AesKey::aes128}});
  CHECK(two == encode_security_infos({{Curve::secp256r1, AesKey::aes128}, {Curve::secp384r1, AesKey::aes256}}));
  for (const auto curve : crypto::kCurves)
    for (const auto key : {AesKey::aes128, AesKey::aes192, AesKey::aes256}) {
      const auto infos = decode_security_infos(encode_security_infos({{curve, key}}));
      REQUIRE(infos);
      REQUIRE(infos->pace.size() == 1);
      CHECK(supported(infos->pace[0]) == crypto::PaceParameters{curve, key});
    }
}

TEST_CASE("PACE in a form that this software does not speak is not called supported") {
  const auto first = [](const std::string& text) { return decode_security_infos(hex(text))->pace.at(0); };
  CHECK(supported(first("31143012060A04007F0007020204020202010202010D")));
  CHECK_FALSE(supported(first("31143012060A04007F0007020204020202010102010D")));  // version 1
  CHECK_FALSE(supported(first("3111300F060A04007F00070202040202020102")));        // no parameter
  CHECK_FALSE(supported(first("31143012060A04007F0007020204020202010202010B")));  // secp224r1
  CHECK_FALSE(supported(first("31143012060A04007F0007020204040102010202010D")));  // 3DES, integrated mapping
  CHECK(supported(first("31143012060A04007F0007020204020102010202010D"))->cipher == crypto::SmCipher::triple_des);
  CHECK(supported(first("31143012060A04007F0007020204040202010202010D"))->mapping == crypto::Mapping::integrated);
  CHECK_FALSE(supported(first("31143012060A04007F00070202040102020102020100")));  // DH
}

TEST_CASE("Terminal authentication has the octets of TR-03110-3, A.1.1.3, with a file or without") {
  SecurityInfos infos;
  infos.terminal_authentication = {{}};
  CHECK(crypto::to_hex(encode_security_infos(infos)) == "310F300D060804007F0007020202020101");
  infos.terminal_authentication = {{1, {{0x011C, std::uint8_t{0x1C}}}}};
  CHECK(crypto::to_hex(encode_security_infos(infos)) ==
        "31183016060804007F0007020202020101"
        "30070402011C04011C");
  const auto error = [](const std::string& file) {
    const auto info = "060804007F0007020202020101" + file;
    return decode_security_infos(crypto::tlv(0x31, crypto::tlv(0x30, hex(info)))).error();
  };
  CHECK(error("3003040201") == DecodeError::malformed_tlv);
  CHECK(error("300304011C") == DecodeError::bad_value);
  CHECK(error("30070402011C040100") == DecodeError::bad_value);
  CHECK(error("30070402011C04011F") == DecodeError::bad_value);
  CHECK(error("30080402011C04021C1C") == DecodeError::bad_value);
  CHECK(error("30090402011C04011C0500") == DecodeError::trailing_data);
  CHECK(error("30040402011C0500") == DecodeError::trailing_data);
  CHECK(error("0500") == DecodeError::trailing_data);
}

TEST_CASE("malformed SecurityInfos are refused") {
  CHECK(decode_security_infos(hex("3000")).error() == DecodeError::missing_object);
  CHECK(decode_security_infos(hex("31020500")).error() == DecodeError::missing_object);
  CHECK(decode_security_infos(hex("31023000")).error() == DecodeError::malformed_tlv);
  CHECK(decode_security_infos(hex("310E300C060A04007F00070202040202")).error() == DecodeError::malformed_tlv);
  CHECK(decode_security_infos(hex("31123010060A04007F0007020204020202020002")).error() == DecodeError::bad_value);
  CHECK(decode_security_infos(hex("3111300F060A04007F000702020402020201FF")).error() == DecodeError::bad_value);
  CHECK(decode_security_infos(hex("31163014060A04007F0007020204020202010202010D0500")).error() ==
        DecodeError::trailing_data);
  // a public key that is no sequence, and an active authentication without its algorithm
  CHECK(decode_security_infos(hex("3110300E060904007F000702020102020101")).error() == DecodeError::missing_object);
  CHECK(decode_security_infos(hex("310D300B0606678108010105020101")).error() == DecodeError::malformed_tlv);
  CHECK(decode_security_infos(hex("3100"))->pace.empty());
}
