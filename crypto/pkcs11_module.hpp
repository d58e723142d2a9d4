// SPDX-License-Identifier: Apache-2.0
// Owns a PKCS#11 module: its loading, its start and end, and what its return values mean here.
#pragma once

#include <p11-kit/pkcs11.h>

#include <filesystem>
#include <memory>

#include "crypto/engine.hpp"

namespace crypto::pkcs11 {

class Module {
public:
  // Started once in a process, however many hold it; ended with the last of them. unavailable when it does not load.
  static Result<std::shared_ptr<const Module>, CryptoError> load(const std::filesystem::path& path);
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  ~Module();

  [[nodiscard]] const CK_FUNCTION_LIST* operator->() const { return functions_; }

private:
  Module(CK_FUNCTION_LIST* functions, bool started_here) : functions_(functions), started_here_(started_here) {}
  CK_FUNCTION_LIST* functions_;  // the library stays loaded: its threads and exit handlers may outlive us
  bool started_here_;
};

// unavailable: module, token, session or login are away, and a new session may help.
[[nodiscard]] CryptoError error_of(CK_RV value);
[[nodiscard]] inline Result<void, CryptoError> outcome(CK_RV value) {
  if (value != CKR_OK) return unexpected(error_of(value));
  return {};
}

}  // namespace crypto::pkcs11
