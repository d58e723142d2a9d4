// SPDX-License-Identifier: Apache-2.0
// Unit ISO7816_K: the terminal proves that it has the key of its certificate.
#include <fmt/format.h>

#include <algorithm>

#include "crypto/active_authentication.hpp"
#include "crypto/signature.hpp"
#include "crypto/signed_object.hpp"
#include "tests/conformance/chip/cases.hpp"

namespace conformance {
namespace {

using enum Need;
using layout::FileId;

constexpr std::string_view kDv = "DV_CERT_1", kTerminal = "IS_CERT_1";
constexpr std::string_view kTaken = "9000 for each command, inside secure messaging; a challenge of eight octets";
constexpr std::string_view kProofRefused =
    "9000 for all but EXTERNAL AUTHENTICATE: a checking error or 6300, inside secure messaging";

const crypto::SigningKey& terminal_key(Dialogue& dialogue) {
  return dialogue.bench().certificates.holder_key(kTerminal);
}

// DG3 is as closed as before.
std::string dg3_closed(Dialogue& dialogue) {
  const auto answer = dialogue.read(kReadDg3, 0, 1);
  must_refuse(answer, "READ BINARY of EF.DG3");
  return "EF.DG3: " + text_of(answer.sw);
}

// The terminal's certificate is verified and its key selected; the challenge is there.
Bytes challenged(Dialogue& dialogue) {
  dialogue.prepare();
  verify_chain(dialogue, kDv, kTerminal);
  must_accept(dialogue.set_at(dialogue.bench().certificates.holder(kTerminal)), "MSE:SET AT of the terminal");
  auto challenge = dialogue.get_challenge();
  must_accept(challenge, "GET CHALLENGE");
  must(challenge.data.size() == 8, "the challenge has not eight octets");
  return std::move(challenge.data);
}

std::string proof_refused(Dialogue& dialogue, ByteView signature) {
  const auto answer = dialogue.external_authenticate(signature);
  must_refuse_or_warn(answer, "EXTERNAL AUTHENTICATE");
  return "EXTERNAL AUTHENTICATE: " + text_of(answer.sw);
}

// Under each way to chip authenticity that the card offers: they bind the proof to different keys.
std::string takes_terminal(Dialogue& dialogue) {
  std::string seen;
  for (const auto mapping : {crypto::Mapping::generic, crypto::Mapping::chip_authentication}) {
    if (!dialogue.bench().pace(mapping)) continue;
    if (mapping == crypto::Mapping::generic && dialogue.bench().usual_mapping() != mapping) continue;
    dialogue.prepare(mapping);
    authenticate_terminal(dialogue, kDv, kTerminal);
    if (!seen.empty()) seen += "; ";
    seen +=
        mapping == crypto::Mapping::generic ? "after PACE-GM and chip authentication: 90 00" : "after PACE-CAM: 90 00";
  }
  return seen;
}

// A key that was never certified for this, or another name: whatever the card says of it, the proof fails.
std::string refuses_key(Dialogue& dialogue, ByteView reference, const crypto::SigningKey& key) {
  may_refuse(dialogue.set_at(reference), "MSE:SET AT");
  const auto challenge = dialogue.get_challenge();
  may_refuse(challenge, "GET CHALLENGE");
  return proof_refused(dialogue, dialogue.sign(key, challenge.data));
}

std::string refuses_wrong_name(Dialogue& dialogue) {
  dialogue.prepare();
  verify_chain(dialogue, kDv, kTerminal);
  Bytes reference = dialogue.bench().certificates.holder(kTerminal);
  reference.back() = reference.back() == '9' ? Byte{'8'} : Byte{'9'};
  return refuses_key(dialogue, reference, terminal_key(dialogue));
}
std::string refuses_dv_as_terminal(Dialogue& dialogue) {
  dialogue.prepare();
  auto& certificates = dialogue.bench().certificates;
  must_accept(dialogue.set_dst(dialogue.trust_points().front()), "MSE:SET DST of the trust point");
  must_accept(dialogue.verify(kDv), kDv);
  return refuses_key(dialogue, certificates.holder(kDv), certificates.holder_key(kDv));
}
std::string refuses_cvca_as_terminal(Dialogue& dialogue) {
  dialogue.prepare();
  return refuses_key(dialogue, dialogue.trust_points().front(), dialogue.bench().keys.key(TestKeys::kTrustPoint));
}

std::string refuses_plain_proof(Dialogue& dialogue) {
  const auto challenge = challenged(dialogue);
  const Bytes signature = dialogue.sign(terminal_key(dialogue), challenge);
  const auto answer = dialogue.send_plain({.ins = 0x82, .data = signature});
  must(is_checking_error(answer.sw), "plain EXTERNAL AUTHENTICATE: " + text_of(answer.sw));
  return text_of(answer.sw) + ", plain";
}
std::string refuses_class_of_proof(Dialogue& dialogue) {
  const auto challenge = challenged(dialogue);
  const Bytes signature = dialogue.sign(terminal_key(dialogue), challenge);
  return refuses_class(dialogue, {.ins = 0x82, .data = signature});
}

std::string refuses_first_challenge(Dialogue& dialogue) {
  const auto first = challenged(dialogue);
  const auto second = dialogue.get_challenge();
  may_refuse(second, "the second GET CHALLENGE");
  if (!wire::is_ok(second.sw)) return "the second GET CHALLENGE: " + text_of(second.sw);
  return proof_refused(dialogue, dialogue.sign(terminal_key(dialogue), first));
}

std::string refuses_short_challenge(Dialogue& dialogue) {
  dialogue.prepare();
  verify_chain(dialogue, kDv, kTerminal);
  must_accept(dialogue.set_at(dialogue.bench().certificates.holder(kTerminal)), "MSE:SET AT of the terminal");
  const auto challenge = dialogue.get_challenge(7);
  may_refuse(challenge, "GET CHALLENGE of seven octets");
  if (!wire::is_ok(challenge.sw)) return "GET CHALLENGE of seven octets: " + text_of(challenge.sw);
  must(challenge.data.size() == 7, fmt::format("GET CHALLENGE of seven octets gives {}", challenge.data.size()));
  return proof_refused(dialogue, dialogue.sign(terminal_key(dialogue), challenge.data));
}

std::string refuses_without_challenge(Dialogue& dialogue) {
  dialogue.prepare();
  verify_chain(dialogue, kDv, kTerminal);
  must_accept(dialogue.set_at(dialogue.bench().certificates.holder(kTerminal)), "MSE:SET AT of the terminal");
  const auto seen = proof_refused(dialogue, dialogue.sign(terminal_key(dialogue), {}));
  return seen + "; " + dg3_closed(dialogue);
}
std::string refuses_without_key(Dialogue& dialogue) {
  dialogue.prepare();
  verify_chain(dialogue, kDv, kTerminal);
  const auto challenge = dialogue.get_challenge();
  may_refuse(challenge, "GET CHALLENGE");
  if (!wire::is_ok(challenge.sw)) return "GET CHALLENGE: " + text_of(challenge.sw);
  const auto seen = proof_refused(dialogue, dialogue.sign(terminal_key(dialogue), challenge.data));
  return seen + "; " + dg3_closed(dialogue);
}
std::string refuses_wrong_object(Dialogue& dialogue) {
  dialogue.prepare();
  verify_chain(dialogue, kDv, kTerminal);
  const auto at = dialogue.set_at(dialogue.bench().certificates.holder(kTerminal), 0x84);
  must_refuse(at, "MSE:SET AT with 84");
  const auto challenge = dialogue.get_challenge();
  may_refuse(challenge, "GET CHALLENGE");
  if (!wire::is_ok(challenge.sw)) return "GET CHALLENGE: " + text_of(challenge.sw);
  const auto seen = proof_refused(dialogue, dialogue.sign(terminal_key(dialogue), challenge.data));
  return fmt::format("MSE:SET AT: {}; {}; {}", text_of(at.sw), seen, dg3_closed(dialogue));
}

std::string forgets_rights_at_reset(Dialogue& dialogue) {
  dialogue.prepare();
  authenticate_terminal(dialogue, kDv, kTerminal);
  dialogue.reset();
  dialogue.open();
  return dg3_closed(dialogue);
}

// Passive authentication of what a terminal reads before it authenticates itself.
void check_document(Dialogue& dialogue) {
  const auto sod = dialogue.read_file(FileId::sod);
  const auto inside = patent::unwrap_sod(sod);
  must(inside.has_value(), "EF.SOD is malformed");
  const auto object = crypto::SignedObject::parse(*inside);
  const auto signer = object ? object->signer() : std::nullopt;
  const auto& csca = dialogue.bench().csca;
  must(signer && csca && object->verify(*signer) && signer->verify_signed_by(*csca),
       "EF.SOD is not signed under the test domain's CSCA");
  const auto hashes = patent::decode_lds_security_object(object->content());
  must(hashes.has_value(), "the LDS security object is malformed");
  for (const FileId file : {FileId::dg1, FileId::dg14}) {
    const auto content = dialogue.read_file(file);
    const auto number = layout::file(file).data_group;
    const auto found = std::ranges::find(hashes->hashes, number, &patent::DataGroupHash::number);
    const auto digest = crypto::digest(hashes->hash, content);
    must(found != hashes->hashes.end() && digest && *digest == found->hash,
         fmt::format("DG{} does not have the hash in EF.SOD", number));
  }
}

std::string challenge_chip(Dialogue& dialogue) {
  constexpr Byte kTagDg15 = 0x6F;
  if (!dialogue.bench().lists(kTagDg15)) return "no active authentication: EF.COM does not list DG15";
  const auto key = patent::decode_dg15(dialogue.read_file(FileId::dg15));
  must(key.has_value(), "DG15 is malformed");
  std::optional<crypto::HashAlgorithm> hash;
  for (const auto& info : dialogue.bench().infos.active_authentication)
    hash = crypto::plain_ecdsa_hash(info.signature_oid);
  std::array<Byte, crypto::kActiveChallengeSize> challenge{};
  if (!dialogue.bench().engine.random(challenge)) cannot_run("no random numbers");
  const auto answer = dialogue.send({.ins = 0x88, .data = challenge, .le = wire::kMaxShortLe});
  must_accept(answer, "INTERNAL AUTHENTICATE");
  must(crypto::check_active_authentication(*key, hash, challenge, answer.data).has_value(),
       "the chip's answer does not fit DG15");
  return "active authentication holds";
}

std::string takes_terminal_after_proofs(Dialogue& dialogue) {
  dialogue.prepare();
  check_document(dialogue);
  const auto chip = challenge_chip(dialogue);
  authenticate_terminal(dialogue, kDv, kTerminal);
  return "passive authentication holds; " + chip + "; 90 00 for terminal authentication";
}

std::string refuses_wrong_binding(Dialogue& dialogue) {
  const auto challenge = challenged(dialogue);
  Bytes signature = dialogue.sign(terminal_key(dialogue), challenge);
  ++signature.back();
  return proof_refused(dialogue, signature);
}

}  // namespace

std::vector<ChipCase> terminal_cases() {
  const std::vector<Need> needs{terminal_authentication}, needs_dg3{terminal_authentication, dg3}, gone{withdrawn};
  constexpr std::string_view kClosed = "EXTERNAL AUTHENTICATE: a checking error or 6300; EF.DG3: a checking error";
  return {
      {"ISO7816_K_1", "A terminal is authenticated after PACE", kTaken, needs, takes_terminal},
      {"ISO7816_K_2", "MSE:SET AT with a wrong name", kProofRefused, needs, refuses_wrong_name},
      {"ISO7816_K_3", "Withdrawn", "", gone, {}},
      {"ISO7816_K_4", "EXTERNAL AUTHENTICATE outside secure messaging", "a checking error, plain", needs,
       refuses_plain_proof},
      {"ISO7816_K_5", "A DV's key authenticates no terminal", kProofRefused, needs, refuses_dv_as_terminal},
      {"ISO7816_K_6", "The trust point's key authenticates no terminal", kProofRefused, needs,
       refuses_cvca_as_terminal},
      {"ISO7816_K_7", "EXTERNAL AUTHENTICATE with class 8C",
       "a checking error; the session lives if the answer is protected", needs, refuses_class_of_proof},
      {"ISO7816_K_8", "Withdrawn", "", gone, {}},
      {"ISO7816_K_9", "Withdrawn", "", gone, {}},
      {"ISO7816_K_10", "The first of two challenges is signed",
       "a checking error for the second GET CHALLENGE, or a checking error or 6300 for EXTERNAL AUTHENTICATE", needs,
       refuses_first_challenge},
      {"ISO7816_K_11", "Withdrawn", "", gone, {}},
      {"ISO7816_K_12", "A challenge of seven octets is signed",
       "a checking error for GET CHALLENGE, or a checking error or 6300 for EXTERNAL AUTHENTICATE", needs,
       refuses_short_challenge},
      {"ISO7816_K_13", "Withdrawn", "", gone, {}},
      {"ISO7816_K_14", "No challenge was asked for", kClosed, needs_dg3, refuses_without_challenge},
      {"ISO7816_K_15", "No key was selected", kClosed, needs_dg3, refuses_without_key},
      {"ISO7816_K_16", "Withdrawn", "", gone, {}},
      {"ISO7816_K_17", "MSE:SET AT with 84 in place of 83", "a checking error for MSE:SET AT; then as without a key",
       needs_dg3, refuses_wrong_object},
      {"ISO7816_K_18", "A reset takes the rights away", "a checking error for EF.DG3", needs_dg3,
       forgets_rights_at_reset},
      {"ISO7816_K_19", "Passive and active authentication between chip and terminal authentication", kTaken, needs,
       takes_terminal_after_proofs},
      {"ISO7816_K_20", "The signature does not fit the PACE run", kProofRefused, needs, refuses_wrong_binding},
  };
}

}  // namespace conformance
