// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/status_evidence.hpp"

#include <algorithm>

#include "reader/judge/evaluator.hpp"
#include "reader/judge/status_signer.hpp"

namespace reader {
namespace {

using enum CheckState;

// The hash goes with the curve's size (docs/file-layout.md, 4): 256, 384 or 512 bits.
crypto::HashAlgorithm hash_for(ByteView plain_signature) {
  if (plain_signature.size() <= 64) return crypto::HashAlgorithm::sha256;
  return plain_signature.size() <= 96 ? crypto::HashAlgorithm::sha384 : crypto::HashAlgorithm::sha512;
}

class StatusEvidence {
public:
  StatusEvidence(const Evidence& evidence, const StatusSubject& subject, const Trust& trust, Revocations& revocations,
                 Judgement& judgement)
      : evidence_(evidence), subject_(subject), trust_(trust), revocations_(revocations), judgement_(judgement) {}

  TrustedStatus choose() {
    auto candidates = decode_all();
    // The highest sequence counts, wherever it stands.
    std::ranges::stable_sort(candidates, std::ranges::greater{},
                             [](const patent::SignedStatusRecord& r) { return r.record.sequence; });
    for (const auto& candidate : candidates) {
      const bool is_newest = !out_.newest;
      // Older ones are only asked whether they end the card's life.
      if (!is_newest && (out_.gone || !is_gone(candidate.record.state))) continue;
      if (const auto fault = fault_of(candidate)) {
        distrust(*fault);
      } else if (is_newest) {
        if (!distrusted_) judgement_.set(Check::status_signature, revocation_known_ ? successful : undetermined);
        out_.newest = candidate.record;
      } else {
        out_.gone = candidate.record;
      }
    }
    return std::move(out_);
  }

private:
  void distrust(Reason reason) {
    distrusted_ = true;
    judgement_.fail(Check::status_signature, failed, reason);
  }

  // The records that speak of this card, in the card's order; the sequence must grow from one to the next.
  std::vector<patent::SignedStatusRecord> decode_all() {
    std::vector<patent::SignedStatusRecord> records;
    for (const auto& octets : evidence_.status_records) {
      auto decoded = patent::decode_status_record(octets);
      if (!decoded) {
        distrust(Reason::status_untrusted);
      } else if (decoded->record.card_number != subject_.card_number ||
                 decoded->record.patent_number != subject_.patent_number) {
        distrust(Reason::status_other_card);
      } else {
        if (!records.empty()) follow(records.back().record.sequence, decoded->record.sequence);
        records.push_back(*std::move(decoded));
      }
    }
    return records;
  }

  void follow(std::uint32_t before, std::uint32_t sequence) {
    if (sequence <= before) return distrust(Reason::status_order);
    out_.left_out = out_.left_out || sequence - before > 1;
  }

  // Nothing when the record can be believed.
  std::optional<Reason> fault_of(const patent::SignedStatusRecord& record) {
    const std::size_t number = record.certificate_record;
    if (number == 0 || number > evidence_.certificate_records.size()) return Reason::status_untrusted;
    const auto der = patent::decode_certificate_record(evidence_.certificate_records[number - 1]);
    const auto signer = der ? crypto::Certificate::parse(*der)
                            : crypto::Result<crypto::Certificate, crypto::CryptoError>(
                                  crypto::unexpected(crypto::CryptoError::bad_encoding));
    if (!signer || !names(evidence_.certificate_records[number - 1], *signer)) return Reason::status_untrusted;
    if (!signer_may_sign(*signer, record.record.as_of)) return Reason::status_signer;
    if (!signer->verify_plain_signature(hash_for(record.signature), record.signed_info, record.signature))
      return Reason::status_untrusted;
    return std::nullopt;
  }

  // Nobody signs the record's frame: it must be the one that the certificate itself gives.
  static bool names(ByteView record, const crypto::Certificate& signer) {
    const auto serial = crypto::from_hex(signer.serial_hex());
    return serial &&
           std::ranges::equal(record, patent::encode_certificate_record(signer.country(), *serial, signer.der()));
  }

  bool signer_may_sign(const crypto::Certificate& signer, crypto::Time as_of) {
    const auto revocation = judge_status_signer(signer, as_of, std::span(&subject_.country, 1), trust_, revocations_);
    revocation_known_ = revocation != Revocation::unknown;
    if (!revocation_known_) judgement_.find(Reason::revocation_unknown);
    return revocation.has_value();
  }

  const Evidence& evidence_;
  const StatusSubject& subject_;
  const Trust& trust_;
  Revocations& revocations_;
  Judgement& judgement_;
  bool revocation_known_ = false;
  bool distrusted_ = false;
  TrustedStatus out_;
};

}  // namespace

TrustedStatus trusted_status(const Evidence& evidence, const StatusSubject& subject, const Trust& trust,
                             Revocations& revocations, Judgement& judgement) {
  return StatusEvidence(evidence, subject, trust, revocations, judgement).choose();
}

}  // namespace reader
