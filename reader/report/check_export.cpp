// SPDX-License-Identifier: Apache-2.0
#include "reader/report/check_export.hpp"

#include <algorithm>

#include "crypto/base64.hpp"
#include "crypto/ec_public_key.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/signature.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/inspect/names.hpp"
#include "reader/report/chain_line.hpp"

namespace reader {
namespace {

constexpr std::string_view kFormat = "patent-check-log";
constexpr int kVersion = 1;
constexpr std::size_t kMostCertificates = 64;

std::string head_line(const LogReview& reviewed, std::chrono::sys_seconds exported) {
  Json::Value head;
  head["format"] = std::string(kFormat);
  head["version"] = kVersion;
  head["exported"] = to_iso(exported);
  head["removed"] = point_value(reviewed.removed);
  head["head"] = point_value(reviewed.head);
  return line_of(head) + '\n';
}

struct Head {
  std::chrono::sys_seconds exported{};
  ChainPoint removed, head;
};
std::optional<Head> head_in(std::string_view line) {
  const auto value = parse_line(line);
  if (!value || (*value)["format"] != std::string(kFormat) || (*value)["version"] != kVersion ||
      !(*value)["exported"].isString())
    return std::nullopt;
  const auto exported = instant_from_iso((*value)["exported"].asString());
  const auto removed = point_from((*value)["removed"]), head = point_from((*value)["head"]);
  if (!exported || !removed || !head) return std::nullopt;
  return Head{*exported, *removed, *head};
}

std::optional<std::string> signature_line(std::string_view text, const LogSigner& signer) {
  if (signer.terminal.certificates.empty() || !signer.terminal.sign) return std::nullopt;
  const auto own = crypto::parse_cv_certificate(signer.terminal.certificates.front());
  if (!own) return std::nullopt;
  const auto digest = crypto::digest(own->key.hash, crypto::as_bytes(text));
  const auto plain = digest ? signer.terminal.sign(*digest) : std::nullopt;
  const auto der = plain ? crypto::ecdsa_plain_to_der(*plain) : crypto::unexpected(crypto::CryptoError::locked);
  if (!der) return std::nullopt;
  Json::Value signature;
  signature["hash"] = std::string(name_of(own->key.hash));
  signature["public_key"] = crypto::to_base64(signer.key.spki);
  signature["value"] = crypto::to_base64(*der);
  for (const auto& certificate : signer.terminal.certificates)
    signature["certificates"].append(crypto::to_base64(certificate));
  Json::Value line;
  line["signature"] = std::move(signature);
  return line_of(line) + '\n';
}

std::vector<crypto::Bytes> certificates_in(const Json::Value& list) {
  std::vector<crypto::Bytes> out;
  if (!list.isArray() || list.size() > kMostCertificates) return {};
  for (const auto& one : list)
    if (auto octets = crypto::from_base64(one.isString() ? one.asString() : "")) out.push_back(*std::move(octets));
  return out;
}

// The terminal that these certificates lead to from the trust point, as they held on that day.
std::optional<crypto::CvHolder> terminal_in(crypto::Engine& engine, const std::vector<crypto::Bytes>& certificates,
                                            crypto::ByteView trusted, crypto::CvDate day) {
  const auto root = crypto::parse_cv_certificate(trusted);
  if (!root) return std::nullopt;
  auto holder = crypto::cv_trust_point(engine, *root);
  if (!holder) return std::nullopt;
  const auto path = certificate_path(certificates, {holder->reference});
  for (const auto& step : path) {
    holder = crypto::accept(engine, *holder, step.certificate, day);
    if (!holder) return std::nullopt;
  }
  return path.empty() ? std::nullopt : std::optional(*holder);
}

// What is wrong with the signature, or nothing; `signer` becomes who made it.
std::optional<LogFault> fault_of_signature(std::string_view line, std::string_view text, crypto::ByteView trusted,
                                           std::chrono::sys_seconds exported, std::string& signer) {
  const auto value = parse_line(line);
  if (!value || !(*value)["signature"].isObject()) return LogFault::not_signed;
  const auto& signature = (*value)["signature"];
  crypto::OpensslEngine engine;
  const auto terminal = terminal_in(engine, certificates_in(signature["certificates"]), trusted,
                                    std::chrono::floor<std::chrono::days>(exported));
  if (!terminal) return LogFault::stranger;
  const auto reference = terminal->reference.view();
  signer.assign(reference.begin(), reference.end());
  const auto octets = [&](const char* name) {
    return crypto::from_base64(signature[name].isString() ? signature[name].asString() : "").value_or(crypto::Bytes());
  };
  // For strangers' tools; it must be the certificate's own.
  const auto key = crypto::read_ec_public_key(octets("public_key"));
  const auto plain = crypto::ecdsa_der_to_plain(octets("value"), terminal->key.curve);
  const auto digest = crypto::digest(terminal->key.hash, crypto::as_bytes(text));
  const bool holds = key && plain && digest && key->curve == terminal->key.curve &&
                     std::ranges::equal(key->point.view(), terminal->key.point.view()) &&
                     signature["hash"] == std::string(name_of(terminal->key.hash)) &&
                     engine.ecdsa_verify(terminal->key.curve, terminal->key.point, *digest, *plain);
  if (!holds) return LogFault::not_signed;
  return std::nullopt;
}

}  // namespace

crypto::Result<std::optional<std::string>, LogError> export_log(const CheckLog& log, const LogReview& reviewed,
                                                                const LogSigner& signer,
                                                                std::chrono::sys_seconds exported) {
  auto text = head_line(reviewed, exported);
  PATENT_TRY_VOID(log.each([&](std::int64_t number, std::string_view line, crypto::ByteView hash) {
    if (number > reviewed.head.number) return false;  // a check made meanwhile
    text += export_line(line, hash);
    return true;
  }));
  const auto signature = signature_line(text, signer);
  if (!signature) return std::nullopt;
  return text + *signature;
}

std::optional<ExportReview> review_export(std::string_view text, crypto::ByteView trusted, const LogHistory* earlier) {
  const auto first = text.find('\n');
  const auto head = head_in(text.substr(0, first));
  if (!head) return std::nullopt;
  ExportReview out;
  auto& log = out.log;
  out.exported = head->exported;
  log.removed = out.history.removed = head->removed;
  ChainWalk walk(head->removed, earlier);
  std::size_t at = first == std::string_view::npos ? text.size() : first + 1;
  while (!log.problem && text.substr(at).starts_with(kBeforeEntry)) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto entry = exported_line(text.substr(at, end - at));
    log.problem = entry ? walk.take(entry->line, entry->hash) : LogProblem{LogFault::malformed, walk.head().number + 1};
    out.history.hashes.push_back(walk.head().hash);
    at = std::min(end + 1, text.size());
  }
  log.head = walk.head();
  log.clock_set_back = walk.clock_set_back();
  if (!log.problem) log.problem = walk.finish();
  if (!log.problem && log.head != head->head)
    log.problem = log.head.number < head->head.number ? LogProblem{LogFault::truncated, log.head.number + 1}
                                                      : LogProblem{LogFault::head_differs, log.head.number};
  if (log.problem) return out;
  auto last = text.substr(at);
  if (last.ends_with('\n')) last.remove_suffix(1);
  if (const auto fault = fault_of_signature(last, text.substr(0, at), trusted, head->exported, out.signer))
    log.problem = LogProblem{*fault, log.head.number + 1};
  return out;
}

}  // namespace reader
