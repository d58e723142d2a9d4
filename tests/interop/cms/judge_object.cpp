// SPDX-License-Identifier: Apache-2.0
// judge_object CSCA OBJECT: says what another tool's signed object holds, when it holds under the CSCA: a master list's
// subjects, or a security object's digest. 1 when it does not.
#include <fstream>
#include <iostream>
#include <iterator>

#include "crypto/certificate_chain.hpp"
#include "crypto/master_list.hpp"

using namespace crypto;

namespace {

Bytes content_of(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

int judge_list(const MasterList& list, std::span<const Certificate> pool) {
  if (!verify_master_list(list, pool)) return 1;
  for (const Certificate& listed : list.certificates) std::cout << listed.subject() << "\n";
  return list.unreadable == 0 ? 0 : 1;
}

int judge_document(const SignedObject& object, std::span<const Certificate> pool) {
  const auto signer = object.signer();
  if (object.content_type() != kOidLdsSecurityObject || !signer || !signer->is_document_signer()) return 1;
  if (!chain_to(*signer, pool) || !object.verify(*signer)) return 1;
  std::cout << to_hex(object.content()) << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  const auto csca = Certificate::parse(content_of(argv[1]));
  if (!csca) return 65;
  const std::vector pool{*csca};
  const Bytes der = content_of(argv[2]);
  if (const auto list = parse_master_list(der)) return judge_list(*list, pool);
  const auto object = SignedObject::parse(der);
  return object ? judge_document(*object, pool) : 1;
}
