// SPDX-License-Identifier: Apache-2.0
// Owns the fuzz target for CV certificates and requests: whatever the octets are, what is read gives the same octets
// again; without its issuer's key nobody makes a certificate that is accepted; with it nobody gets more than the
// issuer.
#include "crypto/cv_certificate.hpp"
#include "crypto/signature.hpp"
#include "crypto/tlv.hpp"
#include "tests/fuzz/cv_tree.hpp"

using namespace crypto;
using namespace fuzz;

namespace {

bool ends_with(ByteView octets, ByteView tail) {
  return octets.size() >= tail.size() && std::ranges::equal(octets.last(tail.size()), tail);
}

bool genuine(ByteView body) {
  const auto& tree = cv_tree();
  return std::ranges::any_of(
      std::array{&tree.cvca, &tree.link, &tree.verifier, &tree.terminal},
      [&](const Bytes* made) { return std::ranges::equal(parse_cv_certificate(*made)->body, body); });
}

bool no_more_than(const CvRights& has, const CvRights& limit) { return (has & limit) == has; }

// TR-03110-3, 2.5.
void check_step(const CvHolder& issuer, const CvCertificate& certificate, const CvHolder& holder) {
  const bool link = holder.role == CvRole::cvca;
  require(certificate.kind == CvTemplate::inspection && issuer.role != CvRole::terminal);
  require((issuer.role == CvRole::cvca) == (holder.role != CvRole::terminal));
  require(link || (no_more_than(holder.rights, issuer.rights) && certificate.expires >= kToday));
  require(std::ranges::equal(certificate.authority, issuer.reference.view()));
  require(std::ranges::equal(certificate.holder, holder.reference.view()));
  require(link || holder.key.curve == issuer.key.curve);
}

void read_certificate(ByteView octets) {
  const auto certificate = parse_cv_certificate(octets);
  if (!certificate) return;
  // The outermost length alone is under no signature, and may be in more octets than it needs.
  require(ends_with(octets, inside_of(certificate->body, certificate->signature)));
  require(certificate->effective <= certificate->expires);
  (void)cv_trust_point(engine(), *certificate);
  if (accept(engine(), cv_anchor(), *certificate, kToday)) require(genuine(certificate->body));
}

// One certificate after the other, each signed by whom it names, as far as that key is ours.
void walk_chain(ByteView octets) {
  CvHolder issuer = cv_anchor();
  TlvReader chain(octets, TlvForm::ber);
  while (!chain.at_end()) {
    const auto one = chain.next();
    const auto certificate = one ? parse_cv_certificate(one->whole) : unexpected(CryptoError::bad_encoding);
    if (!certificate) return;
    const Bytes made = signed_again(*certificate, issuer);
    if (made.empty()) return;
    const auto holder = accept(engine(), issuer, *parse_cv_certificate(made), kToday);
    if (!holder) return;
    check_step(issuer, *certificate, *holder);
    issuer = *holder;
  }
}

void read_request(ByteView octets) {
  const auto request = parse_cv_request(octets);
  if (!request) return;
  const auto own = verify_own(engine(), *request);
  require(!own || request->key.domain.has_value());
  const bool outer = verify_outer(engine(), *request, cv_anchor().key).has_value();
  require(!outer || request->outer.has_value());
  const auto cut = parse_cv_request(octets.first(octets.size() - 1));
  require(!cut.has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  read_certificate(input);
  walk_chain(input);
  read_request(input);
  return 0;
}
