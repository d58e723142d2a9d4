// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for trust packages. Whatever the octets are, they are read or refused: what is read is written
// and read again as the same, a device that it is installed on believes nothing that nobody trusted has signed, and a
// delta makes a package of its own version or none.
#include "reader/judge/signed_package.hpp"
#include "tests/fuzz/genuine_lists.hpp"

using namespace fuzz;

namespace {

void read_content(ByteView octets) {
  auto package = patent::decode_package(octets);
  if (!package) return;
  require(patent::decode_package(patent::encode_package(*package)) == *package);
  require(package->issued_at <= package->next_update && package->next_update <= package->valid_until);
  auto present = genuine_package();
  const auto version = package->version;
  if (patent::apply_package(present, *std::move(package))) require(present.version == version);
}

void read_file(ByteView octets) {
  auto package = reader::open_package(octets);
  if (!package) return;
  const auto content = package->content;
  std::vector<reader::SignedPackage> chain;
  chain.push_back(*std::move(package));
  if (reader::combine(trust(), std::move(chain), {}, kNow)) require(content == genuine_package());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_content({data, size});
  read_file({data, size});
  return 0;
}
