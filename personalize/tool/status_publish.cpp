// SPDX-License-Identifier: Apache-2.0
// The status authority's publishing: payments are settled, then every list is signed anew.
#include <fmt/format.h>
#include <json/json.h>

#include <iostream>

#include "personalize/issue/words.hpp"
#include "personalize/status/publisher.hpp"
#include "personalize/status/settlement.hpp"
#include "personalize/tool/floor.hpp"

namespace personalize::tool {
namespace {

options::options_description description() {
  options::options_description out("Options");
  out.add_options()  //
      ("out", options::value<std::string>()->value_name("DIR"), "where the lists go; files there are replaced")(
          "aggregation-uri", options::value<std::string>()->value_name("URI")->default_value(""),
          "where lists.json will be found; stands in each list")(
          "life", options::value<unsigned>()->value_name("HOURS")->default_value(72), "when the lists expire")(
          "ttl", options::value<unsigned>()->value_name("HOURS")->default_value(12), "when to look for newer ones")(
          "deltas", options::value<unsigned>()->value_name("N")->default_value(7), "from how many versions before")(
          "json", "one JSON object instead of text");
  return out.add(ledger_option())
      .add(workplace_options())
      .add(domain_option())
      .add(passphrase_option())
      .add(regions_option())
      .add(at_option());
}

struct Sentences {
  std::string operator()(const LedgerFailure& f) const { return words_for(f); }
  std::string operator()(const IssuerFailure& f) const { return words_for(IssuanceFailure(f)); }
  std::string operator()(const NotNewer& f) const {
    return "the ledger has lists of " + time_text(f.issued_at) + ", and readers take newer ones only: check the clock";
  }
  std::string operator()(const NotWritten& f) const { return "cannot write " + f.file.string(); }
};
struct Exits {
  Exit operator()(const LedgerFailure& f) const { return exit_of(IssuanceFailure(f)); }
  Exit operator()(const IssuerFailure& f) const { return exit_of(IssuanceFailure(f)); }
  Exit operator()(const NotNewer&) const { return Exit::bad_input; }
  Exit operator()(const NotWritten&) const { return Exit::cannot_create; }
};

void print(const Settlements& settled, const std::vector<PublishedList>& lists, bool as_json) {
  if (as_json) {
    Json::Value json(Json::objectValue);
    json["settled"] = Json::UInt64{settled.settled};
    json["extended"] = Json::UInt64{settled.extended};
    json["without_price"] = Json::arrayValue;
    for (const auto& card : settled.without_price) json["without_price"].append(card);
    json["lists"] = Json::arrayValue;
    for (const auto& list : lists) json["lists"].append(to_json(list));
    return print_line(json);
  }
  put_line(std::cout, fmt::format("{} accounts settled, {} patents extended", settled.settled, settled.extended));
  for (const auto& list : lists) {
    put_line(std::cout, fmt::format("{} version {}: {} ({} octets)", list.publication.uri, list.publication.version,
                                    list.file, list.octets));
    for (const auto& delta : list.deltas)
      put_line(std::cout, fmt::format("  from version {}: {} ({} octets)", delta.from, delta.file, delta.octets));
  }
}

crypto::Result<Exit, Exit> publish_all(const Arguments& arguments) {
  using std::chrono::hours;
  const PublishOptions options{.at = arguments.at(),
                               .life = hours(arguments.number("life")),
                               .time_to_live = hours(arguments.number("ttl")),
                               .aggregation_uri = arguments.text("aggregation-uri"),
                               .deltas = arguments.number("deltas")};
  PATENT_TRY(const auto regions, load_regions(arguments));
  PATENT_TRY(const auto floor, open_floor(arguments, MissingDatabase::refuse, FloorKeys::none));
  auto& ledger = *floor->statuses;
  PATENT_TRY(const auto domain, open_domain(arguments, arguments.text("domain")));
  const auto signer = load_signer(domain, crypto::kStatusSignerKey);
  if (!signer) return report(signer.error());
  const auto settled = must(settle_accounts(ledger, regions, arguments.at()));
  for (const auto& card : settled.without_price)
    put_line(std::cerr, fmt::format("the payments for card {} wait: no region profile has a price for them", card));
  const auto lists = publish(ledger, *signer, options, arguments.text("out"));
  if (!lists) return complain(std::visit(Sentences{}, lists.error()), std::visit(Exits{}, lists.error()));
  print(settled, *lists, arguments.given("json"));
  return Exit::ok;
}

}  // namespace

Exit run_status_publish(const Command& command, const Words& words) {
  Arguments arguments(command, description(), {});
  if (const auto end = arguments.read(words)) return *end;
  for (const auto* const name : {"ledger", "domain", "out"})
    if (!arguments.given(name)) return report_usage(command, fmt::format("--{} is missing", name));
  if (arguments.number("life") == 0 || arguments.number("ttl") == 0 ||
      arguments.number("ttl") > arguments.number("life"))
    return report_usage(command, "--ttl is at least an hour, and --life no less than it");
  const auto exit = publish_all(arguments);
  return exit ? *exit : exit.error();
}

}  // namespace personalize::tool
