// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/order.hpp"

#include <algorithm>
#include <array>

#include "card/patent/identifiers.hpp"
#include "card/patent/paid_period.hpp"
#include "card/patent/territory.hpp"
#include "crypto/base64.hpp"
#include "crypto/sha256_text.hpp"
#include "personalize/order/citizenship.hpp"
#include "personalize/order/face_fit.hpp"
#include "personalize/order/finger_check.hpp"
#include "personalize/order/name_script.hpp"
#include "personalize/order/order_document.hpp"

namespace personalize {
namespace {

using patent::Date;
constexpr std::chrono::minutes kMoscow{180};

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// The schema has checked the form YYYY-MM-DD.
Date date_of(std::string_view text) {
  return Date{std::chrono::year{number(text.substr(0, 4))},
              std::chrono::month{static_cast<unsigned>(number(text.substr(5, 2)))},
              std::chrono::day{static_cast<unsigned>(number(text.substr(8, 2)))}};
}

template <class Value, std::size_t N>
Value choice(const Json::Value& json, const std::array<std::pair<std::string_view, Value>, N>& table, Value otherwise) {
  const auto text = json.asString();
  const auto found = std::ranges::find(table, std::string_view(text), &std::pair<std::string_view, Value>::first);
  return found == table.end() ? otherwise : found->second;
}

// Takes an order out of a document that the schema has passed, and finds what the schema cannot.
class OrderReader {
public:
  OrderReader(const Json::Value& document, const OrderContext& context, Findings& findings)
      : document_(document),
        patent_json_(document["patent"]),
        holder_json_(document["holder"]),
        context_(context),
        findings_(findings) {}

  Order read() {
    read_envelope();
    read_patent();
    read_territory();
    read_names();
    read_person();
    read_identity_document();
    read_payments();
    read_face();
    read_fingers();
    return std::move(order_);
  }

private:
  std::string text(const Json::Value& json, const std::string& pointer) {
    auto value = json.asString();
    if (!is_clean_text(value)) findings_.add(OrderRule::text_form, pointer);
    return value;
  }

  Date date(const Json::Value& json, const std::string& pointer) {
    const auto value = date_of(json.asString());
    if (!value.ok()) findings_.add(OrderRule::no_such_date, pointer);
    return value;
  }

  void read_envelope() {
    order_.order_id = document_["order_id"].asString();
    order_.type = choice<OrderType, 4>(document_["order_type"],
                                       {{{"ISSUE", OrderType::issue},
                                         {"REISSUE", OrderType::reissue},
                                         {"DUPLICATE", OrderType::duplicate},
                                         {"AMEND", OrderType::amend}}},
                                       OrderType::issue);
    order_.region_profile = document_["region_profile"].asString();
    order_.months_paid = static_cast<std::uint8_t>(document_["months_paid"].asUInt());
    order_.activate_at_handover = document_["activation"].asString() == "at_handover";
    const auto& previous = document_["previous"];
    if (order_.type == OrderType::issue) {
      if (!previous.isNull()) findings_.add(OrderRule::previous_forbidden, "/previous");
    } else if (previous.isNull()) {
      findings_.add(OrderRule::previous_required, "");
    } else {
      order_.previous_card_number = previous["card_number"].asString();
      order_.previous_patent_number = previous["patent_number"].asString();
      if (previous["card_number"] == patent_json_["card_number"])
        findings_.add(OrderRule::previous_same_card, "/previous/card_number");
      const bool same_patent =
          order_.previous_patent_number == patent_json_["series"].asString() + patent_json_["number"].asString();
      if (order_.type != OrderType::reissue && !same_patent)
        findings_.add(OrderRule::previous_other_patent, "/previous/patent_number");
      if (order_.type == OrderType::reissue && same_patent)
        findings_.add(OrderRule::previous_same_patent, "/patent/number");
    }
  }

  void read_patent() {
    auto& p = order_.patent;
    p.series = patent_json_["series"].asString();
    p.number = patent_json_["number"].asString();
    p.card_number = patent_json_["card_number"].asString();
    p.blank_number = text(patent_json_["blank_number"], "/patent/blank_number");
    p.issuer_name = text(patent_json_["issuer_name"], "/patent/issuer_name");
    p.issuer_code = patent_json_["issuer_code"].asString();
    p.special_marks = text(patent_json_["special_marks"], "/patent/special_marks");
    const auto& profession = patent_json_["profession"];
    p.profession = text(profession["text"], "/patent/profession/text");
    p.profession_code = profession["code"].asString();
    p.profession_scheme = choice<patent::ProfessionScheme, 2>(
        profession["scheme"], {{{"OKPDTR", patent::ProfessionScheme::okpdtr}, {"OKZ", patent::ProfessionScheme::okz}}},
        patent::ProfessionScheme::none);
    p.employer_kind = choice<patent::EmployerKind, 2>(
        patent_json_["employer_kind"],
        {{{"legal", patent::EmployerKind::legal_entity}, {"individual", patent::EmployerKind::individual}}},
        patent::EmployerKind::any);
    p.paid_period_policy = patent_json_["paid_period_policy"].asString() == "B"
                               ? patent::PaidPeriodPolicy::inclusive_clamped
                               : patent::PaidPeriodPolicy::inclusive_month_end;
    p.status_list_uri = text(patent_json_["status_list"]["uri"], "/patent/status_list/uri");
    p.status_index = patent_json_["status_list"]["index"].asUInt();
    if (patent_json_.isMember("blank_number") && !is_blank_number(p.blank_number))
      findings_.add(OrderRule::blank_number_form, "/patent/blank_number");
    read_issue_date();
  }

  void read_issue_date() {
    auto& p = order_.patent;
    p.issue_date = date(patent_json_["issue_date"], "/patent/issue_date");
    const auto last = patent::last_possible_day(p.issue_date);
    if (!last) return;  // no such date, as said above
    p.last_day = *last;
    const auto today = patent::civil_date(context_.at, kMoscow);
    if (p.issue_date > today) findings_.add(OrderRule::issued_in_the_future, "/patent/issue_date");
    if (p.last_day < today) findings_.add(OrderRule::term_is_over, "/patent/issue_date");
    if (number(std::string_view(p.number).substr(0, 2)) != static_cast<int>(p.issue_date.year()) % 100 &&
        order_.type != OrderType::duplicate && order_.type != OrderType::amend)
      findings_.add(OrderRule::number_of_another_year, "/patent/number");
  }

  void read_territory() {
    auto& p = order_.patent;
    const auto& territory = patent_json_["territory"];
    p.territory_oktmo = territory["oktmo"].asString();
    p.territory_name = text(territory["name"], "/patent/territory/name");
    const auto* const profile = context_.regions->of_series(order_.region_profile);
    const auto region = patent::territory_by_series(order_.region_profile);
    if (profile == nullptr && !region) return findings_.add(OrderRule::unknown_region, "/region_profile");
    region_oktmo_ = profile != nullptr ? profile->oktmo : std::string(region->oktmo);
    if (p.issue_date.ok() && (profile == nullptr || !profile->live_on(p.issue_date)))
      findings_.add(OrderRule::region_not_live, "/region_profile");
    if (profile != nullptr && !patent_json_.isMember("paid_period_policy")) p.paid_period_policy = profile->policy;
    if (profile != nullptr && !profile->has_unit(p.issuer_code))
      findings_.add(OrderRule::unit_not_in_profile, "/patent/issuer_code");
    if (p.series != order_.region_profile) findings_.add(OrderRule::series_of_another_region, "/patent/series");
    if (!patent::same_territory(region_oktmo_, p.territory_oktmo))
      findings_.add(OrderRule::territory_of_another_region, "/patent/territory/oktmo");
    if (!p.issuer_code.starts_with(order_.region_profile))
      findings_.add(OrderRule::issuer_of_another_region, "/patent/issuer_code");
  }

  void read_names() {
    auto& p = order_.patent;
    p.surname_ru = cyrillic("surname");
    p.given_ru = cyrillic("given_names");
    if (holder_json_.isMember("patronymic")) p.patronymic_ru = cyrillic("patronymic");
    p.surname_latin = latin("surname_latin");
    p.given_latin = latin("given_names_latin");
    if (p.surname_ru.empty() && p.given_ru.empty()) findings_.add(OrderRule::name_missing, "/holder/surname");
    if (p.surname_latin.empty() && p.given_latin.empty())
      findings_.add(OrderRule::name_missing, "/holder/surname_latin");
    if (p.patronymic_ru && p.patronymic_ru->empty()) findings_.add(OrderRule::name_missing, "/holder/patronymic");
    if (p.surname_ru.empty() != p.surname_latin.empty())
      findings_.add(OrderRule::name_differs_from_cyrillic, "/holder/surname_latin");
    if (p.given_ru.empty() != p.given_latin.empty())
      findings_.add(OrderRule::name_differs_from_cyrillic, "/holder/given_names_latin");
  }

  std::string cyrillic(const std::string& member) {
    auto name = holder_json_[member].asString();
    if (!is_cyrillic_name(name)) findings_.add(OrderRule::name_not_cyrillic, "/holder/" + member);
    return name;
  }

  std::string latin(const std::string& member) {
    auto name = holder_json_[member].asString();
    if (!is_latin_name(name)) findings_.add(OrderRule::name_not_latin, "/holder/" + member);
    return name;
  }

  void read_person() {
    auto& p = order_.patent;
    p.sex = choice<patent::Sex, 2>(holder_json_["sex"], {{{"M", patent::Sex::male}, {"F", patent::Sex::female}}},
                                   patent::Sex::unspecified);
    p.birth_place = text(holder_json_["birth_place"], "/holder/birth_place");
    p.citizenship = holder_json_["citizenship"].asString();
    p.inn = holder_json_["inn"].asString();
    if (!patent::is_inn(p.inn)) findings_.add(OrderRule::inn_check_digits, "/holder/inn");
    if (holder_json_.isMember("snils") && !patent::is_snils(holder_json_["snils"].asString()))
      findings_.add(OrderRule::snils_check_digits, "/holder/snils");
    if (p.issue_date.ok() && !takes_patent(p.citizenship, p.issue_date))
      findings_.add(OrderRule::citizenship_needs_no_patent, "/holder/citizenship");
    read_birth_date();
  }

  void read_birth_date() {
    using namespace std::chrono;
    auto& p = order_.patent;
    const auto written = holder_json_["birth_date"].asString();
    p.birth_date = {number(std::string_view(written).substr(0, 4)),
                    static_cast<unsigned>(number(std::string_view(written).substr(5, 2))),
                    static_cast<unsigned>(number(std::string_view(written).substr(8, 2)))};
    const auto& b = p.birth_date;
    // Unknown parts: the person is at the youngest born on the last day that fits, at the oldest on the first.
    const auto first = year{b.year} / month{b.month == 0 ? 1 : b.month} / day{b.day == 0 ? 1 : b.day};
    const auto last_month = year{b.year} / month{b.month == 0 ? 12 : b.month};
    const Date last = b.day == 0 ? Date{last_month / std::chrono::last} : first;
    if (b.year < 1900 || !first.ok() || (b.month == 0 && b.day != 0))
      return findings_.add(OrderRule::no_such_date, "/holder/birth_date");
    if (!p.issue_date.ok()) return;
    if (first + years{18} > p.issue_date)
      findings_.add(OrderRule::under_age, "/holder/birth_date");
    else if (last + years{18} > p.issue_date)
      findings_.add(OrderRule::age_unsure, "/holder/birth_date");
  }

  void read_identity_document() {
    const auto& document = holder_json_["identity_document"];
    const std::string pointer = "/holder/identity_document";
    auto& p = order_.patent;
    p.identity_document = document["number"].asString();
    if (!patent::is_identity_document(p.identity_document))
      findings_.add(OrderRule::document_look_alikes, pointer + "/number");
    else if (document["type"].asString() == "PASSPORT" &&
             !patent::looks_like_passport(p.citizenship, p.identity_document))
      findings_.add(OrderRule::document_form, pointer + "/number");
    date(document["issued"], pointer + "/issued");
    if (date(document["expires"], pointer + "/expires") <= p.issue_date)
      findings_.add(OrderRule::document_expired, pointer + "/expires");
  }

  void read_payments() {
    bool first_in_time = false;
    for (Json::ArrayIndex i = 0; i < document_["payments"].size(); ++i) {
      const auto& json = document_["payments"][i];
      const auto pointer = "/payments/" + std::to_string(i);
      Payment payment{date(json["paid_on"], pointer + "/paid_on"), date(json["known_on"], pointer + "/known_on"),
                      json["sum_kopecks"].asInt64(), json["oktmo"].asString(), json["uin"].asString()};
      if (payment.paid_on > payment.known_on) findings_.add(OrderRule::paid_after_known, pointer + "/known_on");
      if (!region_oktmo_.empty() && !patent::same_territory(region_oktmo_, payment.oktmo))
        findings_.add(OrderRule::payment_of_another_region, pointer + "/oktmo");
      first_in_time = first_in_time || payment.paid_on <= order_.patent.issue_date;
      order_.payments.push_back(std::move(payment));
    }
    if (!first_in_time) findings_.add(OrderRule::first_payment_late, "/payments");
  }

  void read_face() {
    const auto& json = document_["face"];
    const auto file = crypto::from_base64(json["data"].asString());
    if (!file) return findings_.add(OrderRule::face_not_base64, "/face/data");
    const auto stated = json["format"].asString() == "jpeg" ? patent::ImageFormat::jpeg : patent::ImageFormat::jpeg2000;
    const auto found = image_format(*file);
    if (found && *found != stated) return findings_.add(OrderRule::face_of_another_format, "/face/format");
    auto face = fit_face(*file, context_.face_budget);
    if (face) {
      order_.face = *std::move(face);
    } else {
      constexpr std::array rules{OrderRule::face_not_an_image, OrderRule::face_too_small, OrderRule::face_too_large};
      findings_.add(rules[static_cast<std::size_t>(face.error())], "/face/data");
    }
  }

  void read_fingers() {
    const auto& json = document_["fingers"];
    const auto reason = finger_absence(document_["fingers_absent"].asString());
    if (reason && !json.isNull()) return findings_.add(OrderRule::fingers_and_reason, "/fingers_absent");
    if (reason) order_.fingers = patent::Fingers{{}, reason};
    if (json.isNull()) return;
    order_.fingers.emplace();
    for (Json::ArrayIndex i = 0; i < json.size(); ++i) read_finger(json[i], "/fingers/" + std::to_string(i));
    if (json.size() != 2) findings_.add(OrderRule::fingers_not_two, "/fingers");
    if (order_.fingers->images.size() == json.size() && patent::encode_dg3(*order_.fingers).empty())
      findings_.add(OrderRule::fingers_too_large, "/fingers");
  }

  void read_finger(const Json::Value& json, const std::string& pointer) {
    auto& images = order_.fingers->images;
    const auto position = *finger_position(json["position"].asString());  // one of the schema's
    if (std::ranges::find(images, position, &patent::FingerImage::position) != images.end())
      findings_.add(OrderRule::finger_twice, pointer + "/position");
    auto file = crypto::from_base64(json["data"].asString());
    if (!file) return findings_.add(OrderRule::finger_not_base64, pointer + "/data");
    const auto format = json["format"].asString() == "wsq" ? patent::FingerFormat::wsq : patent::FingerFormat::jpeg2000;
    auto finger = check_finger(position, format, *std::move(file));
    if (finger) return images.push_back(*std::move(finger));
    constexpr std::array rules{OrderRule::finger_not_an_image, OrderRule::finger_of_another_format,
                               OrderRule::finger_too_small};
    findings_.add(rules[static_cast<std::size_t>(finger.error())],
                  pointer + (finger.error() == FingerFault::another_format ? "/format" : "/data"));
  }

  const Json::Value& document_;
  const Json::Value& patent_json_;
  const Json::Value& holder_json_;
  const OrderContext& context_;
  Findings& findings_;
  std::string region_oktmo_;  // the subject's; empty when nobody knows the region
  Order order_;
};

}  // namespace

std::string order_digest(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = std::min(text.find_first_not_of(kBlanks), text.size());
  const auto behind = text.find_last_not_of(kBlanks) + 1;  // 0 where all are blanks
  return crypto::sha256_text(crypto::as_bytes(text.substr(first, std::max(first, behind) - first)));
}

ParsedOrder parse_order(std::string_view text, const OrderContext& context) {
  Findings findings;
  ParsedOrder parsed;
  if (const auto document = read_order_document(text, findings)) {
    auto order = OrderReader(*document, context, findings).read();
    if (!findings.faulty()) parsed.order = std::move(order);
  }
  parsed.findings = findings.take();
  return parsed;
}

}  // namespace personalize
