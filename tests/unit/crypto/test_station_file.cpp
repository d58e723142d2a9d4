// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "crypto/tool/command_line.hpp"
#include "crypto/tool/station_file.hpp"

using namespace crypto::tool;
namespace fs = std::filesystem;

namespace {

class StationFile {
public:
  explicit StationFile(std::string_view text, mode_t mode = 0644)
      : path_(fs::temp_directory_path() /
              ("station-" + std::to_string(::getpid()) + "-" + std::to_string(++count_) + ".conf")) {
    std::ofstream(path_) << text;
    ::chmod(path_.c_str(), mode);
  }
  StationFile(const StationFile&) = delete;
  StationFile& operator=(const StationFile&) = delete;
  ~StationFile() { fs::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

private:
  static inline int count_ = 0;
  fs::path path_;
};

options::options_description some_options() {
  options::options_description description;
  description.add_options()("domain", options::value<std::string>())("wait",
                                                                     options::value<unsigned>()->default_value(60))(
      "operator", options::value<std::string>()->default_value(""))("readers", options::value<Words>())("json", "");
  return description;
}

options::variables_map read(const StationFile& file, const Words& words = {}) {
  const auto known = some_options();
  options::variables_map values;
  options::store(options::command_line_parser(words).options(known).run(), values);
  store_station_file(file.path(), known, values);
  return values;
}

// The sentence with which the file is refused, behind its name.
std::string refusal(std::string_view text, mode_t mode = 0644, Exit exit = Exit::bad_input) {
  const StationFile file(text, mode);
  try {
    read(file);
  } catch (const Stop& stop) {
    CHECK(stop.exit() == exit);
    const std::string sentence = stop.what();
    return sentence.starts_with(file.path()) ? sentence.substr(file.path().size()) : sentence;
  }
  return "taken";
}

}  // namespace

TEST_CASE("a station's file gives what the command line leaves open") {
  const StationFile file("# our station\n\ndomain = /srv/trust\n  wait=5 # seconds\noperator = Иванова А. П.\n");
  auto values = read(file);
  CHECK(values["domain"].as<std::string>() == "/srv/trust");
  CHECK(values["wait"].as<unsigned>() == 5);
  CHECK(values["operator"].as<std::string>() == "Иванова А. П.");

  CHECK(read(StationFile("readers = serial:1\nreaders = serial:2\n"))["readers"].as<Words>() ==
        Words{"serial:1", "serial:2"});

  values = read(file, {"--domain", "/other", "--wait", "7"});
  CHECK(values["domain"].as<std::string>() == "/other");
  CHECK(values["wait"].as<unsigned>() == 7);
}

TEST_CASE("a key of another command is passed over, and defaults stay") {
  auto values = read(StationFile("ledger = /srv/ledger.db\n"));
  CHECK(values.count("ledger") == 0);
  CHECK(values["wait"].as<unsigned>() == 60);
}

TEST_CASE("a fault in a station's file is told with its line") {
  CHECK(refusal("domain = a\n\ndomian = b\n").starts_with(":3: there is no key domian"));
  CHECK(refusal("domain = a\nwait = 5\ndomain = b\n") == ":3: domain stands in line 1 already");
  CHECK(refusal("domain =\n") == ":1: domain has no value");
  CHECK(refusal("# x\nwait = soon\n").starts_with(":2: "));
  CHECK(refusal("[batch]\n") == ":1: there are no sections");
  CHECK(refusal("\nhunter2\n") == ":2: a line is KEY = VALUE, or # and a remark");
  CHECK(refusal("json = 1\n").starts_with(":1: there is no key json"));
  CHECK(refusal(std::string(70'000, '#')).find("64 KiB") != std::string::npos);
}

TEST_CASE("a secret in a station's file is refused, and not repeated") {
  for (const std::string key : {"pin", "passphrase", "password", "can", "mrz"}) {
    const auto sentence = refusal(key + " = hunter2\n");
    CHECK(sentence.find("does not belong") != std::string::npos);
    CHECK(sentence.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a station's file that others can change is not followed") {
  CHECK(refusal("domain = a\n", 0664, Exit::no_permission).find("chmod go-w") != std::string::npos);
  CHECK(refusal("domain = a\n", 0646, Exit::no_permission).find("chmod go-w") != std::string::npos);
  options::variables_map values;
  CHECK_THROWS_AS(store_station_file("/dev/null", some_options(), values), Stop);
  CHECK_THROWS_AS(store_station_file("/no/such/file", some_options(), values), Stop);
}

TEST_CASE("the reference of the station's file has exactly the keys that are accepted") {
  std::ifstream in(std::string(TESTS_DIR) + "/../docs/operations.md");
  REQUIRE(in);
  std::set<std::string, std::less<>> documented;
  bool inside = false;
  static const std::regex row(R"(\| `([a-z-]+)` \|.*)");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) inside = line == "## The configuration file";
    std::smatch match;
    if (inside && std::regex_match(line, match, row)) CHECK(documented.insert(match[1]).second);
  }
  const auto keys = station_keys();
  CHECK(documented == std::set<std::string, std::less<>>(keys.begin(), keys.end()));
}
