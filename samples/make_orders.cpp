// SPDX-License-Identifier: Apache-2.0
// Owns the sample orders: people.json, a date and a pencil become orders as a migration centre would send them.
#include <json/json.h>
#include <turbojpeg.h>

#include <boost/program_options.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>

#include "card/patent/paid_period.hpp"
#include "crypto/base64.hpp"
#include "samples/finger_drawing.hpp"

namespace {

using patent::Date;
using std::chrono::days;
using std::chrono::sys_days;

constexpr int kWidth = 413;
constexpr int kHeight = 531;

struct Colour {
  double r, g, b;
};
Colour mix(Colour a, Colour b, double share) {
  return {a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share, a.b + (b.b - a.b) * share};
}

// A face that nobody has: ellipses, shaded, with the grain of a photograph. Everything follows from the seed.
class Portrait {
public:
  Portrait(unsigned seed, bool woman) : random_(seed), woman_(woman) {
    tone_ = mix({238, 200, 172}, {172, 122, 92}, uniform(0.0, 1.0));
    hair_ = mix({28, 22, 20}, {96, 66, 44}, uniform(0.0, 1.0));
    cloth_ = {uniform(40, 160), uniform(50, 150), uniform(60, 170)};
    head_width_ = uniform(84, 98);
    head_height_ = uniform(116, 128);
    eye_gap_ = uniform(34, 40);
    mouth_ = uniform(24, 32);
    brow_ = uniform(-4, 3);
    beard_ = !woman && uniform(0, 1) > 0.5;
  }

  std::vector<unsigned char> pixels() {
    std::vector<unsigned char> rgb;
    rgb.reserve(static_cast<std::size_t>(kWidth) * kHeight * 3);
    std::normal_distribution<double> grain(0.0, 3.2);
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        const auto c = at(x - kWidth / 2.0, y);
        const double g = grain(random_);
        for (const double v : {c.r, c.g, c.b}) rgb.push_back(static_cast<unsigned char>(std::clamp(v + g, 0.0, 255.0)));
      }
    }
    return rgb;
  }

private:
  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  // Below 1 inside the ellipse; the square of the distance in half axes.
  static double ellipse(double x, double y, double cy, double half_width, double half_height) {
    const double u = x / half_width, v = (y - cy) / half_height;
    return u * u + v * v;
  }

  Colour at(double x, double y) const {
    Colour c = mix({226, 230, 234}, {196, 203, 210}, y / kHeight);
    if (woman_ && ellipse(x, y, 300, head_width_ + 34, 190) < 1) c = hair_;
    if (ellipse(x, y, 560, 196, 130) < 1) c = mix(cloth_, {20, 20, 24}, std::abs(x) / 260);
    if (std::abs(x) < 44 && y > 330 && y < 470) c = mix(tone_, {90, 60, 50}, 0.25 + std::abs(x) / 220);
    if (ellipse(x, y, 214, head_width_ + 14, head_height_ + 12) < 1 && y < 236) c = hair_;
    const double head = ellipse(x, y, 262, head_width_, head_height_);
    if (head < 1 && !(y < 190 && ellipse(x, y, 262, head_width_, head_height_ - 46) > 1)) c = face(x, y, head);
    return c;
  }

  Colour face(double x, double y, double head) const {
    Colour c = mix(tone_, {96, 62, 48}, 0.42 * head * head + (x > 0 ? 0.06 : 0.0));
    if (beard_ && y > 318 && head > 0.42) c = mix(c, hair_, 0.72);
    const double side = std::abs(x) - eye_gap_;
    if (std::abs(y - (218 + brow_ + side * side / 90)) < 5 && std::abs(side) < 22) c = mix(c, hair_, 0.85);
    if (ellipse(side, y, 244, 16, 8) < 1) c = {242, 240, 236};
    if (ellipse(side, y, 244, 7.5, 7.5) < 1) c = {64, 44, 32};
    if (ellipse(side, y, 244, 3, 3) < 1) c = {12, 10, 10};
    if (std::abs(x - 4) < 3 && y > 246 && y < 296) c = mix(c, {110, 70, 56}, 0.35);
    if (ellipse(std::abs(x) - 10, y, 298, 7, 4) < 1) c = mix(c, {70, 40, 34}, 0.6);
    if (ellipse(x, y, 330, mouth_, 8) < 1) c = std::abs(y - 330) < 1.6 ? Colour{92, 40, 40} : Colour{176, 96, 92};
    return c;
  }

  std::mt19937 random_;
  bool woman_;
  Colour tone_{}, hair_{}, cloth_{};
  double head_width_ = 0, head_height_ = 0, eye_gap_ = 0, mouth_ = 0, brow_ = 0;
  bool beard_ = false;
};

// A JPEG of 15 to 20 KB, as a photo booth would send it.
std::vector<unsigned char> photograph(unsigned seed, bool woman) {
  const auto rgb = Portrait(seed, woman).pixels();
  const std::unique_ptr<void, int (*)(tjhandle)> turbo(tjInitCompress(), tjDestroy);
  for (int quality = 95; quality > 20; --quality) {
    unsigned char* raw = nullptr;
    unsigned long size = 0;
    tjCompress2(turbo.get(), rgb.data(), kWidth, 0, kHeight, TJPF_RGB, &raw, &size, TJSAMP_420, quality, 0);
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owned(raw, tjFree);
    if (size <= 20000) return {raw, raw + size};
  }
  return {};
}

std::string iso(Date date) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text;
}

// The ten digits of an INN completed with its two check digits (FNS order ED-7-14/559).
std::string complete_inn(std::string inn) {
  constexpr int weights[] = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
  for (int first : {1, 0}) {
    int sum = 0;
    for (std::size_t i = 0; i < inn.size(); ++i) sum += (inn[i] - '0') * weights[i + static_cast<std::size_t>(first)];
    inn += static_cast<char>('0' + sum % 11 % 10);
  }
  return inn;
}

// A month before, on the day that makes `until` the last paid day.
Date issued_so_that_paid_until(Date until, unsigned months) {
  Date issue{sys_days(until) + days(1)};
  issue -= std::chrono::months(months);
  while (!issue.ok() || patent::paid_until(issue, months, patent::PaidPeriodPolicy::inclusive_month_end) > until)
    issue = Date{sys_days(Date{issue.year() / issue.month() / 1}) + days(static_cast<unsigned>(issue.day()) - 2)};
  return issue;
}

struct Region {
  const char *oktmo, *territory, *issuer, *unit;
};
Region region_of(const std::string& series) {
  if (series == "50") return {"46000000", "Московская область", "ГУ МВД РОССИИ ПО МОСКОВСКОЙ ОБЛАСТИ", "500-001"};
  return {"45000000", "г. Москва", "ГУ МВД РОССИИ ПО Г. МОСКВЕ", "770-001"};
}

void add_fingers(Json::Value& order, const Json::Value& person, unsigned number) {
  if (person.isMember("fingers_absent")) {
    order["fingers_absent"] = person["fingers_absent"];
    return;
  }
  unsigned seed = number * 104'729;
  for (const char* position : {"right_index", "left_index"}) {
    Json::Value finger;
    finger["position"] = position;
    finger["format"] = "jpeg2000";
    finger["data"] = crypto::to_base64(draw_finger(seed++));
    order["fingers"].append(finger);
  }
}

// What no two orders share.
void give_numbers(Json::Value& order, unsigned number) {
  char text[48];
  std::snprintf(text, sizeof text, "5a3b1e00-0000-4000-8000-%012u", number);
  order["order_id"] = text;
  auto& patent = order["patent"];
  std::snprintf(text, sizeof text, "%08u", 123400 + number);
  patent["number"] = patent["issue_date"].asString().substr(2, 2) + text;
  std::snprintf(text, sizeof text, "P%08u", 1700 + number);
  patent["card_number"] = text;
  std::snprintf(text, sizeof text, "ПР %07u", 1234500 + number);
  patent["blank_number"] = text;
}

Json::Value order_for(const Json::Value& person, Date today, unsigned number) {
  const auto series = person.get("region", "77").asString();
  const auto region = region_of(series);
  const auto months = person["months"].asUInt();
  const Date issue =
      person.isMember("paid_until_days_ago")
          ? issued_so_that_paid_until(Date{sys_days(today) - days(person["paid_until_days_ago"].asInt())}, months)
          : Date{sys_days(today) - days(person["issued"].asInt())};
  Json::Value order;
  order["schema"] = "patent-order/1";
  order["order_type"] = "ISSUE";
  order["region_profile"] = series;
  auto& patent = order["patent"];
  patent["series"] = series;
  patent["issue_date"] = iso(issue);
  patent["issuer_name"] = region.issuer;
  patent["issuer_code"] = region.unit;
  patent["territory"]["oktmo"] = region.oktmo;
  patent["territory"]["name"] = region.territory;
  if (person.isMember("profession")) patent["profession"] = person["profession"];
  patent["employer_kind"] = "any";
  patent["paid_period_policy"] = "A";
  auto& holder = order["holder"];
  for (const char* field : {"surname", "given_names", "patronymic", "surname_latin", "given_names_latin", "sex",
                            "birth_date", "birth_place", "citizenship"})
    if (person.isMember(field)) holder[field] = person[field];
  holder["inn"] = complete_inn(person["inn"].asString());
  auto& document = holder["identity_document"];
  document["type"] = "PASSPORT";
  document["number"] = person["document"];
  document["issued"] = iso(Date{sys_days(issue) - days(1500)});
  document["expires"] = iso(Date{sys_days(issue) + days(2000)});
  order["months_paid"] = months;
  auto& payment = order["payments"][0];
  payment["paid_on"] = iso(issue);
  payment["known_on"] = iso(issue);
  payment["sum_kopecks"] = Json::Int64{1'000'000} * months;
  payment["oktmo"] = region.oktmo;
  order["activation"] = "at_issue";
  order["face"]["format"] = "jpeg";
  order["face"]["data"] = crypto::to_base64(photograph(number * 7919, person["sex"] == "F"));
  add_fingers(order, person, number);
  give_numbers(order, number);
  return order;
}

void write_orders(const Json::Value& people, Date today, unsigned first_number, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  Json::StreamWriterBuilder writer;
  writer["emitUTF8"] = true;
  writer["indentation"] = "  ";
  for (const auto& person : people) {
    const auto path = folder / (person["file"].asString() + ".json");
    std::ofstream(path, std::ios::binary)
        << Json::writeString(writer, order_for(person, today, first_number++)) << '\n';
  }
}

// A day's batch, an order on each line: the same faces, and other people. Which blank each gets is the floor's to say.
void write_batch(const Json::Value& people, Date today, unsigned count, const std::filesystem::path& file) {
  constexpr unsigned kFirstNumber = 100'001;
  Json::Value faces;
  for (const auto& person : people) faces.append(order_for(person, today, kFirstNumber + faces.size()));
  Json::StreamWriterBuilder writer;
  writer["emitUTF8"] = true;
  writer["indentation"] = "";
  std::ofstream out(file, std::ios::binary);
  char text[16];
  for (unsigned i = 0; i < count; ++i) {
    auto order = faces[i % faces.size()];
    give_numbers(order, kFirstNumber + i);
    order["patent"].removeMember("blank_number");
    std::snprintf(text, sizeof text, "77%08u", 20'000'000 + i);
    order["holder"]["inn"] = complete_inn(text);
    std::snprintf(text, sizeof text, "B%08u", 30'000'000 + i);
    order["holder"]["identity_document"]["number"] = text;
    out << Json::writeString(writer, order) << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  namespace po = boost::program_options;
  po::options_description options("make-sample-orders: writes the sample orders for a day\nOptions");
  options.add_options()("help", "show this")("people", po::value<std::string>()->required(), "people.json")(
      "at", po::value<std::string>()->required(), "the day, YYYY-MM-DD")("out", po::value<std::string>()->required(),
                                                                         "folder; orders/ and stories/ are made in it")(
      "count", po::value<unsigned>(), "only batch.jsonl in the folder: so many orders, which name no blank");
  try {
    po::variables_map given;
    po::store(po::parse_command_line(argc, argv, options), given);
    if (given.count("help") != 0) return std::cout << options, 0;
    po::notify(given);
    int year = 0;
    unsigned month = 0, day = 0;
    if (std::sscanf(given["at"].as<std::string>().c_str(), "%d-%u-%u", &year, &month, &day) != 3)
      throw po::error("--at takes YYYY-MM-DD");
    const Date today{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    Json::Value people;
    std::ifstream(given["people"].as<std::string>()) >> people;
    const std::filesystem::path out = given["out"].as<std::string>();
    if (given.count("count") != 0) {
      write_batch(people["orders"], today, given["count"].as<unsigned>(), out / "batch.jsonl");
      return 0;
    }
    write_orders(people["orders"], today, 1, out / "orders");
    write_orders(people["stories"], today, 101, out / "stories");
  } catch (const std::exception& e) {
    std::cerr << "make-sample-orders: " << e.what() << '\n';
    return 64;
  }
}
