// SPDX-License-Identifier: Apache-2.0
// The command that builds trust packages for handhelds.
#include <fmt/format.h>
#include <json/value.h>

#include <array>
#include <charconv>
#include <iostream>

#include "crypto/guarded_file.hpp"
#include "personalize/issue/words.hpp"
#include "personalize/status/package_builder.hpp"
#include "personalize/tool/open_ledger.hpp"

namespace personalize::tool {
namespace {

constexpr std::size_t kMaxPolicy = 1U << 16;

options::options_description description() {
  options::options_description out("Options");
  out.add_options()                                                                                              //
      ("out", options::value<std::string>()->value_name("FILE"), "the package; the file must not be there yet")  //
      ("base", options::value<std::string>()->value_name("VERSION"), "a delta for those who have this version")  //
      ("version-again", options::value<std::string>()->value_name("VERSION"),
       "build this version again instead of a new one: as it was, or on another base")  //
      ("next-update", options::value<unsigned>()->default_value(24)->value_name("HOURS"),
       "when handhelds should have the next one")  //
      ("valid", options::value<unsigned>()->default_value(7 * 24)->value_name("HOURS"),
       "how long it may be installed")                                                                          //
      ("policy", options::value<std::string>()->value_name("FILE"), "the handhelds' limits and offsets, JSON")  //
      ("json", "a JSON line instead of text")                                                                   //
      ("lang", options::value<std::string>(), "ru or en; default: from LC_ALL and LANG");
  return out.add(ledger_option()).add(regions_option()).add(domain_option()).add(passphrase_option()).add(at_option());
}

std::optional<std::uint64_t> version_in(const Arguments& arguments, const char* option) {
  if (!arguments.given(option)) return std::nullopt;
  const auto text = arguments.text(option);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0)
    throw Stop{Exit::usage, fmt::format("--{} takes a package's version", option)};
  return number;
}

std::string policy_in(const Arguments& arguments) {
  if (!arguments.given("policy")) return "{}";
  const auto file = arguments.text("policy");
  const auto octets = crypto::read_file(file, kMaxPolicy);
  if (!octets) throw Stop{Exit::bad_input, "cannot read " + file};
  std::string text(octets->begin(), octets->end());
  if (!reader::parse_policy(text)) throw Stop{Exit::bad_input, file + " is no policy; see docs/reader.md"};
  return text;
}

struct Complaint {
  std::string words;
  Exit exit;
};
struct Complaints {
  Complaint operator()(const LedgerFailure& f) const { return {words_for(f), exit_of(f)}; }
  Complaint operator()(const IssuerFailure& f) const { return {words_for(IssuanceFailure(f)), exit_of(f)}; }
  Complaint operator()(const crypto::DomainFailure& f) const {
    return {fmt::format("cannot read {}", f.file.string()), Exit::bad_input};
  }
  Complaint operator()(const NotNewer& f) const {
    return {fmt::format("the last package was made at {}: later ones only", time_text(f.issued_at)), Exit::bad_input};
  }
  Complaint operator()(const NoSuchPackage& f) const {
    return {fmt::format("there was no such package before: version {}", f.version), Exit::bad_input};
  }
  Complaint operator()(const OnlyWhole&) const {
    return {"something was taken out since then, which a delta cannot say: build it whole", Exit::bad_input};
  }
  Complaint operator()(const NotPublished& f) const {
    return {fmt::format("{} was never published: run status publish first", f.uri), Exit::bad_input};
  }
  Complaint operator()(const NotAccepted& f) const {
    return {fmt::format("a reader would refuse it: {}: {}", reader::name_of(f.fault), reader::words_for(f.fault)),
            Exit::bad_input};
  }
};

Json::Value json_of(const BuiltPackage& built, const std::string& file) {
  const auto& content = built.content;
  Json::Value json;
  json["file"] = file;
  json["version"] = Json::UInt64(content.version);
  if (content.base_version) json["base_version"] = Json::UInt64(*content.base_version);
  json["octets"] = Json::UInt64(built.file.size());
  json["issued_at"] = time_text(content.issued_at);
  json["next_update"] = time_text(content.next_update);
  json["valid_until"] = time_text(content.valid_until);
  json["lists"] = Json::UInt64(content.lists.size());
  json["deltas"] = Json::UInt64(content.deltas.size());
  return json;
}

Exit run_build(const Command& command, const Words& words) {
  Arguments arguments(command, description(), {});
  if (const auto exit = arguments.read(words)) return *exit;
  for (const auto* const option : {"domain", "ledger", "out"})
    if (!arguments.given(option)) throw Stop{Exit::usage, fmt::format("--{} is needed", option)};
  const auto out = arguments.text("out");
  if (crypto::file_exists(out)) throw Stop{Exit::cannot_create, out + " is there already"};
  const auto regions = load_regions(arguments);
  if (!regions) return regions.error();
  const PackagePlan plan{.version = version_in(arguments, "version-again"),
                         .base = version_in(arguments, "base"),
                         .at = arguments.at(),
                         .until_update = std::chrono::hours(arguments.number("next-update")),
                         .life = std::chrono::hours(arguments.number("valid")),
                         .regions = regions->to_json(),
                         .policy = policy_in(arguments)};
  const auto ledger = open_ledger(arguments);
  const auto domain = open_domain(arguments, arguments.text("domain"));
  if (!domain) return domain.error();
  const auto signer = load_signer(*domain, crypto::kStatusSignerKey);
  if (!signer) return report(signer.error());
  const auto built = build_package(*ledger, *domain, *signer, plan);
  if (!built) {
    const auto complaint = std::visit(Complaints{}, built.error());
    return complain(complaint.words, complaint.exit);
  }
  if (!crypto::write_file(out, built->file, crypto::Readers::everybody, crypto::Overwrite::no))
    throw Stop{Exit::cannot_create,
               fmt::format("cannot write {}; build version {} again elsewhere", out, built->content.version)};
  const auto json = json_of(*built, out);
  if (arguments.given("json"))
    print_line(json);
  else
    put_line(std::cout, fmt::format("{}: version {}{}, {} octets, next update {}", out, built->content.version,
                                    plan.base ? fmt::format(" for those who have {}", *plan.base) : std::string(),
                                    built->file.size(), json["next_update"].asString()));
  return Exit::ok;
}

constexpr std::array kActions{
    Command{"package build",
            "Builds a trust package for handhelds: the domain's certificates and revocation lists, CV certificates,\n"
            "region profiles, a policy, and the lists that `status publish` published last; signed by the status\n"
            "signer and proved with the reader's own code. Whole, or a delta for those who have an earlier version.",
            "--domain DIR --ledger FILE --out FILE [--base VERSION] [--version-again VERSION]\n"
            "       [--regions FILE] [--policy FILE] [--next-update HOURS] [--valid HOURS] [--at TIME] [--json]",
            "  patent-personalize package build --domain trust --ledger status.db --out 1.package\n"
            "  patent-personalize package build --domain trust --ledger status.db --base 1 --out 1-2.package\n"
            "  patent-personalize package build --domain trust --ledger status.db --version-again 2 --out 2.package\n",
            run_build},
};

}  // namespace

Exit run_package(const Command& command, const Words& words) { return run_action(command, kActions, words); }

}  // namespace personalize::tool
