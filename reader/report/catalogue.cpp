// SPDX-License-Identifier: Apache-2.0
#include "reader/report/catalogue.hpp"

#include <algorithm>
#include <array>

namespace reader {
namespace {

constexpr std::array kRussianSentences{
    Sentence{Reason::ok, "Оплачен по {date} (осталось {days})."},
    Sentence{Reason::ok_extended, "Продлён оплатой, оплачен по {date} (осталось {days})."},
    Sentence{Reason::status_ageing, "Сведения на {as_of}: им {amount} ч, обновите данные."},
    Sentence{Reason::fingers_unread, "Отпечатки не прочитаны: чип не дал их этому прибору ({text})."},
    Sentence{Reason::forged, "Подделка: данные на чипе не те, что подписал орган выдачи."},
    Sentence{Reason::clone_suspect, "Возможная копия: чип не тот, для которого подписан документ."},
    Sentence{Reason::data_mismatch, "Напечатанное и записанное на чипе различаются."},
    Sentence{Reason::annulled, "Аннулирован (сведения на {as_of})."},
    Sentence{Reason::lost, "Заявлен утраченным или похищенным (сведения на {as_of}). Карту изъять."},
    Sentence{Reason::replaced, "Заменён другой картой (сведения на {as_of}). Карту изъять."},
    Sentence{Reason::returned, "Сдан (сведения на {as_of}). Карту изъять."},
    Sentence{Reason::revoked, "Отозван органом выдачи (сведения на {as_of})."},
    Sentence{Reason::suspended, "Действие приостановлено (сведения на {as_of})."},
    Sentence{Reason::term_over, "Двенадцать месяцев истекли: не действует с {date}."},
    Sentence{Reason::unpaid, "Не оплачен с {date} (сведения на {as_of})."},
    Sentence{Reason::wrong_territory, "Здесь не действует. Действует только: {text}."},
    Sentence{Reason::unknown_issuer, "Подписавший неизвестен этому прибору: подлинность не установлена."},
    Sentence{Reason::signer_revoked, "Сертификат подписавшего отозван."},
    Sentence{Reason::signer_expired, "Сертификат подписавшего не действует на эту дату."},
    Sentence{Reason::revocation_unknown, "Нет действующего списка отзыва сертификатов: обновите данные прибора."},
    Sentence{Reason::unpaid_unconfirmed, "По карте не оплачен с {date}; данные от {as_of}, запросите чек."},
    Sentence{Reason::payment_not_seen, "Платёж ещё не виден: проверьте чек."},
    Sentence{Reason::algorithm_not_accepted, "Подписано алгоритмом, который здесь не принимается (SHA-1)."},
    Sentence{Reason::document_expired, "Срок действия документа истёк: последний день {date}."},
    Sentence{Reason::not_active, "Ещё не действует: не активирован или дата выдачи впереди ({date})."},
    Sentence{Reason::status_missing, "На карте нет сведений об оплате и состоянии."},
    Sentence{Reason::status_untrusted, "Запись о состоянии не заслуживает доверия и не учтена."},
    Sentence{Reason::profession, "Профессия отличается от указанной в патенте."},
    Sentence{Reason::person_flag, "Лицо состоит в реестре контролируемых лиц."},
    Sentence{Reason::no_chip, "Чип не отвечает: проверьте по QR-коду и номеру."},
    Sentence{Reason::can_wrong, "Неверный номер доступа (CAN) или МЧЗ: повторите ввод."},
    Sentence{Reason::unreadable, "Прочитано не всё: поднесите карту ещё раз."},
    Sentence{Reason::not_a_patent, "Это не карта патента."},
    Sentence{Reason::paper, "Бумажный бланк: проверьте по номеру."},
    Sentence{Reason::terminal_expired, "Сертификат прибора истёк."},
    Sentence{Reason::region_not_live, "Регион не выдаёт электронных патентов."},
    Sentence{Reason::clock, "Часы прибора неверны: подписанное время {as_of} ещё впереди."},
    Sentence{Reason::stale, "Данные старше допустимого: им {amount} ч (на {as_of})."},
};

constexpr std::array kEnglishSentences{
    Sentence{Reason::ok, "Paid until {date} ({days} left)."},
    Sentence{Reason::ok_extended, "Extended by payment, paid until {date} ({days} left)."},
    Sentence{Reason::status_ageing, "The data are of {as_of}, {amount} h old: refresh them."},
    Sentence{Reason::fingers_unread, "Fingerprints not read: the chip did not give them to this device ({text})."},
    Sentence{Reason::forged, "Forged: the chip does not hold what the issuer signed."},
    Sentence{Reason::clone_suspect, "Possible copy: not the chip that the document was signed for."},
    Sentence{Reason::data_mismatch, "Print and chip differ."},
    Sentence{Reason::annulled, "Annulled (as of {as_of})."},
    Sentence{Reason::lost, "Reported lost or stolen (as of {as_of}). Withdraw the card."},
    Sentence{Reason::replaced, "Replaced by another card (as of {as_of}). Withdraw the card."},
    Sentence{Reason::returned, "Returned (as of {as_of}). Withdraw the card."},
    Sentence{Reason::revoked, "Taken back by the issuer (as of {as_of})."},
    Sentence{Reason::suspended, "Suspended (as of {as_of})."},
    Sentence{Reason::term_over, "The twelve months are over: not valid since {date}."},
    Sentence{Reason::unpaid, "Not paid since {date} (as of {as_of})."},
    Sentence{Reason::wrong_territory, "Not valid here. Valid only in: {text}."},
    Sentence{Reason::unknown_issuer, "This device does not know the signer: nothing is proved."},
    Sentence{Reason::signer_revoked, "The signer's certificate was revoked."},
    Sentence{Reason::signer_expired, "The signer's certificate is not valid on this date."},
    Sentence{Reason::revocation_unknown, "No revocation list is in force: refresh the device's data."},
    Sentence{Reason::unpaid_unconfirmed, "By the card not paid since {date}; data of {as_of}, ask for the receipt."},
    Sentence{Reason::payment_not_seen, "The payment is not seen yet: check the receipt."},
    Sentence{Reason::algorithm_not_accepted, "Signed with an algorithm that is not accepted here (SHA-1)."},
    Sentence{Reason::document_expired, "The document has expired: its last day was {date}."},
    Sentence{Reason::not_active, "Not valid yet: not activated, or issued later ({date})."},
    Sentence{Reason::status_missing, "The card says nothing of payment and state."},
    Sentence{Reason::status_untrusted, "A status record cannot be trusted and was ignored."},
    Sentence{Reason::profession, "The work differs from the profession in the patent."},
    Sentence{Reason::person_flag, "The person is in the register of controlled persons."},
    Sentence{Reason::no_chip, "The chip is mute: check by QR code and number."},
    Sentence{Reason::can_wrong, "Wrong card access number (CAN) or MRZ: enter it again."},
    Sentence{Reason::unreadable, "Not everything was read: present the card again."},
    Sentence{Reason::not_a_patent, "This is no patent card."},
    Sentence{Reason::paper, "A paper form: check by number."},
    Sentence{Reason::terminal_expired, "The device's certificate has expired."},
    Sentence{Reason::region_not_live, "The region does not issue electronic patents."},
    Sentence{Reason::clock, "The device's clock is wrong: the signed time {as_of} lies ahead."},
    Sentence{Reason::stale, "The data are too old: {amount} h (of {as_of})."},
};

constexpr std::array kRussianChecks{
    CheckWord{Check::pace, "доступ к чипу (PACE)"},
    CheckWord{Check::bac, "доступ к чипу (BAC)"},
    CheckWord{Check::sod_signature, "подпись документа"},
    CheckWord{Check::signer_chain, "цепочка до CSCA"},
    CheckWord{Check::signer_validity, "срок сертификатов"},
    CheckWord{Check::signer_revocation, "отзыв сертификатов"},
    CheckWord{Check::data_group_hashes, "данные не изменены"},
    CheckWord{Check::com_consistency, "состав файлов"},
    CheckWord{Check::card_access_consistency, "параметры чипа"},
    CheckWord{Check::issuing_state, "государство выдачи"},
    CheckWord{Check::content, "содержание"},
    CheckWord{Check::expiry, "срок действия документа"},
    CheckWord{Check::chip_authentication, "подлинность чипа"},
    CheckWord{Check::active_authentication, "ответ чипа (AA)"},
    CheckWord{Check::terminal_authentication, "право прибора (TA)"},
    CheckWord{Check::clock, "часы прибора"},
    CheckWord{Check::status_signature, "подпись статуса"},
    CheckWord{Check::status_age, "свежесть статуса"},
    CheckWord{Check::state, "состояние патента"},
    CheckWord{Check::term, "двенадцать месяцев"},
    CheckWord{Check::paid_period, "оплаченный период"},
    CheckWord{Check::territory, "территория"},
};
constexpr std::array kEnglishChecks{
    CheckWord{Check::pace, "access to the chip (PACE)"},
    CheckWord{Check::bac, "access to the chip (BAC)"},
    CheckWord{Check::sod_signature, "document signature"},
    CheckWord{Check::signer_chain, "chain to the CSCA"},
    CheckWord{Check::signer_validity, "certificates' dates"},
    CheckWord{Check::signer_revocation, "certificates' revocation"},
    CheckWord{Check::data_group_hashes, "data unchanged"},
    CheckWord{Check::com_consistency, "list of files"},
    CheckWord{Check::card_access_consistency, "chip parameters"},
    CheckWord{Check::issuing_state, "issuing state"},
    CheckWord{Check::content, "content"},
    CheckWord{Check::expiry, "document not expired"},
    CheckWord{Check::chip_authentication, "chip is genuine"},
    CheckWord{Check::active_authentication, "chip's answer (AA)"},
    CheckWord{Check::terminal_authentication, "right of this device (TA)"},
    CheckWord{Check::clock, "device clock"},
    CheckWord{Check::status_signature, "status signature"},
    CheckWord{Check::status_age, "age of the status"},
    CheckWord{Check::state, "state of the patent"},
    CheckWord{Check::term, "twelve months"},
    CheckWord{Check::paid_period, "paid period"},
    CheckWord{Check::territory, "territory"},
};

// 1 день, 2 дня, 5 дней, 11 дней, 21 день.
std::string russian_days(std::int64_t count) {
  const auto tens = count % 100, ones = count % 10;
  const bool teens = tens >= 11 && tens <= 14;
  const char* const word = !teens && ones == 1 ? " день" : !teens && ones >= 2 && ones <= 4 ? " дня" : " дней";
  return std::to_string(count) + word;
}

std::string english_days(std::int64_t count) { return std::to_string(count) + (count == 1 ? " day" : " days"); }

constexpr Catalogue kRussian{
    .outcomes = {"ДЕЙСТВИТЕЛЕН", "НЕДЕЙСТВИТЕЛЕН", "НУЖНА ПРОВЕРКА"},
    .states = {"да", "НЕТ", "не установлено", "не проверялось", "не проверялось"},
    .sentences = kRussianSentences,
    .checks = kRussianChecks,
    .days = russian_days,
    .finger_positions = {"палец не указан", "правый большой", "правый указательный", "правый средний",
                         "правый безымянный", "правый мизинец", "левый большой", "левый указательный", "левый средний",
                         "левый безымянный", "левый мизинец"},
    .finger_absences = {"нет, причина не указана", "нет: ампутация", "нет: временно, травма", "нет: стёрты",
                        "нет: по закону не требуются"},
    .unconfirmed = "ВНИМАНИЕ: данные ниже не подтверждены.",
    .also = "Также:",
    .checked = "Проверено:",
    .holder = "Владелец",
    .latin_name = "Латиницей",
    .birth = "Дата рождения, пол",
    .citizenship = "Гражданство",
    .identity_document = "Документ",
    .patent = "Патент",
    .card = "Карта",
    .issued = "Выдан",
    .issuer = "Кем выдан",
    .paid_until = "Оплачен по",
    .none_paid = "не оплачен",
    .territory = "Территория",
    .profession = "Профессия",
    .any_profession = "не указана",
    .status_as_of = "Сведения на",
    .photo = "Фото",
    .fingers = "Отпечатки",
    .read_in = "Чтение",
};
constexpr Catalogue kEnglish{
    .outcomes = {"VALID", "INVALID", "NEEDS CHECK"},
    .states = {"yes", "NO", "undetermined", "not checked", "not checked"},
    .sentences = kEnglishSentences,
    .checks = kEnglishChecks,
    .days = english_days,
    .finger_positions = {"unknown finger", "right thumb", "right index", "right middle", "right ring", "right little",
                         "left thumb", "left index", "left middle", "left ring", "left little"},
    .finger_absences = {"none, no reason given", "none: amputated", "none: injured for now", "none: unreadable",
                        "none: not asked for by law"},
    .unconfirmed = "ATTENTION: the data below are not confirmed.",
    .also = "Also:",
    .checked = "Checked:",
    .holder = "Holder",
    .latin_name = "In Latin letters",
    .birth = "Birth date, sex",
    .citizenship = "Citizenship",
    .identity_document = "Passport",
    .patent = "Patent",
    .card = "Card",
    .issued = "Issued",
    .issuer = "Issued by",
    .paid_until = "Paid until",
    .none_paid = "not paid",
    .territory = "Territory",
    .profession = "Profession",
    .any_profession = "not named",
    .status_as_of = "Data as of",
    .photo = "Photo",
    .fingers = "Fingerprints",
    .read_in = "Reading",
};

}  // namespace

const Catalogue& catalogue(Language language) { return language == Language::russian ? kRussian : kEnglish; }

std::string_view sentence(const Catalogue& words, Reason reason) {
  const auto found = std::ranges::find(words.sentences, reason, &Sentence::reason);
  return found == words.sentences.end() ? std::string_view{} : found->text;
}

}  // namespace reader
