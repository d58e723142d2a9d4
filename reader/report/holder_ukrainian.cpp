// SPDX-License-Identifier: Apache-2.0
// Ukrainian for holders. A draft: no native speaker has read it yet (docs/judgement.md).
#include "reader/report/holder.hpp"

namespace reader {

const HolderWords kHolderUkrainian{
    .code = "uk",
    .lines = {{
        {HolderLine::paid, "Патент оплачено по {date}."},
        {HolderLine::unpaid, "Патент не оплачено з {date}. Якщо ви платили, покажіть чек."},
        {HolderLine::payment_not_seen, "Ваш платіж поки не видно. Збережіть чек і зверніться до органу видачі."},
        {HolderLine::term_over, "Строк патенту закінчився: він не діє з {date}. Потрібен новий патент."},
        {HolderLine::annulled, "Патент анульовано. Зверніться до органу видачі."},
        {HolderLine::card_gone, "Ця картка більше не діє: видано іншу або картку заявлено втраченою. Здайте її."},
        {HolderLine::suspended, "Дію патенту зупинено. Зверніться до органу видачі."},
        {HolderLine::elsewhere, "Патент діє лише тут: {text}."},
        {HolderLine::not_active, "Патент ще не діє."},
        {HolderLine::profession, "У патенті вказано іншу професію."},
        {HolderLine::cannot_say,
         "Зараз перевірити патент неможливо. Це не ваша провина: співробітник перевірить за номером."},
        {HolderLine::not_genuine, "Картка не пройшла перевірку справжності."},
        {HolderLine::read_again, "Картку не прочитано. Прикладіть її ще раз."},
        {HolderLine::not_a_patent, "Це не картка патенту."},
    }},
};

}  // namespace reader
