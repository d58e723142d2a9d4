// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/passive_authentication.hpp"

#include <algorithm>

#include "card/patent/data_groups.hpp"
#include "crypto/signature.hpp"
#include "crypto/signed_object.hpp"
#include "crypto/tlv.hpp"
#include "reader/judge/issuing_state.hpp"
#include "reader/judge/signer_rules.hpp"

namespace reader {
namespace {

using enum CheckState;
using layout::FileId;

// Doc 9303-10, table 36: the tags that EF.COM names the data groups 1 to 16 by.
constexpr std::array<crypto::Byte, 16> kDataGroupTags{0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68,
                                                      0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70};
// A patent has these, and each was read whole or the document cannot be judged.
constexpr std::array kNeededOfPatent{FileId::dg1, FileId::dg11, FileId::dg12, FileId::dg13, FileId::dg14};
// Any travel document has this one, and its portrait, which is read behind the chip's proof: a copy has none to show.
constexpr std::array kNeededOfPassport{FileId::dg1};

class Authentication {
public:
  Authentication(const Evidence& evidence, const Policy& policy, const SignerRules& rules, Judgement& judgement)
      : evidence_(evidence), policy_(policy), rules_(rules), judgement_(judgement) {}

  PassiveAuthentication run() {
    PassiveAuthentication result;
    const auto signed_object = open_sod();
    if (!signed_object) return result;
    result.signed_at = signed_object->signing_time();
    document_signer = check_signature(*signed_object);
    if (!document_signer) return result;
    result.country = document_signer->country();
    const auto chain = check_chain(*document_signer);
    if (chain) {
      conclude(Check::signer_validity, rules_.fault_of_dates(*chain, result.signed_at));
      conclude(Check::signer_revocation, rules_.fault_of_revocation(*document_signer));
    }
    const auto object = patent::decode_lds_security_object(signed_object->content());
    if (!object) {
      judgement_.fail(Check::data_group_hashes, failed, Reason::forged);
      return result;
    }
    check_hashes(*object);
    check_com(*object);
    check_card_access(*object);
    if (chain) check_issuing_state(*chain);
    for (const auto& hash : object->hashes) signed_groups.push_back(hash.number);
    result.complete = holds() && judgement_.passed(Check::signer_validity) &&
                      judgement_.passed(Check::signer_revocation) && judgement_.passed(Check::com_consistency) &&
                      judgement_.passed(Check::card_access_consistency) && judgement_.passed(Check::issuing_state);
    return result;
  }

  [[nodiscard]] bool holds() const {
    return judgement_.passed(Check::sod_signature) && judgement_.passed(Check::signer_chain) &&
           judgement_.passed(Check::data_group_hashes);
  }
  std::vector<std::uint8_t> signed_groups;
  std::optional<crypto::Certificate> document_signer;  // whose signature holds

private:
  // An object that was read whole and is no signed object was never made by an issuer; an algorithm that this reader
  // lacks says nothing.
  void unusable(crypto::CryptoError error) {
    if (error == crypto::CryptoError::unsupported)
      judgement_.fail(Check::sod_signature, undetermined, Reason::unreadable);
    else
      judgement_.fail(Check::sod_signature, failed, Reason::forged);
  }

  [[nodiscard]] std::span<const FileId> needed() const {
    return is_patent() ? std::span<const FileId>(kNeededOfPatent) : kNeededOfPassport;
  }
  [[nodiscard]] bool is_patent() const { return judgement_.kind() == DocumentKind::patent; }

  void conclude(Check check, const std::optional<SignerFault>& fault) {
    if (!fault) return judgement_.set(check, successful);
    judgement_.fail(check, fault->state, fault->reason);
  }

  std::optional<crypto::SignedObject> open_sod() {
    const auto* const file = evidence_.content(FileId::sod);
    if (!file) {
      judgement_.fail(Check::sod_signature, aborted, Reason::unreadable);
      return std::nullopt;
    }
    const auto inside = patent::unwrap_sod(*file);
    auto parsed = inside ? crypto::SignedObject::parse(*inside)
                         : crypto::Result<crypto::SignedObject, crypto::CryptoError>(
                               crypto::unexpected(crypto::CryptoError::bad_encoding));
    if (!parsed) {
      unusable(parsed.error());
      return std::nullopt;
    }
    return *std::move(parsed);
  }

  std::optional<crypto::Certificate> check_signature(const crypto::SignedObject& object) {
    auto signer = object.signer();
    if (!signer) {
      judgement_.fail(Check::sod_signature, undetermined, Reason::unknown_issuer);
      return std::nullopt;
    }
    if (!rules_.accepts(object.digest(), *signer)) {
      judgement_.fail(Check::sod_signature, undetermined, Reason::algorithm_not_accepted);
      return std::nullopt;
    }
    const auto verified = object.verify(*signer);
    if (!verified || object.content_type() != crypto::kOidLdsSecurityObject) {
      unusable(verified ? crypto::CryptoError::bad_encoding : verified.error());
      return std::nullopt;
    }
    judgement_.set(Check::sod_signature, successful);
    return signer;
  }

  std::optional<std::vector<crypto::Certificate>> check_chain(const crypto::Certificate& signer) {
    auto chain = rules_.chain_of(signer);
    conclude(Check::signer_chain, chain ? std::nullopt : std::optional(chain.error()));
    return chain ? std::optional(*std::move(chain)) : std::nullopt;
  }

  static bool lists(const patent::LdsSecurityObject& object, std::uint8_t number) {
    return std::ranges::find(object.hashes, number, &patent::DataGroupHash::number) != object.hashes.end();
  }

  void check_hashes(const patent::LdsSecurityObject& object) {
    if (!rules_.accepts(object.hash, *document_signer))
      return judgement_.fail(Check::data_group_hashes, undetermined, Reason::algorithm_not_accepted);
    judgement_.set(Check::data_group_hashes, successful);
    for (const auto id : needed())
      if (!evidence_.content(id)) judgement_.fail(Check::data_group_hashes, aborted, Reason::unreadable);
    // DG2 may be left out by plan; when it was asked for, it must have come.
    const auto photo = evidence_.outcome(FileId::dg2);
    if (photo != ReadOutcome::not_tried && photo != ReadOutcome::read) judgement_.find(Reason::unreadable);
    for (const auto& file : evidence_.files) {
      const auto number = layout::file(file.file).data_group;
      if (number == 0) continue;
      // Without DG15 it is the chip that is not believed, not the data: that is for its own check to say.
      const bool taken_away = file.outcome == ReadOutcome::absent && number != 15 && lists(object, number);
      if (taken_away || (has_hash(file) && !hash_holds(object, file)))
        judgement_.fail(Check::data_group_hashes, failed, Reason::forged);
    }
  }

  static bool has_hash(const ReadFile& file) {
    return file.outcome == ReadOutcome::read || file.outcome == ReadOutcome::withheld;
  }
  // Of content that was withheld, only the digests are left.
  static std::optional<Bytes> digest_of(const ReadFile& file, crypto::HashAlgorithm algorithm) {
    const auto kept = std::ranges::find(file.digests, algorithm, &ReadFile::Digest::algorithm);
    if (kept != file.digests.end()) return kept->value;
    auto digest = crypto::digest(algorithm, file.content);
    return digest ? std::optional(*std::move(digest)) : std::nullopt;
  }
  bool hash_holds(const patent::LdsSecurityObject& object, const ReadFile& file) {
    const auto number = layout::file(file.file).data_group;
    const auto expected = std::ranges::find(object.hashes, number, &patent::DataGroupHash::number);
    if (expected == object.hashes.end()) return false;
    return digest_of(file, object.hash) == expected->hash;
  }

  void check_com(const patent::LdsSecurityObject& object) {
    const auto* const file = evidence_.content(FileId::com);
    const auto com = file ? patent::decode_com(*file)
                          : patent::Decoded<patent::Com>(crypto::unexpected(patent::DecodeError::missing_object));
    if (!com) return judgement_.fail(Check::com_consistency, file ? failed : aborted, Reason::unreadable);
    auto listed = com->tags;
    std::vector<crypto::Byte> hashed;
    for (const auto& hash : object.hashes)
      if (hash.number >= 1 && hash.number <= kDataGroupTags.size()) hashed.push_back(kDataGroupTags[hash.number - 1U]);
    std::ranges::sort(listed);
    std::ranges::sort(hashed);
    const bool same_version = object.version == 0 || (object.lds_version == com->lds_version &&
                                                      object.unicode_version == com->unicode_version);
    if (listed == hashed && same_version)
      judgement_.set(Check::com_consistency, successful);
    else
      judgement_.fail(Check::com_consistency, failed, Reason::forged);
  }

  // EF.CardAccess is free and unsigned: what it offered must stand in the signed DG14 too (Doc 9303-11, 9.2.8), or the
  // chip is not the one that the document was signed for, or somebody weakened the offer.
  void check_card_access(const patent::LdsSecurityObject& object) {
    constexpr auto kCheck = Check::card_access_consistency;
    const auto* const card_access = evidence_.content(FileId::card_access);
    const auto* const dg14 = evidence_.content(FileId::dg14);
    if (!is_patent() && !card_access && !lists(object, 14)) return judgement_.set(kCheck, not_supported);
    if (!dg14 || (is_patent() && !card_access)) return;  // said by the hashes' check and by the access
    const auto inside = patent::decode_dg14(*dg14);
    const auto covered = inside ? patent::decode_security_infos(*inside)
                                : patent::Decoded<patent::SecurityInfos>(crypto::unexpected(inside.error()));
    if (!covered) return judgement_.fail(kCheck, failed, Reason::unreadable);
    if (!card_access && covered->pace.empty()) return judgement_.set(kCheck, not_supported);
    // A document that has PACE, and a chip that hides it: somebody wants the weaker way in to be taken.
    if (!card_access || was_avoided(*covered)) return judgement_.fail(kCheck, failed, Reason::clone_suspect);
    const auto free = patent::decode_security_infos(*card_access);
    if (!free) return judgement_.fail(kCheck, failed, Reason::unreadable);
    // A patent's chip offers what its document says, all of it: nothing was added, and nothing stronger taken away.
    const bool nothing_hidden = !is_patent() || offers_all(*free, *covered);
    if (!free->pace.empty() && offers_all(*covered, *free) && nothing_hidden)
      judgement_.set(kCheck, successful);
    else
      judgement_.fail(kCheck, failed, Reason::clone_suspect);
  }

  // The weaker way in was taken, though the document has the stronger one and this reader speaks it.
  [[nodiscard]] bool was_avoided(const patent::SecurityInfos& covered) const {
    return evidence_.basic_access && std::ranges::any_of(covered.pace, [](const patent::PaceInfo& info) {
             return patent::supported(info).has_value();
           });
  }

  static bool offers_all(const patent::SecurityInfos& offer, const patent::SecurityInfos& of) {
    return std::ranges::all_of(of.pace, [&](const patent::PaceInfo& info) {
      return std::ranges::any_of(offer.pace, [&](const patent::PaceInfo& other) {
        return info.protocol_oid == other.protocol_oid && info.version == other.version &&
               info.parameter_id == other.parameter_id;
      });
    });
  }

  // Document code and issuer: the first five characters of the MRZ in DG1 (Doc 9303-5, 4.2).
  struct Origin {
    std::string document_code, issuer;
  };
  std::optional<Origin> origin() const {
    const auto* const dg1 = evidence_.content(FileId::dg1);
    const auto outer = crypto::read_only_tlv(dg1 ? ByteView(*dg1) : ByteView(), 0x61);
    if (!outer) return std::nullopt;
    const auto zone = crypto::read_only_tlv(outer->value, 0x5F1F);
    if (!zone || zone->value.size() < 5) return std::nullopt;
    const auto text = [&](std::size_t from, std::size_t size) {
      std::string field(reinterpret_cast<const char*>(zone->value.data()) + from, size);
      field.erase(field.find_last_not_of('<') + 1);
      return field;
    };
    return Origin{text(0, 2), text(2, 3)};
  }

  void check_issuing_state(const std::vector<crypto::Certificate>& chain) {
    const auto of = origin();
    if (!of) return judgement_.fail(Check::issuing_state, aborted, Reason::unreadable);
    const bool ours = std::ranges::find(policy_.issuing_states, of->issuer) != policy_.issuing_states.end();
    if (is_patent() && !ours) judgement_.find(Reason::not_a_patent);
    const auto country = alpha2_of(of->issuer);
    if (country.empty())
      return judgement_.fail(Check::issuing_state, undetermined,
                             is_patent() ? Reason::not_a_patent : Reason::unknown_issuer);
    const bool same = std::ranges::all_of(chain, [&](const crypto::Certificate& c) { return c.country() == country; });
    if (may_sign(chain.front(), of->document_code) && same)
      judgement_.set(Check::issuing_state, successful);
    else
      judgement_.fail(Check::issuing_state, failed, Reason::forged);
  }

  // Of which documents this signer was made for (Doc 9303-12, documentTypeList). "P" stands for all passports.
  [[nodiscard]] bool may_sign(const crypto::Certificate& signer, const std::string& document_code) const {
    const auto types = signer.document_types();
    return types.empty() || std::ranges::find(types, document_code) != types.end() ||
           (!is_patent() && std::ranges::find(types, document_code.substr(0, 1)) != types.end());
  }

  const Evidence& evidence_;
  const Policy& policy_;
  const SignerRules& rules_;
  Judgement& judgement_;
};

}  // namespace

PassiveAuthentication authenticate(const Evidence& evidence, const Trust& trust, const Policy& policy,
                                   Revocations& revocations, crypto::Time at, Judgement& judgement) {
  const SignerRules rules(judgement.kind(), trust, policy, revocations, at);
  Authentication authentication(evidence, policy, rules, judgement);
  auto result = authentication.run();
  if (authentication.holds())
    result.document = AuthenticDocument(evidence, authentication.signed_groups, *authentication.document_signer);
  return result;
}

}  // namespace reader
