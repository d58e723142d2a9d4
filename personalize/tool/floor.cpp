// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/floor.hpp"

#include "personalize/audit/chain_signature.hpp"
#include "personalize/issue/words.hpp"
#include "personalize/ledger/ledger_key.hpp"
#include "personalize/ledger/status_book.hpp"
#include "personalize/status/transitions.hpp"

namespace personalize::tool {
namespace {

crypto::Result<std::unique_ptr<Floor>, Exit> open_books(const Arguments& arguments, MissingDatabase missing,
                                                        PersonalData personal) {
  auto database = open_ledger_database(arguments, missing);
  if (!personal.is_locked()) must(take_ledger_key(*database, personal));
  return std::make_unique<Floor>(std::move(database), std::move(personal), workplace_of(arguments),
                                 clock_of(arguments));
}

}  // namespace

options::options_description workplace_options() {
  options::options_description description;
  description.add_options()("station", options::value<std::string>()->value_name("NAME"),
                            "which station this is, for the ledger; default: the host's name")(
      "operator", options::value<std::string>()->default_value(""), "who works here, for receipts and the ledger");
  return description;
}

Workplace workplace_of(const Arguments& arguments) {
  const auto host = host_name();
  return {.station = arguments.given("station") ? arguments.text("station")
                     : host.empty()             ? "station"
                                                : host,
          .operator_name = arguments.text("operator")};
}

std::function<crypto::Time()> clock_of(const Arguments& arguments) {
  if (arguments.given("at")) return [at = arguments.at()] { return at; };
  return now;
}

Floor::Floor(std::unique_ptr<Database> opened, PersonalData key, Workplace who,
             std::function<std::chrono::sys_seconds()> clock)
    : database(std::move(opened)),
      personal(std::move(key)),
      workplace(std::move(who)),
      audit(*database, workplace.station),
      events(*database),
      stock(*database, audit),
      statuses(std::make_unique<StatusBook>(*database, personal)),
      queue(*database, personal),
      orders(*database, personal, stock, events, audit, *statuses, workplace, clock) {
  statuses->tell([this, clock = std::move(clock)](const auto& before, const auto& now) {
    return audit.append({"status_changed",
                         clock(),
                         workplace.operator_name,
                         {{"card", now.card_number},
                          {"sequence", std::to_string(now.sequence)},
                          {"from", std::string(name_of(before.state))},
                          {"to", std::string(name_of(now.state))},
                          {"months", std::to_string(now.months_paid)},
                          {"reason", std::to_string(now.reason)}}});
  });
}

crypto::Result<std::unique_ptr<Floor>, Exit> open_floor(const Arguments& arguments, MissingDatabase missing,
                                                        FloorKeys keys) {
  if (keys == FloorKeys::none) return open_books(arguments, missing, PersonalData::locked());
  if (!arguments.given("domain"))
    return crypto::unexpected<Exit>(
        complain("--domain is missing: the personal data in the ledger lie under its key", Exit::usage));
  PATENT_TRY(auto domain, open_domain(arguments, arguments.text("domain")));
  PATENT_TRY(auto floor, open_floor(arguments, missing, domain));
  floor->domain = std::move(domain);
  return floor;
}

crypto::Result<std::unique_ptr<Floor>, Exit> open_floor(const Arguments& arguments, MissingDatabase missing,
                                                        const crypto::TrustDomain& domain) {
  PATENT_TRY(auto personal, open_personal_data(domain));
  auto signer = load_signer(domain, crypto::kStatusSignerKey);
  if (!signer) return crypto::unexpected<Exit>(report(signer.error()));
  PATENT_TRY(auto floor, open_books(arguments, missing, std::move(personal)));
  floor->chain_signer = *std::move(signer);
  floor->audit.sign_by(signs_chain(*floor->chain_signer));
  return floor;
}

}  // namespace personalize::tool
