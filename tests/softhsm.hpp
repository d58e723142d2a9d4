// SPDX-License-Identifier: Apache-2.0
// Owns an HSM for tests: SoftHSM2 with tokens in a folder of this process, gone when it ends.
#pragma once

#include <stdlib.h>

#include <fstream>
#include <string>

#include "crypto/pkcs11_key_vault.hpp"
#include "tests/temporary_folder.hpp"

class SoftHsm {
public:
  static constexpr const char* kModule = "/usr/lib/softhsm/libsofthsm2.so";
  static constexpr std::string_view kPin = "47110815", kOfficerPin = "08154711";

  // SoftHSM reads its settings once a start, so there is one for the process.
  static SoftHsm& of_process() {
    static SoftHsm hsm;
    return hsm;
  }
  SoftHsm(const SoftHsm&) = delete;
  SoftHsm& operator=(const SoftHsm&) = delete;

  // A new token; its label is empty when there is no softhsm2-util.
  crypto::Pkcs11Token new_token() {
    std::string label = "token " + std::to_string(++tokens_);
    return {kModule, add_token(label) ? label : ""};
  }
  [[nodiscard]] bool add_token(const std::string& label) const {
    const std::string command = "softhsm2-util --init-token --free --label '" + label + "' --pin " + std::string(kPin) +
                                " --so-pin " + std::string(kOfficerPin) + " >/dev/null";
    return ::system(command.c_str()) == 0;
  }
  static crypto::Passphrase pin() { return crypto::Passphrase(kPin); }

private:
  SoftHsm() {
    std::filesystem::create_directory(folder_ / "tokens");
    const auto settings = folder_ / "softhsm2.conf";
    std::ofstream(settings) << "directories.tokendir = " << (folder_ / "tokens").string()
                            << "\nobjectstore.backend = file\nlog.level = ERROR\n";
    ::setenv("SOFTHSM2_CONF", settings.c_str(), 1);
  }
  TemporaryFolder folder_;
  int tokens_ = 0;
};
