// SPDX-License-Identifier: Apache-2.0
#include "crypto/tool/station_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include "crypto/tool/command_line.hpp"

namespace crypto::tool {
namespace {

constexpr std::array<std::string_view, 18> kKeys{
    "aggregation-uri", "apdu-limit", "domain",  "feed",    "journal",  "lang",
    "ledger",          "list-uri",   "log",     "metrics", "operator", "passphrase-source",
    "profile",         "readers",    "regions", "station", "tries",    "wait"};
constexpr std::string_view kMany = "readers";  // may stand more than once
// Whoever backs the file up, or asks for help with it, would hand these on.
constexpr std::array<std::string_view, 6> kSecrets{"can", "key", "mrz", "passphrase", "password", "pin"};
constexpr std::size_t kMaxOctets = 65'536;

class Descriptor {
public:
  explicit Descriptor(const std::filesystem::path& file)
      : number_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(number_); }
  [[nodiscard]] int number() const { return number_; }

private:
  int number_;
};

std::string read_guarded(const std::filesystem::path& file) {
  const Descriptor opened(file);
  struct stat facts {};
  if (opened.number() < 0 || ::fstat(opened.number(), &facts) != 0 || !S_ISREG(facts.st_mode))
    throw Stop(Exit::bad_input, fmt::format("the configuration file {} cannot be read", file.string()));
  if ((facts.st_uid != 0 && facts.st_uid != ::geteuid()) || (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    throw Stop(Exit::no_permission,
               fmt::format("{0} can be changed by others than root and you, and is not followed: chown root {0}; "
                           "chmod go-w {0}",
                           file.string()));
  std::string text(kMaxOctets + 1, '\0');
  const auto got = ::read(opened.number(), text.data(), text.size());
  if (got < 0 || static_cast<std::size_t>(got) > kMaxOctets)
    throw Stop(Exit::bad_input, fmt::format("{} cannot be read, or is larger than 64 KiB", file.string()));
  text.resize(static_cast<std::size_t>(got));
  return text;
}

// What one line sets: by Boost's own parser, line by line, so that a fault has a number.
std::vector<options::option> parse_line(const std::string& line) {
  std::istringstream in(line);
  return options::parse_config_file(in, options::options_description(), true).options;
}

std::string fault_of(const options::option& option) {
  if (std::ranges::find(kSecrets, option.string_key) != kSecrets.end())
    return fmt::format("{} does not belong into this file; passphrase-source says where a secret is",
                       option.string_key);
  if (std::ranges::find(kKeys, option.string_key) == kKeys.end())
    return fmt::format("there is no key {}; docs/operations.md has them all", option.string_key);
  return option.value.empty() || option.value.front().empty() ? option.string_key + " has no value" : "";
}

}  // namespace

std::span<const std::string_view> station_keys() { return kKeys; }

bool takes_station_keys(const options::options_description& known) {
  return std::ranges::any_of(kKeys, [&](std::string_view key) { return known.find_nothrow(std::string(key), false); });
}

void store_station_file(const std::filesystem::path& file, const options::options_description& known,
                        options::variables_map& values) {
  std::map<std::string, std::size_t> lines;
  const auto refuse = [&](std::size_t line, std::string_view why) {
    throw Stop(Exit::bad_input, fmt::format("{}:{}: {}", file.string(), line, why));
  };
  options::parsed_options found(&known);
  std::istringstream text(read_guarded(file));
  std::size_t number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    // What the parser would say repeats the line, which may be a secret.
    if (line.find_first_not_of(" \t") != std::string::npos && line[line.find_first_not_of(" \t")] == '[')
      refuse(number, "there are no sections");
    try {
      for (auto& option : parse_line(line)) {
        if (const auto fault = fault_of(option); !fault.empty()) refuse(number, fault);
        const auto [first, fresh] = lines.emplace(option.string_key, number);
        if (!fresh && option.string_key != kMany)
          refuse(number, fmt::format("{} stands in line {} already", option.string_key, first->second));
        option.unregistered = false;
        if (known.find_nothrow(option.string_key, false) != nullptr) found.options.push_back(std::move(option));
      }
    } catch (const options::error&) {
      refuse(number, "a line is KEY = VALUE, or # and a remark");
    }
  }
  try {
    options::store(found, values);
  } catch (const options::error_with_option_name& fault) {
    auto name = fault.get_option_name();
    name.erase(0, name.find_first_not_of('-'));
    refuse(lines[name], fault.what());
  }
}

}  // namespace crypto::tool
