// SPDX-License-Identifier: Apache-2.0
// The key vault in a PKCS#11 token: what it can, what never leaves it, and what it says when the token is away.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "crypto/ec_public_key.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/pkcs11_object.hpp"
#include "crypto/signature.hpp"
#include "tests/softhsm.hpp"

namespace {

using namespace crypto;

const Bytes kDigest(32, 0x5A);

Pkcs11Token new_token() {
  auto token = SoftHsm::of_process().new_token();
  REQUIRE_FALSE(token.label.empty());
  return token;
}

bool holds(const SigningKey& key, ByteView digest, ByteView signature) {
  const auto public_key = read_ec_public_key(key.public_key().spki);
  OpensslEngine engine;
  return public_key && engine.ecdsa_verify(public_key->curve, public_key->point, digest, signature).has_value();
}

std::shared_ptr<const pkcs11::Module> module() { return pkcs11::Module::load(SoftHsm::kModule).value(); }

// What somebody else in this process, or the token itself, may do to the vault's sessions.
void close_all_sessions(const Pkcs11Token& token) {
  const auto hsm = module();
  CK_ULONG count = 0;
  REQUIRE((*hsm)->C_GetSlotList(CK_TRUE, nullptr, &count) == CKR_OK);
  std::vector<CK_SLOT_ID> slots(count);
  REQUIRE((*hsm)->C_GetSlotList(CK_TRUE, slots.data(), &count) == CKR_OK);
  for (const auto slot : slots) {
    CK_TOKEN_INFO info{};
    REQUIRE((*hsm)->C_GetTokenInfo(slot, &info) == CKR_OK);
    if (std::string_view(reinterpret_cast<const char*>(info.label), 32).starts_with(token.label + " "))
      REQUIRE((*hsm)->C_CloseAllSessions(slot) == CKR_OK);
  }
}

}  // namespace

TEST_CASE("a token makes keys on every curve; each signs, and is found again by its name") {
  const auto token = new_token();
  Pkcs11KeyVault vault(token, SoftHsm::pin());
  for (const Curve curve : kCurves) {
    const std::string name = "key-" + std::to_string(static_cast<int>(curve));
    const auto made = vault.make_signing_key(name, curve);
    REQUIRE(made);
    CHECK((*made)->curve() == curve);
    const auto opened = Pkcs11KeyVault(token, SoftHsm::pin()).signing_key(name);
    REQUIRE(opened);
    CHECK((*opened)->public_key().spki == (*made)->public_key().spki);
    for (const std::size_t size : {20U, 32U, 48U, 64U}) {
      const Bytes digest(size, 0xA5);
      const auto signature = (*opened)->sign_digest(digest);
      REQUIRE(signature);
      CHECK(signature->size() == 2 * field_size(curve));
      CHECK(holds(**made, digest, *signature));
    }
    CHECK((*opened)->sign_digest({}).error() == CryptoError::bad_length);
    CHECK((*opened)->sign_digest(Bytes(65)).error() == CryptoError::bad_length);
  }
  CHECK(vault.list()->size() == kCurves.size());
}

TEST_CASE("neither private nor master keys leave the token") {
  const auto token = new_token();
  Pkcs11KeyVault vault(token, SoftHsm::pin());
  REQUIRE(vault.make_signing_key("csca", Curve::secp256r1));
  REQUIRE(vault.make_master_key("scp03-issuer", AesKey::aes256));
  REQUIRE(vault.import_master_key("scp03-transport", Secret(Bytes(16, 0x11))));
  pkcs11::Token inside(token, SoftHsm::pin());
  int seen = 0;
  const auto tried = inside.use(pkcs11::Repeat::no, [&](const pkcs11::Session& session) -> Result<void, CryptoError> {
    for (const CK_OBJECT_CLASS kind : {CKO_PRIVATE_KEY, CKO_SECRET_KEY}) {
      PATENT_TRY(const auto objects, find(session, pkcs11::Attributes().set(CKA_CLASS, kind)));
      for (const auto object : objects) {
        Bytes room(256);
        CK_ATTRIBUTE value{CKA_VALUE, room.data(), room.size()};
        CHECK(session->C_GetAttributeValue(session.handle, object, &value, 1) == CKR_ATTRIBUTE_SENSITIVE);
        for (const CK_ATTRIBUTE_TYPE type : {CKA_SENSITIVE, CKA_PRIVATE, CKA_TOKEN})
          CHECK(read(session, object, type).value() == Bytes{CK_TRUE});
        for (const CK_ATTRIBUTE_TYPE type : {CKA_EXTRACTABLE, CKA_DECRYPT, CKA_UNWRAP, CKA_DERIVE})
          CHECK(read(session, object, type).value() == Bytes{CK_FALSE});
        ++seen;
      }
    }
    return {};
  });
  CHECK(tried);
  CHECK(seen == 3);
}

TEST_CASE("a master key derives inside what the same key derives in software") {
  Pkcs11KeyVault vault(new_token(), SoftHsm::pin());
  OpensslEngine engine;
  for (const std::size_t size : {16U, 24U, 32U}) {
    const Bytes value(size, 0x42);
    const std::string name = "master-" + std::to_string(size);
    const auto key = vault.import_master_key(name, Secret(value));
    REQUIRE(key);
    for (const std::size_t length : {1U, 16U, 24U, 32U, 40U, 72U}) {
      Bytes expected(length);
      REQUIRE(counter_kdf(engine, value, as_bytes("SCP03-ENC"), kDigest, expected));
      const auto derived = (*key)->derive(as_bytes("SCP03-ENC"), kDigest, length);
      REQUIRE(derived);
      CHECK(std::ranges::equal(derived->view(), expected));
    }
    Bytes block(16);
    REQUIRE(engine.aes_cbc(Direction::encrypt, value, Bytes(16), Bytes(16, 0x01), block));
    CHECK(std::ranges::equal((*key)->check_value()->view(), ByteView(block).first(3)));
    CHECK((*key)->derive({}, {}, 0).error() == CryptoError::bad_length);
    CHECK((*key)->derive({}, {}, 73).error() == CryptoError::bad_length);
  }
  CHECK(vault.import_master_key("short", Secret(Bytes(8))).error() == CryptoError::bad_length);
  const auto made = vault.make_master_key("made", AesKey::aes192);
  REQUIRE(made);
  CHECK(vault.master_key("made").value()->check_value()->view().size() == 3);
}

TEST_CASE("names in a token follow the vault's rules") {
  Pkcs11KeyVault vault(new_token(), SoftHsm::pin());
  const auto key = vault.make_signing_key("csca", Curve::secp256r1);
  REQUIRE(key);
  REQUIRE(vault.make_master_key("ledger", AesKey::aes256));
  CHECK(vault.make_signing_key("csca", Curve::secp256r1).error() == CryptoError::already_exists);
  CHECK(vault.make_signing_key("CSCA", Curve::secp256r1).error() == CryptoError::bad_encoding);
  CHECK(vault.make_master_key("", AesKey::aes128).error() == CryptoError::bad_encoding);
  CHECK(vault.signing_key("absent").error() == CryptoError::not_found);
  CHECK(vault.signing_key("ledger").error() == CryptoError::not_found);
  CHECK(vault.master_key("csca").error() == CryptoError::not_found);
  CHECK(vault.has("csca", KeyKind::signing) == true);
  CHECK(vault.has("csca", KeyKind::master) == false);

  REQUIRE(vault.rename("csca", "csca-1"));
  CHECK((*key)->sign_digest(kDigest));  // whoever has it open goes on with it
  CHECK(vault.signing_key("csca").error() == CryptoError::not_found);
  CHECK(vault.signing_key("csca-1").value()->public_key().spki == (*key)->public_key().spki);
  CHECK(vault.rename("csca", "csca-2").error() == CryptoError::not_found);
  CHECK(vault.rename("csca-1", "../csca").error() == CryptoError::bad_encoding);
  REQUIRE(vault.make_signing_key("csca", Curve::secp256r1));
  CHECK(vault.rename("csca", "csca-1").error() == CryptoError::already_exists);
  const auto keys = vault.list().value();
  REQUIRE(keys.size() == 3);
  CHECK(keys[1].name == "csca-1");
  CHECK(keys[2].name == "ledger");
  CHECK(keys[2].kind == KeyKind::master);
  CHECK(vault.place("csca", KeyKind::signing).string().ends_with(";object=csca;type=private"));

  CHECK(vault.destroy("ledger", KeyKind::signing).error() == CryptoError::not_found);
  REQUIRE(vault.destroy("csca-1", KeyKind::signing));
  REQUIRE(vault.destroy("ledger", KeyKind::master));
  CHECK(vault.destroy("ledger", KeyKind::master).error() == CryptoError::not_found);
  CHECK(vault.list()->size() == 1);
  CHECK_FALSE((*key)->sign_digest(kDigest));  // nor for whoever has it open
  CHECK(vault.signing_key("csca").value()->sign_digest(kDigest));
}

TEST_CASE("a key that was destroyed by half is destroyed whole, and no other one") {
  const auto token = new_token();
  Pkcs11KeyVault vault(token, SoftHsm::pin());
  REQUIRE(vault.make_signing_key("csca", Curve::secp256r1));
  REQUIRE(vault.make_signing_key("dv", Curve::secp256r1));
  const auto id = vault.id_of("csca", KeyKind::signing).value();
  const auto mark = Pkcs11KeyVault::mark().value();
  CHECK(std::equal(mark.begin(), mark.end(), id.begin()));
  CHECK(id != vault.id_of("dv", KeyKind::signing).value());
  pkcs11::Token inside(token, SoftHsm::pin());
  const auto objects = [&](bool destroy) {
    return inside
        .use(pkcs11::Repeat::no,
             [&](const pkcs11::Session& session) -> Result<std::size_t, CryptoError> {
               PATENT_TRY(const auto all, find(session, pkcs11::Attributes().set(CKA_ID, ByteView(id))));
               pkcs11::Attributes half;
               half.set(CKA_CLASS, CKO_PRIVATE_KEY).set(CKA_ID, ByteView(id));
               if (destroy) {
                 PATENT_TRY(const auto object, find_one(session, half));
                 REQUIRE(session->C_DestroyObject(session.handle, object) == CKR_OK);
               }
               return all.size();
             })
        .value();
  };
  CHECK(objects(true) == 2);
  CHECK(objects(false) == 1);
  CHECK(vault.has("csca", KeyKind::signing) == false);
  CHECK(vault.destroy_objects(KeyKind::signing, id));
  CHECK(objects(false) == 0);
  CHECK(vault.destroy_objects(KeyKind::signing, id).error() == CryptoError::not_found);
  CHECK(vault.list()->size() == 1);
}

TEST_CASE("of two who make a key of one name at the same time, at most one has it") {
  const auto token = new_token();
  Pkcs11KeyVault vault(token, SoftHsm::pin());
  REQUIRE(vault.list());
  for (int round = 0; round < 20; ++round) {
    const std::string name = "csca-" + std::to_string(round);
    std::atomic<int> made = 0, late = 0;
    {
      std::vector<std::jthread> threads;
      for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
          const auto key = Pkcs11KeyVault(token, SoftHsm::pin()).make_signing_key(name, Curve::secp256r1);
          made += key ? 1 : 0;
          // Of an object that goes between two calls SoftHSM says no more than that something failed.
          late += !key && (key.error() == CryptoError::already_exists || key.error() == CryptoError::engine_failure);
        });
    }
    CHECK(made <= 1);
    CHECK(made + late == 4);
    CHECK(vault.has(name, KeyKind::signing) == (made == 1));
  }
}

TEST_CASE("a wrong PIN is shown to the token once") {
  const auto token = new_token(), shared = new_token();  // SoftHSM sees new ones only when it is started anew
  REQUIRE(Pkcs11KeyVault(token, SoftHsm::pin()).make_signing_key("csca", Curve::secp256r1));
  const std::string_view wrong = "11111111";
  Pkcs11KeyVault locked(token, Passphrase(wrong));
  CHECK(locked.signing_key("csca").error() == CryptoError::locked);
  CHECK(locked.list().error() == CryptoError::locked);
  // From now on it would be the right one, if anybody showed it.
  const std::string change = "softhsm2-util --init-token --token '" + token.label + "' --label '" + token.label +
                             "' --so-pin " + std::string(SoftHsm::kOfficerPin) + " --pin " + std::string(wrong) +
                             " >/dev/null";
  REQUIRE(::system(change.c_str()) == 0);
  CHECK(locked.list().error() == CryptoError::locked);
  CHECK(Pkcs11KeyVault(token, Passphrase(wrong)).list().error() == CryptoError::locked);

  CHECK(Pkcs11KeyVault(shared, Passphrase()).list().error() == CryptoError::locked);
  // A login is the whole process's, but not for those who do not know the PIN.
  Pkcs11KeyVault first(shared, SoftHsm::pin());
  REQUIRE(first.list());
  CHECK(Pkcs11KeyVault(shared, Passphrase(std::string_view("22222222"))).list().error() == CryptoError::locked);
  CHECK(Pkcs11KeyVault(shared, SoftHsm::pin()).list());
}

TEST_CASE("a lost session is opened again, once, for what may be done twice") {
  const auto token = new_token();
  Pkcs11KeyVault vault(token, SoftHsm::pin());
  const auto key = vault.make_signing_key("csca", Curve::secp256r1);
  const auto master = vault.make_master_key("ledger", AesKey::aes256);
  REQUIRE(key);
  REQUIRE(master);
  const auto before = (*master)->derive({}, kDigest, 32);
  REQUIRE(before);
  for (int i = 0; i < 3; ++i) {
    close_all_sessions(token);
    const auto signature = (*key)->sign_digest(kDigest);
    REQUIRE(signature);
    CHECK(holds(**key, kDigest, *signature));
    close_all_sessions(token);
    CHECK(std::ranges::equal((*master)->derive({}, kDigest, 32)->view(), before->view()));
  }
  close_all_sessions(token);
  CHECK(vault.rename("csca", "csca-1"));  // looked for first, and that may be done twice
}

TEST_CASE("a PIN that was changed meanwhile is shown once more, and then no more") {
  const auto token = new_token();
  Pkcs11KeyVault vault(token, SoftHsm::pin());
  const auto key = vault.make_signing_key("csca", Curve::secp256r1);
  REQUIRE(key);
  std::string known(SoftHsm::kPin), other = "33333333";
  const auto change = [&](const std::string& from, const std::string& to) {
    pkcs11::Token inside(token, Passphrase(std::string_view(from)));
    return inside.use(pkcs11::Repeat::no, [&](const pkcs11::Session& session) {
      Bytes old_pin(from.begin(), from.end()), new_pin(to.begin(), to.end());
      return pkcs11::outcome(
          session->C_SetPIN(session.handle, old_pin.data(), old_pin.size(), new_pin.data(), new_pin.size()));
    });
  };
  REQUIRE(change(known, other));
  CHECK((*key)->sign_digest(kDigest));  // this login still holds
  close_all_sessions(token);
  CHECK((*key)->sign_digest(kDigest).error() == CryptoError::locked);
  REQUIRE(change(other, known));
  close_all_sessions(token);
  CHECK((*key)->sign_digest(kDigest).error() == CryptoError::locked);  // it would be right now, if anybody showed it
  CHECK(Pkcs11KeyVault(token, SoftHsm::pin()).list().error() == CryptoError::locked);
}

TEST_CASE("a module or token that is not there is unavailable, and may come back") {
  CHECK(Pkcs11KeyVault({"/usr/lib/no-such-module.so", "x"}, SoftHsm::pin()).list().error() == CryptoError::unavailable);
  CHECK(Pkcs11KeyVault({"libsofthsm2.so", "x"}, SoftHsm::pin()).list().error() == CryptoError::unavailable);
  CHECK(Pkcs11KeyVault({"/usr/lib/x86_64-linux-gnu/libc.so.6", "x"}, SoftHsm::pin()).list().error() ==
        CryptoError::unavailable);
  auto& hsm = SoftHsm::of_process();
  Pkcs11KeyVault waiting({SoftHsm::kModule, "late"}, SoftHsm::pin());
  CHECK(waiting.list().error() == CryptoError::unavailable);
  REQUIRE(hsm.add_token("late"));
  CHECK(waiting.list());
  REQUIRE(hsm.add_token("twin"));
  REQUIRE(hsm.add_token("twin"));
  CHECK(Pkcs11KeyVault({SoftHsm::kModule, "twin"}, SoftHsm::pin()).list().error() == CryptoError::unavailable);
}

TEST_CASE("many threads use one vault's keys at the same time") {
  const auto token = new_token();
  Pkcs11KeyVault vault(token, SoftHsm::pin());
  const auto key = vault.make_signing_key("document-signer", Curve::secp256r1).value();
  const auto master = vault.make_master_key("scp03-issuer", AesKey::aes256).value();
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) good += key->sign_digest(kDigest) && master->derive({}, kDigest, 16) ? 1 : 0;
      });
  }
  CHECK(good == 8 * 50);
}
