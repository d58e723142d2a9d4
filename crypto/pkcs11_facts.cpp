// SPDX-License-Identifier: Apache-2.0
// What a token says of itself and of its keys.
#include "crypto/guarded_file.hpp"
#include "crypto/pkcs11_object.hpp"
#include "crypto/signature.hpp"

namespace crypto {

namespace {

using pkcs11::Session;

constexpr std::size_t kMaxModule = std::size_t{256} << 20;

struct Flag {
  CK_ATTRIBUTE_TYPE type;
  std::string_view name;
};
// The last three are the token's own testimony: nobody can set them.
constexpr std::array kFlags{Flag{CKA_SENSITIVE, "sensitive"},
                            Flag{CKA_EXTRACTABLE, "extractable"},
                            Flag{CKA_SIGN, "sign"},
                            Flag{CKA_DECRYPT, "decrypt"},
                            Flag{CKA_LOCAL, "generated_inside"},
                            Flag{CKA_ALWAYS_SENSITIVE, "always_sensitive"},
                            Flag{CKA_NEVER_EXTRACTABLE, "never_extractable"}};

template <std::size_t N>
std::string text_of(const unsigned char (&padded)[N]) {
  const std::string_view all(reinterpret_cast<const char*>(padded), N);
  return std::string(all.substr(0, all.find_last_not_of(' ') + 1));
}

}  // namespace

Result<Pkcs11KeyVault::Facts, CryptoError> Pkcs11KeyVault::token_facts() {
  const auto& module = token_->name().module;
  PATENT_TRY(const CK_TOKEN_INFO info, token_->info());
  PATENT_TRY(const Bytes library, read_file(module, kMaxModule));
  PATENT_TRY(const Bytes digested, digest(HashAlgorithm::sha256, library));
  return Facts{
      {"module", module.string()},
      {"module_sha256", to_hex(digested)},
      {"token", text_of(info.label)},
      {"serial", text_of(info.serialNumber)},
      {"manufacturer", text_of(info.manufacturerID)},
      {"model", text_of(info.model)},
      {"firmware", std::to_string(info.firmwareVersion.major) + "." + std::to_string(info.firmwareVersion.minor)}};
}

Result<Pkcs11KeyVault::Facts, CryptoError> Pkcs11KeyVault::key_facts(std::string_view name, KeyKind kind) {
  PATENT_TRY(const Bytes id, id_of(name, kind));
  const CK_OBJECT_CLASS wanted = kind == KeyKind::signing ? CKO_PRIVATE_KEY : CKO_SECRET_KEY;
  return token_->use(pkcs11::Repeat::yes, [&](const Session& session) -> Result<Facts, CryptoError> {
    PATENT_TRY(const CK_OBJECT_HANDLE object, pkcs11::KeyObject(wanted, id).in(session));
    Facts facts;
    for (const Flag& flag : kFlags) {
      PATENT_TRY(const Bytes value, read(session, object, flag.type));
      facts.emplace_back(flag.name, value == Bytes{CK_TRUE} ? "yes" : "no");
    }
    return facts;
  });
}

}  // namespace crypto
