// SPDX-License-Identifier: Apache-2.0
#include <json/json.h>

#include <algorithm>
#include <array>
#include <memory>

#include "crypto/base64.hpp"
#include "crypto/cv_certificate.hpp"
#include "crypto/signature.hpp"
#include "crypto/strict_json.hpp"
#include "reader/inspect/evidence.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/inspect/names.hpp"

namespace reader {
namespace {

constexpr std::size_t kMaxText = 4U << 20;
constexpr int kVersion = 1;
constexpr const char* kTripleDes = "3DES";  // in place of an AES key

Json::Value array_of(const std::vector<Bytes>& records) {
  Json::Value out(Json::arrayValue);
  for (const auto& record : records) out.append(crypto::to_base64(record));
  return out;
}

constexpr bool is_fingerprints(layout::FileId file) { return file == layout::FileId::dg3; }

// The hashes that a security object of any algorithm can be held against.
std::vector<ReadFile::Digest> digests_of(ByteView content) {
  using enum crypto::HashAlgorithm;
  std::vector<ReadFile::Digest> out;
  for (const auto algorithm : {sha224, sha256, sha384, sha512})
    if (auto digest = crypto::digest(algorithm, content)) out.push_back({algorithm, *std::move(digest)});
  return out;
}

ReadFile without_content(const ReadFile& file) {
  // Part of a finger is as personal as all of it, and has no hash to be held against.
  if (file.outcome != ReadOutcome::read) return {file.file, file.outcome, {}, file.digests};
  return {file.file, ReadOutcome::withheld, {}, digests_of(file.content)};
}

Json::Value file_value(const ReadFile& file) {
  Json::Value out;
  out["file"] = std::string(layout::file(file.file).name);
  out["outcome"] = std::string(name_of(file.outcome));
  if (!file.content.empty()) out["content"] = crypto::to_base64(file.content);
  for (const auto& [algorithm, value] : file.digests)
    out["digests"][std::string(name_of(algorithm))] = crypto::to_base64(value);
  return out;
}

void put_chip_proof(Json::Value& root, const Evidence& evidence) {
  if (const auto& mapping = evidence.chip_mapping) {
    auto& out = root["chip_mapping"];
    out["curve"] = std::string(name_of(mapping->curve));
    out["mapping_key"] = crypto::to_base64(mapping->mapping_key);
    out["ca_data"] = crypto::to_base64(mapping->ca_data);
  }
  if (const auto& agreement = evidence.chip_authentication) {
    auto& out = root["chip_authentication"];
    out["curve"] = std::string(name_of(agreement->curve));
    out["static_key"] = crypto::to_base64(agreement->static_key);
    out["held"] = agreement->held;
  }
  if (const auto& shown = evidence.active_authentication) {
    auto& out = root["active_authentication"];
    out["challenge"] = crypto::to_base64(shown->challenge);
    out["answer"] = crypto::to_base64(shown->answer);
  }
}

void put_terminal(Json::Value& root, const std::optional<TerminalAuthentication>& run) {
  if (!run) return;
  auto& out = root["terminal_authentication"];
  out["outcome"] = std::string(name_of(run->outcome));
  if (!run->reference.empty()) out["reference"] = run->reference;
  if (!run->refused_at) return;
  out["refused_at"] = std::string(name_of(*run->refused_at));
  out["status_word"] = wire::value(run->status);
}

Json::Value traffic_value(const Traffic& traffic) {
  Json::Value out;
  out["apdus"] = traffic.apdus;
  out["octets_sent"] = Json::UInt64{traffic.octets_sent};
  out["octets_received"] = Json::UInt64{traffic.octets_received};
  out["elapsed_us"] = Json::Int64{traffic.elapsed.count()};
  return out;
}

// Reads a JSON document into Evidence; the first fault ends it. jsoncpp's accessors throw on wrong types, so types
// are asked for before.
class Parser {
public:
  std::optional<Evidence> parse(const Json::Value& root) {
    members(
        root,
        {"version", "taken_at", "reader", "answer_to_reset", "password_kind", "access", "files", "records", "traffic"},
        {"pace", "basic_access", "chip_mapping", "chip_authentication", "active_authentication",
         "terminal_authentication", "link_error"});
    Evidence evidence;
    if (const auto instant = instant_from_iso(text(root, "taken_at")))
      evidence.taken_at = *instant;
    else
      good_ = false;
    evidence.reader_name = text(root, "reader");
    evidence.answer_to_reset = octets(root["answer_to_reset"]);
    evidence.password_kind = named<crypto::PasswordKind>(root["password_kind"]);
    evidence.access = named<AccessOutcome>(root["access"]);
    if (root.isMember("pace")) evidence.pace = pace(root["pace"]);
    if (root.isMember("basic_access")) evidence.basic_access = flag(root["basic_access"]);
    if (root.isMember("chip_mapping")) evidence.chip_mapping = chip_mapping(root["chip_mapping"]);
    if (root.isMember("chip_authentication")) evidence.chip_authentication = agreement(root["chip_authentication"]);
    if (root.isMember("active_authentication"))
      evidence.active_authentication = challenge_answer(root["active_authentication"]);
    if (root.isMember("terminal_authentication"))
      evidence.terminal_authentication = terminal(root["terminal_authentication"]);
    for (const auto& file : array(root["files"])) evidence.files.push_back(read_file(file, evidence.files));
    records(root["records"], evidence);
    if (root.isMember("link_error")) evidence.link_error = named<wire::LinkError>(root["link_error"]);
    traffic(root["traffic"], evidence.traffic);
    return good_ ? std::optional{std::move(evidence)} : std::nullopt;
  }

private:
  using Names = std::initializer_list<const char*>;

  // An object with all `required` members and none beyond `optional`.
  bool members(const Json::Value& value, Names required, Names optional = {}) {
    const auto known = [&](const std::string& name) {
      return std::ranges::find(required, name) != required.end() || std::ranges::find(optional, name) != optional.end();
    };
    good_ = good_ && value.isObject() &&
            std::ranges::all_of(required, [&](const char* name) { return value.isMember(name); }) &&
            std::ranges::all_of(value.getMemberNames(), known);
    return good_;
  }
  const Json::Value& array(const Json::Value& value) {
    static const Json::Value none(Json::arrayValue);
    if (value.isArray() && value.size() <= layout::kMaxRecords) return value;
    good_ = false;
    return none;
  }
  std::string text(const Json::Value& value) {
    if (value.isString()) return value.asString();
    good_ = false;
    return {};
  }
  std::string text(const Json::Value& object, const char* member) {
    return good_ ? text(object[member]) : std::string();
  }
  Bytes octets(const Json::Value& value) {
    auto decoded = crypto::from_base64(text(value));
    good_ = good_ && decoded;
    return decoded ? *std::move(decoded) : Bytes{};
  }
  template <class Enum>
  Enum named(const Json::Value& value) {
    const auto found = from_name<Enum>(text(value));
    good_ = good_ && found;
    return found.value_or(Enum{});
  }
  std::uint64_t count(const Json::Value& value) {
    if (value.isUInt64()) return value.asUInt64();
    good_ = false;
    return 0;
  }

  crypto::PaceParameters pace(const Json::Value& value) {
    if (!members(value, {"curve", "key"}, {"mapping"})) return {};
    const auto mapping =
        value.isMember("mapping") ? named<crypto::Mapping>(value["mapping"]) : crypto::Mapping::generic;
    const auto curve = named<crypto::Curve>(value["curve"]);
    if (value["key"] == kTripleDes) return {curve, crypto::AesKey::aes128, mapping, crypto::SmCipher::triple_des};
    return {curve, named<crypto::AesKey>(value["key"]), mapping};
  }
  template <std::size_t Capacity>
  crypto::Buffer<Capacity> buffer(const Json::Value& value) {
    const auto content = octets(value);
    crypto::Buffer<Capacity> out;
    good_ = out.assign(content) && good_;
    return out;
  }
  crypto::ChipMapping chip_mapping(const Json::Value& value) {
    if (!members(value, {"curve", "mapping_key", "ca_data"})) return {};
    return {named<crypto::Curve>(value["curve"]), buffer<crypto::kMaxPointSize>(value["mapping_key"]),
            buffer<crypto::kMaxFieldSize>(value["ca_data"])};
  }
  bool flag(const Json::Value& value) {
    good_ = good_ && value.isBool();
    return good_ && value.asBool();
  }

  KeyAgreement agreement(const Json::Value& value) {
    if (!members(value, {"curve", "static_key", "held"})) return {};
    return {named<crypto::Curve>(value["curve"]), octets(value["static_key"]), flag(value["held"])};
  }
  ChallengeAnswer challenge_answer(const Json::Value& value) {
    if (!members(value, {"challenge", "answer"})) return {};
    return {octets(value["challenge"]), octets(value["answer"])};
  }
  TerminalAuthentication terminal(const Json::Value& value) {
    if (!members(value, {"outcome"}, {"reference", "refused_at", "status_word"})) return {};
    TerminalAuthentication out{named<TerminalOutcome>(value["outcome"])};
    if (value.isMember("reference")) out.reference = text(value["reference"]);
    good_ = good_ && out.reference.size() <= crypto::kMaxCvReference;
    const bool refused = out.outcome == TerminalOutcome::refused;
    if (value.isMember("refused_at") != refused || value.isMember("status_word") != refused) good_ = false;
    if (!good_ || !refused) return out;
    out.refused_at = named<TerminalStep>(value["refused_at"]);
    const auto status = count(value["status_word"]);
    good_ = good_ && status <= UINT16_MAX;
    out.status = static_cast<wire::StatusWord>(status);
    return out;
  }
  std::vector<ReadFile::Digest> digests(const Json::Value& value) {
    std::vector<ReadFile::Digest> out;
    good_ = good_ && value.isObject();
    if (!good_) return out;
    for (const auto& name : value.getMemberNames()) {
      const auto algorithm = named<crypto::HashAlgorithm>(name);
      out.push_back({algorithm, octets(value[name])});
      good_ = good_ && out.back().value.size() == crypto::hash_size(algorithm);
    }
    return out;
  }
  ReadFile read_file(const Json::Value& value, const std::vector<ReadFile>& before) {
    if (!members(value, {"file", "outcome"}, {"content", "digests"})) return {};
    const auto* const file =
        std::ranges::find(layout::kFiles, std::string_view(text(value["file"])), &layout::File::name);
    if (file == layout::kFiles.end() || std::ranges::find(before, file->id, &ReadFile::file) != before.end()) {
      good_ = false;
      return {};
    }
    ReadFile out{file->id, named<ReadOutcome>(value["outcome"]), {}};
    if (value.isMember("content")) out.content = octets(value["content"]);
    if (value.isMember("digests")) out.digests = digests(value["digests"]);
    const bool withheld = out.outcome == ReadOutcome::withheld;
    good_ = good_ && withheld == !out.digests.empty() && (!withheld || is_fingerprints(out.file));
    const bool may_hold = out.outcome == ReadOutcome::read || out.outcome == ReadOutcome::incomplete;
    good_ = good_ && (may_hold || out.content.empty()) && out.content.size() <= layout::kMaxFileOctets;
    return out;
  }
  void records(const Json::Value& value, Evidence& evidence) {
    if (!members(value, {"outcome", "certificates", "status"})) return;
    evidence.records = named<ReadOutcome>(value["outcome"]);
    for (const auto& record : array(value["certificates"])) evidence.certificate_records.push_back(octets(record));
    for (const auto& record : array(value["status"])) evidence.status_records.push_back(octets(record));
  }
  void traffic(const Json::Value& value, Traffic& out) {
    if (!members(value, {"apdus", "octets_sent", "octets_received", "elapsed_us"})) return;
    out.apdus = static_cast<std::uint32_t>(std::min<std::uint64_t>(count(value["apdus"]), UINT32_MAX));
    out.octets_sent = count(value["octets_sent"]);
    out.octets_received = count(value["octets_received"]);
    out.elapsed = std::chrono::microseconds{static_cast<std::int64_t>(
        std::min<std::uint64_t>(count(value["elapsed_us"]), static_cast<std::uint64_t>(INT64_MAX)))};
  }

  bool good_ = true;
};

}  // namespace

std::string to_json(const Evidence& evidence, const EvidenceOptions& options) {
  Json::Value root;
  root["version"] = kVersion;
  root["taken_at"] = to_iso(evidence.taken_at);
  root["reader"] = evidence.reader_name;
  root["answer_to_reset"] = crypto::to_base64(evidence.answer_to_reset);
  root["password_kind"] = std::string(name_of(evidence.password_kind));
  root["access"] = std::string(name_of(evidence.access));
  if (evidence.pace) {
    root["pace"]["curve"] = std::string(name_of(evidence.pace->curve));
    const bool old = evidence.pace->cipher == crypto::SmCipher::triple_des;
    root["pace"]["key"] = old ? kTripleDes : std::string(name_of(evidence.pace->key));
    root["pace"]["mapping"] = std::string(name_of(evidence.pace->mapping));
  }
  if (evidence.basic_access) root["basic_access"] = true;
  put_chip_proof(root, evidence);
  put_terminal(root, evidence.terminal_authentication);
  root["files"] = Json::Value(Json::arrayValue);
  for (const auto& file : evidence.files) {
    const bool withheld = is_fingerprints(file.file) && !options.fingerprints;
    root["files"].append(file_value(withheld ? without_content(file) : file));
  }
  root["records"]["outcome"] = std::string(name_of(evidence.records));
  root["records"]["certificates"] = array_of(evidence.certificate_records);
  root["records"]["status"] = array_of(evidence.status_records);
  if (evidence.link_error) root["link_error"] = std::string(name_of(*evidence.link_error));
  root["traffic"] = traffic_value(evidence.traffic);

  Json::StreamWriterBuilder writer;
  writer["indentation"] = " ";
  writer["emitUTF8"] = true;
  return Json::writeString(writer, root) + "\n";
}

crypto::Result<Evidence, EvidenceError> evidence_from_json(std::string_view text) {
  if (text.size() > kMaxText) return crypto::unexpected(EvidenceError::too_large);
  const auto root = crypto::parse_strict_json(text, 8);
  if (!root) return crypto::unexpected(EvidenceError::not_json);
  if (!root->isObject()) return crypto::unexpected(EvidenceError::malformed);
  try {
    const auto& version = (*root)["version"];
    if (!version.isInt() || version.asInt() != kVersion) return crypto::unexpected(EvidenceError::wrong_version);
    auto evidence = Parser().parse(*root);
    if (!evidence) return crypto::unexpected(EvidenceError::malformed);
    return *std::move(evidence);
  } catch (const Json::Exception&) {
    return crypto::unexpected(EvidenceError::not_json);
  }
}

}  // namespace reader
