// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/card_append.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "card/patent/data_groups.hpp"
#include "reader/inspect/names.hpp"
#include "reader/judge/checks.hpp"
#include "reader/judge/status_evidence.hpp"
#include "reader/judge/verify.hpp"

namespace personalize {
namespace {

using crypto::Bytes;
using layout::FileId;
using reader::Check;
using reader::CheckState;

template <class T>
using Step = crypto::Result<T, AppendFailure>;

crypto::unexpected<AppendFailure> failure(AppendError error, std::string subject = {}) {
  return crypto::unexpected<AppendFailure>(AppendRefusal{error, std::move(subject), {}, 0});
}

template <class T>
crypto::unexpected<AppendFailure> passed_on(const crypto::Result<T, IssuerFailure>& failed) {
  return crypto::unexpected<AppendFailure>(failed.error());
}

AppendFailure failure_of(const RecordsFailure& failed, FileId file) {
  if (failed.link) return *failed.link;
  const bool full = failed.status == wire::StatusWord::not_enough_memory;
  return AppendRefusal{full ? AppendError::file_full : AppendError::refused, std::string(layout::file(file).name),
                       failed.status, 0};
}
auto about(FileId file) {
  return [file](const RecordsFailure& failed) { return failure_of(failed, file); };
}

CheckState state_of(const reader::Verdict& verdict, Check check) {
  const auto found = std::ranges::find(verdict.checks, check, &reader::CheckResult::check);
  return found == verdict.checks.end() ? CheckState::aborted : found->state;
}

// The check for want of which the card is not proved genuine, and no copy; nothing when it is. What the card says of
// the patent's life is no matter here.
std::optional<Check> unproved(const reader::Verdict& verdict) {
  for (const auto check : reader::genuine_checks())
    if (state_of(verdict, check) != CheckState::successful) return check;
  bool proof = false;
  for (const auto check : reader::checks_if_announced()) {
    const auto state = state_of(verdict, check);
    if (state != CheckState::successful && state != CheckState::not_supported) return check;
    proof = proof || state == CheckState::successful;
  }
  return proof ? std::nullopt : std::optional(Check::chip_authentication);
}

std::string described(const reader::TerminalAuthentication& run) {
  std::string text(reader::name_of(run.outcome));
  if (run.refused_at) text += fmt::format(" at {} ({:04X})", reader::name_of(*run.refused_at), wire::value(run.status));
  return run.reference.empty() ? text : text + ", " + run.reference;
}

// But for the moment: a status that was not entered again is no older for that.
bool says_the_same(const patent::StatusRecord& a, patent::StatusRecord b) {
  b.as_of = a.as_of;
  return a == b;
}

}  // namespace

class CardAppend::Work {
public:
  Work(const CardAppend& of, reader::OpenSession& session, const ChooseStatus& choose, crypto::Time at)
      : of_(of), session_(session), records_(session), choose_(choose), at_(at) {}

  Step<Appended> run() {
    PATENT_TRY_VOID(require_genuine());
    PATENT_TRY_VOID(show_terminal());
    PATENT_TRY_VOID(read_newest());
    auto chosen = choose_(card_);
    if (!chosen) return crypto::unexpected<AppendFailure>(chosen.error());
    if (card_.newest && says_the_same(*card_.newest, *chosen)) return Appended{*card_.newest, true, false, 0};
    if (chosen->sequence <= last_sequence_)
      return crypto::unexpected<AppendFailure>(AppendRefusal{AppendError::card_is_ahead, {}, {}, last_sequence_});
    return append(*std::move(chosen));
  }

private:
  Step<void> require_genuine() {
    const auto verdict = reader::verify(session_.evidence(), of_.trust_, policy_, at_);
    if (const auto check = unproved(verdict))
      return failure(AppendError::not_genuine,
                     fmt::format("{} {}", reader::name_of(*check), reader::name_of(state_of(verdict, *check))));
    const auto& facts = verdict.facts;
    card_ = {
        facts.card_number, facts.patent_series + facts.patent_number, facts.issue_date.value_or(patent::Date{}), {}};
    return {};
  }

  Step<void> show_terminal() {
    const auto run = session_.authenticate(of_.terminal_);
    if (!run) return crypto::unexpected<AppendFailure>(run.error());
    if (run->outcome != reader::TerminalOutcome::done) return failure(AppendError::terminal_refused, described(*run));
    const auto selected = records_.select();
    if (selected) return {};
    if (selected.error().link) return crypto::unexpected<AppendFailure>(*selected.error().link);
    return failure(AppendError::no_records);
  }

  // What the newest record says counts only when its signer's certificate is on the card and holds.
  Step<void> read_newest() {
    PATENT_TRY(const Bytes newest, records_.newest(FileId::status).map_error(about(FileId::status)));
    const auto decoded = patent::decode_status_record(newest);
    last_sequence_ = decoded ? decoded->record.sequence : 0;
    if (!decoded) return {};
    const auto number = decoded->certificate_record;
    PATENT_TRY(const Bytes certificate,
               records_.record(FileId::certificates, number).map_error(about(FileId::certificates)));
    card_.newest = believed(newest, certificate, number);
    return {};
  }

  // The reader's own judgement of one record.
  [[nodiscard]] std::optional<patent::StatusRecord> believed(const Bytes& record, const Bytes& certificate,
                                                             std::uint8_t number) const {
    reader::Evidence seen;
    seen.records = reader::ReadOutcome::read;
    seen.status_records = {record};
    seen.certificate_records.resize(number);
    seen.certificate_records.back() = certificate;
    reader::Revocations revocations(of_.trust_, policy_, at_);
    reader::Judgement judgement;
    auto status =
        reader::trusted_status(seen, {card_.card_number, card_.patent_number, of_.signer_.certificate.country()},
                               of_.trust_, revocations, judgement);
    return judgement.passed(Check::status_signature) ? status.newest : std::nullopt;
  }

  Step<Appended> append(patent::StatusRecord status) {
    // Entered before this signer was certified: it is still so, and the signer can say no earlier that it is.
    status.as_of = std::max(status.as_of, of_.signer_.certificate.not_before());
    const auto may = check_signer(of_.signer_, of_.signer_.certificate.is_status_signer(), status.as_of);
    if (!may) return passed_on(may);
    const auto made = sign_status(of_.engine_, of_.signer_, status);
    if (!made) return passed_on(made);
    const auto certificate = certificate_record_of(of_.signer_);
    if (!certificate) return passed_on(certificate);
    if (believed(made->record(1), *certificate, 1) != status) return failure(AppendError::not_acceptable);

    Appended out{std::move(status), false, false, 0};
    PATENT_TRY(const std::uint8_t number, place_certificate(*certificate, out.certificate_added));
    const Bytes record = made->record(number);
    PATENT_TRY_VOID(records_.append(FileId::status, record).map_error(about(FileId::status)));
    PATENT_TRY(const Bytes there, records_.newest(FileId::status).map_error(about(FileId::status)));
    if (there != record) return failure(AppendError::read_back);
    return out;
  }

  // The number of the signer's certificate record; appended where the card has none.
  Step<std::uint8_t> place_certificate(const Bytes& certificate, bool& added) {
    PATENT_TRY(auto number, find_certificate(certificate));
    if (number != 0) return number;
    PATENT_TRY_VOID(records_.append(FileId::certificates, certificate).map_error(about(FileId::certificates)));
    added = true;
    PATENT_TRY(number, find_certificate(certificate));
    if (number == 0) return failure(AppendError::read_back);
    return number;
  }

  // 0 when it is not there. Only the frame is searched for: anybody with the right may have used the name.
  Step<std::uint8_t> find_certificate(const Bytes& certificate) {
    const auto name = crypto::TlvReader(certificate).next();
    if (!name) return failure(AppendError::read_back);
    PATENT_TRY(const auto numbers,
               records_.find(FileId::certificates, name->whole).map_error(about(FileId::certificates)));
    for (const auto number : numbers) {
      PATENT_TRY(const Bytes there,
                 records_.record(FileId::certificates, number).map_error(about(FileId::certificates)));
      if (there == certificate) return number;
    }
    return std::uint8_t{0};
  }

  const CardAppend& of_;
  reader::OpenSession& session_;
  CardRecords records_;
  const ChooseStatus& choose_;
  crypto::Time at_;
  reader::Policy policy_;
  CardStatus card_;
  std::uint32_t last_sequence_ = 0;  // of the newest record, believed or not
};

Step<Appended> CardAppend::run(reader::PoweredCard& card, const reader::AccessKey& key, const ChooseStatus& choose,
                               crypto::Time at) const {
  std::optional<Step<Appended>> result;
  reader::SessionOptions options;
  options.link = card.limits;
  options.work = [&](reader::OpenSession& session) { result = Work(*this, session, choose, at).run(); };
  const auto evidence = reader::inspect(engine_, *card.channel, key, {.photo = false, .status = false}, options, at);
  if (evidence.link_error && !result) return crypto::unexpected<AppendFailure>(*evidence.link_error);
  if (evidence.access != reader::AccessOutcome::opened)
    return failure(AppendError::not_opened, std::string(reader::name_of(evidence.access)));
  if (!result) return failure(AppendError::not_genuine, "not_a_patent");
  if (*result) (*result)->apdus = evidence.traffic.apdus;
  return *std::move(result);
}

}  // namespace personalize
