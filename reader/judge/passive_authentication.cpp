// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/passive_authentication.hpp"

#include <algorithm>

#include "card/patent/data_groups.hpp"
#include "crypto/certificate_chain.hpp"
#include "crypto/signature.hpp"
#include "crypto/signed_object.hpp"
#include "crypto/tlv.hpp"
#include "reader/judge/issuing_state.hpp"

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
  Authentication(const Evidence& evidence, const Trust& trust, const Policy& policy, Judgement& judgement)
      : evidence_(evidence), trust_(trust), policy_(policy), judgement_(judgement) {}

  PassiveAuthentication run(Revocations& revocations, crypto::Time at) {
    PassiveAuthentication result;
    const auto signed_object = open_sod();
    if (!signed_object) return result;
    result.signed_at = signed_object->signing_time();
    document_signer = check_signature(*signed_object);
    if (!document_signer) return result;
    result.country = document_signer->country();
    const auto chain = check_chain(*document_signer);
    if (chain) {
      check_validity(*chain, result.signed_at, at);
      check_revocation(*document_signer, revocations);
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

  // Collisions of SHA-1 can be made: it proves nothing, but of old documents whose issuer the policy names. The MRZ's
  // state is held against the signer's later.
  [[nodiscard]] bool accepts(std::optional<crypto::HashAlgorithm> hash, const crypto::Certificate& signer) const {
    if (hash != crypto::HashAlgorithm::sha1) return true;
    return !is_patent() && std::ranges::any_of(policy_.sha1_issuers, [&](const std::string& state) {
      return alpha2_of(state) == signer.country();
    });
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
    if (!accepts(object.digest(), *signer)) {
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
    auto chain = crypto::chain_to(signer, trust_.csca);
    if (!chain) {
      const bool forged = chain.error() == crypto::ChainFault::bad_signature && names_a_trusted_key(signer);
      judgement_.fail(Check::signer_chain, forged ? failed : undetermined,
                      forged ? Reason::forged : Reason::unknown_issuer);
      return std::nullopt;
    }
    const bool accepted = std::ranges::all_of(*chain, [&](const crypto::Certificate& certificate) {
      return certificate.self_issued() || accepts(certificate.signature_hash(), signer);
    });
    if (!accepted) {
      judgement_.fail(Check::signer_chain, undetermined, Reason::algorithm_not_accepted);
      return std::nullopt;
    }
    // The state's own certificate, but not one that may sign documents.
    if (!signer.is_document_signer()) {
      judgement_.fail(Check::signer_chain, failed, Reason::forged);
      return std::nullopt;
    }
    judgement_.set(Check::signer_chain, successful);
    return *std::move(chain);
  }

  // A certificate that names a key which we have, and is not signed by it, is false. One that names another key of the
  // same CSCA may be genuine: the key may be newer than our trust.
  bool names_a_trusted_key(const crypto::Certificate& signer) const {
    const auto wanted = signer.authority_key_id();
    return !wanted.empty() && std::ranges::any_of(trust_.csca, [&](const crypto::Certificate& csca) {
      return csca.subject() == signer.issuer() && csca.subject_key_id() == wanted;
    });
  }

  void check_validity(const std::vector<crypto::Certificate>& chain, std::optional<crypto::Time> signed_at,
                      crypto::Time at) {
    const auto& signer = chain.front();
    const auto until = signer.private_key_not_after();
    const bool then = !signed_at || (signer.valid_at(*signed_at) && (!until || *signed_at <= *until));
    const bool now = std::ranges::all_of(chain, [&](const crypto::Certificate& c) { return c.valid_at(at); });
    if (then && now)
      judgement_.set(Check::signer_validity, successful);
    else
      judgement_.fail(Check::signer_validity, failed, Reason::signer_expired);
  }

  void check_revocation(const crypto::Certificate& signer, Revocations& revocations) {
    switch (revocations.of(signer)) {
      case Revocation::not_revoked: return judgement_.set(Check::signer_revocation, successful);
      case Revocation::revoked: return judgement_.fail(Check::signer_revocation, failed, Reason::signer_revoked);
      case Revocation::unknown:
        return judgement_.fail(Check::signer_revocation, undetermined, Reason::revocation_unknown);
    }
  }

  static bool lists(const patent::LdsSecurityObject& object, std::uint8_t number) {
    return std::ranges::find(object.hashes, number, &patent::DataGroupHash::number) != object.hashes.end();
  }

  void check_hashes(const patent::LdsSecurityObject& object) {
    if (!accepts(object.hash, *document_signer))
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
    if (!card_access) return judgement_.fail(kCheck, failed, Reason::clone_suspect);
    const auto free = patent::decode_security_infos(*card_access);
    if (!free) return judgement_.fail(kCheck, failed, Reason::unreadable);
    // A patent's chip offers what its document says, all of it: nothing was added, and nothing stronger taken away.
    const bool nothing_hidden = !is_patent() || offers_all(*free, *covered);
    if (!free->pace.empty() && offers_all(*covered, *free) && nothing_hidden)
      judgement_.set(kCheck, successful);
    else
      judgement_.fail(kCheck, failed, Reason::clone_suspect);
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
  const Trust& trust_;
  const Policy& policy_;
  Judgement& judgement_;
};

}  // namespace

PassiveAuthentication authenticate(const Evidence& evidence, const Trust& trust, const Policy& policy,
                                   Revocations& revocations, crypto::Time at, Judgement& judgement) {
  Authentication authentication(evidence, trust, policy, judgement);
  auto result = authentication.run(revocations, at);
  if (authentication.holds())
    result.document = AuthenticDocument(evidence, authentication.signed_groups, *authentication.document_signer);
  return result;
}

}  // namespace reader
