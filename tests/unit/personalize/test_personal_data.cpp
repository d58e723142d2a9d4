// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/personalize/books.hpp"

using namespace personalize;

TEST_CASE("Personal data open with the same master key, in their own row only") {
  const auto document = crypto::as_bytes("Шарипов Фаррух");
  const auto sealed = sample::personal_data().seal("order/1/document", document);
  REQUIRE(sealed);
  const auto readable = std::string_view(reinterpret_cast<const char*>(sealed->data()), sealed->size());
  CHECK(readable.find("Фаррух") == std::string_view::npos);
  const auto opened = sample::personal_data().open("order/1/document", *sealed);
  REQUIRE(opened);
  CHECK(std::ranges::equal(*opened, document));
  CHECK(sample::personal_data().open("order/2/document", *sealed).error() == crypto::CryptoError::bad_signature);
  CHECK(sample::personal_data(8).open("order/1/document", *sealed).error() == crypto::CryptoError::bad_signature);
}

TEST_CASE("A pseudonym finds the same value again, of one kind, under one key") {
  const auto personal = sample::personal_data();
  const auto pseudonym = personal.pseudonym("inn", "775123456798");
  REQUIRE(pseudonym);
  CHECK(pseudonym->size() == 32);
  CHECK(*personal.pseudonym("inn", "775123456798") == *pseudonym);
  CHECK(*personal.pseudonym("inn", "775123456799") != *pseudonym);
  CHECK(*personal.pseudonym("snils", "775123456798") != *pseudonym);
  CHECK(*personal.pseudonym("in", "n775123456798") != *pseudonym);
  CHECK(*sample::personal_data(8).pseudonym("inn", "775123456798") != *pseudonym);
}

TEST_CASE("Without the key nothing opens, and nothing is kept in the clear") {
  const auto locked = PersonalData::locked();
  CHECK(locked.seal("row", {}).error() == crypto::CryptoError::locked);
  CHECK(locked.open("row", crypto::Bytes(40)).error() == crypto::CryptoError::locked);
  CHECK(locked.pseudonym("inn", "1").error() == crypto::CryptoError::locked);
}
