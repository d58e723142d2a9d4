// SPDX-License-Identifier: Apache-2.0
#include "reader/tool/trusted.hpp"

#include <fmt/format.h>

#include <array>

namespace reader::tool {
namespace {

Exit exit_of(PackageFault fault) {
  switch (fault) {
    case PackageFault::no_anchor:
    case PackageFault::other_anchor:
    case PackageFault::no_store: return Exit::usage;
    case PackageFault::busy: return Exit::unavailable;
    case PackageFault::not_written: return Exit::cannot_create;
    default: return Exit::bad_input;
  }
}

}  // namespace

Stop stop(const PackageFailure& failure, const std::string& package) {
  return {exit_of(failure.fault), fmt::format("{}: {}: {}", failure.file.empty() ? package : failure.file.string(),
                                              name_of(failure.fault), words_for(failure.fault))};
}

options::options_description trust_options() {
  options::options_description out("Trust");
  out.add_options()                                                                                                  //
      ("trust", options::value<std::string>()->value_name("DIR"), "trusted CSCA certificates and revocation lists")  //
      ("store", options::value<std::string>()->value_name("DIR"),
       "installed trust packages (patent-reader package)")  //
      ("policy", options::value<std::string>()->value_name("FILE"), "limits and offsets, JSON");
  return out;
}

Policy policy_of(const Arguments& arguments) {
  if (!arguments.given("policy")) return {};
  auto loaded = load_policy(arguments.text("policy"));
  if (loaded) return *std::move(loaded);
  constexpr std::array kWords{"not found", "no JSON object", "an unknown member", "a value out of its range"};
  throw Stop{Exit::usage,
             fmt::format("policy: {}: {}", arguments.text("policy"), kWords[static_cast<std::size_t>(loaded.error())])};
}

Trust trust_folder(const Arguments& arguments) {
  if (!arguments.given("trust")) throw Stop{Exit::usage, "--trust DIR or --store DIR is needed"};
  auto loaded = load_trust(arguments.text("trust"));
  if (loaded) return *std::move(loaded);
  constexpr std::array kWords{"not found",
                              "unreadable",
                              "no certificate",
                              "no revocation list",
                              "no certificate in it; a trust domain's certificates are in its trust/ folder",
                              "no master list",
                              "a master list that no list signer of a trusted state made"};
  throw Stop{Exit::usage, fmt::format("trust: {}: {}", loaded.error().file.string(),
                                      kWords[static_cast<std::size_t>(loaded.error().error)])};
}

Trusted trusted(const Arguments& arguments) {
  auto policy = policy_of(arguments);
  if (arguments.given("trust") && arguments.given("store"))
    throw Stop{Exit::usage, "--trust and --store exclude each other"};
  const auto folder = arguments.given("store") ? arguments.text("store") : arguments.text("trust");
  if (!arguments.given("store") && !PackageStore::is_store(folder)) return {trust_folder(arguments), policy};
  auto installed = PackageStore(folder).load(policy);
  if (!installed) throw stop(installed.error(), folder);
  if (!arguments.given("policy") && installed->policy) policy = *installed->policy;
  return {std::move(installed->trust), policy};
}

}  // namespace reader::tool
