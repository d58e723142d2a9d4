// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/payment_faults.hpp"

#include <array>

namespace personalize {
namespace {

using enum PaymentFault;

// In the order of their numbers.
constexpr std::array kTexts{
    PaymentFaultText{not_utf8, "not_utf8", "this is not UTF-8", "это не UTF-8"},
    PaymentFaultText{line_too_long, "line_too_long", "longer than 64 KiB", "длиннее 64 КиБ"},
    PaymentFaultText{no_header, "no_header", "there is no line, not even one that names the columns",
                     "нет ни одной строки, даже с названиями столбцов"},
    PaymentFaultText{column_missing, "column_missing", "this column is missing", "нет этого столбца"},
    PaymentFaultText{column_twice, "column_twice", "this column stands there twice", "этот столбец указан дважды"},
    PaymentFaultText{quotes, "quotes", "quotes that do not enclose the whole field on its line",
                     "кавычки не охватывают поле целиком в его строке"},
    PaymentFaultText{fields, "fields", "more or fewer fields than the header has",
                     "полей больше или меньше, чем в заголовке"},
    PaymentFaultText{not_json, "not_json", "this is not a JSON object, or what is around it is not JSON",
                     "это не объект JSON, или вокруг него не JSON"},
    PaymentFaultText{bad_uin, "bad_uin", "a UIN has 20 or 25 digits, not all zeros",
                     "УИН состоит из 20 или 25 цифр, не только нулей"},
    PaymentFaultText{bad_inn, "bad_inn", "an INN has 12 digits, an organisation's 10; 0 where the payer gave none",
                     "ИНН состоит из 12 цифр, у организации из 10; 0, если не указан"},
    PaymentFaultText{bad_kbk, "bad_kbk", "a KBK has 20 digits", "КБК состоит из 20 цифр"},
    PaymentFaultText{bad_oktmo, "bad_oktmo", "an OKTMO has 8 or 11 digits", "ОКТМО состоит из 8 или 11 цифр"},
    PaymentFaultText{bad_sum, "bad_sum", "a sum is a whole number of kopecks above zero",
                     "сумма указывается целым числом копеек больше нуля"},
    PaymentFaultText{bad_date, "bad_date", "a date is a day of the calendar, YYYY-MM-DD",
                     "дата указывается как ГГГГ-ММ-ДД и есть в календаре"},
    PaymentFaultText{paid_after_known, "paid_after_known", "it cannot be known before it was paid",
                     "платёж не может стать известен раньше, чем сделан"},
    PaymentFaultText{known_in_future, "known_in_future", "this day lies in the future", "этот день в будущем"},
    PaymentFaultText{uin_twice, "uin_twice", "the ledger has a payment of this UIN with another content",
                     "в реестре есть платёж с этим УИН и другим содержанием"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTexts.size(); ++i)
    if (kTexts[i].fault != static_cast<PaymentFault>(i)) return false;
  return kTexts.back().fault == uin_twice;
}
static_assert(in_order());

}  // namespace

const PaymentFaultText& text_of(PaymentFault fault) { return kTexts.at(static_cast<std::size_t>(fault)); }

}  // namespace personalize
