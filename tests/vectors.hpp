// SPDX-License-Identifier: Apache-2.0
// Owns the reading of tests/vectors/*.json: published examples as data.
#pragma once

#include <json/json.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "crypto/bytes.hpp"

inline Json::Value read_vectors(const std::string& name) {
  const std::string path = std::string(TESTS_DIR) + "/vectors/" + name + ".json";
  std::ifstream file(path);
  Json::Value root;
  std::string faults;
  if (!file || !Json::parseFromStream(Json::CharReaderBuilder(), file, &root, &faults))
    throw std::runtime_error(path + ": " + faults);
  return root;
}

inline crypto::Bytes octets_at(const Json::Value& value) {
  auto octets = crypto::from_hex(value.asString());
  if (!octets) throw std::runtime_error("not hexadecimal: " + value.asString());
  return *std::move(octets);
}
