// SPDX-License-Identifier: Apache-2.0
#include "reader/seal/seal_check.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "card/patent/data_groups.hpp"
#include "card/patent/sealed_patent.hpp"
#include "card/patent/text.hpp"
#include "crypto/certificate_chain.hpp"
#include "reader/judge/issuing_state.hpp"
#include "reader/judge/patent_verdict.hpp"
#include "reader/judge/signer_rules.hpp"
#include "reader/judge/situation.hpp"

namespace reader {
namespace {

using enum CheckState;
using patent::Patent;
using patent::SealError;
using std::chrono::sys_days;

constexpr std::string_view kDocumentCode = "IW";  // of patents, in the MRZ and in their signers' certificates

// DD.MM.YYYY, MM.YYYY or YYYY, as printed, as eight digits with 00 for what is unknown.
std::string digits_of_date(std::string_view printed) {
  std::string digits;
  for (auto rest = printed; !rest.empty();) {
    const auto dot = rest.rfind('.');
    digits += rest.substr(dot == std::string_view::npos ? 0 : dot + 1);
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(0, dot);
  }
  std::erase(digits, '-');  // ISO 8601
  return digits.append(8 - std::min<std::size_t>(digits.size(), 8), '0');
}

// A printed field, and what a patent has there. Dates are compared as digits.
struct Field {
  std::string_view name;
  std::string (*of)(const Patent&);
  bool is_date = false;
};
constexpr std::array kFields{
    Field{"series", [](const Patent& p) { return p.series; }},
    Field{"number", [](const Patent& p) { return p.number; }},
    Field{"card_number", [](const Patent& p) { return p.card_number; }},
    Field{"surname", [](const Patent& p) { return p.surname_ru; }},
    Field{"given_names", [](const Patent& p) { return p.given_ru; }},
    Field{"patronymic", [](const Patent& p) { return p.patronymic_ru.value_or(""); }},
    Field{"birth_date", [](const Patent& p) { return patent::birth_date_text(p.birth_date); }, true},
    Field{"citizenship", [](const Patent& p) { return p.citizenship; }},
    Field{"identity_document", [](const Patent& p) { return p.identity_document; }},
    Field{"profession", [](const Patent& p) { return p.profession; }},
    Field{"inn", [](const Patent& p) { return p.inn; }},
    Field{"territory", [](const Patent& p) { return p.territory_name; }},
    Field{"issue_date", [](const Patent& p) { return patent::date_text(p.issue_date); }, true},
};
constexpr auto kNames = [] {
  std::array<std::string_view, kFields.size()> names{};
  std::ranges::transform(kFields, names.begin(), &Field::name);
  return names;
}();

// As people type: neither case nor spaces matter, nor do the dots on a ё.
std::string as_typed(std::string_view text) {
  auto folded = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}).foldCase();
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const UChar32 c = folded.char32At(i);
    if (!u_isUWhiteSpace(c)) kept.append(c == U'ё' ? UChar32{U'е'} : c);
  }
  std::string out;
  return kept.toUTF8String(out);
}

bool agrees_with_print(const Field& field, const std::string& sealed, const std::string& printed) {
  if (field.is_date) return sealed == digits_of_date(printed);
  return patent::is_sealed_text(as_typed(sealed), as_typed(printed));
}

class SealJudgement {
public:
  SealJudgement(const SealComparison& with, const Trust& trust, const Policy& policy, const OfficerAnswers& officer,
                std::chrono::sys_seconds at)
      : with_(with),
        trust_(trust),
        policy_(policy),
        officer_(officer),
        at_(at),
        revocations_(trust, policy, at),
        rules_(DocumentKind::seal, trust, policy, revocations_, at) {}

  SealVerdict run(ByteView octets) {
    judgement_.find(Reason::no_chip);
    judge(octets);
    auto verdict = std::move(judgement_).conclude({.reason = Reason::ok}, std::move(facts_), at_);
    verdict.lists = std::move(lists_);
    return {std::move(verdict), std::move(differences_)};
  }

private:
  void judge(ByteView octets) {
    const auto read = patent::decode_seal(octets);
    if (!read) return unreadable(read.error());
    const auto sealed = patent::sealed_patent(read->seal);
    if (!sealed) return unreadable(sealed.error());
    judgement_.set(Check::content, undetermined);
    facts_ = facts_of(*sealed);
    const auto signer = find_signer(read->seal.header);
    if (!signer || !check_signature(*read, *signer)) return;
    judgement_.set(Check::content, successful);
    check_origin(read->seal.header, *signer);
    facts_.confirmed =
        std::ranges::all_of(std::array{Check::signer_validity, Check::signer_revocation, Check::issuing_state},
                            [&](Check check) { return judgement_.passed(check); });
    compare(*sealed);
    judge_life(*sealed, read->seal.header);
  }

  void unreadable(SealError error) {
    const bool other = error == SealError::not_a_seal || error == SealError::another_document;
    judgement_.fail(Check::content, failed, other ? Reason::not_a_patent : Reason::unreadable);
  }

  // By the two names that the header gives (Doc 9303-13, 2.2.1), under a trusted CSCA, made for patents.
  std::optional<crypto::Certificate> find_signer(const patent::SealHeader& header) {
    const auto serial = [](std::string_view hex) {
      return hex.substr(std::min(hex.find_first_not_of('0'), hex.size()));
    };
    for (const auto& signer : trust_.seal_signers) {
      if (signer.seal_signer_identifier() != header.signer || serial(signer.serial_hex()) != serial(header.certificate))
        continue;
      auto chain = crypto::chain_to(signer, trust_.csca);
      const auto types = signer.document_types();
      const bool for_patents = types.empty() || std::ranges::find(types, kDocumentCode) != types.end();
      if (!chain || !for_patents) continue;
      const bool accepted = std::ranges::all_of(*chain, [&](const crypto::Certificate& one) {
        return one.self_issued() || rules_.accepts(one.signature_hash(), signer);
      });
      if (!accepted) {
        judgement_.fail(Check::signer_chain, undetermined, Reason::algorithm_not_accepted);
        return std::nullopt;
      }
      judgement_.set(Check::signer_chain, successful);
      chain_ = *std::move(chain);
      return signer;
    }
    judgement_.fail(Check::signer_chain, undetermined, Reason::unknown_issuer);
    return std::nullopt;
  }

  // The hash goes with the curve's order, which the signature's length tells (2.4).
  bool check_signature(const patent::SignedSeal& seal, const crypto::Certificate& signer) {
    const auto octets = seal.signature.size();
    const auto hash = octets <= 64   ? crypto::HashAlgorithm::sha256
                      : octets <= 96 ? crypto::HashAlgorithm::sha384
                                     : crypto::HashAlgorithm::sha512;
    if (signer.verify_plain_signature(hash, seal.content, seal.signature)) {
      judgement_.set(Check::seal_signature, successful);
      return true;
    }
    judgement_.fail(Check::seal_signature, failed, Reason::forged);
    return false;
  }

  void settle(Check check, const std::optional<SignerFault>& fault) {
    if (fault)
      judgement_.fail(check, fault->state, fault->reason);
    else
      judgement_.set(check, successful);
  }

  void check_origin(const patent::SealHeader& header, const crypto::Certificate& signer) {
    // A day, not a moment: of the signer's first day, its first moment.
    const crypto::Time day = sys_days{header.signed_on}, first = signer.not_before();
    const auto signed_at = std::chrono::floor<std::chrono::days>(first) == day ? first : day;
    settle(Check::signer_validity, rules_.fault_of_dates(chain_, signed_at));
    settle(Check::signer_revocation, rules_.fault_of_revocation(signer));
    const bool ours = std::ranges::find(policy_.issuing_states, header.state) != policy_.issuing_states.end();
    const bool same = std::ranges::all_of(
        chain_, [&](const crypto::Certificate& c) { return c.country() == alpha2_of(header.state); });
    if (!ours) return judgement_.fail(Check::issuing_state, failed, Reason::not_a_patent);
    if (!same) return judgement_.fail(Check::issuing_state, failed, Reason::forged);
    judgement_.set(Check::issuing_state, successful);
  }

  void compare(const Patent& sealed) {
    for (const auto& field : kFields) {
      const auto own = field.of(sealed);
      if (with_.chip && !patent::is_sealed_text(own, field.of(*with_.chip))) differ(field, "chip");
      const auto typed = with_.print.find(std::string(field.name));
      if (typed != with_.print.end() && !agrees_with_print(field, own, typed->second)) differ(field, "print");
    }
    const bool compared = with_.chip || !with_.print.empty();
    judgement_.set(Check::seal_agreement, !compared ? not_supported : differences_.empty() ? successful : failed);
    if (differences_.empty()) return;
    std::string all;
    for (const auto& one : differences_) all += (all.empty() ? "" : ", ") + one;
    judgement_.find({.reason = Reason::data_mismatch, .text = std::move(all)});
  }

  void differ(const Field& field, std::string_view with) {
    differences_.push_back(std::string(field.name).append(" (").append(with).append(")"));
  }

  // By the lists alone: a seal carries no record, and nothing in it ever changes.
  void judge_life(const Patent& sealed, const patent::SealHeader& header) {
    std::chrono::sys_seconds newest = sys_days{header.signed_on};
    if (const auto list = revocations_.newest_signed_time()) newest = std::max(newest, *list);
    const auto life = evaluate(situation_of(sealed, {}, trust_, policy_, officer_, newest), limits_of(policy_), at_);
    Finding ok;
    take(life, sealed, judgement_, facts_, ok);
    lists_ = lists_of(sealed, trust_);
  }

  const SealComparison& with_;
  const Trust& trust_;
  const Policy& policy_;
  const OfficerAnswers& officer_;
  std::chrono::sys_seconds at_;
  Revocations revocations_;
  SignerRules rules_;
  Judgement judgement_{DocumentKind::seal};
  DocumentFacts facts_;
  std::vector<ListUsed> lists_;
  std::vector<crypto::Certificate> chain_;
  std::vector<std::string> differences_;
};

}  // namespace

std::span<const std::string_view> printed_fields() { return kNames; }

std::optional<patent::Patent> patent_in(const Evidence& evidence) {
  using layout::FileId;
  const auto* const dg1 = evidence.content(FileId::dg1);
  const auto* const dg11 = evidence.content(FileId::dg11);
  const auto* const dg12 = evidence.content(FileId::dg12);
  const auto* const dg13 = evidence.content(FileId::dg13);
  if (!dg1 || !dg11 || !dg12 || !dg13) return std::nullopt;
  auto decoded = patent::decode_patent({*dg1, *dg11, *dg12, *dg13});
  return decoded ? std::optional(*std::move(decoded)) : std::nullopt;
}

SealVerdict check_seal(ByteView octets, const SealComparison& with, const Trust& trust, const Policy& policy,
                       std::chrono::sys_seconds at, const OfficerAnswers& officer) {
  return SealJudgement(with, trust, policy, officer, at).run(octets);
}

}  // namespace reader
