// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/chip_authenticity.hpp"

#include "card/patent/data_groups.hpp"
#include "crypto/active_authentication.hpp"
#include "crypto/certificate_chain.hpp"
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

// What EF.CardSecurity says, when a document signer under trust signed it (Doc 9303-11, 9.2.11). Who holds a trusted
// document and lets a stranger sign this file is no issuer.
crypto::Result<patent::SecurityInfos, CryptoError> signed_infos(ByteView card_security,
                                                                const AuthenticDocument& document, const Trust& trust) {
  PATENT_TRY(const auto object, crypto::SignedObject::parse(card_security));
  const auto signer = object.signer();
  if (!signer || object.content_type() != crypto::kOidSecurityObject)
    return crypto::unexpected(CryptoError::bad_encoding);
  if (object.digest() == crypto::HashAlgorithm::sha1) return crypto::unexpected(CryptoError::unsupported);
  PATENT_TRY_VOID(object.verify(*signer));
  if (signer->country() != document.signer().country()) return crypto::unexpected(CryptoError::bad_signature);
  const bool document_signer = signer->der() == document.signer().der();  // whose chain was verified
  if (!document_signer && (!signer->is_document_signer() || !crypto::chain_to(*signer, trust.csca)))
    return crypto::unexpected(CryptoError::bad_signature);
  auto infos = patent::decode_security_infos(object.content());
  if (!infos) return crypto::unexpected(CryptoError::bad_encoding);
  return *std::move(infos);
}

class ChipJudgement {
public:
  ChipJudgement(const Evidence& evidence, const AuthenticDocument& document, const Trust& trust, Judgement& judgement)
      : evidence_(evidence), document_(document), trust_(trust), judgement_(judgement) {}

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
    const auto infos = signed_infos(*card_security, document_, trust_);
    if (!infos) return conclude(kCheck, crypto::unexpected(infos.error()));
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
  const Trust& trust_;
  Judgement& judgement_;
};

}  // namespace

void judge_chip(const Evidence& evidence, const AuthenticDocument& document, const Trust& trust, Judgement& judgement) {
  ChipJudgement(evidence, document, trust, judgement).run();
}

}  // namespace reader
