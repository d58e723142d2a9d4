// SPDX-License-Identifier: Apache-2.0
#include "personalize/audit/chain_signature.hpp"

#include <json/value.h>

#include <algorithm>

#include "crypto/base64.hpp"
#include "crypto/signature.hpp"
#include "crypto/signed_object.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/report/chain_line.hpp"

namespace personalize {
namespace {

constexpr std::string_view kFormat = "patent-audit-anchor";

}  // namespace

AuditChain::Sign signs_chain(const Signer& signer) {
  return [&signer](const ChainStatement& statement) -> std::optional<crypto::Bytes> {
    if (!check_signer(signer, signer.certificate.is_status_signer(), statement.at)) return std::nullopt;
    auto cms =
        crypto::sign_object(kOidChainStatement, crypto::as_bytes(to_text(statement)),
                            crypto::hash_for(signer.key->curve()), signer.certificate, *signer.key, statement.at);
    if (!cms) return std::nullopt;
    return *std::move(cms);
  };
}

AuditChain::Sign signs_chain(const SignerWatch& watch) {
  return [&watch](const ChainStatement& statement) { return signs_chain(watch.present().status)(statement); };
}

std::optional<SignatureFault> SignatureJudge::fault_of(const AuditAnchor& anchor) {
  const auto object = crypto::SignedObject::parse(anchor.signature);
  const auto signer = object ? object->signer() : std::nullopt;
  const auto text = to_text(anchor.statement);
  if (!signer || object->content_type() != kOidChainStatement || object->signing_time() != anchor.statement.at ||
      !std::ranges::equal(object->content(), crypto::as_bytes(text)) || !object->verify(*signer))
    return SignatureFault::not_signed;
  if (!reader::judge_status_signer(*signer, anchor.statement.at, trust_, policy_, revocations_))
    return SignatureFault::stranger;
  return std::nullopt;
}

std::string to_json(const AuditAnchor& anchor) {
  Json::Value out;
  out["format"] = std::string(kFormat);
  out["version"] = 1;
  out["station"] = anchor.statement.station;
  out["point"] = reader::point_value(anchor.statement.point);
  out["at"] = reader::to_iso(anchor.statement.at);
  out["signature"] = crypto::to_base64(anchor.signature);
  return reader::line_of(out);
}

std::optional<AuditAnchor> read_anchor(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto value = reader::parse_line(text);
  if (!value || (*value)["format"] != std::string(kFormat) || (*value)["version"] != 1) return std::nullopt;
  for (const auto* const name : {"station", "at", "signature"})
    if (!(*value)[name].isString()) return std::nullopt;
  const auto point = reader::point_from((*value)["point"]);
  const auto at = reader::instant_from_iso((*value)["at"].asString());
  auto signature = crypto::from_base64((*value)["signature"].asString());
  if (!point || !at || !signature) return std::nullopt;
  return AuditAnchor{{(*value)["station"].asString(), *point, *at}, *std::move(signature)};
}

}  // namespace personalize
