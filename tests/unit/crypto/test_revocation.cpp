// SPDX-License-Identifier: Apache-2.0
// Revocation lists: made, read, and believed only from their CSCA.
#include <openssl/x509v3.h>

#include "crypto/certificate_chain.hpp"
#include "tests/unit/crypto/memory_key.hpp"

using namespace crypto_test;

namespace {

Result<RevocationList, CryptoError> list_of(const State& state, const std::vector<RevokedSerial>& revoked,
                                            std::uint64_t number = 7) {
  return issue_revocation_list(state.csca, state.csca_key, revoked, kDay, kDay + 90 * 24h, number);
}

// The same list as a delta list (RFC 5280, 5.2.4); the signature no longer holds.
Bytes with_delta_indicator(const RevocationList& list, bool critical) {
  const Bytes& der = list.der();
  const unsigned char* at = der.data();
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> crl(
      d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())), X509_CRL_free);
  const std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> base(ASN1_INTEGER_new(), ASN1_INTEGER_free);
  REQUIRE(ASN1_INTEGER_set(base.get(), 6) == 1);
  REQUIRE(X509_CRL_add1_ext_i2d(crl.get(), NID_delta_crl, base.get(), critical ? 1 : 0, 0) == 1);
  REQUIRE(i2d_re_X509_CRL_tbs(crl.get(), nullptr) > 0);
  Bytes out(static_cast<std::size_t>(i2d_X509_CRL(crl.get(), nullptr)));
  unsigned char* to = out.data();
  REQUIRE(i2d_X509_CRL(crl.get(), &to) == static_cast<int>(out.size()));
  return out;
}

}  // namespace

TEST_CASE("a list with a critical extension tells nothing: what it does not name may be revoked") {
  const State state;
  const auto list = list_of(state, {}).value();
  CHECK(RevocationList::parse(with_delta_indicator(list, true)).error() == CryptoError::unsupported);
  CHECK(RevocationList::parse(with_delta_indicator(list, false)));
}

TEST_CASE("a revocation list revokes what it names, and nothing else") {
  const State state;
  const auto list = list_of(state, {{state.signer.serial_hex(), kDay - 24h}}).value();
  CHECK(list.revokes(state.signer));
  CHECK_FALSE(list.revokes(state.status_signer));
  CHECK(list.issuer() == state.csca.subject());
  CHECK(list.number() == 7);
  CHECK(list.this_update() == kDay);
  CHECK(list.next_update() == kDay + 90 * 24h);
  REQUIRE(list.entries().size() == 1);
  CHECK(list.entries()[0].serial_hex == state.signer.serial_hex());
  CHECK(list.entries()[0].since == kDay - 24h);
  CHECK(RevocationList::parse(list.der())->revokes(state.signer));
}

TEST_CASE("the same serial number under another issuer is not revoked") {
  const State state;
  const MemoryKey key;
  const auto other = issue_certificate(request(CertificateRole::csca, "Other"), key.public_key(), nullptr, key).value();
  const auto list = issue_revocation_list(other, key, {{state.signer.serial_hex(), kDay}}, kDay, kDay + 24h, 1).value();
  CHECK_FALSE(list.revokes(state.signer));
}

TEST_CASE("an empty list, large numbers and serial numbers with high bits") {
  const State state;
  const auto empty = list_of(state, {}, 0xFFFFFFFFFFFFFFFF).value();
  CHECK(empty.entries().empty());
  CHECK(empty.number() == 0xFFFFFFFFFFFFFFFF);
  const auto high = list_of(state, {{"80FFFFFFFFFFFFFFFF", kDay}, {"01", kDay}}).value();
  REQUIRE(high.entries().size() == 2);
  CHECK(list_of(state, {{"not hex", kDay}}).error() == CryptoError::bad_encoding);
}

TEST_CASE("a list is believed only from a CSCA of its issuer's name") {
  const State state, twin;
  const auto list = list_of(state, {{state.signer.serial_hex(), kDay}}).value();
  const std::vector both{twin.csca, state.csca};
  CHECK(revocation_list_signer(list, both)->fingerprint() == state.csca.fingerprint());
  const std::vector wrong{twin.csca};
  CHECK(revocation_list_signer(list, wrong).error() == ChainFault::bad_signature);
  CHECK(revocation_list_signer(list, {}).error() == ChainFault::unknown_issuer);
  CHECK_FALSE(list.verify_signed_by(state.signer));
  CHECK(issue_revocation_list(state.signer, state.signer_key, {}, kDay, kDay + 24h, 1).error() ==
        CryptoError::bad_state);
  CHECK(issue_revocation_list(state.csca, state.csca_key, {}, kDay, kDay, 1).error() == CryptoError::bad_state);
  CHECK(issue_revocation_list(state.csca, twin.csca_key, {}, kDay, kDay + 24h, 1).error() ==
        CryptoError::bad_signature);
}

TEST_CASE("no flipped bit of a revocation list goes unnoticed") {
  const State state;
  const auto list = list_of(state, {{state.signer.serial_hex(), kDay}}).value();
  CHECK_FALSE(RevocationList::parse(ByteView(list.der()).first(list.der().size() - 1)));
  Bytes longer = list.der();
  longer.push_back(0);
  CHECK_FALSE(RevocationList::parse(longer));
  for (std::size_t at = 0; at < list.der().size(); ++at) {
    Bytes bad = list.der();
    bad[at] = static_cast<Byte>(bad[at] ^ (1U << (at % 8)));
    const auto parsed = RevocationList::parse(bad);
    if (parsed && parsed->verify_signed_by(state.csca)) FAIL("octet " << at << " does not count");
  }
}
