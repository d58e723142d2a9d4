// SPDX-License-Identifier: Apache-2.0
// Owns how JSON is written for people and for other programs: UTF-8 as it is, members in the order of their names.
#pragma once

#include <json/value.h>

#include <string>

namespace crypto {

std::string json_line(const Json::Value& json);   // no line feed in it, and none behind it
std::string json_lines(const Json::Value& json);  // indented by two, with a line feed at the end

}  // namespace crypto
