// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/card_image.hpp"

#include <json/json.h>

#include <algorithm>

#include "card/patent/mrz.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/sha256_text.hpp"
#include "crypto/strict_json.hpp"
#include "crypto/tlv.hpp"

namespace personalize {
namespace {

Json::Value to_json(const std::vector<crypto::Bytes>& records) {
  Json::Value json(Json::arrayValue);
  for (const auto& record : records) json.append(crypto::to_hex(record));
  return json;
}

std::optional<crypto::Bytes> octets_from(const Json::Value& json) {
  if (!json.isString()) return std::nullopt;
  return crypto::from_hex(json.asString());
}

bool records_from(const Json::Value& json, std::vector<crypto::Bytes>& into) {
  if (!json.isArray()) return false;
  for (const auto& record : json) {
    auto octets = octets_from(record);
    if (!octets) return false;
    into.push_back(*std::move(octets));
  }
  return true;
}

bool files_from(const Json::Value& json, std::map<layout::FileId, crypto::Bytes>& into) {
  if (!json.isObject()) return false;
  for (const auto& name : json.getMemberNames()) {
    const auto file = std::ranges::find(layout::kFiles, std::string_view(name), &layout::File::name);
    auto octets = octets_from(json[name]);
    if (file == layout::kFiles.end() || !octets) return false;
    into.emplace(file->id, *std::move(octets));
  }
  return true;
}

Json::Value to_json(const TrustPoint& trust_point) {
  Json::Value json(Json::objectValue);
  json["certificate"] = crypto::to_hex(trust_point.certificate);
  json["date"] = crypto::to_hex(trust_point.date);
  return json;
}

// Absent where the domain had no CVCA, and in images from before there were any.
bool trust_point_from(const Json::Value& json, std::optional<TrustPoint>& into) {
  if (json.isNull()) return true;
  auto certificate = json.isObject() ? octets_from(json["certificate"]) : std::nullopt;
  auto date = json.isObject() ? octets_from(json["date"]) : std::nullopt;
  if (!certificate || !date) return false;
  into = TrustPoint{*std::move(certificate), *std::move(date)};
  return true;
}

std::optional<CardImage> image_from(const Json::Value& json) {
  if (!json.isObject() || json["version"] != 1 || !json["profile"].isString() || !json["card_number"].isString())
    return std::nullopt;
  CardImage image{json["profile"].asString(), json["card_number"].asString(), {}, {}, {}};
  if (!files_from(json["files"], image.files) || !records_from(json["certificates"], image.certificate_records) ||
      !records_from(json["status"], image.status_records) || !trust_point_from(json["trust_point"], image.trust_point))
    return std::nullopt;
  return image;
}

std::optional<std::string> mrz_information_of(const CardImage& image) {
  const auto dg1 = image.files.find(layout::FileId::dg1);
  if (dg1 == image.files.end()) return std::nullopt;
  const auto group = crypto::read_only_tlv(dg1->second, 0x61);
  const auto mrz = group ? crypto::read_only_tlv(group->value, 0x5F1F) : group;
  if (!mrz) return std::nullopt;
  auto information = patent::mrz_information({reinterpret_cast<const char*>(mrz->value.data()), mrz->value.size()});
  if (!information) return std::nullopt;
  return *std::move(information);
}

}  // namespace

std::string to_json(const CardImage& image) {
  Json::Value json(Json::objectValue);
  json["version"] = 1;
  json["profile"] = image.profile;
  json["card_number"] = image.card_number;
  json["files"] = Json::Value(Json::objectValue);
  for (const auto& [id, content] : image.files)
    json["files"][std::string(layout::file(id).name)] = crypto::to_hex(content);
  json["certificates"] = to_json(image.certificate_records);
  json["status"] = to_json(image.status_records);
  if (image.trust_point) json["trust_point"] = to_json(*image.trust_point);
  Json::StreamWriterBuilder writer;
  writer["indentation"] = " ";
  return Json::writeString(writer, json) + '\n';
}

std::optional<CardImage> card_image_from_json(std::string_view text) {
  const auto json = crypto::parse_strict_json(text);
  if (!json) return std::nullopt;
  try {
    return image_from(*json);
  } catch (const Json::Exception&) {
    return std::nullopt;
  }
}

std::string fingerprint(const CardImage& image) { return crypto::sha256_text(crypto::as_bytes(to_json(image))); }

std::optional<CardSecrets> secrets_of(const CardImage& image, crypto::ByteView can) {
  const auto information = mrz_information_of(image);
  const bool digits = can.size() == 6 && std::ranges::all_of(can, [](crypto::Byte c) { return c >= '0' && c <= '9'; });
  CardSecrets secrets{crypto::Secret(can), {}};
  crypto::OpensslEngine engine;
  if (!information || !digits || !crypto::mrz_password(engine, *information, secrets.mrz_password)) return std::nullopt;
  return secrets;
}

}  // namespace personalize
