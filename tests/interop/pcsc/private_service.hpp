// SPDX-License-Identifier: Apache-2.0
// Owns a PC/SC service for the time of one test: samples/private-pcscd.sh in a folder of its own.
#pragma once

#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace interop {

class PrivateService {
public:
  PrivateService() : folder_(std::filesystem::temp_directory_path() / ("pcsc-test-" + std::to_string(::getpid()))) {
    ::setenv("PCSCLITE_CSOCK_NAME", (folder_ / "pcscd.comm").c_str(), 1);
  }
  ~PrivateService() {  // what stop() asserts must not be thrown here
    static_cast<void>(run("stop"));
    std::error_code none;
    std::filesystem::remove_all(folder_, none);
  }
  PrivateService(const PrivateService&) = delete;
  PrivateService& operator=(const PrivateService&) = delete;

  void start() {
    const auto [status, output] = run("start");
    if (status == 75) std::_Exit(75);  // the script has said why; ctest calls it skipped
    REQUIRE(status == 0);
    const auto at = output.find("VPCD_PORT=");
    REQUIRE(at != std::string::npos);
    port_ = static_cast<std::uint16_t>(std::stoul(output.substr(at + 10)));
  }
  void stop() const { CHECK(run("stop").first == 0); }
  [[nodiscard]] std::uint16_t port(int slot) const { return static_cast<std::uint16_t>(port_ + slot); }

private:
  [[nodiscard]] std::pair<int, std::string> run(const char* what) const {
    const std::string command =
        std::string(TESTS_DIR "/../samples/private-pcscd.sh ") + what + " '" + folder_.string() + "'";
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return {-1, {}};
    std::string output;
    std::array<char, 256> line{};
    while (std::fgets(line.data(), line.size(), pipe) != nullptr) output += line.data();
    return {WEXITSTATUS(::pclose(pipe)), output};
  }

  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
};

}  // namespace interop
