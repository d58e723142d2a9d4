// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <json/json.h>

#include <array>
#include <iostream>

#include "crypto/guarded_file.hpp"
#include "crypto/terminal_text.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/tool/trusted.hpp"

namespace reader::tool {
namespace {

using patent::ListKind;

std::string_view word(ListKind kind) { return kind == ListKind::states ? "states" : "months"; }

crypto::Bytes read_package(const std::string& file) {
  auto octets = crypto::read_file(file, kMaxSignedPackage);
  if (octets) return *std::move(octets);
  const auto fault =
      octets.error() == crypto::CryptoError::bad_length ? PackageFault::too_large : PackageFault::unreadable;
  throw stop(PackageFailure{fault, file}, file);
}

Json::Value weight(const std::vector<crypto::Bytes>& all) {
  Json::Value out;
  out["count"] = Json::UInt64(all.size());
  std::size_t octets = 0;
  for (const auto& one : all) octets += one.size();
  out["octets"] = Json::UInt64(octets);
  return out;
}

Json::Value json_of(const patent::StatusList& list) {
  Json::Value out;
  out["kind"] = std::string(word(list.kind));
  out["uri"] = list.uri;
  out["issued_at"] = to_iso(list.issued_at);
  if (list.expires) out["expires"] = to_iso(*list.expires);
  out["entries"] = Json::UInt64(list.entries.size());
  return out;
}

Json::Value delta_json(crypto::ByteView delta) {
  Json::Value out;
  if (const auto names = patent::delta_names(delta)) {
    out["kind"] = std::string(word(names->kind));
    out["uri"] = names->uri;
  }
  out["octets"] = Json::UInt64(delta.size());
  return out;
}

template <class Dated>
void add_dates(Json::Value& out, const Dated& package) {
  out["issued_at"] = to_iso(package.issued_at);
  out["next_update"] = to_iso(package.next_update);
  out["valid_until"] = to_iso(package.valid_until);
}

Json::Value json_of(const SignedPackage& package) {
  const auto& content = package.content;
  Json::Value out;
  out["version"] = Json::UInt64(content.version);
  if (content.base_version) out["base_version"] = Json::UInt64(*content.base_version);
  out["octets"] = Json::UInt64(package.octets);
  out["signer"] = package.signer.subject();
  add_dates(out, content);
  out["certificates"] = weight(content.certificates);
  out["revocation_lists"] = weight(content.revocation_lists);
  out["cv_certificates"] = weight(content.cv_certificates);
  out["master_lists"] = weight(content.master_lists);
  for (const auto& list : content.lists) {
    auto entry = json_of(list);
    entry["octets"] = Json::UInt64(list.entries.compress().size());
    out["lists"].append(std::move(entry));
  }
  for (const auto& delta : content.deltas) out["deltas"].append(delta_json(delta));
  if (content.regions) out["regions_octets"] = Json::UInt64(content.regions->size());
  if (content.policy) out["policy_octets"] = Json::UInt64(content.policy->size());
  return out;
}

std::string dates(const Json::Value& json) {
  return fmt::format("issued {}, next update {}, valid until {}", json["issued_at"].asString(),
                     json["next_update"].asString(), json["valid_until"].asString());
}

std::string line_of_list(const Json::Value& list) {
  auto out = fmt::format("  {} {}:", list["kind"].asString(), crypto::shown(list["uri"].asString(), ' '));
  if (list.isMember("entries")) out += fmt::format(" {} entries,", list["entries"].asUInt64());
  if (list.isMember("issued_at")) out += fmt::format(" issued {},", list["issued_at"].asString());
  if (list.isMember("expires")) out += fmt::format(" expires {},", list["expires"].asString());
  if (list.isMember("octets")) out += fmt::format(" {} octets,", list["octets"].asUInt64());
  out.back() = '\n';
  return out;
}

std::string text_of_package(const Json::Value& json) {
  auto out = fmt::format(
      "package {}{}, {} octets\n  {}\n  signed by {}\n", json["version"].asUInt64(),
      json.isMember("base_version") ? fmt::format(" on top of {}", json["base_version"].asUInt64()) : std::string(),
      json["octets"].asUInt64(), dates(json), crypto::shown(json["signer"].asString(), ' '));
  constexpr std::array kParts{
      std::pair{"certificates", "certificates"}, std::pair{"revocation_lists", "revocation lists"},
      std::pair{"cv_certificates", "CV certificates"}, std::pair{"master_lists", "master lists"}};
  for (const auto& [name, words] : kParts)
    if (json[name]["count"].asUInt64() != 0)
      out +=
          fmt::format("  {} {}: {} octets\n", json[name]["count"].asUInt64(), words, json[name]["octets"].asUInt64());
  for (const auto& list : json["lists"]) out += line_of_list(list);
  for (const auto& delta : json["deltas"]) out += "  delta of" + line_of_list(delta).substr(1);
  if (json.isMember("regions_octets")) out += fmt::format("  regions: {} octets\n", json["regions_octets"].asUInt64());
  if (json.isMember("policy_octets")) out += fmt::format("  policy: {} octets\n", json["policy_octets"].asUInt64());
  return out;
}

Json::Value json_of(const InstalledPackage& installed, crypto::Time at) {
  Json::Value out;
  out["version"] = Json::UInt64(installed.version);
  add_dates(out, installed);
  out["state"] = at > installed.valid_until ? "expired" : at > installed.next_update ? "update due" : "current";
  for (const auto& certificate : installed.trust.csca) out["certificates"].append(certificate.subject());
  out["cv_certificates"] = weight(installed.cv_certificates);
  for (const auto* const list : installed.trust.lists.all()) out["lists"].append(json_of(*list));
  for (const auto& region : installed.trust.regions.all()) out["regions"].append(region.name);
  return out;
}

std::string text_of_installed(const Json::Value& json) {
  auto out = fmt::format("in force: version {}, {}\n  {}\n", json["version"].asUInt64(), json["state"].asString(),
                         dates(json));
  for (const auto& certificate : json["certificates"])
    out += fmt::format("  trusts {}\n", crypto::shown(certificate.asString(), ' '));
  for (const auto& list : json["lists"]) out += line_of_list(list);
  for (const auto& region : json["regions"]) out += fmt::format("  region {}\n", crypto::shown(region.asString(), ' '));
  return out;
}

Exit run_install(const Command& command, const Words& words) {
  options::options_description described;
  described.add(trust_options()).add(at_option()).add(output_options());
  Arguments arguments(command, described, {"FILE"});
  if (const auto exit = arguments.read(words)) return *exit;
  if (!arguments.given("store")) throw Stop{Exit::usage, "--store DIR is needed"};
  const auto file = arguments.text("FILE");
  const auto anchor = arguments.given("trust") ? std::optional(trust_folder(arguments)) : std::nullopt;
  const auto octets = read_package(file);
  const PackageStore store(arguments.text("store"));
  const auto installed = store.install(octets, anchor, policy_of(arguments), arguments.at());
  if (!installed) throw stop(installed.error(), file);
  auto json = json_of(*installed, arguments.at());
  json["octets"] = Json::UInt64(octets.size());
  std::cout << (arguments.given("json")
                    ? json.toStyledString()
                    : fmt::format("installed {}, {} octets\n{}", file, octets.size(), text_of_installed(json)));
  return Exit::ok;
}

void show_file(const std::string& file, const Arguments& arguments) {
  const auto package = open_package(read_package(file));
  if (!package) throw stop(PackageFailure{package.error(), file}, file);
  const auto json = json_of(*package);
  std::cout << (arguments.given("json") ? json.toStyledString() : text_of_package(json));
  if (!arguments.given("json")) std::cout << "  the signature holds; whether its signer is trusted, install says\n";
}

void show_store(const std::string& folder, const Arguments& arguments) {
  const PackageStore store(folder);
  const auto installed = store.load(policy_of(arguments));
  if (!installed) throw stop(installed.error(), folder);
  auto json = json_of(*installed, arguments.at());
  for (const auto& stored : store.stored())
    if (const auto package = open_package(read_package(stored.file))) json["packages"].append(json_of(*package));
  std::cout << (arguments.given("json") ? json.toStyledString() : text_of_installed(json));
  if (arguments.given("json")) return;
  for (const auto& package : json["packages"]) std::cout << text_of_package(package);
}

Exit run_show(const Command& command, const Words& words) {
  options::options_description described;
  described.add(trust_options()).add(at_option()).add(output_options());
  Arguments arguments(command, described, {"[FILE]"});
  if (const auto exit = arguments.read(words)) return *exit;
  if (arguments.given("FILE") == arguments.given("store")) throw Stop{Exit::usage, "FILE or --store DIR is needed"};
  if (arguments.given("FILE"))
    show_file(arguments.text("FILE"), arguments);
  else
    show_store(arguments.text("store"), arguments);
  return Exit::ok;
}

constexpr std::array kActions{
    Command{"package install",
            "Verifies a trust package against what is installed, and puts it into force at once or not at all. The\n"
            "first one needs --trust: whom to believe.",
            "FILE --store DIR [--trust DIR] [--policy FILE] [--at TIME] [--json]",
            "  patent-reader package install day-1.package --store /var/lib/patent --trust /srv/trust/trust\n"
            "  patent-reader package install day-2.package --store /var/lib/patent\n",
            run_install},
    Command{"package show", "Shows a package, or what is installed: versions, dates, lists, what it weighs.",
            "FILE | --store DIR [--at TIME] [--json]",
            "  patent-reader package show day-1.package\n"
            "  patent-reader package show --store /var/lib/patent --json\n",
            run_show},
};

}  // namespace

Exit run_package(const Command& command, const Words& words) { return run_action(command, kActions, words); }

}  // namespace reader::tool
