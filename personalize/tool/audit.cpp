// SPDX-License-Identifier: Apache-2.0
// The commands about the audit chain: anchor, export, verify.
#include <fcntl.h>
#include <fmt/format.h>
#include <json/json.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iostream>

#include "crypto/guarded_file.hpp"
#include "personalize/audit/chain_review.hpp"
#include "personalize/tool/floor.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/report/chain_line.hpp"

namespace personalize::tool {
namespace {

using reader::LogFault;

constexpr std::size_t kMaxAnchor = 64U << 10;

struct FaultWords {
  LogFault fault;
  std::string_view name, words;  // {} is the line's number
};
constexpr std::array kFaults{
    FaultWords{LogFault::malformed, "malformed", "line {} cannot be read"},
    FaultWords{LogFault::gap, "gap", "line {} is missing, later ones are there"},
    FaultWords{LogFault::changed, "changed", "line {} is not what was written"},
    FaultWords{LogFault::truncated, "truncated", "line {} is missing: the end was cut off"},
    FaultWords{LogFault::head_missing, "head_missing", "nothing says that the chain ends at line {}"},
    FaultWords{LogFault::head_differs, "head_differs", "the chain's head names another line {}"},
    FaultWords{LogFault::other_history, "other_history", "an anchor was made of another line {}"},
    FaultWords{LogFault::not_signed, "not_signed",
               "line {}: no signature that holds; patent-personalize audit anchor signs"},
    FaultWords{LogFault::stranger, "stranger", "line {} is signed by no status signer of the trust folder in its time"},
    FaultWords{LogFault::chain_missing, "chain_missing", "line {} and all others are missing: there is no chain left"},
};
const FaultWords& words_of(LogFault fault) { return *std::ranges::find(kFaults, fault, &FaultWords::fault); }

// ---- anchor

Exit run_anchor(const Command& command, const Words& words) {
  auto description = ledger_option();
  description.add(workplace_options())
      .add(domain_option())
      .add(passphrase_option())
      .add(at_option())
      .add_options()("out", options::value<std::string>()->value_name("FILE"), "a new file; default: stdout");
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  if (!arguments.given("domain")) return report_usage(command, "--domain is missing");
  const auto floor = open_floor(arguments, MissingDatabase::refuse, FloorKeys::needed);
  if (!floor) return floor.error();
  const auto anchor = must((*floor)->audit.sign(arguments.at()));
  if (!anchor)
    return complain(
        "the status signer did not sign: look with patent-pki show whether its certificate or key has ended",
        Exit::bad_input);
  const auto text = to_json(*anchor) + '\n';
  if (!arguments.given("out")) {
    std::cout << text;
    return Exit::ok;
  }
  const auto out = arguments.text("out");
  const auto kept = crypto::write_file(out, crypto::as_bytes(text), crypto::Readers::owner, crypto::Overwrite::no);
  if (!kept) return report({kept.error(), out});
  put_line(std::cerr, fmt::format("{}: station {}, line {}. Keep it where this station cannot write.", out,
                                  anchor->statement.station, anchor->statement.point.number));
  return Exit::ok;
}

// ---- export

Exit run_export(const Command& command, const Words& words) {
  auto description = ledger_option();
  description.add(at_option())
      .add_options()("out", options::value<std::string>()->value_name("FILE"), "a new file; default: stdout");
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  const auto database = open_ledger_database(arguments);
  if (!arguments.given("out")) {
    must(export_chains(*database, arguments.at(), std::cout));
    return std::cout.flush() ? Exit::ok : Exit::cannot_create;
  }
  const auto file = arguments.text("out");
  const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made < 0 || ::close(made) != 0)
    return complain(file + " cannot be made, or is there already", Exit::cannot_create);
  std::ofstream out(file, std::ios::binary);
  const auto lines = must(export_chains(*database, arguments.at(), out));
  if (!out.flush()) return complain(file + " cannot be written to its end: it is no whole export", Exit::cannot_create);
  put_line(std::cerr, fmt::format("{}: {} lines", file, lines));
  return Exit::ok;
}

// ---- verify

AuditAnchor anchor_in(const std::string& file) {
  const auto octets = crypto::read_file(file, kMaxAnchor);
  auto anchor = octets ? read_anchor({reinterpret_cast<const char*>(octets->data()), octets->size()}) : std::nullopt;
  if (!anchor) throw Stop{Exit::bad_input, file + " is no anchor: patent-personalize audit anchor makes one"};
  return *std::move(anchor);
}

// An anchor proves nothing unless it is itself signed.
void check_anchors(const ChainEvidence& evidence, const Words& files) {
  if (evidence.trust == nullptr) return;
  SignatureJudge judge(*evidence.trust, evidence.now);
  for (std::size_t i = 0; i < files.size(); ++i)
    if (judge.fault_of(evidence.anchors[i]))
      throw Stop{Exit::bad_input, files[i] + " is signed by no status signer of the trust folder in its time"};
}

ChainReview review_of(const Arguments& arguments, const ChainEvidence& evidence) {
  if (arguments.given("ledger")) return must(review_chains(*open_ledger_database(arguments), evidence));
  const auto file = arguments.text("export");
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Stop{Exit::bad_input, file + " cannot be read"};
  auto review = review_export(in, evidence);
  if (!review) throw Stop{Exit::bad_input, file + " is no export of audit chains"};
  return *std::move(review);
}

Json::Value json_of(const StationReview& review) {
  Json::Value json;
  json["station"] = review.station;
  json["whole"] = !review.problem;
  if (review.problem) {
    json["fault"] = std::string(words_of(review.problem->fault).name);
    json["line"] = Json::Int64{review.problem->number};
  }
  json["head"] = reader::point_value(review.head);
  json["signatures"] = Json::Int64{review.signatures};
  json["unsigned_lines"] = Json::Int64{review.unsigned_lines()};
  if (review.unsigned_since) json["unsigned_since"] = reader::to_iso(*review.unsigned_since);
  json["clock_set_back"] = Json::Value(Json::arrayValue);
  for (const auto number : review.clock_set_back) json["clock_set_back"].append(Json::Int64{number});
  return json;
}

void print(const StationReview& review, bool judged) {
  const auto& station = review.station;
  if (review.problem)
    put_line(std::cout,
             fmt::format("{}: {} [{}]", station,
                         fmt::format(fmt::runtime(words_of(review.problem->fault).words), review.problem->number),
                         words_of(review.problem->fault).name));
  else
    put_line(std::cout,
             fmt::format("{}: whole, {} lines, {} signatures{}, {} lines after the last{}", station, review.head.number,
                         review.signatures, judged ? "" : " (not judged: --trust)", review.unsigned_lines(),
                         review.unsigned_since ? ", since " + reader::to_iso(*review.unsigned_since) : ""));
  for (const auto number : review.clock_set_back)
    put_line(std::cout, fmt::format("{}: the clock was set back before line {}", station, number));
}

Exit run_verify(const Command& command, const Words& words) {
  auto description = ledger_option();
  description.add(at_option())
      .add_options()  //
      ("export", options::value<std::string>()->value_name("FILE"), "an export instead of a ledger")(
          "anchor", options::value<Words>()->value_name("FILE"), "the chain must lead through it; any number of times")(
          "trust", options::value<std::string>()->value_name("DIR"),
          "certificates and revocation lists that signatures are judged by: DOMAIN/trust")(
          "unsigned-hours", options::value<unsigned>()->default_value(24),
          "with --trust: how old the first line after the last signature may be")("json", "a JSON line a chain");
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  if (arguments.given("ledger") == arguments.given("export"))
    return report_usage(command, "--ledger or --export is missing, or both are there");
  std::optional<reader::Trust> trust;
  if (arguments.given("trust")) {
    auto loaded = reader::load_trust(arguments.text("trust"));
    if (!loaded) return complain("the trust folder cannot be used: " + loaded.error().file.string(), Exit::bad_input);
    trust = *std::move(loaded);
  }
  ChainEvidence evidence{
      trust ? &*trust : nullptr, {}, arguments.at(), std::chrono::hours(arguments.number("unsigned-hours"))};
  const auto anchors = arguments.texts("anchor");
  for (const auto& file : anchors) evidence.anchors.push_back(anchor_in(file));
  check_anchors(evidence, anchors);
  const auto review = review_of(arguments, evidence);
  for (const auto& station : review.stations)
    arguments.given("json") ? print_line(json_of(station)) : print(station, trust.has_value());
  if (review.stations.empty()) std::cerr << "there is no audit chain here\n";
  return review.whole() ? Exit::ok : Exit::bad_input;
}

constexpr std::array kActions{
    Command{
        "audit anchor",
        "Signs the station's audit chain as it is, and gives the anchor: station, line, hash, time and signature, to\n"
        "be kept where the station cannot write.",
        "--ledger WHERE --domain DIR [--station NAME] [--out FILE]",
        "  patent-personalize audit anchor --ledger floor.db --domain /srv/trust --out 2026-03-10.anchor\n",
        run_anchor},
    Command{"audit export", "Writes all stations' audit chains as JSON lines.", "--ledger WHERE [--out FILE]",
            "  patent-personalize audit export --ledger floor.db --out audit.jsonl\n", run_export},
    Command{
        "audit verify",
        "Finds any change, insertion, gap or truncation of a ledger's or an export's audit chains, and names the\n"
        "first bad line. Exit code 0 whole, 65 not.",
        "--ledger WHERE | --export FILE [--anchor FILE...] [--trust DIR [--unsigned-hours N]] [--json]",
        "  patent-personalize audit verify --ledger floor.db --trust /srv/trust/trust\n"
        "  patent-personalize audit verify --export audit.jsonl --anchor 2026-03-10.anchor --trust /srv/trust/trust\n",
        run_verify},
};

}  // namespace

Exit run_audit(const Command& command, const Words& words) { return run_action(command, kActions, words); }

}  // namespace personalize::tool
