// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/chip_authenticity.hpp"

#include "card/patent/data_groups.hpp"
#include "crypto/active_authentication.hpp"
#include "crypto/chip_authentication.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/signed_object.hpp"

namespace reader {
namespace {

using enum CheckState;
using crypto::CryptoError;
using layout::FileId;

constexpr std::uint8_t kKeyGroup = 15;  // active authentication's

std::vector<patent::ChipPublicKey> usable_keys(const patent::SecurityInfos& infos) {
  std::vector<patent::ChipPublicKey> keys;
  for (const auto& info : infos.chip_keys)
    if (auto key = patent::supported(info)) keys.push_back(*std::move(key));
  return keys;
}

// Whether the document promises a proof by a static key: it names one, or a protocol that needs one.
bool promises_proof(const patent::SecurityInfos& infos) {
  const auto maps_chip = [](const patent::PaceInfo& info) {
    const auto parameters = patent::supported(info);
    return parameters && parameters->mapping == crypto::Mapping::chip_authentication;
  };
  return !infos.chip_keys.empty() || !infos.chip_authentication.empty() || std::ranges::any_of(infos.pace, maps_chip);
}

constexpr SignerFault kNoIssuer{failed, Reason::clone_suspect};

// What is wrong with the signer of EF.CardSecurity. The document's own was judged with EF.SOD, but for this signing
// time. Who holds a trusted document and lets a stranger sign this file is no issuer.
std::optional<SignerFault> fault_of_signer(const crypto::Certificate& signer, std::optional<crypto::Time> signed_at,
                                           const AuthenticDocument& document, const SignerRules& rules) {
  if (signer.country() != document.signer().country()) return kNoIssuer;
  if (signer.der() == document.signer().der()) return rules.fault_of_dates({&signer, 1}, signed_at);
  const auto chain = rules.chain_of(signer);
  if (!chain) return chain.error().reason == Reason::algorithm_not_accepted ? chain.error() : kNoIssuer;
  if (const auto fault = rules.fault_of_dates(*chain, signed_at)) return fault;
  return rules.fault_of_revocation(signer);
}

// What EF.CardSecurity says, when a document signer under trust signed it (Doc 9303-11, 9.2.11).
crypto::Result<patent::SecurityInfos, SignerFault> signed_infos(ByteView card_security,
                                                                const AuthenticDocument& document,
                                                                const SignerRules& rules) {
  const auto fault_of = [](CryptoError error) {
    return error == CryptoError::unsupported ? SignerFault{undetermined, Reason::unreadable} : kNoIssuer;
  };
  PATENT_TRY(const auto object, crypto::SignedObject::parse(card_security).map_error(fault_of));
  const auto signer = object.signer();
  if (!signer || object.content_type() != crypto::kOidSecurityObject) return crypto::unexpected(kNoIssuer);
  if (!rules.accepts(object.digest(), *signer))
    return crypto::unexpected(SignerFault{undetermined, Reason::algorithm_not_accepted});
  PATENT_TRY_VOID(object.verify(*signer).map_error(fault_of));
  if (const auto fault = fault_of_signer(*signer, object.signing_time(), document, rules))
    return crypto::unexpected(*fault);
  auto infos = patent::decode_security_infos(object.content());
  if (!infos) return crypto::unexpected(kNoIssuer);
  return *std::move(infos);
}

class ChipJudgement {
public:
  ChipJudgement(const Evidence& evidence, const AuthenticDocument& document, const SignerRules& rules,
                Judgement& judgement)
      : evidence_(evidence), document_(document), rules_(rules), judgement_(judgement) {}

  void run() {
    if (!document_.names(14)) return judge({});  // an old document announces nothing there
    const auto* const dg14 = document_.data_group(14);
    const auto inside = dg14 ? patent::decode_dg14(*dg14)
                             : patent::Decoded<ByteView>(crypto::unexpected(patent::DecodeError::missing_object));
    const auto infos = inside ? patent::decode_security_infos(*inside)
                              : patent::Decoded<patent::SecurityInfos>(crypto::unexpected(inside.error()));
    if (!infos) {
      unknown(Check::chip_authentication);
      return unknown(Check::active_authentication);
    }
    judge(*infos);
  }

private:
  void judge(const patent::SecurityInfos& infos) {
    judge_chip_authentication(infos);
    judge_active_authentication(infos);
  }

  // In other states' documents the key of PACE-CAM need not stand in DG14: EF.CardSecurity is signed too.
  [[nodiscard]] bool is_patent() const { return judgement_.kind() == DocumentKind::patent; }
  [[nodiscard]] bool mapped() const {
    return evidence_.pace && evidence_.pace->mapping == crypto::Mapping::chip_authentication;
  }
  // The document announces keys that this reader cannot use, and the chip answered for one that it can.
  [[nodiscard]] bool answered_instead(const patent::SecurityInfos& infos) const {
    return !mapped() && usable_keys(infos).empty() && document_.names(kKeyGroup) && evidence_.active_authentication;
  }

  void unknown(Check check) { judgement_.fail(check, undetermined, Reason::unreadable); }
  void copy(Check check) { judgement_.fail(check, failed, Reason::clone_suspect); }
  // The document announces a key, and its chip was not heard to own it.
  void missing(Check check) { evidence_.link_error ? unknown(check) : copy(check); }
  // What this reader cannot compute says nothing of the chip.
  void conclude(Check check, const crypto::Engine::Outcome& outcome) {
    if (outcome) return judgement_.set(check, successful);
    outcome.error() == CryptoError::unsupported ? unknown(check) : copy(check);
  }

  void judge_chip_authentication(const patent::SecurityInfos& infos) {
    constexpr auto kCheck = Check::chip_authentication;
    const bool run = mapped() && !is_patent();
    if (!promises_proof(infos) && !run) return judgement_.set(kCheck, not_supported);
    const auto keys = usable_keys(infos);
    if (run || (mapped() && !keys.empty())) return judge_mapping(keys);
    if (answered_instead(infos)) return judgement_.set(kCheck, not_supported);
    if (keys.empty()) return unknown(kCheck);
    if (!evidence_.chip_authentication) return missing(kCheck);
    judge_agreement(*evidence_.chip_authentication, keys);
  }

  // PACE-CAM (4.4.3.5.2): a patent's key is EF.CardSecurity's, and DG14's, so that both signatures answer for it.
  void judge_mapping(const std::vector<patent::ChipPublicKey>& announced) {
    constexpr auto kCheck = Check::chip_authentication;
    if (!evidence_.chip_mapping) return copy(kCheck);
    const auto* const card_security = evidence_.content(FileId::card_security);
    if (!card_security) return missing(kCheck);
    const auto infos = signed_infos(*card_security, document_, rules_);
    if (!infos) return judgement_.fail(kCheck, infos.error().state, infos.error().reason);
    // The signed file says what the free one said (9.2.11), at least of the protocol that was run.
    const bool says_so = std::ranges::any_of(
        infos->pace, [&](const patent::PaceInfo& info) { return patent::supported(info) == evidence_.pace; });
    if (is_patent() && !says_so) return copy(kCheck);
    conclude(kCheck, fits_one_of(usable_keys(*infos), announced));
  }

  crypto::Engine::Outcome fits_one_of(const std::vector<patent::ChipPublicKey>& keys,
                                      const std::vector<patent::ChipPublicKey>& announced) {
    crypto::OpensslEngine engine;
    for (const auto& key : keys) {
      const bool usable = !is_patent() || std::ranges::find(announced, key) != announced.end();
      if (usable && key.curve == evidence_.chip_mapping->curve &&
          crypto::check_chip_mapping(engine, *evidence_.chip_mapping, key.point))
        return {};
    }
    return crypto::unexpected(CryptoError::bad_token);
  }

  // 6.2.4: the key was DG14's own, and the chip went on under keys that only its owner derives. An answer under other
  // keys is none; a card that went away is not yet a copy.
  void judge_agreement(const KeyAgreement& run, const std::vector<patent::ChipPublicKey>& announced) {
    constexpr auto kCheck = Check::chip_authentication;
    const bool signed_key = std::ranges::any_of(announced, [&](const patent::ChipPublicKey& key) {
      return key.curve == run.curve && std::ranges::equal(key.point.view(), run.static_key);
    });
    if (!signed_key) return copy(kCheck);
    if (run.held) return judgement_.set(kCheck, successful);
    const bool wrong_keys = !evidence_.link_error || *evidence_.link_error == wire::LinkError::secure_messaging;
    wrong_keys ? copy(kCheck) : unknown(kCheck);
  }

  // Asked only of chips without the stronger proof.
  void judge_active_authentication(const patent::SecurityInfos& infos) {
    constexpr auto kCheck = Check::active_authentication;
    const bool by_key = promises_proof(infos) && !answered_instead(infos);
    if (!document_.names(kKeyGroup) || by_key) return judgement_.set(kCheck, not_supported);
    const auto* const dg15 = document_.data_group(kKeyGroup);
    if (!dg15 || !evidence_.active_authentication) return missing(kCheck);
    const auto key = patent::decode_dg15(*dg15);
    if (!key) return unknown(kCheck);
    std::optional<crypto::HashAlgorithm> hash;
    if (!infos.active_authentication.empty())
      hash = crypto::plain_ecdsa_hash(infos.active_authentication.front().signature_oid);
    const auto& [challenge, answer] = *evidence_.active_authentication;
    conclude(kCheck, crypto::check_active_authentication(*key, hash, challenge, answer));
  }

  const Evidence& evidence_;
  const AuthenticDocument& document_;
  const SignerRules& rules_;
  Judgement& judgement_;
};

}  // namespace

void judge_chip(const Evidence& evidence, const AuthenticDocument& document, const SignerRules& rules,
                Judgement& judgement) {
  ChipJudgement(evidence, document, rules, judgement).run();
}

}  // namespace reader
