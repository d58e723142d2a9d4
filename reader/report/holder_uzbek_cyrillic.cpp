// SPDX-License-Identifier: Apache-2.0
// Uzbek in Cyrillic letters for holders. A draft: no native speaker has read it yet (docs/judgement.md).
#include "reader/report/holder.hpp"

namespace reader {

const HolderWords kHolderUzbekCyrillic{
    .code = "uz-Cyrl",
    .lines = {{
        {HolderLine::paid, "Патент {date} кунигача тўланган."},
        {HolderLine::unpaid, "Патент {date} дан бери тўланмаган. Тўлаган бўлсангиз, чекни кўрсатинг."},
        {HolderLine::payment_not_seen,
         "Тўловингиз ҳозирча кўринмаяпти. Чекни сақланг ва патент берган идорага мурожаат қилинг."},
        {HolderLine::term_over, "Патент муддати тугаган: у {date} дан амал қилмайди. Янги патент керак."},
        {HolderLine::annulled, "Патент бекор қилинган. Патент берган идорага мурожаат қилинг."},
        {HolderLine::card_gone,
         "Бу карта энди амал қилмайди: бошқаси берилган ёки йўқолган деб эълон қилинган. Уни топширинг."},
        {HolderLine::suspended, "Патентнинг амал қилиши тўхтатиб турилган. Патент берган идорага мурожаат қилинг."},
        {HolderLine::elsewhere, "Патент фақат шу ерда амал қилади: {text}."},
        {HolderLine::not_active, "Патент ҳали кучга кирмаган."},
        {HolderLine::profession, "Патентда бошқа касб кўрсатилган."},
        {HolderLine::cannot_say,
         "Ҳозир патентни текшириб бўлмайди. Бу сизнинг айбингиз эмас: ходим рақам бўйича текширади."},
        {HolderLine::not_genuine, "Карта ҳақиқийлик текширувидан ўтмади."},
        {HolderLine::read_again, "Карта ўқилмади. Уни яна бир бор тутинг."},
        {HolderLine::not_a_patent, "Бу патент картаси эмас."},
    }},
};

}  // namespace reader
