// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/order_rules.hpp"

#include <algorithm>
#include <array>

namespace personalize {
namespace {

using enum OrderRule;
constexpr auto kFault = Severity::fault;
constexpr auto kWarning = Severity::warning;

constexpr std::array kTexts{
    OrderRuleText{too_large, kFault, "too_large", "the order is larger than 1 MiB", "заявка больше 1 МиБ"},
    OrderRuleText{byte_order_mark, kFault, "byte_order_mark",
                  "the file begins with a byte order mark; save it as plain UTF-8",
                  "файл начинается с метки порядка байтов; сохраните его в UTF-8 без BOM"},
    OrderRuleText{not_json, kFault, "not_json", "this is not strict JSON in UTF-8", "это не строгий JSON в UTF-8"},
    OrderRuleText{text_too_long, kFault, "text_too_long", "a text is longer than any field may be",
                  "текст длиннее любого допустимого поля"},
    OrderRuleText{schema, kFault, "schema", "the published schema does not allow this",
                  "опубликованная схема этого не допускает"},
    OrderRuleText{previous_required, kFault, "previous_required",
                  "this order type names the card and patent that it follows",
                  "для этого вида заявки укажите прежние карту и патент"},
    OrderRuleText{previous_forbidden, kFault, "previous_forbidden",
                  "a first issue follows no other card; use another order type",
                  "у первичной выдачи нет прежней карты; выберите другой вид заявки"},
    OrderRuleText{previous_same_card, kFault, "previous_same_card", "a new card has a new card number",
                  "у новой карты должен быть новый номер карты"},
    OrderRuleText{previous_other_patent, kFault, "previous_other_patent",
                  "a duplicate keeps the series and number of the patent that it repeats",
                  "дубликат сохраняет серию и номер патента"},
    OrderRuleText{previous_same_patent, kFault, "previous_same_patent", "a reissued patent has a number of its own",
                  "у переоформленного патента должен быть новый номер"},
    OrderRuleText{unknown_region, kFault, "unknown_region", "no subject of the Federation has this series",
                  "нет субъекта РФ с такой серией"},
    OrderRuleText{series_of_another_region, kFault, "series_of_another_region",
                  "the series is not the region profile's", "серия патента не соответствует региону"},
    OrderRuleText{territory_of_another_region, kFault, "territory_of_another_region",
                  "the OKTMO lies in another subject than the series", "ОКТМО относится к другому субъекту, чем серия"},
    OrderRuleText{issuer_of_another_region, kWarning, "issuer_of_another_region",
                  "the issuing unit's code begins with another region",
                  "код подразделения начинается с другого региона"},
    OrderRuleText{no_such_date, kFault, "no_such_date", "the calendar has no such date", "такой даты нет в календаре"},
    OrderRuleText{issued_in_the_future, kFault, "issued_in_the_future", "the issue date lies in the future",
                  "дата выдачи в будущем"},
    OrderRuleText{term_is_over, kFault, "term_is_over", "twelve months have passed since the issue date",
                  "со дня выдачи прошло двенадцать месяцев"},
    OrderRuleText{number_of_another_year, kWarning, "number_of_another_year",
                  "the number does not begin with the year of issue", "номер начинается не с года выдачи"},
    OrderRuleText{blank_number_form, kFault, "blank_number_form",
                  "a blank number has capital letters, digits and single spaces",
                  "номер бланка состоит из прописных букв, цифр и одиночных пробелов"},
    OrderRuleText{text_form, kFault, "text_form",
                  "the text has control characters, '<', a space at an end, or is not in normal form C",
                  "в тексте есть управляющие знаки, «<», пробел с краю, или он не в нормальной форме C"},
    OrderRuleText{name_missing, kFault, "name_missing", "surname and given names cannot both be empty",
                  "фамилия и имя не могут быть пусты одновременно"},
    OrderRuleText{name_not_cyrillic, kFault, "name_not_cyrillic",
                  "a name has Cyrillic letters, space, hyphen, apostrophe and dot only",
                  "в имени допустимы только кириллица, пробел, дефис, апостроф и точка"},
    OrderRuleText{name_not_latin, kFault, "name_not_latin",
                  "a Latin name has A-Z, space, hyphen and apostrophe only, as in the passport's MRZ",
                  "в латинском имени допустимы только A-Z, пробел, дефис и апостроф, как в МСЗ паспорта"},
    OrderRuleText{name_differs_from_cyrillic, kWarning, "name_differs_from_cyrillic",
                  "one of Cyrillic and Latin has this name, the other has not",
                  "имя есть только в одном из написаний, кириллицей или латиницей"},
    OrderRuleText{under_age, kFault, "under_age", "the holder is not eighteen on the issue date",
                  "на дату выдачи владельцу нет восемнадцати лет"},
    OrderRuleText{age_unsure, kWarning, "age_unsure", "with this partial birth date the holder may be under eighteen",
                  "при неполной дате рождения владельцу может не быть восемнадцати"},
    OrderRuleText{citizenship_needs_no_patent, kFault, "citizenship_needs_no_patent",
                  "citizens of this state take no patent on this date",
                  "гражданам этого государства патент на эту дату не выдаётся"},
    OrderRuleText{document_look_alikes, kFault, "document_look_alikes",
                  "the number has other characters than A-Z and 0-9; Cyrillic letters look alike but are not",
                  "в номере есть знаки кроме A-Z и 0-9; похожая кириллица не подходит"},
    OrderRuleText{document_form, kWarning, "document_form", "passports of this state are usually numbered otherwise",
                  "номера паспортов этого государства обычно выглядят иначе"},
    OrderRuleText{document_expired, kFault, "document_expired",
                  "the identity document ends before the patent is issued", "документ истекает раньше выдачи патента"},
    OrderRuleText{inn_check_digits, kFault, "inn_check_digits", "the INN's check digits are wrong",
                  "контрольные цифры ИНН неверны"},
    OrderRuleText{snils_check_digits, kFault, "snils_check_digits", "the SNILS's check number is wrong",
                  "контрольное число СНИЛС неверно"},
    OrderRuleText{paid_after_known, kFault, "paid_after_known", "a payment cannot be known before it was made",
                  "платёж не может стать известен раньше, чем сделан"},
    OrderRuleText{first_payment_late, kFault, "first_payment_late",
                  "the first payment is made before or on the issue date",
                  "первый платёж вносится не позже дня выдачи"},
    OrderRuleText{payment_of_another_region, kFault, "payment_of_another_region",
                  "the payment's OKTMO lies in another subject", "ОКТМО платежа относится к другому субъекту"},
    OrderRuleText{face_not_base64, kFault, "face_not_base64", "the face image is not base64",
                  "изображение лица не в base64"},
    OrderRuleText{face_not_an_image, kFault, "face_not_an_image", "the face image cannot be decoded",
                  "изображение лица не читается"},
    OrderRuleText{face_of_another_format, kFault, "face_of_another_format",
                  "the face image is of another format than stated", "изображение лица другого формата, чем указано"},
    OrderRuleText{face_too_small, kFault, "face_too_small", "the face image is smaller than 413 x 531 pixels",
                  "изображение лица меньше 413 x 531 точек"},
    OrderRuleText{face_too_large, kFault, "face_too_large", "the face image cannot be brought under the size budget",
                  "изображение лица не удаётся уместить в отведённый размер"},
};

}  // namespace

const OrderRuleText& text_of(OrderRule rule) {
  // Every rule stands in the table: the test walks it, and the schema rule answers for a number from a newer software.
  const auto found = std::ranges::find(kTexts, rule, &OrderRuleText::rule);
  return found == kTexts.end() ? *std::ranges::find(kTexts, schema, &OrderRuleText::rule) : *found;
}

}  // namespace personalize
