// SPDX-License-Identifier: Apache-2.0
// Tajik for holders. A draft: no native speaker has read it yet (docs/judgement.md).
#include "reader/report/holder.hpp"

namespace reader {

const HolderWords kHolderTajik{
    .code = "tg",
    .lines = {{
        {HolderLine::paid, "Патент то {date} пардохт шудааст."},
        {HolderLine::unpaid, "Патент аз {date} пардохт нашудааст. Агар пардохт карда бошед, чекро нишон диҳед."},
        {HolderLine::payment_not_seen,
         "Пардохти шумо ҳоло дида намешавад. Чекро нигоҳ доред ва ба идораи патентдиҳанда муроҷиат кунед."},
        {HolderLine::term_over, "Мӯҳлати патент гузаштааст: он аз {date} эътибор надорад. Патенти нав лозим аст."},
        {HolderLine::annulled, "Патент бекор карда шудааст. Ба идораи патентдиҳанда муроҷиат кунед."},
        {HolderLine::card_gone,
         "Ин корт дигар эътибор надорад: корти дигар дода шудааст ё корт гумшуда эълон шудааст. Онро супоред."},
        {HolderLine::suspended, "Амали патент боздошта шудааст. Ба идораи патентдиҳанда муроҷиат кунед."},
        {HolderLine::elsewhere, "Патент танҳо дар ин ҷо эътибор дорад: {text}."},
        {HolderLine::not_active, "Патент ҳанӯз эътибор надорад."},
        {HolderLine::profession, "Дар патент касби дигар нишон дода шудааст."},
        {HolderLine::cannot_say,
         "Ҳоло патентро санҷидан мумкин нест. Ин гуноҳи шумо нест: корманд аз рӯи рақам месанҷад."},
        {HolderLine::not_genuine, "Корт аз санҷиши ҳақиқӣ будан нагузашт."},
        {HolderLine::read_again, "Корт хонда нашуд. Онро бори дигар наздик кунед."},
        {HolderLine::not_a_patent, "Ин корти патент нест."},
    }},
};

}  // namespace reader
