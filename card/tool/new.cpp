// SPDX-License-Identifier: Apache-2.0
// patent-card new: blanks, each with transport keys of its own under the domain's transport master key.
#include <fmt/format.h>
#include <json/json.h>

#include <iostream>

#include "card/host/embedded_card.hpp"
#include "card/host/factory.hpp"
#include "card/tool/command.hpp"
#include "crypto/key_diversification.hpp"
#include "crypto/openssl_engine.hpp"

namespace host::tool {
namespace {

constexpr unsigned kMaxCount = 10000;
constexpr crypto::Byte kTransportKeyVersion = 0x01;

using Serial = std::array<crypto::Byte, kChipSerialOctets>;

options::options_description new_options() {
  options::options_description description("Options");
  const auto text = [](const char* name) { return options::value<std::string>()->value_name(name); };
  description.add_options()("domain", text("DIR"), "the trust domain whose transport key opens the blanks")(
      "folder", text("DIR"), "make the blanks here, each named by its serial: SERIAL.card")(
      "count", options::value<unsigned>()->default_value(1)->value_name("N"), "how many blanks (with --folder)")(
      "serial", text("HEX"), "the chip serial, 8 octets (one blank only; default: random)")(
      "key-length", options::value<unsigned>()->default_value(256)->value_name("BITS"), "128, 192 or 256")(
      "json", "list the blanks as JSON");
  return description.add(passphrase_option());
}

std::optional<crypto::AesKey> key_length(unsigned bits) {
  for (const auto key : {crypto::AesKey::aes128, crypto::AesKey::aes192, crypto::AesKey::aes256})
    if (8 * crypto::octets(key) == bits) return key;
  return std::nullopt;
}

struct Plan {
  std::vector<std::filesystem::path> files;  // one, or none with a folder
  std::filesystem::path folder;
  unsigned count = 1;
  std::optional<Serial> serial;
  crypto::AesKey key = crypto::AesKey::aes256;
};

// What is wrong with the arguments; empty when nothing is.
std::string plan_from(const Arguments& arguments, Plan& plan) {
  if (!arguments.given("domain")) return "--domain is missing";
  for (const auto& file : arguments.texts("FILE")) plan.files.emplace_back(file);
  plan.folder = arguments.text("folder");
  plan.count = arguments.number("count");
  if (plan.folder.empty() ? plan.files.size() != 1 || plan.count != 1 : !plan.files.empty())
    return "name one FILE, or a --folder for --count blanks";
  if (plan.count == 0 || plan.count > kMaxCount) return fmt::format("--count wants 1 to {}", kMaxCount);
  const auto key = key_length(arguments.number("key-length"));
  if (!key) return "--key-length wants 128, 192 or 256";
  plan.key = *key;
  if (!arguments.given("serial")) return {};
  const auto serial = crypto::from_hex(arguments.text("serial"));
  if (!serial || serial->size() != kChipSerialOctets || plan.count != 1)
    return "--serial wants 16 hexadecimal digits, and one blank";
  std::ranges::copy(*serial, plan.serial.emplace().begin());
  return {};
}

crypto::Result<Blank, crypto::CryptoError> blank_for(const crypto::MasterKey& master, const Serial& serial,
                                                     crypto::AesKey length) {
  std::array<crypto::Byte, 2 + kChipSerialOctets> diversification{};  // 00 00 || chip serial
  std::ranges::copy(serial, diversification.begin() + 2);
  PATENT_TRY(const auto keys, crypto::diversify(master, kTransportKeyVersion, diversification, length));
  const auto octets = [](const crypto::Secret& key) { return crypto::Bytes(key.view().begin(), key.view().end()); };
  return Blank{serial, kTransportKeyVersion, octets(keys.enc), octets(keys.mac), octets(keys.dek)};
}

void tell(bool json, const std::filesystem::path& file, const Serial& serial, Json::Value& list) {
  if (!json) {
    std::cout << fmt::format("{}  chip serial {}\n", file.string(), crypto::to_hex(serial));
    return;
  }
  Json::Value one;
  one["file"] = file.string();
  one["chipSerial"] = crypto::to_hex(serial);
  list.append(one);
}

Exit make_blanks(const Plan& plan, const crypto::MasterKey& master, bool json) {
  crypto::OpensslEngine engine;
  Json::Value list(Json::arrayValue);
  for (unsigned i = 0; i < plan.count; ++i) {
    Serial serial = plan.serial.value_or(Serial{});
    if (!plan.serial && !engine.random(serial)) return Exit::internal;
    const auto file = plan.folder.empty() ? plan.files.front() : plan.folder / (crypto::to_hex(serial) + ".card");
    const auto blank = blank_for(master, serial, plan.key);
    if (!blank) return report({blank.error(), "the transport key"});
    if (auto made = make_blank(file, *blank); !made) return report_file(file, made.error());
    tell(json, file, serial, list);
  }
  if (json) std::cout << list << '\n';
  return Exit::ok;
}

}  // namespace

Exit run_new(const Command& command, const Words& words) {
  Arguments arguments(command, new_options(), {"[FILE...]"});
  if (const auto exit = arguments.read(words)) return *exit;
  Plan plan;
  if (const std::string fault = plan_from(arguments, plan); !fault.empty()) return report_usage(command, fault);
  const auto domain = open_domain(arguments, arguments.text("domain"));
  if (!domain) return domain.error();
  const auto master = domain->vault().master_key(crypto::kScp03TransportKey);
  if (!master) return report({master.error(), crypto::kScp03TransportKey});
  std::error_code failed;
  if (!plan.folder.empty()) std::filesystem::create_directories(plan.folder, failed);
  if (failed) return report_file(plan.folder, CardFileError::storage);
  return make_blanks(plan, **master, arguments.given("json"));
}

}  // namespace host::tool
