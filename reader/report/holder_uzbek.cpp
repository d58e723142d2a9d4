// SPDX-License-Identifier: Apache-2.0
// Uzbek in Latin letters for holders. A draft: no native speaker has read it yet (docs/judgement.md).
#include "reader/report/holder.hpp"

namespace reader {

const HolderWords kHolderUzbek{
    .code = "uz",
    .lines = {{
        {HolderLine::paid, "Patent {date} kunigacha to‘langan."},
        {HolderLine::unpaid, "Patent {date} dan beri to‘lanmagan. To‘lagan bo‘lsangiz, chekni ko‘rsating."},
        {HolderLine::payment_not_seen,
         "To‘lovingiz hozircha ko‘rinmayapti. Chekni saqlang va patent bergan idoraga murojaat qiling."},
        {HolderLine::term_over, "Patent muddati tugagan: u {date} dan amal qilmaydi. Yangi patent kerak."},
        {HolderLine::annulled, "Patent bekor qilingan. Patent bergan idoraga murojaat qiling."},
        {HolderLine::card_gone,
         "Bu karta endi amal qilmaydi: boshqasi berilgan yoki yo‘qolgan deb e’lon qilingan. Uni topshiring."},
        {HolderLine::suspended, "Patentning amal qilishi to‘xtatib turilgan. Patent bergan idoraga murojaat qiling."},
        {HolderLine::elsewhere, "Patent faqat shu yerda amal qiladi: {text}."},
        {HolderLine::not_active, "Patent hali kuchga kirmagan."},
        {HolderLine::profession, "Patentda boshqa kasb ko‘rsatilgan."},
        {HolderLine::cannot_say,
         "Hozir patentni tekshirib bo‘lmaydi. Bu sizning aybingiz emas: xodim raqam bo‘yicha tekshiradi."},
        {HolderLine::not_genuine, "Karta haqiqiylik tekshiruvidan o‘tmadi."},
        {HolderLine::read_again, "Karta o‘qilmadi. Uni yana bir bor tuting."},
        {HolderLine::not_a_patent, "Bu patent kartasi emas."},
    }},
};

}  // namespace reader
