// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for visible seals: whatever a code holds, reading stays inside it; a seal of version 4 that is
// read and written again is the same octets, and so are a patent's features. Pictures are read within their bounds.
#include <cstdlib>

#include "card/patent/sealed_patent.hpp"
#include "reader/seal/seal_image.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void read_seal(crypto::ByteView input) {
  const auto read = patent::decode_seal(input);
  if (!read) return;
  require(input.size() <= patent::kMaxSealOctets);
  require(std::ranges::equal(read->content, input.first(read->content.size())));
  constexpr std::uint8_t kVersion4 = 0x03;
  const bool again = input[1] == kVersion4;
  if (again) require(patent::encode_seal_content(read->seal) == read->content);
  const auto sealed = patent::sealed_patent(read->seal);
  constexpr std::size_t kNothingToCut = patent::kMaxSealOctets - 16;  // of version 3, which is a little shorter
  if (!sealed || input.size() > kNothingToCut) return;
  const auto& header = read->seal.header;
  const auto back =
      patent::seal_of(*sealed, {header.signer, header.certificate}, header.signed_on, read->signature.size());
  if (back) require(patent::sealed_patent(*back) == sealed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const crypto::ByteView input(data, size);
  read_seal(input);
  const auto octets = reader::seal_octets(input);
  if (octets) read_seal(*octets);
  return 0;
}
