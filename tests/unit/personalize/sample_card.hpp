// SPDX-License-Identifier: Apache-2.0
// Owns one order and one card image for the tests of the issuing parts.
#pragma once

#include "personalize/issue/card_image.hpp"
#include "personalize/ledger/ledger.hpp"
#include "personalize/order/order.hpp"
#include "tests/unit/patent/finger_images.hpp"

namespace sample {

inline constexpr std::string_view kOrderId = "0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e01";
inline constexpr std::chrono::sys_seconds kAt{std::chrono::sys_days{std::chrono::year{2026} / 3 / 10} +
                                              std::chrono::hours{9}};

inline personalize::Order order(std::string_view id = kOrderId, std::string_view card_number = "P00000017",
                                std::string_view number = "2600123456") {
  using namespace std::chrono;
  personalize::Order order;
  order.order_id = id;
  order.region_profile = "77";
  order.months_paid = 1;
  auto& p = order.patent;
  p.series = "77";
  p.number = number;
  p.card_number = card_number;
  p.blank_number = "PR1234567";
  p.issue_date = year{2026} / 3 / 10;
  p.last_day = year{2027} / 3 / 9;
  p.issuer_name = "ГУ МВД РОССИИ ПО Г. МОСКВЕ";
  p.issuer_code = "770-001";
  p.surname_ru = "Шарипов";
  p.given_ru = "Фаррух";
  p.patronymic_ru = "Рустамович";
  p.surname_latin = "SHARIPOV";
  p.given_latin = "FARRUKH";
  p.sex = patent::Sex::male;
  p.birth_date = {1990, 5, 12};
  p.birth_place = "Душанбе";
  p.citizenship = "TJK";
  p.identity_document = "402345678";
  p.inn = "775123456798";
  p.territory_oktmo = "45000000";
  p.territory_name = "г. Москва";
  p.profession = "подсобный рабочий";
  p.profession_code = "16771";
  p.profession_scheme = patent::ProfessionScheme::okpdtr;
  // SOI, 17 KB of noise, EOI: the card does not look into the picture.
  order.face.width = 413;
  order.face.height = 531;
  order.face.data.assign(17000, 0);
  for (std::size_t i = 0; i < order.face.data.size(); ++i)
    order.face.data[i] = static_cast<crypto::Byte>(i * 2654435761U >> 13);
  order.face.data[0] = 0xFF;
  order.face.data[1] = 0xD8;
  order.face.data[2] = 0xFF;
  order.face.data[order.face.data.size() - 2] = 0xFF;
  order.face.data[order.face.data.size() - 1] = 0xD9;
  return order;
}

inline personalize::Order order_with_fingers() {
  using namespace patent;
  auto with = order();
  with.fingers = Fingers{{finger(FingerPosition::right_index, FingerFormat::jpeg2000, 300, 400),
                          finger(FingerPosition::left_index, FingerFormat::wsq, 356, 392)},
                         {}};
  // 9 KB each: a codestream's end and a frame's coefficients are not looked at.
  with.fingers->images[0].image.resize(9000, 0x55);
  with.fingers->images[1].image = wsq(356, 392, 9000);
  return with;
}

inline personalize::CardImage image() {
  using layout::FileId;
  personalize::CardImage image{"icao-2026", "P00000017", {}, {}, {}};
  image.files[FileId::card_access] = crypto::Bytes(30, 0x31);
  image.files[FileId::card_security] = crypto::Bytes(1300, 0x30);
  image.files[FileId::com] = crypto::Bytes(20, 0x60);
  image.files[FileId::sod] = crypto::Bytes(1500, 0x77);
  image.files[FileId::dg1] = crypto::Bytes(95, 0x61);
  image.files[FileId::dg2] = crypto::Bytes(17000, 0x75);
  image.certificate_records = {crypto::Bytes(700, 0x5F)};
  image.status_records = {crypto::Bytes(200, 0x5F)};
  return image;
}

}  // namespace sample
