// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <json/json.h>

#include <array>
#include <fstream>
#include <iostream>

#include "crypto/guarded_file.hpp"
#include "crypto/terminal_text.hpp"
#include "reader/inspect/domain_terminal.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/report/chain_line.hpp"
#include "reader/report/check_export.hpp"
#include "reader/tool/log_words.hpp"

namespace reader::tool {
namespace {

constexpr auto kTampered = static_cast<Exit>(Outcome::invalid);

std::string required(const Arguments& arguments, const char* option) {
  if (!arguments.given(option)) throw Stop{Exit::usage, fmt::format("--{} is needed", option)};
  return arguments.text(option);
}

options::options_description log_option() {
  options::options_description out("Log");
  out.add_options()("log", options::value<std::string>()->value_name("FILE"), "the log of checks");
  return out;
}

CheckLog open_to_read(const std::string& file) {
  auto log = CheckLog::open_to_read(file);
  if (!log) throw stop(log.error(), file);
  return *std::move(log);
}

LogReview reviewed(const CheckLog& log, const std::string& file, const LogHistory* earlier = nullptr) {
  const auto out = review(log, earlier);
  if (!out) throw stop(out.error(), file);
  return *out;
}

// What is to be exported or trimmed must be whole.
LogReview reviewed_whole(const CheckLog& log, const std::string& file, Language words) {
  auto out = reviewed(log, file);
  if (out.problem) throw Stop{kTampered, fmt::format("{}: {}. Nothing was done.", file, sentence(*out.problem, words))};
  return out;
}

std::string row(const Json::Value& entry, bool clock_set_back) {
  const auto text = [&](const char* name) {
    return crypto::shown(entry[name].isString() ? entry[name].asString() : "", ' ');
  };
  auto out = fmt::format("{:>6}  {}  ", entry["number"].isInt64() ? entry["number"].asInt64() : 0, text("written"));
  if (text("kind") == "check") {
    std::string reasons;
    for (const auto& reason : entry["reasons"])
      reasons += ' ' + crypto::shown(reason.isString() ? reason.asString() : "", ' ');
    out += fmt::format("{:<11}  {:<9}  {} ({}){}", text("outcome"), text("card_number"), text("device"), text("role"),
                       reasons);
  } else {
    const auto point = point_from(entry["through"]);
    out += fmt::format("removed: up to {}", point ? point->number : 0);
  }
  return out + (clock_set_back ? "  CLOCK SET BACK\n" : "\n");
}

Exit run_show(const Command& command, const Words& words) {
  options::options_description described;
  described.add(log_option()).add(output_options());
  Arguments arguments(command, described, {});
  if (const auto exit = arguments.read(words)) return *exit;
  const auto file = required(arguments, "log");
  const auto log = open_to_read(file);
  const auto seen = reviewed(log, file);
  Json::Value list(Json::arrayValue);
  const auto done = log.each([&](std::int64_t number, std::string_view line, crypto::ByteView) {
    auto entry = parse_line(line).value_or(Json::Value(Json::objectValue));
    const bool back = std::ranges::find(seen.clock_set_back, number) != seen.clock_set_back.end();
    if (arguments.given("json"))
      list.append(std::move(entry));
    else
      std::cout << row(entry, back);
    return true;
  });
  if (!done) throw stop(done.error(), file);
  if (arguments.given("json")) std::cout << list.toStyledString();
  if (!seen.problem) return Exit::ok;
  return complain(fmt::format("{}: {}", file, sentence(*seen.problem, language(arguments))), kTampered);
}

LogSigner signer_of(const crypto::TrustDomain& domain) {
  const auto stopped = [](const crypto::DomainFailure& failure) {
    return Stop{report(failure), "the log cannot be signed without the inspection terminal's key"};
  };
  auto terminal = domain_terminal(domain);
  if (!terminal) throw stopped(terminal.error());
  const auto key = domain.vault().signing_key(crypto::kInspectionKey);
  if (!key) throw stopped({key.error(), domain.folder()});
  return {*std::move(terminal), (*key)->public_key()};
}

Exit run_export(const Command& command, const Words& words) {
  options::options_description described;
  described.add(log_option())
      .add_options()                                                                        //
      ("out", options::value<std::string>()->value_name("FILE"), "the export: a new file")  //
      ("terminal", options::value<std::string>()->value_name("DOMAIN"),
       "the trust domain whose inspection terminal signs");
  described.add(passphrase_option()).add(output_options());
  Arguments arguments(command, described, {});
  if (const auto exit = arguments.read(words)) return *exit;
  const auto file = required(arguments, "log"), out = required(arguments, "out");
  const auto domain = open_domain(arguments, required(arguments, "terminal"));
  if (!domain) return domain.error();
  const auto log = open_to_read(file);
  const auto seen = reviewed_whole(log, file, language(arguments));
  const auto text = export_log(log, seen, signer_of(*domain), now());
  if (!text) throw stop(text.error(), file);
  if (!*text) throw Stop{Exit::internal, "the terminal's key did not sign"};
  // Nobody must find out later that it cannot be verified.
  const auto root = domain->cv_certificate(crypto::kCvcaKey);
  const auto again = root ? review_export(**text, *root) : std::nullopt;
  if (!again || again->log.problem)
    throw Stop{Exit::bad_input, "the terminal's certificates do not hold today. Renew them: patent-pki renew --help"};
  if (const auto kept =
          crypto::write_file(out, crypto::as_bytes(**text), crypto::Readers::owner, crypto::Overwrite::no);
      !kept)
    return report({kept.error(), out});
  std::cout << fmt::format("{}: entries {} to {}, signed by {}\n", out, seen.removed.number + 1, seen.head.number,
                           again->signer);
  return Exit::ok;
}

std::string read_text(const std::string& file, std::size_t limit) {
  const auto octets = crypto::read_file(file, limit);
  if (!octets) throw Stop{Exit::usage, fmt::format("{} cannot be read, or is too large", file)};
  return {octets->begin(), octets->end()};
}

ExportReview read_export(const Arguments& arguments, const std::string& file, const LogHistory* earlier) {
  const auto trusted = read_text(required(arguments, "trust"), crypto::kMaxCvCertificate);
  auto out = review_export(read_text(file, kMaxLogExport), crypto::as_bytes(trusted), earlier);
  if (!out) throw Stop{Exit::bad_input, file + " is neither a log of checks nor an export of one"};
  return *std::move(out);
}

bool is_database(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::array<char, 16> first{};
  return in.read(first.data(), first.size()) && std::string_view(first.data(), first.size() - 1) == "SQLite format 3";
}

void print(const LogReview& seen, const ExportReview* exported, const std::string& file, const Arguments& arguments) {
  if (arguments.given("json")) {
    Json::Value out;
    out["whole"] = !seen.problem;
    if (seen.problem) {
      out["problem"]["fault"] = std::string(name_of(seen.problem->fault));
      out["problem"]["number"] = Json::Int64{seen.problem->number};
    }
    out["removed"] = point_value(seen.removed);
    out["head"] = point_value(seen.head);
    out["clock_set_back"] = Json::Value(Json::arrayValue);
    for (const auto number : seen.clock_set_back) out["clock_set_back"].append(Json::Int64{number});
    if (exported) out["exported"] = to_iso(exported->exported);
    if (exported && !exported->signer.empty()) out["signer"] = crypto::shown(exported->signer, '?');
    std::cout << out.toStyledString();
    return;
  }
  const auto words = language(arguments);
  const bool russian = words == Language::russian;
  if (seen.problem)
    std::cout << fmt::format("{}: {}\n", file, sentence(*seen.problem, words));
  else
    std::cout << fmt::format(fmt::runtime(russian ? "{}: цел, записи с {} по {}\n" : "{}: whole, entries {} to {}\n"),
                             file, seen.removed.number + 1, seen.head.number);
  for (const auto number : seen.clock_set_back)
    std::cout << fmt::format(fmt::runtime(russian ? "запись {}: перед ней часы перевели назад\n"
                                                  : "entry {}: the clock was set back before it\n"),
                             number);
  if (exported && !seen.problem)
    std::cout << fmt::format(fmt::runtime(russian ? "подписал {}, {}\n" : "signed by {}, {}\n"),
                             crypto::shown(exported->signer, '?'), to_iso(exported->exported));
}

Exit run_verify_log(const Command& command, const Words& words) {
  options::options_description described;
  described.add_options()  //
      ("against", options::value<std::string>()->value_name("EXPORT"),
       "an earlier export: the log must continue it")  //
      ("trust", options::value<std::string>()->value_name("FILE"),
       "the CVCA certificate that exports' signers hang under: DOMAIN/certificates/cvca.cvcert");
  described.add(output_options());
  Arguments arguments(command, described, {"FILE"});
  if (const auto exit = arguments.read(words)) return *exit;
  std::optional<ExportReview> earlier;
  if (arguments.given("against")) {
    const auto file = arguments.text("against");
    earlier = read_export(arguments, file, nullptr);
    if (earlier->log.problem) {
      print(earlier->log, &*earlier, file, arguments);
      return kTampered;
    }
  }
  const auto file = arguments.text("FILE");
  const auto* const history = earlier ? &earlier->history : nullptr;
  std::optional<ExportReview> exported;
  if (!is_database(file)) exported = read_export(arguments, file, history);
  const auto seen = exported ? exported->log : reviewed(open_to_read(file), file, history);
  print(seen, exported ? &*exported : nullptr, file, arguments);
  return seen.problem ? kTampered : Exit::ok;
}

Exit run_trim(const Command& command, const Words& words) {
  options::options_description described;
  described.add(log_option())
      .add_options()("keep", options::value<unsigned>()->value_name("DAYS"), "keep what is not older: 1 to 36500");
  described.add(output_options());
  Arguments arguments(command, described, {});
  if (const auto exit = arguments.read(words)) return *exit;
  const auto file = required(arguments, "log");
  if (!arguments.given("keep") || arguments.number("keep") < 1 || arguments.number("keep") > 36500)
    throw Stop{Exit::usage, "--keep takes 1 to 36500 days"};
  reviewed_whole(open_to_read(file), file, language(arguments));
  auto log = CheckLog::open_to_append(file);
  if (!log) throw stop(log.error(), file);
  const auto removed = log->trim(arguments.number("keep"), now());
  if (!removed) throw stop(removed.error(), file);
  if (arguments.given("json")) {
    Json::Value out;
    out["removed"] = Json::Int64{*removed};
    std::cout << out.toStyledString();
  } else {
    std::cout << fmt::format("{}: {} entries removed\n", file, *removed);
  }
  return Exit::ok;
}

constexpr std::array kActions{
    Command{"log show", "Lists the checks.", "--log FILE [--json]", "  patent-reader log show --log checks.db\n",
            run_show},
    Command{"log export", "Writes the log as JSON lines, signed by the device's inspection terminal.",
            "--log FILE --out FILE --terminal DOMAIN",
            "  patent-reader log export --log checks.db --out checks.jsonl --terminal /srv/trust\n", run_export},
    Command{
        "log verify", "Finds any change, gap or truncation of a log or an export, and names the first bad entry.",
        "FILE [--against EXPORT] [--trust FILE] [--json]",
        "  patent-reader log verify checks.db\n"
        "  patent-reader log verify checks.db --against last-week.jsonl --trust /srv/trust/certificates/cvca.cvcert\n",
        run_verify_log},
    Command{"log trim", "Removes entries older than the retention limit; the chain of the others stays provable.",
            "--log FILE --keep DAYS", "  patent-reader log trim --log checks.db --keep 90\n", run_trim},
};

}  // namespace

Exit run_log(const Command& command, const Words& words) { return run_action(command, kActions, words); }

}  // namespace reader::tool
