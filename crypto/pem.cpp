// SPDX-License-Identifier: Apache-2.0
#include "crypto/pem.hpp"

#include <openssl/pem.h>

#include "crypto/openssl_handle.hpp"

namespace crypto {

Result<Bytes, CryptoError> der_of(ByteView pem_or_der) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  const std::string_view text(reinterpret_cast<const char*>(pem_or_der.data()), pem_or_der.size());
  if (text.find(kBegin) == std::string_view::npos || text.starts_with('\x30'))
    return Bytes(pem_or_der.begin(), pem_or_der.end());
  const openssl::BioHandle in(BIO_new_mem_buf(pem_or_der.data(), static_cast<int>(pem_or_der.size())));
  char *name = nullptr, *header = nullptr;
  unsigned char* octets = nullptr;
  long size = 0;
  if (!in || PEM_read_bio(in.get(), &name, &header, &octets, &size) != 1)
    return openssl::failure(CryptoError::bad_encoding);
  Bytes der(octets, octets + size);
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(octets);
  return der;
}

}  // namespace crypto
