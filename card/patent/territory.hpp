// SPDX-License-Identifier: Apache-2.0
// Owns the subjects of the Federation as a dated table: patent series, OKTMO, names, ISO 3166-2.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace patent {

struct Territory {
  std::string_view series;   // 77
  std::string_view oktmo;    // 45000000: the subject's eight digits
  std::string_view name_ru;  // г. Москва
  std::string_view name_en;  // Moscow
  std::string_view iso;      // RU-MOW
};

std::span<const Territory> territories();
std::optional<Territory> territory_by_oktmo(
    std::string_view oktmo);  // by its first two digits, three where an okrug lies inside an oblast
std::optional<Territory> territory_by_series(std::string_view series);
// Whether a patent for `patent_oktmo` covers the subject in which `here_oktmo` lies.
bool same_territory(std::string_view patent_oktmo, std::string_view here_oktmo);

}  // namespace patent
