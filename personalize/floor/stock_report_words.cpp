// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/stock_report_words.hpp"

#include <fmt/format.h>

#include "crypto/terminal_text.hpp"
#include "reader/inspect/instant.hpp"

namespace personalize {
namespace {

constexpr StockReportWords kEnglish{
    .tag = "en",
    .title = "Stock of blanks",
    .made = "{}, by station {}",
    .received = "received",
    .issued = "issued",
    .rejected = "rejected",
    .destroyed = "destroyed",
    .remaining = "remaining",
    .sum_holds = "the sum holds",
    .sum_fails = "THE SUM DOES NOT HOLD",
    .check = "Against orders, receipts and the audit chain",
    .check_fits = "Everything was counted again, and fits.",
    .check_fails = "{} things do not fit.",
    .code = "what",
    .subject = "which",
    .meaning = "meaning",
    .deliveries = "Deliveries",
    .delivery = "delivery",
    .product = "product",
    .total = "all",
    .shifts = "Shifts and operators",
    .shifts_note =
        "The sums at opening and closing are the whole ledger's, as two people have signed them. Below them stands "
        "what moved in the shift, by whose hand; what is destroyed was rejected before, and stands in both columns.",
    .no_shifts = "No shift was opened.",
    .shift_opened = "Shift {} at {}: opened {} by {}",
    .shift_closed = "; closed {} by {} and {}, {}",
    .still_open = "; open",
    .well_signed = "signatures good",
    .badly_signed = "NOT SIGNED BY BOTH",
    .at_opening = "at opening",
    .at_closing = "at closing",
    .moved_by = "moved by {}",
    .nobody = "(nobody)",
    .outside_shifts = "Outside shifts",
    .in_hand = "In hand",
    .reject_bin = "In the reject bin",
    .destroyed_blanks = "Destroyed",
    .blank = "blank",
    .order = "order",
    .reason = "reason",
    .alive = "THE CHIP MAY BE ALIVE: destroy it",
    .state = "The ledger's state",
    .state_note =
        "The last line of each station's audit chain, and its hash, which covers all lines before it. The report tells "
        "of the ledger up to these lines: compare them with anchors and exports (patent-personalize audit verify).",
    .station = "station",
    .line = "line",
    .hash = "SHA-256",
    .compiled_by = "Compiled by",
    .checked_by = "Checked by",
    .name = "name",
    .signature = "signature",
    .date = "date",
};

constexpr StockReportWords kRussian{
    .tag = "ru",
    .title = "Учёт бланков",
    .made = "{}, станция {}",
    .received = "получено",
    .issued = "выпущено",
    .rejected = "брак",
    .destroyed = "уничтожено",
    .remaining = "остаток",
    .sum_holds = "сумма сходится",
    .sum_fails = "СУММА НЕ СХОДИТСЯ",
    .check = "Сверка с заказами, квитанциями и журналом аудита",
    .check_fits = "Всё пересчитано, расхождений нет.",
    .check_fails = "Расхождений: {}.",
    .code = "код",
    .subject = "где",
    .meaning = "что не сходится",
    .deliveries = "Поставки",
    .delivery = "накладная",
    .product = "изделие",
    .total = "всего",
    .shifts = "Смены и операторы",
    .shifts_note =
        "Остатки на начало и конец смены - по всему реестру, как их подписали двое. Под ними - движение за смену, по "
        "операторам; уничтоженный бланк сначала забракован и стоит в обеих графах.",
    .no_shifts = "Смен не было.",
    .shift_opened = "Смена {}, станция {}: открыта {}, {}",
    .shift_closed = "; закрыта {}, {} и {}: {}",
    .still_open = "; не закрыта",
    .well_signed = "подписи верны",
    .badly_signed = "НЕ ПОДПИСАНА ДВУМЯ",
    .at_opening = "на начало смены",
    .at_closing = "на конец смены",
    .moved_by = "движение: {}",
    .nobody = "(не назван)",
    .outside_shifts = "Вне смен",
    .in_hand = "В работе",
    .reject_bin = "Брак, ещё не уничтожен",
    .destroyed_blanks = "Уничтожены",
    .blank = "бланк",
    .order = "заказ",
    .reason = "причина",
    .alive = "ЧИП МОЖЕТ БЫТЬ ЖИВ: уничтожить",
    .state = "Состояние реестра",
    .state_note =
        "Последняя строка журнала аудита каждой станции и её хэш, который охватывает все строки до неё. Отчёт "
        "описывает реестр по эти строки включительно: сверьте их с якорями и выгрузками (patent-personalize audit "
        "verify).",
    .station = "станция",
    .line = "строка",
    .hash = "SHA-256",
    .compiled_by = "Составил",
    .checked_by = "Проверил",
    .name = "фамилия, инициалы",
    .signature = "подпись",
    .date = "дата",
};

}  // namespace

const StockReportWords& stock_report_words(reader::Language language) {
  return language == reader::Language::russian ? kRussian : kEnglish;
}

std::string shown(std::string_view text) { return crypto::shown(text, ' '); }

std::string readable(std::chrono::sys_seconds moment) {
  const auto iso = reader::to_iso(moment);
  return fmt::format("{} {} UTC", iso.substr(0, 10), iso.substr(11, 8));
}

std::string words_for(const ShiftReport& report, const StockReportWords& words) {
  const auto& shift = report.shift;
  auto out = fmt::format(fmt::runtime(words.shift_opened), shift.number, shown(shift.station), readable(shift.opened),
                         shown(shift.operator_name));
  if (shift.closed == std::chrono::sys_seconds{}) return out.append(words.still_open);
  return out += fmt::format(fmt::runtime(words.shift_closed), readable(shift.closed), shown(shift.closed_by),
                            shown(shift.witnessed_by), report.well_signed() ? words.well_signed : words.badly_signed);
}

}  // namespace personalize
