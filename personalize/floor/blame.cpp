// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/blame.hpp"

namespace personalize {
namespace {

struct Judge {
  Blame operator()(const Refused& f) const {
    switch (f.refusal) {
      case Refusal::chip_of_another_order:
      case Refusal::already_personalized: return Blame::blank;
      case Refusal::no_blank_number:
      case Refusal::clock_set_back:
      case Refusal::clock_ahead: return Blame::station;
      default: return Blame::order;
    }
  }
  Blame operator()(const LedgerFailure& f) const {
    switch (f.error) {
      case LedgerError::corrupt:
      case LedgerError::not_found:
      case LedgerError::card_number_used:
      case LedgerError::patent_number_used:
      case LedgerError::wrong_state: return Blame::order;
      case LedgerError::blank_unknown:
      case LedgerError::blank_used:
      case LedgerError::blank_of_another_product:
      case LedgerError::blank_of_another_chip: return Blame::blank;
      default: return Blame::station;
    }
  }
  Blame operator()(const IssuerFailure& f) const {
    switch (f.error) {
      case IssuerError::too_large:
      case IssuerError::not_encodable:
      case IssuerError::no_trust_point: return Blame::order;
      case IssuerError::not_acceptable: return f.reason && is_of_signers(*f.reason) ? Blame::station : Blame::order;
      default: return Blame::station;
    }
  }
  Blame operator()(const RunFailure& f) const {
    switch (f.error) {
      case RunError::link: return Blame::link;
      case RunError::another_product:
      case RunError::unknown_keys:
      case RunError::wrong_keys:
      case RunError::out_of_service: return Blame::blank;
      case RunError::crypto: return Blame::station;
      default: return Blame::chip;
    }
  }
  Blame operator()(const wire::LinkError&) const { return Blame::link; }
  Blame operator()(const Rejection&) const { return Blame::verdict; }
  Blame operator()(const ProgramFault&) const { return Blame::station; }

private:
  // What a reader says of every card that is signed here today.
  static bool is_of_signers(reader::Reason reason) {
    using enum reader::Reason;
    switch (reason) {
      case forged:
      case unknown_issuer:
      case signer_revoked:
      case signer_expired:
      case revocation_unknown:
      case algorithm_not_accepted:
      case status_untrusted:
      case status_signer: return true;
      default: return false;
    }
  }
};

}  // namespace

Blame blame_of(const IssuanceFailure& failure) { return std::visit(Judge{}, failure); }

}  // namespace personalize
