// SPDX-License-Identifier: Apache-2.0
// The file vault: keys come back, wrong passphrases and careless files do not get through, nothing is overwritten.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "crypto/file_key_vault.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/key_diversification.hpp"
#include "tests/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace crypto;

Passphrase words(std::string_view text = "correct horse battery") { return Passphrase(text); }

Bytes content(const fs::path& file) { return read_file(file, 1 << 20).value(); }

// A master key that is known, for derivations that are to be the same for ever.
class KnownMaster final : public MasterKey {
public:
  Result<Secret, CryptoError> derive(ByteView label, ByteView context, std::size_t length) const override {
    Bytes made(label.begin(), label.end());
    made.insert(made.end(), context.begin(), context.end());
    made.resize(length);
    return Secret(made);
  }
  Result<Buffer<3>, CryptoError> check_value() const override { return Buffer<3>(); }
};

}  // namespace

TEST_CASE("a signing key is kept, opened and signs") {
  const TemporaryFolder folder;
  FileKeyVault vault(folder.path(), words());
  const auto made = vault.make_signing_key("csca", Curve::brainpoolP384r1);
  REQUIRE(made);
  const auto opened = FileKeyVault(folder.path(), words()).signing_key("csca");
  REQUIRE(opened);
  CHECK((*opened)->public_key().spki == (*made)->public_key().spki);
  CHECK((*opened)->curve() == Curve::brainpoolP384r1);
  CHECK((*opened)->sign_digest(Bytes(48, 0x11)).value().size() == 96);
  CHECK_FALSE((*opened)->sign_digest({}));
  const Bytes file = content(vault.place("csca", KeyKind::signing));
  CHECK(std::string(file.begin(), file.end()).starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));

  SECTION("a wrong passphrase is locked") {
    CHECK(FileKeyVault(folder.path(), words("wrong")).signing_key("csca").error() == CryptoError::locked);
    CHECK(FileKeyVault(folder.path(), Passphrase()).signing_key("csca").error() == CryptoError::locked);
  }
  SECTION("no key is overwritten") {
    CHECK(vault.make_signing_key("csca", Curve::secp256r1).error() == CryptoError::already_exists);
    CHECK(content(vault.place("csca", KeyKind::signing)) == file);
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
  }
  SECTION("a file that others can read is refused") {
    for (const mode_t mode : {0640U, 0604U, 0620U}) {
      REQUIRE(::chmod(vault.place("csca", KeyKind::signing).c_str(), mode) == 0);
      CHECK(vault.signing_key("csca").error() == CryptoError::exposed);
    }
  }
  SECTION("a damaged file does not open") {
    std::ofstream(vault.place("csca", KeyKind::signing), std::ios::trunc) << "-----BEGIN NOTHING-----\n";
    CHECK(vault.signing_key("csca").error() == CryptoError::bad_encoding);
  }
  SECTION("a key gets another name, but not a taken one") {
    REQUIRE(vault.rename("csca", "csca-1"));
    CHECK(vault.signing_key("csca").error() == CryptoError::not_found);
    CHECK(vault.rename("csca", "csca-2").error() == CryptoError::not_found);
    fs::copy(vault.place("csca-1", KeyKind::signing), vault.place("csca", KeyKind::signing));
    CHECK(vault.rename("csca", "csca-1").error() == CryptoError::already_exists);
    CHECK(vault.destroy("csca", KeyKind::master).error() == CryptoError::not_found);
    CHECK(vault.destroy("../csca", KeyKind::signing).error() == CryptoError::not_found);
    REQUIRE(vault.destroy("csca", KeyKind::signing));
    CHECK(vault.has("csca", KeyKind::signing) == false);
    CHECK(vault.destroy("csca", KeyKind::signing).error() == CryptoError::not_found);
    CHECK(vault.has("csca-1", KeyKind::signing) == true);
  }
}

TEST_CASE("a master key is kept, opened and derives the same") {
  const TemporaryFolder folder;
  FileKeyVault vault(folder.path(), words(), "INSECURE-SAMPLE-");
  const auto made = vault.make_master_key("scp03-issuer", AesKey::aes256);
  REQUIRE(made);
  const auto file = vault.place("scp03-issuer", KeyKind::master);
  CHECK(file.filename() == "INSECURE-SAMPLE-scp03-issuer.master");
  const auto opened = vault.master_key("scp03-issuer");
  REQUIRE(opened);
  const auto label = as_bytes("label"), context = as_bytes("context");
  const auto key = (*opened)->derive(label, context, 32);
  CHECK(constant_time_equal(key.value(), (*made)->derive(label, context, 32).value()));
  CHECK_FALSE(constant_time_equal(key.value(), (*made)->derive(label, as_bytes("other"), 32).value()));
  CHECK(to_hex((*opened)->check_value().value()) == to_hex((*made)->check_value().value()));
  CHECK_FALSE((*opened)->derive(label, context, 0));
  CHECK_FALSE((*opened)->derive(label, context, Secret::kCapacity + 1));
  CHECK(FileKeyVault(folder.path(), words("wrong"), "INSECURE-SAMPLE-").master_key("scp03-issuer").error() ==
        CryptoError::locked);
  CHECK(FileKeyVault(folder.path(), words()).master_key("scp03-issuer").error() == CryptoError::not_found);
  const auto keys = vault.list().value();
  REQUIRE(keys.size() == 1);
  CHECK(keys[0].name == "scp03-issuer");
  CHECK(keys[0].kind == KeyKind::master);

  // Sealed with authentication: an altered file opens to no key at all.
  Bytes altered = content(file);
  const std::size_t at = altered.size() - 60;  // in the last line of Base64, which holds the authentication code
  altered[at] = altered[at] == 'A' ? 'B' : 'A';
  fs::remove(file);
  REQUIRE(write_file(file, altered, Readers::owner, Overwrite::no));
  CHECK_FALSE(vault.master_key("scp03-issuer"));
}

TEST_CASE("names that would leave the folder are no names") {
  const TemporaryFolder folder;
  FileKeyVault vault(folder.path(), words());
  for (const std::string_view name : {"", "../csca", "a/b", ".hidden", "Upper", "space here", "-dash", "\xd0\xba"}) {
    CHECK(vault.make_signing_key(name, Curve::secp256r1).error() == CryptoError::bad_encoding);
    CHECK(vault.make_master_key(name, AesKey::aes128).error() == CryptoError::bad_encoding);
    CHECK(vault.signing_key(name).error() == CryptoError::not_found);
    CHECK(vault.master_key(name).error() == CryptoError::not_found);
  }
  CHECK(vault.signing_key(std::string(65, 'a')).error() == CryptoError::not_found);
  CHECK(fs::is_empty(folder.path()));
  CHECK(FileKeyVault(folder.path(), Passphrase()).make_signing_key("csca", Curve::secp256r1).error() ==
        CryptoError::locked);
  CHECK(FileKeyVault(folder.path() / "absent", words()).list().error() == CryptoError::storage);
}

TEST_CASE("passphrases come from files and descriptors, never from careless ones") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "passphrase";
  REQUIRE(write_file(file, as_bytes("first line\nsecond"), Readers::owner, Overwrite::no));
  const auto read = read_passphrase("file:" + file.string());
  REQUIRE(read);
  CHECK(constant_time_equal(read->view(), as_bytes("first line")));
  REQUIRE(::chmod(file.c_str(), 0644) == 0);
  CHECK(read_passphrase("file:" + file.string()).error() == CryptoError::exposed);
  CHECK(read_passphrase("file:" + (folder.path() / "absent").string()).error() == CryptoError::not_found);
  CHECK(read_passphrase("file:" + folder.path().string()).error() == CryptoError::exposed);
  const fs::path empty = folder.path() / "empty";
  REQUIRE(write_file(empty, {}, Readers::owner, Overwrite::no));
  CHECK(read_passphrase("file:" + empty.string()).error() == CryptoError::locked);

  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "piped\nrest", 10) == 10);
  ::close(ends[1]);
  CHECK(constant_time_equal(read_passphrase("fd:" + std::to_string(ends[0]))->view(), as_bytes("piped")));
  char rest[5] = {};
  CHECK(::read(ends[0], rest, 4) == 4);  // what stands behind the line is still there
  CHECK(std::string_view(rest) == "rest");
  ::close(ends[0]);

  REQUIRE(::unsetenv("CREDENTIALS_DIRECTORY") == 0);
  CHECK(read_passphrase("credential:passphrase").error() == CryptoError::not_found);
  REQUIRE(::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1) == 0);
  CHECK(constant_time_equal(read_passphrase("credential:passphrase")->view(), as_bytes("first line")));
  CHECK(read_passphrase("credential:absent").error() == CryptoError::not_found);

  for (const std::string_view source : {"credential:", "credential:../passphrase", "credential:.", "", "env:X",
                                        "secret", "fd:", "fd:x", "fd:-1", "fd:1x"})
    CHECK(read_passphrase(source).error() == CryptoError::unsupported);
}

TEST_CASE("a chip's keys depend on its data, its key version and their purpose") {
  const KnownMaster master;
  const Bytes chip = from_hex("00000102030405060708").value();
  const auto keys = diversify(master, 0x02, chip, AesKey::aes256);
  REQUIRE(keys);
  const auto expected = [&](std::string_view label) {
    Bytes made(label.begin(), label.end());
    made.push_back(0x02);
    made.insert(made.end(), chip.begin(), chip.end());
    made.resize(32);
    return made;
  };
  CHECK(constant_time_equal(keys->enc.view(), expected("SCP03-ENC")));
  CHECK(constant_time_equal(keys->mac.view(), expected("SCP03-MAC")));
  CHECK(constant_time_equal(keys->dek.view(), expected("SCP03-DEK")));
  CHECK(diversify(master, 0x02, chip, AesKey::aes128)->enc.size() == 16);
  CHECK(diversify(master, 0x02, ByteView(chip).first(8), AesKey::aes128).error() == CryptoError::bad_length);
  CHECK(diversify(master, 0x02, {}, AesKey::aes128).error() == CryptoError::bad_length);
}
