// SPDX-License-Identifier: Apache-2.0
#include "crypto/pkcs11_module.hpp"

#include <dlfcn.h>

#include <map>
#include <mutex>

namespace crypto::pkcs11 {

Result<std::shared_ptr<const Module>, CryptoError> Module::load(const std::filesystem::path& path) {
  static std::mutex mutex;
  static std::map<std::filesystem::path, std::weak_ptr<const Module>> loaded;
  const std::lock_guard lock(mutex);
  if (auto known = loaded[path].lock()) return known;
  // A whole path, so that no search path of the environment chooses whose code gets the PIN.
  void* const library = path.is_absolute() ? ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL) : nullptr;
  const auto list =
      reinterpret_cast<CK_C_GetFunctionList>(library == nullptr ? nullptr : ::dlsym(library, "C_GetFunctionList"));
  CK_FUNCTION_LIST* functions = nullptr;
  if (list == nullptr || list(&functions) != CKR_OK || functions == nullptr)
    return unexpected(CryptoError::unavailable);
  CK_C_INITIALIZE_ARGS threads{};
  threads.flags = CKF_OS_LOCKING_OK;
  const CK_RV started = functions->C_Initialize(&threads);
  if (started != CKR_OK && started != CKR_CRYPTOKI_ALREADY_INITIALIZED) return unexpected(CryptoError::unavailable);
  const std::shared_ptr<const Module> module(new Module(functions, started == CKR_OK));
  loaded[path] = module;
  return module;
}

Module::~Module() {
  if (started_here_) functions_->C_Finalize(nullptr);
}

CryptoError error_of(CK_RV value) {
  switch (value) {
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
    case CKR_PIN_EXPIRED:
    case CKR_PIN_LOCKED:
    case CKR_USER_PIN_NOT_INITIALIZED: return CryptoError::locked;
    case CKR_SESSION_HANDLE_INVALID:
    case CKR_SESSION_CLOSED:
    case CKR_SESSION_COUNT:
    case CKR_USER_NOT_LOGGED_IN:
    case CKR_KEY_HANDLE_INVALID:  // handles end with the last session
    case CKR_OBJECT_HANDLE_INVALID:
    case CKR_DEVICE_REMOVED:
    case CKR_DEVICE_ERROR:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_TOKEN_NOT_RECOGNIZED:
    case CKR_SLOT_ID_INVALID:
    case CKR_CRYPTOKI_NOT_INITIALIZED: return CryptoError::unavailable;
    case CKR_MECHANISM_INVALID:
    case CKR_CURVE_NOT_SUPPORTED:
    case CKR_DOMAIN_PARAMS_INVALID:
    case CKR_KEY_SIZE_RANGE: return CryptoError::unsupported;
    case CKR_DEVICE_MEMORY:
    case CKR_TOKEN_WRITE_PROTECTED: return CryptoError::storage;
    default: return CryptoError::engine_failure;
  }
}

}  // namespace crypto::pkcs11
