// SPDX-License-Identifier: Apache-2.0
#include <json/json.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "card/patent/identifiers.hpp"
#include "card/patent/record_octets.hpp"
#include "crypto/base64.hpp"
#include "crypto/strict_json.hpp"
#include "personalize/issue/issuer.hpp"
#include "personalize/order/citizenship.hpp"
#include "personalize/order/face_fit.hpp"
#include "personalize/order/name_script.hpp"
#include "personalize/order/order_rules.hpp"

using namespace personalize;
using namespace std::chrono_literals;

namespace {

crypto::Bytes read_file(const std::string& name) {
  std::ifstream in(std::string(TESTS_DIR "/data/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Json::Value good_order() {
  Json::Value order;
  std::ifstream(TESTS_DIR "/data/order.json") >> order;
  order["face"]["format"] = "jpeg";
  order["face"]["data"] = crypto::to_base64(read_file("face.jpg"));
  return order;
}

std::string write(const Json::Value& value) { return Json::writeString(Json::StreamWriterBuilder(), value); }

const OrderContext kContext{std::chrono::sys_days(2026y / 3 / 10) + 9h};

ParsedOrder parse(const Json::Value& order) { return parse_order(write(order), kContext); }

using Found = std::set<std::pair<std::string, std::string>>;  // pointer, rule's name
Found found(const ParsedOrder& parsed) {
  Found all;
  for (const auto& f : parsed.findings)
    all.emplace(f.pointer, std::string(text_of(static_cast<OrderRule>(f.rule)).name));
  return all;
}

}  // namespace

TEST_CASE("a good order becomes a value") {
  const auto parsed = parse(good_order());
  CHECK(found(parsed) == Found{});
  REQUIRE(parsed.order);
  const auto& p = parsed.order->patent;
  CHECK(p.series + p.number == "772600123401");
  CHECK(p.surname_ru == "ШАРИПОВ");
  CHECK(p.patronymic_ru == "РУСТАМОВИЧ");
  CHECK(p.issue_date == 2026y / 3 / 10);
  CHECK(p.last_day == 2027y / 3 / 9);
  CHECK(p.profession_scheme == patent::ProfessionScheme::okpdtr);
  CHECK(parsed.order->face.width == 413);
  CHECK(parsed.order->face.data == read_file("face.jpg"));
  CHECK(parsed.order->payments.size() == 1);
}

TEST_CASE("each breach is named where it stands") {
  struct Case {
    std::string pointer;
    Json::Value value;
    OrderRule rule;
    std::string at;
  };
  const auto c = GENERATE(values<Case>({
      {"/holder/inn", "775123456799", OrderRule::inn_check_digits, "/holder/inn"},
      {"/holder/inn", "000000000000", OrderRule::inn_check_digits, "/holder/inn"},
      {"/holder/inn", "77512345679", OrderRule::schema, "/holder/inn"},
      {"/holder/snils", "11223344594", OrderRule::snils_check_digits, "/holder/snils"},
      {"/holder/surname", "SHARIPOV", OrderRule::name_not_cyrillic, "/holder/surname"},
      {"/holder/surname", "ШАРИПOВ", OrderRule::name_not_cyrillic, "/holder/surname"},  // a Latin O among them
      {"/holder/surname", "ШАРИПОВ ", OrderRule::name_not_cyrillic, "/holder/surname"},
      {"/holder/surname_latin", "SHАRIPOV", OrderRule::name_not_latin, "/holder/surname_latin"},  // a Cyrillic A
      {"/holder/surname_latin", "sharipov", OrderRule::name_not_latin, "/holder/surname_latin"},
      {"/holder/identity_document/number", "40234567В", OrderRule::document_look_alikes,
       "/holder/identity_document/number"},
      {"/holder/identity_document/expires", "2026-03-10", OrderRule::document_expired,
       "/holder/identity_document/expires"},
      {"/holder/identity_document/expires", "2026-02-30", OrderRule::no_such_date, "/holder/identity_document/expires"},
      {"/holder/birth_date", "2008-03-11", OrderRule::under_age, "/holder/birth_date"},
      {"/holder/birth_date", "2008-00-00", OrderRule::age_unsure, "/holder/birth_date"},
      {"/holder/birth_date", "1990-00-12", OrderRule::no_such_date, "/holder/birth_date"},
      {"/holder/birth_date", "1990-13-01", OrderRule::no_such_date, "/holder/birth_date"},
      {"/holder/citizenship", "KAZ", OrderRule::citizenship_needs_no_patent, "/holder/citizenship"},
      {"/holder/birth_place", std::string("a\x07"), OrderRule::text_form, "/holder/birth_place"},
      {"/holder/birth_place", std::string("e\xCC\x81"), OrderRule::text_form, "/holder/birth_place"},  // not NFC
      {"/patent/issue_date", "2026-03-11", OrderRule::issued_in_the_future, "/patent/issue_date"},
      {"/patent/issue_date", "2025-03-10", OrderRule::term_is_over, "/patent/issue_date"},
      {"/patent/issue_date", "2026-02-29", OrderRule::no_such_date, "/patent/issue_date"},
      {"/patent/number", "2500123401", OrderRule::number_of_another_year, "/patent/number"},
      {"/patent/series", "50", OrderRule::series_of_another_region, "/patent/series"},
      {"/patent/territory/oktmo", "46000000", OrderRule::territory_of_another_region, "/patent/territory/oktmo"},
      {"/patent/issuer_code", "770-002", OrderRule::unit_not_in_profile, "/patent/issuer_code"},
      {"/patent/blank_number", "ПР  123", OrderRule::blank_number_form, "/patent/blank_number"},
      {"/patent/blank_number", "пр 123", OrderRule::blank_number_form, "/patent/blank_number"},
      {"/patent/issuer_name", " ", OrderRule::text_form, "/patent/issuer_name"},
      {"/patent/special_marks", "a<b", OrderRule::text_form, "/patent/special_marks"},
      {"/patent/special_marks", "1\xE2\x80\xA8\x31", OrderRule::text_form, "/patent/special_marks"},  // U+2028
      {"/patent/status_list/uri", "https://пример/1", OrderRule::schema, "/patent/status_list/uri"},
      {"/holder/surname_latin", "'", OrderRule::name_not_latin, "/holder/surname_latin"},
      {"/holder/given_names_latin", "A-'-B", OrderRule::name_not_latin, "/holder/given_names_latin"},
      {"/patent/surplus", "x", OrderRule::schema, "/patent"},
      {"/region_profile", "00", OrderRule::unknown_region, "/region_profile"},
      {"/order_type", "DUPLICATE", OrderRule::previous_required, ""},
      {"/order_type", "ISUE", OrderRule::schema, "/order_type"},
      {"/previous", good_order()["none"], OrderRule::schema, "/previous"},
      {"/previous/card_number", "P00000001", OrderRule::schema, "/previous"},
      {"/months_paid", 13, OrderRule::schema, "/months_paid"},
      {"/months_paid", 1.5, OrderRule::schema, "/months_paid"},
      {"/payments/0/sum_kopecks", 0, OrderRule::schema, "/payments/0/sum_kopecks"},
      {"/payments/0/oktmo", "46000000", OrderRule::payment_of_another_region, "/payments/0/oktmo"},
      {"/payments/0/known_on", "2026-03-09", OrderRule::paid_after_known, "/payments/0/known_on"},
      {"/payments/0/paid_on", "2026-03-11", OrderRule::first_payment_late, "/payments"},
      {"/face/data", "not base64!!", OrderRule::face_not_base64, "/face/data"},
      {"/face/data", "AAAAAAAA", OrderRule::face_not_an_image, "/face/data"},
      {"/face/format", "jpeg2000", OrderRule::face_of_another_format, "/face/format"},
  }));
  auto order = good_order();
  Json::Value* at = &order;
  std::istringstream steps(c.pointer.substr(1));
  for (std::string step; std::getline(steps, step, '/');)
    at = at->isArray() ? &(*at)[static_cast<Json::ArrayIndex>(std::stoi(step))] : &(*at)[step];
  *at = c.value;
  INFO(c.pointer << " = " << write(c.value));
  const auto parsed = parse(order);
  CHECK(found(parsed).contains({c.at, std::string(text_of(c.rule).name)}));
  CHECK(parsed.order.has_value() == (text_of(c.rule).severity == Severity::warning));
}

TEST_CASE("an order is of a region whose profile is live on the day of issue, and of its units") {
  auto json = *crypto::parse_strict_json(patent::shipped_regions().to_json());
  auto& moscow = json["regions"][0];
  const auto parse_under = [&json](const Json::Value& order) {
    const auto regions = patent::RegionProfiles::parse(write(json)).value();
    return parse_order(write(order), {.at = kContext.at, .regions = &regions});
  };
  const std::pair<std::string, std::string> not_live{"/region_profile", "region_not_live"};
  const std::pair<std::string, std::string> warned{"/patent/issuer_code", "issuer_of_another_region"};

  moscow["live_until"] = "2026-03-10";
  CHECK(parse_under(good_order()).order);
  moscow["live_until"] = "2026-03-09";
  CHECK(found(parse_under(good_order())) == Found{not_live});
  moscow.removeMember("live_until");
  moscow["live_from"] = "2026-03-11";
  CHECK(found(parse_under(good_order())) == Found{not_live});

  auto order = good_order();  // Moscow Oblast is a subject, but has no profile
  order["region_profile"] = order["patent"]["series"] = "50";
  order["patent"]["territory"]["oktmo"] = order["payments"][0]["oktmo"] = "46000000";
  order["patent"]["issuer_code"] = "500-001";
  CHECK(found(parse(order)) == Found{not_live});

  moscow["live_from"] = "2026-03-10";
  moscow["units"] = Json::Value(Json::arrayValue);  // any
  moscow["policy"] = "B";
  order = good_order();
  order["patent"]["issuer_code"] = "500-001";
  order["patent"].removeMember("paid_period_policy");
  const auto parsed = parse_under(order);
  CHECK(found(parsed) == Found{warned});
  REQUIRE(parsed.order);
  CHECK(parsed.order->patent.paid_period_policy == patent::PaidPeriodPolicy::inclusive_clamped);
}

TEST_CASE("all faults of an order are found at once") {
  auto order = good_order();
  order["holder"]["inn"] = "1";
  order["holder"].removeMember("sex");
  order["patent"]["series"] = "7";
  order["unknown"] = true;
  CHECK(found(parse(order)) ==
        Found{{"/holder/inn", "schema"}, {"/holder", "schema"}, {"/patent/series", "schema"}, {"", "schema"}});

  order = good_order();
  order["holder"]["inn"] = "775123456799";
  order["holder"]["surname"] = "";
  order["holder"]["given_names"] = "";
  order["payments"][0]["oktmo"] = "46000000";
  const auto parsed = parse(order);
  CHECK(found(parsed).size() >= 4);
  CHECK_FALSE(parsed.order);
}

TEST_CASE("what is no order is refused as a whole") {
  const auto rule_of = [](std::string_view text) {
    const auto parsed = parse_order(text, kContext);
    CHECK_FALSE(parsed.order);
    REQUIRE(parsed.findings.size() >= 1);
    return static_cast<OrderRule>(parsed.findings.front().rule);
  };
  const auto good = write(good_order());
  CHECK(rule_of("") == OrderRule::not_json);
  CHECK(rule_of("\xEF\xBB\xBF" + good) == OrderRule::byte_order_mark);
  CHECK(rule_of(std::string(2 << 20, '[')) == OrderRule::too_large);
  CHECK(rule_of(std::string(1 << 19, '[')) == OrderRule::not_json);
  CHECK(rule_of("[1") == OrderRule::not_json);
  CHECK(rule_of(good + "{}") == OrderRule::not_json);
  CHECK(rule_of("{\"schema\":\"patent-order/1\",\"schema\":\"patent-order/1\"}") == OrderRule::not_json);
  CHECK(rule_of("{\"months_paid\":NaN}") == OrderRule::not_json);
  CHECK(rule_of("// comment\n" + good) == OrderRule::not_json);
  CHECK(rule_of("[]") == OrderRule::schema);
  CHECK(rule_of("{\"holder\":{\"inn\":\"" + std::string(500'000, '7') + "\"}}") == OrderRule::text_too_long);
  CHECK(rule_of("{\"" + std::string(500'000, 'a') + "\":1}") == OrderRule::text_too_long);
}

TEST_CASE("a duplicate names what it replaces") {
  auto order = good_order();
  order["order_type"] = "DUPLICATE";
  order["previous"]["card_number"] = "P00000001";
  order["previous"]["patent_number"] = "772600123401";
  CHECK(parse(order).order.has_value());
  order["order_type"] = "REISSUE";
  CHECK(found(parse(order)) == Found{{"/patent/number", "previous_same_patent"}});
  order["previous"]["patent_number"] = "772500123401";
  CHECK(parse(order).order.has_value());
  for (const auto* const keeps : {"DUPLICATE", "AMEND"}) {
    order["order_type"] = keeps;
    CHECK(found(parse(order)) == Found{{"/previous/patent_number", "previous_other_patent"}});
  }
  order["previous"]["patent_number"] = "772600123401";
  order["previous"]["card_number"] = order["patent"]["card_number"];
  CHECK(found(parse(order)).contains({"/previous/card_number", "previous_same_card"}));
  order["order_type"] = "ISSUE";
  CHECK(found(parse(order)).contains({"/previous", "previous_forbidden"}));
}

TEST_CASE("what passes the check fits onto the card") {
  const auto letters = [](std::size_t count) {
    std::string text;
    while (count-- > 0) text += "Ж";
    return text;
  };
  auto order = good_order();
  for (const char* name : {"surname", "given_names", "patronymic"}) order["holder"][name] = letters(60);
  for (const char* name : {"surname_latin", "given_names_latin"}) order["holder"][name] = "O'" + std::string(37, 'W');
  order["holder"]["birth_place"] = letters(120);
  order["holder"]["identity_document"]["number"] = std::string(20, 'A');
  for (const char* name : {"issuer_name", "special_marks"}) order["patent"][name] = letters(120);
  order["patent"]["territory"]["name"] = letters(60);
  order["patent"]["blank_number"] = letters(12);
  order["patent"]["profession"]["text"] = letters(120);
  order["patent"]["status_list"]["uri"] = std::string(120, 'u');
  order["patent"]["status_list"]["index"] = 4294967295U;
  const auto parsed = parse(order);
  CHECK(found(parsed) == Found{{"/holder/identity_document/number", "document_form"}});
  REQUIRE(parsed.order);
  CHECK(compose(*parsed.order, *find_profile("icao-2026")));
}

TEST_CASE("a face is brought under the budget and keeps its size in pixels") {
  const auto jpeg = read_file("face.jpg");
  REQUIRE(jpeg.size() > 15000);
  const auto kept = fit_face(jpeg, 20480);
  REQUIRE(kept);
  CHECK(kept->data == jpeg);
  const auto fitted = fit_face(jpeg, 12000);
  REQUIRE(fitted);
  CHECK(fitted->data.size() <= 12000);
  CHECK(fitted->data.size() > 6000);
  CHECK(fitted->width == 413);
  CHECK(fitted->height == 531);
  CHECK(fit_face(jpeg, 1000).error() == FaceFault::too_large);

  const auto jp2 = read_file("face.jp2");
  const auto as_is = fit_face(jp2, 20480);
  REQUIRE(as_is);
  CHECK(as_is->format == patent::ImageFormat::jpeg2000);
  CHECK(as_is->data == jp2);
  const auto recoded = fit_face(jp2, jp2.size() - 1);
  REQUIRE(recoded);
  CHECK(recoded->format == patent::ImageFormat::jpeg);
}

TEST_CASE("a torn image is no image") {
  for (const char* name : {"face.jpg", "face.jp2"}) {
    const auto file = read_file(name);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{3}, std::size_t{20}, file.size() / 2, file.size() - 200}) {
      INFO(name << " cut to " << size);
      CHECK_FALSE(fit_face(crypto::ByteView(file).first(size), 20480).has_value());
    }
  }
}

TEST_CASE("citizenship is judged on a date") {
  CHECK(takes_patent("UZB", 2026y / 1 / 1));
  CHECK(takes_patent("KGZ", 2015y / 8 / 11));
  CHECK_FALSE(takes_patent("KGZ", 2015y / 8 / 12));
  CHECK_FALSE(takes_patent("GEO", 2023y / 5 / 14));
  CHECK_FALSE(takes_patent("DEU", 2026y / 1 / 1));
}

TEST_CASE("names keep to their script") {
  CHECK(is_cyrillic_name("ҒАФУРОВА-ЎКТАМ ҲАМИДОВНА"));
  CHECK(is_cyrillic_name("МАР'ЯНА"));
  CHECK_FALSE(is_cyrillic_name("\xFF"));
  CHECK_FALSE(is_cyrillic_name("И  И"));
  CHECK(is_latin_name("O'NEIL-SMITH JR"));
  CHECK_FALSE(is_latin_name("MÜLLER"));
}

TEST_CASE("every rule has its words, once") {
  std::set<std::string_view> names;
  for (const auto& [first, last] : {std::pair{1, 5}, {10, 14}, {20, 29}, {40, 51}, {60, 62}, {70, 74}})
    for (int n = first; n <= last; ++n) {
      const auto& text = text_of(static_cast<OrderRule>(n));
      CHECK(static_cast<int>(text.rule) == n);
      CHECK(names.insert(text.name).second);
      CHECK_FALSE(text.en.empty());
      CHECK_FALSE(text.ru.empty());
    }
}

namespace {

// A WSQ frame around nothing.
crypto::Bytes wsq(std::uint16_t width, std::uint16_t height, std::size_t coefficients = 100) {
  patent::RecordWriter out;
  out.u16(0xFFA0);
  out.u16(0xFFA2);
  out.u16(17);
  out.u16(0x00FF);
  out.u16(height);
  out.u16(width);
  out.zeros(9);
  out.u16(0xFFA3);
  out.zeros(coefficients);
  out.u16(0xFFA1);
  return out.take();
}

Json::Value finger_of(const std::string& position, const std::string& format, const crypto::Bytes& image) {
  Json::Value finger;
  finger["position"] = position;
  finger["format"] = format;
  finger["data"] = crypto::to_base64(image);
  return finger;
}

Json::Value with_fingers(const std::vector<Json::Value>& fingers) {
  auto order = good_order();
  for (const auto& finger : fingers) order["fingers"].append(finger);
  return order;
}

const Json::Value kRight = finger_of("right_index", "jpeg2000", read_file("finger.jp2"));
const Json::Value kLeft = finger_of("left_index", "wsq", wsq(300, 400));

}  // namespace

TEST_CASE("fingers go onto the card as they came") {
  const auto parsed = parse(with_fingers({kRight, kLeft}));
  CHECK(found(parsed) == Found{});
  REQUIRE(parsed.order);
  REQUIRE(parsed.order->fingers);
  using namespace patent;
  const Fingers two{{{FingerPosition::right_index, FingerFormat::jpeg2000, 300, 400, read_file("finger.jp2")},
                     {FingerPosition::left_index, FingerFormat::wsq, 300, 400, wsq(300, 400)}},
                    {}};
  CHECK(*parsed.order->fingers == two);
}

TEST_CASE("an order without fingers gives its reason, or has no data group for them") {
  CHECK_FALSE(parse(good_order()).order->fingers);
  for (const auto& [word, reason] : {std::pair{"amputated", patent::FingerAbsence::amputated},
                                     {"injured", patent::FingerAbsence::injured},
                                     {"unreadable", patent::FingerAbsence::unreadable},
                                     {"exempt", patent::FingerAbsence::exempt}}) {
    auto order = good_order();
    order["fingers_absent"] = word;
    const auto parsed = parse(order);
    CHECK(found(parsed) == Found{});
    REQUIRE(parsed.order);
    CHECK(parsed.order->fingers == patent::Fingers{{}, reason});
  }
  auto order = good_order();
  for (const char* word : {"unspecified", "", "cold"}) {
    order["fingers_absent"] = word;
    CHECK(found(parse(order)) == Found{{"/fingers_absent", "schema"}});
  }
}

TEST_CASE("each fault of a finger is named where it stands") {
  auto order = with_fingers({kRight, kLeft});
  order["fingers_absent"] = "injured";
  CHECK(found(parse(order)) == Found{{"/fingers_absent", "fingers_and_reason"}});

  const auto parsed = parse(with_fingers({kRight}));
  CHECK(found(parsed) == Found{{"/fingers", "fingers_not_two"}});
  CHECK(parsed.order);  // a warning

  CHECK(found(parse(with_fingers({kRight, kRight}))) == Found{{"/fingers/1/position", "finger_twice"}});
  const auto second = [](const Json::Value& finger) { return found(parse(with_fingers({kRight, finger}))); };
  auto finger = kLeft;
  finger["data"] = "not base64!!";
  CHECK(second(finger) == Found{{"/fingers/1/data", "finger_not_base64"}});
  finger["data"] = "AAAAAAAA";
  CHECK(second(finger) == Found{{"/fingers/1/data", "finger_not_an_image"}});
  finger = kLeft;
  finger["format"] = "jpeg2000";
  CHECK(second(finger) == Found{{"/fingers/1/format", "finger_of_another_format"}});
  finger = kLeft;
  finger["position"] = "unknown";
  CHECK(second(finger) == Found{{"/fingers/1/position", "schema"}});

  const auto wsq_of = [](std::uint16_t width, std::uint16_t height, std::size_t size = 100) {
    return finger_of("left_index", "wsq", wsq(width, height, size));
  };
  CHECK(second(wsq_of(199, 400)) == Found{{"/fingers/1/data", "finger_too_small"}});
  CHECK(second(wsq_of(200, 249)) == Found{{"/fingers/1/data", "finger_too_small"}});
  CHECK(second(wsq_of(1001, 400)) == Found{{"/fingers/1/data", "finger_not_an_image"}});
  CHECK(second(wsq_of(300, 400, 25000)) == Found{{"/fingers", "fingers_too_large"}});
  CHECK(second(wsq_of(200, 250)) == Found{});
  // A face is no finger: three colours; and half a finger is none.
  CHECK(second(finger_of("left_index", "jpeg2000", read_file("face.jp2"))) ==
        Found{{"/fingers/1/data", "finger_not_an_image"}});
  auto half = read_file("finger.jp2");
  half.resize(half.size() / 2);
  CHECK(second(finger_of("left_index", "jpeg2000", half)) == Found{{"/fingers/1/data", "finger_not_an_image"}});
}
