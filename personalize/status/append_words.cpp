// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/append_words.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "crypto/terminal_text.hpp"
#include "personalize/issue/words.hpp"
#include "reader/inspect/names.hpp"

namespace personalize {
namespace {

struct Text {
  std::string_view code, en, ru;  // {} stands for the subject
};

// In the order of the enums.
constexpr std::array kAppendErrors{
    Text{"not_opened", "the card does not open ({}): check the CAN or the zone, and try again",
         "карта не открывается ({}): проверьте CAN или машиночитаемую зону и повторите"},
    Text{"not_genuine", "the card is not proved genuine ({}): nothing was written; inspect it with patent-reader",
         "подлинность карты не доказана ({}): ничего не записано; проверьте её программой patent-reader"},
    Text{"terminal_refused",
         "the card does not accept this terminal ({}): renew its certificates with patent-pki new dv and new terminal",
         "карта не признаёт этот терминал ({}): обновите сертификаты: patent-pki new dv и new terminal"},
    Text{"no_records", "the card has no patent records: it cannot carry a status",
         "на карте нет приложения записей: статус записать некуда"},
    Text{"card_is_ahead",
         "the card's newest record has sequence {} and says something else: enter a newer status in the ledger",
         "последняя запись карты имеет номер {} и другое содержание: внесите в реестр более новый статус"},
    Text{"not_acceptable",
         "no reader would believe what was signed: look at the status signer, its CSCA and the revocation list "
         "(patent-pki crl); nothing was written",
         "подписанной записи не поверит ни один прибор: проверьте подписанта статуса, CSCA и список отзыва (patent-pki "
         "crl); ничего не записано"},
    Text{"file_full", "{} of the card is full and has lost nothing: issue a duplicate",
         "файл {} карты заполнен, записи не потеряны: выдайте дубликат"},
    Text{"refused", "the card refused: {}", "карта отказала: {}"},
    Text{"read_back",
         "the card does not give back what was appended: run the command again; if it stays so, replace it",
         "карта возвращает не то, что записано: повторите команду; если не поможет, замените карту"},
};
constexpr std::array kChoiceErrors{
    Text{"newest_untrusted",
         "the card's newest record is signed by nobody who is trusted: append from the ledger (--ledger)",
         "последняя запись карты подписана неизвестно кем: запишите статус из реестра (--ledger)"},
    Text{"unknown_to_ledger", "the ledger does not know this card", "карты нет в реестре"},
    Text{"other_patent", "the ledger knows this card with another patent number",
         "в реестре у этой карты другой номер патента"},
};
constexpr std::array kEventErrors{
    Text{"not_from_this_state",
         "the patent's state does not allow this event (docs/personalization.md, Appending a status)",
         "состояние патента не допускает этого события (docs/personalization.md, Appending a status)"},
    Text{"months_missing", "say how many months are paid in all since the issue date: --months N",
         "укажите, сколько всего месяцев оплачено с даты выдачи: --months N"},
    Text{"months_not_taken", "this event changes no months: leave --months out",
         "это событие не меняет оплаченных месяцев: уберите --months"},
    Text{"bad_months", "--months is what is paid in all: not less than the card says, and 12 at most",
         "--months — сколько оплачено всего: не меньше, чем на карте, и не больше 12"},
    Text{"paid_period_over",
         "the paid period is over, and a payment revives nothing: a payment made in time comes from the ledger "
         "(--ledger), else the issuer restores the patent (--event restoration --months N)",
         "оплаченный срок истёк, платёж его не возобновляет: своевременный платёж берётся из реестра (--ledger), иначе "
         "патент восстанавливает выдавший орган (--event restoration --months N)"},
};
constexpr Text kLink{"link", "the card cannot be reached: {}; what was begun is finished when the command is run again",
                     "нет связи с картой: {}; начатое завершится при повторном запуске"};

struct StateText {
  patent::State state;
  std::string_view ru;
};
constexpr std::array kStates{
    StateText{patent::State::valid, "действует"},         StateText{patent::State::invalid, "недействителен"},
    StateText{patent::State::suspended, "приостановлен"}, StateText{patent::State::not_active, "не активирован"},
    StateText{patent::State::annulled, "аннулирован"},    StateText{patent::State::lost, "утрачен"},
    StateText{patent::State::replaced, "заменён"},        StateText{patent::State::returned, "сдан"},
};

std::string_view state_text(patent::State state, AppendLanguage language) {
  if (language == AppendLanguage::english) return name_of(state);
  return std::ranges::find(kStates, state, &StateText::state)->ru;
}

template <class Enum, std::size_t N>
const Text& text(const std::array<Text, N>& table, Enum value) {
  return table.at(static_cast<std::size_t>(value));
}

struct Codes {
  std::string_view operator()(const AppendRefusal& f) const { return text(kAppendErrors, f.error).code; }
  std::string_view operator()(const wire::LinkError&) const { return kLink.code; }
  std::string_view operator()(const IssuerFailure& f) const { return code_of(IssuanceFailure(f)); }
  std::string_view operator()(const ChoiceFailure& f) const { return std::visit(*this, f); }
  std::string_view operator()(ChoiceError f) const { return text(kChoiceErrors, f).code; }
  std::string_view operator()(EventError f) const { return text(kEventErrors, f).code; }
  std::string_view operator()(const LedgerFailure& f) const { return code_of(IssuanceFailure(f)); }
};

class Sentences {
public:
  explicit Sentences(AppendLanguage language) : language_(language) {}

  std::string operator()(const AppendRefusal& f) const {
    std::string subject = f.subject;
    if (f.error == AppendError::card_is_ahead) subject = std::to_string(f.sequence);
    if (f.error == AppendError::refused) subject = fmt::format("{} {:04X}", f.subject, wire::value(f.status));
    return filled(text(kAppendErrors, f.error), crypto::shown(subject, '?'));
  }
  std::string operator()(const wire::LinkError& f) const { return filled(kLink, reader::name_of(f)); }
  std::string operator()(const IssuerFailure& f) const { return personalize::words_for(IssuanceFailure(f)); }
  std::string operator()(const ChoiceFailure& f) const { return std::visit(*this, f); }
  std::string operator()(ChoiceError f) const { return filled(text(kChoiceErrors, f), {}); }
  std::string operator()(EventError f) const { return filled(text(kEventErrors, f), {}); }
  std::string operator()(const LedgerFailure& f) const { return personalize::words_for(f); }

private:
  [[nodiscard]] std::string filled(const Text& text, std::string_view subject) const {
    return fmt::format(fmt::runtime(language_ == AppendLanguage::russian ? text.ru : text.en), subject);
  }
  AppendLanguage language_;
};

}  // namespace

std::string_view code_of(const AppendFailure& failure) { return std::visit(Codes{}, failure); }

std::string words_for(const AppendFailure& failure, AppendLanguage language) {
  return std::visit(Sentences(language), failure);
}

std::string words_for(const Appended& appended, AppendLanguage language) {
  const auto& status = appended.status;
  const bool russian = language == AppendLanguage::russian;
  std::string_view form = appended.already
                              ? "card {}: status {} was there already: {}, {} months paid, as of {:%F %T} UTC"
                              : "card {}: status {} appended: {}, {} months paid, as of {:%F %T} UTC";
  if (russian)
    form = appended.already ? "карта {}: статус {} уже записан: {}, оплачено месяцев: {}, сведения на {:%F %T} UTC"
                            : "карта {}: записан статус {}: {}, оплачено месяцев: {}, сведения на {:%F %T} UTC";
  return fmt::format(fmt::runtime(form), status.card_number, status.sequence, state_text(status.state, language),
                     status.months_paid, status.as_of);
}

}  // namespace personalize
