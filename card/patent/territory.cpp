// SPDX-License-Identifier: Apache-2.0
#include "card/patent/territory.hpp"

#include <algorithm>
#include <array>

namespace patent {

namespace {

// OK 033-2013 (OKTMO), the tax authorities' region codes, ISO 3166-2:RU as of 2024. Subjects whose codes differ between
// these sources are not here: a customer adds them in the region profile.
constexpr std::array kTerritories{
    Territory{"01", "79000000", "Республика Адыгея", "Adygea", "RU-AD"},
    Territory{"02", "80000000", "Республика Башкортостан", "Bashkortostan", "RU-BA"},
    Territory{"03", "81000000", "Республика Бурятия", "Buryatia", "RU-BU"},
    Territory{"04", "84000000", "Республика Алтай", "Altai Republic", "RU-AL"},
    Territory{"05", "82000000", "Республика Дагестан", "Dagestan", "RU-DA"},
    Territory{"06", "26000000", "Республика Ингушетия", "Ingushetia", "RU-IN"},
    Territory{"07", "83000000", "Кабардино-Балкарская Республика", "Kabardino-Balkaria", "RU-KB"},
    Territory{"08", "85000000", "Республика Калмыкия", "Kalmykia", "RU-KL"},
    Territory{"09", "91000000", "Карачаево-Черкесская Республика", "Karachay-Cherkessia", "RU-KC"},
    Territory{"10", "86000000", "Республика Карелия", "Karelia", "RU-KR"},
    Territory{"11", "87000000", "Республика Коми", "Komi", "RU-KO"},
    Territory{"12", "88000000", "Республика Марий Эл", "Mari El", "RU-ME"},
    Territory{"13", "89000000", "Республика Мордовия", "Mordovia", "RU-MO"},
    Territory{"14", "98000000", "Республика Саха (Якутия)", "Sakha (Yakutia)", "RU-SA"},
    Territory{"15", "90000000", "Республика Северная Осетия — Алания", "North Ossetia — Alania", "RU-SE"},
    Territory{"16", "92000000", "Республика Татарстан", "Tatarstan", "RU-TA"},
    Territory{"17", "93000000", "Республика Тыва", "Tyva", "RU-TY"},
    Territory{"18", "94000000", "Удмуртская Республика", "Udmurtia", "RU-UD"},
    Territory{"19", "95000000", "Республика Хакасия", "Khakassia", "RU-KK"},
    Territory{"20", "96000000", "Чеченская Республика", "Chechnya", "RU-CE"},
    Territory{"21", "97000000", "Чувашская Республика", "Chuvashia", "RU-CU"},
    Territory{"22", "01000000", "Алтайский край", "Altai Krai", "RU-ALT"},
    Territory{"23", "03000000", "Краснодарский край", "Krasnodar Krai", "RU-KDA"},
    Territory{"24", "04000000", "Красноярский край", "Krasnoyarsk Krai", "RU-KYA"},
    Territory{"25", "05000000", "Приморский край", "Primorsky Krai", "RU-PRI"},
    Territory{"26", "07000000", "Ставропольский край", "Stavropol Krai", "RU-STA"},
    Territory{"27", "08000000", "Хабаровский край", "Khabarovsk Krai", "RU-KHA"},
    Territory{"28", "10000000", "Амурская область", "Amur Oblast", "RU-AMU"},
    Territory{"29", "11000000", "Архангельская область", "Arkhangelsk Oblast", "RU-ARK"},
    Territory{"30", "12000000", "Астраханская область", "Astrakhan Oblast", "RU-AST"},
    Territory{"31", "14000000", "Белгородская область", "Belgorod Oblast", "RU-BEL"},
    Territory{"32", "15000000", "Брянская область", "Bryansk Oblast", "RU-BRY"},
    Territory{"33", "17000000", "Владимирская область", "Vladimir Oblast", "RU-VLA"},
    Territory{"34", "18000000", "Волгоградская область", "Volgograd Oblast", "RU-VGG"},
    Territory{"35", "19000000", "Вологодская область", "Vologda Oblast", "RU-VLG"},
    Territory{"36", "20000000", "Воронежская область", "Voronezh Oblast", "RU-VOR"},
    Territory{"37", "24000000", "Ивановская область", "Ivanovo Oblast", "RU-IVA"},
    Territory{"38", "25000000", "Иркутская область", "Irkutsk Oblast", "RU-IRK"},
    Territory{"39", "27000000", "Калининградская область", "Kaliningrad Oblast", "RU-KGD"},
    Territory{"40", "29000000", "Калужская область", "Kaluga Oblast", "RU-KLU"},
    Territory{"41", "30000000", "Камчатский край", "Kamchatka Krai", "RU-KAM"},
    Territory{"42", "32000000", "Кемеровская область — Кузбасс", "Kemerovo Oblast — Kuzbass", "RU-KEM"},
    Territory{"43", "33000000", "Кировская область", "Kirov Oblast", "RU-KIR"},
    Territory{"44", "34000000", "Костромская область", "Kostroma Oblast", "RU-KOS"},
    Territory{"45", "37000000", "Курганская область", "Kurgan Oblast", "RU-KGN"},
    Territory{"46", "38000000", "Курская область", "Kursk Oblast", "RU-KRS"},
    Territory{"47", "41000000", "Ленинградская область", "Leningrad Oblast", "RU-LEN"},
    Territory{"48", "42000000", "Липецкая область", "Lipetsk Oblast", "RU-LIP"},
    Territory{"49", "44000000", "Магаданская область", "Magadan Oblast", "RU-MAG"},
    Territory{"50", "46000000", "Московская область", "Moscow Oblast", "RU-MOS"},
    Territory{"51", "47000000", "Мурманская область", "Murmansk Oblast", "RU-MUR"},
    Territory{"52", "22000000", "Нижегородская область", "Nizhny Novgorod Oblast", "RU-NIZ"},
    Territory{"53", "49000000", "Новгородская область", "Novgorod Oblast", "RU-NGR"},
    Territory{"54", "50000000", "Новосибирская область", "Novosibirsk Oblast", "RU-NVS"},
    Territory{"55", "52000000", "Омская область", "Omsk Oblast", "RU-OMS"},
    Territory{"56", "53000000", "Оренбургская область", "Orenburg Oblast", "RU-ORE"},
    Territory{"57", "54000000", "Орловская область", "Oryol Oblast", "RU-ORL"},
    Territory{"58", "56000000", "Пензенская область", "Penza Oblast", "RU-PNZ"},
    Territory{"59", "57000000", "Пермский край", "Perm Krai", "RU-PER"},
    Territory{"60", "58000000", "Псковская область", "Pskov Oblast", "RU-PSK"},
    Territory{"61", "60000000", "Ростовская область", "Rostov Oblast", "RU-ROS"},
    Territory{"62", "61000000", "Рязанская область", "Ryazan Oblast", "RU-RYA"},
    Territory{"63", "36000000", "Самарская область", "Samara Oblast", "RU-SAM"},
    Territory{"64", "63000000", "Саратовская область", "Saratov Oblast", "RU-SAR"},
    Territory{"65", "64000000", "Сахалинская область", "Sakhalin Oblast", "RU-SAK"},
    Territory{"66", "65000000", "Свердловская область", "Sverdlovsk Oblast", "RU-SVE"},
    Territory{"67", "66000000", "Смоленская область", "Smolensk Oblast", "RU-SMO"},
    Territory{"68", "68000000", "Тамбовская область", "Tambov Oblast", "RU-TAM"},
    Territory{"69", "28000000", "Тверская область", "Tver Oblast", "RU-TVE"},
    Territory{"70", "69000000", "Томская область", "Tomsk Oblast", "RU-TOM"},
    Territory{"71", "70000000", "Тульская область", "Tula Oblast", "RU-TUL"},
    Territory{"72", "71000000", "Тюменская область", "Tyumen Oblast", "RU-TYU"},
    Territory{"73", "73000000", "Ульяновская область", "Ulyanovsk Oblast", "RU-ULY"},
    Territory{"74", "75000000", "Челябинская область", "Chelyabinsk Oblast", "RU-CHE"},
    Territory{"75", "76000000", "Забайкальский край", "Zabaykalsky Krai", "RU-ZAB"},
    Territory{"76", "78000000", "Ярославская область", "Yaroslavl Oblast", "RU-YAR"},
    Territory{"77", "45000000", "г. Москва", "Moscow", "RU-MOW"},
    Territory{"78", "40000000", "г. Санкт-Петербург", "Saint Petersburg", "RU-SPE"},
    Territory{"79", "99000000", "Еврейская автономная область", "Jewish Autonomous Oblast", "RU-YEV"},
    Territory{"83", "11800000", "Ненецкий автономный округ", "Nenets Autonomous Okrug", "RU-NEN"},
    Territory{"86", "71800000", "Ханты-Мансийский автономный округ — Югра", "Khanty-Mansi Autonomous Okrug — Yugra",
              "RU-KHM"},
    Territory{"87", "77000000", "Чукотский автономный округ", "Chukotka Autonomous Okrug", "RU-CHU"},
    Territory{"89", "71900000", "Ямало-Ненецкий автономный округ", "Yamalo-Nenets Autonomous Okrug", "RU-YAN"},
};

// An okrug inside an oblast has the oblast's two digits and a third of its own.
std::string_view prefix(const Territory& territory) {
  return territory.oktmo.substr(0, territory.oktmo[2] == '0' ? 2 : 3);
}

const Territory* longest_match(std::string_view oktmo) {
  if (oktmo.size() < 2) return nullptr;
  const Territory* best = nullptr;
  for (const auto& territory : kTerritories) {
    if (territory.oktmo[0] != oktmo[0] || territory.oktmo[1] != oktmo[1]) continue;  // most rows: every payment asks
    if (oktmo.starts_with(prefix(territory)) && (best == nullptr || prefix(territory).size() > prefix(*best).size()))
      best = &territory;
  }
  return best;
}

}  // namespace

std::span<const Territory> territories() { return kTerritories; }

std::optional<Territory> territory_by_oktmo(std::string_view oktmo) {
  const auto* found = longest_match(oktmo);
  if (found == nullptr) return std::nullopt;
  return *found;
}

std::optional<Territory> territory_by_series(std::string_view series) {
  const auto found = std::ranges::find(kTerritories, series, &Territory::series);
  if (found == kTerritories.end()) return std::nullopt;
  return *found;
}

bool same_territory(std::string_view patent_oktmo, std::string_view here_oktmo) {
  if (patent_oktmo.size() < 8 || here_oktmo.size() < 8) return false;
  const auto* patent = longest_match(patent_oktmo);
  const auto* here = longest_match(here_oktmo);
  if (patent == nullptr && here == nullptr) return patent_oktmo.substr(0, 2) == here_oktmo.substr(0, 2);
  return patent == here;
}

}  // namespace patent
