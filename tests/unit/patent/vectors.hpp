// SPDX-License-Identifier: Apache-2.0
// Owns the reading of published vectors for the tests of this folder.
#pragma once

#include <json/json.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "crypto/bytes.hpp"

inline Json::Value vectors(const std::string& name) {
  std::ifstream file(TESTS_DIR "/vectors/" + name);
  Json::Value root;
  INFO(name);
  REQUIRE(Json::parseFromStream(Json::CharReaderBuilder(), file, &root, nullptr));
  return root;
}

inline crypto::Bytes hex(const std::string& text) {
  const auto bytes = crypto::from_hex(text);
  INFO(text);
  REQUIRE(bytes);
  return *bytes;
}
