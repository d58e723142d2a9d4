// SPDX-License-Identifier: Apache-2.0
// Romanian for holders. A draft: no native speaker has read it yet (docs/judgement.md).
#include "reader/report/holder.hpp"

namespace reader {

const HolderWords kHolderRomanian{
    .code = "ro",
    .lines = {{
        {HolderLine::paid, "Patenta este plătită până la {date}."},
        {HolderLine::unpaid, "Patenta nu este plătită din {date}. Dacă ați plătit, arătați bonul."},
        {HolderLine::payment_not_seen,
         "Plata dumneavoastră nu se vede încă. Păstrați bonul și adresați-vă autorității emitente."},
        {HolderLine::term_over,
         "Termenul patentei a expirat: nu este valabilă din {date}. Este necesară o patentă nouă."},
        {HolderLine::annulled, "Patenta a fost anulată. Adresați-vă autorității emitente."},
        {HolderLine::card_gone,
         "Acest card nu mai este valabil: a fost eliberat altul sau a fost declarat pierdut. Predați-l."},
        {HolderLine::suspended, "Patenta este suspendată. Adresați-vă autorității emitente."},
        {HolderLine::elsewhere, "Patenta este valabilă numai aici: {text}."},
        {HolderLine::not_active, "Patenta nu este încă valabilă."},
        {HolderLine::profession, "În patentă este indicată altă profesie."},
        {HolderLine::cannot_say,
         "Patenta nu poate fi verificată acum. Nu este vina dumneavoastră: agentul verifică după număr."},
        {HolderLine::not_genuine, "Cardul nu a trecut verificarea autenticității."},
        {HolderLine::read_again, "Cardul nu a putut fi citit. Apropiați-l încă o dată."},
        {HolderLine::not_a_patent, "Acesta nu este un card de patentă."},
    }},
};

}  // namespace reader
