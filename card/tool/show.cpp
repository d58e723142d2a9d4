// SPDX-License-Identifier: Apache-2.0
// patent-card show: a card's memory in words or JSON; sizes and states, never keys, passwords or a person's data.
#include <fmt/format.h>
#include <json/json.h>

#include <iostream>

#include "card/host/memory_map.hpp"
#include "card/host/security_domain.hpp"
#include "card/tool/command.hpp"

namespace host::tool {
namespace {

using layout::Access;
using layout::Application;
using layout::LifeCycle;

std::string_view name(LifeCycle state) {
  switch (state) {
    case LifeCycle::op_ready: return "OP_READY";
    case LifeCycle::initialized: return "INITIALIZED";
    case LifeCycle::secured: return "SECURED";
    case LifeCycle::personalized: return "PERSONALIZED";
    case LifeCycle::locked: return "LOCKED";
    case LifeCycle::terminated: return "TERMINATED";
  }
  return {};
}

std::string_view name(Application application) {
  switch (application) {
    case Application::master_file: return "master file";
    case Application::security_domain: return "security domain";
    case Application::emrtd: return "eMRTD";
    case Application::records: return "patent records";
  }
  return {};
}

std::string aid(Application application) {
  switch (application) {
    case Application::master_file: return {};
    case Application::security_domain: return crypto::to_hex(layout::kSecurityDomainAid);
    case Application::emrtd: return crypto::to_hex(layout::kEmrtdAid);
    case Application::records: return crypto::to_hex(layout::kRecordsAid);
  }
  return {};
}

std::string_view name(Access access) {
  switch (access) {
    case Access::never: return "never";
    case Access::always: return "always";
    case Access::pace: return "PACE";
    case Access::dg3_right: return "DG3 right";
    case Access::append_right: return "append right";
    case Access::personalizer: return "personalizer";
  }
  return {};
}

std::string_view name(KeyOrigin origin) { return origin == KeyOrigin::transport ? "transport" : "issuer"; }

std::string reference(const crypto::CvHolder& holder) {
  const auto name = holder.reference.view();
  return {name.begin(), name.end()};
}

std::string day(crypto::CvDate date) {
  const std::chrono::year_month_day day(date);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

void print_card(const MemoryMap& map) {
  const auto line = [](std::string_view label, const std::string& text) {
    std::cout << fmt::format("{:<17}{}\n", label, text);
  };
  const auto held = [](std::size_t octets) { return octets == 0 ? "none" : fmt::format("{} octets", octets); };
  line("life cycle", fmt::format("{} ({:02X})", name(map.life_cycle), static_cast<unsigned>(map.life_cycle)));
  line("chip serial", crypto::to_hex(map.chip_serial()));
  line("CPLC", crypto::to_hex(map.cplc));
  line("keys", fmt::format("{} keys, version {:02X}, AES-{} (ENC, MAC, DEK)", name(map.keys.origin), map.keys.version,
                           8 * map.keys.octets));
  const auto password = [](const MemoryMap::Password& one) {
    return fmt::format("{}, {} failed in a row (next try held back {} ms)", one.present ? "set" : "none", one.failures,
                       one.delay.count());
  };
  line("CAN", password(map.can));
  line("MRZ password", password(map.mrz));
  line("SCP03", fmt::format("{} of {} tries failed in a row", map.scp03_failures, SecurityDomain::kMaxScp03Failures));
  line("card number", held(map.card_number_octets));
  line("issuer number", held(map.issuer_number_octets));
  for (const auto& trust : map.trust_points)
    line("trust point", fmt::format("{}, {} to {}", reference(trust), day(trust.effective), day(trust.expires)));
  if (map.trust_points.empty()) line("trust point", "none");
  line("current date", map.current_date ? day(*map.current_date) : "none");
  line("applications", fmt::format("{} {}", aid(Application::security_domain), name(Application::security_domain)));
  for (const auto application : map.applications) line("", fmt::format("{} {}", aid(application), name(application)));
}

void print_files(const MemoryMap& map) {
  std::cout << fmt::format("\n{:<16}{:<16}{:<9}{:>15}  {:<13}{}\n", "file", "in", "FID/SFI", "octets", "read", "write");
  for (const auto& file : map.files) {
    const auto& layout = file.layout;
    const auto size = file.present ? fmt::format("{}", file.octets) : "-";
    const bool records = file.present && layout.structure == layout::Structure::linear_variable;
    std::cout << fmt::format("{:<16}{:<16}{:04X}/{:02X}  {:>7}/{:<7}  {:<13}{}{}\n", layout.name,
                             name(layout.application), layout.fid, layout.sfi, size, layout.capacity, name(layout.read),
                             name(layout.write), records ? fmt::format(", {} records", file.records) : "");
  }
}

void print_memory(const MemoryMap& map) {
  const auto& usage = map.usage;
  std::cout << fmt::format(
      "\nmemory           {} objects take {} of {} octets; {} are free\n"
      "journal          {} octets written, area {}, {} transactions\n",
      map.objects, usage.live, usage.capacity, map.free_octets, usage.journal, usage.generation, usage.transactions);
  if (map.interrupted) std::cout << "                 a power cut left a command half done; power-on will undo it\n";
}

Json::Value json_of(const MemoryMap& map) {
  Json::Value out;
  const auto number = [](std::size_t value) { return Json::Value(static_cast<Json::UInt64>(value)); };
  const auto text = [](std::string_view value) { return Json::Value(std::string(value)); };
  out["lifeCycle"] = text(name(map.life_cycle));
  out["chipSerial"] = crypto::to_hex(map.chip_serial());
  out["cplc"] = crypto::to_hex(map.cplc);
  out["keys"]["origin"] = text(name(map.keys.origin));
  out["keys"]["version"] = map.keys.version;
  out["keys"]["bits"] = number(8 * map.keys.octets);
  for (const auto& [key, password] : {std::pair{"can", &map.can}, std::pair{"mrz", &map.mrz}}) {
    out["passwords"][key] = password->present;
    out["failures"][key] = number(password->failures);
    out["failures"][std::string(key) + "DelayMilliseconds"] = static_cast<Json::Int64>(password->delay.count());
  }
  out["failures"]["scp03"] = number(map.scp03_failures);
  out["failures"]["scp03Limit"] = SecurityDomain::kMaxScp03Failures;
  out["cardNumberOctets"] = number(map.card_number_octets);
  out["issuerNumberOctets"] = number(map.issuer_number_octets);
  out["trustPoints"] = Json::arrayValue;
  for (const auto& trust : map.trust_points) {
    Json::Value one;
    one["reference"] = reference(trust);
    one["effective"] = day(trust.effective);
    one["expires"] = day(trust.expires);
    out["trustPoints"].append(one);
  }
  if (map.current_date) out["currentDate"] = day(*map.current_date);
  out["applications"] = Json::arrayValue;
  for (const auto application : map.applications) out["applications"].append(aid(application));
  for (const auto& file : map.files) {
    Json::Value one;
    one["name"] = text(file.layout.name);
    one["application"] = text(name(file.layout.application));
    one["fid"] = fmt::format("{:04X}", file.layout.fid);
    one["sfi"] = fmt::format("{:02X}", file.layout.sfi);
    one["present"] = file.present;
    one["octets"] = number(file.octets);
    one["capacity"] = file.layout.capacity;
    one["read"] = text(name(file.layout.read));
    one["write"] = text(name(file.layout.write));
    if (file.layout.structure == layout::Structure::linear_variable) one["records"] = number(file.records);
    out["files"].append(one);
  }
  auto& memory = out["memory"];
  memory["objects"] = number(map.objects);
  memory["live"] = number(map.usage.live);
  memory["capacity"] = number(map.usage.capacity);
  memory["free"] = number(map.free_octets);
  memory["journal"] = number(map.usage.journal);
  memory["generation"] = map.usage.generation;
  memory["transactions"] = map.usage.transactions;
  memory["interrupted"] = map.interrupted;
  return out;
}

}  // namespace

Exit run_show(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add_options()("json", "as JSON");
  Arguments arguments(command, description, {"FILE"});
  if (const auto exit = arguments.read(words)) return *exit;
  const std::filesystem::path file = arguments.text("FILE");
  const auto map = map_memory(file);
  if (!map) return report_file(file, map.error());
  if (arguments.given("json")) {
    std::cout << json_of(*map) << '\n';
    return Exit::ok;
  }
  print_card(*map);
  print_files(*map);
  print_memory(*map);
  return Exit::ok;
}

}  // namespace host::tool
