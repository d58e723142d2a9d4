// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/print_form_text.hpp"

#include <json/writer.h>

#include "crypto/base64.hpp"
#include "crypto/json_text.hpp"
#include "crypto/strict_json.hpp"

namespace personalize {
namespace {

bool all_texts(const Json::Value& json, std::initializer_list<const char*> members) {
  for (const auto* const member : members)
    if (!json[member].isString()) return false;
  return true;
}

}  // namespace

std::string to_text(const PrintForm& form) {
  Json::Value json(Json::objectValue);
  json["form"] = form.json;
  json["photo"] = crypto::to_base64(form.photo.data);
  json["photo_is_jpeg"] = form.photo.format == patent::ImageFormat::jpeg;
  json["photo_width"] = form.photo.width;
  json["photo_height"] = form.photo.height;
  if (form.seal) {
    json["seal"] = crypto::to_base64(form.seal->seal);
    json["seal_png"] = crypto::to_base64(form.seal->png);
    json["seal_svg"] = form.seal->svg;
  }
  return crypto::json_line(json);
}

std::optional<PrintForm> print_form_from(std::string_view text) {
  const auto json = crypto::parse_strict_json(text);
  if (!json || !all_texts(*json, {"form", "photo"}) || !(*json)["photo_is_jpeg"].isBool()) return std::nullopt;
  if (!(*json)["photo_width"].isUInt() || !(*json)["photo_height"].isUInt()) return std::nullopt;
  const auto photo = crypto::from_base64((*json)["photo"].asString());
  if (!photo) return std::nullopt;
  PrintForm form{(*json)["form"].asString(), {}, {}};
  form.photo.format = (*json)["photo_is_jpeg"].asBool() ? patent::ImageFormat::jpeg : patent::ImageFormat::jpeg2000;
  form.photo.width = static_cast<std::uint16_t>((*json)["photo_width"].asUInt());
  form.photo.height = static_cast<std::uint16_t>((*json)["photo_height"].asUInt());
  form.photo.data = {photo->begin(), photo->end()};
  if (!json->isMember("seal")) return form;
  if (!all_texts(*json, {"seal", "seal_png", "seal_svg"})) return std::nullopt;
  const auto seal = crypto::from_base64((*json)["seal"].asString());
  const auto png = crypto::from_base64((*json)["seal_png"].asString());
  if (!seal || !png) return std::nullopt;
  form.seal = SealPicture{*seal, *png, (*json)["seal_svg"].asString()};
  return form;
}

std::optional<crypto::Secret> can_of(const PrintForm& form) {
  const auto json = crypto::parse_strict_json(form.json);
  if (!json || !json->isObject() || !(*json)["can"].isString()) return std::nullopt;
  return crypto::Secret(crypto::as_bytes((*json)["can"].asString()));
}

}  // namespace personalize
