// SPDX-License-Identifier: Apache-2.0
// The command that shows how the floor stands, for Prometheus.
#include <iostream>

#include "personalize/floor/floor_metrics.hpp"
#include "personalize/floor/metrics.hpp"
#include "personalize/tool/command.hpp"
#include "personalize/tool/open_ledger.hpp"

namespace personalize::tool {

Exit run_metrics(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add(ledger_option()).add(domain_option()).add(at_option());
  description.add_options()("out", options::value<std::string>()->value_name("FILE"),
                            "replace FILE whole, for node_exporter's textfile collector; default: stdout");
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  if (!arguments.given("ledger") && !arguments.given("domain"))
    return report_usage(command, "--ledger or --domain is missing");

  MetricsText metrics;
  if (arguments.given("ledger")) {
    const auto database = open_ledger_database(arguments);
    add_metrics(must(read_floor_facts(*database, arguments.at())), metrics);
  }
  if (arguments.given("domain")) {
    const auto domain = crypto::TrustDomain::open(arguments.text("domain"), crypto::Passphrase());
    if (!domain) return report(domain.error());
    add_metrics(deadlines_of(*domain), arguments.at(), metrics);
    if (const auto use = domain->document_signer_use()) add_metrics(*use, metrics);
  }
  const auto file = arguments.text("out");
  if (file.empty())
    std::cout << metrics.text();
  else if (!write_metrics(file, metrics.text()))
    return complain(file + " cannot be written", Exit::cannot_create);
  return Exit::ok;
}

}  // namespace personalize::tool
