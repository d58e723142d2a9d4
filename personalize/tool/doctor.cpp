// SPDX-License-Identifier: Apache-2.0
// The command that finds what is wrong with a station.
#include <fmt/format.h>
#include <json/json.h>

#include <cstdlib>
#include <iostream>

#include "crypto/domain_files.hpp"
#include "crypto/domain_vault.hpp"
#include "crypto/guarded_file.hpp"
#include "personalize/floor/doctor.hpp"
#include "personalize/ledger/database.hpp"
#include "personalize/tool/command.hpp"
#include "personalize/tool/open_ledger.hpp"

namespace personalize::tool {
namespace {

namespace fs = std::filesystem;

// The exit codes of this command alone; faults of usage have the usual ones.
constexpr int kWarnings = 1, kFaults = 2;

// Looks into one area after the other, and says of each what it found.
class Doctor {
public:
  explicit Doctor(const Arguments& arguments)
      : arguments_(arguments), russian_(in_russian(arguments)), json_(arguments.given("json")) {}

  Exit run() {
    open_domain_unlocked();
    tell("readers",
         [this](Findings& found) { look_at_readers(reader::identify_readers(), arguments_.texts("readers"), found); });
    if (domain_) look_into_domain();
    look_into_ledger();
    tell("disk", [this](Findings& found) {
      look_at_disk(disk_folder(), std::uintmax_t{arguments_.number("min-free")} << 20, found);
    });
    tell("clock", [this](Findings& found) {
      look_at_clock(arguments_.at(), moments_, found);
      const char* const zones = std::getenv("TZDIR");
      look_at_time_zones(zones != nullptr ? zones : "/usr/share/zoneinfo", found);
    });
    return conclude();
  }

private:
  void open_domain_unlocked() {
    if (!arguments_.given("domain")) return;
    auto opened = crypto::TrustDomain::open(arguments_.text("domain"), crypto::Passphrase());
    if (opened) {
      domain_.emplace(*std::move(opened));
      moments_ = moments_of(*domain_);
    } else {
      tell("domain", [&](Findings& found) {
        found.push_back({Trouble::domain_unreadable, opened.error().file.string()});
        look_at_ceremony(arguments_.text("domain"), found);
      });
    }
  }

  void look_into_domain() {
    tell("keys", [this](Findings& found) {
      if (const auto vault = domain_->folder() / crypto::kVaultFile; crypto::file_exists(vault))
        look_at_private_files(vault, found);
      look_at_private_files(domain_->folder() / crypto::kKeysFolder, found);
      look_at_vault(*domain_, arguments_.text("passphrase-source"), found);
      look_at_ceremony(domain_->folder(), found);
    });
    tell("certificates", [this](Findings& found) {
      look_at_certificates(*domain_, {arguments_.at(), std::chrono::days(arguments_.number("ahead"))}, found);
      if (const auto use = domain_->document_signer_use()) look_at_signer_use(*use, found);
    });
  }

  void look_into_ledger() {
    if (!arguments_.given("ledger")) return;
    const auto where = arguments_.text("ledger");
    Findings found;
    const auto database = open_database(where, MissingDatabase::refuse);
    const auto facts =
        database ? read_floor_facts(**database, arguments_.at()) : crypto::unexpected<LedgerFailure>(database.error());
    if (!facts) {
      look_at_ledger(facts.error(), found);
      return tell("ledger", found);
    }
    if (is_file(where)) look_at_private_files(where, found);
    tell("ledger", found);
    tell("orders", [&](Findings& orders) { look_at_orders(*facts, orders); });
    moments_.push_back({facts->newest, where});
  }

  // Where the ledger is written; of a server's, only the server knows.
  [[nodiscard]] fs::path disk_folder() const {
    if (arguments_.given("ledger") && is_file(arguments_.text("ledger")))
      return fs::absolute(arguments_.text("ledger")).parent_path();
    return arguments_.given("domain") ? fs::path(arguments_.text("domain")) : fs::current_path();
  }
  [[nodiscard]] static bool is_file(std::string_view where) { return where.find("://") == std::string_view::npos; }

  template <class Look>
  requires std::invocable<Look, Findings&>
  void tell(const char* area, const Look& look) {
    Findings found;
    look(found);
    tell(area, found);
  }

  void tell(const char* area, const Findings& found) {
    if (found.empty()) json_ ? print_line(line(area, "ok", "ok")) : say("ok", area, "", "");
    for (const auto& finding : found) {
      const auto& advice = advice_for(finding.trouble);
      const auto& text = russian_ ? advice.ru : advice.en;
      const bool fault = advice.weight == Weight::fault;
      ++(fault ? faults_ : warnings_);
      const auto words = fmt::format(fmt::runtime(text.words), finding.subject);
      if (json_) {
        auto json = line(area, fault ? "fault" : "warning", std::string(advice.code));
        json["subject"] = finding.subject;
        json["words"] = words;
        json["remedy"] = std::string(text.remedy);
        print_line(json);
      } else {
        say(fault ? "FAULT" : "warning", area, fmt::format("{} [{}]", words, advice.code), text.remedy);
      }
    }
  }

  static Json::Value line(const char* area, const char* severity, const std::string& code) {
    Json::Value json(Json::objectValue);
    json["area"] = area;
    json["severity"] = severity;
    json["code"] = code;
    return json;
  }

  static void say(std::string_view severity, std::string_view area, std::string_view words, std::string_view remedy) {
    put_line(std::cout, fmt::format("{:<8} {}{}{}", severity, area, words.empty() ? "" : ": ", words));
    if (!remedy.empty()) put_line(std::cout, fmt::format("{:<8} -> {}", "", remedy));
  }

  [[nodiscard]] Exit conclude() const {
    if (json_) {
      Json::Value json(Json::objectValue);
      json["faults"] = faults_;
      json["warnings"] = warnings_;
      print_line(json);
    } else {
      put_line(std::cout, fmt::format("{} fault{}, {} warning{}", faults_, faults_ == 1 ? "" : "s", warnings_,
                                      warnings_ == 1 ? "" : "s"));
    }
    return static_cast<Exit>(faults_ > 0 ? kFaults : warnings_ > 0 ? kWarnings : 0);
  }

  const Arguments& arguments_;
  bool russian_, json_;
  std::optional<crypto::TrustDomain> domain_;
  std::vector<Moment> moments_;
  unsigned faults_ = 0, warnings_ = 0;
};

}  // namespace

Exit run_doctor(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add_options()("readers", options::value<Words>(),
                            "all, serial:S, port:P or a name: whether this one is there")(
      "ahead", options::value<unsigned>()->default_value(14)->value_name("DAYS"),
      "warn so long before a certificate ends")(
      "min-free", options::value<unsigned>()->default_value(1024)->value_name("MIB"), "warn when less is free")(
      "lang", options::value<std::string>(), "ru or en; default: from LC_ALL and LANG")("json",
                                                                                        "a JSON line for each finding");
  description.add(domain_option()).add(passphrase_option()).add(ledger_option()).add(at_option());
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  return Doctor(arguments).run();
}

}  // namespace personalize::tool
