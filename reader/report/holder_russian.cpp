// SPDX-License-Identifier: Apache-2.0
// Russian for holders.
#include "reader/report/holder.hpp"

namespace reader {

const HolderWords kHolderRussian{
    .code = "ru",
    .lines = {{
        {HolderLine::paid, "Патент оплачен по {date}."},
        {HolderLine::unpaid, "Патент не оплачен с {date}. Если вы платили, покажите чек."},
        {HolderLine::payment_not_seen, "Ваш платёж пока не виден. Сохраните чек и обратитесь в орган выдачи."},
        {HolderLine::term_over, "Срок патента истёк: он не действует с {date}. Нужен новый патент."},
        {HolderLine::annulled, "Патент аннулирован. Обратитесь в орган выдачи."},
        {HolderLine::card_gone,
         "Эта карта больше не действует: выдана другая или карта заявлена утраченной. Сдайте её."},
        {HolderLine::suspended, "Действие патента приостановлено. Обратитесь в орган выдачи."},
        {HolderLine::elsewhere, "Патент действует только здесь: {text}."},
        {HolderLine::not_active, "Патент ещё не действует."},
        {HolderLine::profession, "В патенте указана другая профессия."},
        {HolderLine::cannot_say, "Сейчас проверить патент нельзя. Это не ваша вина: сотрудник проверит по номеру."},
        {HolderLine::not_genuine, "Карта не прошла проверку подлинности."},
        {HolderLine::read_again, "Карта не прочитана. Приложите её ещё раз."},
        {HolderLine::not_a_patent, "Это не карта патента."},
    }},
};

}  // namespace reader
