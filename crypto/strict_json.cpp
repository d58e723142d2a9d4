// SPDX-License-Identifier: Apache-2.0
#include "crypto/strict_json.hpp"

#include <json/reader.h>

#include <memory>

namespace crypto {

Result<Json::Value, std::string> parse_strict_json(std::string_view text, int depth) {
  Json::CharReaderBuilder builder;
  Json::CharReaderBuilder::strictMode(&builder.settings_);
  builder["stackLimit"] = depth;
  builder["skipBom"] = false;
  const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
  Json::Value value;
  std::string fault;
  try {
    if (reader->parse(text.data(), text.data() + text.size(), &value, &fault)) return value;
  } catch (const Json::Exception&) {  // jsoncpp throws when its stack limit is reached
    fault = "nested deeper than " + std::to_string(depth) + " levels";
  }
  return unexpected(std::move(fault));
}

}  // namespace crypto
