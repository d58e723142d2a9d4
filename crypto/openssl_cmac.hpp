// SPDX-License-Identifier: Apache-2.0
// Owns the making of OpenSSL's CMAC contexts.
#pragma once

#include <openssl/core_names.h>

#include <array>

#include "crypto/openssl_handle.hpp"

namespace crypto::openssl {

using MacHandle = Handle<EVP_MAC, EVP_MAC_free>;
using MacContextHandle = Handle<EVP_MAC_CTX, EVP_MAC_CTX_free>;

// Without a key yet; null when OpenSSL was built without it. `cipher`: "AES-256-CBC", ...
inline MacContextHandle make_cmac(const char* cipher) {
  const MacHandle cmac(EVP_MAC_fetch(nullptr, "CMAC", nullptr));
  MacContextHandle context(cmac ? EVP_MAC_CTX_new(cmac.get()) : nullptr);
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, const_cast<char*>(cipher), 0),
      OSSL_PARAM_construct_end(),
  };
  if (context && EVP_MAC_CTX_set_params(context.get(), parameters.data()) != 1) context.reset();
  return context;
}

}  // namespace crypto::openssl
