// SPDX-License-Identifier: Apache-2.0
// sign_content DOMAIN IN OUT: IN as an EF.SOD's signed object, under the sample domain's document signer, with SHA-384.
#include <fstream>
#include <iterator>

#include "crypto/signed_object.hpp"
#include "crypto/trust_domain.hpp"

using namespace crypto;

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  auto passphrase = domain_passphrase(argv[1], "");
  if (!passphrase) return 77;
  const auto domain = TrustDomain::open(argv[1], *std::move(passphrase));
  if (!domain) return 65;
  const auto certificate = domain->certificate(kDocumentSignerKey);
  const auto key = domain->vault().signing_key(kDocumentSignerKey);
  if (!certificate || !key) return 65;
  std::ifstream in(argv[2], std::ios::binary);
  const Bytes content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto object = sign_object(kOidLdsSecurityObject, content, HashAlgorithm::sha384, *certificate, **key,
                                  certificate->not_before());
  if (!object) return 70;
  std::ofstream out(argv[3], std::ios::binary);
  out.write(reinterpret_cast<const char*>(object->data()), static_cast<std::streamsize>(object->size()));
  return out.good() ? 0 : 73;
}
