// SPDX-License-Identifier: Apache-2.0
// verify_chain CVCA DV TERMINAL: accepts the files as a chain on the terminal's first day, and prints its last holder.
#include <iostream>

#include "crypto/cv_certificate.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/openssl_engine.hpp"

using namespace crypto;

int main(int argc, char** argv) {
  OpensslEngine engine;
  std::optional<CvHolder> issuer;
  for (int i = 1; i < argc; ++i) {
    const auto octets = read_file(argv[i], kMaxCvCertificate);
    const auto certificate = octets ? parse_cv_certificate(*octets) : unexpected(octets.error());
    const auto holder = !certificate ? unexpected(certificate.error())
                        : issuer     ? accept(engine, *issuer, *certificate, certificate->effective)
                                     : cv_trust_point(engine, *certificate);
    if (!holder) {
      std::cerr << argv[i] << ": error " << static_cast<int>(holder.error()) << '\n';
      return 1;
    }
    issuer = *holder;
  }
  if (!issuer) return 64;
  const ByteView name = issuer->reference;
  std::cout << std::string(name.begin(), name.end()) << (issuer->rights.read_fingerprints ? " DG3" : "") << '\n';
  return 0;
}
