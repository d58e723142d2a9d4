// SPDX-License-Identifier: Apache-2.0
#include "card/host/terminal_authentication.hpp"

#include "card/host/access_control.hpp"
#include "card/host/trust_points.hpp"

namespace host {

using crypto::CryptoError;
using crypto::CvRole;
using wire::StatusWord;

namespace {

// One status word for each class of refusal (docs/card.md).
StatusWord refusal_of_certificate(CryptoError error) {
  switch (error) {
    case CryptoError::bad_signature: return StatusWord::authentication_failed;
    case CryptoError::not_found: return StatusWord::referenced_data_not_found;
    case CryptoError::bad_state: return StatusWord::conditions_not_satisfied;
    case CryptoError::expired: return StatusWord::reference_data_unusable;
    case CryptoError::unsupported: return StatusWord::function_not_supported;
    case CryptoError::engine_failure: return StatusWord::no_precise_diagnosis;
    default: return StatusWord::wrong_data;
  }
}

bool names(const crypto::CvHolder& holder, crypto::ByteView reference) {
  return std::ranges::equal(holder.reference.view(), reference);
}

// TR-03110-3, 2.5: a CVCA tells what day it is, also in the certificate of a foreign document verifier; to terminals
// only a domestic one does.
bool tells_the_day(const crypto::CvHolder& issuer) {
  return issuer.role == CvRole::cvca || issuer.role == CvRole::dv_domestic;
}

}  // namespace

bool TerminalAuthentication::open() {
  return platform_.security.pace() && !session().terminal_key.empty() && !session().judged;
}

template <class Work>
Answer<> TerminalAuthentication::in_chain(Work work) {
  if (!open()) return refuse(StatusWord::security_not_satisfied);
  const Answer<> outcome = work();
  if (!outcome) session().forget_chain();
  return outcome;
}

Answer<> TerminalAuthentication::set(const SetVerificationKey& command) {
  return in_chain([&]() -> Answer<> {
    PATENT_TRY_VOID(key_of(command.reference));
    session().issuer.emplace();
    if (!session().issuer->assign(command.reference)) return refuse(StatusWord::wrong_data);
    return {};
  });
}

Answer<> TerminalAuthentication::verify(const VerifyCertificate& command) {
  return in_chain([&] { return import(command.content); });
}

Answer<> TerminalAuthentication::set(const SetTerminalAuthentication& command) {
  return in_chain([&]() -> Answer<> {
    const auto& imported = session().imported;
    if (!imported || !names(*imported, command.reference)) return refuse(StatusWord::referenced_data_not_found);
    if (imported->role != CvRole::terminal) return refuse(StatusWord::conditions_not_satisfied);
    session().terminal_set = true;
    return {};
  });
}

Answer<> TerminalAuthentication::authenticate(const AuthenticateTerminal& command) {
  return in_chain([&] { return judge(command.signature); });
}

Answer<> TerminalAuthentication::give_challenge(const GetChallenge& command, wire::Reply& reply) {
  session().challenge.reset();
  if (command.octets > reply.room().size()) return refuse(StatusWord::wrong_length);
  const auto octets = reply.room().first(command.octets);
  PATENT_TRY_VOID(answer_of(platform_.engine.random(octets)));
  if (!reply.extend(octets.size())) return refuse(StatusWord::wrong_length);
  if (open() && octets.size() == crypto::kTerminalChallengeSize)
    std::ranges::copy(octets, session().challenge.emplace().begin());
  return {};
}

Answer<crypto::CvHolder> TerminalAuthentication::key_of(crypto::ByteView reference) {
  const auto& imported = session().imported;
  if (imported && names(*imported, reference)) return *imported;
  PATENT_TRY(const auto trust_point, find_trust_point(platform_.store, reference));
  if (!trust_point) return refuse(StatusWord::referenced_data_not_found);
  return load_trust_point(platform_.store, *trust_point);
}

Answer<> TerminalAuthentication::import(crypto::ByteView content) {
  if (!session().issuer) return refuse(StatusWord::conditions_not_satisfied);
  PATENT_TRY(const crypto::CvHolder issuer, key_of(*session().issuer));
  session().issuer.reset();
  const auto certificate = crypto::parse_cv_certificate_content(content);
  if (!certificate) return refuse(refusal_of_certificate(certificate.error()));
  PATENT_TRY(const crypto::CvDate today, current_date(platform_.store));
  // 2.5.1: an expired trust point vouches for its successor only.
  if (issuer.role == CvRole::cvca && issuer.expires < today && certificate->role != CvRole::cvca)
    return refuse(StatusWord::reference_data_unusable);
  const auto holder = crypto::accept(platform_.engine, issuer, *certificate, today);
  if (!holder) return refuse(refusal_of_certificate(holder.error()));
  // A.7.2: no other key takes the name of a trust point.
  PATENT_TRY(const auto known, find_trust_point(platform_.store, holder->reference));
  if (known) return refuse(StatusWord::conditions_not_satisfied);
  return take_over(issuer, *holder);
}

Answer<> TerminalAuthentication::take_over(const crypto::CvHolder& issuer, const crypto::CvHolder& holder) {
  platform_.store.begin();
  if (holder.role == CvRole::cvca) {
    // Links go on from the newest key: an older one, once it is lost, must not lead the card elsewhere.
    PATENT_TRY(const crypto::CvHolder newest, load_trust_point(platform_.store, TrustPoint::newest));
    if (!names(newest, issuer.reference)) return refuse(StatusWord::conditions_not_satisfied);
    PATENT_TRY_VOID(renew_trust_point(platform_.store, holder));
  }
  if (tells_the_day(issuer)) PATENT_TRY_VOID(advance_date(platform_.store, holder.effective));
  // Only what lasts is taken over: with a full memory nothing of this certificate stays.
  if (holder.role == CvRole::cvca) {
    session().forget_chain();
  } else {
    session().imported = holder;
    session().terminal_set = false;
  }
  return {};
}

Answer<> TerminalAuthentication::judge(crypto::ByteView signature) {
  auto& session = this->session();
  if (!session.terminal_set || !session.challenge) return refuse(StatusWord::conditions_not_satisfied);
  session.judged = true;
  const crypto::CvKey& key = session.imported->key;
  const auto digest =
      crypto::terminal_digest(platform_.engine, key.hash, {session.chip_id, *session.challenge, session.terminal_key});
  if (!digest) return refuse(StatusWord::no_precise_diagnosis);
  if (!platform_.engine.ecdsa_verify(key.curve, key.point, *digest, signature))
    return refuse(StatusWord::authentication_failed);
  session.rights = session.imported->rights;
  session.forget_chain();
  return {};
}

}  // namespace host
