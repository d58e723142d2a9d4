// SPDX-License-Identifier: Apache-2.0
// Azerbaijani for holders. A draft: no native speaker has read it yet (docs/judgement.md).
#include "reader/report/holder.hpp"

namespace reader {

const HolderWords kHolderAzerbaijani{
    .code = "az",
    .lines = {{
        {HolderLine::paid, "Patent {date} tarixinədək ödənilib."},
        {HolderLine::unpaid, "Patent {date} tarixindən ödənilməyib. Ödəmisinizsə, çeki göstərin."},
        {HolderLine::payment_not_seen,
         "Ödənişiniz hələ görünmür. Çeki saxlayın və patenti verən quruma müraciət edin."},
        {HolderLine::term_over, "Patentin müddəti bitib: {date} tarixindən qüvvədə deyil. Yeni patent lazımdır."},
        {HolderLine::annulled, "Patent ləğv edilib. Patenti verən quruma müraciət edin."},
        {HolderLine::card_gone,
         "Bu kart artıq qüvvədə deyil: başqası verilib və ya kart itmiş elan olunub. Onu təhvil verin."},
        {HolderLine::suspended, "Patentin qüvvəsi dayandırılıb. Patenti verən quruma müraciət edin."},
        {HolderLine::elsewhere, "Patent yalnız burada qüvvədədir: {text}."},
        {HolderLine::not_active, "Patent hələ qüvvəyə minməyib."},
        {HolderLine::profession, "Patentdə başqa peşə göstərilib."},
        {HolderLine::cannot_say,
         "Patenti indi yoxlamaq mümkün deyil. Bu sizin günahınız deyil: əməkdaş nömrə ilə yoxlayacaq."},
        {HolderLine::not_genuine, "Kart həqiqilik yoxlamasından keçmədi."},
        {HolderLine::read_again, "Kart oxunmadı. Onu bir daha yaxınlaşdırın."},
        {HolderLine::not_a_patent, "Bu, patent kartı deyil."},
    }},
};

}  // namespace reader
