// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/print_form.hpp"

#include <fmt/format.h>
#include <json/json.h>

#include "card/patent/mrz.hpp"
#include "crypto/base64.hpp"
#include "crypto/json_text.hpp"
#include "reader/inspect/instant.hpp"

namespace personalize {
namespace {

using patent::Date;
using patent::Patent;

std::string printed(Date date) {
  return fmt::format("{:02}.{:02}.{:04}", unsigned{date.day()}, unsigned{date.month()}, int{date.year()});
}

std::string printed(const patent::BirthDate& date) {
  if (date.month == 0) return fmt::format("{:04}", date.year);
  if (date.day == 0) return fmt::format("{:02}.{:04}", date.month, date.year);
  return fmt::format("{:02}.{:02}.{:04}", date.day, date.month, date.year);
}

std::string printed(patent::Sex sex) {
  switch (sex) {
    case patent::Sex::male: return "М";
    case patent::Sex::female: return "Ж";
    case patent::Sex::unspecified: break;
  }
  return "X";
}

std::string sex_code(patent::Sex sex) {
  switch (sex) {
    case patent::Sex::male: return "M";
    case patent::Sex::female: return "F";
    case patent::Sex::unspecified: break;
  }
  return "X";
}

void put(Json::Value& json, const char* name, const std::string& value) {
  if (!value.empty()) json[name] = value;
}

Json::Value front(const Patent& p) {
  Json::Value json(Json::objectValue);
  json["series"] = p.series;
  json["number"] = p.number;
  put(json, "surname", p.surname_ru);
  put(json, "given_names", p.given_ru);
  put(json, "patronymic", p.patronymic_ru.value_or(""));
  json["sex"] = printed(p.sex);
  json["birth_date"] = printed(p.birth_date);
  json["citizenship"] = p.citizenship;
  json["identity_document"] = p.identity_document;
  put(json, "profession", p.profession);
  json["inn"] = p.inn;
  return json;
}

Json::Value back(const Patent& p) {
  Json::Value json(Json::objectValue);
  json["territory"] = p.territory_name;
  json["issuer"] = p.issuer_name;
  json["issue_date"] = printed(p.issue_date);
  json["blank_number"] = p.blank_number;
  put(json, "special_marks", p.special_marks);
  return json;
}

// The pictures lie beside the form; the octets are for printers that draw the code themselves.
Json::Value quick_response_code(const std::string& order_id, const SealPicture& seal) {
  Json::Value json(Json::objectValue);
  json["png"] = order_id + ".qr.png";
  json["svg"] = order_id + ".qr.svg";
  json["octets"] = crypto::to_base64(seal.seal);
  return json;
}

Json::Value machine_readable_zone(const Patent& p) {
  Json::Value json(Json::arrayValue);
  if (const auto lines = patent::encode_td1(patent::mrz_of(p)))
    for (const auto& line : *lines) json.append(line);
  return json;
}

}  // namespace

Json::Value to_json(const Patent& p) {
  Json::Value json(Json::objectValue);
  json["series"] = p.series;
  json["number"] = p.number;
  json["card_number"] = p.card_number;
  put(json, "blank_number", p.blank_number);
  json["issue_date"] = reader::to_iso(p.issue_date);
  json["last_day"] = reader::to_iso(p.last_day);
  json["issuer_name"] = p.issuer_name;
  json["issuer_code"] = p.issuer_code;
  put(json, "surname_ru", p.surname_ru);
  put(json, "given_ru", p.given_ru);
  put(json, "patronymic_ru", p.patronymic_ru.value_or(""));
  put(json, "surname_latin", p.surname_latin);
  put(json, "given_latin", p.given_latin);
  json["sex"] = sex_code(p.sex);
  json["birth_date"] = fmt::format("{:04}-{:02}-{:02}", p.birth_date.year, p.birth_date.month, p.birth_date.day);
  put(json, "birth_place", p.birth_place);
  json["citizenship"] = p.citizenship;
  json["identity_document"] = p.identity_document;
  json["inn"] = p.inn;
  json["territory_oktmo"] = p.territory_oktmo;
  json["territory_name"] = p.territory_name;
  put(json, "profession", p.profession);
  put(json, "profession_code", p.profession_code);
  json["profession_scheme"] = static_cast<unsigned>(p.profession_scheme);
  json["employer_kind"] = static_cast<unsigned>(p.employer_kind);
  put(json, "special_marks", p.special_marks);
  json["paid_period_policy"] = static_cast<unsigned>(p.paid_period_policy);
  put(json, "status_list_uri", p.status_list_uri);
  json["status_index"] = p.status_index;
  json["mrz"] = machine_readable_zone(p);
  return json;
}

PrintForm print_form(const Order& order, const crypto::Secret& can, std::optional<SealPicture> seal) {
  Json::Value json(Json::objectValue);
  json["version"] = 1;
  json["order_id"] = order.order_id;
  json["card_number"] = order.patent.card_number;
  json["front"] = front(order.patent);
  json["back"] = back(order.patent);
  if (seal) json["back"]["qr"] = quick_response_code(order.order_id, *seal);
  json["mrz"] = machine_readable_zone(order.patent);
  json["can"] = std::string(can.view().begin(), can.view().end());
  json["photo"] = order.order_id + (order.face.format == patent::ImageFormat::jpeg ? ".photo.jpg" : ".photo.jp2");
  return {crypto::json_lines(json), order.face, std::move(seal)};
}

}  // namespace personalize
