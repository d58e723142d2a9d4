// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for what stands in files and records: whatever the octets are, a decoder answers, and what it
// believed is written and read again as the same value.
#include <cstdlib>

#include "card/patent/mrz.hpp"
#include "card/patent/patent_group.hpp"
#include "card/patent/status_record.hpp"
#include "card/patent/transliteration.hpp"

using namespace patent;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void read_zone(std::string_view text) {
  const auto mrz = decode_mrz(text);
  require(mrz.has_value() == mrz_information(text).has_value());
  if (!mrz || text.size() != 90) return;
  const auto lines = encode_td1(*mrz);
  if (!lines) return;  // fillers inside optional data are read, not written
  const auto again = decode_td1((*lines)[0] + (*lines)[1] + (*lines)[2]);
  require(again && *again == *mrz);
}

void read_dg13(ByteView file) {
  const auto group = decode_dg13(file);
  if (!group) return;
  // Without the other groups the names that the zone would give back are missing; what is written must be readable.
  Patent patent = group->patent;
  patent.surname_ru = group->absent == AbsentName::surname ? "" : "А";
  patent.given_ru = group->absent == AbsentName::given ? "" : "Б";
  const auto again = decode_dg13(encode_dg13(patent));
  require(again && again->absent == group->absent && again->patent.card_number == patent.card_number);
}

void read_status(ByteView record) {
  const auto status = decode_status_record(record);
  if (!status) return;
  const Bytes written =
      encode_status_record(status->signed_info, status->signature, status->certificate_record, status->record.sequence);
  require(std::ranges::equal(written, record));
  require(!encode_status_info(status->record).empty());
}

void read_security_object(ByteView der) {
  const auto object = decode_lds_security_object(der);
  if (object) require(decode_lds_security_object(encode_lds_security_object(*object)) == *object);
}

void read_security_infos(ByteView der) {
  const auto infos = decode_security_infos(der);
  if (!infos) return;
  for (const auto& info : infos->pace)
    if (const auto parameters = supported(info)) require(!encode_security_infos({*parameters}).empty());
}

void read_com(ByteView file) {
  const auto com = decode_com(file);
  if (com) require(decode_com(encode_com(*com)) == *com);
}

Patent sample() {
  using namespace std::chrono_literals;
  Patent p;
  p.series = "77";
  p.number = "2100123456";
  p.card_number = "P00000017";
  p.issue_date = 2021y / 4 / 22;
  p.last_day = 2022y / 4 / 21;
  p.issuer_name = "ГУ МВД РОССИИ ПО Г. МОСКВЕ";
  p.issuer_code = "770-001";
  p.surname_ru = "ШАРИПОВ";
  p.given_ru = "ФАРРУХ";
  p.patronymic_ru = "РУСТАМОВИЧ";
  p.surname_latin = "SHARIPOV-KHAMRAKULOV";
  p.given_latin = "FARRUKH";
  p.birth_date = {1990, 5, 12};
  p.citizenship = "TJK";
  p.identity_document = "402345678";
  p.inn = "775123456798";
  p.territory_oktmo = "45000000";
  p.territory_name = "г. МОСКВА";
  return p;
}

// Each group in turn beside the true others: what is believed can be written and is then the same.
void read_patent(ByteView input) {
  static const Patent good = sample();
  static const Bytes dg1 = encode_dg1(good), dg11 = encode_dg11(good), dg12 = encode_dg12(good),
                     dg13 = encode_dg13(good);
  for (const auto& groups : {PatentGroups{input, dg11, dg12, dg13}, PatentGroups{dg1, input, dg12, dg13},
                             PatentGroups{dg1, dg11, input, dg13}, PatentGroups{dg1, dg11, dg12, input}}) {
    const auto patent = decode_patent(groups);
    if (!patent) continue;
    const Bytes a = encode_dg1(*patent), b = encode_dg11(*patent), c = encode_dg12(*patent), d = encode_dg13(*patent);
    const auto again = decode_patent({a, b, c, d});
    require(again && *again == *patent);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_zone(text);
  if (const auto zone = decode_dg1(input)) read_zone(*zone);
  read_dg13(input);
  read_status(input);
  (void)decode_certificate_record(input);
  read_security_object(input);
  read_security_infos(input);
  if (const auto infos = decode_dg14(input)) read_security_infos(*infos);
  read_com(input);
  (void)unwrap_sod(input);
  read_patent(input);
  (void)transliterate(text, "UKR");
  return 0;
}
