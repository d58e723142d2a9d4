// SPDX-License-Identifier: Apache-2.0
// Kyrgyz for holders. A draft: no native speaker has read it yet (docs/judgement.md).
#include "reader/report/holder.hpp"

namespace reader {

const HolderWords kHolderKyrgyz{
    .code = "ky",
    .lines = {{
        {HolderLine::paid, "Патент {date} чейин төлөнгөн."},
        {HolderLine::unpaid, "Патент {date} баштап төлөнгөн эмес. Төлөгөн болсоңуз, чекти көрсөтүңүз."},
        {HolderLine::payment_not_seen,
         "Төлөмүңүз азырынча көрүнбөйт. Чекти сактап, патент берген мекемеге кайрылыңыз."},
        {HolderLine::term_over, "Патенттин мөөнөтү бүттү: ал {date} баштап жараксыз. Жаңы патент керек."},
        {HolderLine::annulled, "Патент жокко чыгарылган. Патент берген мекемеге кайрылыңыз."},
        {HolderLine::card_gone,
         "Бул карта мындан ары жараксыз: башкасы берилген же карта жоголгон деп жарыяланган. Аны тапшырыңыз."},
        {HolderLine::suspended, "Патенттин колдонулушу токтотулган. Патент берген мекемеге кайрылыңыз."},
        {HolderLine::elsewhere, "Патент ушул жерде гана жарактуу: {text}."},
        {HolderLine::not_active, "Патент азырынча күчүнө кире элек."},
        {HolderLine::profession, "Патентте башка кесип көрсөтүлгөн."},
        {HolderLine::cannot_say,
         "Азыр патентти текшерүү мүмкүн эмес. Бул сиздин күнөөңүз эмес: кызматкер номери боюнча текшерет."},
        {HolderLine::not_genuine, "Карта аныктыгын текшерүүдөн өткөн жок."},
        {HolderLine::read_again, "Карта окулган жок. Аны дагы бир жолу жакындатыңыз."},
        {HolderLine::not_a_patent, "Бул патент картасы эмес."},
    }},
};

}  // namespace reader
