// SPDX-License-Identifier: Apache-2.0
#include "crypto/json_text.hpp"

#include <json/writer.h>

namespace crypto {
namespace {

std::string written(const Json::Value& json, const char* indentation) {
  Json::StreamWriterBuilder writer;
  writer["indentation"] = indentation;
  writer["emitUTF8"] = true;
  return Json::writeString(writer, json);
}

}  // namespace

std::string json_line(const Json::Value& json) { return written(json, ""); }
std::string json_lines(const Json::Value& json) { return written(json, "  ") + '\n'; }

}  // namespace crypto
