// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/batch_words.hpp"

namespace personalize {
namespace {

constexpr BatchWords kEnglish{
    .order = "order {}",
    .blank = "blank {}",
    .step = "order {}: {}",
    .issued_card = "issued card {}",
    .rejected = "rejected: {}",
    .tries_again = "tries again: {}",
    .lost = "lost",
    .back = "is back",
    .identify = "identify",
    .sign = "sign",
    .write = "write {}/{}: {}",
    .read_back = "read back",
    .cards = "{} cards",
    .an_hour = ", {:.0f} an hour",
    .faults = ", {} faults",
    .left = ", about {} left",
    .minutes = "{} min",
    .hours = "{} h {} min",
    .times = "ms p50/p95: {}",
    .issued = "{} issued in {}: card {}, chip {}, {} ({} APDUs, {} ms)",
    .order_refused = "order {}: {}",
    .unreadable = "{}: cannot be read, or is empty",
    .into_bin = "{}: the card goes into the reject bin: {}",
    .of_blank = ", blank {}",
    .voids = ", order {} is voided",
    .alive = "; its chip may be alive: destroy it",
    .torn = "{}: {}; tried again on the same chip",
    .reader_lost = "{}: {}",
    .reader_back = "{}: is back",
    .summary = "{} issued, {} issued before, {} refused, {} cards rejected",
    .refused = "orders refused",
    .mend =
        "mend what is said of them; release held ones: patent-personalize ledger release ORDER_ID; or give them up: "
        "patent-personalize void ORDER_ID",
    .spoilt = "rejected",
    .new_order = "a voided order needs a new order with a new card number",
    .open = "open on a chip",
    .bring = "give the same command with those cards, or patent-personalize void ORDER_ID when a chip is dead",
    .and_more = "  and {} more: patent-personalize show",
    .stopped = "stopped: {}; when that is mended, the same command goes on",
    .interrupted = "interrupted: the same command goes on",
    .incomplete = "not all orders have a card: no reader is left, or no blank; the same command goes on",
    .no_blank = "not all orders have a card: put blanks into the feed, then the same command",
};

constexpr BatchWords kRussian{
    .order = "заказ {}",
    .blank = "бланк {}",
    .step = "заказ {}: {}",
    .issued_card = "выпущена карта {}",
    .rejected = "брак: {}",
    .tries_again = "ещё одна попытка: {}",
    .lost = "потерян",
    .back = "снова на связи",
    .identify = "опознание чипа",
    .sign = "подпись",
    .write = "запись {}/{}: {}",
    .read_back = "проверка чтением",
    .cards = "карт: {}",
    .an_hour = ", {:.0f} в час",
    .faults = ", сбоев: {}",
    .left = ", осталось около {}",
    .minutes = "{} мин",
    .hours = "{} ч {} мин",
    .times = "мс p50/p95: {}",
    .issued = "{} выпущен, {}: карта {}, чип {}, {} (APDU: {}, {} мс)",
    .order_refused = "заказ {}: {}",
    .unreadable = "{}: не читается или пуст",
    .into_bin = "{}: карта в ящик для брака: {}",
    .of_blank = ", бланк {}",
    .voids = ", заказ {} отменён",
    .alive = "; чип может быть жив: карту уничтожить",
    .torn = "{}: {}; ещё одна попытка на том же чипе",
    .reader_lost = "{}: {}",
    .reader_back = "{}: снова на связи",
    .summary = "выпущено: {}, выпущено раньше: {}, отклонено заказов: {}, карт в браке: {}",
    .refused = "отклонены заказы",
    .mend =
        "исправьте то, что о них сказано; отложенные возвращает в очередь patent-personalize ledger release "
        "ORDER_ID, отказывается от них patent-personalize void ORDER_ID",
    .spoilt = "брак",
    .new_order = "вместо отменённого нужен новый заказ с новым номером карты",
    .open = "начаты на чипе и не окончены",
    .bring = "повторите команду с этими картами, а если чип мёртв - patent-personalize void ORDER_ID",
    .and_more = "  и ещё {}: patent-personalize show",
    .stopped = "остановлено: {}; когда это исправлено, повторите команду - она продолжит",
    .interrupted = "прервано: та же команда продолжит",
    .incomplete = "не у всех заказов есть карта: не осталось считывателей или бланков; та же команда продолжит",
    .no_blank = "не у всех заказов есть карта: пополните подачу бланками и повторите команду",
};

}  // namespace

const BatchWords& batch_words(bool russian) { return russian ? kRussian : kEnglish; }

}  // namespace personalize
