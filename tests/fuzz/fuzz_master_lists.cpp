// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for CSCA master lists. Whatever the octets are, they are read or refused; what a list signer
// under the trusted CSCA verifies is what it once signed; no list vouches for itself.
#include "crypto/master_list.hpp"

#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/fixed_keys.hpp"

using namespace fuzz;

namespace {

Bytes content_of(const std::string& file) {
  std::ifstream in(TESTS_DIR "/fuzz/" + file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Made once with openssl, and the keys thrown away.
const std::vector<crypto::Certificate>& pool() {
  static const std::vector all{crypto::Certificate::parse(content_of("genuine/master_list/csca.cer")).value()};
  return all;
}
bool once_signed(const crypto::MasterList& list) {
  static const std::vector<Bytes> contents = [] {
    std::vector<Bytes> out;
    for (const auto* const name : {"two_states", "one_unreadable"}) {
      const auto made = crypto::parse_master_list(content_of(std::string("corpus/master_lists/") + name));
      require(made && crypto::verify_master_list(*made, pool()));
      out.push_back(made->object.content());
    }
    return out;
  }();
  return std::ranges::find(contents, list.object.content()) != contents.end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto list = crypto::parse_master_list({data, size});
  if (!list) return 0;
  for (const auto& certificate : list->certificates) {
    const auto again = crypto::Certificate::parse(certificate.der());
    require(again && again->der() == certificate.der());
  }
  if (crypto::verify_master_list(*list, pool())) require(once_signed(*list));
  require(!crypto::verify_master_list(*list, {}));
  return 0;
}
