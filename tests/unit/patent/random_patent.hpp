// SPDX-License-Identifier: Apache-2.0
// Owns random but valid patents, from a printed seed.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "card/patent/paid_period.hpp"

class Random {
public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_); }
  bool one_in(std::size_t n) { return below(n) == 0; }

  std::string text(std::size_t low, std::size_t high, std::string_view alphabet) {
    std::string out(low + below(high - low + 1), ' ');
    for (auto& c : out) c = alphabet[below(alphabet.size())];
    return out;
  }
  std::string digits(std::size_t count) { return text(count, count, "0123456789"); }

  // A word of letters given one by one, so that they may be of several octets.
  std::string word(std::size_t low, std::size_t high, const std::vector<std::string>& letters) {
    std::string out;
    for (std::size_t i = low + below(high - low + 1); i > 0; --i) out += letters[below(letters.size())];
    return out;
  }
  std::string name(std::size_t words, const std::vector<std::string>& letters) {
    std::string out;
    for (std::size_t i = 1 + below(words); i > 0; --i) {
      if (!out.empty()) out += " -'"[below(3)];
      out += word(1, 9, letters);
    }
    return out;
  }

private:
  std::mt19937 engine_;
};

inline const std::vector<std::string>& cyrillic_letters() {
  static const std::vector<std::string> letters{"А", "Б", "Ё", "Ж", "Й", "Қ", "Ӯ", "Ҳ", "Ҷ", "Ғ", "Ї", "Ў", "Я"};
  return letters;
}
inline const std::vector<std::string>& latin_letters() {
  static const std::vector<std::string> letters{"A", "B", "K", "L", "Z"};
  return letters;
}

inline std::string random_inn(Random& random) {
  const auto check = [](const std::string& digits, std::vector<int> weights) {
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (digits[i] - '0');
    return static_cast<char>('0' + sum % 11 % 10);
  };
  std::string inn = "77" + random.digits(8);
  inn += check(inn, {7, 2, 4, 10, 3, 5, 9, 4, 6, 8});
  inn += check(inn, {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8});
  return inn;
}

inline patent::BirthDate random_birth_date(Random& random) {
  patent::BirthDate date{static_cast<int>(1900 + random.below(108)), static_cast<unsigned>(1 + random.below(12)),
                         static_cast<unsigned>(1 + random.below(28))};
  if (random.one_in(4)) date.day = 0;
  if (date.day == 0 && random.one_in(2)) date.month = 0;
  return date;
}

inline patent::Patent random_patent(Random& random) {
  constexpr std::string_view kAll = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  using namespace std::chrono;
  patent::Patent p;
  p.series = random.digits(2);
  p.number = random.digits(10);
  p.card_number = random.text(9, 9, kAll);
  if (!random.one_in(4)) p.blank_number = "ПР " + random.digits(7);
  p.issue_date = year_month_day(sys_days(2021y / 1 / 1) + days(random.below(4000)));
  p.last_day = *patent::last_possible_day(p.issue_date);
  p.issuer_name = "ГУ МВД РОССИИ ПО Г. МОСКВЕ";
  p.issuer_code = random.digits(3) + "-" + random.digits(3);
  const auto names = random.below(6);
  if (names != 0) p.surname_ru = random.name(3, cyrillic_letters());
  if (names != 1) p.given_ru = random.name(2, cyrillic_letters());
  if (!random.one_in(3)) p.patronymic_ru = random.one_in(5) ? "" : random.name(2, cyrillic_letters());
  if (names != 0) p.surname_latin = random.name(3, latin_letters());
  if (names != 1) p.given_latin = random.name(2, latin_letters());
  p.sex = std::vector{patent::Sex::male, patent::Sex::female, patent::Sex::unspecified}[random.below(3)];
  p.birth_date = random_birth_date(random);
  if (random.one_in(2)) p.birth_place = "г. Душанбе, " + random.name(2, cyrillic_letters());
  p.citizenship = std::vector<std::string>{"UZB", "TJK", "AZE", "MDA", "UKR", "XXA", "D"}[random.below(7)];
  p.identity_document = random.text(1, 20, kAll);
  p.inn = random_inn(random);
  p.territory_oktmo = random.digits(random.one_in(2) ? 8 : 11);
  p.territory_name = "г. МОСКВА";
  if (random.one_in(2)) {
    p.profession = "подсобный рабочий (занятый на «стройке»)";
    p.profession_code = random.digits(5);
    p.profession_scheme = patent::ProfessionScheme::okpdtr;
  }
  p.employer_kind = static_cast<patent::EmployerKind>(random.below(3));
  if (random.one_in(3)) p.special_marks = "дубликат взамен утраченного";
  p.paid_period_policy = static_cast<patent::PaidPeriodPolicy>(1 + random.below(2));
  if (!random.one_in(3)) p.status_list_uri = "https://status.example/77/" + random.digits(4);
  p.status_index = static_cast<std::uint32_t>(random.below(0x100000000));
  return p;
}
