// SPDX-License-Identifier: Apache-2.0
// TR-03105 Part 5.1, units ISO7816_D and ISO7816_F: chip authentication and active authentication.
#include "crypto/active_authentication.hpp"
#include "tests/conformance/reader/tables.hpp"

namespace simulator {
namespace {

using crypto::Curve;
using crypto::HashAlgorithm;
using reader::Check;
using wire::StatusWord;

patent::ChipAuthenticationPublicKeyInfo key_info(ByteView point, std::optional<int> id) {
  patent::ChipPublicKey key{Curve::secp256r1, {}};
  (void)key.point.assign(point);
  auto info = patent::chip_key_info(key);
  info.key_id = id;
  return info;
}

patent::ChipAuthenticationInfo protocol_info(std::optional<int> id) {
  auto info = patent::chip_authentication_info(crypto::AesKey::aes128);
  info.key_id = id;
  return info;
}

// DG14 names this many keys, each with a reference; the chip has them all.
SetUp with_keys(int count) {
  return [count](Scenario& s) {
    s.document.in_infos = [count](Infos& infos) {
      infos.dg14.chip_authentication.clear();
      infos.dg14.chip_keys.clear();
      for (int id = 1; id <= count; ++id) {
        infos.dg14.chip_authentication.push_back(protocol_info(id));
        infos.dg14.chip_keys.push_back(key_info(ec_key("P-256", 20 + id).point(), id));
      }
    };
    s.chip = [count](ChipProfile& chip) {
      chip.chip_keys.clear();
      for (int id = 1; id <= count; ++id)
        chip.chip_keys.push_back({Curve::secp256r1, ec_key("P-256", 20 + id).scalar(), static_cast<Byte>(id)});
    };
  };
}

// The document announces this point.
SetUp announces(std::function<void(Bytes&)> change) {
  return [change = std::move(change)](Scenario& s) {
    s.document.in_infos = [change](Infos& infos) {
      auto& spki = infos.dg14.chip_keys.front().public_key;
      change(spki);
    };
  };
}

std::vector<SetUp> refuses_key_reference() {
  std::vector<SetUp> out;
  for (const auto sw :
       {StatusWord::wrong_data, StatusWord::referenced_data_not_found, StatusWord::function_not_supported,
        StatusWord::conditions_not_satisfied, StatusWord::execution_error})
    out.push_back([sw](Scenario& s) {
      with_keys(2)(s);
      s.deviate(answers_with(Step::ca_set, sw));
    });
  return out;
}

std::vector<Row> chip_authentication_rows() {
  const auto proved = accepted().and_also(successful(Check::chip_authentication));
  const auto copy = refused(Check::chip_authentication);
  return {
      {"ISO7816_D_02",
       "Chip authentication with ECDH",
       proved,
       {nullptr,
        [](Scenario& s) {
          s.document.chip_curve = Curve::brainpoolP384r1, s.document.chip_cipher = crypto::AesKey::aes192;
        },
        [](Scenario& s) {
          s.document.chip_curve = Curve::secp521r1, s.document.chip_cipher = crypto::AesKey::aes256;
        }}},
      {"ISO7816_D_03", "DG14 with one key reference", proved, {with_keys(1)}},
      {"ISO7816_D_04", "DG14 with two key references", proved, {with_keys(2)}},
      {"ISO7816_D_05", "DG14 with three key references", proved, {with_keys(3)}},
      {"ISO7816_D_06", "DG14 with invalid key reference", copy, {[](Scenario& s) {
         with_keys(1)(s);
         s.chip = [](ChipProfile& chip) {
           chip.chip_keys = {{Curve::secp256r1, ec_key("P-256", 3).scalar(), Byte{9}}};
         };
       }}},
      {"ISO7816_D_08",
       "DG14 with corrupted ECDH public key",
       copy,
       {announces([](Bytes& spki) { spki.back() ^= 0x01; }),
        announces([](Bytes& spki) { std::fill(spki.end() - 64, spki.end(), Byte{0}); }),
        announces([](Bytes& spki) { spki[spki.size() - 65] = 0x05; })}},
      {"ISO7816_D_09",
       "Use old session keys after Chip Authentication",
       copy.and_also(session_broken()),
       {[](Scenario& s) { s.deviate(Fault::keeps_old_keys); }}},
      {"ISO7816_D_12", "DG14 with invalid ECDH public key specification", copy, {announces([](Bytes& spki) {
         // The number of the standardized domain parameters (Doc 9303-11, 9.5.1): one that is reserved.
         const Bytes number{0x02, 0x01, 0x0C};
         const auto found = std::ranges::search(spki, number);
         found[2] = 0x7F;
       })}},
      {"ISO7816_D_13",
       "ChipAuthenticationPublicKeyInfo, key reference does not match key reference in ChipAuthenticationInfo",
       copy,
       {[](Scenario& s) {
         with_keys(1)(s);
         s.document.in_infos = [](Infos& infos) {
           infos.dg14.chip_authentication = {protocol_info(1)};
           infos.dg14.chip_keys = {key_info(ec_key("P-256", 21).point(), 2)};
         };
       }}},
      {"ISO7816_D_14", "ChipAuthentication with Extended Length", proved, {[](Scenario& s) {
         s.document.chip_curve = Curve::secp521r1;
         s.document.chip_cipher = crypto::AesKey::aes256;
         s.document.pace = {{Curve::secp521r1, crypto::AesKey::aes256}};
       }}},
      {"ISO7816_D_15", "ChipAuthentication: Use various status words for invalid key reference", copy,
       refuses_key_reference()},
  };
}

// ISO/IEC 9796-2, scheme 1: 6A || M1 || hash(M1 || challenge) || trailer, raised to the private exponent.
Bytes recoverable_answer(const KeyPair& key, HashAlgorithm hash, ByteView trailer, ByteView challenge) {
  constexpr std::size_t kModulus = 1024 / 8;
  Bytes message(kModulus - 1 - crypto::hash_size(hash) - trailer.size(), 0x5C);
  Bytes out{0x6A};
  out.insert(out.end(), message.begin(), message.end());
  message.insert(message.end(), challenge.begin(), challenge.end());
  const Bytes value = crypto::digest(hash, message).value();
  out.insert(out.end(), value.begin(), value.end());
  out.insert(out.end(), trailer.begin(), trailer.end());
  return key.raise(out);
}

SetUp answers_by_rsa(HashAlgorithm hash, Bytes trailer) {
  return [hash, trailer = std::move(trailer)](Scenario& s) {
    s.document.proof = Proof::answers;
    s.document.active_key = &rsa_key(1024);
    s.chip = [hash, trailer](ChipProfile& chip) {
      chip.answers = [hash, trailer](ByteView challenge) {
        return recoverable_answer(rsa_key(1024), hash, trailer, challenge);
      };
    };
  };
}

SetUp answers_by_ecdsa(HashAlgorithm hash, const char* group) {
  return [hash, group](Scenario& s) {
    s.document.proof = Proof::answers;
    s.document.active_key = &ec_key(group, 4);
    s.document.in_infos = [hash](Infos& infos) {
      const auto oid = crypto::plain_ecdsa_oid(hash);
      infos.dg14.active_authentication = {{1, {oid.begin(), oid.end()}}};
    };
    s.chip = [hash, group](ChipProfile& chip) {
      chip.answers = [hash, group](ByteView challenge) { return ec_key(group, 4).sign_plain(hash, challenge); };
    };
  };
}

SetUp names_algorithm(Bytes oid) {
  return [oid = std::move(oid)](Scenario& s) {
    s.document.proof = Proof::answers;
    s.document.in_infos = [oid](Infos& infos) { infos.dg14.active_authentication = {{1, oid}}; };
  };
}

std::vector<Row> active_authentication_rows() {
  const auto proved = accepted().and_also(successful(Check::active_authentication));
  const auto copy = refused(Check::active_authentication);
  return {
      {"ISO7816_F_01",
       "Performing Active Authentication with RSA-SHA1",
       proved,
       {answers_by_rsa(HashAlgorithm::sha1, {0xBC})}},
      {"ISO7816_F_02",
       "Performing Active Authentication with ECDSA",
       proved,
       {answers_by_ecdsa(HashAlgorithm::sha224, "P-256"), answers_by_ecdsa(HashAlgorithm::sha256, "brainpoolP256r1"),
        answers_by_ecdsa(HashAlgorithm::sha384, "P-384"), answers_by_ecdsa(HashAlgorithm::sha512, "P-521")}},
      {"ISO7816_F_04",
       "Performing Active Authentication with RSA-SHA224",
       proved,
       {answers_by_rsa(HashAlgorithm::sha224, {0x38, 0xCC})}},
      {"ISO7816_F_05",
       "Performing Active Authentication with RSA-SHA256",
       proved,
       {answers_by_rsa(HashAlgorithm::sha256, {0x34, 0xCC})}},
      {"ISO7816_F_06",
       "Performing Active Authentication with RSA-SHA384",
       proved,
       {answers_by_rsa(HashAlgorithm::sha384, {0x36, 0xCC})}},
      {"ISO7816_F_07",
       "Performing Active Authentication with RSA-SHA512",
       proved,
       {answers_by_rsa(HashAlgorithm::sha512, {0x35, 0xCC})}},
      {"ISO7816_F_08",
       "Performing Active Authentication with wrong trailer",
       copy,
       {answers_by_rsa(HashAlgorithm::sha256, {0x3F, 0xCC}), answers_by_rsa(HashAlgorithm::sha256, {0x34, 0xCD}),
        answers_by_rsa(HashAlgorithm::sha1, {0xBD}), answers_by_rsa(HashAlgorithm::sha256, {0x36, 0xCC})}},
      {"ISO7816_F_09",
       "Performing Active Authentication with invalid signature OID",
       copy,
       {names_algorithm({0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x7F}),
        names_algorithm({0x2A, 0x03, 0x04}),
        names_algorithm({0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x05})}},
  };
}

Expected watched(std::function<void(const Seen&)> look) {
  return {true,
          {[look = std::move(look)](const Seen& seen) {
            look(seen);
            return std::string();
          }},
          "VALID"};
}

}  // namespace

conformance::Case ephemeral_keys_case() {
  conformance::Case out{
      "ISO7816_D_10", "Verify lifetime of ephemeral keys", "each inspection makes a key of its own", {}};
  out.run = [](conformance::Transcript& transcript) {
    std::set<Bytes> keys;
    const Row row{"",
                  "",
                  watched([&](const Seen& seen) {
                    for (const auto& passed : seen.chip.passed())
                      if (passed.step == Step::ca_agree || passed.step == Step::pace_map) keys.insert(passed.command);
                  }),
                  {nullptr, nullptr}};
    (void)to_case(row).run(transcript);
    if (keys.size() != 4) conformance::fail("an ephemeral key was used twice");
    return conformance::passed("four different keys in two inspections");
  };
  return out;
}

std::vector<Row> chip_authenticity_rows() {
  auto rows = chip_authentication_rows();
  for (auto& row : active_authentication_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace simulator
