// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstring>
#include <ostream>
#include <type_traits>

#include "crypto/secret.hpp"

using namespace crypto;

namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

// The memory of a live object, as a core file would show it.
template <class T>
bool holds(const T& object, ByteView pattern) {
  const ByteView memory(reinterpret_cast<const Byte*>(&object), sizeof(object));
  return !std::ranges::search(memory, pattern).empty();
}

}  // namespace

TEST_CASE("A secret cannot be printed or copied by accident", "[secret]") {
  STATIC_REQUIRE(Printable<int>);
  STATIC_REQUIRE_FALSE(Printable<Secret>);
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Secret>);
  STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<Secret>);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<Secret>);
}

TEST_CASE("A moved-from, cleared or shortened secret leaves no octet behind", "[secret]") {
  const ByteView key = as_bytes("0123456789abcdef0123456789abcdef");
  Secret first(key);
  REQUIRE(holds(first, key));

  Secret second(std::move(first));
  CHECK_FALSE(holds(first, key.first(4)));
  CHECK(first.empty());
  CHECK(std::ranges::equal(second.view(), key));

  Secret third(as_bytes("something else that is longer than the key that replaces it"));
  third = std::move(second);
  CHECK_FALSE(holds(second, key.first(4)));
  CHECK_FALSE(holds(third, as_bytes("longer")));
  CHECK(std::ranges::equal(third.view(), key));

  Secret& same = third;
  third = std::move(same);
  CHECK(std::ranges::equal(third.view(), key));

  REQUIRE(third.prepare(4).size() == 4);
  CHECK_FALSE(holds(third, key.subspan(4, 4)));
  CHECK(to_hex(third.view()) == "00000000");

  third = Secret(key);
  third.clear();
  CHECK_FALSE(holds(third, key.first(4)));
}

TEST_CASE("A destroyed secret is gone from its memory", "[secret]") {
  const ByteView key = as_bytes("0123456789abcdef");
  alignas(Secret) std::array<Byte, sizeof(Secret)> memory{};
  auto* const secret = new (memory.data()) Secret(key);
  REQUIRE(holds(memory, key));
  secret->~Secret();
  CHECK_FALSE(holds(memory, key.first(4)));
}

TEST_CASE("A secret knows its capacity", "[secret]") {
  const Bytes most(Secret::kCapacity, 0x11);
  CHECK(Secret(most).size() == Secret::kCapacity);
  const Bytes more(Secret::kCapacity + 1, 0x11);
  CHECK(Secret(more).empty());
  Secret secret(most);
  CHECK(secret.prepare(Secret::kCapacity + 1).empty());
  CHECK(secret.empty());
}

TEST_CASE("Secrets are compared and cloned", "[secret]") {
  const Secret a(as_bytes("123456"));
  CHECK(constant_time_equal(a, a.clone()));
  CHECK_FALSE(constant_time_equal(a, Secret(as_bytes("123457"))));
  CHECK_FALSE(constant_time_equal(a, Secret(as_bytes("12345"))));
}
